package mail_test

import (
	"fmt"
	"slices"
	"time"

	"onhand/db"
	"onhand/db/alerts"
	"onhand/db/money"
	"onhand/db/purchasing"
	"onhand/db/reports"
	"onhand/db/sales"
	"onhand/db/staff"
	"onhand/jobs/mail"
)

// told is a mail with its facts. Its text is a golden file in each language, and so is its page where it looks like no
// other.
type told struct {
	name, kind string
	facts      any
	looksOwn   bool
}

func at(s string) db.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return db.TimeOf(t)
}

func ref[T any](v T) *T { return &v }

// with is facts changed for a case.
func with[T any](facts T, change func(*T)) T {
	change(&facts)
	return facts
}

// everyMail is every kind of mail once as it usually is, and the cases that look different.
func everyMail() []told {
	usual := []told{
		{name: "order-confirmed", kind: sales.OrderConfirmedMail, facts: order()},
		{name: "order-shipped", kind: sales.OrderShippedMail, facts: with(order(), func(f *sales.OrderFacts) { f.Parcel = parcel() })},
		{name: "order-ready", kind: sales.OrderReadyMail, facts: with(order(), func(f *sales.OrderFacts) {
			f.Parcel = &sales.ParcelFacts{Lines: f.Lines[:2]}
			f.Paid, f.Due = 0, f.Total
		})},
		{name: "order-cancelled", kind: sales.OrderCancelledMail, facts: with(order(), func(f *sales.OrderFacts) {
			f.Reason, f.Due = "The maker does not make it any more.\nWe are sorry.", 0
		})},
		{name: "order-covered", kind: sales.OrderCoveredMail, facts: with(order(), func(f *sales.OrderFacts) { f.Lines[0].Waits, f.Goes = 0, true })},
		{name: "order-expired", kind: sales.OrderExpiredMail, facts: with(order(), func(f *sales.OrderFacts) { f.Paid, f.Due, f.Held = 0, 0, ref(at("2026-11-19T13:30:00Z")) })},
		{name: "order-refunded", kind: sales.OrderRefundedMail, facts: with(order(), func(f *sales.OrderFacts) {
			f.Refund = &sales.RefundFacts{Amount: 2500, Method: "card", Reason: "One mug came chipped."}
		})},
		{name: "purchase-order", kind: purchasing.PurchaseMail, facts: purchase()},
		{name: "new-orders", kind: alerts.NewOrdersMail, facts: alerts.NewOrdersFacts{Orders: rush()[:1], Stop: "stop-1"}},
		{name: "stock-digest", kind: alerts.StockMail, facts: stockFacts()},
		{name: "daily-summary", kind: reports.SummaryMail, facts: summary()},
		{name: "registration-received", kind: "registration-received", facts: staff.RegistrationFacts{ID: 3, Name: "Mia Sommer", Email: "mia@example.com"}},
		{name: "registration-pending", kind: "registration-pending", facts: staff.RegistrationFacts{ID: 3, Name: "Mia Sommer", Email: "mia@example.com", Note: "Hello Ada,\nI start on Monday."}},
		{name: "registration-approved", kind: "registration-approved", facts: staff.RegistrationFacts{ID: 3, Name: "Mia Sommer", Email: "mia@example.com", Role: staff.Manager}},
		{name: "registration-rejected", kind: "registration-rejected", facts: staff.RegistrationFacts{ID: 3, Name: "Mia Sommer", Email: "mia@example.com", Reason: "We do not know you."}},
		{name: "password-reset", kind: "password-reset", facts: staff.ResetFacts{Name: "Mia Sommer", Email: "mia@example.com", Token: "sealed", ExpiresAt: at("2026-11-19T13:35:00Z")}},
		{name: "mail-broken", kind: alerts.MailBrokenMail, facts: alerts.MailBrokenFacts{Since: at("2026-11-19T06:00:00Z"), Until: at("2026-11-19T13:05:00Z"),
			Reply: "535 5.7.8 Authentication failed", Waiting: 12, Dead: 1}},
		{name: "self-check", kind: alerts.SelfCheckMail, facts: alerts.SelfCheckFacts{More: 4, Findings: []alerts.CheckFinding{
			{Room: "stock", Rule: "on hand is the sum of the ledger", Row: "variant 3 at location 1", Message: "On hand is 5, the ledger says 4."},
			{Room: "file", Rule: "integrity", Row: "file", Message: "row 12 missing from index orders_number"},
		}}},
		{name: "test", kind: mail.TestMail, facts: struct{}{}},
	}
	all := slices.Concat(usual, orderCases(), otherCases(), stockCases(), summaryCases())
	for i := range all {
		all[i].looksOwn = i < len(usual) || slices.Contains(ownLooks, all[i].name)
	}
	return all
}

