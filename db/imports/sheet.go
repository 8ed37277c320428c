package imports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"onhand/db"
	"onhand/db/money"
	"onhand/db/settings"
	"onhand/db/table"
)

// sheet is a file that is read and whose columns are known: what plans are drawn from.
type sheet struct {
	*table.File
	*layout
	mapping    map[string]string // by hand, sent or remembered
	remembered bool
	settings   *settings.Settings
	data       []byte
}

// open reads a file as far as that needs no plan. The mapping is the one that was sent, or the one remembered for the header row.
func (k kind) open(ctx context.Context, d *db.DB, name string, f file) (*sheet, error) {
	t, err := readTable(f.data, f.dialect, k.recognised)
	if err != nil {
		return nil, err
	}
	s := &sheet{File: t, mapping: f.mapping, data: f.data}
	if s.settings, err = settings.Current(ctx, d); err != nil {
		return nil, err
	}
	if s.mapping == nil {
		if s.mapping, err = recall(ctx, d, name, t.Header); err != nil {
			return nil, err
		}
		s.remembered = s.mapping != nil
	}
	return s, s.lay(k)
}

// lay finds out what the columns are and how their figures are written.
func (s *sheet) lay(k kind) (err error) {
	f := k.formatOf(s.Header, s.mapping)
	if s.layout, err = layoutOf(f, s.Header, s.mapping); s.layout != nil {
		s.weigh(f)
	}
	return err
}

// digest is the same for the same file, read the same way for the same location.
func (s *sheet) digest(locationID int64) (string, error) {
	how, err := json.Marshal(struct {
		Mapping    map[string]string
		Dialect    table.Dialect
		LocationID int64
	}{s.mapping, s.Dialect, locationID})
	if err != nil {
		return "", fmt.Errorf("digest a file: %w", err)
	}
	sum := sha256.New()
	sum.Write(how)
	sum.Write(s.data)
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// before is the committed import of the same file that changed something, 0 for none. What was undone does not count.
func (s *sheet) before(tx *db.Tx, kind string, locationID int64) (id int64, err error) {
	digest, err := s.digest(locationID)
	if err == nil {
		err = tx.Row("SELECT coalesce(max(id), 0) FROM imports WHERE digest = ?1 AND kind = ?2 AND status = ?3 AND creates + updates > 0", []any{digest, kind, string(Committed)}, &id)
	}
	if err != nil {
		return 0, fmt.Errorf("look for the file: %w", err)
	}
	return id, nil
}

// weigh decides what stands before the decimals, if nobody has.
func (s *sheet) weigh(f *format) {
	if s.Dialect.Decimal == "" {
		s.Dialect.Decimal = f.decimal
	}
	if s.Dialect.Decimal != "" {
		return
	}
	decimals, _ := money.Decimals(s.settings.Currency)
	var e table.Evidence
	for name, at := range s.at {
		one, _ := f.field(key(name))
		if one.figure == table.NoFigure {
			continue
		}
		for _, l := range s.Lines {
			e.Hear(cellAt(l, at), one.figure, decimals)
		}
	}
	var ask *table.FileQuestion
	s.Dialect.Decimal, ask = e.Decimal()
	s.Ask(ask)
}

// ready refuses a file that leaves a question open or of which it is not known what its columns are.
func (s *sheet) ready() error {
	for _, q := range s.Asks {
		return refusalOf(q)
	}
	missing := s.missing()
	if len(missing) == 0 && (s.format.known != nil || len(s.mapping) > 0) {
		return nil
	}
	named := 0
	for _, h := range s.Header {
		if strings.TrimSpace(h) != "" {
			named++
		}
	}
	if named < 2 {
		return unknownFile("It has no columns.")
	}
	return db.Refuse("mapping_needed", "mapping", "It is not known what the columns of this file are. Say which is which.").With("missing", missing)
}
