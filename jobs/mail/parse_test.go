package mail_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"net/textproto"
	"strings"
	"testing"
)

// part is a mail, or a part of one, as a reader sees it.
type part struct {
	header  textproto.MIMEHeader
	kind    string
	content string
	parts   []part
}

func parse(t *testing.T, data []byte) part {
	t.Helper()
	m, err := netmail.ReadMessage(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	return parsePart(t, textproto.MIMEHeader(m.Header), m.Body)
}

func parsePart(t *testing.T, h textproto.MIMEHeader, body io.Reader) part {
	t.Helper()
	kind, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil {
		t.Fatalf("%v in %q", err, h)
	}
	p := part{header: h, kind: kind}
	if !strings.HasPrefix(kind, "multipart/") {
		switch h.Get("Content-Transfer-Encoding") {
		case "base64":
			body = base64.NewDecoder(base64.StdEncoding, body)
		case "quoted-printable":
			body = quotedprintable.NewReader(body)
		default:
			t.Errorf("a part of %s has the encoding %q", kind, h.Get("Content-Transfer-Encoding"))
		}
		data, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		p.content = string(data)
		return p
	}
	for r := multipart.NewReader(body, params["boundary"]); ; {
		next, err := r.NextRawPart()
		if err == io.EOF {
			return p
		}
		if err != nil {
			t.Fatal(err)
		}
		p.parts = append(p.parts, parsePart(t, next.Header, next))
	}
}

// outline is the tree of kinds: mixed(alternative(plain html) pdf).
func (p part) outline() string {
	_, kind, _ := strings.Cut(p.kind, "/")
	if p.parts == nil {
		return kind
	}
	var inner []string
	for _, q := range p.parts {
		inner = append(inner, q.outline())
	}
	return kind + "(" + strings.Join(inner, " ") + ")"
}

func (p part) leaves() []part {
	if p.parts == nil {
		return []part{p}
	}
	var leaves []part
	for _, q := range p.parts {
		leaves = append(leaves, q.leaves()...)
	}
	return leaves
}

func (p part) body(kind string) string {
	for _, leaf := range p.leaves() {
		if leaf.kind == kind {
			return leaf.content
		}
	}
	return ""
}

func decoded(t *testing.T, s string) string {
	t.Helper()
	words, err := new(mime.WordDecoder).DecodeHeader(s)
	if err != nil {
		t.Fatal(err)
	}
	return words
}
