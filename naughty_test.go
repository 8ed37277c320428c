package main_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"log/slog"
	"maps"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
	"unicode"

	"github.com/emersion/go-smtp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"

	"onhand/db"
	"onhand/jobs"
	"onhand/server"
)

// naughty is a shop whose products and customers are called what breaks programs.
type naughty struct {
	t      *testing.T
	db     *db.DB
	url    string
	cookie string
	office *office
	keys   int
	// kept are the strings that were taken, as they are kept, in the order of their products and customers.
	products, customers []string
}

func openNaughty(t *testing.T) *naughty {
	t.Helper()
	d, err := db.Open(t.Context(), db.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	s := server.New(d, server.Options{SetupToken: "open sesame", Site: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}}})
	ln, err := server.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(ln) //nolint:errcheck // Close below tells
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := errors.Join(s.Close(ctx), d.Close()); err != nil {
			t.Error(err)
		}
	})
	n := &naughty{t: t, db: d, url: "http://" + ln.Addr().String() + "/api/v1", office: openOffice(t)}
	res, _ := n.send("POST", "/setup", map[string]any{"token": "open sesame", "shop": map[string]any{"name": "Corner Shop", "currency": "EUR", "timeZone": "Europe/Berlin"},
		"owner": map[string]any{"name": "Anna", "email": "anna@example.com", "password": "correct horse"}, "location": map[string]any{"name": "Main store"}})
	n.cookie = res.Cookies()[0].Name + "=" + res.Cookies()[0].Value
	n.must("PATCH", "/settings", map[string]any{"mail": map[string]any{"host": "127.0.0.1", "port": n.office.port, "security": "none", "from": "shop@example.com"}})
	return n
}

func (n *naughty) send(method, path string, body any) (*http.Response, []byte) {
	n.t.Helper()
	var sent io.Reader
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			n.t.Fatal(err)
		}
		sent = bytes.NewReader(b)
	}
	req, err := http.NewRequest(method, n.url+path, sent)
	if err != nil {
		n.t.Fatal(err)
	}
	n.keys++
	for name, value := range map[string]string{"Cookie": n.cookie, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/json", "Idempotency-Key": fmt.Sprint("key-", n.keys)} {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		n.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		n.t.Fatal(err)
	}
	return res, b
}

// must is send of what has to work, and answers the document.
func (n *naughty) must(method, path string, body any) (document map[string]any) {
	n.t.Helper()
	res, b := n.send(method, path, body)
	if res.StatusCode >= 300 {
		n.t.Fatalf("%s %s answers %d: %s", method, path, res.StatusCode, b)
	}
	if err := json.Unmarshal(b, &document); err != nil {
		n.t.Fatal(err)
	}
	return document
}

// refusals are the codes with which a text may be refused.
var refusals = []string{"required", "bad_text", "too_long"}

// make makes something of a text, or checks that it is refused in one plain sentence.
func (n *naughty) make(text, path string, body any) (ok bool) {
	n.t.Helper()
	res, b := n.send("POST", path, body)
	if res.StatusCode == http.StatusCreated {
		return true
	}
	var p struct {
		Errors []struct{ Code, Message string }
	}
	if err := json.Unmarshal(b, &p); err != nil || res.StatusCode != http.StatusUnprocessableEntity || len(p.Errors) == 0 {
		n.t.Errorf("%s of %q answers %d: %s", path, text, res.StatusCode, b)
		return false
	}
	for _, e := range p.Errors {
		if !slices.Contains(refusals, e.Code) || !sentence.MatchString(e.Message) {
			n.t.Errorf("%s of %q is refused with %s: %q", path, text, e.Code, e.Message)
		}
	}
	return false
}

// sentence is plain English: one or two sentences without the code's own words.
var sentence = regexp.MustCompile(`^[A-Z][^{}_<>]{3,120}\.$`)

// all reads a list to its end.
func (n *naughty) all(path string) (items []map[string]any) {
	n.t.Helper()
	for after := ""; ; {
		page := n.must("GET", path+"?limit=200&sort=newest&after="+after, nil)
		for _, item := range page["items"].([]any) {
			items = append(items, item.(map[string]any))
		}
		if after = page["next"].(string); after == "" {
			slices.Reverse(items)
			return items
		}
	}
}

