package alerts

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"onhand/db"
	"onhand/db/outbox"
	"onhand/db/settings"
	"onhand/db/tasks"
)

const (
	// In a rush more than rush alerts of a kind within rushTime are one mail at its end.
	rush     = 10
	rushTime = 10 * time.Minute
	// How much of each list a digest shows, and how many orders a mail.
	mostNew, mostStill, mostOrders = 100, 20, 50
)

// DigestJob is what daily digests are called among the dates of jobs.
const DigestJob = "stock-digest"

// Digest is when daily digests leave.
func Digest(s *settings.Settings) tasks.Daily {
	return tasks.Daily{Job: DigestJob, Clock: s.DigestTime, Zone: s.Zone(), Since: s.OpenedAt}
}

// plan is the mails that are due, and what is known once they are queued.
type plan struct {
	now   db.Time
	mails []outbox.Mail
	told  []toldOf
	hour  int64
	daily bool
}

type toldOf struct {
	address string
	kind    AlertKind
	told
}

// Due says whether there is anything to look at or to announce.
func Due(ctx context.Context, d *db.DB) (bool, error) {
	s, err := settings.Current(ctx, d)
	if err != nil {
		return false, err
	}
	var due bool
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Row(`SELECT c.date <> ?2 OR EXISTS (SELECT 1 FROM events WHERE id > c.event AND topic IN ('stock', 'products', 'orders', 'users', 'settings'))
			OR EXISTS (SELECT 1 FROM outages WHERE id > c.outage AND until IS NOT NULL)
			OR EXISTS (SELECT 1 FROM alerts WHERE closed_at IS NULL AND snoozed_until <= ?1) FROM alert_cursor c`, []any{tx.Now, s.Today(tx.Now)}, &due)
	})
	if err != nil || due {
		return due, err
	}
	p, err := planned(ctx, d, s, false)
	return err == nil && (len(p.mails) > 0 || p.daily), err
}

// Announce queues what is due to be told. By hand, what is new leaves now, whatever the hour of the digests. It answers
// how many mails it queued.
func Announce(ctx context.Context, d *db.DB, byHand bool) (queued int, err error) {
	s, err := settings.Current(ctx, d)
	if err != nil {
		return 0, err
	}
	p, err := planned(ctx, d, s, byHand)
	if err != nil {
		return 0, err
	}
	save := func(tx *db.Tx, _ db.Date) error { return p.save(tx) }
	if p.daily {
		_, err = Digest(s).Latest(ctx, d, save)
	} else {
		err = db.Write(ctx, d, func(tx *db.Tx) error { return p.save(tx) })
	}
	if err != nil {
		return 0, fmt.Errorf("announce: %w", err)
	}
	return len(p.mails), nil
}

func (p *plan) save(tx *db.Tx) error {
	for _, m := range p.mails {
		if err := outbox.Queue(tx, m); err != nil {
			return err
		}
	}
	for _, t := range p.told {
		_, err := tx.Exec("UPDATE alert_readers SET told = ?3, told_at = ?4, began = ?5, count = ?6 WHERE address = ?1 AND kind = ?2",
			t.address, string(t.kind), t.ID, t.At, t.Began, t.Count)
		if err != nil {
			return fmt.Errorf("note what somebody was told: %w", err)
		}
	}
	_, err := tx.Exec("UPDATE alert_cursor SET hour = ?1", p.hour)
	return err
}

