package settings

import (
	"context"
	"encoding/json"
	"fmt"
	"net/mail"
	"net/url"
	"strings"

	"onhand/db"
	"onhand/db/auth"
)

// Security says how the connection to the mail server is protected.
type Security string

// StartTLS is required where it is chosen: a server that does not offer it gets no mail. TLS speaks it from the first
// byte, NoTLS not at all.
const (
	StartTLS Security = "starttls"
	TLS      Security = "tls"
	NoTLS    Security = "none"
)

// MailSettings is where mail leaves, and who gets the owner's.
type MailSettings struct {
	Host        string   `json:"host" doc:"the mail server; empty while the shop sends no mail"`
	Port        int      `json:"port"`
	Username    string   `json:"username"`
	PasswordSet bool     `json:"passwordSet" bun:"-" doc:"the password itself is never shown"`
	Security    Security `json:"security" enum:"starttls,tls,none"`
	From        string   `json:"from" doc:"the sender's address"`
	// OwnerRecipients get the owner's mails.
	OwnerRecipients Addresses `json:"ownerRecipients" doc:"who gets the owner's mails; the admins while it is empty"`

	Sealed string `json:"-"` // the password, for Password
}

// Addresses are mail addresses: a JSON list in the file.
type Addresses []string

// MailChange changes what it carries.
type MailChange struct {
	Host            *string    `json:"host,omitempty" maxLength:"253"`
	Port            *int       `json:"port,omitempty" minimum:"1" maximum:"65535"`
	Username        *string    `json:"username,omitempty" maxLength:"254"`
	Password        *string    `json:"password,omitempty" maxLength:"500" doc:"empty takes it away"`
	Security        *Security  `json:"security,omitempty" enum:"starttls,tls,none"`
	From            *string    `json:"from,omitempty" maxLength:"254"`
	OwnerRecipients *Addresses `json:"ownerRecipients,omitempty" maxItems:"20"`
}

// mailSecret is what the password is sealed for.
const mailSecret = "mail password"

// Works says whether mail can leave at all.
func (m MailSettings) Works() bool { return m.Host != "" && m.From != "" }

// Password is what the mail server asks for, "" where none is set.
func (m MailSettings) Password(secret *auth.Secret) (string, error) {
	if m.Sealed == "" {
		return "", nil
	}
	return secret.Open(m.Sealed, mailSecret)
}

// sealPassword takes the new password out of a change, sealed: nothing is written or hashed with it in plain.
func (in *Change) sealPassword(d *db.DB) error {
	if in.Mail == nil || in.Mail.Password == nil {
		return nil
	}
	change := *in.Mail // the caller's stays as it came
	sealed := ""
	if plain := *change.Password; plain != "" {
		var err error
		if sealed, err = auth.NewSecret(d.Dir()).Seal(plain, mailSecret); err != nil {
			return fmt.Errorf("seal the password: %w", err)
		}
	}
	change.Password = nil
	in.Mail, in.sealed = &change, &sealed
	return nil
}

// typeAgain refuses to send the password that is kept to another server than the one it was typed for, or unprotected.
func (m MailSettings) typeAgain(before MailSettings, typed bool) error {
	if before.Sealed == "" || typed || m.Host == before.Host && (m.Security == before.Security || m.Security != NoTLS) || m.Host == "" {
		return nil
	}
	return db.Refuse("password_again", "mail.password", "The password was typed for another server. Type it again.")
}

func (m *MailSettings) change(in *MailChange, sealed *string) {
	if in != nil {
		set(&m.Host, in.Host)
		set(&m.Port, in.Port)
		set(&m.Username, in.Username)
		set(&m.Security, in.Security)
		set(&m.From, in.From)
		set(&m.OwnerRecipients, in.OwnerRecipients)
	}
	set(&m.Sealed, sealed)
	m.PasswordSet = m.Sealed != ""
}

