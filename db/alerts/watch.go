package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"onhand/db"
	"onhand/db/outbox"
	"onhand/db/settings"
	"onhand/db/stock"
)

// slice is how many levels are looked at and written down at once.
const slice = 300

// cursor is how far the shop was looked through.
type cursor struct {
	Event  int64
	Outage int64
	Date   db.Date
	Hour   int64
}

func cursorIn(tx *db.Tx) (c cursor, err error) {
	err = tx.Get(&c, "SELECT event, outage, date, hour FROM alert_cursor")
	return c, err
}

// pair is a variant at a store.
type pair struct{ VariantID, LocationID int64 }

// level is a pair as it stands.
type level struct {
	StockItem `bun:",extend"`
	Tracked   bool
	Over      bool
}

// state is the kinds that hold for a level.
func (l *level) state() map[AlertKind]bool {
	in := map[AlertKind]bool{}
	if !l.Tracked {
		return in
	}
	switch {
	case l.Available <= 0:
		in[Out] = true
	case l.Available+l.Incoming <= l.ReorderPoint:
		in[Low] = true
	}
	if l.Over {
		in[Over] = true
	}
	return in
}

// levelsOf reads some pairs as they stand; one that has no level is left out.
func levelsOf(tx *db.Tx, pairs []pair) ([]level, error) {
	b, err := json.Marshal(pairs)
	if err != nil {
		return nil, err
	}
	args, err := stock.OverArgs(tx)
	if err != nil {
		return nil, err
	}
	var rows []level
	err = tx.Select(&rows, `SELECT lv.variant_id, v.product_id, lv.location_id, v.sku, v.name, l.name AS store, `+stock.PointSQL+` AS reorder_point, nullif(v.max_stock, 0) AS max_stock,
			lv.on_hand - lv.committed - lv.unavailable AS available, lv.incoming,
			iif(lv.incoming > 0, (SELECT min(expected_on) FROM incoming WHERE variant_id = lv.variant_id AND location_id = lv.location_id), NULL) AS expected_on, v.tracked AND v.archived_at IS NULL AS tracked,
			`+stock.OverSQL+` AS over
		FROM json_each(?1) p CROSS JOIN levels lv ON lv.variant_id = p.value ->> 'VariantID' AND lv.location_id = p.value ->> 'LocationID'
		JOIN variants v ON v.id = lv.variant_id JOIN locations l ON l.id = lv.location_id`+stock.PointTable, append([]any{string(b)}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("read levels: %w", err)
	}
	places := make([]stock.Place, len(rows))
	for i, l := range rows {
		places[i] = stock.Place{VariantID: l.VariantID, LocationID: l.LocationID}
	}
	paces, err := stock.PacesAt(tx, places)
	for i, l := range rows {
		rows[i].Cover = paces[places[i]].Cover(l.Available)
	}
	return rows, err
}

// Watch looks at what changed since it last did, and once a day at everything. It answers how many alerts it opened.
func Watch(ctx context.Context, d *db.DB) (opened int, err error) {
	if err := Welcome(ctx, d); err != nil {
		return 0, err
	}
	s, err := settings.Current(ctx, d)
	if err != nil {
		return 0, err
	}
	today := s.Today(db.TimeOf(d.Now()))
	w := &watcher{ctx: ctx, d: d, s: s}
	var c cursor
	var last int64
	whole := false
	err = db.Read(ctx, d, func(tx *db.Tx) (err error) {
		if c, err = cursorIn(tx); err != nil {
			return err
		}
		var oldest int64
		if err := tx.Row(`SELECT coalesce((SELECT min(id) FROM events), 0), coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'events'), 0)`, nil, &oldest, &last); err != nil {
			return err
		}
		whole = c.Date != today || c.Event < oldest-1 // a day has passed, or what happened is forgotten
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("read how far alerts are: %w", err)
	}
	if whole {
		err = w.everything()
	} else {
		err = w.since(c.Event, last)
	}
	if err != nil {
		return w.opened, err
	}
	return w.opened, db.Write(ctx, d, func(tx *db.Tx) error {
		if err := w.endSnoozes(tx); err != nil {
			return err
		}
		if err := w.outages(tx, c.Outage); err != nil {
			return err
		}
		if _, err := tx.Exec("UPDATE alert_cursor SET event = ?1, date = ?2", last, today); err != nil {
			return fmt.Errorf("note how far alerts are: %w", err)
		}
		return nil
	})
}

// Welcome gives everybody who is told something a place in the file, and the token that ends it.
func Welcome(ctx context.Context, d *db.DB) error {
	var strangers []Reader
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		all, err := Readers(tx)
		for _, r := range all {
			if !r.known() {
				strangers = append(strangers, r)
			}
		}
		return err
	})
	if err != nil || len(strangers) == 0 {
		return err
	}
	return db.Write(ctx, d, func(tx *db.Tx) error {
		for _, r := range strangers {
			if err := r.welcome(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// watcher goes through levels and orders.
type watcher struct {
	ctx    context.Context
	d      *db.DB
	s      *settings.Settings
	opened int
}

// everything looks at every level, and at every order of the web that may not have been seen. Those of before the shop opened are no news.
func (w *watcher) everything() error {
	var after pair
	for {
		var pairs []pair
		err := db.Read(w.ctx, w.d, func(tx *db.Tx) error {
			return tx.Select(&pairs, "SELECT variant_id, location_id FROM levels WHERE (variant_id, location_id) > (?1, ?2) ORDER BY variant_id, location_id LIMIT ?3",
				after.VariantID, after.LocationID, slice)
		})
		if err != nil {
			return fmt.Errorf("list levels: %w", err)
		}
		if err := w.look(pairs); err != nil {
			return err
		}
		if len(pairs) < slice {
			break
		}
		after = pairs[len(pairs)-1]
	}
	return w.orders("SELECT id FROM orders WHERE channel = 'web' AND number IS NOT NULL AND placed_at >= ?1 AND id > ?2 ORDER BY id LIMIT ?3",
		max(db.TimeOf(w.d.Now()).Add(-7*24*time.Hour), w.s.OpenedAt))
}

// since looks at what events name, to one of them.
func (w *watcher) since(event, last int64) error {
	var after pair
	for {
		var pairs []pair
		err := db.Read(w.ctx, w.d, func(tx *db.Tx) error {
			return tx.Select(&pairs, `SELECT DISTINCT variant_id, location_id FROM (
					SELECT e.entity_id AS variant_id, e.location_id FROM events e WHERE e.id > ?1 AND e.id <= ?2 AND e.topic = 'stock' AND e.location_id IS NOT NULL
					UNION SELECT lv.variant_id, lv.location_id FROM events e JOIN variants v ON v.product_id = e.entity_id JOIN levels lv ON lv.variant_id = v.id
						WHERE e.id > ?1 AND e.id <= ?2 AND e.topic = 'products')
				WHERE (variant_id, location_id) > (?3, ?4) ORDER BY variant_id, location_id LIMIT ?5`, event, last, after.VariantID, after.LocationID, slice)
		})
		if err != nil {
			return fmt.Errorf("list what changed: %w", err)
		}
		if err := w.look(pairs); err != nil {
			return err
		}
		if len(pairs) < slice {
			break
		}
		after = pairs[len(pairs)-1]
	}
	return w.orders(`SELECT id FROM orders WHERE channel = 'web' AND number IS NOT NULL
		AND id IN (SELECT entity_id FROM events WHERE id > ?1 AND id <= ?4 AND topic = 'orders') AND id > ?2 ORDER BY id LIMIT ?3`, event, last)
}

// look opens and closes what follows from the present state of some levels. They are read beside the writer: one that
// changes meanwhile has an event of its own.
func (w *watcher) look(pairs []pair) error {
	if len(pairs) == 0 {
		return nil
	}
	var levels []level
	err := db.Read(w.ctx, w.d, func(tx *db.Tx) (err error) { levels, err = levelsOf(tx, pairs); return err })
	if err != nil {
		return err
	}
	return db.Write(w.ctx, w.d, func(tx *db.Tx) error {
		for i := range levels {
			if err := w.settle(tx, &levels[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// settle makes the open alerts of a level what they should be.
func (w *watcher) settle(tx *db.Tx, l *level) error {
	var open []struct {
		ID           int64
		Kind         AlertKind
		SnoozedStock *int64
	}
	if err := tx.Select(&open, "SELECT id, kind, snoozed_stock FROM alerts WHERE variant_id = ?1 AND location_id = ?2 AND closed_at IS NULL", l.VariantID, l.LocationID); err != nil {
		return fmt.Errorf("read open alerts: %w", err)
	}
	is := l.state()
	wasShort := false
	for _, a := range open {
		short := a.Kind == Out || a.Kind == Low
		wasShort = wasShort || short
		if is[a.Kind] {
			delete(is, a.Kind)
			if a.SnoozedStock != nil && l.Available > *a.SnoozedStock { // what arrived wakes what rested until then
				if err := w.renew(tx, a.ID); err != nil {
					return err
				}
			}
			continue
		}
		// Out that is only low, or low that is out, has not recovered.
		recovered := l.Tracked && !is[a.Kind] && !(short && (is[Out] || is[Low])) // what is archived has not recovered either
		if err := shut(tx, a.ID, recovered); err != nil {
			return err
		}
	}
	for kind := range is {
		if _, err := tx.Exec("INSERT INTO alerts (kind, variant_id, location_id, opened_at, known) VALUES (?1, ?2, ?3, ?4, ?5)",
			string(kind), l.VariantID, l.LocationID, tx.Now, kind == Low && wasShort); err != nil {
			return fmt.Errorf("open an alert: %w", err)
		}
		w.opened++
	}
	return nil
}

func shut(tx *db.Tx, id int64, recovered bool) error {
	if _, err := tx.Exec("UPDATE alerts SET closed_at = ?2, recovered = ?3 WHERE id = ?1", id, tx.Now, recovered); err != nil {
		return fmt.Errorf("close an alert: %w", err)
	}
	return nil
}

// endSnoozes announces anew what was put to rest until now and is still so.
func (w *watcher) endSnoozes(tx *db.Tx) error {
	var rested []int64
	if err := tx.Select(&rested, "SELECT id FROM alerts WHERE closed_at IS NULL AND snoozed_until <= ?1 LIMIT ?2", tx.Now, slice); err != nil {
		return fmt.Errorf("find what rested long enough: %w", err)
	}
	for _, id := range rested {
		if err := w.renew(tx, id); err != nil {
			return err
		}
	}
	return nil
}

func (w *watcher) renew(tx *db.Tx, id int64) error {
	w.opened++
	return renew(tx, id)
}

// renew makes an open alert news again, whatever anybody was told: it gets a number that nobody knows yet.
func renew(tx *db.Tx, id int64) error {
	next, err := tx.Insert("INSERT INTO alerts (kind, opened_at, closed_at) VALUES ('mail_broken', ?1, ?1)", tx.Now)
	if err == nil {
		_, err = tx.Exec("DELETE FROM alerts WHERE id = ?1", next) // only its number was wanted, which never comes again
	}
	if err == nil {
		_, err = tx.Exec("UPDATE alerts SET news = ?2, known = 0, snoozed_until = NULL, snoozed_stock = NULL, snoozed_by = '' WHERE id = ?1", id, next)
	}
	if err != nil {
		return fmt.Errorf("renew an alert: %w", err)
	}
	return nil
}

// orders opens an alert for each order of the web that a query names, page by page.
func (w *watcher) orders(query string, from any, more ...any) error {
	var after int64
	for {
		var facts []NewOrderFacts
		var stores []int64
		err := db.Read(w.ctx, w.d, func(tx *db.Tx) error {
			var ids []int64
			if err := tx.Select(&ids, query, append([]any{from, after, slice}, more...)...); err != nil {
				return err
			}
			for _, id := range ids {
				var f NewOrderFacts
				var store int64
				err := tx.Row(`SELECT o.id, o.number, o.customer_name, (SELECT coalesce(sum(quantity), 0) FROM order_lines WHERE order_id = o.id), o.total, o.due, o.currency,
					l.name, o.placed_at, o.location_id FROM orders o JOIN locations l ON l.id = o.location_id
					WHERE o.id = ?1`, []any{id}, &f.ID, &f.Number, &f.Customer, &f.Items, &f.Total, &f.Due, &f.Currency, &f.Store, &f.PlacedAt, &store)
				if err != nil {
					return err
				}
				facts, stores = append(facts, f), append(stores, store)
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("find new orders: %w", err)
		}
		if len(facts) == 0 {
			return nil
		}
		err = db.Write(w.ctx, w.d, func(tx *db.Tx) error {
			for i, f := range facts {
				if err := w.happened(tx, WebOrder, fmt.Sprintf("web_order/%d", f.ID), f, stores[i], f.ID); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(facts) < slice {
			return err
		}
		after = facts[len(facts)-1].ID
	}
}

// outages opens an alert for each time without mail that is over.
func (w *watcher) outages(tx *db.Tx, after int64) error {
	rows, err := outbox.Outages(tx, after)
	if err != nil {
		return fmt.Errorf("find times without mail: %w", err)
	}
	for _, o := range rows {
		f := MailBrokenFacts{Since: o.Since, Until: o.Until, Reply: o.Reply, Waiting: o.Waiting, Dead: o.Dead}
		if err := w.happened(tx, MailBroken, fmt.Sprintf("mail_broken/%d", o.ID), f, 0, 0); err != nil {
			return err
		}
		if _, err := tx.Exec("UPDATE alert_cursor SET outage = ?1", o.ID); err != nil {
			return fmt.Errorf("note how far alerts are: %w", err)
		}
	}
	return nil
}

// happened opens an alert of what happens once.
func (w *watcher) happened(tx *db.Tx, kind AlertKind, key string, facts any, locationID, orderID int64) error {
	opened, err := once(tx, kind, key, facts, locationID, orderID)
	if opened {
		w.opened++
	}
	return err
}

func once(tx *db.Tx, kind AlertKind, key string, facts any, locationID, orderID int64) (opened bool, err error) {
	b, err := json.Marshal(facts)
	if err != nil {
		return false, err
	}
	err = tx.Row(`INSERT INTO alerts (kind, key, facts, location_id, order_id, opened_at, closed_at)
		VALUES (?1, ?2, ?3, nullif(?4, 0), nullif(?5, 0), ?6, ?6) ON CONFLICT (key) DO NOTHING RETURNING 1`,
		[]any{string(kind), key, string(b), locationID, orderID, tx.Now}, new(int))
	if errors.Is(err, db.ErrNoRow) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("open an alert: %w", err)
	}
	return true, nil
}

// mostFindings is how many findings a mail lists.
const mostFindings = 50

// Found keeps what a self-check found on a date, and announces the first of that date. None means that all is well again.
func Found(ctx context.Context, d *db.DB, date db.Date, findings []CheckFinding) error {
	if err := Welcome(ctx, d); err != nil { // or whoever is welcomed later is not told
		return err
	}
	f := SelfCheckFacts{Findings: findings}
	if more := len(findings) - mostFindings; more > 0 {
		f.Findings, f.More = findings[:mostFindings], more
	}
	return db.Write(ctx, d, func(tx *db.Tx) error {
		key := "self_check/" + string(date)
		if _, err := tx.Exec("UPDATE alerts SET recovered = 1, closed_at = ?1 WHERE kind = 'self_check' AND recovered = 0 AND (?2 = '' OR key <> ?2)",
			tx.Now, orNone(key, len(findings))); err != nil {
			return fmt.Errorf("close what was found before: %w", err)
		}
		if len(findings) == 0 {
			return nil
		}
		first, err := once(tx, SelfCheck, key, f, 0, 0)
		if err != nil || first {
			return err
		}
		b, err := json.Marshal(f)
		if err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE alerts SET facts = ?2, recovered = 0 WHERE key = ?1", key, string(b))
		return err
	})
}

func orNone(key string, findings int) string {
	if findings == 0 {
		return ""
	}
	return key
}

// Findings are what the latest self-check found, none while all is well.
func Findings(ctx context.Context, d *db.DB) (f SelfCheckFacts, err error) {
	f.Findings = []CheckFinding{}
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		var facts string
		err := tx.Row("SELECT facts FROM alerts WHERE kind = 'self_check' AND recovered = 0 ORDER BY id DESC LIMIT 1", nil, &facts)
		if errors.Is(err, db.ErrNoRow) {
			return nil
		}
		if err != nil {
			return err
		}
		return json.Unmarshal([]byte(facts), &f)
	})
	return f, err
}

// keepAlerts is how long what is over is remembered.
const keepAlerts = 400 * 24 * time.Hour

// Cleanup forgets alerts that have been over for more than a year.
func Cleanup(ctx context.Context, d *db.DB) error {
	return db.Write(ctx, d, func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM alerts WHERE id IN (SELECT id FROM (SELECT id, closed_at FROM alerts ORDER BY id LIMIT 500) WHERE closed_at < ?1)`, tx.Now.Add(-keepAlerts))
		return err
	})
}
