package customers

import (
	"net/mail"
	"strings"
	"unicode"

	"onhand/db"

	"golang.org/x/text/unicode/norm"
)

// maxEmail is the longest address that mail can carry (RFC 5321, 4.5.3.1.3).
const maxEmail = 254

// Email checks an address for one mailbox and returns it trimmed; an empty one stays empty. It fails with bad_email.
func Email(field, typed string) (string, error) {
	email, err := db.Text(field, typed, maxEmail)
	if err != nil || email == "" {
		return "", err
	}
	a, err := mail.ParseAddress(email)
	local, domain, _ := strings.Cut(email, "@")
	if err != nil || a.Address != email || len(email) > maxEmail || len(local) > 64 || !isDomain(domain) {
		return "", db.Refuse("bad_email", field, "%q is not an email address such as name@example.com.", email).With("email", email)
	}
	return email, nil
}

// isDomain tells whether labels of letters, digits and hyphens are joined by single points: no address literals, no quotes.
func isDomain(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if strings.ContainsFunc(label, func(r rune) bool {
			return r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
		}) {
			return false
		}
	}
	return true
}

// NormalEmail is the form in which addresses are compared: composed, in small letters. Nothing cleverer: only the
// provider knows whether points or tags in a mailbox matter.
func NormalEmail(email string) string {
	return strings.ToLower(norm.NFC.String(strings.TrimSpace(email)))
}

// check returns a contact with its parts trimmed.
func (c Contact) check() (Contact, error) {
	var wrong []*db.Error
	keep := func(s string, err error) string {
		if e, ok := err.(*db.Error); ok {
			wrong = append(wrong, e)
		}
		return s
	}
	checked := Contact{
		Name:  keep(db.Text("name", c.Name, maxName)),
		Email: keep(Email("email", c.Email)),
		Phone: keep(db.Text("phone", c.Phone, maxPhone)),
	}
	return checked, db.Together(wrong)
}

// Digits are the digits of a phone number, by which it is found.
func Digits(phone string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
}

// PhoneDigits are the digits to search for when somebody typed a phone number, "" when it is something else. Leading zeros
// go, so that 0170 finds +49 170.
func PhoneDigits(q string) string {
	if strings.Trim(q, "0123456789+-/(). ") != "" {
		return ""
	}
	return strings.TrimLeft(Digits(q), "0")
}
