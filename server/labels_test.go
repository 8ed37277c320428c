package server_test

import (
	"net/http"
	"strings"
	"testing"

	"onhand/db/catalog"
	"onhand/db/dbtest"
)

func TestACategoryGetsAPictureAndLosesIt(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	mia := s.as("mia")
	var c catalog.Category
	events, audit := s.number("SELECT count(*) FROM events WHERE topic = 'categories'"), s.number("SELECT count(*) FROM audit WHERE entity = 'category'")
	s.upload(mia, "/api/v1/categories/1/image", "file", picture(t, 700, 350)).is(http.StatusOK).into(&c)
	if c.Image == nil || c.Version != 2 {
		t.Fatalf("%+v", c)
	}
	s.guest().get(c.Image.URL).is(http.StatusOK)
	if r := s.as("emil").get("/api/v1/categories").is(http.StatusOK); !strings.Contains(r.body, c.Image.URL) {
		t.Errorf("the list has no picture: %s", r.body)
	}
	mia.do("PATCH", "/api/v1/categories/1", `{"name":"Pots","version":1}`).refuses(http.StatusConflict, "stale") // the picture is a change, too
	before := c.Image.URL
	s.upload(mia, "/api/v1/categories/1/image", "file", picture(t, 50, 50)).is(http.StatusOK).into(&c)
	if c.Image.URL == before || c.Version != 3 {
		t.Errorf("replaced: %+v", c)
	}
	for range 2 {
		mia.do("DELETE", "/api/v1/categories/1/image", "").is(http.StatusNoContent)
	}
	var now catalog.Category
	mia.get("/api/v1/categories/1").is(http.StatusOK).into(&now)
	if now.Image != nil || now.Version != 4 {
		t.Errorf("taken away: %+v", now)
	}
	if n := s.number("SELECT count(*) FROM events WHERE topic = 'categories'") - events; n != 3 {
		t.Errorf("%d events", n)
	}
	if n := s.number("SELECT count(*) FROM audit WHERE entity = 'category'") - audit; n != 3 {
		t.Errorf("%d entries in the audit", n)
	}
}

func TestThePictureOfACategoryIsRefusedWithItsReason(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	const path = "/api/v1/categories/1/image"
	good := picture(t, 10, 10)
	for name, c := range map[string]struct {
		fields []string
		status int
		code   string
	}{
		"a text":                       {[]string{"file", "hello"}, http.StatusUnprocessableEntity, "unknown_picture"},
		"a bomb":                       {[]string{"file", bomb()}, http.StatusUnprocessableEntity, "too_many_pixels"},
		"two":                          {[]string{"file", good, "file", good}, http.StatusUnprocessableEntity, "invalid"},
		"a field that is none":         {[]string{"file", good, "alt", "A kitchen"}, http.StatusUnprocessableEntity, "unknown_field"},
		"none":                         {nil, http.StatusUnprocessableEntity, ""},
		"half of one":                  {[]string{"file", good[:len(good)/2]}, http.StatusUnprocessableEntity, "unknown_picture"},
		"more than a request may have": {[]string{"file", strings.Repeat("x", 33<<20)}, http.StatusRequestEntityTooLarge, "too_large"},
	} {
		r := s.upload(s.admin, path, c.fields...)
		if r.StatusCode != c.status || c.code != "" && !strings.Contains(r.body, `"code":"`+c.code+`"`) {
			t.Errorf("%s: %d %.300s", name, r.StatusCode, r.body)
		}
	}
	whole, h := form(t, "file", good)
	if r := s.admin.post(path, whole[:len(whole)-len(good)/2], h, s.key()); r.StatusCode < 400 || r.StatusCode >= 500 {
		t.Errorf("cut off on the way: %d %s", r.StatusCode, r.body)
	}
	s.upload(s.admin, "/api/v1/categories/9/image", "file", good).refuses(http.StatusNotFound, "not_found")
	s.upload(s.as("emil"), path, "file", good).refuses(http.StatusForbidden, "forbidden")
	s.upload(s.guest(), path, "file", good).refuses(http.StatusUnauthorized, "unauthenticated")
	if n := s.number("SELECT count(*) FROM categories WHERE image_hash IS NOT NULL OR version > 1"); n != 0 {
		t.Errorf("%d categories were changed", n)
	}
}

func TestThePictureOfACategorySentTwiceUnderItsKeyIsOneChange(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	body, h := form(t, "file", picture(t, 10, 10))
	key := s.key()
	dbtest.Together(4, func() error {
		s.admin.post("/api/v1/categories/1/image", body, h, key).is(http.StatusOK)
		return nil
	})
	if v := s.number("SELECT version FROM categories"); v != 2 {
		t.Errorf("version %d", v)
	}
	other, h := form(t, "file", picture(t, 11, 10))
	s.admin.post("/api/v1/categories/1/image", other, h, key).refuses(http.StatusUnprocessableEntity, "key_reused")
}
