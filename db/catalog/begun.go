package catalog

import "onhand/db"

// Begun says whether there is or was a product.
func Begun(tx *db.Tx) (yes bool, err error) {
	err = tx.Row("SELECT EXISTS (SELECT 1 FROM products)", nil, &yes)
	return yes, err
}
