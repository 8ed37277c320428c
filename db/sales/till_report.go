package sales

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/money"
)

// TillReport is a till with what went through it, by method and by person.
type TillReport struct {
	Till
	Hidden  bool         `json:"hidden" doc:"who counts blind is not told what was taken until the till is closed: there are no methods and people"`
	Methods []TillMethod `json:"methods"`
	People  []TillPerson `json:"people"`
	PaidIn  money.Amount `json:"paidIn"`
	PaidOut money.Amount `json:"paidOut"`
}

// TillSums is money of orders that went through a till.
type TillSums struct {
	Payments int64        `json:"payments" doc:"how many"`
	Paid     money.Amount `json:"paid"`
	Refunds  int64        `json:"refunds" doc:"how many"`
	Refunded money.Amount `json:"refunded"`
	Net      money.Amount `json:"net"`
}

// TillMethod is what went through a till by one method.
type TillMethod struct {
	Method Method `json:"method" enum:"cash,card,transfer,other"`
	TillSums
}

// TillPerson is what one person took and gave back at a till.
type TillPerson struct {
	Key  string `json:"key" doc:"of the person, for the lines"`
	Name string `json:"name"`
	TillSums
	Cash money.Amount `json:"cash" doc:"the part of net that is cash"`
}

// TillLine is one thing that went through a till.
type TillLine struct {
	Kind        string       `json:"kind" enum:"payment,refund,paid_in,paid_out"`
	ID          int64        `json:"id" doc:"among those of its table: payments and refunds, or what was paid in and out"`
	At          db.Time      `json:"at" format:"date-time"`
	Method      Method       `json:"method" enum:"cash,card,transfer,other"`
	Amount      money.Amount `json:"amount"`
	Reason      string       `json:"reason" doc:"of what was paid in, out or back; the reference of a payment"`
	OrderID     *int64       `json:"orderId" doc:"null for what belongs to no order, and for one of a store that the actor does not see"`
	OrderNumber string       `json:"orderNumber"`
	Actor       string       `json:"actor"`

	Source int64 `json:"-"`
}

// TillLineFilter narrows the lines of a till; what is empty narrows nothing.
type TillLineFilter struct {
	db.List
	Kind   string
	Method Method
	// Person is the key of who did it: "user:7".
	Person string
}

// TillByID is a till with its report. It is not_found for who may not see it.
func TillByID(ctx context.Context, d *db.DB, id int64) (*TillReport, error) {
	var r *TillReport
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		t, s, err := seenTillIn(tx, id)
		if err != nil {
			return err
		}
		r = &TillReport{Till: *t, Hidden: t.hiddenFrom(tx.Actor, s), Methods: []TillMethod{}, People: []TillPerson{}}
		r.shownTo(tx.Actor, s)
		return r.sum(tx)
	})
	return r, err
}

func (r *TillReport) sum(tx *db.Tx) error {
	err := tx.Row(`SELECT coalesce(sum(iif(kind = 'paid_in', amount, 0)), 0), coalesce(sum(iif(kind = 'paid_out', amount, 0)), 0)
		FROM till_movements WHERE till_id = ?1`, []any{r.ID}, &r.PaidIn, &r.PaidOut)
	if err != nil || r.Hidden {
		return err
	}
	var rows []struct {
		Kind   string
		Method Method
		Key    string
		Name   string
		Count  int64
		Amount money.Amount
	}
	err = tx.Select(&rows, `SELECT kind, method, actor_kind || ':' || actor_id AS key, max(actor_name) AS name, count(*) AS count, sum(amount) AS amount
		FROM payments WHERE till_id = ?1 GROUP BY kind, method, actor_kind, actor_id ORDER BY kind, method`, r.ID)
	if err != nil {
		return fmt.Errorf("sum a till up: %w", err)
	}
	for _, row := range rows {
		m := slices.IndexFunc(r.Methods, func(m TillMethod) bool { return m.Method == row.Method })
		if m < 0 {
			m, r.Methods = len(r.Methods), append(r.Methods, TillMethod{Method: row.Method})
		}
		p := slices.IndexFunc(r.People, func(p TillPerson) bool { return p.Key == row.Key })
		if p < 0 {
			p, r.People = len(r.People), append(r.People, TillPerson{Key: row.Key, Name: row.Name})
		}
		back := row.Kind == "refund"
		net := r.Methods[m].add(back, row.Count, row.Amount)
		r.People[p].add(back, row.Count, row.Amount)
		if row.Method == "cash" {
			r.People[p].Cash += net
		}
	}
	slices.SortStableFunc(r.People, func(a, b TillPerson) int { return strings.Compare(db.SortKey(a.Name), db.SortKey(b.Name)) })
	return nil
}

// add counts what was taken or given back, and answers by how much the net changed.
func (s *TillSums) add(back bool, n int64, amount money.Amount) money.Amount {
	net := amount
	if back {
		net = -amount
		s.Refunds, s.Refunded = s.Refunds+n, s.Refunded+amount
	} else {
		s.Payments, s.Paid = s.Payments+n, s.Paid+amount
	}
	s.Net += net
	return net
}

// TillLines is what went through a till, the newest first. Who counts blind sees what was paid in and out only.
func TillLines(ctx context.Context, d *db.DB, id int64, f TillLineFilter) (db.Page[TillLine], error) {
	var page db.Page[TillLine]
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		t, s, err := seenTillIn(tx, id)
		if err != nil {
			return err
		}
		at, source, last := db.Time(1<<53), int64(0), int64(0)
		if _, err := db.ReadCursor(f.After, &at, &source, &last); err != nil {
			return err
		}
		rows := []TillLine{}
		// Each half stops when it has a page, by its own index.
		err = tx.Select(&rows, `SELECT * FROM (SELECT p.kind, p.id, p.at, p.method, p.amount, p.reference AS reason, o.id AS order_id, coalesce(o.number, '') AS order_number, p.actor_name AS actor, 2 AS source
				FROM payments p LEFT JOIN orders o ON o.id = p.order_id AND `+tx.Actor.Scope().Where("o.location_id")+`
				WHERE p.till_id = ?1 AND p.at <= ?2 AND (p.at, 2, p.id) < (?2, ?3, ?4) AND ?5 IN ('', p.kind) AND ?6 IN ('', p.method)
					AND ?7 IN ('', p.actor_kind || ':' || p.actor_id) AND NOT ?8 ORDER BY p.till_id, p.at DESC, p.id DESC LIMIT ?9)
			UNION ALL SELECT * FROM (SELECT kind, id, at, 'cash', amount, reason, NULL, '', actor_name, 1
				FROM till_movements WHERE till_id = ?1 AND at <= ?2 AND (at, 1, id) < (?2, ?3, ?4) AND ?5 IN ('', kind) AND ?6 IN ('', 'cash')
					AND ?7 IN ('', actor_kind || ':' || actor_id) ORDER BY till_id, at DESC, id DESC LIMIT ?9)
			ORDER BY at DESC, source DESC, id DESC LIMIT ?9`, id, at, source, last, f.Kind, f.Method, f.Person, t.hiddenFrom(tx.Actor, s), f.Size()+1)
		if err != nil {
			return fmt.Errorf("read the lines of a till: %w", err)
		}
		page = db.PageOf(rows, f.Size(), func(l TillLine) string { return db.Cursor(l.At, l.Source, l.ID) })
		return nil
	})
	return page, err
}
