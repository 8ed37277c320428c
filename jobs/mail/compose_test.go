package mail_test

import (
	"mime"
	netmail "net/mail"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"onhand/jobs/mail"
)

func compose(t *testing.T, l mail.Letter) []byte {
	t.Helper()
	data, err := mail.Compose(l)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(data), "\r\n") {
		if len(line) > 998 || strings.ContainsAny(line, "\r\n\x00") {
			t.Fatalf("a line no server takes: %q", line)
		}
	}
	return data
}

func TestPartsAreNestedSoThatEveryReaderFindsTheBestOne(t *testing.T) {
	t.Parallel()
	pdf := mail.Attachment{Name: "Invoice 1001.pdf", Type: "application/pdf", Data: []byte("%PDF-\x00\xff\r\n.\r\n")}
	csv := mail.Attachment{Name: "stock.csv", Type: "text/csv; charset=utf-8", Data: []byte("ä;b\n")}
	logo := []byte("\x89PNG\r\n\x1a\n")
	for want, change := range map[string]func(*mail.Letter){
		"plain":                                               func(l *mail.Letter) { l.HTML = "" },
		"alternative(plain html)":                             func(*mail.Letter) {},
		"related(alternative(plain html) png)":                func(l *mail.Letter) { l.Logo = logo },
		"mixed(alternative(plain html) pdf)":                  func(l *mail.Letter) { l.Attachments = []mail.Attachment{pdf} },
		"mixed(plain pdf csv)":                                func(l *mail.Letter) { l.HTML, l.Logo, l.Attachments = "", logo, []mail.Attachment{pdf, csv} },
		"mixed(related(alternative(plain html) png) pdf csv)": func(l *mail.Letter) { l.Logo, l.Attachments = logo, []mail.Attachment{pdf, csv} },
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			l := letter
			l.Text, l.HTML = "Grüße 👋\n"+strings.Repeat("x", 3000), "<p>Grüße 👋</p><img src=\"cid:logo\">"
			change(&l)
			m := parse(t, compose(t, l))
			if got := m.outline(); got != want {
				t.Fatalf("got %s, want %s", got, want)
			}
			if m.body("text/plain") != strings.ReplaceAll(l.Text, "\n", "\r\n") || m.body("text/html") != l.HTML {
				t.Errorf("the bodies arrived as %q and %q", m.body("text/plain"), m.body("text/html"))
			}
			for _, leaf := range m.leaves() {
				disposition, params, _ := mime.ParseMediaType(leaf.header.Get("Content-Disposition"))
				switch leaf.kind {
				case "image/png":
					if leaf.content != string(logo) || leaf.header.Get("Content-ID") != "<logo>" || disposition != "inline" {
						t.Errorf("the logo arrived as %q, %q", leaf.content, leaf.header)
					}
				case "application/pdf":
					if leaf.content != string(pdf.Data) || disposition != "attachment" || params["filename"] != "Invoice 1001.pdf" {
						t.Errorf("the PDF arrived as %q, %q", leaf.content, leaf.header)
					}
				case "text/csv":
					if leaf.content != string(csv.Data) || leaf.header.Get("Content-Type") != "text/csv; charset=utf-8; name=stock.csv" {
						t.Errorf("the CSV arrived as %q, %q", leaf.content, leaf.header)
					}
				}
			}
		})
	}
}

