package jobs

import (
	"context"
	"fmt"
	"strings"

	"onhand/db"
	"onhand/db/alerts"
	"onhand/db/outbox"
	"onhand/db/reports"
	"onhand/db/settings"
	"onhand/db/tasks"
)

// summaries are of dates that are over: a day is summed up at the owner's time on the next.
func summaries(s *settings.Settings) (tasks.Daily, string) {
	return tasks.Daily{Job: reports.SummaryMail, Clock: s.SummaryTime, Zone: s.Zone(), Since: s.OpenedAt, After: true}, "summaryTime"
}

func (j *Jobs) summaryDue(ctx context.Context) (bool, error) { return j.dailyDue(ctx, summaries) }

// dailySummary mails the summary of each date that is due, once. By hand it mails today so far, which does not count as
// the day's.
func (j *Jobs) dailySummary(ctx context.Context, byHand bool) (tasks.Said, error) {
	s, err := settings.Current(ctx, j.db)
	if err != nil {
		return tasks.Said{}, err
	}
	if byHand {
		now := db.TimeOf(j.db.Now())
		mails, err := j.summary(ctx, s.Today(now), true)
		if err != nil {
			return tasks.Said{}, err
		}
		return said("summary_so_far", "mails", len(mails)), db.Write(ctx, j.db, func(tx *db.Tx) error { return queueAll(tx, mails) })
	}
	daily, _ := summaries(s)
	dates, err := daily.Due(ctx, j.db)
	if err != nil {
		return tasks.Said{}, err
	}
	done := 0
	for _, date := range dates {
		mails, err := j.summary(ctx, date, false)
		if err != nil {
			return tasks.Said{}, err
		}
		first, err := daily.Once(ctx, j.db, date, func(tx *db.Tx, _ db.Date) error { return queueAll(tx, mails) })
		if err != nil {
			return tasks.Said{}, fmt.Errorf("queue the summary of %s: %w", date, err)
		}
		if first {
			done++
		}
	}
	return said("summaries", "days", done), nil
}

// summary is the mails of a date: one for each who wants it, with what they may see. A day that is over does not change,
// so it is read beside the writer.
func (j *Jobs) summary(ctx context.Context, date db.Date, soFar bool) (mails []outbox.Mail, err error) {
	if err := alerts.Welcome(ctx, j.db); err != nil { // or a mail could not be stopped
		return nil, err
	}
	err = db.Read(ctx, j.db, func(tx *db.Tx) error {
		readers, err := alerts.Readers(tx)
		if err != nil {
			return err
		}
		for _, r := range readers {
			if r.Mode(alerts.Summary) == alerts.Off {
				continue
			}
			day, err := reports.Day(tx, date, r.Actor)
			if err != nil {
				return fmt.Errorf("sum %s up: %w", date, err)
			}
			day.SoFar, day.Stop = soFar, r.Stop
			m := outbox.Mail{Kind: reports.SummaryMail, To: r.To, Key: reports.SummaryMail + "/" + string(date) + "/" + strings.ToLower(r.To), Facts: day, Costs: day.Margin != nil}
			if soFar {
				m.Key = fmt.Sprintf("%s/so-far/%d", m.Key, tx.Now)
			}
			mails = append(mails, m)
		}
		return nil
	})
	return mails, err
}

func queueAll(tx *db.Tx, mails []outbox.Mail) error {
	for _, m := range mails {
		if err := outbox.Queue(tx, m); err != nil {
			return err
		}
	}
	return nil
}
