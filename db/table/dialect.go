package table

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

// FileQuestion is what a file leaves open and a person has to say.
type FileQuestion struct {
	About   string       `json:"about" enum:"encoding,separator,decimal"`
	Choices []FileChoice `json:"choices"`
}

// FileChoice is one answer, with what the file says if it is right.
type FileChoice struct {
	Value  string `json:"value"`
	Sample string `json:"sample"`
}

// without are the choices, less those that lead to what another one leads to already.
func without(choices []FileChoice, same func(a, b int) bool) []FileChoice {
	var left []FileChoice
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