// ownLooks are the cases whose pages are golden, too.
var ownLooks = []string{
	"order-confirmed-nobody-tax-added", "order-confirmed-dinar", "order-ready-part", "new-orders-three", "new-orders-rush", "stock-digest-one-out",
	"stock-digest-nothing-new", "stock-digest-of-a-store", "daily-summary-quiet", "daily-summary-quiet-of-two-stores", "daily-summary-all-zero-chart",
	"daily-summary-first-days", "daily-summary-peak-first", "daily-summary-of-a-store", "daily-summary-huge", "daily-summary-so-far", "mail-broken-nothing-late",
}

func order() sales.OrderFacts {
	return sales.OrderFacts{ID: 7, Number: "1042", Token: "tok-1042", Name: "Grace Hopper", Store: "Main store", Currency: "EUR", PlacedAt: at("2026-11-19T13:05:00Z"),
		Lines: []sales.LineFacts{
			{Name: "Blue mug", Options: "L / Blue", Quantity: 3, Total: 3750, Waits: 2},
			{Name: "Brass lamp with a linen shade", Quantity: 1, Total: 8900},
			{Name: "Beeswax candle", Options: "Set of twelve", Quantity: 12, Total: 112340},
		},
		Subtotal: 126490, Discount: 1500, Shipping: 490, Tax: 20036, TaxIn: true, Total: 125480, Paid: 100000, Due: 25480}
}

func parcel() *sales.ParcelFacts {
	return &sales.ParcelFacts{Carrier: "DHL", TrackingNumber: "00340434161094042557", Rest: true,
		Lines: []sales.LineFacts{{Name: "Brass lamp with a linen shade", Quantity: 1, Total: 8900}}}
}

func purchase() purchasing.PurchaseFacts {
	return purchasing.PurchaseFacts{ID: 5, Number: "P-1001", Shop: "Corner Shop", Language: "en", Currency: "EUR", Supplier: "Acme Ceramics", Contact: "Ines Brombeck", DeliverTo: "Main store",
		SentOn: ref(db.Date("2026-11-19")), ExpectedOn: ref(db.Date("2026-11-26")), Note: "Ring twice at the back door.", Message: "Hello Ines,\nthe mugs are urgent.",
		Lines: []purchasing.PurchaseLineFacts{
			{Code: "BT-1001", SKU: "MUG-B", Name: "Blue mug - L", Quantity: 24, UnitCost: 600, Cost: 14400},
			{SKU: "LAMP", Name: "Brass lamp with a linen shade", Quantity: 2, UnitCost: 4150, Cost: 8300},
		}, Total: 22700}
}

func rush() []alerts.NewOrderFacts {
	return []alerts.NewOrderFacts{
		{ID: 7, Number: "1042", Customer: "Grace Hopper", Items: 2, Total: 12500, Due: 12500, Currency: "EUR", Store: "Main store", PlacedAt: at("2026-11-19T13:05:00Z")},
		{ID: 8, Number: "1043", Customer: "Alan Turing", Items: 1, Total: 123456, Currency: "EUR", Store: "Harbour", PlacedAt: at("2026-11-19T13:06:00Z")},
		{ID: 9, Number: "1044", Items: 14, Total: 990, Due: 490, Currency: "EUR", Store: "Main store", PlacedAt: at("2026-11-19T23:30:00Z")},
	}
}

