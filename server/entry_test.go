package server_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestLongRepliesAreCompressedForThoseWhoCanReadThem(t *testing.T) {
	t.Parallel()
	s := open(t)
	owner := s.owner()
	for _, sku := range []string{"A", "B", "C", "D"} {
		owner.stocked(sku, 5)
	}
	plain := owner.get("/api/v1/products").is(http.StatusOK)
	plain.has("Content-Encoding", "")
	packed := owner.get("/api/v1/products", header{"Accept-Encoding": "gzip"}).is(http.StatusOK)
	packed.has("Content-Encoding", "gzip")
	packed.has("Vary", "Accept-Encoding")
	z, err := gzip.NewReader(strings.NewReader(packed.body))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(z); err != nil || string(b) != plain.body {
		t.Errorf("unpacked it is %q, %v; want %q", b, err, plain.body)
	}
	owner.get("/api/v1/setup", header{"Accept-Encoding": "gzip"}).has("Content-Encoding", "")
}
