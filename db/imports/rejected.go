package imports

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strings"

	"onhand/db"
	"onhand/db/table"
)

// reasonColumn is what a file of rejected rows has at the end of each; a file that is imported may have it, too.
const reasonColumn = "Reason"

// reject is a row that is not imported, or one without a reason that a rejected row cannot do without: others of its product.
type reject struct {
	Row int      `json:"row"`
	Why []string `json:"why,omitempty"`
}

// rejects are the rows with errors, in the order of the file, each with all that is in one group with it.
func (p *report) rejects(groups [][]*row) []reject {
	chosen := map[int]*row{}
	for _, r := range p.rows {
		if r.outcome == outcomeError {
			chosen[r.number] = r
		}
	}
	for _, g := range groups {
		if slices.ContainsFunc(g, func(r *row) bool { return r.outcome == outcomeError }) {
			for _, r := range g {
				chosen[r.number] = r
			}
		}
	}
	all := make([]reject, 0, len(chosen))
	for n, r := range chosen {
		one := reject{Row: n}
		for _, e := range r.wrong {
			one.Why = append(one.Why, strings.TrimPrefix(e.Column+": "+e.Message, ": "))
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b reject) int { return cmp.Compare(a.Row, b.Row) })
	return all
}

// groups are the rows of each product.
func (g *goods) groups() (all [][]*row) {
	for _, p := range g.products {
		rows := p.rows
		if p.first == nil {
			rows = append(slices.Clone(rows), p.row)
		}
		all = append(all, rows)
	}
	return all
}

// packRejects makes what is kept of rejected rows, nil of none.
func packRejects(all []reject) ([]byte, error) {
	if len(all) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(all)
	if err != nil {
		return nil, fmt.Errorf("pack the rejected rows: %w", err)
	}
	return zipped(text)
}

func zipped(data []byte) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(data)
	if err = errors.Join(err, z.Close()); err != nil {
		return nil, fmt.Errorf("pack a file: %w", err)
	}
	return b.Bytes(), nil
}

func unzipped(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("unpack a file: %w", err)
	}
	data, err := io.ReadAll(z)
	if err != nil {
		return nil, fmt.Errorf("unpack a file: %w", err)
	}
	return data, nil
}

// keepRejects writes down which rows of an import's file are rejected. Where they are the same as before, the file beside them, of up
// to many megabytes, is not written again.
func keepRejects(tx *db.Tx, m *Import) error {
	if _, err := tx.Exec("UPDATE import_files SET rejected = ?2 WHERE import_id = ?1 AND rejected IS NOT ?2", m.ID, m.rejected); err != nil {
		return fmt.Errorf("keep the rejected rows: %w", err)
	}
	return nil
}

// Rejected is a file of the rows of an import that have errors, as they came, with what is wrong with each in a last column: mended
// it can be imported, and what mended rows need of others comes along. It is in UTF-8, with the separator of the file. It fails
// with expired, not_found.
func Rejected(ctx context.Context, d *db.DB, id int64) (name string, data []byte, err error) {
	m, f, err := loadFile(ctx, d, id)
	if err != nil {
		return "", nil, err
	}
	k, err := kindOf(m.Kind)
	if err != nil {
		return "", nil, err
	}
	s, err := k.open(ctx, d, m.Kind, f)
	if err != nil {
		return "", nil, err
	}
	rows, separator, err := table.Rows(f.data, s.Dialect)
	if err != nil {
		return "", nil, inWords(err)
	}
	data, err = rejectedRows(rows, separator, f.rejected)
	name = strings.TrimSuffix(m.FileName, path.Ext(m.FileName)) + "-rejected.csv"
	return name, data, err
}

// rejectedRows picks rows out of a file.
func rejectedRows(rows iter.Seq[table.Line], separator rune, chosen []reject) ([]byte, error) {
	out := bytes.NewBufferString("\ufeff")
	w := csv.NewWriter(out)
	w.Comma = separator
	header, again := true, false // again: it was such a file before
	var failed error
	for l := range rows {
		reason := ""
		switch {
		case header:
			header, again, reason = false, key(l.Cells[len(l.Cells)-1]) == key(reasonColumn), reasonColumn
		case len(chosen) > 0 && chosen[0].Row == l.Number:
			reason, chosen = strings.Join(chosen[0].Why, " "), chosen[1:]
		default:
			continue
		}
		if again && len(l.Cells) > 1 {
			l.Cells = l.Cells[:len(l.Cells)-1]
		}
		cells := append(l.Cells, reason)
		for i, c := range cells {
			cells[i] = harmless(c)
		}
		failed = errors.Join(failed, w.Write(cells))
	}
	w.Flush()
	return out.Bytes(), errors.Join(failed, w.Error())
}

// harmless keeps a spreadsheet from taking a cell for a formula; reading takes it off again. A number is none.
func harmless(cell string) string {
	if cell != "" && strings.IndexByte("=+-@\t\r", cell[0]) >= 0 && strings.Trim(cell[1:], "0123456789.,") != "" {
		return "'" + cell
	}
	return cell
}
