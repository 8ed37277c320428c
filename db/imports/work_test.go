package imports_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/imports"
	"onhand/db/tasks"
)

// works are the long works of a shop, the latest first.
func (s shop) works(t *testing.T) []tasks.Work {
	t.Helper()
	page, err := tasks.Works(s.ctx, s.DB, db.List{})
	if err != nil {
		t.Fatal(err)
	}
	return page.Items
}

func TestAnImportThatSomebodyCancelsChangesNothing(t *testing.T) {
	t.Parallel()
	s := opened(t, nil)
	s.fill(t)
	before := s.dump(t)
	m := s.preview(t, changing(150))
	slices := 0
	stop := s.Listen(func(e db.Event) {
		if e.Topic != tasks.WorkTopic {
			return
		}
		if slices++; slices == 2 {
			go func() {
				if _, err := tasks.CancelWork(s.ctx, s.DB, s.works(t)[0].ID); err != nil {
					t.Error(err)
				}
			}()
		}
	})
	defer stop()
	if _, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{}); db.CodeOf(err) != tasks.CodeCancelled {
		t.Fatalf("the commit says %v", err)
	}
	s.asBefore(t, before)
	s.failed(t, m.ID, "cancelled it")
	if now, err := imports.ByID(s.ctx, s.DB, m.ID); err != nil || now.FailureCode != "cancelled" || now.FailureParams["by"] != "Olga" {
		t.Errorf("for other languages it says %s %v, %v", now.FailureCode, now.FailureParams, err)
	}
	if w := s.works(t); len(w) != 2 || w[0].Status != tasks.WorkCancelled || w[0].FinishedAt == nil || w[0].CancelledBy == "" {
		t.Errorf("its work is %+v", w)
	}
	if again, err := tasks.CancelWork(s.ctx, s.DB, s.works(t)[0].ID); err != nil || again.Status != tasks.WorkCancelled {
		t.Errorf("cancelled again: %+v, %v", again, err)
	}
	if _, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{}); err != nil {
		t.Errorf("committed after all: %v", err)
	}
	if w := s.works(t); len(w) != 3 || w[0].Status != tasks.WorkDone || w[0].Progress != 100 {
		t.Errorf("its work is %+v", w)
	}
}

func TestTheNextImportMayBeginAsSoonAsOneIsThrough(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.preview(t, "Type,SKU,Name,Regular price\ngrouped,SET,Set,\n")
	for range 30 {
		s.undo(t, s.commit(t, m))
		m = s.preview(t, "Type,SKU,Name,Regular price\ngrouped,SET,Set,\n")
	}
}

func TestAnImportGoesOnWhenWhoAskedHasLeft(t *testing.T) {
	t.Parallel()
	s := opened(t, nil)
	s.fill(t)
	m := s.preview(t, changing(100))
	ctx, leave := context.WithCancel(s.ctx)
	committed := make(chan struct{})
	stop := s.Listen(func(e db.Event) {
		if e.Topic != "imports" {
			return
		}
		leave() // at the first word of it
		go func() {
			if now, err := imports.ByID(s.ctx, s.DB, m.ID); err == nil && now.Status == imports.Committed {
				select {
				case committed <- struct{}{}:
				default:
				}
			}
		}()
	})
	defer stop()
	now, err := imports.Commit(ctx, s.DB, m.ID, imports.CommitOptions{})
	if err != nil || now.Status != imports.Running && now.Status != imports.Committed {
		t.Fatalf("%+v, %v", now, err)
	}
	if now.Status == imports.Running {
		select {
		case <-committed:
		case <-time.After(30 * time.Second):
			t.Fatal("it did not go on")
		}
	}
	if w := s.works(t); len(w) != 2 || w[0].Status != tasks.WorkDone { // the first filled the shop
		t.Errorf("its work is %+v", w)
	}
}

func TestAnImportSaysThatItIsTakenBackAndHowFarThatIs(t *testing.T) {
	t.Parallel()
	s := open(t)
	other, m := s.preview(t, simple("A,Other,1,1")), s.preview(t, manyProducts(100))
	s.stumbleAt(t, "UPDATE ON imports WHEN new.status = 'committed'")
	var seen []int
	t.Cleanup(s.Listen(func(e db.Event) {
		if e.Topic != "imports" {
			return
		}
		answered := make(chan struct{})
		go func() { // a write may not wait for another one; these answer without
			defer close(answered)
			now, err := imports.ByID(s.ctx, s.DB, m.ID)
			if err != nil || !now.Undoing {
				return
			}
			seen = append(seen, now.Progress)
			if now.Status != imports.Running || now.Failure != "" || now.FailureCode != "" {
				t.Errorf("on its way back it is %+v", now.ImportItem)
			}
			if w := s.works(t)[0]; w.Status != tasks.WorkRunning || !w.Undoing || w.Cancellable || w.Progress != now.Progress {
				t.Errorf("its work is %+v", w)
			}
			_, err = imports.Commit(s.ctx, s.DB, other.ID, imports.CommitOptions{})
			refused(t, err, "import_undoing", "")
		}()
		<-answered
	}))
	if _, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{}); err == nil {
		t.Fatal("it was committed")
	}
	if len(seen) < 5 || !slices.IsSorted(seen) || seen[0] > 20 || seen[len(seen)-1] < 90 {
		t.Errorf("its progress was %v", seen)
	}
	s.failed(t, m.ID, "Something went wrong")
	if w := s.works(t)[0]; w.Status != tasks.WorkFailed || w.Progress != 100 || w.Undoing || w.Code != "went_wrong" || w.Note == "" {
		t.Errorf("its work is %+v", w)
	}
}

func TestAnImportRunsBeforeItIsPlanned(t *testing.T) {
	t.Parallel()
	var told []string
	recording := false
	s := opened(t, func(query string, _ []any) {
		if recording && (strings.HasPrefix(query, "INSERT INTO works") || strings.Contains(query, "FROM import_links WHERE source")) {
			told = append(told, strings.Fields(query)[0])
		}
	})
	m := s.preview(t, manyShirts(4))
	recording = true
	s.commit(t, m)
	if len(told) < 2 || told[0] != "INSERT" {
		t.Errorf("the plan was drawn before anybody could see or cancel the import: %v", told)
	}
}

func TestACommitRefusedForItsErrorsLeavesThePreview(t *testing.T) {
	t.Parallel()
	s := open(t)
	m := s.preview(t, simple("A,Mug,5,1", "B,Cup,x,1"))
	_, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{})
	refused(t, err, "has_errors", "")
	again, err := imports.ByID(s.ctx, s.DB, m.ID)
	if err != nil || again.Status != imports.Previewed || again.ErrorRows != 1 {
		t.Errorf("it is %s with %d rows wrong, %v", again.Status, again.ErrorRows, err)
	}
	if w := s.works(t); len(w) != 1 || w[0].Status != tasks.WorkFailed || w[0].Code != "has_errors" {
		t.Errorf("the work: %+v", w)
	}
	if _, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{SkipErrors: true}); err != nil {
		t.Errorf("the rest: %v", err)
	}
}