func orderCases() []told {
	return []told{
		{name: "order-confirmed-nobody-tax-added", kind: sales.OrderConfirmedMail, facts: with(order(), func(f *sales.OrderFacts) {
			f.Name, f.TaxIn, f.Paid, f.Due, f.Discount = "", false, f.Total, 0, 0
			f.Lines = []sales.LineFacts{{Name: "Blue mug", Quantity: 1, Total: 1250, Waits: 1}}
		})},
		{name: "order-confirmed-held", kind: sales.OrderConfirmedMail, facts: with(order(), func(f *sales.OrderFacts) {
			f.Held, f.LineDiscount, f.DiscountCode = ref(at("2026-11-20T13:30:00Z")), 50, "SPRING-10"
		})},
		{name: "order-confirmed-promised", kind: sales.OrderConfirmedMail, facts: with(order(), func(f *sales.OrderFacts) { f.Promised = ref(db.Date("2026-12-04")) })},
		{name: "order-covered-pickup", kind: sales.OrderCoveredMail, facts: with(order(), func(f *sales.OrderFacts) { f.Lines[0].Waits, f.Paid, f.Due = 0, f.Total, 0 })},
		{name: "order-confirmed-yen", kind: sales.OrderConfirmedMail, facts: with(order(), func(f *sales.OrderFacts) { f.Currency = "JPY" })},
		{name: "order-confirmed-dinar", kind: sales.OrderConfirmedMail, facts: with(order(), func(f *sales.OrderFacts) { f.Currency = "KWD" })},
		{name: "order-shipped-whole", kind: sales.OrderShippedMail, facts: with(order(), func(f *sales.OrderFacts) { f.Parcel = &sales.ParcelFacts{Lines: f.Lines} })},
		{name: "order-ready-part", kind: sales.OrderReadyMail, facts: with(order(), func(f *sales.OrderFacts) { f.Parcel, f.Due = parcel(), 0 })},
		{name: "order-refunded-cash", kind: sales.OrderRefundedMail, facts: with(order(), func(f *sales.OrderFacts) {
			f.Refund = &sales.RefundFacts{Amount: 5, Method: "cash"}
		})},
		{name: "order-refunded-transfer", kind: sales.OrderRefundedMail, facts: with(order(), func(f *sales.OrderFacts) {
			f.Refund = &sales.RefundFacts{Amount: 125480, Method: "transfer"}
		})},
		{name: "order-refunded-other", kind: sales.OrderRefundedMail, facts: with(order(), func(f *sales.OrderFacts) {
			f.Refund = &sales.RefundFacts{Amount: 100, Method: "other"}
		})},
	}
}

func otherCases() []told {
	someone := staff.RegistrationFacts{ID: 3, Name: "Mia", Email: "mia@example.com"}
	return []told{
		{name: "new-orders-three", kind: alerts.NewOrdersMail, facts: alerts.NewOrdersFacts{Orders: rush(), Stop: "stop-1"}},
		{name: "new-orders-rush", kind: alerts.NewOrdersMail, facts: alerts.NewOrdersFacts{Orders: rush(), More: 40, Stop: "stop-1"}},
		{name: "registration-pending-no-note", kind: "registration-pending", facts: someone},
		{name: "registration-approved-admin", kind: "registration-approved", facts: with(someone, func(f *staff.RegistrationFacts) { f.Role = staff.Admin })},
		{name: "registration-approved-employee", kind: "registration-approved", facts: with(someone, func(f *staff.RegistrationFacts) { f.Role = staff.Employee })},
		{name: "mail-broken-nothing-late", kind: alerts.MailBrokenMail, facts: alerts.MailBrokenFacts{Since: at("2026-11-19T06:00:00Z"), Until: at("2026-11-19T06:05:00Z"), Reply: "no answer in time"}},
		{name: "mail-broken-one", kind: alerts.MailBrokenMail, facts: alerts.MailBrokenFacts{Since: at("2026-11-19T06:00:00Z"), Until: at("2026-11-19T06:05:00Z"), Waiting: 1}},
		{name: "self-check-one", kind: alerts.SelfCheckMail, facts: alerts.SelfCheckFacts{Findings: wrong("new room")}},
		{name: "self-check-everywhere", kind: alerts.SelfCheckMail, facts: alerts.SelfCheckFacts{Findings: wrong("staff", "catalog", "customers", "purchasing", "sales", "imports")}},
	}
}

func wrong(rooms ...string) (findings []alerts.CheckFinding) {
	for _, room := range rooms {
		findings = append(findings, alerts.CheckFinding{Room: room, Rule: "all is well", Row: "row 1", Message: "It is wrong."})
	}
	return findings
}

func item(name string, available int64) alerts.StockItem {
	return alerts.StockItem{VariantID: 4, ProductID: 2, LocationID: 1, SKU: "SKU-" + name[:1], Name: name, Store: "Main store", Available: available, ReorderPoint: 10}
}

