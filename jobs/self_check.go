package jobs

import (
	"context"
	"fmt"

	"onhand/db"
	"onhand/db/alerts"
	"onhand/db/doctor"
	"onhand/db/settings"
	"onhand/db/tasks"
)

func selfChecks(s *settings.Settings) (tasks.Daily, string) {
	return tasks.Daily{Job: "self-check", Clock: s.SelfCheckTime, Zone: s.Zone(), Since: s.OpenedAt}, "selfCheckTime"
}

func (j *Jobs) selfCheckDue(ctx context.Context) (bool, error) { return j.dailyDue(ctx, selfChecks) }

// dailyDue says whether a date of a daily job is due.
func (j *Jobs) dailyDue(ctx context.Context, daily func(*settings.Settings) (tasks.Daily, string)) (bool, error) {
	s, err := settings.Current(ctx, j.db)
	if err != nil {
		return false, err
	}
	at, _ := daily(s)
	dates, err := at.Due(ctx, j.db)
	return len(dates) > 0, err
}

// selfCheck lets the doctor look at everything, and announces what it finds.
func (j *Jobs) selfCheck(ctx context.Context, byHand bool) (tasks.Said, error) {
	s, err := settings.Current(ctx, j.db)
	if err != nil {
		return tasks.Said{}, err
	}
	reports, err := doctor.Run(ctx, j.db)
	if err != nil {
		return tasks.Said{}, fmt.Errorf("look at the books: %w", err)
	}
	findings := make([]alerts.CheckFinding, len(reports))
	for i, r := range reports {
		findings[i] = alerts.CheckFinding{Room: r.Room, Rule: r.Rule, Row: r.Row, Message: r.Message}
	}
	if err := alerts.Found(ctx, j.db, s.Today(db.TimeOf(j.db.Now())), findings); err != nil {
		return tasks.Said{}, fmt.Errorf("announce the findings: %w", err)
	}
	if !byHand {
		daily, _ := selfChecks(s)
		if _, err := daily.Latest(ctx, j.db, func(*db.Tx, db.Date) error { return nil }); err != nil {
			return tasks.Said{}, err
		}
	}
	if len(findings) > 0 {
		return said("check_found", "findings", len(findings)), nil
	}
	return said("check_sound"), nil
}
