package catalog

import (
	"fmt"
	"strings"

	"onhand/db"
)

// pathMark stands between a category and the one above it.
const pathMark = " > "

// pathOf are the names that a path is made of, from the top down.
func pathOf(text string) (names []string) {
	for _, name := range strings.Split(text, ">") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// knownAs are the categories that a path names; or, where there is none, those that are called so wherever they stand.
func knownAs(tx *db.Tx, text string) (all []Category, err error) {
	for _, look := range []struct{ condition, key string }{
		{"c.path_key = ?1", fold(strings.TrimSpace(text))},
		{"c.path_key = ?1", fold(strings.Join(pathOf(text), pathMark))},
		{"c.name_key = ?1", fold(strings.TrimSpace(text))},
	} {
		err := tx.Select(&all, categoryColumns+" WHERE "+look.condition+" ORDER BY c.place LIMIT 10", look.key)
		if err != nil {
			return nil, fmt.Errorf("look up category: %w", err)
		}
		if len(all) > 0 {
			break
		}
	}
	return all, nil
}

// resolveCategory takes the category that a path or a name stands for; a path of which something is missing has no id yet. It fails
// with ambiguous_category, and as the name of a new category does.
func (p *plan) resolveCategory(tx *db.Tx) error {
	a := &p.after
	a.CategoryID = nil
	if a.Category == "" {
		return nil
	}
	known, err := knownAs(tx, a.Category)
	if err != nil {
		return err
	}
	switch len(known) {
	case 0:
	case 1:
		a.Category, a.CategoryID = known[0].Path, &known[0].ID
		return nil
	default:
		return db.Refuse("ambiguous_category", "category", "Several categories are called %s. Write one with what is above it: %s.", known[0].Name, known[0].Path).
			With("name", known[0].Name).With("path", known[0].Path)
	}
	parent, missing, err := follow(tx, a.Category)
	if err != nil {
		return err
	}
	a.Category = strings.Join(missing, pathMark)
	if parent != nil {
		a.Category = parent.Path + pathMark + a.Category
	}
	return nil
}

// follow walks down a path as far as it is there: the last category of it, and the names that are missing below, which are checked.
func follow(tx *db.Tx, path string) (last *Category, missing []string, err error) {
	const field = "category"
	names := pathOf(path)
	if len(names) == 0 {
		return nil, nil, db.Refuse("bad_category_name", field, "This names no category. Write one, or one below the other: Home > Kitchen.")
	}
	if err := deepEnough(field, len(names)); err != nil {
		return nil, nil, err
	}
	for i, name := range names {
		next, err := childOf(tx, last.id(), name)
		if err != nil {
			return nil, nil, err
		}
		if next == nil {
			missing = names[i:]
			break
		}
		last = next
	}
	for i := range missing {
		if missing[i], err = categoryName(field, missing[i]); err != nil {
			return nil, nil, err
		}
	}
	return last, missing, roomForCategories(tx, field, len(missing))
}

// makePath makes what is missing of a path, and returns the category at its end.
func makePath(tx *db.Tx, path string) (*Category, error) {
	c, missing, err := follow(tx, path)
	for _, name := range missing {
		if err == nil {
			c, err = insertCategory(tx, c, name)
		}
	}
	return c, err
}
