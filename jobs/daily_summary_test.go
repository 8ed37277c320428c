package jobs_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/money"
	"onhand/db/reports"
	"onhand/db/sales"
	"onhand/db/settings"
	"onhand/db/staff"
	"onhand/db/stock"
	"onhand/jobs"
)

// years are the zones and the year in which their clocks do something odd.
var years = []struct {
	zone  string
	begin time.Time
	clock string
}{
	{"America/New_York", time.Date(2026, 1, 1, 15, 0, 0, 0, time.UTC), "02:30"},    // an hour that is left out in March and comes twice in November
	{"Australia/Lord_Howe", time.Date(2026, 1, 1, 15, 0, 0, 0, time.UTC), "02:00"}, // by half an hour
	{"Pacific/Apia", time.Date(2011, 2, 1, 15, 0, 0, 0, time.UTC), "07:00"},        // a day that never was
	{"America/Santiago", time.Date(2026, 1, 1, 15, 0, 0, 0, time.UTC), "00:00"},    // a midnight that is left out
	{"Europe/Berlin", time.Date(2026, 1, 1, 15, 0, 0, 0, time.UTC), "23:59"},
}

// In each zone a year passes with sales at any hour, thirty restarts and three days off: each date is summed up once, and
// says what its entries say.
func TestEachDayIsSummedUpOnce(t *testing.T) {
	t.Parallel()
	for _, y := range years {
		t.Run(y.zone, func(t *testing.T) {
			t.Parallel()
			seed := uint64(time.Now().UnixNano())
			if s, err := strconv.ParseUint(os.Getenv("ONHAND_SEED"), 10, 64); err == nil {
				seed = s
			}
			t.Logf("seed %d", seed)
			newYear(t, y.zone, y.clock, y.begin, seed).pass(t)
		})
	}
}

// year is a shop in a zone through a year.
type year struct {
	dir    string
	now    time.Time
	zone   *time.Location
	random *rand.Rand
	d      *db.DB
	ctx    context.Context
	jobs   *jobs.Jobs
	mug    int64
	begin  time.Time
}

