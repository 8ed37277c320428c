package imports

import (
	"context"
	"fmt"
	"slices"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/stock"
)

// stockPlan is what a file of stock would change.
type stockPlan struct {
	*report
	locationID int64
	places     map[string]int64 // by the folded names of the locations the actor sees
	levels     map[spot]*stocked
	order      []*stocked
	counted    map[string]*row
}

// spot is where stock lies.
type spot struct{ variantID, locationID int64 }

// stocked is one level with the rows that change it, as it is and as it will be.
type stocked struct {
	spot
	name            string
	onHand, held    int64 // held is promised or set aside
	tracked, inLots bool
	moves           []stockMove
}

// stockMove is what one row does to a level.
type stockMove struct {
	row  *row
	line stock.AdjustLine
}

// drawStock works out what a file of stock would change. What was imported before, from the same file, is left out: a change
// would count twice, and a count would undo the sales since.
func drawStock(ctx context.Context, d *db.DB, s *sheet, locationID int64) (drawn, error) {
	p := &stockPlan{report: &report{sheet: s}, locationID: locationID, places: map[string]int64{}, levels: map[spot]*stocked{}, counted: map[string]*row{}}
	locations, err := stock.Locations(ctx, d)
	if err != nil {
		return nil, err
	}
	for _, l := range locations.Items {
		p.places[folded(l.Name)] = l.ID
	}
	for _, n := range s.Lines {
		p.rows = append(p.rows, &row{number: n.Number, line: n, name: p.cell(n, fName)})
	}
	var before int64
	if err := db.Read(ctx, d, func(tx *db.Tx) (err error) {
		before, err = s.before(tx, Stock)
		return err
	}); err != nil {
		return nil, err
	}
	for rows := range slices.Chunk(p.rows, planSlice) {
		err := db.Read(ctx, d, func(tx *db.Tx) error {
			for _, r := range rows {
				if before != 0 {
					p.skip(r, "imported_before", "This file was imported before, as number %d.", before)
				} else if err := p.compare(tx, r); err != nil {
					return fmt.Errorf("plan row %d: %w", r.number, err)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

// sum writes what a preview says into an import.
func (p *stockPlan) sum(m *Import) error { return p.report.sum(m, nil) }

// compare works out what one row does to the level it means.
func (p *stockPlan) compare(tx *db.Tx, r *row) error {
	p.shape(r)
	if r.outcome != "" {
		return nil
	}
	l, err := p.level(tx, r)
	if err != nil || l == nil {
		return err
	}
	move := stockMove{r, stock.AdjustLine{VariantID: l.variantID, UnitCost: p.unitCost(r), Lot: p.cell(r.line, fLot)}}
	if v := p.cell(r.line, fExpires); v != "" {
		if move.line.ExpiresOn, err = db.ParseDate(v); err != nil {
			p.fail(r, fExpires, "bad_date", "%q is no date such as 2026-12-31. Correct it.", v).With("value", v)
		}
	}
	named := move.line.Lot != "" || move.line.ExpiresOn != ""
	if named && !l.inLots {
		p.fail(r, fLot, "lots_not_tracked", "Lots of %s are not tracked. Switch that on in the product first.", l.name)
	}
	delta, ok := p.delta(r, l, &move.line, named)
	if !ok || r.outcome != "" {
		return nil
	}
	switch after := l.onHand + delta; {
	case after < 0:
		p.fail(r, fChange, "below_zero", "The file takes %d away, but only %d are there. Count them here.", -delta, l.onHand).With("onHand", l.onHand)
	case delta < 0 && after < l.held:
		p.fail(r, p.said(r), "would_short", "The file takes %d away, but only %d are not reserved by orders. Fulfil or cancel those first.", -delta, l.onHand-l.held).
			With("available", l.onHand-l.held)
	case delta == 0 && !named:
		r.outcome = outcomeUnchanged
	default:
		r.outcome, r.change = outcomeUpdate, &delta
		if len(l.moves) == 0 {
			p.order = append(p.order, l)
		}
		l.onHand, l.moves = after, append(l.moves, move)
	}
	return nil
}

// said is the field that says how much.
func (p *stockPlan) said(r *row) string {
	if p.cell(r.line, fCounted) != "" {
		return fCounted
	}
	return fChange
}

// delta is by how much a row changes a level, as far as that is known before it is done: of a lot that is counted it is not.
func (p *stockPlan) delta(r *row, l *stocked, line *stock.AdjustLine, named bool) (delta int64, ok bool) {
	counted, change := p.cell(r.line, fCounted), p.cell(r.line, fChange)
	switch {
	case counted == "" && change == "":
		p.skip(r, "no_number", "This row has no number.")
		return 0, false
	case counted != "" && change != "":
		p.fail(r, fChange, "delta_or_counted", "Say either by how much it changes or what was counted.")
		return 0, false
	case change != "":
		n, err := signed(change, p.Dialect.Decimal)
		if err != nil {
			p.blame(r, fChange, err)
			return 0, false
		}
		if line.Delta = &n; n == 0 {
			r.outcome = outcomeUnchanged
		}
		return n, true
	}
	n, err := quantity(counted, p.Dialect.Decimal)
	if err != nil {
		p.blame(r, fCounted, err)
		return 0, false
	}
	key := fmt.Sprint(l.spot, folded(line.Lot), line.ExpiresOn)
	if other := p.counted[key]; other != nil {
		p.fail(r, fCounted, "counted_twice", "%s was counted in row %d already. Add the two up.", l.name, other.number).With("rows", []int{other.number, r.number})
		return 0, false
	}
	p.counted[key], line.Counted = r, &n
	if named {
		return 0, true
	}
	return n - l.onHand, true
}

// level is what a row means, nil where it means nothing.
func (p *stockPlan) level(tx *db.Tx, r *row) (*stocked, error) {
	at := p.locationID
	if name := p.cell(r.line, fLocation); name != "" {
		if at = p.places[folded(name)]; at == 0 {
			p.fail(r, fLocation, "unknown_location", "There is no location %s that you may see. Correct its name.", name).With("value", name)
			return nil, nil
		}
	}
	ref, err := p.variant(tx, r)
	if err != nil || r.outcome != "" {
		return nil, err
	}
	where := spot{ref.VariantID, at}
	if known := p.levels[where]; known != nil {
		return known, nil
	}
	product, err := catalog.ProductIn(tx, ref.ProductID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(product.Variants, func(v catalog.Variant) bool { return v.ID == ref.VariantID })
	if i < 0 || ref.Archived || product.Archived {
		p.skip(r, "archived", "%s is archived here. Restore it to import it.", product.Name)
		return nil, nil
	}
	v := product.Variants[i]
	l := &stocked{spot: where, name: v.Name, tracked: v.Tracked, inLots: v.TracksLots}
	if r.name, r.sku = l.name, v.SKU; !l.tracked {
		p.fail(r, fSKU, "not_tracked", "The stock of %s is not tracked. Switch tracking on first.", l.name)
		return nil, nil
	}
	now, err := stock.LevelIn(tx, ref.VariantID, at)
	if err != nil && db.CodeOf(err) != "not_found" {
		return nil, err
	}
	if err == nil {
		l.onHand, l.held = now.OnHand, now.Committed+now.Unavailable
	}
	p.levels[where] = l
	return l, nil
}

// variant is the one a row names by its SKU or, without one, its barcode.
func (p *stockPlan) variant(tx *db.Tx, r *row) (ref catalog.VariantRef, err error) {
	sku, code := p.cell(r.line, fSKU), p.cell(r.line, fBarcode)
	r.sku = sku
	found := false
	switch {
	case sku != "":
		ref, found, err = catalog.BySKU(tx, sku)
	case shortened.MatchString(code):
		p.fail(r, fBarcode, "bad_barcode", "A spreadsheet has shortened this barcode to %s. Write out all its digits.", code).With("value", code)
		return ref, nil
	case code != "":
		ref, found, err = catalog.ByBarcode(tx, code)
	default:
		p.fail(r, fSKU, "key_missing", "This row has neither SKU nor barcode. Give it a SKU.")
		return ref, nil
	}
	if err == nil && !found {
		column, value := fSKU, sku
		if sku == "" {
			column, value = fBarcode, code
		}
		p.fail(r, column, "unknown_variant", "No product here has %s. Correct it, or import the product first.", value).With("value", value)
	}
	return ref, err
}

// carryOut adjusts level after level.
func (p *stockPlan) carryOut(ctx context.Context, d *db.DB, m *Import) error {
	var deeds []deed
	for _, l := range p.order {
		deeds = append(deeds, deed{l.moves[0].row.number, len(l.moves), l.carry})
	}
	return p.sheet.carryOut(ctx, d, m, deeds)
}

// carry does what the rows say of one level, and notes how to take it back.
func (l *stocked) carry(tx *db.Tx, m *Import) error {
	before, after := int64(0), int64(0)
	switch now, err := stock.LevelIn(tx, l.variantID, l.locationID); {
	case err == nil:
		before = now.OnHand
	case db.CodeOf(err) != "not_found": // never had any
		return err
	}
	for _, move := range l.moves {
		in := stock.Adjustment{LocationID: l.locationID, Reason: stock.Correction, Lines: []stock.AdjustLine{move.line}}
		if move.line.Delta != nil && *move.line.Delta > 0 {
			in.Reason = stock.Received
		}
		now, err := stock.AdjustIn(tx, in, m.document())
		if err != nil {
			return err
		}
		after = now.Levels[0].OnHand
	}
	if after == before {
		return nil
	}
	s := step{Row: l.moves[0].row.number, Kind: stepStocked, EntityID: l.variantID, Was: state{Delta: after - before, At: l.locationID}}
	return s.note(tx, m.ID)
}
