package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"
)

const deepest = 64

var (
	errTwice   = errors.New("the same name twice in one object")
	errNotUTF8 = errors.New("not UTF-8")
	errTooDeep = errors.New("nested too deeply")
	errHalf    = errors.New("half a surrogate pair")
)

// readJSON is json.Unmarshal that refuses what it would repair in silence or follow without end: broken UTF-8,
// half surrogate pairs, bottomless nesting, a name twice in one object.
func readJSON(data []byte, v any) error {
	if !utf8.Valid(data) {
		return errNotUTF8
	}
	if err := checkJSON(data); err != nil {
		return err
	}
	err := json.Unmarshal(data, v)
	var unfit *json.UnmarshalTypeError
	if errors.As(err, &unfit) && unfit.Field != "" {
		return errors.New(unfitAt + placeIn(data, unfit))
	}
	return err
}

// unfitAt begins the error of a value that the rules let pass and the field cannot hold (2^63, 1.5e0); the place follows.
// huma keeps of an error only its text.
const unfitAt = "does not fit: "

// placeIn is where a value stands, such as lines[0].quantity. The error knows the fields, its offset tells which of a
// list; within a type that reads itself the offset counts from there, and the fields must do.
func placeIn(data []byte, e *json.UnmarshalTypeError) string {
	type level struct {
		name string
		list bool
		n    int
		key  bool // an object whose next token is a key
	}
	var path []level
	fields := func() (with, without string) {
		for _, l := range path {
			if l.list {
				with += "[" + strconv.Itoa(l.n) + "]"
			} else {
				with, without = with+"."+l.name, without+"."+l.name
			}
		}
		return strings.TrimPrefix(with, "."), strings.TrimPrefix(without, ".")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	for {
		t, err := d.Token()
		if err != nil {
			return e.Field
		}
		top := len(path) - 1
		if name, ok := t.(string); ok && top >= 0 && path[top].key {
			path[top].name, path[top].key = name, false
			continue
		}
		if d.InputOffset() >= e.Offset {
			if with, without := fields(); without == e.Field {
				return with
			}
			return e.Field
		}
		switch t {
		case json.Delim('{'):
			path = append(path, level{key: true})
			continue
		case json.Delim('['):
			path = append(path, level{list: true})
			continue
		case json.Delim('}'), json.Delim(']'):
			path = path[:top]
			top--
		}
		if top >= 0 { // a value has ended
			path[top].n++
			path[top].key = !path[top].list
		}
	}
}

func checkJSON(data []byte) error {
	depth, inString, began := 0, false, 0
	var names [deepest + 1]map[string]bool // of the objects that are open
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case inString && c == '\\':
			if i+5 < len(data) && data[i+1] == 'u' && surrogate(data[i+2:]) != 0 {
				if surrogate(data[i+2:]) != 'h' || i+11 >= len(data) || data[i+6] != '\\' || data[i+7] != 'u' || surrogate(data[i+8:]) != 'l' {
					return errHalf
				}
				i += 10
			}
			i++
		case c == '"':
			if inString = !inString; inString {
				began = i
			} else if isName(data[i+1:]) && depth >= 0 && !add(&names[depth], data[began:i+1]) {
				return errTwice
			}
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > deepest {
				return errTooDeep
			}
			if depth >= 0 {
				clear(names[depth])
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

// isName says whether the string that ends before rest is a name: a colon follows.
func isName(rest []byte) bool {
	for _, c := range rest {
		switch c {
		case ' ', '\t', '\n', '\r':
		default:
			return c == ':'
		}
	}
	return false
}

// add notes a quoted name, and says whether it is the first of its kind.
func add(names *map[string]bool, quoted []byte) bool {
	name := string(quoted)
	if bytes.IndexByte(quoted, '\\') >= 0 {
		_ = json.Unmarshal(quoted, &name) // what it cannot read is refused later
	} else {
		name = name[1 : len(name)-1]
	}
	if (*names)[name] {
		return false
	}
	if *names == nil {
		*names = map[string]bool{}
	}
	(*names)[name] = true
	return true
}

// surrogate says which half of a pair four hexadecimal digits are: 'h', 'l', or 0 for neither.
func surrogate(hex []byte) byte {
	if hex[0] != 'd' && hex[0] != 'D' {
		return 0
	}
	switch hex[1] {
	case '8', '9', 'a', 'b', 'A', 'B':
		return 'h'
	case 'c', 'd', 'e', 'f', 'C', 'D', 'E', 'F':
		return 'l'
	}
	return 0
}