func TestNaughtyStringsSurviveEverywhereOrAreRefusedPlainly(t *testing.T) {
	t.Parallel()
	n := openNaughty(t)
	texts := naughtyStrings(t)
	for i, text := range texts {
		kept := strings.TrimSpace(norm.NFC.String(text))
		if n.make(text, "/products", map[string]any{"name": text, "notes": text, "variants": []any{map[string]any{"sku": fmt.Sprintf("S%03d", i), "price": 100, "tracked": false}}}) {
			n.products = append(n.products, kept)
		}
		if n.make(text, "/customers", map[string]any{"name": text, "note": text, "email": fmt.Sprintf("c%03d@example.com", i)}) {
			n.customers = append(n.customers, kept)
		}
	}
	for i, p := range n.all("/products") {
		if p["name"] != n.products[i] || p["notes"] != n.products[i] {
			t.Errorf("the product %q came back as %q, with the note %q", n.products[i], p["name"], p["notes"])
		}
	}
	for i, c := range n.all("/customers") {
		if c["name"] != n.customers[i] || c["note"] != n.customers[i] {
			t.Errorf("the customer %q came back as %q, with the note %q", n.customers[i], c["name"], c["note"])
		}
	}
	if len(n.products) < 480 || len(n.customers) < 480 {
		t.Errorf("only %d products and %d customers of %d were taken", len(n.products), len(n.customers), len(texts))
	}
	n.exported("products", "Name", "Notes", n.products)
	n.exported("customers", "Name", "Note", n.customers)
	n.mailed()
	n.printed()
}

func naughtyStrings(t *testing.T) (texts []string) {
	t.Helper()
	root := os.Getenv("ONHAND_REFERENCE")
	if root == "" {
		t.Skip("ONHAND_REFERENCE is not set")
	}
	b, err := os.ReadFile(filepath.Join(root, "data", "naughty_strings", "blns.json"))
	if err == nil {
		err = json.Unmarshal(b, &texts)
	}
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

// exported checks that both files of a list have the texts, and that none of them is a formula.
func (n *naughty) exported(kind, name, note string, want []string) {
	n.t.Helper()
	_, b := n.send("GET", "/exports/"+kind+".csv", nil)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(b), "\ufeff"))).ReadAll()
	if err != nil {
		n.t.Fatal(err)
	}
	for _, row := range rows[1:] {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+@\t\r", rune(cell[0])) {
				n.t.Errorf("%s of a CSV file begins as a formula: %q", rows[0][i], cell)
			}
			if bare := strings.TrimLeft(cell, "'"); bare != "" && strings.ContainsRune("=+-@\t\r", rune(bare[0])) {
				row[i] = strings.TrimPrefix(cell, "'") // as an import takes it off
			}
		}
	}
	n.same(kind+".csv", rows, name, want)
	n.same(kind+".csv", rows, note, want)
	_, b = n.send("GET", "/exports/"+kind+".xlsx", nil)
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		n.t.Fatal(err)
	}
	defer f.Close()
	if rows, err = f.GetRows(kind); err != nil {
		n.t.Fatal(err)
	}
	n.same(kind+".xlsx", rows, name, want)
	n.same(kind+".xlsx", rows, note, want)
}

// same compares a column with what it should hold, in any order: lists are sorted by name.
func (n *naughty) same(file string, rows [][]string, title string, want []string) {
	n.t.Helper()
	column := slices.Index(rows[0], title)
	var got []string
	for _, row := range rows[1:] {
		got = append(got, append(row, make([]string, len(rows[0]))...)[column])
	}
	slices.Sort(got)
	want = slices.Sorted(slices.Values(want))
	if len(got) != len(want) {
		n.t.Errorf("%s has %d rows of %d", file, len(got), len(want))
		return
	}
	for i := range want {
		if got[i] != want[i] {
			n.t.Errorf("%s of %s has %q, want %q", title, file, got[i], want[i])
		}
	}
}

// mailed orders each product for somebody of its name, and reads what they are mailed.
func (n *naughty) mailed() {
	n.t.Helper()
	names := map[string]string{}
	for i, p := range n.all("/products") {
		variant := p["variants"].([]any)[0].(map[string]any)
		to := fmt.Sprintf("m%03d@example.com", i)
		names[to] = p["name"].(string)
		n.must("POST", "/orders", map[string]any{"channel": "phone", "customer": map[string]any{"name": p["name"], "email": to}, "note": p["name"],
			"lines": []any{map[string]any{"variantId": variant["id"], "quantity": 1}}})
	}
	j, err := jobs.New(n.db, jobs.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		n.t.Fatal(err)
	}
	if r, err := j.Run(n.t.Context(), "deliver-mail"); err != nil || r.Outcome != "done" {
		n.t.Fatalf("the mails did not leave: %+v, %v", r, err)
	}
	got := n.office.mails()
	if len(got) != len(names) {
		n.t.Errorf("%d of %d mails arrived", len(got), len(names))
	}
	for _, m := range got {
		n.readMail(m, names[m.to])
	}
}