// planned reads what is due to be told, and changes nothing.
func planned(ctx context.Context, d *db.DB, s *settings.Settings, byHand bool) (*plan, error) {
	dates, err := Digest(s).Due(ctx, d)
	if err != nil {
		return nil, err
	}
	var p *plan
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		c, err := cursorIn(tx)
		if err != nil {
			return err
		}
		p = &plan{now: tx.Now, hour: int64(tx.Now) / time.Hour.Milliseconds(), daily: len(dates) > 0}
		var last int64
		if err := tx.Row("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'alerts'), 0)", nil, &last); err != nil {
			return err
		}
		readers, err := Readers(tx)
		if err != nil {
			return err
		}
		for _, r := range readers {
			if !r.known() {
				continue // welcomed at the next look
			}
			due := func(k AlertKind) bool {
				switch r.modes[k] {
				case Off:
					return false
				case Hourly:
					return byHand || c.Hour < p.hour
				case Daily:
					return byHand || p.daily
				}
				return byHand || !r.held(k, tx.Now)
			}
			if err := p.stock(tx, r, due, last); err != nil {
				return err
			}
			for _, k := range []AlertKind{WebOrder, MailBroken, SelfCheck} {
				if due(k) {
					if err := p.happenings(tx, r, k, last); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	return p, err
}

// held says whether so much was told within ten minutes that the rest waits for their end.
func (r Reader) held(k AlertKind, now db.Time) bool {
	t := r.told[k]
	return r.modes[k] == Instant && now.Sub(t.Began) < rushTime && t.Count >= rush
}

// rushed says whether so many more are a rush, or the rest of one that was held back.
func (r Reader) rushed(k AlertKind, now db.Time, more int) bool {
	t := r.told[k]
	since := now.Sub(t.Began)
	return more > rush || since < rushTime && t.Count+int64(more) > rush || since < 2*rushTime && t.Count >= rush
}

// tell notes that the reader knows all of a kind up to an alert.
func (p *plan) tell(r Reader, k AlertKind, last int64, n int) {
	t := r.told[k]
	if p.now.Sub(t.Began) >= rushTime {
		t.Began, t.Count = p.now, 0
	}
	if r.modes[k] == Instant {
		t.Count += int64(n)
	}
	t.ID, t.At = last, p.now
	p.told = append(p.told, toldOf{strings.ToLower(r.To), k, t})
}

// stock plans the digest of a reader: one mail for all kinds that are due, if any of them has something new.
func (p *plan) stock(tx *db.Tx, r Reader, due func(AlertKind) bool, last int64) error {
	f := StockFacts{Buys: r.Actor.Can("purchases.write"), Stop: r.Stop}
	if err := tx.Row("SELECT count(*) > 1 FROM (SELECT 1 FROM locations LIMIT 2)", nil, &f.Several); err != nil {
		return fmt.Errorf("look at the stores: %w", err)
	}
	fresh := 0
	var kinds []AlertKind
	counts := map[AlertKind]int{}
	for _, k := range stockKinds {
		if !due(k) {
			continue
		}
		section, n, err := sectionOf(tx, r, k)
		if err != nil {
			return err
		}
		if f.Mode == "" || n > 0 {
			f.Mode = r.modes[k]
		}
		fresh += n
		counts[k] = n
		kinds = append(kinds, k)
		if len(section.New)+len(section.Still)+len(section.Recovered) > 0 {
			f.Sections = append(f.Sections, section)
		}
	}
	if fresh == 0 {
		return nil
	}
	var err error
	if f.Stores, err = storesOf(tx, r.Actor); err != nil {
		return err
	}
	p.mails = append(p.mails, outbox.Mail{Kind: StockMail, To: r.To, Key: fmt.Sprintf("%s/%s/%d/%d", StockMail, strings.ToLower(r.To), last, p.now), Facts: f})
	for _, k := range kinds {
		p.tell(r, k, last, counts[k])
	}
	return nil
}

// alertRow is an open or recovered alert of a level.
type alertRow struct {
	ID                    int64
	VariantID, LocationID int64
	Known                 bool
	Closed                bool
}

// sectionOf is a kind as a reader is to be told it, and how much of it is new to them. What rests is left out.
func sectionOf(tx *db.Tx, r Reader, k AlertKind) (StockSection, int, error) {
	section := StockSection{Kind: k}
	told := r.told[k]
	scope := r.Actor.Scope().Where("location_id")
	var rows []alertRow
	err := tx.Select(&rows, `SELECT coalesce(news, id) AS id, variant_id, location_id, known, closed_at IS NOT NULL AS closed FROM alerts
		WHERE kind = ?1 AND variant_id IS NOT NULL AND closed_at IS NULL AND snoozed_until IS NULL AND snoozed_stock IS NULL AND `+scope+`
		UNION ALL SELECT id, variant_id, location_id, known, 1 FROM alerts a WHERE kind = ?1 AND recovered = 1 AND closed_at > ?3 AND coalesce(news, id) <= ?2 AND `+scope+`
			AND NOT EXISTS (SELECT 1 FROM alerts o WHERE o.variant_id = a.variant_id AND o.location_id = a.location_id AND o.closed_at IS NULL AND o.kind <> 'over')
		ORDER BY id`, string(k), told.ID, told.At)
	if err != nil {
		return section, 0, fmt.Errorf("read open alerts: %w", err)
	}
	var fresh, still, recovered []pair
	for _, a := range rows {
		at := pair{a.VariantID, a.LocationID}
		switch {
		case a.Closed:
			recovered = append(recovered, at)
		case a.ID > told.ID && !a.Known:
			fresh = append(fresh, at)
		default:
			still = append(still, at)
		}
	}
	for _, list := range []struct {
		pairs []pair
		most  int
		to    *[]StockItem
		more  *int
	}{{fresh, mostNew, &section.New, &section.MoreNew}, {still, mostStill, &section.Still, &section.MoreStill}, {recovered, mostStill, &section.Recovered, &section.MoreRecovered}} {
		*list.more = max(0, len(list.pairs)-list.most)
		if *list.to, err = itemsOf(tx, list.pairs[:min(len(list.pairs), list.most)]); err != nil {
			return section, 0, err
		}
	}
	return section, len(fresh), nil
}

// itemsOf are some pairs as they stand, what is left least first.
func itemsOf(tx *db.Tx, pairs []pair) ([]StockItem, error) {
	if len(pairs) == 0 {
		return nil, nil
	}
	levels, err := levelsOf(tx, pairs)
	if err != nil {
		return nil, err
	}
	items := make([]StockItem, len(levels))
	for i := range levels {
		items[i] = levels[i].StockItem
	}
	slices.SortStableFunc(items, func(a, b StockItem) int {
		if a.Available != b.Available {
			return int(min(max(a.Available-b.Available, -1), 1))
		}
		return strings.Compare(a.Name, b.Name)
	})
	return items, nil
}

// storesOf are the names of the stores an actor is limited to, none for all.
func storesOf(tx *db.Tx, a db.Actor) (names []string, err error) {
	if a.Scope().All() {
		return nil, nil
	}
	err = tx.Select(&names, "SELECT name FROM locations WHERE "+a.Scope().Where("id")+" ORDER BY name")
	return names, err
}

// happenings plans what happened since the reader was told: a mail each, or one for all of a rush.
func (p *plan) happenings(tx *db.Tx, r Reader, k AlertKind, last int64) error {
	var rows []struct {
		ID                  int64
		Facts               string
		LocationID, OrderID *int64
	}
	scope := r.Actor.Scope().Where("location_id")
	if k != WebOrder {
		scope = "1"
	}
	err := tx.Select(&rows, "SELECT id, facts, location_id, order_id FROM alerts WHERE kind = ?1 AND id > ?2 AND "+scope+" ORDER BY id LIMIT 1000", string(k), r.told[k].ID)
	if err != nil || len(rows) == 0 {
		return err
	}
	key := func(kind string, id int64) string { return fmt.Sprintf("%s/%d/%s", kind, id, strings.ToLower(r.To)) }
	switch {
	case k == WebOrder:
		orders := make([]NewOrderFacts, len(rows))
		for i, row := range rows {
			if err := json.Unmarshal([]byte(row.Facts), &orders[i]); err != nil {
				return err
			}
		}
		if r.modes[k] != Instant || r.rushed(k, p.now, len(rows)) {
			f := NewOrdersFacts{Orders: orders[:min(len(orders), mostOrders)], More: max(0, len(orders)-mostOrders), Stop: r.Stop}
			p.mails = append(p.mails, outbox.Mail{Kind: NewOrdersMail, To: r.To, Key: key(NewOrdersMail+"-to", rows[len(rows)-1].ID), Facts: f})
			break
		}
		for i, row := range rows {
			m := outbox.Mail{Kind: NewOrdersMail, To: r.To, Key: key(NewOrdersMail, row.ID), Facts: NewOrdersFacts{Orders: orders[i : i+1], Stop: r.Stop}}
			if row.OrderID != nil && row.LocationID != nil {
				m.OrderID, m.LocationID = *row.OrderID, *row.LocationID
			}
			p.mails = append(p.mails, m)
		}
	default:
		kind := map[AlertKind]string{MailBroken: MailBrokenMail, SelfCheck: SelfCheckMail}[k]
		for _, row := range rows {
			p.mails = append(p.mails, outbox.Mail{Kind: kind, To: r.To, Key: key(kind, row.ID), Facts: json.RawMessage(row.Facts)})
		}
	}
	p.tell(r, k, max(last, rows[len(rows)-1].ID), len(rows))
	return nil
}