func TestHeadersSayWhatTheLetterSays(t *testing.T) {
	t.Parallel()
	l := letter
	l.FromName, l.Subject, l.ReplyTo = `Müller, "Söhne" & Co. `+strings.Repeat("ÄÖÜ ", 30)+"KG", "Grüße 👩‍👩‍👧 "+strings.Repeat("schöne Äpfel 🍏 ", 9)+"Ende", "Help <help@example.com>"
	l.MessageID, l.Digest = "<1.abc@shop.example>", "https://shop.example/mail/stop?token=a%20b&x=1"
	data := compose(t, l)
	for line := range strings.SplitSeq(string(data), "\r\n") {
		if strings.Contains(line, "=?UTF-8") && len(line) > 2*76+len("Subject: ") {
			t.Errorf("a line of %d characters: %s", len(line), line)
		}
	}
	m := parse(t, data)
	from, err := netmail.ParseAddress(m.header.Get("From"))
	if err != nil || from.Name != l.FromName || from.Address != l.From {
		t.Errorf("from %+v, %v", from, err)
	}
	if got := decoded(t, m.header.Get("Subject")); got != l.Subject {
		t.Errorf("the subject reads\n%s, want\n%s", got, l.Subject)
	}
	for name, want := range map[string]string{
		"To": "ada@example.org", "Reply-To": "help@example.com", "Date": "Wed, 04 Mar 2026 05:06:07 +0000", "Mime-Version": "1.0",
		"Message-Id": "<1.abc@shop.example>", "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All",
		"List-Unsubscribe": "<" + l.Digest + ">", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
	} {
		if got := m.header[name]; !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for _, reply := range []string{"", "zoë@example.com", "nobody"} {
		l.ReplyTo = reply
		if got := parse(t, compose(t, l)).header["Reply-To"]; got != nil {
			t.Errorf("answers to %q go to %q", reply, got)
		}
	}
	m = parse(t, compose(t, letter))
	if len(m.header["List-Unsubscribe"])+len(m.header["List-Unsubscribe-Post"])+len(m.header["Reply-To"]) > 0 || m.header.Get("Message-ID") != "<1.abc@shop.example>" {
		t.Errorf("a plain letter has the headers %q", m.header)
	}
}

func TestHostileValuesStayInTheirHeader(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a\r\nBcc: x@example.com":                   "a Bcc: x@example.com",
		"a\n\n<script>":                             "a <script>",
		"a\rb\vc\fd\x00e\u0085f\u2028g\u2029h\x7fi": "a b c d e f g h i",
		"=?utf-8?q?a=0D=0ABcc:_x?=":                 "= ?utf-8?q?a=0D=0ABcc:_x?=",
		strings.Repeat(" ", 300) + "a\t \t" + "b":   "a b",
		"\xff\xfea":               "a",
		strings.Repeat("ä", 5000): strings.Repeat("ä", 199) + "…",
		strings.Repeat("x", 5000): strings.Repeat("x", 199) + "…",
		"":                        "",
		`" <evil@example.com>, "`: `" <evil@example.com>, "`,
		`\`:                       `\`,
		"a" + strings.Repeat(" =?", 20) + "b\r\n\r\nc": "a" + strings.Repeat(" = ?", 20) + "b c",
	} {
		l := letter
		l.Subject, l.FromName, l.MessageID, l.Digest = in, in, in, "https://x.example/"+in
		l.ReplyTo = in
		m := parse(t, compose(t, l))
		if got := decoded(t, m.header.Get("Subject")); got != want {
			t.Errorf("%q became the subject %q, want %q", in, got, want)
		}
		from, err := netmail.ParseAddress(m.header.Get("From"))
		if err != nil || from.Name != want || from.Address != l.From {
			t.Errorf("%q became the sender %+v, %v", in, from, err)
		}
		if id := m.header.Get("Message-ID"); in != "" && !regexp.MustCompile(`^<[!-;=?-~]{1,250}>$|^$`).MatchString(id) {
			t.Errorf("%q became the Message-ID %q", in, id)
		}
		if m.header.Get("Bcc") != "" {
			t.Errorf("%q added a header", in)
		}
	}
}

func TestAddressesThatAreNoneAreRefusedBeforeAnybodyIsCalled(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"", "ada", "ada@", "@example.org", "ada@example.org, bob@example.org", "ada@example.org\r\nBcc: x@example.org", "a\u2028da@example.org",
		`"a b> SIZE=1"@example.org`, `"a\"b"@example.org`, "ada@[<x>]", "ada@[127.0.0.1]", "ada@example.org>", strings.Repeat("a", 250) + "@example.org",
		"ada\x00@example.org", "ad\u00a0a@example.org", "\xff@example.org",
	} {
		l := letter
		l.To = bad
		_, err := send(t, mail.Server{Host: "127.0.0.1", Port: 1, Security: mail.None}, l)
		check(t, err, want{step: "recipient", permanent: true, hint: "recipient_refused", reply: "is not a mail address"})
		l = letter
		l.From = bad
		_, err = send(t, mail.Server{Host: "127.0.0.1", Port: 1, Security: mail.None}, l)
		check(t, err, want{step: "sender", hint: "sender_refused", reply: "is not a mail address"})
	}
	l := letter
	l.To, l.From = "Ada <ada@example.org> ", "Anybody <shop@example.com>"
	m := parse(t, compose(t, l))
	if to, from := m.header.Get("To"), m.header.Get("From"); to != "ada@example.org" || from != `"Corner Shop" <shop@example.com>` {
		t.Errorf("to %q from %q", to, from)
	}
}

func TestNamesOfFilesArriveInASCII(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Rechnung Größe Ålesund.pdf":         "Rechnung Grosse Alesund.pdf",
		"Łódź – café №5.pdf":                 "Lodz _ cafe No5.pdf",
		"../../etc/passwd":                   "_.._etc_passwd",
		`C:\temp\a.pdf`:                      "C__temp_a.pdf",
		"／fullwidth／.pdf":                    "_fullwidth_.pdf",
		`a".pdf"; x="y`:                      "a_.pdf__ x__y",
		"a\r\nContent-Type: text/html\r\n.x": "a Content-Type_ text_html .x",
		"請求書.pdf":                            "___.pdf",
		"請求書":                                "attachment",
		"":                                   "attachment",
		" . . ":                              "attachment",
		strings.Repeat("n", 300) + ".pdf":    strings.Repeat("n", 96) + ".pdf",
		"a." + strings.Repeat("n", 300):      "a." + strings.Repeat("n", 98),
	} {
		l := letter
		l.Attachments = []mail.Attachment{{Name: in, Type: "application/pdf", Data: []byte("x")}}
		m := parse(t, compose(t, l))
		if len(m.parts) != 2 {
			t.Fatalf("%q: the mail has the shape %s", in, m.outline())
		}
		file := m.parts[1]
		_, disposition, err1 := mime.ParseMediaType(file.header.Get("Content-Disposition"))
		kind, params, err2 := mime.ParseMediaType(file.header.Get("Content-Type"))
		if err1 != nil || err2 != nil || disposition["filename"] != want || params["name"] != want || kind != "application/pdf" || len(file.header) != 3 {
			t.Errorf("%q arrived as %q, want %q", in, file.header, want)
		}
	}
}

