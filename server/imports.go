package server

import (
	"context"
	"encoding/json"
	"maps"
	"mime/multipart"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"onhand/db"
	"onhand/db/imports"
	"onhand/db/table"
)

type importForm struct {
	Kind       string        `form:"kind" required:"true" enum:"products,customers,stock"`
	File       huma.FormFile `form:"file" required:"true" doc:"at most 32 MB"`
	LocationID int64         `form:"locationId" required:"false" minimum:"1" doc:"where the stock of the file lies; the default location when left out"`
	Mapping    string        `form:"mapping" required:"false" maxLength:"100000" doc:"JSON: a column of the file to the field it stands for, empty for none; a column by its name, or by its place as #3. Left out: as they are known, or as they were named by hand before"`
	Encoding   string        `form:"encoding" required:"false" enum:"utf-8,utf-16le,utf-16be,windows-1252,windows-1250,macintosh,ibm850" doc:"left out: as the file shows; where it does not, it is asked with ask_encoding"`
	Separator  string        `form:"separator" required:"false" enum:"comma,semicolon,tab" doc:"left out: as the file shows; where it does not, it is asked with ask_separator"`
	Decimal    string        `form:"decimal" required:"false" enum:"point,comma" doc:"what stands before the decimals; left out: as the figures show; where none does, it is asked with ask_decimal"`
}

type readForm struct {
	Kind      string        `form:"kind" required:"true" enum:"products,customers,stock"`
	File      huma.FormFile `form:"file" required:"true" doc:"at most 32 MB"`
	Mapping   string        `form:"mapping" required:"false" maxLength:"100000" doc:"as for POST /imports"`
	Encoding  string        `form:"encoding" required:"false" enum:"utf-8,utf-16le,utf-16be,windows-1252,windows-1250,macintosh,ibm850" doc:"left out: as the file shows; where it does not, it is asked with ask_encoding"`
	Separator string        `form:"separator" required:"false" enum:"comma,semicolon,tab" doc:"left out: as the file shows; where it does not, it is asked with ask_separator"`
	Decimal   string        `form:"decimal" required:"false" enum:"point,comma" doc:"what stands before the decimals; left out: as the figures show; where none does, it is asked with ask_decimal"`
}

func (s *Server) readImport(ctx context.Context, in *struct {
	RawBody huma.MultipartFormFiles[readForm]
}) (*body[*imports.ImportReading], error) {
	if err := checkForm(in.RawBody.Form, "kind", "file", "mapping", "encoding", "separator", "decimal"); err != nil {
		return nil, err
	}
	form := in.RawBody.Data()
	defer form.File.Close()
	mapping, err := mappingOf(form.Mapping)
	if err != nil {
		return nil, err
	}
	return reply(imports.Read(ctx, s.db, imports.Upload{Kind: form.Kind, FileName: form.File.Filename, File: form.File,
		Dialect: table.Dialect{Encoding: form.Encoding, Separator: form.Separator, Decimal: form.Decimal}, Mapping: mapping}))
}

func mappingOf(form string) (mapping map[string]string, err error) {
	if form != "" {
		if err := json.Unmarshal([]byte(form), &mapping); err != nil {
			return nil, db.Refuse("bad_mapping", "mapping", "This mapping is no JSON object of names of columns.")
		}
	}
	return mapping, nil
}

func (s *Server) previewImport(ctx context.Context, in *struct {
	RawBody huma.MultipartFormFiles[importForm]
}) (*body[*imports.Import], error) {
	if err := checkForm(in.RawBody.Form, "kind", "file", "locationId", "mapping", "encoding", "separator", "decimal"); err != nil {
		return nil, err
	}
	form := in.RawBody.Data()
	defer form.File.Close()
	mapping, err := mappingOf(form.Mapping)
	if err != nil {
		return nil, err
	}
	return reply(imports.Preview(ctx, s.db, imports.Upload{Kind: form.Kind, FileName: form.File.Filename, File: form.File, LocationID: form.LocationID,
		Dialect: table.Dialect{Encoding: form.Encoding, Separator: form.Separator, Decimal: form.Decimal}, Mapping: mapping}))
}

// checkForm refuses what nobody would hear: fields there are none of, and a second value of those that are sent once.
func checkForm(f *multipart.Form, once ...string) error {
	sent := map[string]int{}
	for name, values := range f.Value {
		sent[name] += len(values)
	}
	for name, files := range f.File {
		sent[name] += len(files)
	}
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		switch {
		case !slices.Contains(once, name):
			return db.Refuse("unknown_field", name, "There is no such field.")
		case sent[name] > 1:
			return db.Refuse("repeated", name, "Send this field once.")
		}
	}
	return nil
}

func (s *Server) imports(ctx context.Context, in *Paging) (*body[db.Page[imports.ImportItem]], error) {
	return reply(imports.List(ctx, s.db, in.list()))
}

func (s *Server) importByID(ctx context.Context, in *ByID) (*body[*imports.Import], error) {
	return reply(imports.ByID(ctx, s.db, in.ID))
}

// rejectedRows answers a file for the person to mend and send again.
func (s *Server) rejectedRows(ctx context.Context, in *ByID) (*huma.StreamResponse, error) {
	name, data, err := imports.Rejected(ctx, s.db, in.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		c := humafiber.Unwrap(hc)
		c.Attachment(name)
		c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
		_ = c.Send(data) // into memory
	}}, nil
}

func (s *Server) commitImport(ctx context.Context, in *command[imports.CommitOptions]) (*body[*imports.Import], error) {
	return reply(imports.Commit(ctx, s.db, in.ID, in.input()))
}

func (s *Server) undoImport(ctx context.Context, in *command[imports.UndoOptions]) (*body[*imports.Import], error) {
	return reply(imports.Undo(ctx, s.db, in.ID, in.input()))
}

func (s *Server) importPictures(ctx context.Context, in *struct {
	ByID
	Paging
}) (*body[db.Page[imports.ImportPicture]], error) {
	return reply(imports.Pictures(ctx, s.db, in.ID, in.list()))
}

func (s *Server) doneWithPictures(ctx context.Context, in *change[imports.PicturesDone]) (*body[*imports.Import], error) {
	return reply(imports.DoneWithPictures(ctx, s.db, in.ID, in.Body))
}
