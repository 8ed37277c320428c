package stock_test

import (
	"fmt"
	"strings"
	"testing"

	"onhand/db"
	"onhand/db/stock"
)

func TestTransfersAreListedByWhatIsAsked(t *testing.T) {
	t.Parallel()
	s := open(t)
	harbour, third := s.openStore("Harbour"), s.openStore("Third")
	mug, cup := s.Stocked("MUG", 50), s.Stocked("CUP", 50)
	draft := s.draft(harbour, mug, 1)
	s.send(harbour, cup, 3, mug, 2)
	part := s.send(third, mug, 4)
	s.unpack(part, arrives(part.Lines[0], 1, 1, stock.Lost))
	done := s.send(third, mug, 5)
	s.unpack(done, arrives(done.Lines[0], 5, 0, ""))
	off := s.draft(third, mug, 6)
	if _, err := stock.CancelTransfer(s.Ctx, s.DB, off.ID, stock.TransferMove{}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		f    stock.TransferFilter
		want string
	}{
		{stock.TransferFilter{}, "5 4 3 2 1"},
		{stock.TransferFilter{Open: true}, "3 2 1"},
		{stock.TransferFilter{Status: stock.TransferDraft}, "1"},
		{stock.TransferFilter{Status: stock.TransferPartly}, "3"},
		{stock.TransferFilter{Status: stock.TransferReceived}, "4"},
		{stock.TransferFilter{Status: stock.TransferCancelled}, "5"},
		{stock.TransferFilter{LocationID: harbour}, "2 1"},
		{stock.TransferFilter{LocationID: s.Location, Open: true}, "3 2 1"},
		{stock.TransferFilter{List: db.List{Q: "#t-1002"}}, "3"},
		{stock.TransferFilter{List: db.List{Q: "nothing"}}, ""},
	} {
		var got []string
		c.f.Limit = 2
		for {
			page, err := stock.Transfers(s.Ctx, s.DB, c.f)
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range page.Items {
				got = append(got, fmt.Sprint(one.ID))
			}
			if c.f.After = page.Next; page.Next == "" {
				break
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%+v finds %v, want %s", c.f, got, c.want)
		}
	}
	for store, want := range map[int64]string{harbour: "[{{transfer 2 T-1001} 2 <nil>}]", third: "[{{transfer 3 T-1002} 2 <nil>}]", s.Location: "[]"} {
		if got := fmt.Sprint(s.at(store).explain(mug).IncomingLine); got != want {
			t.Errorf("at %d %s are incoming, want %s", store, got, want)
		}
	}
	page, err := stock.Transfers(s.Ctx, s.DB, stock.TransferFilter{})
	if err != nil {
		t.Fatal(err)
	}
	two, three := page.Items[3], page.Items[2]
	if two.What != "CUP" || two.LineCount != 2 || two.Units != 5 || two.OnWay != 5 || two.FromLocationName != "Main store" || two.ToLocationName != "Harbour" {
		t.Errorf("listed as %+v", two)
	}
	if three.OnWay != 2 || three.Received != 1 || three.Missing != 1 || page.Items[4].ID != draft.ID {
		t.Errorf("listed as %+v", three)
	}
}
