package tasks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"onhand/db"
)

// Daily is a job that does something once for each date.
type Daily struct {
	Job   string
	Clock string // when, as 07:00
	Zone  *time.Location
	// After says that a date is due at its clock on the next day, when it is over.
	After bool
	// Since is the shop's first moment: what would have been due before it is not.
	Since db.Time
}

// due is when a date is.
func (j Daily) due(date db.Date) (db.Time, error) {
	if j.After {
		date = date.Next(j.Zone)
	}
	return date.At(j.Clock, j.Zone)
}

// Next is when it will be due next, so many times.
func (j Daily) Next(now db.Time, times int) ([]db.Time, error) {
	date := now.Date(j.Zone).AddDays(-2)
	out := make([]db.Time, 0, times)
	for len(out) < times {
		at, err := j.due(date)
		if err != nil {
			return nil, err
		}
		if at > now && date.Exists(j.Zone) {
			out = append(out, at)
		}
		date = date.Next(j.Zone)
	}
	return out, nil
}

// mostDates bounds what is looked at in one go; what is left is due still.
const mostDates = 400

// Due are the dates whose time has come and for which it was not done, the oldest first.
func (j Daily) Due(ctx context.Context, d *db.DB) (dates []db.Date, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		var last db.Date
		if err := tx.Row("SELECT coalesce(max(date), '') FROM job_dates WHERE job = ?1", []any{j.Job}, &last); err != nil {
			return err
		}
		date := j.Since.Date(j.Zone)
		if last >= date {
			date = last.Next(j.Zone)
		}
		for ; len(dates) < mostDates; date = date.Next(j.Zone) {
			at, err := j.due(date)
			if err != nil || at > tx.Now {
				return err
			}
			if at >= j.Since {
				dates = append(dates, date)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find what is due of %s: %w", j.Job, err)
	}
	return dates, nil
}

// Latest does fn once for all dates that are due: what was missed is caught up in one go. It answers whether any was.
func (j Daily) Latest(ctx context.Context, d *db.DB, fn func(*db.Tx, db.Date) error) (bool, error) {
	dates, err := j.Due(ctx, d)
	if err != nil || len(dates) == 0 {
		return false, err
	}
	return j.Once(ctx, d, dates[len(dates)-1], fn)
}

// Once does fn for a date in one write with the note that it is done: it happens once, or not yet. It answers whether
// this was the time.
func (j Daily) Once(ctx context.Context, d *db.DB, date db.Date, fn func(*db.Tx, db.Date) error) (first bool, err error) {
	err = db.Write(ctx, d, func(tx *db.Tx) error {
		first = false
		err := tx.Row("INSERT INTO job_dates (job, date, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING RETURNING 1", []any{j.Job, date, tx.Now}, new(int))
		if errors.Is(err, db.ErrNoRow) {
			return nil
		}
		if err != nil {
			return err
		}
		first = true
		return fn(tx, date)
	})
	return first && err == nil, err
}
