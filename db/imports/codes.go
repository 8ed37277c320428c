package imports

import (
	"errors"
	"strconv"
	"strings"

	"onhand/db/barcode"
	"onhand/db/catalog"
)

// Codes of one cell stand with a space between them, packs with a comma: "4006381333931 MUG-1", "4006381333948 x6, TRAY x24".
// A code may have such signs itself; a backslash stands before them then.
var escapeCode = strings.NewReplacer(`\`, `\\`, " ", `\ `, ",", `\,`)

func joinCodes(all []string) string {
	escaped := make([]string, len(all))
	for i, code := range all {
		escaped[i] = escapeCode.Replace(code)
	}
	return strings.Join(escaped, " ")
}

func joinPacks(all []catalog.Pack) string {
	texts := make([]string, len(all))
	for i, p := range all {
		texts[i] = escapeCode.Replace(p.Code) + " x" + strconv.FormatInt(p.Quantity, 10)
	}
	return strings.Join(texts, ", ")
}

// codesOf are the barcodes of a cell.
func codesOf(cell string) []string {
	if digits, ok := barcode.GS1(cell); ok { // as it is printed, with spaces
		return []string{digits}
	}
	return splitCodes(cell)
}

// splitCodes takes a cell of codes apart, whether spaces or commas or both stand between them.
func splitCodes(cell string) (all []string) {
	var code strings.Builder
	end := func() {
		if code.Len() > 0 {
			all = append(all, code.String())
			code.Reset()
		}
	}
	escaped := false
	for _, r := range cell {
		switch {
		case escaped:
			code.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == ' ' || r == ',' || r == '\n' || r == '\t':
			end()
		default:
			code.WriteRune(r)
		}
	}
	end()
	return all
}

// errNoPacks says that a cell is not codes with what is in their packs.
var errNoPacks = errors.New("not codes of packs, such as 4006381333948 x6")

// splitPacks takes a cell of packs apart: each code with an x and a number after it.
func splitPacks(cell string) (all []catalog.Pack, err error) {
	words := splitCodes(cell)
	if len(words)%2 != 0 {
		return nil, errNoPacks
	}
	for i := 0; i < len(words); i += 2 {
		digits, ok := strings.CutPrefix(strings.ToLower(words[i+1]), "x")
		n, err := strconv.ParseInt(digits, 10, 64)
		if !ok || err != nil {
			return nil, errNoPacks
		}
		all = append(all, catalog.Pack{Code: words[i], Quantity: n})
	}
	return all, nil
}
