package server

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"onhand/db"
	"onhand/db/imports"
)

// exported is what the audit says of a list that was taken out of the house.
type exported struct {
	Format imports.Format `json:"format"`
	Filter string         `json:"filter"`
}

// exports registers a list as the files it may be taken out as, with the parameters of the list.
func exports[I any](s *Server, kind string, a access, h handler[I, imports.Export]) {
	for _, format := range []imports.Format{imports.CSV, imports.XLSX} {
		id := handlerName(h) + map[imports.Format]string{imports.XLSX: "Workbook"}[format]
		registerAs(s, id, http.MethodGet, "/exports/"+kind+"."+string(format), http.StatusOK, a.gives(format.Media()).within(exportTime),
			func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
				e, err := h(ctx, in)
				if err != nil {
					return nil, err
				}
				return s.export(ctx, kind, e, format)
			})
	}
}

// export sends an export. That the list was taken out is written down first. A workbook can only be sent when it is whole, so
// what goes wrong with it is refused; a CSV file is sent as it is read, and cut off where it cannot be read on.
func (s *Server) export(ctx context.Context, kind string, e *imports.Export, format imports.Format) (*huma.StreamResponse, error) {
	err := db.Write(ctx, s.db, func(tx *db.Tx) error {
		return tx.AuditAs("exported", kind, 0, nil, exported{format, requestOf(ctx).query})
	})
	if err != nil {
		return nil, err
	}
	later := context.WithoutCancel(ctx) // it is sent after the handler has returned
	write := func(w io.Writer) error { return e.WriteCSV(later, w) }
	if format == imports.XLSX {
		book, err := e.Workbook(ctx)
		if err != nil {
			return nil, err
		}
		write = func(w io.Writer) error {
			defer book.Discard() //nolint:errcheck // it was a temporary file
			_, err := book.WriteTo(w)
			return err
		}
	}
	return s.stream(format.Media(), e.FileName(format), write), nil
}

// stream sends what write writes.
func (s *Server) stream(media, name string, write func(io.Writer) error) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		c := humafiber.Unwrap(hc).Context()
		c.SetStatusCode(http.StatusOK)
		c.SetContentType(media)
		c.Response.Header.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
		out, in := io.Pipe()
		go func() {
			err := guarded(write, in)
			in.CloseWithError(err) //nolint:errcheck // it never fails
			if err != nil {
				s.log.Warn("an export was cut off", "file", name, "error", err)
			}
		}()
		c.SetBodyStream(&patient{out, c.Conn()}, -1)
	}}
}

// guarded makes an error of a panic, which nobody else would catch here.
func guarded(write func(io.Writer) error, w io.Writer) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return write(w)
}

// patient is a long body: whoever keeps reading has all the time it takes. An error of its writer cuts the connection, so that
// half a file is never taken for the whole.
type patient struct {
	*io.PipeReader
	conn net.Conn
}

func (p *patient) Read(b []byte) (int, error) {
	n, err := p.PipeReader.Read(b)
	if deadline := p.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err == nil {
		err = deadline
	}
	return n, err
}
