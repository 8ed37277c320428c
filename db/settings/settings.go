// Package settings is what the owner decides: one immutable snapshot, swapped
// after the commit that changed it.
package settings

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a shop's computer may have no zone database

	"onhand/db"
	"onhand/db/money"
)

// Settings is one state of what the owner decided.
type Settings struct {
	Version          int64  `json:"version"`
	Name             string `json:"name" doc:"the shop's name"`
	Currency         string `json:"currency" doc:"ISO 4217 code; fixed from the first order on"`
	CurrencyDigits   int    `json:"currencyDigits" bun:"-" doc:"decimals of the currency's minor unit"`
	TimeZone         string `json:"timeZone" doc:"IANA name; it decides where a business day ends"`
	PricesIncludeTax bool   `json:"pricesIncludeTax" doc:"fixed from the first order on"`
	Language         string `json:"language" doc:"BCP 47 tag, of mails and papers"`
	DefaultTaxRate   int64  `json:"defaultTaxRate" doc:"thousandths of a percent, for new products"`
	// TaxRates are rates by name, for whoever sets one.
	TaxRates TaxRates `json:"taxRates" doc:"rates by name; products and orders keep the rate itself"`
	// ShippingTaxRate is for shipping that comes without a rate.
	ShippingTaxRate *money.Rate `json:"shippingTaxRate" doc:"thousandths of a percent; null for the highest rate of an order's goods"`
	// DefaultLocationID is the store that sells when none is named; 0 before set-up made one.
	DefaultLocationID int64  `json:"defaultLocationId"`
	ReceiptNote       string `json:"receiptNote" doc:"printed at the foot of receipts"`
	Address           string `json:"address" doc:"printed on receipts and invoices"`
	TaxNumber         string `json:"taxNumber" doc:"printed on receipts and invoices"`
	ReceiptWidth      int    `json:"receiptWidth" enum:"80,58" doc:"of the receipt printer's paper, in millimetres"`
	PaperSize         string `json:"paperSize" enum:"a4,letter" doc:"of invoices, packing slips and pick lists"`
	InvoicePrefix     string `json:"invoicePrefix" doc:"before the number of an invoice: each prefix is a series without gaps"`
	CreditNotePrefix  string `json:"creditNotePrefix" doc:"before the number of a credit note"`
	// PublicURL is where people reach the shop, without a slash at the end; what the program was started with goes first.
	PublicURL string       `json:"publicUrl" doc:"where links in mails lead; what the program was started with goes before it" bun:"public_url"`
	Mail      MailSettings `json:"mail" bun:"embed:mail_"`
	// The times of day at which the day before is summed up, digests leave and the books are checked, in the shop's zone.
	SummaryTime   string `json:"summaryTime" doc:"when the summary of the day before is mailed, as 07:00"`
	DigestTime    string `json:"digestTime" doc:"when daily digests are mailed, as 07:00"`
	SelfCheckTime string `json:"selfCheckTime" doc:"when the shop checks its books, as 03:00"`
	// OverstockDays is for how long stock may last before it is too much.
	OverstockDays int `json:"overstockDays" doc:"stock that lasts longer than so many days is too much"`
	// ExpiryDays is for how many days before a lot expires it is said to.
	ExpiryDays int `json:"expiryDays" doc:"a lot that expires within so many days is said to"`
	// OrderDays and ServiceLevel are what advice on buying goes by: for how many days an order lasts once it is here, and in how many of
	// a hundred waits for a delivery nothing runs out.
	OrderDays    int `json:"orderDays" doc:"for how many days an order at a supplier should last once it is here"`
	ServiceLevel int `json:"serviceLevel" doc:"in how many of a hundred waits for a delivery the stock should last, as 95"`
	// OrderCost and HoldingRate say which quantity is cheapest to order at once; 0 where nobody said.
	OrderCost   money.Amount `json:"orderCost" doc:"what it costs to place an order at a supplier and take it in, whatever is ordered, in minor units; 0 where nobody said"`
	HoldingRate money.Rate   `json:"holdingRate" doc:"what it costs to keep goods for a year, in thousandths of a percent of what they cost; 0 where nobody said"`
	// What holds for tills: whether cash needs one, who counts blind, and what difference needs no reason.
	TillRequired  bool         `json:"tillRequired" doc:"whether cash is taken and given back only through an open till"`
	TillBlind     bool         `json:"tillBlind" doc:"whether what should be in a till is hidden, until it is closed, from those without tills.read"`
	TillTolerance money.Amount `json:"tillTolerance" doc:"by how much a till may differ without a reason, in minor units"`
	// Holds are for how long unpaid orders hold their stock.
	Holds HoldSettings `json:"holds" bun:"embed:hold_"`

	Logo     bool    `json:"logo" bun:"-" doc:"whether mails carry the shop's picture"`
	OpenedAt db.Time `json:"openedAt" format:"date-time" doc:"when the shop was set up"`
	Frozen   bool    `json:"frozen" doc:"whether currency and tax mode can no longer change"`
	// Demo says whether the shop is one to look around in.
	Demo DemoState `json:"demo" enum:",filling,in" doc:"filling while the demo moves in, in once it is there, else empty"`

	// DemoStore is the first store that the demo opened.
	DemoStore int64 `json:"-"`

	zone *time.Location
}

