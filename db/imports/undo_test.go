package imports_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/imports"
	"onhand/db/stock"
	"onhand/db/tasks"
)

func (s shop) undo(t *testing.T, m *imports.Import) *imports.Import {
	t.Helper()
	now, err := imports.Undo(s.ctx, s.DB, m.ID, imports.UndoOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if now.Status != imports.Undone || now.UndoneAt == nil || now.UndoUntil != nil || now.Undoing || now.Progress != 100 || now.CommittedAt == nil {
		t.Errorf("undone it is %+v", now.ImportItem)
	}
	if n := s.count(t, "SELECT count(*) FROM import_steps WHERE import_id = ?1", m.ID); n != 0 {
		t.Errorf("%d steps are left", n)
	}
	return now
}

// keeps compares the rows that stay.
func keeps(t *testing.T, m *imports.Import, want ...string) {
	t.Helper()
	var got []string
	for _, k := range m.Kept {
		got = append(got, k.Name+": "+k.Code)
	}
	if diff := cmp.Diff(want, got); diff != "" || m.KeptCount != len(want) {
		t.Errorf("kept are %d rows (-want +got):\n%s", m.KeptCount, diff)
	}
}

func TestAnUndoneImportLeavesTheShopAsItWas(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	before := s.dump(t)
	m := s.brought(t, changing(45))
	after := s.dump(t)
	foreseen, err := imports.Undo(s.ctx, s.DB, m.ID, imports.UndoOptions{DryRun: true})
	if err != nil || foreseen.Status != imports.Committed {
		t.Fatalf("foreseen: %+v, %v", foreseen, err)
	}
	keeps(t, foreseen)
	s.asBefore(t, after)

	done := s.undo(t, m)
	s.asBefore(t, before)
	keeps(t, done)
	if n := s.count(t, "SELECT count(*) FROM products WHERE archived_at IS NOT NULL"); int(n) != done.Archived {
		t.Errorf("%d products are archived, it says %d", n, done.Archived)
	}
	if n := s.count(t, "SELECT count(*) FROM audit WHERE entity = 'import' AND action = 'undone' AND actor_name = 'Olga'"); n != 1 {
		t.Errorf("%d times undone in the audit", n)
	}
	if w := s.works(t); w[0].Kind != tasks.UndoWork || w[0].Status != tasks.WorkDone || w[0].Progress != 100 || w[0].Cancellable {
		t.Errorf("its work is %+v", w[0])
	}
	_, err = imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{})
	refused(t, err, "illegal_move", "")
	s.asBefore(t, before)

	again := s.brought(t, changing(45))
	s.asBefore(t, s.dump(t))
	s.undo(t, again)
	s.asBefore(t, before)
}

func TestUndoneTwiceItAnswersTheSame(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	m := s.brought(t, changing(3))
	first, before := s.undo(t, m), s.state(t)
	heard := 0
	t.Cleanup(s.Listen(func(db.Event) { heard++ }))
	if diff := cmp.Diff(indented(first), indented(s.undo(t, m))); diff != "" {
		t.Errorf("the second undoing answers something else: %s", diff)
	}
	s.unchanged(t, before)
	if heard != 0 {
		t.Errorf("%d events of nothing", heard)
	}
}

func TestOnlyACommittedImportIsUndone(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	m := s.preview(t, changing(3))
	before := s.state(t)
	for _, o := range []imports.UndoOptions{{}, {DryRun: true}} {
		_, err := imports.Undo(s.ctx, s.DB, m.ID, o)
		refused(t, err, "illegal_move", "")
		_, err = imports.Undo(as([]int64{s.main + 1}), s.DB, m.ID, o)
		refused(t, err, "not_found", "")
	}
	s.unchanged(t, before)
}

