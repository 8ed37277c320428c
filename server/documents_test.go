package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// paper asks for a document, and checks that it is one that nobody keeps.
func (s *staffed) paper(who requester, path, name string) *reply {
	s.t.Helper()
	r := who.do("GET", "/api/v1"+path, "").is(http.StatusOK)
	r.has("Content-Type", "application/pdf")
	r.has("Content-Disposition", `inline; filename="`+name+`"`)
	r.has("Cache-Control", "no-store")
	r.has("X-Content-Type-Options", "nosniff")
	if !strings.HasPrefix(r.body, "%PDF-") {
		s.t.Errorf("%s is no document: %.20q", path, r.body)
	}
	return r
}

func TestAnOrderHasItsPapers(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	emil := s.as("emil")
	s.paper(emil, "/orders/1/documents/receipt.pdf", "receipt-1001.pdf")
	s.paper(emil, "/orders/1/documents/packing-slip.pdf", "packing-slip-1001.pdf")
	s.paper(emil, "/orders/1/documents/pick-list.pdf", "pick-list-1001.pdf")
	s.paper(emil, "/documents/pick-list.pdf?orderIds=1,1", "pick-list-1001.pdf")
	s.admin.post("/api/v1/orders", s.order(1, `,"fulfil":true`), s.key()).is(http.StatusCreated)
	s.paper(emil, "/orders/3/documents/packing-slip.pdf?fulfilmentId=3", "packing-slip-1003.pdf")
	s.paper(emil, "/documents/pick-list.pdf?orderIds=1,3", "pick-list.pdf")
	s.paper(emil, "/documents/packing-slips.pdf?orderIds=3,1", "packing-slips.pdf")
}

func TestPapersThatAreNotThereAreRefused(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.admin.post("/api/v1/orders", s.order(1, `,"draft":true`), s.key()).is(http.StatusCreated)
	hanna := s.as("hanna")
	for _, kind := range []string{"receipt", "packing-slip", "pick-list"} {
		path := "/api/v1/orders/%d/documents/" + kind + ".pdf"
		hanna.get(fmt.Sprintf(path, 1)).refuses(http.StatusNotFound, "not_found")
		s.admin.get(fmt.Sprintf(path, 404)).refuses(http.StatusNotFound, "not_found")
		s.admin.get(fmt.Sprintf(path, 3)).refuses(http.StatusConflict, "not_placed")
	}
	s.admin.get("/api/v1/orders/1/documents/packing-slip.pdf?fulfilmentId=404").refuses(http.StatusNotFound, "not_found")
	hanna.get("/api/v1/documents/pick-list.pdf?orderIds=2,1").refuses(http.StatusNotFound, "not_found")
	s.admin.get("/api/v1/documents/pick-list.pdf").is(http.StatusUnprocessableEntity)
	s.admin.get("/api/v1/documents/pick-list.pdf?orderIds=").is(http.StatusUnprocessableEntity)
	s.admin.get("/api/v1/documents/pick-list.pdf?orderIds=" + strings.Repeat("1,", 200) + "1").is(http.StatusUnprocessableEntity)
	hanna.get("/api/v1/documents/packing-slips.pdf?orderIds=2,1").refuses(http.StatusNotFound, "not_found")
	s.admin.get("/api/v1/documents/packing-slips.pdf?orderIds=1,3").refuses(http.StatusConflict, "not_placed")
}

func TestAnInvoiceIsIssuedAndReadAsPDF(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	emil, hanna := s.as("emil"), s.as("hanna")
	const base = "/api/v1/orders/1"
	for _, kind := range []string{"invoice", "credit-note"} {
		emil.get(base+"/documents/"+kind+".pdf").refuses(http.StatusNotFound, "not_found")
	}
	emil.post(base+"/credit-note", `{}`).refuses(http.StatusConflict, "no_invoice")
	hanna.post(base+"/invoice", `{}`).refuses(http.StatusNotFound, "not_found")
	first := emil.post(base+"/invoice", "").is(http.StatusOK).body
	again := emil.post(base+"/invoice", `{}`).is(http.StatusOK).body
	if first != again || !strings.Contains(first, `"number":"INV-0001"`) || !strings.Contains(first, `"total":2000`) {
		t.Errorf("issued %s and %s", first, again)
	}
	one := s.paper(emil, "/orders/1/documents/invoice.pdf", "invoice-INV-0001.pdf").body
	s.admin.post(base+"/cancel", `{}`).is(http.StatusOK)
	s.admin.do("PATCH", "/api/v1/settings", `{"name":"Another shop"}`).is(http.StatusOK)
	if later := s.paper(emil, "/orders/1/documents/invoice.pdf?documentId=1", "invoice-INV-0001.pdf").body; later != one {
		t.Error("reprinted it is another file")
	}
	if r := emil.get(base + "/documents").is(http.StatusOK); !strings.Contains(r.body, `"issuable":"credit_note","unbilled":-2000`) {
		t.Errorf("what is missing: %s", r.body)
	}
	emil.post(base+"/credit-note", `{}`).is(http.StatusOK)
	s.paper(emil, "/orders/1/documents/credit-note.pdf", "credit-note-CN-0001.pdf")
	hanna.get(base+"/documents/invoice.pdf").refuses(http.StatusNotFound, "not_found")
	hanna.get(base+"/documents").refuses(http.StatusNotFound, "not_found")
	emil.get("/api/v1/orders/2/documents/invoice.pdf?documentId=1").refuses(http.StatusNotFound, "not_found")

	token := s.text("SELECT token FROM orders WHERE id = 1")
	if r := s.guest().do("GET", "/api/v1/shop/track/"+token+"/documents/invoice.pdf", "").is(http.StatusOK); r.body != one {
		t.Error("its customer reads another file")
	}
	if r := s.guest().do("GET", "/api/v1/shop/track/"+token, "").is(http.StatusOK); !strings.Contains(r.body, `"invoice":"INV-0001"`) {
		t.Errorf("its customer sees %s", r.body)
	}
}
