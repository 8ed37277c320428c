package db

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
)

// The sizes of a page.
const (
	PageSize    = 50
	MaxPageSize = 200
)

// Page is one page of a list. Next is the cursor of the following page, empty
// at the end.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`
}

// List is what every list takes: a size, the cursor after which it goes on, and
// words to search for.
type List struct {
	Limit int
	After string
	Q     string
}

// Size is the page size asked for, within its bounds.
func (l List) Size() int {
	if l.Limit <= 0 {
		return PageSize
	}
	return min(l.Limit, MaxPageSize)
}

// PageOf makes a page of rows fetched with LIMIT size+1: one row more than asked
// for says that there is a next page.
func PageOf[T any](rows []T, size int, cursor func(T) string) Page[T] {
	if rows == nil {
		rows = []T{}
	}
	if len(rows) <= size {
		return Page[T]{Items: rows}
	}
	rows = rows[:size]
	return Page[T]{Items: rows, Next: cursor(rows[size-1])}
}

// Cursor packs the sort values of a page's last row.
func Cursor(values ...any) string {
	b, err := json.Marshal(values)
	if err != nil {
		panic(err) // only numbers and strings are sorted by
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

// ReadCursor unpacks a cursor into as many values as it was made of; false when
// it is empty.
func ReadCursor(s string, into ...any) (bool, error) {
	if s == "" {
		return false, nil
	}
	bad := &Error{Kind: Invalid, Code: "bad_cursor", Field: "query.after", Message: "This place in the list is not known. Start at its beginning."}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return false, bad
	}
	var raw []json.RawMessage
	if err := json.Unmarshal(b, &raw); err != nil || len(raw) != len(into) {
		return false, bad
	}
	for i := range raw {
		if bytes.Equal(raw[i], []byte("null")) || json.Unmarshal(raw[i], into[i]) != nil {
			return false, bad
		}
	}
	return true, nil
}
