package mail

import "strings"

const (
	textWidth    = 72 // columns of plain text
	widestFigure = 16 // columns of a figure that is never broken: two of them fit a telephone beside a label
	leastLabel   = 20 // columns of a label beside wide figures
)

// grid is a table in plain text: labels at the left, figures under each other at the right.
func grid(t *table) string {
	widths := figureWidths(t)
	room := textWidth
	for _, w := range widths {
		room -= w + 2
	}
	label := 0
	for _, r := range append([]row{headOf(t)}, t.Rows...) {
		label = max(label, columns(r.Label))
	}
	label = min(label, max(room, leastLabel))
	var b strings.Builder
	if len(t.Heads) > 0 {
		writeRow(&b, headOf(t), label, widths)
		b.WriteString(strings.Repeat("-", min(textWidth, label+sum(widths)+2*len(widths))) + "\n")
	}
	for _, r := range t.Rows {
		writeRow(&b, r, label, widths)
		for _, note := range r.Notes {
			for _, s := range wrap(note, textWidth-2) {
				b.WriteString("  " + s + "\n")
			}
		}
	}
	return b.String()
}

func headOf(t *table) row {
	if len(t.Heads) == 0 {
		return row{}
	}
	return row{Label: t.Heads[0], Values: t.Heads[1:]}
}

func figureWidths(t *table) []int {
	var widths []int
	for _, r := range append([]row{headOf(t)}, t.Rows...) {
		for i, value := range r.Values {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columns(value))
		}
	}
	return widths
}

// writeRow writes the figures beside the first line of the label.
func writeRow(b *strings.Builder, r row, label int, widths []int) {
	for i, s := range wrap(r.Label, label) {
		b.WriteString(s)
		if i == 0 {
			b.WriteString(strings.Repeat(" ", max(0, label-columns(s))))
			for j, value := range r.Values {
				b.WriteString(strings.Repeat(" ", 2+widths[j]-columns(value)) + value)
			}
		}
		b.WriteString("\n")
	}
}

// wrap breaks s between words, and within words that are longer than a line.
func wrap(s string, most int) []string {
	all := []string{}
	now := ""
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\n' }) {
		if now != "" && columns(now)+1+columns(word) > most {
			all, now = append(all, now), ""
		}
		if now != "" {
			now += " "
		}
		now += word
		if isLink(word) {
			continue // a broken link leads nowhere
		}
		for columns(now) > most {
			head := headColumns(now, most)
			all, now = append(all, head), now[len(head):]
		}
	}
	if now != "" || len(all) == 0 {
		all = append(all, now)
	}
	return all
}

func isLink(word string) bool {
	return strings.HasPrefix(word, "https://") || strings.HasPrefix(word, "http://")
}

// headColumns is the beginning of s that is at most so wide, and one character at least.
func headColumns(s string, most int) string {
	for i, r := range s {
		if i > 0 && columns(s[:i])+columns(string(r)) > most {
			return s[:i]
		}
	}
	return s
}

func sum(ns []int) (total int) {
	for _, n := range ns {
		total += n
	}
	return total
}
