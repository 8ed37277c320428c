package purchasing

import (
	"cmp"
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/customers"
	"onhand/db/money"
	"onhand/db/outbox"
	"onhand/db/settings"
)

// PurchaseMail is the mail that brings an order to a supplier.
const PurchaseMail = "purchase-order"

// PurchaseSending sends an order to its supplier.
type PurchaseSending struct {
	PurchaseMove
	Mail    *bool  `json:"mail,omitempty" doc:"true mails it as a PDF, false says that it was ordered otherwise; left out, it is mailed where there is an address"`
	To      string `json:"to,omitempty" maxLength:"254" doc:"the supplier's address when left out"`
	Message string `json:"message,omitempty" maxLength:"2000" doc:"what the mail says above the order"`
	Again   bool   `json:"again,omitempty" doc:"mail an order that was sent once more"`
}

// Send orders what a draft has: it gets its number, and what it has is on its way. It is mailed as a PDF, unless it was ordered on the
// telephone. What was sent stays as it is, unless it shall be mailed once more. It fails with no_address, bad_email, archived, stale and
// illegal_move.
func Send(ctx context.Context, d *db.DB, id int64, in PurchaseSending) (*PurchaseOrder, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*PurchaseOrder, error) { return SendIn(tx, id, in) })
}

// SendIn is Send inside a transaction.
func SendIn(tx *db.Tx, id int64, in PurchaseSending) (*PurchaseOrder, error) {
	p, err := orderIn(tx, id)
	if err != nil {
		return nil, err
	}
	if p.SentAt != nil && !in.Again && p.Status != PurchaseCancelled {
		return p.seenBy(tx.Actor), nil
	}
	if err := in.fresh(tx, p); err != nil {
		return nil, err
	}
	if p.ClosedAt != nil {
		return nil, db.Illegal("purchase order", p.Status, PurchaseSent)
	}
	supplier, err := catalog.SupplierIn(tx, p.SupplierID)
	if err != nil {
		return nil, err
	}
	to, err := in.recipient(supplier)
	if err != nil {
		return nil, err
	}
	message, err := db.Note("message", in.Message, 2000)
	if err != nil {
		return nil, err
	}
	step := PurchaseStep{Kind: "mailed", MailedTo: to}
	if p.SentAt == nil {
		if err := supplier.Current(); err != nil {
			return nil, err
		}
		if err := p.order(tx, supplier); err != nil {
			return nil, err
		}
		step.Kind = "sent"
	} else if to == "" {
		return p.seenBy(tx.Actor), nil // once more by telephone is nothing to write down
	}
	if to != "" {
		if err := p.mail(tx, supplier, to, message); err != nil {
			return nil, err
		}
	}
	return p.save(tx, step)
}

// recipient is whom an order is mailed to, empty where it is not mailed.
func (in PurchaseSending) recipient(s *catalog.Supplier) (string, error) {
	if in.Mail != nil && !*in.Mail {
		return "", nil
	}
	to, err := customers.Email("to", cmp.Or(in.To, s.Email))
	if err == nil && to == "" && in.Mail != nil {
		err = db.Refuse("no_address", "to", "There is no email address of %s. Give one, or order another way.", s.Name).With("name", s.Name)
	}
	return to, err
}

// order numbers a draft and lets all of it be on its way.
func (p *PurchaseOrder) order(tx *db.Tx, s *catalog.Supplier) error {
	n, err := tx.Next("purchases", firstPurchase)
	if err != nil {
		return err
	}
	day, err := today(tx)
	if err != nil {
		return err
	}
	if p.ExpectedOn == nil || *p.ExpectedOn < day {
		if p.ExpectedOn, err = p.due(tx, s, day); err != nil {
			return err
		}
	}
	p.Status, p.Number, p.SentAt = PurchaseSent, fmt.Sprintf("P-%d", n), &tx.Now
	for i := range p.Lines {
		l := &p.Lines[i]
		l.OnWay = l.Quantity
		if err := p.expect(tx, l, l.OnWay); err != nil {
			return db.Blame(err, "lines[%d]", i)
		}
	}
	if _, err := tx.Exec("UPDATE purchase_lines SET on_way = quantity WHERE purchase_id = ?1", p.ID); err != nil {
		return fmt.Errorf("send the lines of an order: %w", err)
	}
	return nil
}

// PurchaseFacts are what the paper of an order says, as they were when it was sent.
type PurchaseFacts struct {
	ID              int64               `json:"id"`
	Number          string              `json:"number"` // empty of a draft
	Shop            string              `json:"shop"`
	Address         string              `json:"address"`
	Language        string              `json:"language"`
	PaperSize       string              `json:"paperSize"`
	Currency        string              `json:"currency"`
	Supplier        string              `json:"supplier"`
	Contact         string              `json:"contact,omitempty"`
	SupplierAddress string              `json:"supplierAddress,omitempty"`
	DeliverTo       string              `json:"deliverTo"`
	SentOn          *db.Date            `json:"sentOn,omitempty"`
	ExpectedOn      *db.Date            `json:"expectedOn,omitempty"`
	Note            string              `json:"note,omitempty"`
	Lines           []PurchaseLineFacts `json:"lines"`
	Total           money.Amount        `json:"total"`
	Message         string              `json:"message,omitempty"` // of the mail
}

// PurchaseLineFacts are one line of it.
type PurchaseLineFacts struct {
	Code     string       `json:"code,omitempty"`
	SKU      string       `json:"sku"`
	Name     string       `json:"name"`
	Quantity int64        `json:"quantity"`
	UnitCost money.Amount `json:"unitCost"`
	Cost     money.Amount `json:"cost"`
}

// Facts are what the paper of an order says; not_found where the actor does not see its location. They hold costs, whoever asks.
func Facts(ctx context.Context, d *db.DB, id int64) (f *PurchaseFacts, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		p, err := orderIn(tx, id)
		if err != nil {
			return err
		}
		s, err := catalog.SupplierIn(tx, p.SupplierID)
		if err != nil {
			return err
		}
		f, err = p.facts(tx, s)
		return err
	})
	return f, err
}

func (p *PurchaseOrder) facts(tx *db.Tx, s *catalog.Supplier) (*PurchaseFacts, error) {
	shop, err := settings.In(tx)
	if err != nil {
		return nil, err
	}
	f := &PurchaseFacts{ID: p.ID, Number: p.Number, Shop: shop.Name, Address: shop.Address, Language: shop.Language, PaperSize: shop.PaperSize, Currency: shop.Currency,
		Supplier: s.Name, Contact: s.Contact, SupplierAddress: s.Address, DeliverTo: p.LocationName, ExpectedOn: p.ExpectedOn, Note: p.Note, Total: p.Costs.Ordered}
	if p.SentAt != nil {
		on := shop.Today(*p.SentAt)
		f.SentOn = &on
	}
	for _, l := range p.Lines {
		f.Lines = append(f.Lines, PurchaseLineFacts{Code: l.Code, SKU: l.SKU, Name: l.Name, Quantity: l.Quantity, UnitCost: *l.UnitCost, Cost: *l.Cost})
	}
	return f, nil
}

// mail queues an order for its supplier. The version makes each sending a mail of its own.
func (p *PurchaseOrder) mail(tx *db.Tx, s *catalog.Supplier, to, message string) error {
	f, err := p.facts(tx, s)
	if err != nil {
		return err
	}
	f.Message = message
	return outbox.Queue(tx, outbox.Mail{Kind: PurchaseMail, To: to, Key: fmt.Sprintf("%s/%d/%d", PurchaseMail, p.ID, p.Version+1), Facts: f, LocationID: p.LocationID, Costs: true})
}
