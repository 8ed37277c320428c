package server_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// pages counts the pages of a document.
func (r *reply) pages() int { return bytes.Count([]byte(r.body), []byte("/Type /Page\n")) }

func TestLabelsArePrintedWithThePricesOfNow(t *testing.T) {
	t.Parallel()
	s := open(t).setUp()
	c := s.signed
	c.post("/api/v1/products", `{"name":"Blue mug","variants":[{"sku":"MUG","price":1250,"compareAtPrice":1500,"barcodes":["4006381333931"],"packs":[{"code":"CTN","quantity":6}]}]}`).is(http.StatusCreated)
	c.post("/api/v1/products", `{"name":"Hoodie","options":["size"],"variants":[{"sku":"H-L","price":4500,"options":{"size":"L"}},{"sku":"`+strings.Repeat("LONG", 16)+`","price":4500,"options":{"size":"M"}}]}`).is(http.StatusCreated)
	for body, pages := range map[string]int{
		`{"format":"roll","items":[{"variantId":1}]}`:                                                          1,
		`{"format":"roll","items":[{"variantId":1,"copies":3},{"variantId":2,"copies":2},{"variantId":1}]}`:    6,
		`{"format":"a4","items":[{"variantId":1,"copies":200}]}`:                                               9,
		`{"format":"a4","start":24,"barcode":"sku","items":[{"variantId":2,"copies":2}]}`:                      2,
		`{"format":"a4","start":9,"barcode":"auto","items":[{"variantId":1,"copies":16}]}`:                     1,
		`{"format":"roll","items":[{"variantId":1,"copies":1000},{"variantId":2,"copies":1000}]}`:              2000,
		`{"format":"a4","items":[` + strings.Repeat(`{"variantId":1},`, 1999) + `{"variantId":2,"copies":1}]}`: 84,
	} {
		r := c.post("/api/v1/labels", body).is(http.StatusOK)
		r.has("Content-Type", "application/pdf")
		r.has("Content-Disposition", `inline; filename="labels.pdf"`)
		r.has("Cache-Control", "no-store")
		r.has("X-Content-Type-Options", "nosniff")
		r.has("Labels-Without-Barcode", "0")
		if got := r.pages(); got != pages || !strings.HasPrefix(r.body, "%PDF-") {
			t.Errorf("%.80s: %d pages, want %d", body, got, pages)
		}
	}
	c.post("/api/v1/labels", `{"format":"roll","items":[{"variantId":3},{"variantId":1}]}`).is(http.StatusOK).has("Labels-Without-Barcode", "1")
}

func TestLabelsThatCannotBePrintedAreRefused(t *testing.T) {
	t.Parallel()
	s := open(t).setUp()
	c := s.signed
	c.post("/api/v1/products", `{"name":"Blue mug","variants":[{"price":1250}]}`).is(http.StatusCreated)
	r := c.post("/api/v1/labels", `{"format":"a4","items":[{"variantId":1,"copies":1000},{"variantId":1,"copies":1001}]}`).refuses(http.StatusUnprocessableEntity, "too_many")
	if !strings.Contains(r.body, `"count":2001`) || !strings.Contains(r.body, "2001 labels; one document has at most 2000") {
		t.Error(r.body)
	}
	r = c.post("/api/v1/labels", `{"format":"a4","items":[{"variantId":1},{"variantId":99}]}`).refuses(http.StatusNotFound, "not_found")
	if !strings.Contains(r.body, `"body.items[1].variantId"`) {
		t.Error(r.body)
	}
	for _, body := range []string{`{"format":"a5","items":[{"variantId":1}]}`, `{"items":[{"variantId":1}]}`, `{"format":"a4"}`, `{"format":"a4","items":[]}`,
		`{"format":"a4","start":25,"items":[{"variantId":1}]}`, `{"format":"a4","start":0,"items":[{"variantId":1}]}`, `{"format":"a4","items":[{"variantId":1,"copies":0}]}`,
		`{"format":"a4","items":[{"variantId":1,"copies":2001}]}`, `{"format":"a4","barcode":"qr","items":[{"variantId":1}]}`, `{"format":"a4","items":[{"variantId":1,"price":1}]}`} {
		c.post("/api/v1/labels", body).is(http.StatusUnprocessableEntity)
	}
}

func TestAScannedPackSaysHowManyItHolds(t *testing.T) {
	t.Parallel()
	s := open(t).setUp()
	c := s.signed
	c.post("/api/v1/products", `{"name":"Blue mug","variants":[{"sku":"MUG","price":1250,"barcodes":["4006381333931"]}]}`).is(http.StatusCreated)
	c.post("/api/v1/variants/1/barcodes", `{"code":"416000336108","quantity":6}`).is(http.StatusOK)
	for scanned, want := range map[string]int{"4006381333931": 1, "0416000336108": 6} {
		r := c.get("/api/v1/variants?barcode=" + scanned).is(http.StatusOK)
		if !strings.Contains(r.body, fmt.Sprintf(`"scannedQuantity":%d`, want)) || !strings.Contains(r.body, `"packs":[{"code":"416000336108","quantity":6}]`) {
			t.Errorf("%s: %s", scanned, r.body)
		}
	}
	c.do("PATCH", "/api/v1/products/1", `{"variants":[{"id":1,"packs":[{"code":"416000336108","quantity":1}]}]}`).is(http.StatusUnprocessableEntity)
	c.do("PATCH", "/api/v1/products/1", `{"variants":[{"id":1,"barcodes":[]}]}`).is(http.StatusOK)
	r := c.do("PATCH", "/api/v1/products/1", `{"variants":[{"id":1,"packs":[{"code":"CTN","quantity":12}]}]}`).is(http.StatusOK)
	if !strings.Contains(r.body, `"barcodes":[],"packs":[{"code":"CTN","quantity":12}]`) {
		t.Error(r.body)
	}
	c.post("/api/v1/variants/1/barcodes", `{"code":"A","quantity":1001}`).is(http.StatusUnprocessableEntity)
}
