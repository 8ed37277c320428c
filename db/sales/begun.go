package sales

import "onhand/db"

// Begun says whether there is or was an order, be it a draft.
func Begun(tx *db.Tx) (yes bool, err error) {
	err = tx.Row("SELECT EXISTS (SELECT 1 FROM orders)", nil, &yes)
	return yes, err
}
