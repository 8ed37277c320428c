package db

import (
	"context"
	"errors"
	"strings"

	"github.com/uptrace/bun"
)

// MigrateUntil upgrades a file and stops at the n-th moment before or after a
// statement that notes a migration, as if the process had been killed there.
func MigrateUntil(path string, n int) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	d := openSQL(path, false)
	err := migrateFile(ctx, d.WithQueryHook(&stopper{n: n, stop: cancel}), false)
	return errors.Join(err, d.Close())
}

type stopper struct {
	n    int
	stop func()
}

func (s *stopper) BeforeQuery(ctx context.Context, e *bun.QueryEvent) context.Context {
	s.count(e)
	return ctx
}

func (s *stopper) AfterQuery(_ context.Context, e *bun.QueryEvent) { s.count(e) }

func (s *stopper) count(e *bun.QueryEvent) {
	if !strings.Contains(e.Query, "bun_migrations") {
		return
	}
	if s.n--; s.n == 0 {
		s.stop()
	}
}
