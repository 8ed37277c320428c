package stock

import "onhand/db"

// Query is the statement behind a list, for its plan.
func (f LevelFilter) Query(tx *db.Tx) (string, []any, error) { return f.query(tx) }

// Query is the statement behind a list, for its plan.
func (f MovementFilter) Query(tx *db.Tx) (string, []any, error) {
	return f.query(tx.Actor, f.Size()+1)
}
