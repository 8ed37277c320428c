// Package imports brings in what a shop kept elsewhere: files are read, planned against the shop as it is, shown, and carried
// out whole.
package imports

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"onhand/db"
	"onhand/db/settings"
	"onhand/db/stock"
	"onhand/db/table"
	"onhand/db/tasks"
)

// keepFiles is how long a file waits for its commit, and stays after it.
const keepFiles = 7 * 24 * time.Hour

// Products is the kind of file with products, their variants and, where it has numbers, their stock.
const Products = "products"

// Customers is the kind of file with customers.
const Customers = "customers"

// Stock is the kind of file with what is there of which variant, or by how much that changes.
const Stock = "stock"

// ImportStatus is how far an import is.
type ImportStatus string

// The statuses of an import. A running one is on its way to be committed or, undoing, back to failed; a failed one changed nothing
// and may be committed again. A committed one that is being undone runs too, and becomes undone.
const (
	Previewed ImportStatus = "previewed"
	Running   ImportStatus = "running"
	Committed ImportStatus = "committed"
	Failed    ImportStatus = "failed"
	Undone    ImportStatus = "undone"
)

// mostBytes is how large a file may be.
const mostBytes = 32 << 20

// Upload is a file as it comes in.
type Upload struct {
	Kind     string
	FileName string
	File     io.Reader
	// LocationID is where stock in the file lies; 0 is the shop's default location.
	LocationID int64
	// Dialect is how the file is written, as far as a person said it.
	Dialect table.Dialect
	// Mapping says which field a column of the file stands for ("" for none), where that is not known or differs. A column without
	// a name, or with one that is there twice, is named "#3" by its place. Nil takes the one remembered for the header row.
	Mapping map[string]string
}

// ImportItem is an import as a list shows it. Every row of the file with something in it is counted once: Rows = Create + Update +
// Skip + ErrorRows. A product of several variants has a row of its own besides theirs. Skip counts rows that change nothing and
// rows that are left out with a reason.
type ImportItem struct {
	ID         int64        `json:"id"`
	Kind       string       `json:"kind" enum:"products,customers,stock"`
	FileName   string       `json:"fileName"`
	LocationID int64        `json:"locationId" doc:"where the stock of the file lies"`
	Status     ImportStatus `json:"status" enum:"previewed,running,committed,failed,undone"`
	Undoing    bool         `json:"undoing" doc:"it is running backwards: a committed import is being undone, or one that failed is taken back"`
	Progress   int          `json:"progress" doc:"percent of a running import, or of its undoing, that is done; 100 when it is through"`
	Rows       int          `json:"rows" doc:"rows with something in them, without the header"`
	Create     int          `json:"create" bun:"creates"`
	Update     int          `json:"update" bun:"updates"`
	Skip       int          `json:"skip" bun:"skips" doc:"rows that change nothing, or are left out with a reason"`
	ErrorRows  int          `json:"errorRows" doc:"rows with at least one error"`
	// Failure is one plain sentence of why an import failed, once it is taken back; what could not be is named.
	Failure       string           `json:"failure"`
	FailureCode   string           `json:"failureCode" doc:"of the failure, for other languages: cancelled, stopped, timed_out, went_wrong or that of a refusal; empty where nothing failed"`
	FailureParams tasks.WorkParams `json:"failureParams,omitempty" doc:"the figures and names of the failure"`
	Actor         string           `json:"actor" bun:"actor_name"`
	Version       int64            `json:"version"`
	CreatedAt     db.Time          `json:"createdAt"`
	CommittedAt   *db.Time         `json:"committedAt"`
	UndoUntil     *db.Time         `json:"undoUntil" doc:"how long it can be undone; null where it cannot be"`
	UndoneAt      *db.Time         `json:"undoneAt"`

	// UndoFrom is what an undoing began with: one more than the highest row, or than the steps of one that failed.
	UndoFrom int `json:"-"`
}

