package catalog

import (
	"strings"

	"onhand/db"

	"golang.org/x/text/unicode/norm"
)

// fold makes names that differ only by case equal.
func fold(s string) string { return db.Fold(s) }

// Begins returns the ranges of sku_key and name_key, from and up to, of the variants that begin with what was typed.
func Begins(q string) (sku, name [2]string) {
	q = strings.TrimSpace(q)
	return [2]string{fold(q), db.PrefixEnd(fold(q))}, [2]string{db.SortKey(q), db.PrefixEnd(db.SortKey(q))}
}

// latin writes what decomposition leaves in other letters: what has no mark to lose, Cyrillic and Greek.
var latin = strings.NewReplacer(
	"ß", "ss", "æ", "ae", "œ", "oe", "ø", "o", "đ", "d", "ð", "d", "þ", "th", "ł", "l", "ħ", "h", "ı", "i", "ŋ", "n",
	"а", "a", "б", "b", "в", "v", "г", "g", "ґ", "g", "д", "d", "е", "e", "є", "ye", "ж", "zh", "з", "z", "и", "i", "і", "i", "й", "y",
	"к", "k", "л", "l", "м", "m", "н", "n", "о", "o", "п", "p", "р", "r", "с", "s", "т", "t", "у", "u", "ф", "f", "х", "kh", "ц", "ts",
	"ч", "ch", "ш", "sh", "щ", "shch", "ъ", "", "ы", "y", "ь", "", "э", "e", "ю", "yu", "я", "ya",
	"α", "a", "β", "v", "γ", "g", "δ", "d", "ε", "e", "ζ", "z", "η", "i", "θ", "th", "ι", "i", "κ", "k", "λ", "l", "μ", "m", "ν", "n",
	"ξ", "x", "ο", "o", "π", "p", "ρ", "r", "σ", "s", "ς", "s", "τ", "t", "υ", "y", "φ", "f", "χ", "ch", "ψ", "ps", "ω", "o",
	"'", "", "’", "", "&", " and ",
)

// slugOf writes a name for an address: lower-case Latin letters and digits joined by hyphens, at most limit bytes.
// It is empty where nothing can be written so.
func slugOf(name string, limit int) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(latin.Replace(db.SortKey(latin.Replace(norm.NFC.String(strings.ToLower(name))))), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}) {
		if b.Len() > 0 {
			if b.Len()+1+len(word) > limit {
				break
			}
			b.WriteByte('-')
		}
		b.WriteString(word[:min(len(word), limit)])
	}
	return b.String()
}
