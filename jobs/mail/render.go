package mail

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	htmltemplate "html/template"
	"strings"
	"sync"
	texttemplate "text/template"
	"time"

	"onhand/db/alerts"
	"onhand/db/purchasing"
	"onhand/db/reports"
	"onhand/db/sales"
)

// Shop is who writes.
type Shop struct {
	Name     string
	Language string         // of the mails: en or de
	Zone     *time.Location // where its days begin and end; nil for UTC
	URL      string         // where people reach it, without a slash at the end; without one a mail has no links
	Address  string         // for the footer, may have several lines
	Logo     bool           // an inline image comes along as cid:logo
}

// Rendered is a mail in words.
type Rendered struct {
	Subject     string // one line
	Text, HTML  string
	Unsubscribe string // URL for List-Unsubscribe; only of mails that one can stop
}

// SecretMark stands in the text of a mail for what must not be stored; the real secret is put in when it is sent.
const SecretMark = "put-the-secret-here-c2f9d81e5b7a4036"

// TestMail is the kind of the mail that shows whether mail works; its facts are empty.
const TestMail = "test"

// The mails about people and their accounts.
const (
	registrationReceived = "registration-received"
	registrationPending  = "registration-pending"
	registrationApproved = "registration-approved"
	registrationRejected = "registration-rejected"
	passwordReset        = "password-reset"
)

// kinds are all mails, and who words them.
var kinds = []struct {
	name string
	tell func(*voice, []byte) (*page, error)
}{
	{sales.OrderConfirmedMail, tells(confirmed)},
	{sales.OrderShippedMail, tells(shipped)},
	{sales.OrderReadyMail, tells(ready)},
	{sales.OrderCancelledMail, tells(cancelled)},
	{sales.OrderCoveredMail, tells(covered)},
	{sales.OrderExpiredMail, tells(expired)},
	{sales.OrderRefundedMail, tells(refunded)},
	{purchasing.PurchaseMail, tells(ordered)},
	{alerts.NewOrdersMail, tells(newOrders)},
	{alerts.StockMail, tells(stockDigest)},
	{reports.SummaryMail, tells(daySummary)},
	{registrationReceived, tells(received)},
	{registrationPending, tells(pending)},
	{registrationApproved, tells(approved)},
	{registrationRejected, tells(rejected)},
	{passwordReset, tells(reset)},
	{alerts.MailBrokenMail, tells(mailWorksAgain)},
	{alerts.SelfCheckMail, tells(selfCheck)},
	{TestMail, tells(mailWorks)},
}

// Kinds are all kinds of mail.
var Kinds = func() (names []string) {
	for _, k := range kinds {
		names = append(names, k.name)
	}
	return names
}()

// errBare says that facts lack what their mail is about.
var errBare = errors.New("there is nothing in them to tell")

const (
	longestSubject = 120    // characters
	largestHTML    = 99_000 // bytes; Gmail hides what comes after 102 kB
)

// Render words the facts of a kind. It fails with an error for a kind there is none of and for facts that cannot be read.
func Render(shop Shop, kind string, facts []byte) (Rendered, error) {
	for _, k := range kinds {
		if k.name != kind {
			continue
		}
		r, err := render(shop, k.tell, facts)
		if err != nil {
			return Rendered{}, fmt.Errorf("word a mail of the kind %s: %w", kind, err)
		}
		return r, nil
	}
	return Rendered{}, fmt.Errorf("there is no mail of the kind %.40q", kind)
}

func render(shop Shop, tell func(*voice, []byte) (*page, error), facts []byte) (Rendered, error) {
	v := newVoice(shop)
	p, err := tell(v, facts)
	if err != nil {
		return Rendered{}, err
	}
	p.voice = v
	text, err := p.text()
	if err != nil {
		return Rendered{}, err
	}
	html, err := p.html()
	if err := errors.Join(err, v.err); err != nil {
		return Rendered{}, err
	}
	return Rendered{Subject: shorten(loose(line(p.Subject)), longestSubject), Text: text, HTML: html, Unsubscribe: p.oneClick}, nil
}

// tells reads facts before they are told.
func tells[F any](tell func(*voice, *F) (*page, error)) func(*voice, []byte) (*page, error) {
	return func(v *voice, facts []byte) (*page, error) {
		clean, err := cleanFacts(facts)
		if err != nil {
			return nil, fmt.Errorf("read the facts: %w", err)
		}
		f := new(F)
		if err := json.Unmarshal(clean, f); err != nil {
			return nil, fmt.Errorf("read the facts: %w", err)
		}
		return tell(v, f)
	}
}

//go:embed templates
var templateFiles embed.FS

// The templates are read when the first mail is worded: a shop that starts does not wait for them.
var htmlMail = sync.OnceValue(func() *htmltemplate.Template {
	return htmltemplate.Must(htmltemplate.New("mail.html").Funcs(htmltemplate.FuncMap{
		"outlook": func(part string) htmltemplate.HTML { return outlook[part] },
		"wide":    func(s string) bool { return columns(s) > widestFigure },
	}).ParseFS(templateFiles, "templates/*.html"))
})

var textMail = sync.OnceValue(func() *texttemplate.Template {
	return texttemplate.Must(texttemplate.New("mail.txt").Funcs(texttemplate.FuncMap{
		"wrap":      func(s string) string { return strings.Join(wrap(s, textWidth), "\n") },
		"underline": func(sign, s string) string { return strings.Repeat(sign, min(columns(s), textWidth)) },
		"grid":      grid,
	}).ParseFS(templateFiles, "templates/*.txt"))
})

// outlook is what only Outlook reads, whose widths and fonts are Word's. html/template leaves out comments that stand in
// a template, so they come from here.
var outlook = map[string]htmltemplate.HTML{
	"fonts": `<!--[if mso]><style>table,td,th,h1,h2,h3,p,a,div{font-family:Arial,sans-serif!important}</style><![endif]-->`,
	"open":  `<!--[if mso]><table role="presentation" width="600" align="center" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->`,
	"close": `<!--[if mso]></td></tr></table><![endif]-->`,
}

// html is the page for mail programs. What Gmail would hide is left out at the end of its longest tables, which say so.
func (p *page) html() (string, error) {
	var b bytes.Buffer
	for most := p.longest(); ; most = most * 3 / 4 {
		b.Reset()
		if err := htmlMail().Execute(&b, p.cut(most)); err != nil {
			return "", fmt.Errorf("make the page: %w", err)
		}
		if b.Len() <= largestHTML || most == 0 {
			return b.String(), nil
		}
	}
}

// text is the page for whoever reads no HTML, and it is complete.
func (p *page) text() (string, error) {
	var b strings.Builder
	if err := textMail().Execute(&b, p); err != nil {
		return "", fmt.Errorf("make the text: %w", err)
	}
	var lines []string
	for s := range strings.Lines(loose(b.String())) {
		s = strings.TrimRight(s, " \n")
		if s == "" && (len(lines) == 0 || lines[len(lines)-1] == "") {
			continue
		}
		lines = append(lines, s)
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n", nil
}
