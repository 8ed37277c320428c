package db

import (
	"context"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/migrate"
)

// applicationID marks the file as ours ("Onhd").
const applicationID = 0x4f6e6864

// oldestEngine is the first SQLite that cannot lose a commit when a checkpoint
// races a write (sqlite.org/wal.html, "WAL-reset bug").
var oldestEngine = [3]int{3, 51, 3}

//go:embed migrations/*.sql
var migrationFiles embed.FS

// pragmas every connection must show, in the order they are set.
var pragmas = []struct{ name, set, want string }{
	{"busy_timeout", "5000", "5000"},
	{"journal_mode", "WAL", "wal"},
	{"synchronous", "FULL", "2"},
	{"foreign_keys", "ON", "1"},
	{"trusted_schema", "OFF", "0"},
	{"cell_size_check", "ON", "1"},
	{"journal_size_limit", "67108864", "67108864"},
	{"temp_store", "MEMORY", "2"},     // a savepoint's journal is no file
	{"recursive_triggers", "ON", "1"}, // or REPLACE deletes behind the triggers' back
}

func dsn(path string, queryOnly bool) string {
	q := url.Values{}
	for _, p := range pragmas {
		q.Add("_pragma", p.name+"("+p.set+")")
	}
	if queryOnly {
		q.Add("_pragma", "query_only(ON)")
	} else {
		q.Set("_txlock", "immediate")
		q.Add("_pragma", "cache_size(-8192)") // KiB: what a busy hour of selling touches
	}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: q.Encode()}).String()
}

func checkEngine(ctx context.Context, d *bun.DB) error {
	var v string
	if err := d.DB.QueryRowContext(ctx, "SELECT sqlite_version()").Scan(&v); err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	if !EngineIsSafe(v) {
		return fmt.Errorf("this build carries SQLite %s, which can lose acknowledged orders; %d.%d.%d or newer is needed",
			v, oldestEngine[0], oldestEngine[1], oldestEngine[2])
	}
	return nil
}

// EngineIsSafe says whether a SQLite version ("3.51.3") keeps every commit.
func EngineIsSafe(version string) bool {
	parts := strings.SplitN(version, ".", 3)
	for i, least := range oldestEngine {
		if i >= len(parts) {
			return false
		}
		n, err := strconv.Atoi(parts[i])
		if err != nil || n < least {
			return false
		}
		if n > least {
			return true
		}
	}
	return true
}

func checkPragmas(ctx context.Context, c *conn) error {
	for _, p := range pragmas {
		var got string
		if err := c.Conn.QueryRowContext(ctx, "PRAGMA "+p.name).Scan(&got); err != nil {
			return fmt.Errorf("read back %s: %w", p.name, err)
		}
		if got != p.want {
			return fmt.Errorf("the database runs with %s=%s instead of %s; is its folder on a network drive?", p.name, got, p.want)
		}
	}
	return nil
}

var errForeign = errors.New(FileName + " is not a database of Onhand; move it away or choose another data folder")

var errOlder = errors.New("the data was written by an older version of Onhand, or not finished; start the shop once and stop it, it is upgraded then")

// checkFile reads the head of an existing file, because merely opening a
// database sets its journal mode: what is not ours is refused untouched. A file
// with neither mark nor tables is new; a first start that was killed may have
// left them in the -wal file, where migrateFile looks again. Only a file that
// is not there at all makes a new shop: an empty one was something once.
func checkFile(path string, asItIs bool) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) && !asItIs {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	defer f.Close()
	var head [108]byte // sqlite.org/fileformat2.html, 1.3 and the page header after it
	_, err = io.ReadFull(f, head[:])
	app, tables := binary.BigEndian.Uint32(head[68:]), binary.BigEndian.Uint16(head[103:])
	switch {
	case err != nil || string(head[:16]) != "SQLite format 3\x00":
		return errors.New(FileName + " is damaged or not a database; restore a backup, or move it away and start anew")
	case app != applicationID && (app != 0 || tables > 0):
		return errForeign
	case app == 0 && asItIs:
		if log, err := os.Stat(path + "-wal"); err != nil || log.Size() == 0 {
			return errOlder
		}
	}
	return nil
}

// markApplied notes a migration in its own transaction. Bun notes it after the
// commit: a process killed between the two would never start again, because the
// tables of the migration would be there already.
func markApplied(ctx context.Context, tx bun.IConn, m *migrate.Migration) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO bun_migrations (name, group_id) VALUES (?, ?)", m.Name, m.GroupID)
	return err
}

// migrateFile brings the schema up to date. The number of applied migrations is
// kept in user_version, so an up-to-date file costs one pragma at start. With
// asItIs it refuses what it would change.
func migrateFile(ctx context.Context, d *bun.DB, asItIs bool) error {
	names, err := fs.Glob(migrationFiles, "migrations/*.up.sql")
	if err != nil {
		return err
	}
	var have, app int
	if err := d.DB.QueryRowContext(ctx, "PRAGMA user_version").Scan(&have); err != nil {
		return fmt.Errorf("read the database: %w", err)
	}
	if err := d.DB.QueryRowContext(ctx, "PRAGMA application_id").Scan(&app); err != nil {
		return fmt.Errorf("read the database: %w", err)
	}
	var tables int
	if err := d.DB.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables); err != nil {
		return fmt.Errorf("read the database: %w", err)
	}
	switch {
	case app != applicationID && (app != 0 || tables > 0):
		return errForeign
	case have > len(names):
		return errors.New("the data was written by a newer version of Onhand; start that version, or restore a backup of before the upgrade")
	case have == len(names):
		return nil
	case asItIs:
		return errOlder
	}
	if _, err := d.DB.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", applicationID)); err != nil {
		return fmt.Errorf("mark the database: %w", err)
	}
	ms := migrate.NewMigrations()
	if err := ms.Discover(migrationFiles); err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	m := migrate.NewMigrator(d, ms, migrate.WithMarkAppliedOnSuccess(true), migrate.WithUpsert(true), migrate.AfterMigration(markApplied))
	if err := m.Init(ctx); err != nil {
		return fmt.Errorf("prepare the upgrade: %w", err)
	}
	if _, err := m.Migrate(ctx); err != nil {
		return fmt.Errorf("upgrade the database: %w", err)
	}
	if _, err := d.DB.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", len(names))); err != nil {
		return fmt.Errorf("mark the upgrade: %w", err)
	}
	return nil
}