func newYear(t *testing.T, zone, clock string, begin time.Time, seed uint64) *year {
	t.Helper()
	z, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	y := &year{dir: t.TempDir(), now: begin, begin: begin, zone: z, random: rand.New(rand.NewPCG(seed, 7))}
	y.open(t)
	t.Cleanup(func() { _ = y.d.Close() })
	var owner *staff.User
	err = db.Write(t.Context(), y.d, func(tx *db.Tx) (err error) {
		if owner, err = staff.AddOwner(tx, staff.NewOwner{Name: "Ada", Email: ada}, "x"); err != nil {
			return err
		}
		tx.Actor = staff.Owner(*owner)
		if _, err = settings.SetUp(tx, settings.NewShop{Name: "Corner Shop", Currency: "EUR", TimeZone: zone}); err != nil {
			return err
		}
		_, err = stock.CreateLocation(tx, "Main store")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	y.ctx = db.WithActor(context.Background(), staff.Owner(*owner))
	if _, err := settings.Save(y.ctx, y.d, settings.Change{SummaryTime: &clock}); err != nil {
		t.Fatal(err)
	}
	no := false
	p, err := catalog.Create(y.ctx, y.d, catalog.NewProduct{Name: "Mug", Variants: []catalog.NewVariant{{SKU: "MUG", Price: 999, Tracked: &no}}})
	if err != nil {
		t.Fatal(err)
	}
	y.mug = p.Variants[0].ID
	return y
}

func (y *year) open(t *testing.T) {
	t.Helper()
	var err error
	if y.d, err = db.Open(context.Background(), db.Options{Dir: y.dir, Now: func() time.Time { return y.now }}); err != nil {
		t.Fatal(err)
	}
	if y.jobs, err = jobs.New(y.d, jobs.Options{URL: "http://shop.test", Log: slog.New(slog.NewTextHandler(io.Discard, nil))}); err != nil {
		t.Fatal(err)
	}
}

// step moves the clock like the machine's: sometimes it is off for a while, or set back a little.
func (y *year) step(t *testing.T, outage time.Time) {
	t.Helper()
	pace := 120
	if os.Getenv("ONHAND_TORTURE") != "" {
		pace = 5
	}
	y.now = y.now.Add(time.Duration(pace+y.random.IntN(6*pace)) * time.Minute)
	if y.random.IntN(36) == 0 { // some thirty times a year
		if err := y.d.Close(); err != nil {
			t.Fatal(err)
		}
		y.now = y.now.Add(time.Duration(y.random.IntN(300)) * time.Minute)
		y.open(t)
	}
	if y.random.IntN(100) == 0 {
		y.now = y.now.Add(-10 * time.Minute)
	}
	if y.now.After(outage) && y.now.Before(outage.Add(72*time.Hour)) {
		y.now = outage.Add(72 * time.Hour)
	}
}

func (y *year) pass(t *testing.T) {
	end := y.begin.AddDate(1, 0, 0)
	outage := y.begin.AddDate(0, 0, 20+y.random.IntN(320))
	for y.now.Before(end) {
		y.step(t, outage)
		switch y.random.IntN(6) {
		case 0:
			o, err := sales.Place(y.ctx, y.d, sales.NewOrder{Channel: sales.Counter, Lines: []sales.NewLine{{VariantID: y.mug, Quantity: 1 + y.random.Int64N(5)}},
				Payments: []sales.NewPayment{{Method: "cash", Amount: 999}}})
			if err != nil {
				t.Fatal(err)
			}
			if y.random.IntN(6) == 0 {
				if _, err := sales.Cancel(y.ctx, y.d, o.ID, sales.Cancellation{}); err != nil {
					t.Fatal(err)
				}
			}
		case 1:
			if y.random.IntN(8) > 0 {
				break
			}
			if _, err := y.jobs.Run(t.Context(), "daily-summary"); err != nil { // somebody is curious
				t.Fatal(err)
			}
		}
		y.jobs.Tick("daily-summary")
	}
	y.check(t, end)
}

func (y *year) check(t *testing.T, end time.Time) {
	var rows []struct{ Key, Facts string }
	sold := map[db.Date]money.Amount{}
	err := db.Read(y.ctx, y.d, func(tx *db.Tx) error {
		var days []struct {
			Date  db.Date
			Total money.Amount
		}
		if err := tx.Select(&days, "SELECT business_date AS date, sum(total) AS total FROM sale_entries GROUP BY business_date"); err != nil {
			return err
		}
		for _, d := range days {
			sold[d.Date] = d.Total
		}
		return tx.Select(&rows, "SELECT key, facts FROM outbox WHERE kind = 'daily-summary' AND key NOT LIKE '%/so-far/%' ORDER BY id")
	})
	if err != nil {
		t.Fatal(err)
	}
	var got []db.Date
	for _, r := range rows {
		var f reports.DaySummary
		if err := json.Unmarshal([]byte(r.Facts), &f); err != nil {
			t.Fatal(err)
		}
		if f.Today.Revenue != sold[f.Date] {
			t.Errorf("%s sums %d up, its entries %d", f.Date, f.Today.Revenue, sold[f.Date])
		}
		got = append(got, f.Date)
	}
	want := y.dates(end)
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%d dates were summed up, want %d:\n%v\n%v", len(got), len(want), got, want)
	}
}

// dates are those that a calendar of the zone has from the shop's first day on to the last that is due, found by walking
// through the year instead of reckoning.
func (y *year) dates(end time.Time) (dates []db.Date) {
	last := y.now.In(y.zone).Format(time.DateOnly)
	for at := y.begin; at.Before(end.AddDate(0, 0, 2)); at = at.Add(30 * time.Minute) {
		date := at.In(y.zone).Format(time.DateOnly)
		if date < last && (len(dates) == 0 || string(dates[len(dates)-1]) != date) {
			dates = append(dates, db.Date(date))
		}
	}
	s, err := settings.Current(y.ctx, y.d)
	if err != nil {
		return nil
	}
	if n := len(dates); n > 0 && y.now.In(y.zone).Format("15:04") < s.SummaryTime { // yesterday's comes later today
		dates = dates[:n-1]
	}
	return dates
}

func TestASummarySaysWhatTheDaySays(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	mug, cup := p.Stocked("MUG", 50), p.Stocked("CUP", 50)
	place := func(variant, quantity int64, channel sales.Channel, paid ...sales.NewPayment) *sales.Order {
		o, err := sales.Place(p.Ctx, p.DB, sales.NewOrder{Channel: channel, Lines: []sales.NewLine{{VariantID: variant, Quantity: quantity}}, Payments: paid,
			Customer: &customers.Contact{Name: "Grace"}})
		if err != nil {
			t.Fatal(err)
		}
		return o
	}
	p.Clock.Set(time.Date(2026, 11, 13, 12, 0, 0, 0, time.UTC))
	place(mug, 1, sales.Phone)
	p.Clock.Set(time.Date(2026, 11, 20, 12, 40, 0, 0, time.UTC))
	place(mug, 4, sales.Counter, sales.NewPayment{Method: "cash", Amount: 5000})
	place(cup, 1, sales.Phone, sales.NewPayment{Method: "card", Amount: 1250})
	dropped := place(cup, 9, sales.Phone)
	if _, err := sales.Cancel(p.Ctx, p.DB, dropped.ID, sales.Cancellation{}); err != nil {
		t.Fatal(err)
	}
	if result := p.run(t, "daily-summary"); result != "Today so far, mails: 1." {
		t.Error(result)
	}
	soFar := told[reports.DaySummary](t, p, reports.SummaryMail, ada)
	p.Clock.Set(time.Date(2026, 11, 21, 6, 0, 0, 0, time.UTC))
	p.jobs.Tick("daily-summary")
	p.jobs.Tick("daily-summary")
	got := told[reports.DaySummary](t, p, reports.SummaryMail, ada)
	if len(soFar) != 1 || !soFar[0].SoFar || len(got) != 2 {
		t.Fatalf("%d mails so far, %d in all", len(soFar), len(got))
	}
	day := got[1]
	if day.Date != "2026-11-20" || day.SoFar || day.Today.Revenue != 6250 || day.Today.Orders != 2 || day.Today.Units != 5 || day.Today.Average() != 3125 || day.Before.Revenue != 1250 {
		t.Errorf("the day is %+v before %+v", day.Today, day.Before)
	}
	// 62.50 with 19% tax in it is 52.52 without, and cost 5 times 6.00.
	if day.Margin == nil || *day.Margin != 5252-3000 {
		t.Errorf("the margin is %v", day.Margin)
	}
	if fmt.Sprint(day.Payments) != "[{cash 5000} {card 1250}]" || len(day.Top) != 2 || day.Top[0].Name != "MUG" || day.Top[0].Units != 4 || len(day.Days) != 14 || day.Days[13].Revenue != 6250 || day.Days[6].Revenue != 1250 {
		t.Errorf("%+v", day)
	}
	if day.Waiting.Orders != 3 || day.Waiting.Oldest != "1001" || day.Waiting.Late != 1 {
		t.Errorf("what waits: %+v", day.Waiting)
	}
	p.run(t, "deliver-mail")
	if mails := p.office.to(ada); len(mails) != 2 {
		t.Errorf("%d mails arrived", len(mails))
	}
}

func TestASummaryTellsNoCostsToWhoMayNotSeeThem(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	harbour, err := stock.OpenLocation(p.Ctx, p.DB, stock.NewLocation{Name: "Harbour"})
	if err != nil {
		t.Fatal(err)
	}
	p.sell(t, p.Stocked("MUG", 50), 2)
	p.user(t, "emil", staff.Employee)
	p.user(t, "mia", staff.Manager, harbour.ID)
	to := settings.Addresses{ada, "emil@example.com", "mia@example.com"}
	if _, err := settings.Save(p.Ctx, p.DB, settings.Change{Mail: &settings.MailChange{OwnerRecipients: &to}}); err != nil {
		t.Fatal(err)
	}
	p.run(t, "daily-summary")
	if got := told[reports.DaySummary](t, p, reports.SummaryMail, "emil@example.com"); len(got) != 0 {
		t.Errorf("somebody who reads no reports gets %+v", got)
	}
	mia := told[reports.DaySummary](t, p, reports.SummaryMail, "mia@example.com")
	if len(mia) != 1 || mia[0].Today.Revenue != 0 || fmt.Sprint(mia[0].Stores) != "[Harbour]" {
		t.Errorf("mia, who sees the harbour, gets %+v", mia)
	}
	var day *reports.DaySummary
	err = db.Read(p.Ctx, p.DB, func(tx *db.Tx) (err error) {
		day, err = reports.Day(tx, "2026-11-20", db.Actor{Permissions: db.Allow("reports.read")})
		return err
	})
	if err != nil || day.Margin != nil || day.Today.Revenue != 2500 {
		t.Errorf("without cost.read: %+v, %v", day, err)
	}
}