func (m *MailSettings) check() (err error) {
	if m.Host, err = db.Text("mail.host", m.Host, 253); err != nil {
		return err
	}
	if strings.ContainsAny(m.Host, "/:@ ") {
		return db.Refuse("bad_host", "mail.host", "Write the name of the server alone, such as smtp.example.com; the port stands apart.")
	}
	if m.Port < 1 || m.Port > 65535 {
		return db.Refuse("bad_port", "mail.port", "A port lies between 1 and 65535; mail mostly leaves by 587 or 465.")
	}
	if m.Username, err = db.Text("mail.username", m.Username, 254); err != nil {
		return err
	}
	if m.Security != StartTLS && m.Security != TLS && m.Security != NoTLS {
		return db.Refuse("bad_security", "mail.security", "Choose starttls, tls or none.")
	}
	if m.From != "" || m.Host != "" {
		if m.From, err = address("mail.from", m.From); err != nil {
			return err
		}
	}
	return m.OwnerRecipients.check("mail.ownerRecipients")
}

func (a *Addresses) check(field string) error {
	clean := make(Addresses, 0, len(*a))
	seen := map[string]bool{}
	for i, s := range *a {
		one, err := address(fmt.Sprintf("%s[%d]", field, i), s)
		if err != nil {
			return err
		}
		if key := strings.ToLower(one); !seen[key] {
			seen[key], clean = true, append(clean, one)
		}
	}
	if len(clean) > 20 {
		return db.Refuse("too_many", field, "At most 20 addresses fit.").With("max", 20)
	}
	*a = clean
	return nil
}

// CheckAddress refuses what is no mail address alone.
func CheckAddress(field, s string) error {
	_, err := address(field, s)
	return err
}

// address is a mail address alone, without a name.
func address(field, s string) (string, error) {
	s, err := db.Required(field, s, 254)
	if err != nil {
		return "", err
	}
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
		return "", db.Refuse("bad_email", field, "This is no email address. Write it like anna@example.com.")
	}
	return s, nil
}

// publicURL is where people reach the shop: a site without a path, or "".
func publicURL(s string) (string, error) {
	if s = strings.TrimSuffix(strings.TrimSpace(s), "/"); s == "" {
		return "", nil
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", db.Refuse("bad_url", "publicUrl", "Write the address of the shop as people type it, such as https://shop.example.com.")
	}
	return u.Scheme + "://" + u.Host, nil
}

// checkClock refuses what is no time of day.
func checkClock(field string, s *string) error {
	var h, m int
	if n, err := fmt.Sscanf(*s, "%d:%d", &h, &m); err != nil || n != 2 || len(*s) != 5 || h < 0 || h > 23 || m < 0 || m > 59 || fmt.Sprintf("%02d:%02d", h, m) != *s {
		return db.Refuse("bad_time", field, "Write the time as 07:30, from 00:00 to 23:59.")
	}
	return nil
}

// Scan reads them from the file.
func (a *Addresses) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("addresses of type %T", v)
	}
	return json.Unmarshal([]byte(s), a)
}

func (a Addresses) text() string {
	b, err := json.Marshal(a)
	if err != nil || a == nil {
		return "[]"
	}
	return string(b)
}

// TryMail is the mail settings as they would be with a change, and the password, for a test before anything is saved. It
// fails as Save does, and with mail_not_set_up where there is no server.
func TryMail(ctx context.Context, d *db.DB, change *MailChange) (MailSettings, string, error) {
	s, err := Current(ctx, d)
	if err != nil {
		return MailSettings{}, "", err
	}
	m := s.Mail
	m.change(change, nil)
	if err := m.check(); err != nil {
		return m, "", err
	}
	if err := m.typeAgain(s.Mail, change != nil && change.Password != nil); err != nil {
		return m, "", err
	}
	if !m.Works() {
		return m, "", db.Refuse("mail_not_set_up", "mail.host", "Name the mail server first.")
	}
	if change != nil && change.Password != nil {
		return m, *change.Password, nil
	}
	password, err := m.Password(auth.NewSecret(d.Dir()))
	return m, password, err
}
