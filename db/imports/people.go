package imports

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/customers"
	"onhand/db/table"
)

// The fields of a customer, besides the name.
const (
	fFirstName = "firstName"
	fLastName  = "lastName"
	fCompany   = "company"
	fEmail     = "email"
	fPhone     = "phone"
	fNote      = "note"
	fKey       = "key"
)

var customerFields = []field{
	{name: fName, label: "Name", required: true, unless: []string{fFirstName, fLastName, fCompany, fEmail}}, {name: fFirstName, label: "First name"}, {name: fLastName, label: "Last name"}, {name: fCompany, label: "Company"},
	{name: fEmail, label: "Email"}, {name: fPhone, label: "Phone"}, {name: fNote, label: "Note"}, {name: fKey, label: "Customer number"},
}

// ownCustomers is our own export.
var ownCustomers = &format{name: "onhand", fields: customerFields, fieldOf: guessedCustomer,
	known: func(has func(...string) bool) bool { return has(fName, fEmail, fPhone, fNote) }, decimal: table.DecimalPoint, columns: customerColumnsOf}

// otherCustomers is any file with a row for each customer.
var otherCustomers = &format{name: formatOther, fields: customerFields, fieldOf: guessedCustomer, decimal: table.DecimalPoint, columns: customerColumnsOf}

// customerColumnsOf are the fields behind what the customers' room refuses.
var customerColumnsOf = map[string]string{"name": fName, "email": fEmail, "phone": fPhone, "note": fNote}

var customerGuesses = guessesOf(map[string]string{
	fName:      "name, full name, customer, customer name, kunde, kundenname, nom complet, nombre, nome, ansprechpartner",
	fFirstName: "first name, firstname, given name, vorname, prénom",
	fLastName:  "last name, lastname, surname, family name, nachname, familienname, nom, apellido, cognome",
	fCompany:   "company, company name, organisation, organization, firma, unternehmen, société, empresa",
	fEmail:     "email, e-mail, email address, e-mail address, mail, e-mail-adresse, mailadresse, courriel, correo",
	fPhone:     "phone, phone number, telephone, tel, tel., mobile, telefon, telefonnummer, handy, téléphone, teléfono, telefono",
	fNote:      "note, notes, comment, remark, notiz, notizen, bemerkung, kommentar, remarque, nota",
	fKey:       "customer number, customer no., customer id, id, number, kundennummer, kunden-nr., numéro client",
})

func guessedCustomer(folded string) string {
	for _, f := range customerFields {
		if key(f.name) == folded || key(f.label) == folded {
			return f.name
		}
	}
	return customerGuesses[folded]
}

// peoplePlan is what a file of customers would change.
type peoplePlan struct {
	*report
	people  []*person
	claimed map[int64]*row  // customers that rows stand for
	seen    map[string]*row // emails and keys of the file
}

// person is a customer as a row has them, and what that changes.
type person struct {
	row    *row
	source string
	link   string // under which they are found again without an email
	in     customers.NewCustomer
	known  *customers.Customer // nil for a new one
	linked bool                // the key is to be remembered
}

