// Package customers is who the shop sells to.
package customers

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"onhand/db"
)

// Limits of what is written down about a customer.
const (
	maxName  = 200
	maxPhone = 50
	maxNote  = 5_000
)

// Customer is a person or firm that orders. One normalised email is one customer.
type Customer struct {
	ID        int64   `json:"id"`
	Name      string  `json:"name"`
	Email     string  `json:"email"`
	Phone     string  `json:"phone"`
	Note      string  `json:"note"`
	Version   int64   `json:"version"`
	CreatedAt db.Time `json:"createdAt"`
	UpdatedAt db.Time `json:"updatedAt"`
	NameKey   string  `json:"-"`
}

// Contact is what an order carries of its customer; each part may be empty.
type Contact struct {
	Name  string `json:"name,omitempty" maxLength:"200"`
	Email string `json:"email,omitempty" maxLength:"254"`
	Phone string `json:"phone,omitempty" maxLength:"50"`
}

// NewCustomer needs a name, an email or a phone number.
type NewCustomer struct {
	Contact
	Note string `json:"note,omitempty" maxLength:"5000"`
}

// CustomerChange changes what it carries and leaves the rest.
type CustomerChange struct {
	Version *int64  `json:"version,omitempty"`
	Name    *string `json:"name,omitempty" maxLength:"200"`
	Email   *string `json:"email,omitempty" maxLength:"254"`
	Phone   *string `json:"phone,omitempty" maxLength:"50"`
	Note    *string `json:"note,omitempty" maxLength:"5000"`
}

// CustomerFilter sorts and searches the list: by name (the default) or newest; q finds parts of names, emails and phone numbers.
type CustomerFilter struct {
	db.List
	Sort string
}

// Match returns the customer of an order's contact: the one with its email, whose blanks it fills and whose details it never
// overwrites, or else a new one. Without name, email and phone there is none: nil. It fails with bad_email, bad_text, too_long.
func Match(tx *db.Tx, contact Contact) (*Customer, error) {
	c, err := contact.check()
	if err != nil || c == (Contact{}) {
		return nil, err
	}
	if c.Email == "" {
		return insert(tx, c, "")
	}
	known, err := ofEmail(tx, c.Email)
	if errors.Is(err, db.ErrNoRow) {
		return insert(tx, c, "")
	}
	if err != nil {
		return nil, err
	}
	filled := *known
	filled.Name = cmp.Or(known.Name, c.Name)
	filled.Phone = cmp.Or(known.Phone, c.Phone)
	return update(tx, known, filled)
}

// List lists customers. It fails with bad_cursor, bad_sort.
func List(ctx context.Context, d *db.DB, f CustomerFilter) (page db.Page[Customer], err error) {
	query, args, err := f.query()
	if err != nil {
		return page, err
	}
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		var rows []Customer
		if err := tx.Select(&rows, query, args...); err != nil {
			return fmt.Errorf("list customers: %w", err)
		}
		page = db.PageOf(rows, f.Size(), func(c Customer) string {
			if f.Sort == newest {
				return db.Cursor(c.ID)
			}
			return db.Cursor(c.NameKey, c.ID)
		})
		return nil
	})
	return page, err
}

// ByID returns a customer, or not_found.
func ByID(ctx context.Context, d *db.DB, id int64) (c *Customer, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		c, err = In(tx, id)
		return err
	})
	return c, err
}

// In is ByID inside a transaction.
func In(tx *db.Tx, id int64) (*Customer, error) {
	var c Customer
	err := tx.Get(&c, columns+" WHERE id = ?1", id)
	return &c, db.Found(err, "customer")
}

// Create makes a customer. It fails with required, bad_email, email_taken, bad_text, too_long.
func Create(ctx context.Context, d *db.DB, in NewCustomer) (*Customer, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Customer, error) { return CreateIn(tx, in) })
}

// CreateIn is Create inside a write.
func CreateIn(tx *db.Tx, in NewCustomer) (*Customer, error) {
	c, err := in.check()
	if err != nil {
		return nil, err
	}
	note, err := db.Note("note", in.Note, maxNote)
	if err != nil {
		return nil, err
	}
	if err := free(tx, Customer{Name: c.Name, Email: c.Email, Phone: c.Phone}); err != nil {
		return nil, err
	}
	return insert(tx, c, note)
}

// Update changes a customer; what changes nothing leaves the version. It fails as Create does, and with not_found, stale.
func Update(ctx context.Context, d *db.DB, id int64, in CustomerChange) (*Customer, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Customer, error) { return UpdateIn(tx, id, in) })
}

// UpdateIn is Update inside a write.
func UpdateIn(tx *db.Tx, id int64, in CustomerChange) (*Customer, error) {
	known, err := In(tx, id)
	if err != nil {
		return nil, err
	}
	if in.Version != nil && *in.Version != known.Version {
		return nil, db.Stale(known)
	}
	c, err := Contact{Name: given(in.Name, known.Name), Email: given(in.Email, known.Email), Phone: given(in.Phone, known.Phone)}.check()
	if err != nil {
		return nil, err
	}
	changed := *known
	changed.Name, changed.Email, changed.Phone = c.Name, c.Email, c.Phone
	if changed.Note, err = db.Note("note", given(in.Note, known.Note), maxNote); err != nil {
		return nil, err
	}
	if err := free(tx, changed); err != nil {
		return nil, err
	}
	return update(tx, known, changed)
}

const columns = "SELECT id, name, name_key, email, phone, note, version, created_at, updated_at FROM customers"

