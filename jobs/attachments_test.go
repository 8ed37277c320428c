package jobs_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"onhand/db/catalog"
	"onhand/db/purchasing"
)

// An order reaches its supplier as a PDF, and an attempt that is repeated carries the same one, whatever became of the shop meanwhile.
func TestAnOrderTravelsAsAPDF(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	acme, err := catalog.CreateSupplier(p.Ctx, p.DB, catalog.NewSupplier{Name: "Acme", Email: "orders@acme.example"})
	if err != nil {
		t.Fatal(err)
	}
	order, err := purchasing.Create(p.Ctx, p.DB, purchasing.NewPurchase{SupplierID: acme.ID, LocationID: p.Location, Lines: []purchasing.NewPurchaseLine{{VariantID: p.Stocked("MUG", 0), Quantity: 12}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := purchasing.Send(p.Ctx, p.DB, order.ID, purchasing.PurchaseSending{}); err != nil {
		t.Fatal(err)
	}
	name := "Acme & Sons"
	p.office.does(at("after the dot", errHangUp))
	p.run(t, "deliver-mail")
	if _, err := catalog.UpdateSupplier(p.Ctx, p.DB, acme.ID, catalog.SupplierChange{Name: &name}); err != nil {
		t.Fatal(err)
	}
	p.Clock.Forward(time.Hour)
	p.office.does(nil)
	p.run(t, "deliver-mail")
	got := p.office.to("orders@acme.example")
	if len(got) != 2 {
		t.Fatalf("it arrived %d times", len(got))
	}
	first, again := paperIn(t, got[0].body), paperIn(t, got[1].body)
	if !strings.HasPrefix(first, "%PDF-") || first != again {
		t.Errorf("first %.20q of %d bytes, then %.20q of %d", first, len(first), again, len(again))
	}
}

// paperIn is the PDF that a mail carries.
func paperIn(t *testing.T, body string) string {
	t.Helper()
	_, part, there := strings.Cut(body, `filename="P-1001.pdf"`)
	if !there {
		t.Fatalf("no paper is attached: %s", body)
	}
	_, part, _ = strings.Cut(part, "\r\n\r\n")
	part, _, _ = strings.Cut(part, "\r\n--")
	b, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(strings.TrimSpace(part), "\r\n", ""))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
