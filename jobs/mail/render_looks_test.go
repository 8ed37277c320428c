package mail_test

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"onhand/jobs/mail"
)

var (
	imageSource = regexp.MustCompile(`(?i)src\s*=\s*"([^"]*)"`)
	isoDate     = regexp.MustCompile(`\d{4}-\d{2}-\d{2}`)
	placeholder = regexp.MustCompile(`\{[a-z]+\}`)
)

// looksRight checks what holds for each mail.
func looksRight(t *testing.T, r mail.Rendered) {
	t.Helper()
	wellFormed(t, r.HTML)
	for _, s := range []string{r.Subject, r.Text, r.HTML} {
		for _, bad := range []string{"<no value>", "ZgotmplZ", "%!", "<nil>", "web_order", "partially_"} {
			if strings.Contains(s, bad) {
				t.Errorf("it says %q", bad)
			}
		}
		if found := isoDate.FindString(s); found != "" {
			t.Errorf("it says %s, which is no date for people", found)
		}
	}
	if n := len([]rune(r.Subject)); n == 0 || n > 120 || strings.ContainsAny(r.Subject, "\r\n\u00a0") {
		t.Errorf("the subject is %q", r.Subject)
	}
	for _, found := range imageSource.FindAllStringSubmatch(r.HTML, -1) {
		if found[1] != "cid:logo" {
			t.Errorf("an image comes from %s", found[1])
		}
	}
	for _, bad := range []string{"<script", "<link", "@import", "url(", "<svg", "<form"} {
		if strings.Contains(strings.ToLower(r.HTML), bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if n := strings.Count(r.HTML, `<td class="button"`); n > 1 {
		t.Errorf("%d buttons", n)
	}
	if len(r.HTML) > 100_000 {
		t.Errorf("the page has %d bytes, of which Gmail hides the end", len(r.HTML))
	}
	headingsInOrder(t, r.HTML)
}

// wellFormed reads a page as strictly as XML: what is closed here is closed for every mail program.
func wellFormed(t *testing.T, page string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Entity = xml.HTMLEntity
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("the page is not well-formed: %v", err)
			return
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "table" {
			accessible(t, start)
		}
	}
}

// accessible tells tables of figures from those that only lay out.
func accessible(t *testing.T, table xml.StartElement) {
	t.Helper()
	var role, class string
	for _, a := range table.Attr {
		switch a.Name.Local {
		case "role":
			role = a.Value
		case "class":
			class = a.Value
		}
	}
	if (role == "presentation") == strings.Contains(class, "figures") {
		t.Errorf("a table has the role %q and the class %q", role, class)
	}
}

func headingsInOrder(t *testing.T, page string) {
	t.Helper()
	var levels []string
	for _, found := range regexp.MustCompile(`<h([1-6])`).FindAllStringSubmatch(page, -1) {
		levels = append(levels, found[1])
	}
	if len(levels) == 0 || levels[0] != "1" || slices.Contains(levels[1:], "1") {
		t.Errorf("the headings are of the levels %v", levels)
	}
	for i := range levels[1:] {
		if levels[i+1] > levels[i] && levels[i+1][0]-levels[i][0] > 1 {
			t.Errorf("the headings are of the levels %v", levels)
		}
	}
}