func drawCustomers(ctx context.Context, d *db.DB, s *sheet, _ int64) (drawn, error) {
	p := &peoplePlan{report: &report{sheet: s}, claimed: map[int64]*row{}, seen: map[string]*row{}}
	for _, n := range s.Lines {
		p.rows = append(p.rows, &row{number: n.Number, line: n})
	}
	for rows := range slices.Chunk(p.rows, planSlice) {
		err := db.Read(ctx, d, func(tx *db.Tx) error {
			for _, r := range rows {
				if p.shape(r); r.outcome != "" {
					continue
				}
				if err := p.compare(tx, r); err != nil {
					return fmt.Errorf("plan row %d: %w", r.number, err)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

// sum writes what a preview says into an import.
func (p *peoplePlan) sum(m *Import) error { return p.report.sum(m, nil) }

// compare works out what one row changes. An empty cell changes nothing.
func (p *peoplePlan) compare(tx *db.Tx, r *row) error {
	one := p.read(r)
	err := p.find(tx, one)
	if err != nil || r.outcome != "" {
		return err
	}
	var id int64
	if k := one.known; k != nil {
		id = k.ID
		one.in.Name, one.in.Email = cmp.Or(one.in.Name, k.Name), cmp.Or(one.in.Email, k.Email)
		one.in.Phone, one.in.Note = cmp.Or(one.in.Phone, k.Phone), cmp.Or(one.in.Note, k.Note)
		if other := p.claimed[id]; other != nil {
			p.twice(other, r, " here, "+cmp.Or(k.Name, k.Email, k.Phone))
			return nil
		}
		p.claimed[id] = r
	}
	if err := customers.CheckIn(tx, id, one.in); err != nil {
		return p.blameAll(r, err)
	}
	switch {
	case one.known == nil:
		r.outcome = outcomeCreate
	case one.changes():
		r.outcome = outcomeUpdate
	default:
		r.outcome = outcomeUnchanged
	}
	if r.outcome != outcomeUnchanged || one.linked {
		p.people = append(p.people, one)
	}
	return nil
}

// twice refuses both rows that are of one customer: the file does not say which of them is right.
func (p *peoplePlan) twice(a, b *row, who string) {
	for _, r := range []*row{a, b} {
		if r.outcome != outcomeError {
			p.fail(r, "", "same_customer", "The rows %d and %d are one customer%s. Remove one of them.", a.number, b.number, who).With("rows", []int{a.number, b.number})
		}
	}
}

// blameAll lays everything that is wrong with a customer on their row.
func (p *peoplePlan) blameAll(r *row, err error) error {
	var e *db.Error
	if !errors.As(err, &e) {
		return err
	}
	for _, one := range append([]*db.Error{e}, e.Also...) {
		p.blame(r, p.format.columns[one.Field], one)
	}
	return nil
}

// read is a customer as their row has them.
func (p *peoplePlan) read(r *row) *person {
	get := func(field string) string { return p.cell(r.line, field) }
	one := &person{row: r, source: p.format.name, in: customers.NewCustomer{Note: get(fNote)}}
	one.in.Name = cmp.Or(get(fName), strings.TrimSpace(get(fFirstName)+" "+get(fLastName)), get(fCompany))
	one.in.Email, one.in.Phone = get(fEmail), get(fPhone)
	r.name = cmp.Or(one.in.Name, one.in.Email, one.in.Phone)
	if one.link = keyOf("key", get(fKey)); one.link == "" && one.in.Email == "" {
		one.link = keyOf("name", one.in.Name+"|"+customers.Digits(one.in.Phone))
	}
	return one
}

// find looks for a customer by email, then by a phone number that is theirs alone, then by what they were found by before.
func (p *peoplePlan) find(tx *db.Tx, one *person) (err error) {
	for _, seen := range []string{keyOf("email", one.in.Email), one.link} {
		if other := p.seen[seen]; seen != "" && other != nil {
			p.twice(other, one.row, "")
			return nil
		}
		p.seen[seen] = one.row
	}
	found := false
	if one.in.Email != "" {
		if one.known, found, err = customers.ByEmailIn(tx, one.in.Email); err != nil || found {
			return err
		}
	}
	alike, err := customers.ByPhoneIn(tx, one.in.Phone)
	if err != nil {
		return err
	}
	if len(alike) == 1 && (one.in.Email == "" || alike[0].Email == "") {
		one.known = &alike[0]
	}
	if one.link == "" {
		return nil
	}
	id, err := personOf(tx, one.source, one.link)
	if err != nil {
		return err
	}
	if one.known == nil && id != 0 {
		one.known, err = customers.In(tx, id)
	}
	one.linked = one.known == nil || one.known.ID != id
	return err
}

func (one *person) changes() bool {
	k := one.known
	return one.in.Name != k.Name || one.in.Email != k.Email || one.in.Phone != k.Phone || one.in.Note != k.Note
}

// carryOut writes customer after customer.
func (p *peoplePlan) carryOut(ctx context.Context, d *db.DB, m *Import) error {
	deeds := make([]deed, 0, len(p.people))
	for _, one := range p.people {
		if one.row.outcome != outcomeError { // a later row may be the same customer
			deeds = append(deeds, deed{one.row.number, 1, one.carry})
		}
	}
	return p.sheet.carryOut(ctx, d, m, deeds)
}