// Details are what a preview says of single rows.
type Details struct {
	Unchanged      int          `json:"unchanged" doc:"of the skipped rows, those that are here already as they are"`
	ErrorCount     int          `json:"errorCount" doc:"all errors; the list has the first 1,000"`
	Errors         []RowError   `json:"errors"`
	Warnings       []RowError   `json:"warnings" doc:"what is worth a look; it stops nothing"`
	Skipped        []SkippedRow `json:"skipped" doc:"rows left out on purpose; the first 1,000"`
	Sample         []SampleRow  `json:"sample" doc:"the first 50 rows and what will happen to them"`
	IgnoredColumns []string     `json:"ignoredColumns" doc:"columns with something in them that are not imported"`
	Pictures       int          `json:"pictures" doc:"addresses of pictures in the file, of products that are imported; they are not fetched"`
	Archived       int          `json:"archived" doc:"products a failed or undone import had made that are archived, because the ledger or an order names them"`
	KeptCount      int          `json:"keptCount" doc:"all rows that an undoing left as they are; the list has the first 1,000"`
	Kept           []KeptRow    `json:"kept" doc:"rows that an undoing left as they are, because somebody changed them since"`
}

// Import is a file with its plan, and later what became of it.
type Import struct {
	ImportItem `bun:",extend"`
	Details    `bun:"-"`

	rejected []byte // rows, packed
	digest   string
}

// Preview reads a file, plans what it would change and keeps both; the shop stays as it is. It fails with unknown_kind,
// unknown_file, unknown_encoding, ask_encoding, ask_separator, ask_decimal, file_too_large, too_many_rows, duplicate_column,
// bad_mapping, mapping_needed, not_found.
func Preview(ctx context.Context, d *db.DB, in Upload) (*Import, error) {
	defer sparing()()
	k, err := kindOf(in.Kind)
	if err != nil {
		return nil, err
	}
	name, err := db.Text("file", in.FileName, 200)
	if err != nil {
		return nil, err
	}
	data, err := in.read()
	if err != nil {
		return nil, err
	}
	m := &Import{ImportItem: ImportItem{Kind: in.Kind, FileName: name, LocationID: in.LocationID, Status: Previewed, Version: 1}}
	if err := locate(ctx, d, m); err != nil {
		return nil, err
	}
	f := file{data: data, dialect: in.Dialect, mapping: in.Mapping}
	s, err := k.open(ctx, d, in.Kind, f)
	if err != nil {
		return nil, err
	}
	if err := s.ready(m.LocationID); err != nil {
		return nil, err
	}
	m.digest, f.mapping = s.digest, s.mapping
	kept, err := f.pack() // now: from here on the file is not held as it came
	if err != nil {
		return nil, err
	}
	p, err := k.draw(ctx, d, s, m.LocationID)
	if err != nil {
		return nil, err
	}
	if err := p.sum(m); err != nil {
		return nil, err
	}
	return store(ctx, d, m, kept)
}

// read takes in the file as far as it may be long.
func (in Upload) read() ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(in.File, mostBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	if len(data) > mostBytes {
		e := db.Errorf(db.TooLarge, "file_too_large", "This file is larger than 32 MB. Split it and import one part after the other.")
		e.Field = "file"
		return nil, e
	}
	return data, nil
}

// draw compares a file that is kept with the shop as it is now.
func draw(ctx context.Context, d *db.DB, m *Import, f file) (drawn, error) {
	k, err := kindOf(m.Kind)
	if err != nil {
		return nil, err
	}
	s, err := k.open(ctx, d, m.Kind, f)
	if err != nil {
		return nil, err
	}
	if err := s.ready(m.LocationID); err != nil {
		return nil, err
	}
	return k.draw(ctx, d, s, m.LocationID)
}

// locate fills in the default location, and refuses one the actor may not see.
func locate(ctx context.Context, d *db.DB, m *Import) error {
	s, err := settings.Current(ctx, d)
	if err != nil {
		return err
	}
	if m.LocationID == 0 {
		m.LocationID = s.DefaultLocationID
	}
	return db.Read(ctx, d, func(tx *db.Tx) error {
		_, err := stock.LocationIn(tx, m.LocationID)
		return db.Blame(err, "locationId")
	})
}

// ByID is an import of a location the actor may see, or not_found.
func ByID(ctx context.Context, d *db.DB, id int64) (m *Import, err error) {
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		m, err = byID(tx, id)
		return err
	})
	if err != nil {
		return nil, err
	}
	m.hush()
	return m, nil
}

