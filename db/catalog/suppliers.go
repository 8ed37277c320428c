package catalog

import (
	"context"
	"fmt"
	"net/mail"
	"strings"

	"onhand/db"
)

// Limits of what is kept of a supplier.
const (
	maxEmail    = 254
	maxPhone    = 50
	maxAddress  = 1000
	maxLeadDays = 365
)

// Supplier is whom the shop buys from.
type Supplier struct {
	ID           int64    `json:"id"`
	Name         string   `json:"name"`
	Contact      string   `json:"contact" doc:"whom to ask for"`
	Email        string   `json:"email"`
	Phone        string   `json:"phone"`
	Address      string   `json:"address"`
	LeadTimeDays int64    `json:"leadTimeDays" doc:"from order to delivery; 0 where nobody says"`
	Notes        string   `json:"notes"`
	ItemCount    int64    `json:"itemCount" doc:"how many variants it supplies"`
	Archived     bool     `json:"archived"`
	ArchivedAt   *db.Time `json:"archivedAt"`
	Version      int64    `json:"version"`
	CreatedAt    db.Time  `json:"createdAt"`
	UpdatedAt    db.Time  `json:"updatedAt"`
	SortKey      string   `json:"-"`
}

// NewSupplier is a new supplier.
type NewSupplier struct {
	Name         string `json:"name" maxLength:"200"`
	Contact      string `json:"contact,omitempty" maxLength:"200" doc:"whom to ask for"`
	Email        string `json:"email,omitempty" maxLength:"254"`
	Phone        string `json:"phone,omitempty" maxLength:"50"`
	Address      string `json:"address,omitempty" maxLength:"1000"`
	LeadTimeDays int64  `json:"leadTimeDays,omitempty" minimum:"0" maximum:"365" doc:"from order to delivery; 0 where nobody says"`
	Notes        string `json:"notes,omitempty" maxLength:"10000"`
}

// SupplierChange changes what it carries of a supplier.
type SupplierChange struct {
	Version      *int64  `json:"version,omitempty"`
	Name         *string `json:"name,omitempty" maxLength:"200"`
	Contact      *string `json:"contact,omitempty" maxLength:"200" doc:"whom to ask for"`
	Email        *string `json:"email,omitempty" maxLength:"254"`
	Phone        *string `json:"phone,omitempty" maxLength:"50"`
	Address      *string `json:"address,omitempty" maxLength:"1000"`
	LeadTimeDays *int64  `json:"leadTimeDays,omitempty" minimum:"0" maximum:"365" doc:"from order to delivery; 0 where nobody says"`
	Notes        *string `json:"notes,omitempty" maxLength:"10000"`
	Archived     *bool   `json:"archived,omitempty" doc:"an archived supplier keeps what it supplies, and nobody orders from it"`
}

// SupplierFilter narrows the list of suppliers; q finds names that begin with it.
type SupplierFilter struct {
	db.List
	// Archived lists the archived ones instead of the current ones.
	Archived bool
}

const supplierColumns = `SELECT id, name, contact, email, phone, address, lead_days AS lead_time_days, notes, items AS item_count,
	archived_at IS NOT NULL AS archived, archived_at, version, created_at, updated_at, sort_key FROM suppliers`

// Suppliers lists suppliers by name.
func Suppliers(ctx context.Context, d *db.DB, f SupplierFilter) (db.Page[Supplier], error) {
	prefix := db.SortKey(strings.TrimSpace(f.Q))
	key, id := prefix, int64(0)
	if _, err := db.ReadCursor(f.After, &key, &id); err != nil {
		return db.Page[Supplier]{}, err
	}
	condition := map[bool]string{false: "archived_at IS NULL", true: "archived_at IS NOT NULL"}[f.Archived]
	var rows []Supplier
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Select(&rows, supplierColumns+" WHERE "+condition+" AND (sort_key, id) > (?1, ?2) AND sort_key < ?3 ORDER BY sort_key, id LIMIT ?4",
			key, id, db.PrefixEnd(prefix), f.Size()+1)
	})
	return db.PageOf(rows, f.Size(), func(s Supplier) string { return db.Cursor(s.SortKey, s.ID) }), err
}

// SupplierByID returns a supplier, archived or not, or not_found.
func SupplierByID(ctx context.Context, d *db.DB, id int64) (s *Supplier, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		s, err = SupplierIn(tx, id)
		return err
	})
	return s, err
}

// SupplierIn is SupplierByID inside a transaction.
func SupplierIn(tx *db.Tx, id int64) (*Supplier, error) {
	var s Supplier
	err := tx.Get(&s, supplierColumns+" WHERE id = ?1", id)
	return &s, db.Found(err, "supplier")
}

// CreateSupplier makes a supplier. It fails with required, too_long, bad_email, out_of_range, name_taken.
func CreateSupplier(ctx context.Context, d *db.DB, in NewSupplier) (*Supplier, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Supplier, error) {
		return (&Supplier{}).change(tx, SupplierChange{Name: &in.Name, Contact: &in.Contact, Email: &in.Email, Phone: &in.Phone,
			Address: &in.Address, LeadTimeDays: &in.LeadTimeDays, Notes: &in.Notes})
	})
}

