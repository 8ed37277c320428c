package sales

import (
	"context"
	"encoding/json"
	"fmt"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/settings"
)

// InvoiceKind says what an issued document is.
type InvoiceKind string

// The kinds: an invoice asks for what the documents before did not, a credit note takes back what they asked for too much.
const (
	PlainInvoice InvoiceKind = "invoice"
	CreditNote   InvoiceKind = "credit_note"
)

// Invoice is an invoice or a credit note as it was issued. It never changes.
type Invoice struct {
	ID           int64        `json:"id"`
	OrderID      int64        `json:"orderId"`
	Kind         InvoiceKind  `json:"kind" enum:"invoice,credit_note"`
	Number       string       `json:"number" doc:"without a gap in its series"`
	IssuedAt     db.Time      `json:"issuedAt" format:"date-time"`
	BusinessDate db.Date      `json:"businessDate"`
	Tax          money.Amount `json:"tax" doc:"below zero where it takes back, as the total"`
	Total        money.Amount `json:"total" doc:"with tax; all documents of an order add up to what it was worth when the last was issued"`
	Actor        string       `json:"actor" bun:"actor_name" doc:"who issued it"`

	Facts InvoiceFacts `json:"-" bun:"-"`
	Raw   string       `json:"-" bun:"facts"`
}

// OrderInvoices are the documents issued for an order, oldest first, and the one that is missing.
type OrderInvoices struct {
	Items    []Invoice    `json:"items"`
	Next     string       `json:"next" doc:"always empty: the list is whole"`
	Issuable InvoiceKind  `json:"issuable" enum:",invoice,credit_note" doc:"what has to be issued so that the documents say what the order is worth; empty when they do"`
	Unbilled money.Amount `json:"unbilled" doc:"what it would be over; below zero for a credit note"`
}

// Invoices are the documents issued for an order that the actor may see.
func Invoices(ctx context.Context, d *db.DB, orderID int64) (list *OrderInvoices, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		o, err := OrderIn(tx, orderID)
		if err != nil {
			return err
		}
		b, err := billOf(tx, o)
		if err != nil {
			return err
		}
		list = &OrderInvoices{Items: b.issued, Issuable: b.kind(), Unbilled: b.facts.Total}
		if list.Issuable == "" {
			list.Unbilled = 0
		}
		return nil
	})
	return list, err
}

// IssuedInvoice is a document of an order that the actor may see: the one of an id, or the last of its kind when that is 0.
func IssuedInvoice(ctx context.Context, d *db.DB, orderID int64, kind InvoiceKind, id int64) (found *Invoice, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		o, err := OrderIn(tx, orderID)
		if err != nil {
			return err
		}
		found, err = issuedInvoice(tx, o.ID, kind, id)
		return err
	})
	return found, err
}

// TrackedInvoice is the last invoice of the order whose link somebody holds.
func TrackedInvoice(ctx context.Context, d *db.DB, token string) (found *Invoice, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		var orderID int64
		if err := tx.Row("SELECT id FROM orders WHERE token = ?1", []any{token}, &orderID); err != nil {
			return db.Found(err, "invoice")
		}
		found, err = issuedInvoice(tx, orderID, PlainInvoice, 0)
		return err
	})
	return found, err
}

func issuedInvoice(tx *db.Tx, orderID int64, kind InvoiceKind, id int64) (*Invoice, error) {
	issued, err := issuedOf(tx, orderID)
	if err != nil {
		return nil, err
	}
	for i := len(issued) - 1; i >= 0; i-- {
		if inv := &issued[i]; inv.Kind == kind && (id == 0 || inv.ID == id) {
			return inv, nil
		}
	}
	return nil, db.NotFound("document")
}

// Issue issues the invoice or the credit note that an order lacks. When it lacks none of the kind it answers the last one, so that the
// same command repeated is the same document. It fails with not_placed, nothing_to_invoice, no_invoice and nothing_to_credit.
func Issue(ctx context.Context, d *db.DB, orderID int64, kind InvoiceKind, in Command) (*Invoice, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Invoice, error) { return IssueIn(tx, orderID, kind, in) })
}

