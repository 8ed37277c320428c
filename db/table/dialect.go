package imports

import "onhand/db"

// The ways of writing a file that a person may have to tell apart.
const (
	SeparatorComma     = "comma"
	SeparatorSemicolon = "semicolon"
	SeparatorTab       = "tab"

	DecimalPoint = "point"
	DecimalComma = "comma"
)

// Dialect is how a file is written. What is empty follows from the file; what does not follow is asked.
type Dialect struct {
	Encoding  string `json:"encoding"`
	Separator string `json:"separator"`
	Decimal   string `json:"decimal"`
}

// ImportQuestion is what a file leaves open and a person has to say.
type ImportQuestion struct {
	About   string         `json:"about" enum:"encoding,separator,decimal"`
	Choices []ImportChoice `json:"choices"`
}

// ImportChoice is one answer, with what the file says if it is right.
type ImportChoice struct {
	Value  string `json:"value"`
	Sample string `json:"sample"`
}

// asks are the questions in words.
var asks = map[string]string{
	"encoding":  "This file does not say in which encoding its letters are. Choose the one in which they look right.",
	"separator": "This file can be divided into columns in more than one way. Choose what separates them.",
	"decimal":   "The figures of this file can be read in two ways. Choose what stands before their decimals.",
}

// refusal is an open question of a file that was sent without its answer.
func (q ImportQuestion) refusal() *db.Error {
	return db.Refuse("ask_"+q.About, q.About, "%s", asks[q.About]).With("choices", q.Choices)
}

// without are the choices, less those that lead to what another one leads to already.
func without(choices []ImportChoice, same func(a, b int) bool) []ImportChoice {
	var left []ImportChoice
	var kept []int
	for i, c := range choices {
		double := false
		for _, k := range kept {
			double = double || same(k, i)
		}
		if !double {
			left, kept = append(left, c), append(kept, i)
		}
	}
	return left
}