// NewShop is what set-up needs to know of a shop.
type NewShop struct {
	Name             string `json:"name" minLength:"1" maxLength:"100"`
	Currency         string `json:"currency" minLength:"3" maxLength:"3" doc:"ISO 4217 code"`
	TimeZone         string `json:"timeZone" maxLength:"64" doc:"IANA name"`
	PricesIncludeTax *bool  `json:"pricesIncludeTax,omitempty" doc:"true when left out"`
	Language         string `json:"language,omitempty" maxLength:"10" doc:"en when left out"`
	PublicURL        string `json:"publicUrl,omitempty" maxLength:"300" doc:"where people reach the shop: links in mails lead there"`
}

// Change is a change of settings; what is left out stays.
type Change struct {
	Version           *int64             `json:"version,omitempty"`
	Name              *string            `json:"name,omitempty" minLength:"1" maxLength:"100"`
	Currency          *string            `json:"currency,omitempty" minLength:"3" maxLength:"3"`
	TimeZone          *string            `json:"timeZone,omitempty" maxLength:"64"`
	PricesIncludeTax  *bool              `json:"pricesIncludeTax,omitempty"`
	Language          *string            `json:"language,omitempty" maxLength:"10"`
	DefaultTaxRate    *int64             `json:"defaultTaxRate,omitempty" minimum:"0" maximum:"100000"`
	TaxRates          *TaxRates          `json:"taxRates,omitempty" maxItems:"20" doc:"all of them as they shall be"`
	ShippingTaxRate   money.OptionalRate `json:"shippingTaxRate,omitzero" doc:"null for the highest rate of an order's goods"`
	DefaultLocationID *int64             `json:"defaultLocationId,omitempty" minimum:"1"`
	ReceiptNote       *string            `json:"receiptNote,omitempty" maxLength:"500"`
	Address           *string            `json:"address,omitempty" maxLength:"500"`
	TaxNumber         *string            `json:"taxNumber,omitempty" maxLength:"50"`
	ReceiptWidth      *int               `json:"receiptWidth,omitempty" enum:"80,58"`
	PaperSize         *string            `json:"paperSize,omitempty" enum:"a4,letter"`
	InvoicePrefix     *string            `json:"invoicePrefix,omitempty" maxLength:"20"`
	CreditNotePrefix  *string            `json:"creditNotePrefix,omitempty" maxLength:"20"`
	PublicURL         *string            `json:"publicUrl,omitempty" maxLength:"300"`
	Mail              *MailChange        `json:"mail,omitempty"`
	SummaryTime       *string            `json:"summaryTime,omitempty" maxLength:"5"`
	DigestTime        *string            `json:"digestTime,omitempty" maxLength:"5"`
	SelfCheckTime     *string            `json:"selfCheckTime,omitempty" maxLength:"5"`
	OverstockDays     *int               `json:"overstockDays,omitempty" minimum:"1" maximum:"3650"`
	ExpiryDays        *int               `json:"expiryDays,omitempty" minimum:"1" maximum:"3650"`
	OrderDays         *int               `json:"orderDays,omitempty" minimum:"1" maximum:"365"`
	ServiceLevel      *int               `json:"serviceLevel,omitempty" minimum:"50" maximum:"99"`
	OrderCost         *money.Amount      `json:"orderCost,omitempty" minimum:"0" maximum:"9007199254740991"`
	HoldingRate       *money.Rate        `json:"holdingRate,omitempty" minimum:"0" maximum:"100000"`
	TillRequired      *bool              `json:"tillRequired,omitempty"`
	TillBlind         *bool              `json:"tillBlind,omitempty"`
	TillTolerance     *money.Amount      `json:"tillTolerance,omitempty" minimum:"0" maximum:"9007199254740991"`
	Holds             *HoldChange        `json:"holds,omitempty"`

	sealed *string // the mail password, for the file
}