func stockFacts() alerts.StockFacts {
	return alerts.StockFacts{Buys: true, Mode: alerts.Daily, Stop: "stop/1", Sections: []alerts.StockSection{
		{Kind: alerts.Out, New: []alerts.StockItem{item("Brass lamp", 0)}, Still: []alerts.StockItem{with(item("Tea towel", 0), func(i *alerts.StockItem) { i.Store = "Harbour" })}},
		{Kind: alerts.Low, New: []alerts.StockItem{
			with(item("Blue mug", 2), func(i *alerts.StockItem) { i.Incoming = 24 }), with(item("Beeswax candle", 9), func(i *alerts.StockItem) { i.Incoming, i.ExpectedOn = 1, ref(db.Date("2026-11-26")) }), item("Linen apron", 1),
		}, Recovered: []alerts.StockItem{item("Olive oil", 1240)}, MoreNew: 12},
		{Kind: alerts.Over, New: []alerts.StockItem{
			with(item("Garden chair", 412), func(i *alerts.StockItem) { i.Cover = ref(int64(210)); i.MaxStock = ref(int64(50)) }), item("Snow globe", 75),
		}, Still: []alerts.StockItem{with(item("Parasol", 60), func(i *alerts.StockItem) { i.Cover = ref(int64(1)) })}},
	}}
}

func section(kind alerts.AlertKind, items ...alerts.StockItem) alerts.StockSection {
	return alerts.StockSection{Kind: kind, New: items}
}

func stockCases() []told {
	of := func(mode alerts.AlertMode, sections ...alerts.StockSection) alerts.StockFacts {
		return alerts.StockFacts{Mode: mode, Stop: "stop-1", Sections: sections}
	}
	low := []alerts.StockItem{item("Blue mug", 2), item("Linen apron", 1), item("Tea towel", 8)}
	return []told{
		{name: "stock-digest-one-out", kind: alerts.StockMail, facts: of(alerts.Instant, section(alerts.Out, item("Blue mug", -1)))},
		{name: "stock-digest-one-low", kind: alerts.StockMail, facts: with(of(alerts.Hourly, section(alerts.Low, item("Blue mug", 1))), func(f *alerts.StockFacts) { f.Buys = true })},
		{name: "stock-digest-three-low", kind: alerts.StockMail, facts: of(alerts.Daily, section(alerts.Low, low...))},
		{name: "stock-digest-over-without-sales", kind: alerts.StockMail, facts: of(alerts.Daily, section(alerts.Over, item("Snow globe", 75), item("Parasol", 60)))},
		{name: "stock-digest-one-over", kind: alerts.StockMail, facts: of("", section(alerts.Over, item("Snow globe", 75)))},
		{name: "stock-digest-nothing-new", kind: alerts.StockMail, facts: of(alerts.Daily,
			alerts.StockSection{Kind: alerts.Out, Still: low[:2], MoreStill: 1}, alerts.StockSection{Kind: alerts.Low, Still: low},
			alerts.StockSection{Kind: alerts.Over, Still: low})},
		{name: "stock-digest-one-more-low", kind: alerts.StockMail, facts: with(of(alerts.Daily, alerts.StockSection{Kind: alerts.Low, New: low[1:2], Still: low[2:]}), func(f *alerts.StockFacts) { f.Buys = true })},
		{name: "stock-digest-still-low", kind: alerts.StockMail, facts: of(alerts.Daily, alerts.StockSection{Kind: alerts.Low, Still: low[:1]})},
		{name: "stock-digest-still-over", kind: alerts.StockMail, facts: of(alerts.Daily, alerts.StockSection{Kind: alerts.Over, Still: low})},
		{name: "stock-digest-recovered", kind: alerts.StockMail, facts: of(alerts.Daily, alerts.StockSection{Kind: alerts.Out, Recovered: low})},
		{name: "stock-digest-of-a-store", kind: alerts.StockMail, facts: with(of(alerts.Daily, section(alerts.Low, low...)), func(f *alerts.StockFacts) { f.Stores, f.Stop = []string{"Main store"}, "" })},
	}
}

func fortnightOf(revenue func(i int) money.Amount) (days []reports.DayFigures) {
	for i := range 14 {
		r := revenue(i)
		days = append(days, reports.DayFigures{Date: db.Date("2026-11-06").AddDays(i), Revenue: r, Orders: int64(r / 9000), Units: int64(r / 3000)})
	}
	return days
}