func TestARowThatSomebodyChangedSinceStaysWholeAndIsNamed(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	m := s.brought(t, changing(6))
	name, five := "Our mug", int64(5)
	if _, err := catalog.Update(s.ctx, s.DB, s.product(t, "Big mug").ID, catalog.ProductChange{Name: &name}); err != nil {
		t.Fatal(err)
	}
	s.sell(t, "N1", 1)
	s.write(t, func(tx *db.Tx) error { return reserve(tx, "N2", s.main, 1) })
	small := s.product(t, "Tee shirt").Variants[0].ID
	s.write(t, func(tx *db.Tx) error {
		_, err := stock.AdjustIn(tx, stock.Adjustment{LocationID: s.main, Reason: stock.Correction, Lines: []stock.AdjustLine{{VariantID: small, Counted: &five}}}, nil)
		return err
	})
	want := []string{"New 2: used_since", "New 1: used_since", "Tee shirt - S: counted_since", "Our mug: changed_since"}
	foreseen, err := imports.Undo(s.ctx, s.DB, m.ID, imports.UndoOptions{DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	keeps(t, foreseen, want...)
	keeps(t, s.undo(t, m), want...)
	if mug := s.product(t, "Our mug"); mug.Description != "For soup" || mug.Brand != "Best" || s.onHand(t, "MUG") != 9 {
		t.Errorf("the mug is %+v", mug)
	}
	if s.onHand(t, "T-S") != 5 || s.onHand(t, "T-L") != 6 || len(s.product(t, "Tee shirt").Variants) != 3 {
		t.Error("the tee went back in part")
	}
	if s.onHand(t, "N1") != 1 || s.onHand(t, "N2") != 2 {
		t.Error("what was sold and promised went back in part")
	}
	if n := s.count(t, "SELECT count(*) FROM variants WHERE sku IN ('N0', 'N3', 'N4', 'N5')"); n != 0 {
		t.Errorf("%d of the others are still there", n)
	}
	if p := s.product(t, "Pin"); p.Variants[0].Price != 100 {
		t.Errorf("the pin costs %d", p.Variants[0].Price)
	}
}

func TestStockGoesBackByWhatTheImportMovedIfThatIsFree(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	more := s.brought(t, simple("MUG,Mug,10,97"))
	s.write(t, func(tx *db.Tx) error { return reserve(tx, "MUG", s.main, 6) })
	keeps(t, s.undo(t, more))
	if n := s.onHand(t, "MUG"); n != 7 {
		t.Errorf("%d on hand, want the 7 of before", n)
	}
	again := s.brought(t, simple("MUG,Mug,10,9"))
	s.write(t, func(tx *db.Tx) error { // two more are promised: of the two that came in, one is free
		v, _, err := catalog.BySKU(tx, "MUG")
		if err != nil {
			return err
		}
		_, err = stock.Reserve(tx, stock.Ref{ID: 2, Number: "1002"}, []stock.Need{{LineID: 1000, VariantID: v.VariantID, LocationID: s.main, Quantity: 2}})
		return err
	})
	done := s.undo(t, again)
	keeps(t, done, "Mug: stock_gone")
	if p := done.Kept[0].Params; p["missing"] != 1.0 || p["delta"] != 2.0 || s.onHand(t, "MUG") != 9 {
		t.Errorf("params %v, %d on hand", p, s.onHand(t, "MUG"))
	}
}

func TestALaterImportOfTheSameStays(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	first := s.brought(t, simple("MUG,Mug,11,9"))
	second := s.brought(t, simple("MUG,Mug,11,12"))
	keeps(t, s.undo(t, first), "Mug: imported_since")
	if p := s.product(t, "Mug"); p.Variants[0].Price != 1100 || s.onHand(t, "MUG") != 12 {
		t.Error("the row went back in part")
	}
	keeps(t, s.undo(t, second))
	if s.onHand(t, "MUG") != 9 {
		t.Errorf("%d on hand, want 9", s.onHand(t, "MUG"))
	}
}

// exported is what the export of products has, cell by cell.
func (s shop) exported(t *testing.T) [][]string {
	t.Helper()
	e, err := imports.ExportProducts(s.ctx, s.DB, catalog.ProductFilter{})
	return lines(t, s.ctx, e, err)
}

// told is a product as it is answered, without what only tells that something was written.
func (s shop) told(t *testing.T, name string) string {
	t.Helper()
	p := s.product(t, name)
	p.Version, p.UpdatedAt = 0, 0
	for i := range p.Variants {
		p.Variants[i].Version = 0
	}
	return indented(p)
}

func TestAnUndoingPutsEveryFieldBack(t *testing.T) {
	t.Parallel()
	s, _ := full(t)
	s.sell(t, "S", -5)
	const name = `A <b> & "C"`
	before, told, exported := s.dump(t), s.told(t, name), s.exported(t)
	m := s.brought(t, strings.TrimSuffix(ownHeader, "\n")+",Stock,Pictures\n"+
		"a-b-c,New,Text,Best,Garden > Beds,\"Blue, old\",Note,yes,19,Length,XS,Hue,Green,Cloth,Wool,S,4006381333931 X1 X2,P6 x6 P12 x12,12.51,15.01,9.98,2026-11-21,2026-12-24,6.01,4,31,yes,deny,9,https://example.com/a.jpg\n"+
		"a-b-c,New,Text,Best,Garden > Beds,\"Blue, old\",Note,yes,19,Length,XL,Hue,Grey,Cloth,Wool,L,X3,,13.01,,,,,1,11,1,yes,backorder,7,\n"+
		"a-b-c,New,Text,Best,Garden > Beds,\"Blue, old\",Note,yes,19,Length,XXL,Hue,Grey,Cloth,Wool,XXL,X4,,14,,,,,,,,,,3,\n")
	after := s.exported(t)
	for i, column := range exported[0] {
		if column != "Handle" && column != "SKU" && exported[1][i] == after[1][i] && exported[2][i] == after[2][i] {
			t.Errorf("the import does not change %s, so this test does not show that it goes back", column)
		}
	}
	keeps(t, s.undo(t, m))
	s.asBefore(t, before)
	if diff := cmp.Diff(told, s.told(t, name)); diff != "" {
		t.Errorf("answered it is not as it was (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(exported, s.exported(t)); diff != "" {
		t.Errorf("exported it is not as it was (-before +after):\n%s", diff)
	}
}

func TestImportsOfTheSameAreUndoneTheLastOneFirst(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	before := s.dump(t)
	file := changing(3)
	first := s.brought(t, file)
	between := s.dump(t)
	second := s.brought(t, strings.NewReplacer("Big mug,12,,9,For soup", "Huge mug,13,,11,For stew", "T-S,,,11,,1", "T-S,,,12,,2", ",Pins,2,,6", ",Needles,3,,5", "New 1,1,,2", "Newer,2,,4").Replace(file))
	third := s.brought(t, simple("MUG,Mug of the year,14,11"))
	keeps(t, s.undo(t, third))
	keeps(t, s.undo(t, second))
	s.asBefore(t, between)
	keeps(t, s.undo(t, first))
	s.asBefore(t, before)
}

func TestWhatSomebodyChangedBetweenTwoImportsKeepsTheFirst(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	first := s.brought(t, simple("MUG,Mug,11,"))
	name := "Our mug"
	if _, err := catalog.Update(s.ctx, s.DB, s.product(t, "Mug").ID, catalog.ProductChange{Name: &name}); err != nil {
		t.Fatal(err)
	}
	keeps(t, s.undo(t, s.brought(t, simple("MUG,Mug,12,"))))
	keeps(t, s.undo(t, first), "Our mug: changed_since")
}

func TestAVariantSoldSinceKeepsTheProductThatTheImportAddedItTo(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	m := s.brought(t, changing(0))
	s.sell(t, "T-L", 1)
	keeps(t, s.undo(t, m), "Tee shirt: used_since")
	if s.onHand(t, "T-L") != 5 || s.onHand(t, "T-S") != 1 {
		t.Error("the tee went back in part")
	}
}

func TestARowThatCannotGoBackDoesNotHoldUpTheOthers(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	before := s.dump(t)
	m := s.brought(t, changing(45))
	s.stumbleAt(t, "UPDATE ON products WHEN old.name = 'Tee shirt' AND new.name = 'Tee'")
	keeps(t, s.undo(t, m), "Tee shirt: not_undone")
	s.write(t, func(tx *db.Tx) error {
		_, err := tx.Exec("DROP TRIGGER stumble")
		return err
	})
	if s.onHand(t, "T-L") != 6 || s.onHand(t, "T-S") != 1 {
		t.Error("the tee went back in part")
	}
	if s.dump(t) == before || s.onHand(t, "MUG") != 7 || s.product(t, "Mug").Description != "For tea" {
		t.Error("the others did not go back")
	}
}

func TestOthersWriteWhileAnImportIsUndone(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.brought(t, manyProducts(100))
	told := 0
	t.Cleanup(s.Listen(func(e db.Event) {
		if e.Topic == "imports" {
			told++
		}
	}))
	before, _ := s.Batches()
	s.undo(t, m)
	after, _ := s.Batches()
	if want := int64(1 + 10 + 1); after-before < want || after-before != int64(told) { // a product and its number weigh 2 of 20
		t.Errorf("%d commits and %d events, want %d", after-before, told, want)
	}
}

func TestNothingElseRunsWhileAnImportIsUndone(t *testing.T) {
	t.Parallel()
	s := open(t)
	m, other := s.brought(t, manyProducts(50)), s.preview(t, simple("A,Other,1,1"))
	tried := false
	t.Cleanup(s.Listen(func(e db.Event) {
		if e.Topic != "imports" || tried {
			return
		}
		tried = true
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			_, err := imports.Commit(s.ctx, s.DB, other.ID, imports.CommitOptions{})
			refused(t, err, "import_undoing", "")
			_, err = imports.Undo(s.ctx, s.DB, m.ID, imports.UndoOptions{})
			refused(t, err, "import_undoing", "")
			if now, err := imports.ByID(s.ctx, s.DB, m.ID); err != nil || now.Status != imports.Running || !now.Undoing {
				t.Errorf("meanwhile it is %+v, %v", now, err)
			}
		}()
		<-answered
	}))
	s.undo(t, m)
	if !tried {
		t.Error("nobody tried")
	}
	s.commit(t, other)
}

func TestAnUndoingThatACrashEndedGoesOnAtTheNextStart(t *testing.T) {
	t.Parallel()
	for _, slices := range []int{1, 3, 7} {
		s := stocked(t)
		before := s.dump(t)
		m := s.brought(t, changing(60))
		left := s.copied(t, slices+1, func() { s.undo(t, m) })
		healthy(t, left.DB)
		if now, err := imports.ByID(left.ctx, left.DB, m.ID); err != nil || !now.Undoing || now.Progress <= 0 || now.Progress >= 100 {
			t.Fatalf("a crash left the import %+v, %v", now, err)
		}
		_, err := tasks.CancelWork(left.ctx, left.DB, left.works(t)[0].ID)
		refused(t, err, "not_cancellable", "")
		if err := imports.TakeUp(left.ctx, left.DB); err != nil {
			t.Fatal(err)
		}
		left.asBefore(t, before)
		keeps(t, left.undo(t, m))
	}
}

func TestTheBranchThatAnImportMadeGoesWithIt(t *testing.T) {
	t.Parallel()
	s := stocked(t)
	before := s.dump(t)
	m := s.brought(t, "Type,SKU,Name,Regular price,Categories\nsimple,SAW,Saw,10,Garden > Tools > Saws\nsimple,CUP,Cup,2,kitchen > Cups\n")
	if got := s.product(t, "Saw").Category + "; " + s.product(t, "Cup").Category; got != "Garden > Tools > Saws; Kitchen > Cups" {
		t.Errorf("they are in %s", got)
	}
	s.undo(t, m)
	s.asBefore(t, before)
}
