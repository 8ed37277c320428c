package jobs_test

import (
	"testing"
	"time"

	"onhand/db"
	"onhand/db/alerts"
	"onhand/db/doctor"
)

func TestASelfCheckTellsWhatItFinds(t *testing.T) {
	t.Parallel()
	p := openPosted(t)
	mug := p.Stocked("MUG", 20)
	if result := p.run(t, "self-check"); result != "Everything holds." {
		t.Errorf("a sound shop: %s", result)
	}
	if f, err := alerts.Findings(p.Ctx, p.DB); err != nil || len(f.Findings) != 0 {
		t.Errorf("a sound shop: %+v, %v", f, err)
	}
	broken := func(by int) {
		if err := db.Write(p.Ctx, p.DB, func(tx *db.Tx) error {
			_, err := tx.Exec("UPDATE levels SET on_hand = on_hand + ?2 WHERE variant_id = ?1", mug, by)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	broken(1)
	reports, err := doctor.Run(t.Context(), p.DB)
	if err != nil || len(reports) == 0 {
		t.Fatal("the doctor sees nothing")
	}
	p.run(t, "self-check")
	p.run(t, "self-check")
	p.run(t, "stock-alerts")
	if f, err := alerts.Findings(p.Ctx, p.DB); err != nil || len(f.Findings) != len(reports) {
		t.Errorf("found %+v, %v", f, err)
	}
	got := told[alerts.SelfCheckFacts](t, p, alerts.SelfCheckMail, ada)
	if len(got) != 1 || got[0].Findings[0].Message != reports[0].Message {
		t.Errorf("told %+v", got)
	}
	broken(-1)
	p.run(t, "self-check")
	if f, err := alerts.Findings(p.Ctx, p.DB); err != nil || len(f.Findings) != 0 {
		t.Errorf("mended: %+v, %v", f, err)
	}
	p.jobs.Tick("self-check") // at 3:00, not before
	p.Clock.Set(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC))
	p.jobs.Tick("self-check")
	p.jobs.Tick("self-check")
	if n := p.number(t, "SELECT count(*) FROM job_runs WHERE job = 'self-check'"); n != 5 {
		t.Errorf("%d runs, want one for the three days that were missed", n-4)
	}
}