// Languages the interface is worded in.
var Languages = []string{"en", "de"}

// When the day is summed up and checked until the owner decides.
const (
	usualTime      = "07:00"
	usualCheckTime = "03:00"
)

// errNotSetUp is what everything answers before the shop exists.
var errNotSetUp = db.Errorf(db.Conflict, "not_set_up", "This shop is not set up yet. Open it in a browser and follow the steps.")

const columns = `version, name, currency, time_zone, prices_include_tax, language, default_tax_rate, tax_rates, shipping_tax_rate,
	coalesce(default_location_id, 0) AS default_location_id, receipt_note, address, tax_number, frozen, opened_at, public_url,
	mail_host, mail_port, mail_username, mail_password AS mail_sealed, mail_security, mail_from, owner_recipients AS mail_owner_recipients,
	summary_time, digest_time, self_check_time, overstock_days, expiry_days, order_days, service_level, order_cost, holding_rate, demo, demo_store,
	till_required, till_blind, till_tolerance, receipt_width, paper_size, invoice_prefix, credit_note_prefix,
	hold_cash, hold_card, hold_transfer, hold_other, hold_counter, hold_phone, hold_api`

// Zone is where the shop's days begin and end.
func (s *Settings) Zone() *time.Location { return s.zone }

// Today is the business date of a moment.
func (s *Settings) Today(now db.Time) db.Date { return now.Date(s.zone) }

