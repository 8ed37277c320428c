package sales

import "onhand/db"

// Query is the statement behind a list, for its plan.
func (f OrderFilter) Query(tx *db.Tx) (string, []any, error) { return f.query(tx) }

// Query is the statement behind a list, for its plan.
func (f ReturnFilter) Query(tx *db.Tx) (string, []any, error) { return f.query(tx.Actor) }