func ofEmail(tx *db.Tx, email string) (*Customer, error) {
	var c Customer
	err := tx.Get(&c, columns+" WHERE email_normal = ?1", NormalEmail(email))
	return &c, err
}

// OfEmail is the id of the customer who has an email address, nil when nobody has.
func OfEmail(tx *db.Tx, email string) (*int64, error) {
	c, err := ofEmail(tx, email)
	if errors.Is(err, db.ErrNoRow) {
		return nil, nil //nolint:nilnil // nobody is no failure
	}
	if err != nil {
		return nil, fmt.Errorf("look for the customer of an email: %w", err)
	}
	return &c.ID, nil
}

// free refuses a customer without any detail, and an email that is somebody else's.
func free(tx *db.Tx, c Customer) error {
	if c.Name == "" && c.Email == "" && c.Phone == "" {
		return db.Refuse("required", "name", "A customer needs a name, an email or a phone number.")
	}
	if c.Email == "" {
		return nil
	}
	other, err := ofEmail(tx, c.Email)
	if errors.Is(err, db.ErrNoRow) || err == nil && other.ID == c.ID {
		return nil
	}
	if err != nil {
		return err
	}
	e := db.Errorf(db.Conflict, "email_taken", "%s is the email of another customer, %s. Use that one.", c.Email, cmp.Or(other.Name, other.Email)).
		With("customerId", other.ID).With("name", other.Name)
	e.Field = "email"
	return e
}

// record is what the audit keeps of a customer.
type record struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	Phone string `json:"phone"`
	Note  string `json:"note"`
}

func insert(tx *db.Tx, c Contact, note string) (*Customer, error) {
	id, err := tx.Insert(`INSERT INTO customers (name, name_key, email, email_normal, phone, phone_normal, note, created_at, updated_at)
		VALUES (?1, ?2, ?3, nullif(?4, ''), ?5, ?6, ?7, ?8, ?8)`, c.Name, db.SortKey(c.Name), c.Email, NormalEmail(c.Email), c.Phone, Digits(c.Phone), note, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("make customer: %w", err)
	}
	if err := tx.Audit("customer", id, nil, record{c.Name, c.Email, c.Phone, note}); err != nil {
		return nil, err
	}
	if err := tx.Emit("customers", id, 1); err != nil {
		return nil, err
	}
	return In(tx, id)
}

// update writes what differs; where nothing does, the customer keeps its version.
func update(tx *db.Tx, known *Customer, c Customer) (*Customer, error) {
	if *known == c {
		return known, nil
	}
	_, err := tx.Exec(`UPDATE customers SET name = ?2, name_key = ?3, email = ?4, email_normal = nullif(?5, ''), phone = ?6, phone_normal = ?7, note = ?8,
		updated_at = ?9, version = version + 1 WHERE id = ?1`, c.ID, c.Name, db.SortKey(c.Name), c.Email, NormalEmail(c.Email), c.Phone, Digits(c.Phone), c.Note, tx.Now)
	if err != nil {
		return nil, fmt.Errorf("change customer %d: %w", c.ID, err)
	}
	if err := tx.Audit("customer", c.ID, record{known.Name, known.Email, known.Phone, known.Note}, record{c.Name, c.Email, c.Phone, c.Note}); err != nil {
		return nil, err
	}
	if err := tx.Emit("customers", c.ID, c.Version+1); err != nil {
		return nil, err
	}
	return In(tx, c.ID)
}

const newest = "newest"

func (f CustomerFilter) query() (query string, args []any, err error) {
	conditions := []string{"1"}
	where := func(condition string, values ...any) {
		conditions, args = append(conditions, condition), append(args, values...)
	}
	switch q := strings.TrimSpace(f.Q); {
	case match(q) != "":
		where("id IN (SELECT rowid FROM customers_search WHERE customers_search MATCH ?)", match(q))
	case q != "":
		name, email := db.SortKey(q), NormalEmail(q)
		where(`id IN (SELECT id FROM customers WHERE name_key >= ? AND name_key < ? UNION SELECT id FROM customers WHERE email_normal >= ? AND email_normal < ?
			UNION SELECT id FROM customers WHERE phone_normal <> '' AND phone_normal >= ? AND phone_normal < ?)`, name, db.PrefixEnd(name), email, db.PrefixEnd(email), q, db.PrefixEnd(q))
	}
	var key string
	var id int64
	var more bool
	order := "name_key, id"
	switch f.Sort {
	case "", "name":
		if more, err = db.ReadCursor(f.After, &key, &id); more {
			where("(name_key, id) > (?, ?)", key, id)
		}
	case newest:
		if more, err = db.ReadCursor(f.After, &id); more {
			where("id < ?", id)
		}
		order = "id DESC"
	default:
		err = db.Refuse("bad_sort", "query.sort", "Customers are sorted by name or newest.")
	}
	return columns + " WHERE " + strings.Join(conditions, " AND ") + " ORDER BY " + order + " LIMIT ?", append(args, f.Size()+1), err
}

// match looks for all the words, or for the number when q may be one, however its digits are grouped.
func match(q string) string {
	words, number := db.Match(q), PhoneDigits(q)
	switch {
	case len(number) < 3:
		return words
	case words == "":
		return `phone_normal : "` + number + `"`
	}
	return `phone_normal : "` + number + `" OR (` + words + `)`
}

func given(change *string, known string) string {
	if change == nil {
		return known
	}
	return *change
}