// IssueIn is Issue inside a transaction.
func IssueIn(tx *db.Tx, orderID int64, kind InvoiceKind, in Command) (*Invoice, error) {
	o, err := OrderIn(tx, orderID)
	if err != nil {
		return nil, err
	}
	if err := o.Printable(); err != nil {
		return nil, err
	}
	b, err := billOf(tx, o)
	if err != nil {
		return nil, err
	}
	if b.kind() != kind {
		return b.last(kind)
	}
	if err := in.fresh(o); err != nil {
		return nil, err
	}
	inv, err := b.issue(tx)
	if err != nil {
		return nil, err
	}
	did := map[InvoiceKind]string{PlainInvoice: "invoiced", CreditNote: "credited"}[kind]
	if err := note(tx, o.ID, did, map[string]any{"number": inv.Number, "total": inv.Total}); err != nil {
		return nil, err
	}
	return inv, tx.Emit("orders", o.ID, o.Version, o.LocationID)
}

// last is the last document of a kind, or why there is none.
func (b *bill) last(kind InvoiceKind) (*Invoice, error) {
	for i := len(b.issued) - 1; i >= 0; i-- {
		if b.issued[i].Kind == kind {
			return &b.issued[i], nil
		}
	}
	switch {
	case kind == PlainInvoice:
		return nil, db.Errorf(db.Conflict, "nothing_to_invoice", "Nothing of this order is left to invoice.")
	case len(b.issued) == 0:
		return nil, db.Errorf(db.Conflict, "no_invoice", "This order has no invoice that a credit note could correct.")
	}
	return nil, db.Errorf(db.Conflict, "nothing_to_credit", "The invoices of this order do not ask for more than it is worth.")
}

// issue gives the bill its number and writes it down. The number is taken with the effect, so that none is lost when it is undone.
func (b *bill) issue(tx *db.Tx) (*Invoice, error) {
	s, err := settings.In(tx)
	if err != nil {
		return nil, err
	}
	if err := b.head(tx, s); err != nil {
		return nil, err
	}
	series := map[InvoiceKind]string{PlainInvoice: s.InvoicePrefix, CreditNote: s.CreditNotePrefix}[b.kind()]
	n, err := tx.Next("invoices "+series, 1)
	if err != nil {
		return nil, err
	}
	inv := &Invoice{OrderID: b.order.ID, Kind: b.kind(), Number: fmt.Sprintf("%s%04d", series, n), IssuedAt: tx.Now, BusinessDate: s.Today(tx.Now),
		Tax: b.facts.Tax, Total: b.facts.Total, Actor: tx.Actor.Name, Facts: b.facts}
	raw, err := json.Marshal(inv.Facts)
	if err != nil {
		return nil, fmt.Errorf("issue %s: %w", inv.Number, err)
	}
	inv.ID, err = tx.Insert(`INSERT INTO invoices (order_id, kind, series, sequence, number, issued_at, business_date, tax, total, last_entry, facts, actor_kind, actor_id, actor_name)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, inv.OrderID, inv.Kind, series, n, inv.Number, inv.IssuedAt, inv.BusinessDate, inv.Tax, inv.Total, b.lastEntry,
		string(raw), string(tx.Actor.Kind), tx.Actor.ID, tx.Actor.Name)
	if err != nil {
		return nil, fmt.Errorf("issue %s: %w", inv.Number, err)
	}
	return inv, nil
}

// issuedOf are the documents of an order, oldest first.
func issuedOf(tx *db.Tx, orderID int64) ([]Invoice, error) {
	issued := []Invoice{}
	err := tx.Select(&issued, "SELECT id, order_id, kind, number, issued_at, business_date, tax, total, actor_name, facts FROM invoices WHERE order_id = ?1 ORDER BY id", orderID)
	for i := range issued {
		if err == nil {
			err = json.Unmarshal([]byte(issued[i].Raw), &issued[i].Facts)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("read the invoices: %w", err)
	}
	return issued, nil
}
