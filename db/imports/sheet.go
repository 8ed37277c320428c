package imports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/settings"
	"onhand/db/stock"
	"onhand/db/table"
)

// sheet is a file that is read and whose columns are known: what plans are drawn from.
type sheet struct {
	*table.File
	*layout
	mapping    map[string]string // by hand, sent or remembered
	remembered bool
	settings   *settings.Settings
	data       []byte           // until it is ready
	digest     string           // the same for the same file, read the same way for the same location
	places     []stock.Location // that columns may be of
	stocks     []stockColumn
	here       map[string]catalog.VariantRef // what rows without a name stand for, by what they have instead
}

// open reads a file as far as that needs no plan. The mapping is the one that was sent, or the one remembered for the header row.
func (k kind) open(ctx context.Context, d *db.DB, name string, f file) (*sheet, error) {
	t, err := readTable(f.data, f.dialect, k.recognised)
	if err != nil {
		return nil, err
	}
	s := &sheet{File: t, mapping: f.mapping, data: f.data}
	if s.settings, err = settings.Current(ctx, d); err != nil {
		return nil, err
	}
	if s.mapping == nil {
		if s.mapping, err = recall(ctx, d, name, t.Header); err != nil {
			return nil, err
		}
		s.remembered = s.mapping != nil
	}
	if err := s.lay(k); err != nil {
		return s, err
	}
	if s.format.placed {
		err = s.acquaintPlaces(ctx, d)
	}
	return s, err
}

// lay finds out what the columns are and how their figures are written.
func (s *sheet) lay(k kind) (err error) {
	f := k.formatOf(s.Header, s.mapping)
	if s.layout, err = layoutOf(f, s.Header, s.mapping); s.layout != nil {
		s.weigh(f)
	}
	return err
}

// before is the committed import of the same file that changed something, 0 for none. What was undone does not count.
func (s *sheet) before(tx *db.Tx, kind string) (id int64, err error) {
	err = tx.Row("SELECT coalesce(max(id), 0) FROM imports WHERE digest = ?1 AND kind = ?2 AND status = ?3 AND creates + updates > 0", []any{s.digest, kind, string(Committed)}, &id)
	if err != nil {
		return 0, fmt.Errorf("look for the file: %w", err)
	}
	return id, nil
}

// weigh decides what stands before the decimals, if nobody has.
func (s *sheet) weigh(f *format) {
	if s.Dialect.Decimal == "" {
		s.Dialect.Decimal = f.decimal
	}
	if s.Dialect.Decimal != "" {
		return
	}
	decimals, _ := money.Decimals(s.settings.Currency)
	var e table.Evidence
	for name, at := range s.at {
		one, _ := f.field(key(name))
		if one.figure == table.NoFigure {
			continue
		}
		for _, l := range s.Lines {
			e.Hear(cellAt(l, at), one.figure, decimals)
		}
	}
	var ask *table.FileQuestion
	s.Dialect.Decimal, ask = e.Decimal()
	s.Ask(ask)
}

// ready refuses a file that leaves a question open or of which it is not known what its columns are.
func (s *sheet) ready(locationID int64) (err error) {
	for _, q := range s.Asks {
		return refusalOf(q)
	}
	missing := s.missing()
	// By hand one column may be enough; found by its name it says nothing of what the others are.
	if len(missing) == 0 && (len(s.at) > 1 || len(s.mapping) > 0) {
		if s.stocks, err = s.stockColumns(locationID); err != nil {
			return err
		}
		return s.known(locationID)
	}
	named := 0
	for _, h := range s.Header {
		if strings.TrimSpace(h) != "" {
			named++
		}
	}
	if named < 2 {
		return unknownFile("It has no columns.")
	}
	return db.Refuse("mapping_needed", "mapping", "It is not known what the columns of this file are. Say which is which.").With("missing", append([]string{}, missing...))
}

// known works out by what the file is known again.
func (s *sheet) known(locationID int64) error {
	how, err := json.Marshal(struct {
		Mapping    map[string]string
		Dialect    table.Dialect
		LocationID int64
	}{s.mapping, s.Dialect, locationID})
	if err != nil {
		return fmt.Errorf("digest a file: %w", err)
	}
	sum := sha256.New()
	sum.Write(how)
	sum.Write(s.data)
	s.digest, s.data = hex.EncodeToString(sum.Sum(nil)), nil
	return nil
}