// hush leaves out why an import failed while it is still being taken back: nothing is said of what is not through.
func (m *ImportItem) hush() {
	if m.Status == Running {
		m.blame(tasks.Note{})
	}
}

// blame notes why an import failed.
func (m *ImportItem) blame(why tasks.Note) {
	m.Failure, m.FailureCode, m.FailureParams = why.Text, why.Code, why.Params
}

// List is the imports of the locations the actor may see, newest first.
func List(ctx context.Context, d *db.DB, l db.List) (db.Page[ImportItem], error) {
	before := int64(1<<63 - 1)
	if _, err := db.ReadCursor(l.After, &before); err != nil {
		return db.Page[ImportItem]{}, err
	}
	var rows []ImportItem
	err := db.Read(ctx, d, func(tx *db.Tx) error {
		return tx.Select(&rows, "SELECT "+columns+" FROM imports WHERE id < ?1 AND "+tx.Actor.Scope().Where("location_id")+" ORDER BY id DESC LIMIT ?2",
			before, l.Size()+1)
	})
	for i := range rows {
		rows[i].hush()
	}
	return db.PageOf(rows, l.Size(), func(m ImportItem) string { return db.Cursor(m.ID) }), err
}

// Cleanup forgets files of more than a week ago and the imports that were never committed, and how to undo those of more than a
// month ago. It answers how many files went.
func Cleanup(ctx context.Context, d *db.DB) (removed int64, err error) {
	old := db.TimeOf(d.Now()).Add(-keepFiles)
	for {
		var n int64
		err := db.Write(ctx, d, func(tx *db.Tx) (err error) {
			n, err = tx.Exec("DELETE FROM import_files WHERE import_id IN (SELECT f.import_id FROM import_files f JOIN imports m ON m.id = f.import_id WHERE m.created_at < ?1 AND m.status <> ?2 LIMIT 1)", old, string(Running))
			if err != nil {
				return err
			}
			_, err = tx.Exec("DELETE FROM imports WHERE created_at < ?1 AND status NOT IN (?2, ?3, ?4) AND id NOT IN (SELECT import_id FROM import_files)",
				old, string(Committed), string(Running), string(Undone))
			return err
		})
		if removed += n; err != nil {
			return removed, err
		}
		if n == 0 {
			return removed, forgetSteps(ctx, d)
		}
	}
}

const columns = `id, kind, file_name, location_id, status, progress, rows, creates, updates, skips, error_rows, failure, failure_code, failure_params, actor_name, version, created_at, committed_at, undo_from, undo_from > 0 AS undoing, undo_until, undone_at`

func byID(tx *db.Tx, id int64) (*Import, error) {
	var row struct {
		ImportItem `bun:",extend"`
		Details    string
	}
	err := tx.Get(&row, "SELECT "+columns+", details FROM imports WHERE id = ?1 AND "+tx.Actor.Scope().Where("location_id"), id)
	if err != nil {
		return nil, db.Found(err, "import")
	}
	m := &Import{ImportItem: row.ImportItem}
	if err := json.Unmarshal([]byte(row.Details), &m.Details); err != nil {
		return nil, fmt.Errorf("read import %d: %w", id, err)
	}
	if m.Kept == nil { // it is older than they are
		m.Kept = []KeptRow{}
	}
	return m, nil
}

// file is what was uploaded.
type file struct {
	data    []byte
	dialect table.Dialect
	mapping map[string]string

	rejected []reject
}

// store keeps a preview with its file. The same file sent again under its key answers the first preview.
func store(ctx context.Context, d *db.DB, m *Import, f packedFile) (*Import, error) {
	details, err := json.Marshal(m.Details)
	if err != nil {
		return nil, fmt.Errorf("keep the preview: %w", err)
	}
	request := struct {
		Kind, Mapping, Dialect string
		LocationID             int64
		Sum                    [sha256.Size]byte
	}{m.Kind, f.mapping, f.dialect, m.LocationID, f.sum}
	return db.Do(ctx, d, request, func(tx *db.Tx) (*Import, error) {
		var err error
		m.CreatedAt, m.Actor = tx.Now, tx.Actor.Name
		m.ID, err = tx.Insert(`INSERT INTO imports (kind, file_name, location_id, status, rows, creates, updates, skips, error_rows, details,
				actor_kind, actor_id, actor_name, created_at, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)`,
			m.Kind, m.FileName, m.LocationID, string(m.Status), m.Rows, m.Create, m.Update, m.Skip, m.ErrorRows, string(details),
			string(tx.Actor.Kind), tx.Actor.ID, tx.Actor.Name, tx.Now, m.digest)
		if err != nil {
			return nil, fmt.Errorf("keep the preview: %w", err)
		}
		if _, err := tx.Exec("INSERT INTO import_files (import_id, data, mapping, dialect, rejected) VALUES (?1, ?2, ?3, ?4, ?5)", m.ID, f.data, f.mapping, f.dialect, m.rejected); err != nil {
			return nil, fmt.Errorf("keep the file: %w", err)
		}
		return m, tx.Emit("imports", m.ID, m.Version, m.LocationID)
	})
}

