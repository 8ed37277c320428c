package imports

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"onhand/db"
	"onhand/db/table"
)

// Sizes of what a reading shows of each column.
const (
	samples      = 3
	sampleLetter = 80
)

// ImportReading is what a file says of itself before anything is planned, for a person to name its columns and answer what it
// leaves open. What is asked is shown as the first of its choices has it.
type ImportReading struct {
	Kind       string               `json:"kind"`
	Format     string               `json:"format" enum:"shopify,square,woocommerce,onhand,other" doc:"the system whose export this is, by its header"`
	Encoding   string               `json:"encoding" enum:"utf-8,utf-16le,utf-16be,windows-1252,windows-1250,macintosh,ibm850"`
	Separator  string               `json:"separator" enum:"comma,semicolon,tab"`
	Decimal    string               `json:"decimal" enum:"point,comma," doc:"what stands before decimals where a figure leaves it open; empty where the figures of the file contradict each other"`
	Rows       int                  `json:"rows" doc:"rows with something in them, without the header"`
	Columns    []ImportColumn       `json:"columns"`
	Fields     []ImportField        `json:"fields" doc:"what a column may stand for"`
	Questions  []table.FileQuestion `json:"questions" doc:"what has to be said with POST /imports"`
	Remembered bool                 `json:"remembered" doc:"whether the columns were named by hand before, in a file with the same header"`
}

// ImportColumn is a column of a file.
type ImportColumn struct {
	Index   int      `json:"index" doc:"its place, from 1"`
	Name    string   `json:"name" doc:"how a mapping names it: its header, or its place as #3 where that is empty or there twice"`
	Header  string   `json:"header"`
	Samples []string `json:"samples" doc:"the first three different values"`
	Field   string   `json:"field" doc:"what it stands for as far as that is known; empty for nothing"`
}

// ImportField is what a column may stand for.
type ImportField struct {
	Field    string `json:"field"`
	Required bool   `json:"required"`
	// Unless are the fields of which one makes it not required: rows that have it are found here and need not say it.
	Unless []string `json:"unless,omitempty"`
}

// Read tells what a file is, and keeps nothing. It fails with unknown_kind, unknown_file, unknown_encoding, file_too_large,
// too_many_rows, bad_mapping.
func Read(ctx context.Context, d *db.DB, in Upload) (*ImportReading, error) {
	k, err := kindOf(in.Kind)
	if err != nil {
		return nil, err
	}
	data, err := in.read()
	if err != nil {
		return nil, err
	}
	s, err := k.open(ctx, d, in.Kind, file{data: data, dialect: in.Dialect, mapping: in.Mapping})
	if err != nil && db.CodeOf(err) != "duplicate_column" { // which of them counts is for the person to say
		return nil, err
	}
	r := &ImportReading{Kind: in.Kind, Format: s.format.name, Encoding: s.Dialect.Encoding, Separator: s.Dialect.Separator, Decimal: s.Dialect.Decimal,
		Rows: len(s.Lines), Columns: s.columns(), Fields: s.fields(), Questions: slices.Clone(s.Asks), Remembered: s.remembered}
	if r.Questions == nil {
		r.Questions = []table.FileQuestion{}
	}
	return r, nil
}

// columns are those of the file with what they stand for.
func (s *sheet) columns() []ImportColumn {
	all := make([]ImportColumn, len(s.Header))
	for i, h := range s.Header {
		h = strings.TrimSpace(h)
		c := ImportColumn{Index: i + 1, Name: h, Header: h, Samples: s.samples(i)}
		if h == "" || columnOf(s.Header, h) != i || s.again(i) {
			c.Name = "#" + strconv.Itoa(i+1)
		}
		for field, at := range s.at {
			if at == i {
				c.Field = s.shownAs(field)
			}
		}
		all[i] = c
	}
	return all
}

// again says whether a later column has the same name.
func (s *sheet) again(i int) bool {
	return slices.ContainsFunc(s.Header[i+1:], func(h string) bool { return key(h) == key(s.Header[i]) })
}

func (s *sheet) samples(column int) []string {
	some := []string{}
	for _, l := range s.Lines {
		v := []rune(cellAt(l, column))
		if len(v) > sampleLetter {
			v = append(v[:sampleLetter], '…')
		}
		if text := string(v); text != "" && !slices.Contains(some, text) {
			if some = append(some, text); len(some) == samples {
				break
			}
		}
	}
	return some
}

// fields are what columns of the file may stand for, with those that its header brings along.
func (s *sheet) fields() []ImportField {
	all := []ImportField{}
	for _, f := range s.format.fields {
		all = append(all, ImportField{f.name, f.required, f.unless})
	}
	var more []string
	for name := range s.at {
		if !slices.ContainsFunc(all, func(f ImportField) bool { return f.Field == name }) {
			more = append(more, name)
		}
	}
	slices.Sort(more)
	for _, name := range more {
		all = append(all, ImportField{Field: s.shownAs(name)})
	}
	if len(s.places) > 1 {
		for _, l := range s.places {
			if !s.has(key(atPlace + l.Name)) {
				all = append(all, ImportField{Field: atPlace + l.Name})
			}
		}
	}
	return all
}
