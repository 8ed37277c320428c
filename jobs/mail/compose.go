package mail

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	netmail "net/mail"
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
	"gopkg.in/gomail.v2"
)

const (
	longestHeader  = 200 // characters of a subject or name; what RFC 5322 allows for a line holds them without a space too
	longestID      = 250 // bytes of a Message-ID
	longestURL     = 900 // bytes
	longestAddress = 254 // bytes, RFC 5321 4.5.3.1.3
	longestFile    = 100 // bytes of an attachment's name
)

// parcel is a mail as it travels.
type parcel struct {
	from, to string
	utf8     bool // an address needs SMTPUTF8
	bytes    bytes.Buffer
}

// compose writes the whole mail before anybody is called: gomail delivers what fails half-way as if it were whole.
func compose(l Letter) (*parcel, error) {
	from, ok := address(l.From)
	if !ok { // the settings', so the mail waits for them
		return nil, &Failure{Step: stepSender, Reply: quoted(l.From) + " is not a mail address"}
	}
	to, ok := address(l.To)
	if !ok {
		return nil, &Failure{Step: stepRecipient, Permanent: true, Reply: quoted(l.To) + " is not a mail address"}
	}
	p := &parcel{from: from, to: to, utf8: !ascii(from) || !ascii(to)}
	m := gomail.NewMessage()
	setHeaders(m, l, from, to)
	m.SetBody("text/plain", l.Text)
	if l.HTML != "" {
		m.AddAlternative("text/html", l.HTML)
		if l.Logo != nil {
			m.Embed("logo.png", content(l.Logo), gomail.SetHeader(map[string][]string{"Content-ID": {"<logo>"}}))
		}
	}
	for _, a := range l.Attachments {
		name := fileName(a.Name)
		m.Attach(name, content(a.Data), gomail.SetHeader(map[string][]string{"Content-Type": {fileType(a.Type, name)}}))
	}
	if _, err := m.WriteTo(&p.bytes); err != nil {
		return nil, &Failure{Step: stepData, Permanent: true, Reply: oneLine(fmt.Sprintf("compose the mail: %v", err))}
	}
	return p, nil
}

func setHeaders(m *gomail.Message, l Letter, from, to string) {
	m.SetAddressHeader("From", from, header(l.FromName))
	m.SetAddressHeader("To", to, "")
	// gomail leaves two encoded words on the first line. Folding them beforehand is worse: it breaks the line again,
	// and the empty line it makes ends the headers.
	m.SetHeader("Subject", header(l.Subject))
	if !l.At.IsZero() {
		m.SetDateHeader("Date", l.At)
	}
	if id := token(l.MessageID, longestID); id != "" {
		m.SetHeader("Message-ID", "<"+id+">")
	}
	if reply, ok := address(l.ReplyTo); ok && ascii(reply) {
		m.SetAddressHeader("Reply-To", reply, "")
	}
	// So that no out-of-office mail answers a machine (RFC 3834, and Exchange's own).
	m.SetHeader("Auto-Submitted", "auto-generated")
	m.SetHeader("X-Auto-Response-Suppress", "All")
	if u, err := url.Parse(l.Digest); err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http") {
		if link := token(u.String(), longestURL+1); len(link) <= longestURL { // half a link leads nowhere
			m.SetHeader("List-Unsubscribe", "<"+link+">")
			m.SetHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click") // RFC 8058
		}
	}
}

func content(data []byte) gomail.FileSetting {
	return gomail.SetCopyFunc(func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// address is the bare address in s. Quoted local parts and address literals, legal and never seen, are refused: the
// characters they allow mean something else in an SMTP command. A domain beyond ASCII is written in its ASCII form.
func address(s string) (string, bool) {
	a, err := netmail.ParseAddress(s)
	if err != nil || len(a.Address) > longestAddress || strings.ContainsAny(a.Address, `<>()[]:;,\"`) ||
		strings.ContainsFunc(a.Address, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
		return "", false
	}
	at := strings.LastIndexByte(a.Address, '@')
	local, domain := a.Address[:at], a.Address[at+1:]
	if ascii(domain) {
		return a.Address, true
	}
	domain, err = idna.Lookup.ToASCII(domain) // müller.example is xn--mller-kva.example to every server
	return local + "@" + domain, err == nil
}

// header is s as a header may hold it. Text that looks like an encoded word would be decoded by whoever reads it,
// line breaks and all.
func header(s string) string {
	return clipped(strings.ReplaceAll(tidy(s), "=?", "= ?"), longestHeader)
}

// tidy makes one line of s: no control characters, no line separators of any kind, single spaces.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.Join(strings.Fields(s), " ") // Fields knows U+2028 and U+2029
}

func clipped(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// token is what of s may stand between angle brackets.
func token(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f || r == '<' || r == '>' {
			return -1
		}
		return r
	}, s)
	return s[:min(len(s), most)]
}

// fileName is the name of an attachment in ASCII, because gomail writes names as they are.
func fileName(s string) string {
	s = strings.NewReplacer("ß", "ss", "æ", "ae", "Æ", "AE", "ø", "o", "Ø", "O", "œ", "oe", "Œ", "OE", "ł", "l", "Ł", "L", "đ", "d", "Đ", "D").Replace(tidy(s))
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r): // the dots of an ä, taken off by the decomposition
			return -1
		case r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)), strings.ContainsRune(" .-_()+", r):
			return r
		}
		return '_'
	}, norm.NFKD.String(s))
	s = strings.Trim(s, " .")
	if ext := path.Ext(s); len(s) > longestFile && len(ext) <= 10 {
		s = s[:longestFile-len(ext)] + ext
	}
	s = s[:min(len(s), longestFile)]
	if strings.Trim(s, "_") == "" {
		return "attachment"
	}
	return s
}

// fileType is the header of an attachment. Containers cannot travel in base64 (RFC 2045, 6.4), and nonsense is bytes.
func fileType(s, name string) string {
	kind, given, err := mime.ParseMediaType(s)
	params := map[string]string{"name": name}
	if charset := given["charset"]; charset != "" && len(charset) < 40 && ascii(charset) {
		params["charset"] = charset
	}
	full := mime.FormatMediaType(kind, params)
	top, _, _ := strings.Cut(kind, "/")
	if err != nil || full == "" || len(kind) > 100 || top == kind || top == "multipart" || top == "message" {
		return mime.FormatMediaType("application/octet-stream", map[string]string{"name": name})
	}
	return full
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}
