package server_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"testing"

	"onhand/db/imports"
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
	owner.upload("/api/v1/imports", file, "decimal", "comma").refuses(http.StatusUnprocessableEntity, "mapping_needed")
	owner.upload("/api/v1/imports", file, "decimal", "apple").refuses(http.StatusUnprocessableEntity, "invalid")
	owner.upload("/api/v1/imports/read", file, "separator", "pipe").refuses(http.StatusUnprocessableEntity, "invalid")
	owner.upload("/api/v1/imports/read", file, "locationId", "1").refuses(http.StatusUnprocessableEntity, "unknown_field")
	owner.upload("/api/v1/imports", file, "decimal", "comma", "mapping", `{"Artikel":"name","Artikelnummer":"sku","VK":"price"}`).is(http.StatusCreated)
	var kept struct{ Items []imports.ImportItem }
	if err := json.Unmarshal([]byte(owner.get("/api/v1/imports").is(http.StatusOK).body), &kept); err != nil || len(kept.Items) != 1 {
		t.Errorf("%d imports are kept, want the one that was previewed: %v", len(kept.Items), err)
	}
}
