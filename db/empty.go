package db

import (
	"fmt"
	"slices"
	"strings"
)

// Kept is what Empty leaves in the file.
type Kept struct {
	// Tables keep all their rows.
	Tables []string
	// Audit are the entities whose entries stay, but for those that Author wrote.
	Audit  []string
	Author Actor
}

// object is a table, index or trigger as the file words it.
type object struct{ Type, Name, TblName, SQL string }

func (o object) virtual() bool { return strings.HasPrefix(o.SQL, "CREATE VIRTUAL TABLE") }

// Empty takes out of the file whatever is not kept, append-only or not, with the replies and counters of before. A table is taken
// down and put up again in its own words: that takes no longer however much lies in it, and a table that this code has never
// heard of is emptied too. Numbers that were given are not given again.
func (tx *Tx) Empty(keep Kept) error {
	tx.mustWrite("Empty")
	var all []object
	if err := tx.Select(&all, "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"); err != nil {
		return fmt.Errorf("read the schema: %w", err)
	}
	var given []struct {
		Name string
		Seq  int64
	}
	if err := tx.Select(&given, "SELECT name, seq FROM sqlite_sequence"); err != nil {
		return fmt.Errorf("read the numbers given: %w", err)
	}
	emptied := tablesToEmpty(all, keep.Tables)
	if err := tx.rebuild(all, emptied); err != nil {
		return err
	}
	const sequences = "sqlite_sequence"
	for _, g := range given {
		if !slices.Contains(emptied, g.Name) {
			continue
		}
		if err := tx.alter("INSERT INTO "+sequences+" (name, seq) VALUES (?, ?)", g.Name, g.Seq); err != nil {
			return fmt.Errorf("go on with the numbers of %s: %w", g.Name, err)
		}
	}
	return tx.emptyAudit(all, keep)
}

// tablesToEmpty are those that are not kept, without the ones that a search table is made of.
func tablesToEmpty(all []object, keep []string) (names []string) {
	for _, o := range all {
		part := slices.ContainsFunc(all, func(v object) bool { return v.virtual() && strings.HasPrefix(o.Name, v.Name+"_") })
		if o.Type == "table" && !o.virtual() && !part && !slices.Contains(keep, o.Name) && !strings.HasPrefix(o.Name, "bun_") &&
			!slices.Contains([]string{"sqlite_sequence", "audit"}, o.Name) {
			names = append(names, o.Name)
		}
	}
	return names
}

// rebuild takes tables down, those first that none refers to, and puts them up again with their indices and triggers.
func (tx *Tx) rebuild(all []object, emptied []string) error {
	var refers []struct{ Name, Parent string }
	err := tx.Select(&refers, `SELECT m.name, f."table" AS parent FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f."table" <> m.name`)
	if err != nil {
		return fmt.Errorf("read who refers to whom: %w", err)
	}
	for left := slices.Clone(emptied); len(left) > 0; {
		i := slices.IndexFunc(left, func(name string) bool {
			for _, r := range refers {
				if r.Parent == name && slices.Contains(left, r.Name) {
					return false
				}
			}
			return true
		})
		i = max(i, 0) // tables that refer to each other are emptied row by row
		if err := tx.alter("DROP TABLE " + quoted(left[i])); err != nil {
			return fmt.Errorf("empty %s: %w", left[i], err)
		}
		left = slices.Delete(left, i, i+1)
	}
	for _, o := range all {
		if o.virtual() {
			if err := tx.alter("INSERT INTO " + quoted(o.Name) + " (" + quoted(o.Name) + ") VALUES ('delete-all')"); err != nil {
				return fmt.Errorf("empty %s: %w", o.Name, err)
			}
		}
		if slices.Contains(emptied, o.TblName) {
			if err := tx.alter(o.SQL); err != nil {
				return fmt.Errorf("put up %s: %w", o.Name, err)
			}
		}
	}
	return nil
}

// emptyAudit takes out what was done to what is gone.
func (tx *Tx) emptyAudit(all []object, keep Kept) error {
	i := slices.IndexFunc(all, func(o object) bool { return o.Name == "audit_is_kept" })
	if err := tx.alter("DROP TRIGGER audit_is_kept"); err != nil {
		return fmt.Errorf("open the audit: %w", err)
	}
	entities := "'" + strings.Join(keep.Audit, "', '") + "'"
	if _, err := tx.Exec("DELETE FROM audit WHERE entity NOT IN ("+entities+") OR actor_kind = ?1 AND actor_name = ?2", string(keep.Author.Kind), keep.Author.Name); err != nil {
		return fmt.Errorf("empty the audit: %w", err)
	}
	return tx.alter(all[i].SQL)
}

// alter runs a statement that is of no use prepared.
func (tx *Tx) alter(query string, args ...any) error {
	_, err := builder{tx}.ExecContext(tx.ctx, query, args...)
	return err
}

func quoted(name string) string { return `"` + name + `"` }
