package settings_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onhand/db"
	"onhand/db/dbtest"
	"onhand/db/money"
	"onhand/db/settings"
)

func ptr[T any](v T) *T { return &v }

// empty is a database before set-up.
func empty(t *testing.T) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), db.Options{Dir: dbtest.Empty(t), Now: func() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func setUp(d *db.DB, in settings.NewShop) (s *settings.Settings, err error) {
	err = db.Write(context.Background(), d, func(tx *db.Tx) (err error) {
		s, err = settings.SetUp(tx, in)
		return err
	})
	return s, err
}

var corner = settings.NewShop{Name: "Corner Shop", Currency: "EUR", TimeZone: "Europe/Berlin"}

func current(t testing.TB, d *db.DB) *settings.Settings {
	t.Helper()
	s, err := settings.Current(context.Background(), d)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var unseen = cmpopts.IgnoreUnexported(settings.Settings{})

func TestBeforeSetUpThereIsNoShop(t *testing.T) {
	t.Parallel()
	d := empty(t)
	if _, err := settings.Current(context.Background(), d); db.CodeOf(err) != "not_set_up" {
		t.Errorf("its settings: %v", err)
	}
	if _, err := settings.Save(context.Background(), d, settings.Change{Name: ptr("x")}); db.CodeOf(err) != "not_set_up" {
		t.Errorf("changed: %v", err)
	}
}

func TestSetUpMakesAShopOfWhatIsNeeded(t *testing.T) {
	t.Parallel()
	d := empty(t)
	s, err := setUp(d, settings.NewShop{Name: " Corner Shop ", Currency: "kwd", TimeZone: "Asia/Kuwait", PricesIncludeTax: ptr(false), Language: "de"})
	want := &settings.Settings{Version: 1, Name: "Corner Shop", Currency: "KWD", CurrencyDigits: 3, TimeZone: "Asia/Kuwait", Language: "de",
		Mail: settings.MailSettings{Port: 587, Security: settings.StartTLS, OwnerRecipients: settings.Addresses{}}, SummaryTime: "07:00", DigestTime: "07:00",
		SelfCheckTime: "03:00", OverstockDays: 90, ExpiryDays: 30, OrderDays: 7, ServiceLevel: 95, OpenedAt: s.OpenedAt, ReceiptWidth: 80, PaperSize: "a4", InvoicePrefix: "INV-", CreditNotePrefix: "CN-",
		TaxRates: settings.TaxRates{}, Holds: settings.HoldSettings{Cash: 2880, Card: 60, Transfer: 10_080, Other: 10_080}}
	if diff := cmp.Diff(want, s, unseen); err != nil || diff != "" {
		t.Fatalf("%v (-want +got):\n%s", err, diff)
	}
	if diff := cmp.Diff(want, current(t, d), unseen); diff != "" {
		t.Errorf("in force (-want +got):\n%s", diff)
	}
	if got := s.Today(db.TimeOf(time.Date(2026, 11, 20, 21, 0, 0, 0, time.UTC))); got != "2026-11-21" {
		t.Errorf("in Kuwait it is %s", got)
	}
	if _, err := setUp(d, corner); db.CodeOf(err) != "already_set_up" {
		t.Errorf("set up twice: %v", err)
	}
	if plain, err := setUp(empty(t), corner); err != nil || !plain.PricesIncludeTax || plain.Language != "en" {
		t.Errorf("what is left out: %+v, %v", plain, err)
	}
}

func TestWhatASetUpCannotBe(t *testing.T) {
	t.Parallel()
	d := empty(t)
	for _, c := range []struct {
		code, field string
		change      func(*settings.NewShop)
	}{
		{"required", "name", func(s *settings.NewShop) { s.Name = "  " }},
		{"too_long", "name", func(s *settings.NewShop) { s.Name = strings.Repeat("a", 101) }},
		{"bad_text", "name", func(s *settings.NewShop) { s.Name = "a\x00" }},
		{"unknown_currency", "currency", func(s *settings.NewShop) { s.Currency = "EUX" }},
		{"unknown_currency", "currency", func(s *settings.NewShop) { s.Currency = "XAU" }},
		{"unknown_zone", "timeZone", func(s *settings.NewShop) { s.TimeZone = "" }},
		{"unknown_zone", "timeZone", func(s *settings.NewShop) { s.TimeZone = "Local" }},
		{"unknown_zone", "timeZone", func(s *settings.NewShop) { s.TimeZone = "Europe/Bonn" }},
		{"unknown_zone", "timeZone", func(s *settings.NewShop) { s.TimeZone = "../Berlin" }},
		{"unknown_language", "language", func(s *settings.NewShop) { s.Language = "xx" }},
	} {
		in := corner
		c.change(&in)
		_, err := setUp(d, in)
		var e *db.Error
		if !errors.As(err, &e) || e.Code != c.code || e.Field != c.field {
			t.Errorf("%+v: %v, want %s", in, err, c.code)
		}
	}
	if _, err := settings.Current(context.Background(), d); db.CodeOf(err) != "not_set_up" {
		t.Errorf("a refused set-up made a shop: %v", err)
	}
}

func TestManySetUpsAtOnceMakeOneShop(t *testing.T) {
	t.Parallel()
	d := empty(t)
	var n atomic.Int64
	var won atomic.Value
	got := dbtest.Together(50, func() error {
		in := corner
		in.Name = fmt.Sprint("Shop ", n.Add(1))
		_, _ = settings.Current(context.Background(), d) // a page that asks meanwhile
		s, err := setUp(d, in)
		if err == nil {
			won.Store(s.Name)
		}
		return err
	})
	got.AllOthers(t, "already_set_up")
	if got.Succeeded() != 1 || current(t, d).Name != won.Load() {
		t.Errorf("%d set-ups; the shop is %q, the winner %q", got.Succeeded(), current(t, d).Name, won.Load())
	}
}

func TestAChangeChangesWhatItCarries(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	before := current(t, s.DB)
	got, err := settings.Save(s.Ctx, s.DB, settings.Change{Version: &before.Version, Name: ptr("Corner & Co"), DefaultTaxRate: ptr(int64(19_000)), ReceiptNote: ptr("Thank you!\nCome again"),
		ReceiptWidth: ptr(58), PaperSize: ptr("letter"), InvoicePrefix: ptr("2026.R-"), CreditNotePrefix: ptr(""),
		Holds: &settings.HoldChange{Cash: ptr(1), Card: ptr(2), Transfer: ptr(0), Other: ptr(4), Counter: ptr(5), Phone: ptr(6), API: ptr(7)}})
	want := *before
	want.Version, want.Name, want.DefaultTaxRate, want.ReceiptNote = before.Version+1, "Corner & Co", 19_000, "Thank you!\nCome again"
	want.ReceiptWidth, want.PaperSize, want.InvoicePrefix, want.CreditNotePrefix = 58, "letter", "2026.R-", ""
	want.Holds = settings.HoldSettings{Cash: 1, Card: 2, Other: 4, Counter: 5, Phone: 6, API: 7}
	if diff := cmp.Diff(&want, got, unseen); err != nil || diff != "" {
		t.Fatalf("%v (-want +got):\n%s", err, diff)
	}
	if diff := cmp.Diff(&want, current(t, s.DB), unseen); diff != "" {
		t.Errorf("in force (-want +got):\n%s", diff)
	}
	_, last, _ := db.EventRange(s.Ctx, s.DB)
	same, err := settings.Save(s.Ctx, s.DB, settings.Change{Name: ptr(" Corner & Co "), TimeZone: ptr("Europe/Berlin"), Currency: ptr("eur")})
	if _, now, _ := db.EventRange(s.Ctx, s.DB); err != nil || same.Version != want.Version || now != last {
		t.Errorf("the same again: version %d, event %d after %d, %v", same.Version, now, last, err)
	}
	s.Reopen()
	if diff := cmp.Diff(&want, current(t, s.DB), unseen); diff != "" {
		t.Errorf("after a restart (-want +got):\n%s", diff)
	}
	moved, err := settings.Save(s.Ctx, s.DB, settings.Change{TimeZone: ptr("Pacific/Apia")})
	if err != nil || moved.Today(db.TimeOf(s.Now())) != "2026-11-21" {
		t.Errorf("moved: %+v, %v", moved, err)
	}
}

func TestTaxRatesHaveNames(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	save := func(in settings.Change) *settings.Settings {
		t.Helper()
		got, err := settings.Save(s.Ctx, s.DB, in)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	save(settings.Change{TaxRates: &settings.TaxRates{{Name: " Standard ", Rate: 19_000}, {Name: "Reduced", Rate: 7_000}}, ShippingTaxRate: money.SomeRate(ptr(money.Rate(7_000)))})
	got := save(settings.Change{TaxRates: &settings.TaxRates{{Name: "Exempt"}, {ID: 2, Name: "Food", Rate: 7_000}, {Name: "Export"}}})
	want := settings.TaxRates{{ID: 3, Name: "Exempt"}, {ID: 2, Name: "Food", Rate: 7_000}, {ID: 4, Name: "Export"}}
	if diff := cmp.Diff(want, got.TaxRates); diff != "" || *got.ShippingTaxRate != 7_000 {
		t.Errorf("shipping at %v, (-want +got):\n%s", got.ShippingTaxRate, diff)
	}
	s.Reopen()
	got = current(t, s.DB)
	if diff := cmp.Diff(want, got.TaxRates); diff != "" {
		t.Errorf("after a restart (-want +got):\n%s", diff)
	}
	if food, none, several := got.TaxRates.NameOf(7_000), got.TaxRates.NameOf(19_000), got.TaxRates.NameOf(0); food != "Food" || none+several != "" {
		t.Errorf("they are called %q, %q and %q", food, none, several)
	}
	if got.ShippingRate(19_000) != 7_000 {
		t.Error("shipping has no rate of its own")
	}
	if got = save(settings.Change{ShippingTaxRate: money.SomeRate(nil)}); got.ShippingTaxRate != nil || got.ShippingRate(19_000) != 19_000 {
		t.Errorf("shipping is not taxed as the goods: %v", got.ShippingTaxRate)
	}
}

func TestARefusedChangeLeavesTheSettingsInForce(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	before := current(t, s.DB)
	for _, c := range []struct {
		code, field string
		in          settings.Change
	}{
		{"stale", "", settings.Change{Version: ptr(before.Version + 1), Name: ptr("x")}},
		{"required", "name", settings.Change{Name: ptr("")}},
		{"unknown_currency", "currency", settings.Change{Currency: ptr("EUX")}},
		{"unknown_zone", "timeZone", settings.Change{TimeZone: ptr("Mars/Base")}},
		{"unknown_language", "language", settings.Change{Language: ptr("xx")}},
		{"bad_rate", "defaultTaxRate", settings.Change{DefaultTaxRate: ptr(int64(100_001))}},
		{"bad_rate", "defaultTaxRate", settings.Change{DefaultTaxRate: ptr(int64(-1))}},
		{"bad_rate", "shippingTaxRate", settings.Change{ShippingTaxRate: money.SomeRate(ptr(money.Rate(100_001)))}},
		{"bad_rate", "taxRates[0].rate", settings.Change{TaxRates: &settings.TaxRates{{Name: "Standard", Rate: 100_001}}}},
		{"required", "taxRates[1].name", settings.Change{TaxRates: &settings.TaxRates{{Name: "Standard", Rate: 19_000}, {Name: " ", Rate: 1}}}},
		{"name_taken", "taxRates[1].name", settings.Change{TaxRates: &settings.TaxRates{{Name: "Standard", Rate: 19_000}, {Name: " standard", Rate: 7_000}}}},
		{"too_many", "taxRates", settings.Change{TaxRates: ptr(make(settings.TaxRates, 21))}},
		{"not_found", "defaultLocationId", settings.Change{DefaultLocationID: ptr(int64(404))}},
		{"bad_text", "receiptNote", settings.Change{ReceiptNote: ptr("a\x00")}},
		{"too_long", "address", settings.Change{Address: ptr(strings.Repeat("a", 501))}},
		{"bad_paper", "receiptWidth", settings.Change{ReceiptWidth: ptr(76)}},
		{"bad_paper", "paperSize", settings.Change{PaperSize: ptr("a5")}},
		{"bad_prefix", "invoicePrefix", settings.Change{InvoicePrefix: ptr("INV-1")}},
		{"bad_prefix", "creditNotePrefix", settings.Change{CreditNotePrefix: ptr("CN 2026/")}},
		{"too_long", "invoicePrefix", settings.Change{InvoicePrefix: ptr(strings.Repeat("a", 21))}},
		{"too_long", "taxNumber", settings.Change{TaxNumber: ptr(strings.Repeat("a", 51))}},
	} {
		_, err := settings.Save(s.Ctx, s.DB, c.in)
		var e *db.Error
		if !errors.As(err, &e) || e.Code != c.code || e.Field != c.field {
			t.Errorf("%v at %q, want %s at %q", err, e.Field, c.code, c.field)
		}
		if c.code == "stale" && e.Params["current"].(*settings.Settings).Version != before.Version {
			t.Errorf("stale beside %+v", e.Params)
		}
	}
	if diff := cmp.Diff(before, current(t, s.DB), unseen); diff != "" {
		t.Errorf("in force (-before +after):\n%s", diff)
	}
}

func TestTheSnapshotIsSwappedAfterTheCommitOnly(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	before := current(t, s.DB)
	refused := errors.New("refused")
	for _, end := range []error{refused, nil} {
		err := db.Write(s.Ctx, s.DB, func(tx *db.Tx) error {
			changed, err := settings.SaveIn(tx, settings.Change{Name: ptr("Changed")})
			if err != nil {
				return err
			}
			inside, err := settings.In(tx)
			if err != nil || inside.Name != "Changed" || inside.Version != changed.Version {
				t.Errorf("the transaction reads %+v, %v", inside, err)
			}
			if now := current(t, s.DB); now != before { // the snapshot, without a read
				t.Errorf("before the commit others see %q", now.Name)
			}
			return end
		})
		if !errors.Is(err, end) {
			t.Fatal(err)
		}
		want := before.Name
		if end == nil {
			want = "Changed"
		}
		if now := current(t, s.DB); now.Name != want {
			t.Errorf("after %v others see %q, want %q", end, now.Name, want)
		}
		err = db.Write(s.Ctx, s.DB, func(tx *db.Tx) error {
			now, err := settings.In(tx)
			if err == nil && now.Name != want {
				t.Errorf("after %v the next write reads %q, want %q", end, now.Name, want)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestReadersSeeWholeSettingsWhileTheyChange(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			last := int64(0)
			for {
				select {
				case <-stop:
					return
				default:
				}
				now := current(t, s.DB)
				if now.Version < last || now.ReceiptNote != "" && now.ReceiptNote != now.TaxNumber {
					t.Errorf("after version %d: %+v", last, now)
					return
				}
				last = now.Version
			}
		})
	}
	for i := range 50 {
		v := fmt.Sprint(i)
		if _, err := settings.Save(s.Ctx, s.DB, settings.Change{ReceiptNote: &v, TaxNumber: &v}); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	wg.Wait()
}

func TestTheFirstOrderFixesCurrencyAndTaxMode(t *testing.T) {
	t.Parallel()
	s := dbtest.Open(t)
	mug := s.Stocked("MUG", 3)
	if _, err := s.Sell(mug, 9); db.CodeOf(err) != "out_of_stock" {
		t.Fatal(err)
	}
	if current(t, s.DB).Frozen {
		t.Error("a refused order fixed them")
	}
	if _, err := settings.Save(s.Ctx, s.DB, settings.Change{Currency: ptr("JPY"), PricesIncludeTax: ptr(false)}); err != nil {
		t.Fatalf("before the first order: %v", err)
	}
	before := current(t, s.DB).Version
	if got := dbtest.Together(3, func() error { _, err := s.Sell(mug, 1); return err }); got.Succeeded() != 3 {
		t.Fatalf("%d orders", got.Succeeded())
	}
	now := current(t, s.DB)
	if !now.Frozen || now.Version != before+1 {
		t.Errorf("after three orders: frozen %t in version %d after %d", now.Frozen, now.Version, before)
	}
	for name, in := range map[string]settings.Change{"currency": {Currency: ptr("EUR")}, "tax mode": {PricesIncludeTax: ptr(true)}} {
		if _, err := settings.Save(s.Ctx, s.DB, in); db.CodeOf(err) != "frozen" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := settings.Save(s.Ctx, s.DB, settings.Change{Currency: ptr("JPY"), PricesIncludeTax: ptr(false), Name: ptr("Other")}); err != nil {
		t.Errorf("sent unchanged beside another change: %v", err)
	}
	s.Doctor(t)
}
