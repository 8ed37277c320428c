package imports

import (
	"context"

	"onhand/db"
)

// Check looks for remembered keys that lead to the wrong place, and for commits without a moment.
func Check(ctx context.Context, d *db.DB) ([]db.Finding, error) {
	return db.Look(ctx, d, []db.Rule{
		{Name: "a remembered variant is of the remembered product", Query: `SELECT 'import key ' || l.key, 'It leads to variant ' || v.id || ', which is not of product ' || l.product_id || '.'
			FROM import_links l JOIN variants v ON v.id = l.variant_id WHERE v.product_id <> l.product_id`},
		{Name: "a committed import says when", Query: `SELECT 'import ' || id, 'It is ' || status || ' but ' || iif(committed_at IS NULL, 'has no moment.', 'has one.')
			FROM imports WHERE status <> 'running' AND (status IN ('committed', 'undone')) <> (committed_at IS NOT NULL)`},
		{Name: "an undone import says when", Query: `SELECT 'import ' || id, 'It is ' || status || ' but ' || iif(undone_at IS NULL, 'has no moment of its undoing.', 'has one.')
			FROM imports WHERE (status = 'undone') <> (undone_at IS NOT NULL)`},
		{Name: "an import runs while it is undone", Query: `SELECT 'import ' || id, 'It is ' || status || ' and being undone.' FROM imports WHERE undo_from > 0 AND status <> 'running'`},
		// One that is running in a stopped shop is no finding: it is taken back at the next start.
		{Name: "an import that failed was taken back", Query: `SELECT 'import ' || m.id, 'It is ' || m.status || ' but has ' || count(*) || ' steps.'
			FROM imports m JOIN import_steps s ON s.import_id = m.id WHERE m.status NOT IN ('running', 'committed') GROUP BY m.id`},
	})
}