// mailHeaders are all that a confirmation has.
var mailHeaders = []string{"Auto-Submitted", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Reply-To", "Subject", "To", "X-Auto-Response-Suppress"}

// readMail checks that a mail shows a name, and that the name is nothing but text in it.
func (n *naughty) readMail(m letter, name string) {
	n.t.Helper()
	message, err := mail.ReadMessage(bytes.NewReader(m.raw))
	if err != nil {
		n.t.Errorf("the mail of %q cannot be read: %v", name, err)
		return
	}
	for h, values := range message.Header {
		if !slices.Contains(mailHeaders, h) || len(values) != 1 {
			n.t.Errorf("the mail of %q has the header %s: %q", name, h, values)
		}
	}
	if to, err := message.Header.AddressList("To"); err != nil || len(to) != 1 || to[0].Address != m.to {
		n.t.Errorf("the mail of %q goes to %v, %v", name, to, err)
	}
	parts := map[string]string{}
	if err := readParts(message.Header.Get("Content-Type"), message.Header.Get("Content-Transfer-Encoding"), message.Body, parts); err != nil {
		n.t.Errorf("the mail of %q has parts that cannot be read: %v", name, err)
	}
	page := parts["text/html"]
	if strings.Contains(strings.ToLower(page), "<script") || strings.Contains(strings.ToLower(page), "onerror=\"") {
		n.t.Errorf("the mail of %q runs something: %s", name, page)
	}
	shown := html.UnescapeString(tag.ReplaceAllString(page, ""))
	for kind, text := range map[string]string{"text": parts["text/plain"], "page": shown} {
		if !strings.Contains(essence(text), essence(name)) {
			n.t.Errorf("the %s of the mail does not show %q", kind, name)
		}
	}
}

var tag = regexp.MustCompile(`<[a-zA-Z/!][^>]*>`)

// essence is a text without spaces, which a mail wraps, and without what nobody sees.
func essence(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == '\ufeff' || r == '>' {
			return -1
		}
		return r
	}, s)
}

// readParts reads the parts of a message, however deep.
func readParts(contentType, encoding string, body io.Reader, into map[string]string) error {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(kind, "multipart/") {
		switch strings.ToLower(encoding) {
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		b, err := io.ReadAll(body)
		into[kind] = string(b)
		return err
	}
	for r := multipart.NewReader(body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := readParts(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p, into); err != nil {
			return err
		}
	}
}

// printed prints a label of each product.
func (n *naughty) printed() {
	n.t.Helper()
	var items []any
	for id := range n.products {
		items = append(items, map[string]any{"variantId": id + 1})
	}
	for _, format := range []string{"roll", "a4"} {
		res, b := n.send("POST", "/labels", map[string]any{"format": format, "items": items})
		if res.StatusCode != http.StatusOK || !bytes.HasPrefix(b, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(b), []byte("%%EOF")) {
			n.t.Errorf("the labels answer %d: %.200s", res.StatusCode, b)
		}
	}
}

// office is a mail server that keeps what it gets.
type office struct {
	port int
	mu   sync.Mutex
	got  map[string]letter
}

type letter struct {
	to  string
	raw []byte
}

func openOffice(t *testing.T) *office {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := &office{port: ln.Addr().(*net.TCPAddr).Port, got: map[string]letter{}}
	s := smtp.NewServer(o)
	s.Domain = "office.test"
	done := make(chan struct{})
	go func() { defer close(done); _ = s.Serve(ln) }()
	t.Cleanup(func() { _ = s.Close(); <-done })
	return o
}

func (o *office) NewSession(*smtp.Conn) (smtp.Session, error) { return &visit{office: o}, nil }

func (o *office) mails() []letter {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Collect(maps.Values(o.got))
}

type visit struct {
	office *office
	to     string
}

func (v *visit) Mail(string, *smtp.MailOptions) error      { return nil }
func (v *visit) Rcpt(to string, _ *smtp.RcptOptions) error { v.to = to; return nil }
func (v *visit) Reset()                                    {}
func (v *visit) Logout() error                             { return nil }
func (v *visit) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	v.office.mu.Lock()
	defer v.office.mu.Unlock()
	v.office.got[v.to] = letter{v.to, raw}
	return err
}
