package db_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"onhand/db"
)

// plainly runs SQL on a file as any other program would.
func plainly(t *testing.T, path string, statements ...string) {
	t.Helper()
	s, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	for _, st := range statements {
		if _, err := s.Exec(st); err != nil {
			t.Fatalf("%s: %v", st, err)
		}
	}
}

// refused opens a folder that must not open, and answers the sentence it was
// refused with. The file must be as it was, with nothing beside it but the lock.
func refused(t *testing.T, dir string) string {
	t.Helper()
	return refusedWith(t, db.Options{Dir: dir})
}

func refusedWith(t *testing.T, o db.Options) string {
	t.Helper()
	dir := o.Dir
	before := contents(t, dir)
	d, err := db.Open(context.Background(), o)
	if err == nil {
		_ = d.Close()
		t.Fatal("it opened")
	}
	for name, b := range contents(t, dir) {
		if !bytes.Equal(b, before[name]) && name != "lock" {
			t.Errorf("%s was touched", name)
		}
	}
	return err.Error()
}

func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string][]byte)
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name()] = b
	}
	return all
}

func openAndClose(t *testing.T, dir string) {
	t.Helper()
	d, err := db.Open(context.Background(), db.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestEnginesThatCanLoseCommitsAreRefused(t *testing.T) {
	t.Parallel()
	for version, safe := range map[string]bool{
		"3.51.3": true, "3.51.4": true, "3.52.0": true, "3.60.0": true, "4.0.0": true, "3.51.10": true,
		"3.51.2": false, "3.51.0": false, "3.50.7": false, "3.7.0": false, "2.99.99": false, "3.9.9": false,
		"": false, "3": false, "3.51": false, "3.51.x": false, "three": false,
	} {
		if db.EngineIsSafe(version) != safe {
			t.Errorf("EngineIsSafe(%q) is %v", version, !safe)
		}
	}
	d := open(t)
	var linked string
	read(t, d, func(tx *db.Tx) error { return tx.Get(&linked, "SELECT sqlite_version()") })
	if !db.EngineIsSafe(linked) {
		t.Errorf("this build carries SQLite %s", linked)
	}
}

func TestAFolderIsOpenedOnceAtATime(t *testing.T) {
	t.Parallel()
	d := open(t)
	if s := refused(t, d.Dir()); !strings.Contains(s, "in use by another Onhand") {
		t.Errorf("refused with: %s", s)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	openAndClose(t, d.Dir())
}

func TestAFolderWithAnUnusualNameIsJustAName(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new", "Geschäft #1 & 100%25?mode=memory;x=y")
	openAndClose(t, dir)
	if info, err := os.Stat(filepath.Join(dir, db.FileName)); err != nil || info.Size() == 0 {
		t.Errorf("no database in it: %v", err)
	}
}

func TestAFolderMayBeRelative(t *testing.T) {
	t.Chdir(t.TempDir())
	openAndClose(t, "data")
	if _, err := os.Stat(filepath.Join("data", db.FileName)); err != nil {
		t.Error(err)
	}
}

func TestTheFileSaysWhoseItIs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	openAndClose(t, dir)
	b := contents(t, dir)[db.FileName]
	if got := string(b[68:72]); got != "Onhd" {
		t.Errorf("application_id is %q", got)
	}
	files, err := filepath.Glob("migrations/*.up.sql")
	if err != nil {
		t.Fatal(err)
	}
	if v := binary.BigEndian.Uint32(b[60:64]); int(v) != len(files) {
		t.Errorf("user_version is %d, want %d", v, len(files))
	}
}

func TestAFileOfANewerVersionIsRefusedUntouched(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	openAndClose(t, dir)
	plainly(t, filepath.Join(dir, db.FileName), "PRAGMA user_version = 9999")
	if s := refused(t, dir); !strings.Contains(s, "newer version of Onhand") {
		t.Errorf("refused with: %s", s)
	}
}

func TestAForeignDatabaseIsRefusedUntouched(t *testing.T) {
	t.Parallel()
	for name, statements := range map[string][]string{
		"plain":            {"CREATE TABLE recipes (id INTEGER)"},
		"in WAL mode":      {"PRAGMA journal_mode = WAL", "CREATE TABLE recipes (id INTEGER)"},
		"with another id":  {"PRAGMA application_id = 42", "CREATE TABLE recipes (id INTEGER)"},
		"with only an id":  {"PRAGMA application_id = 42"},
		"with our version": {"PRAGMA user_version = 1", "CREATE TABLE recipes (id INTEGER)"},
	} {
		dir := t.TempDir()
		plainly(t, filepath.Join(dir, db.FileName), statements...)
		if s := refused(t, dir); !strings.Contains(s, "not a database of Onhand") {
			t.Errorf("%s: refused with: %s", name, s)
		}
	}
}

func TestAFileThatIsNoDatabaseIsRefusedUntouched(t *testing.T) {
	t.Parallel()
	whole := t.TempDir()
	openAndClose(t, whole)
	good := contents(t, whole)[db.FileName]
	for name, b := range map[string][]byte{
		"a note":      []byte("These are the opening hours of the shop.\n"),
		"a long note": bytes.Repeat([]byte("opening hours "), 1000),
		"zeros":       make([]byte, 8192),
		"a head only": good[:50],
		"one byte":    {0},
		"nothing":     {},
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, db.FileName), b, 0o600); err != nil {
			t.Fatal(err)
		}
		s := refused(t, dir)
		if !strings.Contains(s, "onhand.db is damaged or not a database") || strings.Contains(s, "(26)") {
			t.Errorf("%s: refused with: %s", name, s)
		}
	}
}