func summary() reports.DaySummary {
	days := fortnightOf(func(i int) money.Amount {
		return []money.Amount{98000, 154990, 210050, 0, 45500, 88000, 111607, 121000, 187500, 176020, 2000, 91550, 99900, 125000}[i]
	})
	days[13].Orders, days[13].Units, days[13].Refunds, days[13].Refunded = 14, 31, 2, 3000
	return reports.DaySummary{Date: "2026-11-19", Currency: "EUR", Today: days[13], Before: days[6], Margin: ref(money.Amount(41250)), Days: days,
		Payments: []reports.DayPayments{{Method: "cash", Amount: 40000}, {Method: "card", Amount: 82000}, {Method: "transfer", Amount: -1000}, {Method: "other", Amount: 500}},
		Top:      []reports.DaySeller{{ProductID: 2, Name: "Blue mug", Units: 12, Revenue: 15000}, {ProductID: 3, Name: "Brass lamp with a linen shade", Units: 1, Revenue: 8900}},
		Flop: []reports.DayLaggard{{ProductID: 5, Name: "Snow globe", OnHand: 75}, {ProductID: 6, Name: "Parasol", OnHand: 1060, Days: ref(int64(45))},
			{ProductID: 7, Name: "Sledge", OnHand: 3, Days: ref(int64(1))}},
		Stock:   reports.DayStock{Out: 2, Low: 13, Over: 1},
		Waiting: reports.DayWaiting{Orders: 3, Oldest: "1031", OldestID: 1, Since: ref(at("2026-11-16T08:12:00Z")), Late: 1}, Stop: "stop-1"}
}

func summaryCases() []told {
	of := func(name string, change func(*reports.DaySummary)) told {
		return told{name: "daily-summary-" + name, kind: reports.SummaryMail, facts: with(summary(), change)}
	}
	compared := func(name string, today, before money.Amount, soFar bool) told {
		return of(name, func(f *reports.DaySummary) { f.Today.Revenue, f.Before.Revenue, f.SoFar = today, before, soFar })
	}
	quiet := func(f *reports.DaySummary) {
		f.Today, f.Payments, f.Top = reports.DayFigures{Date: f.Date}, nil, nil
	}
	cases := []told{
		of("quiet", quiet),
		of("quiet-so-far", func(f *reports.DaySummary) { quiet(f); f.SoFar = true }),
		of("quiet-of-two-stores", func(f *reports.DaySummary) { quiet(f); f.Stores = []string{"Main store", "Harbour"} }),
		of("of-a-store", func(f *reports.DaySummary) {
			f.Stores, f.Margin, f.Waiting, f.Stock = []string{"Harbour"}, nil, reports.DayWaiting{}, reports.DayStock{}
			f.Today.Refunds, f.Today.Refunded, f.Today.Orders = 0, 0, 1
		}),
		of("all-zero-chart", func(f *reports.DaySummary) { f.Days = fortnightOf(func(int) money.Amount { return 0 }) }),
		of("first-days", func(f *reports.DaySummary) { f.Days = f.Days[11:] }),
		of("peak-first", func(f *reports.DaySummary) {
			f.Days = fortnightOf(func(i int) money.Amount { return money.Amount(14-i) * 99_999_999 })
		}),
		of("so-far", func(f *reports.DaySummary) { f.SoFar = true }),
		of("only-refunds", func(f *reports.DaySummary) { quiet(f); f.Today.Refunds, f.Today.Refunded = 1, 3000 }),
		of("only-payments", func(f *reports.DaySummary) { quiet(f); f.Payments = summary().Payments[:1] }),
		of("only-cancelled", func(f *reports.DaySummary) { quiet(f); f.Today.Revenue = -5000 }),
		of("waste", func(f *reports.DaySummary) {
			f.Waste = &reports.DayWaste{Units: 3, Cost: ref(money.Amount(1250)), Shrinkage: 1, Donated: 12, Rate: ref(int64(2600))}
		}),
		of("waste-without-costs", func(f *reports.DaySummary) { f.Waste = &reports.DayWaste{Units: 1, Rate: ref(int64(400))} }),
		of("huge", func(f *reports.DaySummary) {
			f.Today.Revenue, f.Before.Revenue, f.Today.Orders = money.Max, 1, 1234567
			f.Days = fortnightOf(func(i int) money.Amount { return money.Max - money.Amount(13-i) })
		}),
	}
	for i, c := range []struct {
		today, before money.Amount
		soFar         bool
	}{
		{125000, 0, false}, {125000, 125000, false}, {125000, 125000, true}, {125000, 125001, false}, {125000, 125001, true},
		{50000, 125000, false}, {50000, 125000, true}, {126000, 125000, true}, {50000, -100, false},
	} {
		cases = append(cases, compared(fmt.Sprintf("compared-%d", i+1), c.today, c.before, c.soFar))
	}
	return cases
}