func TestATypeThatIsNoneIsBytes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"image/png": "image/png", "": "", "pdf": "", "multipart/mixed; boundary=x": "", "message/rfc822": "", "text/html\r\nX: y": "",
		"text/ä": "", "a/" + strings.Repeat("b", 2000): "", "text/csv; charset=" + strings.Repeat("c", 2000): "text/csv",
		"text/csv; charset=\"a\\\"b\"; name=evil": "text/csv", "text/plain; x*=utf-8''%0d%0a": "text/plain",
	} {
		l := letter
		l.Attachments = []mail.Attachment{{Name: "a.bin", Type: in}}
		file := parse(t, compose(t, l)).parts[1]
		if want == "" {
			want = "application/octet-stream"
		}
		if file.kind != want || !strings.HasSuffix(file.header.Get("Content-Type"), "name=a.bin") {
			t.Errorf("%q became %q", in, file.header.Get("Content-Type"))
		}
	}
}

func TestALinkThatIsNoneEndsNoDigest(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://x.example/a": "<https://x.example/a>", "http://192.168.1.5:8080/a?b=c": "<http://192.168.1.5:8080/a?b=c>",
		"javascript:alert(1)": "", "mailto:a@x.example": "", "/a": "", "https://": "", "https://x.example/a\r\nBcc: b@x.example": "",
		"https://x.example/?a>b<c d": "<https://x.example/?abcd>", "https://x.example/" + strings.Repeat("a", 900): "",
	} {
		l := letter
		l.Digest = in
		h := parse(t, compose(t, l)).header
		if got := h.Get("List-Unsubscribe"); got != want || (h.Get("List-Unsubscribe-Post") != "") != (want != "") {
			t.Errorf("%q became %q", in, got)
		}
	}
}

var usualHeaders = []string{
	"Auto-Submitted", "Content-Type", "Date", "From", "List-Unsubscribe", "List-Unsubscribe-Post", "Message-ID", "Mime-Version", "Reply-To", "Subject",
	"To", "X-Auto-Response-Suppress",
}

// No value adds a header or a part, whatever it is.
func FuzzHeaders(f *testing.F) {
	for _, s := range []string{
		"", "plain", "a\r\nBcc: x@example.com", "a\n\nbody", "=?utf-8?q?=0D=0ABcc:_x?=", "ä\r\n é", "\"<a@b>\"", "a@b.example\r\nX: y", "\x00\xff\u2028",
		strings.Repeat("a ", 400), strings.Repeat("🍏", 99), "--=_\r\n\r\n", "..\\../x\".pdf", `"a\r\nb"@x.example`, "text/html; x=\"\r\n\"",
	} {
		f.Add(s, s, s, s, s, s)
		f.Add(s, "shop@example.com", "ada@example.org", "help@example.com", "https://x.example/"+s, s)
	}
	f.Fuzz(func(t *testing.T, words, from, to, reply, digest, file string) {
		l := mail.Letter{FromName: words, From: from, To: to, ReplyTo: reply, Digest: digest, Subject: words, MessageID: words, At: letter.At,
			Text: "text", HTML: "html", Logo: []byte("logo"), Attachments: []mail.Attachment{{Name: file, Type: words, Data: []byte("file")}}}
		if _, err := mail.Compose(l); err != nil {
			l.From, l.To = letter.From, letter.To
		}
		data := compose(t, l)
		head, _, _ := strings.Cut(string(data), "\r\n\r\n")
		var names []string
		for line := range strings.SplitSeq(head, "\r\n") {
			if strings.TrimSpace(line) == "" {
				t.Fatalf("an empty line in\n%q", head)
			}
			if line[0] != ' ' {
				name, _, _ := strings.Cut(line, ":")
				names = append(names, name)
			}
		}
		slices.Sort(names)
		if unique := slices.Compact(slices.Clone(names)); len(unique) != len(names) || slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(usualHeaders, n) }) {
			t.Fatalf("the headers are %q in\n%q", names, head)
		}
		m := parse(t, data)
		if subject := decoded(t, m.header.Get("Subject")); strings.ContainsFunc(subject, unicode.IsControl) {
			t.Errorf("the subject reads %q", subject)
		}
		if _, err := netmail.ParseAddress(m.header.Get("From")); err != nil {
			t.Errorf("the sender is %q: %v", m.header.Get("From"), err)
		}
		if leaves := m.leaves(); len(leaves) != 4 || leaves[0].content != "text" || leaves[1].content != "html" || leaves[2].content != "logo" || leaves[3].content != "file" || len(leaves[3].header) != 3 {
			t.Errorf("the mail has the shape %s:\n%q", m.outline(), data)
		}
	})
}
