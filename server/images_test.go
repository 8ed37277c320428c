package server_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"onhand/db/catalog"
	"onhand/db/dbtest"
)

// form is a multipart body: a name and a value in turn; what is called file is one.
func form(t testing.TB, fields ...string) (body string, h header) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		if fields[i] != "file" {
			if err := w.WriteField(fields[i], fields[i+1]); err != nil {
				t.Fatal(err)
			}
			continue
		}
		f, err := w.CreateFormFile("file", "../../evil.html")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(fields[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), header{"Content-Type": w.FormDataContentType()}
}

func (s *staffed) upload(who *client, path string, fields ...string) *reply {
	s.t.Helper()
	body, h := form(s.t, fields...)
	return who.post(path, body, h, s.key())
}

func productIn(t testing.TB, r *reply) (p catalog.Product) {
	t.Helper()
	if err := json.Unmarshal([]byte(r.body), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPicturesTravelFromTheTabletToEveryList(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	mia := s.as("mia")
	p := productIn(t, s.upload(mia, "/api/v1/products/1/images", "file", picture(t, 700, 350), "file", picture(t, 50, 50), "alt", "A blue mug").is(http.StatusCreated))
	if len(p.Images) != 2 || p.Image == nil || p.Image.Alt != "A blue mug" || p.Variants[0].Image.URL != p.Images[0].URL {
		t.Fatalf("%+v", p)
	}
	want := `"image":{"url":"` + p.Image.URL
	for _, path := range []string{"/api/v1/products", "/api/v1/products/1", "/api/v1/variants", "/api/v1/variants?q=mug", "/api/v1/orders", "/api/v1/orders/1", "/api/v1/stock"} {
		if r := s.admin.get(path).is(http.StatusOK); !strings.Contains(r.body, want) {
			t.Errorf("%s has no picture: %.300s", path, r.body)
		}
	}
	mia.do("PATCH", "/api/v1/images/2", `{"position":0,"alt":"From above","variantId":1,"version":2}`).is(http.StatusOK)
	mia.do("PATCH", "/api/v1/images/2", `{"alt":"x","version":2}`).refuses(http.StatusConflict, "stale")
	mia.do("DELETE", "/api/v1/images/1", "").is(http.StatusNoContent)
	if p := productIn(t, mia.get("/api/v1/products/1")); len(p.Images) != 1 || p.Images[0].Alt != "From above" {
		t.Errorf("%+v", p.Images)
	}
	if p := productIn(t, mia.post("/api/v1/images/1/restore", "").is(http.StatusOK)); len(p.Images) != 2 || p.Images[1].ID != 1 {
		t.Errorf("%+v", p.Images)
	}
	if n := s.number("SELECT count(*) FROM audit WHERE entity = 'image'"); n != 5 {
		t.Errorf("%d entries in the audit", n)
	}
	if n := s.number("SELECT count(*) FROM events WHERE topic = 'products' AND entity_id = 1"); n != 5 {
		t.Errorf("%d events", n)
	}
}

func TestAPictureIsServedForGood(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	p := productIn(t, s.upload(s.admin, "/api/v1/products/1/images", "file", picture(t, 50, 50)).is(http.StatusCreated))
	guest := s.guest()
	url := p.Image.URL
	r := guest.get(url).is(http.StatusOK)
	r.has("Content-Type", "image/png")
	r.has("Cache-Control", "public, max-age=31536000, immutable")
	r.has("X-Content-Type-Options", "nosniff")
	tag := r.Header.Get("ETag")
	if w, h := sizeOf(t, r.body); w != 50 || h != 50 || tag == "" {
		t.Errorf("%d by %d, %q", w, h, tag)
	}
	same := guest.get(url, header{"If-None-Match": tag})
	if same.StatusCode != http.StatusNotModified || same.body != "" {
		t.Errorf("the same again: %d, %d bytes", same.StatusCode, len(same.body))
	}
	if r := guest.do("HEAD", url, ""); r.StatusCode != http.StatusOK || r.body != "" || r.Header.Get("ETag") != tag || r.ContentLength < 50 {
		t.Errorf("HEAD: %d, %d bytes of %d", r.StatusCode, len(r.body), r.ContentLength)
	}
	for _, path := range []string{"/images/", "/images/onhand.db", "/images/..%2fonhand.db", "/images/%2e%2e/secret.key", "/images/..%5conhand.db", "/images/" + strings.Repeat("0", 32) + "-160.jpg",
		url + "/", url + "%00", strings.ToUpper(url), "/images/x/" + url[8:], strings.Replace(url, ".png", ".jpg", 1)} {
		if r := guest.get(path); r.StatusCode != http.StatusNotFound && !(r.StatusCode == http.StatusOK && r.body == guest.get(url).body) {
			t.Errorf("%s answers %d", path, r.StatusCode)
		} else if r.StatusCode == http.StatusNotFound && strings.Contains(r.Header.Get("Cache-Control"), "immutable") {
			t.Errorf("%s is kept as missing", path)
		}
	}
	s.admin.do("POST", url, "{}").is(http.StatusMethodNotAllowed)
}

func TestAPictureIsRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	good := picture(t, 10, 10)
	for name, c := range map[string]struct {
		fields []string
		status int
		code   string
	}{
		"a text":                       {[]string{"file", "hello"}, http.StatusUnprocessableEntity, "unknown_picture"},
		"HEIC":                         {[]string{"file", "\x00\x00\x00\x24ftypheic\x00\x00\x00\x00"}, http.StatusUnprocessableEntity, "heic_picture"},
		"HTML":                         {[]string{"file", "<script>alert(1)</script>"}, http.StatusUnprocessableEntity, "unknown_picture"},
		"a bomb":                       {[]string{"file", bomb()}, http.StatusUnprocessableEntity, "too_many_pixels"},
		"one of several":               {[]string{"file", good, "file", "hello"}, http.StatusUnprocessableEntity, "unknown_picture"},
		"a field that is none":         {[]string{"file", good, "position", "1"}, http.StatusUnprocessableEntity, "unknown_field"},
		"two texts":                    {[]string{"file", good, "alt", "a", "alt", "b"}, http.StatusUnprocessableEntity, "invalid"},
		"no file":                      {[]string{"alt", "a"}, http.StatusUnprocessableEntity, ""},
		"a variant that is not there":  {[]string{"file", good, "variantId", "9"}, http.StatusNotFound, "not_found"},
		"more than a request may have": {[]string{"file", strings.Repeat("x", 33<<20)}, http.StatusRequestEntityTooLarge, "too_large"},
	} {
		r := s.upload(s.admin, "/api/v1/products/1/images", c.fields...)
		if r.StatusCode != c.status || c.code != "" && !strings.Contains(r.body, `"code":"`+c.code+`"`) {
			t.Errorf("%s: %d %.300s", name, r.StatusCode, r.body)
		}
	}
	s.upload(s.admin, "/api/v1/products/9/images", "file", good).refuses(http.StatusNotFound, "not_found")
	s.upload(s.as("emil"), "/api/v1/products/1/images", "file", good).refuses(http.StatusForbidden, "forbidden")
	s.upload(s.guest(), "/api/v1/products/1/images", "file", good).refuses(http.StatusUnauthorized, "unauthenticated")
	body, h := form(t, "file", good)
	if r := s.admin.post("/api/v1/products/1/images", body[:len(body)-40], h); r.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(r.body, `"code":"broken_upload"`) {
		t.Errorf("a form that was cut: %d %s", r.StatusCode, r.body)
	}
	if r := s.admin.post("/api/v1/products/1/images", "{}"); r.StatusCode != http.StatusUnsupportedMediaType || !strings.Contains(r.body, "multipart/form-data") {
		t.Errorf("JSON: %d %s", r.StatusCode, r.body)
	}
	h["Sec-Fetch-Site"] = "cross-site"
	s.admin.post("/api/v1/products/1/images", body, h).refuses(http.StatusForbidden, "cross_site")
	if n := s.number("SELECT count(*) FROM product_images"); n != 0 {
		t.Errorf("%d pictures", n)
	}
}

// What is archived can be changed as before: it may come back, and its page shows it meanwhile.
func TestAnArchivedProductTakesPicturesAsItTakesOtherChanges(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.admin.post("/api/v1/products/1/archive", "").is(http.StatusOK)
	s.admin.do("PATCH", "/api/v1/products/1", `{"notes":"Ask the potter"}`).is(http.StatusOK)
	if p := productIn(t, s.upload(s.admin, "/api/v1/products/1/images", "file", picture(t, 10, 10)).is(http.StatusCreated)); !p.Archived || len(p.Images) != 1 {
		t.Errorf("%+v", p)
	}
}

func TestPicturesSentTwiceUnderTheirKeyAreThereOnce(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	body, h := form(t, "file", picture(t, 10, 10))
	key := s.key()
	got := dbtest.Together(4, func() error {
		s.admin.post("/api/v1/products/1/images", body, h, key).is(http.StatusCreated)
		return nil
	})
	if n := s.number("SELECT count(*) FROM product_images"); n != 1 || got.Succeeded() != 4 {
		t.Errorf("%d pictures", n)
	}
	other, h := form(t, "file", picture(t, 11, 10))
	s.admin.post("/api/v1/products/1/images", other, h, key).refuses(http.StatusUnprocessableEntity, "key_reused")
}