// UpdateSupplier changes a supplier; what changes nothing leaves the version. It fails as CreateSupplier does, and with not_found, stale.
func UpdateSupplier(ctx context.Context, d *db.DB, id int64, in SupplierChange) (*Supplier, error) {
	return db.Do(ctx, d, in, func(tx *db.Tx) (*Supplier, error) {
		s, err := SupplierIn(tx, id)
		if err != nil {
			return nil, err
		}
		if in.Version != nil && *in.Version != s.Version {
			return nil, db.Stale(s)
		}
		return s.change(tx, in)
	})
}

// Current refuses one that is archived.
func (s *Supplier) Current() error {
	if s.Archived {
		return db.Errorf(db.Conflict, "archived", "%s is archived. Bring it back first.", s.Name).With("name", s.Name)
	}
	return nil
}

// change lays a change over a supplier, checks all of it and writes it; one without an id is new.
func (s *Supplier) change(tx *db.Tx, in SupplierChange) (*Supplier, error) {
	after := *s
	if err := after.apply(tx, in); err != nil {
		return nil, err
	}
	if after == *s {
		return s, nil
	}
	args := []any{after.ID, after.Name, fold(after.Name), db.SortKey(after.Name), after.Contact, after.Email, after.Phone, after.Address,
		after.LeadTimeDays, after.Notes, after.ArchivedAt, tx.Now}
	var err error
	if s.ID == 0 {
		after.ID, err = tx.Insert(`INSERT INTO suppliers (name, name_key, sort_key, contact, email, phone, address, lead_days, notes, archived_at, created_at, updated_at)
			VALUES (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?12)`, args...)
	} else {
		_, err = tx.Exec(`UPDATE suppliers SET name = ?2, name_key = ?3, sort_key = ?4, contact = ?5, email = ?6, phone = ?7, address = ?8,
			lead_days = ?9, notes = ?10, archived_at = ?11, updated_at = ?12, version = version + 1 WHERE id = ?1`, args...)
	}
	if err != nil {
		return nil, fmt.Errorf("write supplier %q: %w", after.Name, err)
	}
	var before any
	if s.ID != 0 {
		before = s.state()
	}
	if err := tx.Audit("supplier", after.ID, before, after.state()); err != nil {
		return nil, err
	}
	if err := tx.Emit("suppliers", after.ID, s.Version+1); err != nil {
		return nil, err
	}
	return SupplierIn(tx, after.ID)
}

func (s *Supplier) apply(tx *db.Tx, in SupplierChange) error {
	wrong := &refusals{}
	if in.Name != nil {
		s.Name = wrong.text(db.Required("name", *in.Name, maxName))
	}
	if in.Contact != nil {
		s.Contact = wrong.text(db.Text("contact", *in.Contact, maxName))
	}
	if in.Email != nil {
		s.Email = wrong.text(emailOf("email", *in.Email))
	}
	if in.Phone != nil {
		s.Phone = wrong.text(db.Text("phone", *in.Phone, maxPhone))
	}
	if in.Address != nil {
		s.Address = wrong.text(db.Note("address", *in.Address, maxAddress))
	}
	if in.LeadTimeDays != nil {
		s.LeadTimeDays = *in.LeadTimeDays
		wrong.between("leadTimeDays", s.LeadTimeDays, 0, maxLeadDays)
	}
	if in.Notes != nil {
		s.Notes = wrong.text(db.Note("notes", *in.Notes, maxNotes))
	}
	if in.Archived != nil && *in.Archived != s.Archived {
		s.Archived, s.ArchivedAt = *in.Archived, nil
		if s.Archived {
			now := tx.Now
			s.ArchivedAt = &now
		}
	}
	var other Supplier
	err := tx.Get(&other, supplierColumns+" WHERE name_key = ?1 AND id <> ?2", fold(s.Name), s.ID)
	if err == nil && s.Name != "" {
		wrong.add(taken("name_taken", "name", "There is already a supplier called %s.", other.Name).
			With("name", other.Name).With("supplierId", other.ID).With("archived", other.Archived))
	} else if err != nil && err != db.ErrNoRow {
		return err
	}
	return wrong.err()
}

// emailOf checks the address of one mailbox; an empty one stays empty.
func emailOf(field, email string) (string, error) {
	email, err := db.Text(field, email, maxEmail)
	if err != nil || email == "" {
		return email, err
	}
	if a, err := mail.ParseAddress(email); err != nil || a.Address != email {
		return "", db.Refuse("bad_email", field, "This is no email address. Write it like anna@example.com.")
	}
	return email, nil
}

// supplierState is what the audit keeps of a supplier.
type supplierState struct {
	Name         string `json:"name"`
	Contact      string `json:"contact,omitempty"`
	Email        string `json:"email,omitempty"`
	Phone        string `json:"phone,omitempty"`
	Address      string `json:"address,omitempty"`
	LeadTimeDays int64  `json:"leadTimeDays,omitempty"`
	Archived     bool   `json:"archived,omitempty"`
}

func (s *Supplier) state() supplierState {
	return supplierState{s.Name, s.Contact, s.Email, s.Phone, s.Address, s.LeadTimeDays, s.Archived}
}
