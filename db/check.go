package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// findingsPerRule bounds what one broken rule reports; the first rows tell why.
const findingsPerRule = 100

// Finding is one broken invariant, named by its row.
type Finding struct {
	Rule    string `json:"rule"`
	Row     string `json:"row"`
	Message string `json:"message"`
}

// Rule is an invariant as a query of the rows that break it: a name for the row,
// and one sentence that says what is wrong.
type Rule struct {
	Name  string
	Query string
}

// Look runs rules on one snapshot and answers what is broken.
func Look(ctx context.Context, d *DB, rules []Rule) (found []Finding, err error) {
	err = Inspect(ctx, d, func(tx *Tx) error {
		found, err = look(tx, rules)
		return err
	})
	return found, err
}

func look(tx *Tx, rules []Rule) (found []Finding, err error) {
	for _, r := range rules {
		n := 0
		err := tx.Each(r.Query, nil, func(rows *sql.Rows) error {
			f := Finding{Rule: r.Name}
			if n++; n > findingsPerRule {
				return nil
			}
			if err := rows.Scan(&f.Row, &f.Message); err != nil {
				return err
			}
			found = append(found, f)
			return nil
		})
		if err != nil {
			return found, fmt.Errorf("check %s: %w", r.Name, err)
		}
	}
	return found, nil
}

// LookAtSearch compares a search table with the rows of the table it is made of.
// SQLite does this by a command that counts as a write, so a copy of the index is
// looked at, among the temporary tables of a connection of its own: that one reads
// the shop as any reader does, and holds up nobody.
func LookAtSearch(ctx context.Context, d *DB, table, rows string) (found []Finding, err error) {
	d.write.mustBeOutside()
	own := openSQL(filepath.Join(d.dir, FileName), false)
	defer func() { err = errors.Join(err, own.Close()) }()
	c, err := own.DB.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("look at %s: %w", table, err)
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	var made string
	err = c.QueryRowContext(ctx, "SELECT replace(sql, 'TABLE '||name||' ', 'TABLE temp.'||name||' ') FROM main.sqlite_schema WHERE name = ?1", table).Scan(&made)
	if err != nil {
		return nil, fmt.Errorf("look at %s: %w", table, err)
	}
	steps := []string{
		"PRAGMA temp_store = FILE", // the copy may be larger than what a small machine has to spare
		"CREATE TEMP VIEW " + rows + " AS SELECT * FROM main." + rows,
		made,
		// All connections share the lock of their caches: to drop a large one at the end would hold up the writer after all.
		"PRAGMA main.cache_size = -512", "PRAGMA temp.cache_size = -512", "PRAGMA temp.journal_mode = OFF",
		"BEGIN DEFERRED", // index and rows of one moment
	}
	copied := "temp." + table
	for _, part := range []string{"_config", "_data", "_docsize", "_idx"} { // sqlite.org/fts5.html, "FTS5 Data Structures"
		steps = append(steps, "DELETE FROM "+copied+part, "INSERT INTO "+copied+part+" SELECT * FROM main."+table+part)
	}
	for _, step := range append(steps, "INSERT INTO "+copied+" ("+table+", rank) VALUES ('integrity-check', 1)", "COMMIT") {
		_, err = c.ExecContext(ctx, step)
		var e *sqlite.Error
		if errors.As(err, &e) && e.Code() == sqlite3.SQLITE_CORRUPT_VTAB {
			return []Finding{{Rule: "search", Row: table, Message: "The search table does not match its rows: " + err.Error()}}, nil
		}
		if err != nil {
			return nil, fmt.Errorf("look at %s: %w", table, err)
		}
	}
	return nil, nil
}

// Check looks at the file itself: its pages, its indexes, its references.
func Check(ctx context.Context, d *DB) (found []Finding, err error) {
	err = Inspect(ctx, d, func(tx *Tx) error {
		if err := freshSearch(tx); err != nil {
			return err
		}
		found, err = look(tx, []Rule{
			{"integrity", `SELECT 'file', integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'`},
			{"references", `SELECT "table" || ' ' || coalesce(rowid, '?'), 'It refers to a row of ' || parent || ' that is not there.' FROM pragma_foreign_key_check`},
		})
		return err
	})
	if err != nil && strings.Contains(err.Error(), "malformed") {
		return append(found, Finding{Rule: "integrity", Row: "file", Message: err.Error()}), nil
	}
	return found, err
}

// freshSearch opens every search table once. A connection remembers which segments such a table had and forgets that only when a
// query opens it; integrity_check does not, and would report the segments that were merged since as corrupt.
func freshSearch(tx *Tx) error {
	var tables []string
	err := tx.Select(&tables, "SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'")
	for _, t := range tables {
		if err != nil {
			break
		}
		var some []int
		err = tx.Select(&some, "SELECT 1 FROM "+t+" LIMIT 1")
	}
	if err != nil {
		return fmt.Errorf("look at the search tables: %w", err)
	}
	return nil
}
