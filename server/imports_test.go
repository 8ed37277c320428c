package server_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"testing"

	"onhand/db"
	"onhand/db/imports"
	"onhand/db/tasks"
)

// upload sends a file of products in a form.
func (c *client) upload(path, file string, fields ...string) *reply {
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for i := 0; i < len(fields); i += 2 {
		_ = w.WriteField(fields[i], fields[i+1])
	}
	_ = w.WriteField("kind", "products")
	part, _ := w.CreateFormFile("file", "products.csv")
	_, _ = part.Write([]byte(file))
	_ = w.Close()
	return c.post(path, form.String(), header{"Content-Type": w.FormDataContentType()})
}

func TestAFileIsReadNamedByHandAndImported(t *testing.T) {
	t.Parallel()
	owner := open(t).owner()
	const file = "Artikel;Artikelnummer;VK;\nTasse;T-1;1.250;x\n"
	var r imports.ImportReading
	if err := json.Unmarshal([]byte(owner.upload("/api/v1/imports/read", file).is(http.StatusOK).body), &r); err != nil {
		t.Fatal(err)
	}
	if r.Format != "other" || r.Separator != "semicolon" || r.Rows != 1 || len(r.Columns) != 4 || r.Columns[2].Field != "price" || r.Columns[3].Name != "#4" ||
		len(r.Questions) != 1 || r.Questions[0].About != "decimal" || r.Remembered {
		t.Errorf("read as %+v", r)
	}
	owner.upload("/api/v1/imports", file).refuses(http.StatusUnprocessableEntity, "ask_decimal")
	owner.upload("/api/v1/imports", "Artikel;Art;Betrag\nTasse;T-1;1,25\n").refuses(http.StatusUnprocessableEntity, "mapping_needed")
	owner.upload("/api/v1/imports", file, "decimal", "apple").refuses(http.StatusUnprocessableEntity, "invalid")
	owner.upload("/api/v1/imports/read", file, "separator", "pipe").refuses(http.StatusUnprocessableEntity, "invalid")
	owner.upload("/api/v1/imports/read", file, "locationId", "1").refuses(http.StatusUnprocessableEntity, "unknown_field")
	owner.upload("/api/v1/imports", file, "decimal", "comma", "mapping", `{"Artikel":"name","Artikelnummer":"sku","VK":"price"}`).is(http.StatusCreated)
	var kept struct{ Items []imports.ImportItem }
	if err := json.Unmarshal([]byte(owner.get("/api/v1/imports").is(http.StatusOK).body), &kept); err != nil || len(kept.Items) != 1 {
		t.Errorf("%d imports are kept, want the one that was previewed: %v", len(kept.Items), err)
	}
}

func TestWhatIsTakenBackCannotBeCancelled(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	err := db.Write(t.Context(), s.db, func(tx *db.Tx) error {
		return errors.Join(tasks.StartWork(tx, tasks.ImportWork, 1, "products.csv", 1), tasks.LeadBackWork(tx, tasks.ImportWork, 1, 10),
			tasks.StartWork(tx, tasks.UndoWork, 2, "prices.csv", 1), tasks.StartWork(tx, tasks.ImportWork, 3, "brands.csv", 1))
	})
	if err != nil {
		t.Fatal(err)
	}
	mia := s.as("mia")
	cancel := func(kind string, of int) *reply {
		return mia.post(fmt.Sprintf("/api/v1/tasks/%d/cancel", s.number("SELECT id FROM works WHERE kind = ?1 AND entity_id = ?2", kind, of)), `{}`)
	}
	cancel(tasks.ImportWork, 1).refuses(http.StatusConflict, "not_cancellable")
	cancel(tasks.UndoWork, 2).refuses(http.StatusConflict, "not_cancellable")
	cancel(tasks.ImportWork, 3).is(http.StatusOK)
	if n := s.number("SELECT count(*) FROM works WHERE cancelled_by <> ''"); n != 1 {
		t.Errorf("%d are to end, want the one that goes forward", n)
	}
}

func TestPicturesOfAFileAreTickedOffByWhoMay(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	mia := s.as("mia")
	const file = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Image Src\n" +
		"tee,Linen tee,Title,Default Title,TEE-1,25.00,https://example.com/tee.jpg\ntee,,,,,,https://example.com/tee-back.jpg\n" +
		"cup,Tea cup,Title,Default Title,CUP-1,9.00,https://example.com/cup.jpg\n"
	var made imports.Import
	mia.upload("/api/v1/imports", file).is(http.StatusCreated).into(&made)
	at := fmt.Sprintf("/api/v1/imports/%d", made.ID)
	mia.post(at+"/commit", `{}`, s.key()).is(http.StatusOK)
	open := func() (urls []string, product int64) {
		var page struct{ Items []imports.ImportPicture }
		mia.get(at + "/pictures").is(http.StatusOK).into(&page)
		for _, p := range page.Items {
			urls = append(urls, p.URL)
		}
		return urls, page.Items[0].ProductID
	}
	urls, tee := open()
	if len(urls) != 3 {
		t.Fatalf("the pictures are %v", urls)
	}
	s.as("emil").post(at+"/pictures/done", fmt.Sprintf(`{"productId":%d}`, tee)).refuses(http.StatusForbidden, "forbidden")
	s.upload(mia, fmt.Sprintf("/api/v1/products/%d/images", tee), "file", picture(t, 20, 20)).is(http.StatusCreated)
	for range 2 {
		mia.post(at+"/pictures/done", fmt.Sprintf(`{"productId":%d}`, tee)).is(http.StatusOK)
	}
	if urls, _ := open(); len(urls) != 1 || urls[0] != "https://example.com/cup.jpg" {
		t.Errorf("left are %v", urls)
	}
	mia.post("/api/v1/imports/99/pictures/done", fmt.Sprintf(`{"productId":%d}`, tee)).refuses(http.StatusNotFound, "not_found")
	mia.post(at+"/pictures/done", `{"productId":`).is(http.StatusBadRequest)
	mia.post(at+"/pictures/done", `{}`).is(http.StatusUnprocessableEntity)
	if n := s.number("SELECT count(*) FROM import_pictures WHERE done_at IS NULL"); n != 1 {
		t.Errorf("%d are left", n)
	}
}
