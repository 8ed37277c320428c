package customers

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"

	"onhand/db"
)

// Address is where something goes, or where somebody is. Its country is a code of ISO 3166-1 as DE; empty for the shop's own.
type Address struct {
	Name       string `json:"name,omitempty" maxLength:"200" doc:"the customer's when left out"`
	Company    string `json:"company,omitempty" maxLength:"200"`
	Line1      string `json:"line1,omitempty" maxLength:"200" doc:"street and number"`
	Line2      string `json:"line2,omitempty" maxLength:"200"`
	PostalCode string `json:"postalCode,omitempty" maxLength:"20"`
	City       string `json:"city,omitempty" maxLength:"100"`
	Region     string `json:"region,omitempty" maxLength:"100" doc:"state, province or county"`
	Country    string `json:"country,omitempty" maxLength:"2" doc:"two letters, as DE; the shop's when left out"`
}

// Check returns an address with its parts trimmed, nil for an empty one. It needs a street and a town, and fails with what is wrong
// with each part.
func (a *Address) Check() (*Address, error) {
	if a == nil || *a == (Address{}) {
		return nil, nil
	}
	checked := *a
	var wrong []*db.Error
	for _, part := range []struct {
		name     string
		value    *string
		limit    int
		required bool
	}{{"name", &checked.Name, 200, false}, {"company", &checked.Company, 200, false}, {"line1", &checked.Line1, 200, true}, {"line2", &checked.Line2, 200, false},
		{"postalCode", &checked.PostalCode, 20, false}, {"city", &checked.City, 100, true}, {"region", &checked.Region, 100, false}} {
		check := db.Text
		if part.required {
			check = db.Required
		}
		text, err := check(part.name, *part.value, part.limit)
		if e, refused := err.(*db.Error); refused {
			wrong = append(wrong, e)
		}
		*part.value = text
	}
	checked.Country = strings.ToUpper(strings.TrimSpace(checked.Country))
	if c := checked.Country; c != "" && (len(c) != 2 || strings.Trim(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
		wrong = append(wrong, db.Refuse("bad_country", "country", "Give the country as its two letters, as DE."))
	}
	if len(wrong) > 0 {
		return nil, db.Together(wrong)
	}
	return &checked, nil
}

// Lines are an address as it stands on an envelope, without the country.
func (a *Address) Lines() []string {
	if a == nil {
		return nil
	}
	var lines []string
	for _, line := range []string{a.Company, a.Name, a.Line1, a.Line2, strings.TrimSpace(a.PostalCode + " " + a.City), a.Region} {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// String is an address in one line; empty for none.
func (a *Address) String() string {
	if a == nil {
		return ""
	}
	lines := a.Lines()
	if a.Country != "" {
		lines = append(lines, a.Country)
	}
	return strings.Join(lines, ", ")
}

// Scan reads an address from the file.
func (a *Address) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("an address of type %T", v)
	}
	return json.Unmarshal([]byte(s), a)
}

// Value is an address as it is written into the file.
func (a Address) Value() (driver.Value, error) {
	b, err := json.Marshal(a)
	return string(b), err
}
