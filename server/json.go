package server

import (
	"encoding/json"
	"errors"
	"unicode/utf8"
)

const deepest = 64

var (
	errNotUTF8 = errors.New("not UTF-8")
	errTooDeep = errors.New("nested too deeply")
	errHalf    = errors.New("half a surrogate pair")
)

// readJSON is json.Unmarshal that refuses what it would repair in silence or follow without end: broken UTF-8,
// half surrogate pairs, bottomless nesting.
func readJSON(data []byte, v any) error {
	if !utf8.Valid(data) {
		return errNotUTF8
	}
	if err := checkJSON(data); err != nil {
		return err
	}
	return json.Unmarshal(data, v)
}

func checkJSON(data []byte) error {
	depth, inString := 0, false
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
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > deepest {
				return errTooDeep
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
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
