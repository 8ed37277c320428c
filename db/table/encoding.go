package table

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// The encodings that show themselves.
const (
	utf8Encoding    = "utf-8"
	utf16LE         = "utf-16le"
	utf16BE         = "utf-16be"
	sampleLength    = 40 // bytes of a sample on either side of what it shows
	minUTF16Share   = 3  // one unit in so many has a zero byte where UTF-16 is taken for it without a mark
	unsupportedFile = "\xd0\xcf\x11\xe0"
)

// charsets have one byte for a letter, and none says which it is: what is not UTF-8 may be any of them.
var charsets = []struct {
	name  string
	bytes *charmap.Charmap
}{{"windows-1252", charmap.Windows1252}, {"windows-1250", charmap.Windows1250}, {"macintosh", charmap.Macintosh}, {"ibm850", charmap.CodePage850}}

// decode makes text of a file: by the encoding that was chosen, by its byte order mark, or as what it can only be. What can be
// several things comes with a question, and as the first of them. It fails with ErrWorkbook, ErrBinary, ErrLetters.
func decode(data []byte, chosen string) (text, encoding string, ask *FileQuestion, err error) {
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) || bytes.HasPrefix(data, []byte(unsupportedFile)) {
		return "", "", nil, ErrWorkbook
	}
	encoding = chosen
	if encoding == "" {
		encoding = encodingOf(data)
	}
	if encoding == "" {
		ask = encodingQuestion(data)
		if encoding = ask.Choices[0].Value; len(ask.Choices) == 1 { // they differ in no letter of this file
			ask = nil
		}
	}
	text, ok := decodeAs(data, encoding)
	if !ok && encoding == utf8Encoding && bytes.IndexByte(data, 0) >= 0 { // no encoding has both: a picture, a PDF
		return "", "", nil, ErrBinary
	}
	if !ok || strings.ContainsRune(text, 0) {
		return "", "", nil, ErrLetters
	}
	return text, encoding, ask, nil
}

// encodingOf is what a file shows by its mark or its bytes, "" where it could be any of the charsets.
func encodingOf(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return utf16LE
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return utf16BE
	case bytes.IndexByte(data, 0) < 0 && utf8.Valid(data):
		return utf8Encoding
	case bytes.IndexByte(data, 0) < 0:
		return ""
	}
	zeros := [2]int{}
	for i, b := range data {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch {
	case zeros[0] == 0 && zeros[1]*2*minUTF16Share >= len(data):
		return utf16LE
	case zeros[1] == 0 && zeros[0]*2*minUTF16Share >= len(data):
		return utf16BE
	}
	return utf8Encoding // with a zero byte in it, which is refused
}

func decodeAs(data []byte, encoding string) (string, bool) {
	switch encoding {
	case utf8Encoding:
		text := string(bytes.TrimPrefix(data, []byte("\ufeff")))
		return text, utf8.ValidString(text)
	case utf16LE:
		return decode16(bytes.TrimPrefix(data, []byte{0xff, 0xfe}), func(b []byte) uint16 { return uint16(b[0]) | uint16(b[1])<<8 })
	case utf16BE:
		return decode16(bytes.TrimPrefix(data, []byte{0xfe, 0xff}), func(b []byte) uint16 { return uint16(b[0])<<8 | uint16(b[1]) })
	}
	for _, c := range charsets {
		if c.name == encoding {
			text, err := c.bytes.NewDecoder().Bytes(data)
			return string(text), err == nil && !bytes.ContainsRune(text, utf8.RuneError)
		}
	}
	return "", false
}

func decode16(data []byte, unit func([]byte) uint16) (string, bool) {
	if len(data)%2 != 0 {
		return "", false
	}
	var b strings.Builder
	b.Grow(len(data))
	for ; len(data) > 0; data = data[2:] {
		r := rune(unit(data))
		if utf16.IsSurrogate(r) {
			if len(data) < 4 {
				return "", false
			}
			data = data[2:]
			if r = utf16.DecodeRune(r, rune(unit(data))); r == utf8.RuneError {
				return "", false
			}
		}
		b.WriteRune(r)
	}
	return b.String(), true
}

// encodingQuestion has the charsets that have all the letters of a file, with the first place where they differ from ASCII. Those
// that make the same text of it are one choice.
func encodingQuestion(data []byte) *FileQuestion {
	var used [256]bool
	for _, b := range data {
		used[b] = true
	}
	q := &FileQuestion{About: "encoding"}
	var letters []string // what each charset makes of the bytes used
	for _, c := range charsets {
		made := ""
		for b := 0x80; b <= 0xff; b++ {
			if used[b] {
				made += string(c.bytes.DecodeByte(byte(b)))
			}
		}
		if strings.ContainsRune(made, utf8.RuneError) {
			continue
		}
		sample, _ := decodeAs(telling(data), c.name)
		q.Choices, letters = append(q.Choices, FileChoice{c.name, sample}), append(letters, made)
	}
	q.Choices = without(q.Choices, func(a, b int) bool { return letters[a] == letters[b] })
	return q
}

// telling is the part of a line around its first byte beyond ASCII.
func telling(data []byte) []byte {
	at := bytes.IndexFunc(data, func(r rune) bool { return r >= utf8.RuneSelf })
	from, to := max(0, at-sampleLength), min(len(data), at+sampleLength)
	if n := bytes.LastIndexAny(data[from:at], "\r\n"); n >= 0 {
		from += n + 1
	}
	if n := bytes.IndexAny(data[at:to], "\r\n"); n >= 0 {
		to = at + n
	}
	return data[from:to]
}
