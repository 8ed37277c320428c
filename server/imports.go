package server

import (
	"context"
	"encoding/json"
	"maps"
	"mime/multipart"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"onhand/db"
	"onhand/db/imports"
)

type importForm struct {
	Kind       string        `form:"kind" required:"true" enum:"products"`
	File       huma.FormFile `form:"file" required:"true" doc:"at most 32 MB"`
	LocationID int64         `form:"locationId" required:"false" minimum:"1" doc:"where the stock of the file lies; the default location when left out"`
	Mapping    string        `form:"mapping" required:"false" maxLength:"20000" doc:"JSON: a column of the file to the field it stands for"`
}

func (s *Server) previewImport(ctx context.Context, in *struct {
	RawBody huma.MultipartFormFiles[importForm]
}) (*body[*imports.Import], error) {
	if err := checkForm(in.RawBody.Form, "kind", "file", "locationId", "mapping"); err != nil {
		return nil, err
	}
	form := in.RawBody.Data()
	defer form.File.Close()
	upload := imports.Upload{Kind: form.Kind, FileName: form.File.Filename, File: form.File, LocationID: form.LocationID}
	if form.Mapping != "" {
		if err := json.Unmarshal([]byte(form.Mapping), &upload.Mapping); err != nil {
			return nil, db.Refuse("bad_mapping", "mapping", "This mapping is no JSON object of names of columns.")
		}
	}
	return reply(imports.Preview(ctx, s.db, upload))
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

func (s *Server) commitImport(ctx context.Context, in *command[imports.CommitOptions]) (*body[*imports.Import], error) {
	return reply(imports.Commit(ctx, s.db, in.ID, in.input()))
}

func (s *Server) undoImport(ctx context.Context, in *command[imports.UndoOptions]) (*body[*imports.Import], error) {
	return reply(imports.Undo(ctx, s.db, in.ID, in.input()))
}