// packedFile is a file as it is kept, with how it is to be read.
type packedFile struct {
	data             []byte
	mapping, dialect string
	sum              [sha256.Size]byte // of the file itself
}

func (f file) pack() (p packedFile, err error) {
	if f.mapping == nil {
		f.mapping = map[string]string{}
	}
	names, err1 := json.Marshal(f.mapping)
	said, err2 := json.Marshal(f.dialect)
	data, err3 := zipped(f.data)
	if err := errors.Join(err1, err2, err3); err != nil {
		return p, fmt.Errorf("pack a file: %w", err)
	}
	return packedFile{data, string(names), string(said), sha256.Sum256(f.data)}, nil
}

// load reads an import and, until it is committed, its file.
func load(ctx context.Context, d *db.DB, id int64) (*Import, file, error) {
	if m, err := ByID(ctx, d, id); err != nil || m.Status == Committed || m.Status == Undone {
		return m, file{}, err
	}
	return loadFile(ctx, d, id)
}

// loadFile reads an import and its file.
func loadFile(ctx context.Context, d *db.DB, id int64) (m *Import, f file, err error) {
	var packed, rejected []byte
	var mapping, dialect string
	err = db.Read(ctx, d, func(tx *db.Tx) error {
		if m, err = byID(tx, id); err != nil {
			return err
		}
		err = tx.Row("SELECT data, mapping, dialect, rejected FROM import_files WHERE import_id = ?1", []any{id}, &packed, &mapping, &dialect, &rejected)
		if errors.Is(err, db.ErrNoRow) {
			return db.Errorf(db.Conflict, "expired", "This file was kept for a week and is gone. Choose it again.")
		}
		return err
	})
	if err != nil {
		return nil, f, err
	}
	if err := errors.Join(json.Unmarshal([]byte(mapping), &f.mapping), json.Unmarshal([]byte(dialect), &f.dialect)); err != nil {
		return nil, f, fmt.Errorf("unpack the mapping: %w", err)
	}
	if len(rejected) > 0 {
		text, err := unzipped(rejected)
		if err = errors.Join(err, json.Unmarshal(text, &f.rejected)); err != nil {
			return nil, f, fmt.Errorf("unpack the rejected rows: %w", err)
		}
	}
	f.data, err = unzipped(packed)
	return m, f, err
}

// save writes what a commit changes of an import.
func save(tx *db.Tx, m *Import) error {
	details, err := json.Marshal(m.Details)
	if err != nil {
		return fmt.Errorf("save import %d: %w", m.ID, err)
	}
	params, err := m.FailureParams.JSON()
	if err != nil {
		return fmt.Errorf("save import %d: %w", m.ID, err)
	}
	_, err = tx.Exec(`UPDATE imports SET status = ?2, rows = ?3, creates = ?4, updates = ?5, skips = ?6, error_rows = ?7, details = ?8, failure = ?9,
		committed_at = ?10, version = ?11, progress = ?12, undo_until = ?13, undone_at = ?14, undo_from = ?15, failure_code = ?16, failure_params = ?17 WHERE id = ?1`, m.ID, string(m.Status), m.Rows, m.Create, m.Update, m.Skip, m.ErrorRows, string(details), m.Failure,
		m.CommittedAt, m.Version, m.Progress, m.UndoUntil, m.UndoneAt, m.UndoFrom, m.FailureCode, params)
	if err != nil {
		return fmt.Errorf("save import %d: %w", m.ID, err)
	}
	return nil
}
