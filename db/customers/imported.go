package customers

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"onhand/db"
)

// ByEmailIn finds a customer by the email in any case; ok is false when nobody has it.
func ByEmailIn(tx *db.Tx, email string) (c *Customer, ok bool, err error) {
	c, err = ofEmail(tx, email)
	if errors.Is(err, db.ErrNoRow) {
		return nil, false, nil
	}
	return c, err == nil, err
}

// ByPhoneIn are the first two customers whose phone number has the same digits: one alone is whom it means.
func ByPhoneIn(tx *db.Tx, phone string) (all []Customer, err error) {
	digits := Digits(phone)
	if digits == "" {
		return nil, nil
	}
	if err = tx.Select(&all, columns+" WHERE phone_normal = ?1 AND phone_normal <> '' ORDER BY id LIMIT 2", digits); err != nil {
		return nil, fmt.Errorf("look for a phone number: %w", err)
	}
	return all, nil
}

// CheckIn fails as making a customer would or, with an id, as changing one to be so.
func CheckIn(tx *db.Tx, id int64, in NewCustomer) error {
	c, err := in.check()
	if err != nil {
		return err
	}
	if _, err := db.Note("note", in.Note, maxNote); err != nil {
		return err
	}
	return free(tx, Customer{ID: id, Name: c.Name, Email: c.Email, Phone: c.Phone})
}

// UsedIn says whether a row outside this room, and of no table that is spared, refers to a customer. It asks the schema, so that
// no room is forgotten.
func UsedIn(tx *db.Tx, id int64, spared ...string) (used bool, err error) {
	questions := []string{"0"}
	err = tx.Each(`SELECT m.name, f."from" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f."table" = 'customers'`, nil, func(rows *sql.Rows) error {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			return err
		}
		if !slices.Contains(spared, table) {
			questions = append(questions, "EXISTS (SELECT 1 FROM "+table+" WHERE "+column+" = ?1)")
		}
		return nil
	})
	if err == nil {
		err = tx.Row("SELECT "+strings.Join(questions, " OR "), []any{id}, &used)
	}
	if err != nil {
		return false, fmt.Errorf("look for what refers to customer %d: %w", id, err)
	}
	return used, nil
}

// RemoveIn deletes a customer as if they had never been there. It answers false and changes nothing where something refers to them.
func RemoveIn(tx *db.Tx, id int64) (bool, error) {
	c, err := In(tx, id)
	if err != nil {
		return false, err
	}
	if used, err := UsedIn(tx, id); err != nil || used {
		return false, err
	}
	if _, err := tx.Exec("DELETE FROM customers WHERE id = ?1", id); err != nil {
		return false, fmt.Errorf("remove customer %d: %w", id, err)
	}
	if err := tx.Audit("customer", id, record{c.Name, c.Email, c.Phone, c.Note}, nil); err != nil {
		return false, err
	}
	return true, tx.Emit("customers", id, c.Version+1)
}