// Current is the snapshot in force; not_set_up before set-up.
func Current(ctx context.Context, d *db.DB) (*Settings, error) {
	if s, ok := d.Settings.Load().(*Settings); ok {
		return s, nil
	}
	var s *Settings
	err := db.Read(ctx, d, func(tx *db.Tx) (err error) {
		s, err = load(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	// A set-up that lands in between swaps in its own; the older one must not win.
	d.Settings.CompareAndSwap(nil, s)
	return s, nil
}

// In is the state inside a transaction, with what the transaction itself changed.
func In(tx *db.Tx) (*Settings, error) {
	if s, ok := tx.DB().Settings.Load().(*Settings); ok {
		var v int64
		if err := tx.Row("SELECT version FROM settings", nil, &v); err != nil {
			return nil, fmt.Errorf("read settings: %w", err)
		}
		if v == s.Version {
			return s, nil
		}
	}
	return load(tx)
}

func load(tx *db.Tx) (*Settings, error) {
	s := new(Settings)
	err := tx.Get(s, "SELECT "+columns+" FROM settings")
	if errors.Is(err, db.ErrNoRow) {
		return nil, errNotSetUp
	}
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	if s.zone, err = time.LoadLocation(s.TimeZone); err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	s.CurrencyDigits, _ = money.Decimals(s.Currency)
	s.Mail.PasswordSet = s.Mail.Sealed != ""
	if err := tx.Row("SELECT EXISTS (SELECT 1 FROM shop_logo)", nil, &s.Logo); err != nil {
		return nil, fmt.Errorf("look for the logo: %w", err)
	}
	return s, nil
}

// SetUp makes the shop; already_set_up when there is one.
func SetUp(tx *db.Tx, in NewShop) (*Settings, error) {
	if _, err := load(tx); err == nil {
		return nil, db.Errorf(db.Conflict, "already_set_up", "This shop is set up already. Sign in.")
	} else if !errors.Is(err, errNotSetUp) {
		return nil, err
	}
	s := &Settings{Version: 1, Name: in.Name, TaxRates: TaxRates{}, Currency: in.Currency, TimeZone: in.TimeZone, Language: in.Language, PricesIncludeTax: true,
		PublicURL: in.PublicURL, OpenedAt: tx.Now, SummaryTime: usualTime, DigestTime: usualTime, SelfCheckTime: usualCheckTime, OverstockDays: 90, ExpiryDays: 30, OrderDays: 7, ServiceLevel: 95,
		ReceiptWidth: usualReceiptWidth, PaperSize: usualPaperSize, InvoicePrefix: usualInvoicePrefix, CreditNotePrefix: usualCreditNotePrefix,
		Holds: usualHolds, Mail: MailSettings{Port: 587, Security: StartTLS, OwnerRecipients: Addresses{}}}
	if in.PricesIncludeTax != nil {
		s.PricesIncludeTax = *in.PricesIncludeTax
	}
	if s.Language == "" {
		s.Language = "en"
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	_, err := tx.Exec(`INSERT INTO settings (id, version, name, currency, time_zone, prices_include_tax, language, public_url, opened_at)
		VALUES (1, 1, ?1, ?2, ?3, ?4, ?5, ?6, ?7)`, s.Name, s.Currency, s.TimeZone, s.PricesIncludeTax, s.Language, s.PublicURL, s.OpenedAt)
	if err != nil {
		return nil, fmt.Errorf("set up the shop: %w", err)
	}
	if err := tx.Audit("settings", 1, nil, s); err != nil {
		return nil, err
	}
	return s, publish(tx, s)
}

// Save changes settings. A version that is not the present one is `stale`;
// currency and tax mode are `frozen` once there was an order.
func Save(ctx context.Context, d *db.DB, in Change) (*Settings, error) {
	if err := in.sealPassword(d); err != nil {
		return nil, err
	}
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Settings, error) { return SaveIn(tx, in) })
}

// SaveIn is Save inside a transaction.
func SaveIn(tx *db.Tx, in Change) (*Settings, error) {
	before, err := load(tx)
	if err != nil {
		return nil, err
	}
	if in.Version != nil && *in.Version != before.Version {
		return nil, db.Stale(before)
	}
	s := *before
	set(&s.Name, in.Name)
	set(&s.Currency, in.Currency)
	set(&s.TimeZone, in.TimeZone)
	set(&s.PricesIncludeTax, in.PricesIncludeTax)
	set(&s.Language, in.Language)
	set(&s.DefaultTaxRate, in.DefaultTaxRate)
	if in.TaxRates != nil {
		s.TaxRates = slices.Clone(*in.TaxRates)
	}
	if in.ShippingTaxRate.Sent {
		s.ShippingTaxRate = in.ShippingTaxRate.Rate
	}
	set(&s.DefaultLocationID, in.DefaultLocationID)
	set(&s.ReceiptNote, in.ReceiptNote)
	set(&s.Address, in.Address)
	set(&s.TaxNumber, in.TaxNumber)
	set(&s.ReceiptWidth, in.ReceiptWidth)
	set(&s.PaperSize, in.PaperSize)
	set(&s.InvoicePrefix, in.InvoicePrefix)
	set(&s.CreditNotePrefix, in.CreditNotePrefix)
	set(&s.PublicURL, in.PublicURL)
	set(&s.SummaryTime, in.SummaryTime)
	set(&s.DigestTime, in.DigestTime)
	set(&s.SelfCheckTime, in.SelfCheckTime)
	set(&s.OverstockDays, in.OverstockDays)
	set(&s.ExpiryDays, in.ExpiryDays)
	set(&s.OrderDays, in.OrderDays)
	set(&s.ServiceLevel, in.ServiceLevel)
	set(&s.OrderCost, in.OrderCost)
	set(&s.HoldingRate, in.HoldingRate)
	set(&s.TillRequired, in.TillRequired)
	set(&s.TillBlind, in.TillBlind)
	set(&s.TillTolerance, in.TillTolerance)
	s.Holds.change(in.Holds)
	s.Mail.change(in.Mail, in.sealed)
	if err := s.check(); err != nil {
		return nil, err
	}
	if err := s.Mail.typeAgain(before.Mail, in.sealed != nil); err != nil {
		return nil, err
	}
	if s.TimeZone == before.TimeZone {
		s.zone = before.zone // each load makes a new one, and settings are compared whole
	}
	if reflect.DeepEqual(s, *before) {
		return before, nil
	}
	if before.Frozen && (s.Currency != before.Currency || s.PricesIncludeTax != before.PricesIncludeTax) {
		return nil, db.Errorf(db.Conflict, "frozen", "Currency and tax mode cannot change once there are orders: past orders would no longer add up.")
	}
	if s.DefaultLocationID != before.DefaultLocationID {
		var id int64
		if err := tx.Row("SELECT id FROM locations WHERE id = ?1", []any{s.DefaultLocationID}, &id); err != nil {
			return nil, db.Blame(db.Found(err, "location"), "defaultLocationId")
		}
	}
	return &s, write(tx, before, &s)
}

// Freeze fixes currency and tax mode; called when the first order is placed.
func Freeze(tx *db.Tx, s *Settings) error {
	if s.Frozen {
		return nil
	}
	frozen := *s
	frozen.Frozen = true
	return write(tx, s, &frozen)
}

func write(tx *db.Tx, before, s *Settings) error {
	s.Version = before.Version + 1
	_, err := tx.Exec(`UPDATE settings SET version = ?1, name = ?2, currency = ?3, time_zone = ?4, prices_include_tax = ?5, language = ?6,
		default_tax_rate = ?7, default_location_id = nullif(?8, 0), receipt_note = ?9, address = ?10, tax_number = ?11, frozen = ?12,
		public_url = ?13, summary_time = ?14, digest_time = ?15, self_check_time = ?16, overstock_days = ?17, mail_host = ?18, mail_port = ?19,
		mail_username = ?20, mail_password = ?21, mail_security = ?22, mail_from = ?23, owner_recipients = ?24,
		expiry_days = ?25, demo = ?26, opened_at = ?27, demo_store = ?28, till_required = ?29, till_blind = ?30, till_tolerance = ?31,
		receipt_width = ?32, paper_size = ?33, invoice_prefix = ?34, credit_note_prefix = ?35,
		hold_cash = ?36, hold_card = ?37, hold_transfer = ?38, hold_other = ?39, hold_counter = ?40, hold_phone = ?41, hold_api = ?42,
		tax_rates = ?43, shipping_tax_rate = ?44, order_days = ?45, service_level = ?46, order_cost = ?47, holding_rate = ?48`,
		s.Version, s.Name, s.Currency, s.TimeZone, s.PricesIncludeTax, s.Language,
		s.DefaultTaxRate, s.DefaultLocationID, s.ReceiptNote, s.Address, s.TaxNumber, s.Frozen,
		s.PublicURL, s.SummaryTime, s.DigestTime, s.SelfCheckTime, s.OverstockDays, s.Mail.Host, s.Mail.Port,
		s.Mail.Username, s.Mail.Sealed, string(s.Mail.Security), s.Mail.From, s.Mail.OwnerRecipients.text(),
		s.ExpiryDays, string(s.Demo), s.OpenedAt, s.DemoStore, s.TillRequired, s.TillBlind, s.TillTolerance,
		s.ReceiptWidth, s.PaperSize, s.InvoicePrefix, s.CreditNotePrefix,
		s.Holds.Cash, s.Holds.Card, s.Holds.Transfer, s.Holds.Other, s.Holds.Counter, s.Holds.Phone, s.Holds.API,
		s.TaxRates.text(), s.ShippingTaxRate, s.OrderDays, s.ServiceLevel, s.OrderCost, s.HoldingRate)
	if err != nil {
		return fmt.Errorf("save settings: %w", err)
	}
	if err := tx.Audit("settings", 1, before, s); err != nil {
		return err
	}
	return publish(tx, s)
}

// publish swaps the snapshot after the commit, and tells about the change.
func publish(tx *db.Tx, s *Settings) error {
	d := tx.DB()
	tx.After(func() { d.Settings.Store(s) })
	return tx.Emit("settings", 1, s.Version)
}

// check validates and fills what follows from other fields.
func (s *Settings) check() (err error) {
	if s.Name, err = db.Required("name", s.Name, 100); err != nil {
		return err
	}
	s.Currency = strings.ToUpper(strings.TrimSpace(s.Currency))
	digits, known := money.Decimals(s.Currency)
	if !known {
		return db.Refuse("unknown_currency", "currency", "There is no currency %q. Use its three letters, such as EUR.", s.Currency)
	}
	s.CurrencyDigits = digits
	if s.TimeZone == "" || s.TimeZone == "Local" {
		return db.Refuse("unknown_zone", "timeZone", "Name the time zone, such as Europe/Berlin.")
	}
	if s.zone, err = time.LoadLocation(s.TimeZone); err != nil {
		return db.Refuse("unknown_zone", "timeZone", "There is no time zone of this name. Use one such as Europe/Berlin.")
	}
	if !slices.Contains(Languages, s.Language) {
		return db.Refuse("unknown_language", "language", "This language is not there yet. Choose one of %s.", strings.Join(Languages, ", "))
	}
	if s.DefaultTaxRate < 0 || s.DefaultTaxRate > 100_000 {
		return db.Refuse("bad_rate", "defaultTaxRate", "A tax rate lies between 0 and 100%%.")
	}
	if s.ShippingTaxRate != nil && (*s.ShippingTaxRate < 0 || *s.ShippingTaxRate > money.Whole) {
		return db.Refuse("bad_rate", "shippingTaxRate", "A tax rate lies between 0 and 100%%.")
	}
	if err := s.TaxRates.check(); err != nil {
		return err
	}
	if s.ReceiptNote, err = db.Note("receiptNote", s.ReceiptNote, 500); err != nil {
		return err
	}
	if s.Address, err = db.Note("address", s.Address, 500); err != nil {
		return err
	}
	if s.TaxNumber, err = db.Text("taxNumber", s.TaxNumber, 50); err != nil {
		return err
	}
	if err := s.checkPapers(); err != nil {
		return err
	}
	if s.PublicURL, err = publicURL(s.PublicURL); err != nil {
		return err
	}
	for _, clock := range []struct {
		field string
		time  *string
	}{{"summaryTime", &s.SummaryTime}, {"digestTime", &s.DigestTime}, {"selfCheckTime", &s.SelfCheckTime}} {
		if err := checkClock(clock.field, clock.time); err != nil {
			return err
		}
	}
	for field, days := range map[string]int{"overstockDays": s.OverstockDays, "expiryDays": s.ExpiryDays} {
		if days < 1 || days > 3650 {
			return db.Refuse("bad_days", field, "Choose from 1 to 3650 days.")
		}
	}
	if s.OrderDays < 1 || s.OrderDays > 365 {
		return db.Refuse("bad_order_days", "orderDays", "Choose from 1 to 365 days.")
	}
	if s.ServiceLevel < 50 || s.ServiceLevel > 99 {
		return db.Refuse("bad_service_level", "serviceLevel", "Choose from 50 to 99 of a hundred.")
	}
	if s.OrderCost < 0 || !s.OrderCost.In() {
		return db.Refuse("bad_order_cost", "orderCost", "What an order costs is 0 or more.")
	}
	if s.HoldingRate < 0 || s.HoldingRate > money.Whole {
		return db.Refuse("bad_holding_rate", "holdingRate", "What it costs to keep goods for a year lies between 0 and 100%% of their cost.")
	}
	return s.Mail.check()
}

func set[T any](field *T, to *T) {
	if to != nil {
		*field = *to
	}
}