func TestAShopThatIsExaminedIsNotUpgraded(t *testing.T) {
	t.Parallel()
	for name, statements := range map[string][]string{
		"never migrated": {"PRAGMA user_version = 0", "VACUUM"},
		"an older one":   {"PRAGMA application_id = 0x4f6e6864", "PRAGMA user_version = 1", "PRAGMA journal_mode = WAL", "CREATE TABLE users (id INTEGER)"},
	} {
		dir := t.TempDir()
		plainly(t, filepath.Join(dir, db.FileName), statements...)
		if s := refusedWith(t, db.Options{Dir: dir, AsItIs: true}); !strings.Contains(s, "older version of Onhand") {
			t.Errorf("%s: refused with: %s", name, s)
		}
	}
	refusedWith(t, db.Options{Dir: t.TempDir(), AsItIs: true})
}

// A process killed while it writes leaves its last commits in the -wal file
// alone; even the very first ones, which say whose file it is.
func TestAFileWhoseCommitsAreStillInItsLogOpens(t *testing.T) {
	t.Parallel()
	d := open(t)
	write(t, d, func(tx *db.Tx) error { return put(tx, "acknowledged") })
	crashed := t.TempDir()
	for name, b := range contents(t, d.Dir()) {
		if strings.HasSuffix(name, "-shm") {
			continue
		}
		if err := os.WriteFile(filepath.Join(crashed, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	again, err := db.Open(context.Background(), db.Options{Dir: crashed, AsItIs: true}) // as the doctor does
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = again.Close() }()
	if got := names(t, again); got != "acknowledged" {
		t.Errorf("in the file: %q", got)
	}
}

// An upgrade may be killed at any moment. Here it is stopped around the notes
// that say which migrations are done; the next start must finish it.
func TestAnUpgradeStoppedAnywhereIsFinishedByTheNextStart(t *testing.T) {
	t.Parallel()
	want := t.TempDir()
	openAndClose(t, want)
	for moment := 4; moment <= 8; moment++ {
		dir := t.TempDir()
		if err := db.MigrateUntil(filepath.Join(dir, db.FileName), moment); err == nil {
			t.Errorf("nothing was stopped at moment %d", moment)
		}
		d, err := db.Open(context.Background(), db.Options{Dir: dir})
		if err != nil {
			t.Fatalf("after a stop at moment %d: %v", moment, err)
		}
		if err := d.Close(); err != nil {
			t.Fatal(err)
		}
		if got, want := schema(t, dir), schema(t, want); got != want {
			t.Errorf("after a stop at moment %d the schema is\n%s\nwant\n%s", moment, got, want)
		}
	}
}

func schema(t *testing.T, dir string) (all string) {
	t.Helper()
	s, err := sql.Open("sqlite", filepath.Join(dir, db.FileName))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	err = s.QueryRow(`SELECT group_concat(sql, ';' ORDER BY name) || ';' ||
		(SELECT group_concat(name ORDER BY name) FROM bun_migrations) FROM sqlite_schema`).Scan(&all)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
