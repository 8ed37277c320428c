package catalog_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/catalog"
)

func TestACategoryHasAPicture(t *testing.T) {
	t.Parallel()
	s := open(t)
	id := s.shelve(t, "Home > Kitchen")
	c, err := catalog.PictureCategory(s.ctx, s.DB, id, bytes.NewReader(asPNG(t, quarters(700, 350))))
	if err != nil || c.Image == nil || c.Image.Width != 700 || len(c.Image.Sizes) != 3 || c.Version != 2 {
		t.Fatalf("%+v %v", c, err)
	}
	if again, err := catalog.PictureCategory(s.ctx, s.DB, id, bytes.NewReader(asPNG(t, quarters(700, 350)))); err != nil || again.Version != 2 {
		t.Errorf("the same picture: %+v %v", again, err)
	}
	if list := s.tree(t, db.List{}); list[1].Image == nil || list[1].Image.URL != c.Image.URL {
		t.Errorf("%+v", list)
	}
	s.age(t, 48*time.Hour)
	if _, err := catalog.Cleanup(s.ctx, s.DB); err != nil {
		t.Fatal(err)
	}
	s.sound(t)
	if err := os.Remove(filepath.Join(s.Dir(), c.Image.URL)); err != nil {
		t.Fatal(err)
	}
	if found, err := catalog.Check(s.ctx, s.DB); err != nil || len(found) != 1 || found[0].Row != "the picture of category 2" {
		t.Errorf("%q %v", found, err)
	}
	for range 2 {
		if c, err = catalog.UnpictureCategory(s.ctx, s.DB, id); err != nil || c.Image != nil || c.Version != 3 {
			t.Errorf("%+v %v", c, err)
		}
	}
	_, err = catalog.PictureCategory(s.ctx, s.DB, id, bytes.NewReader([]byte("no picture")))
	refused(t, err, "file: unknown_picture")
	_, err = catalog.PictureCategory(s.ctx, s.DB, 99, nil)
	refused(t, err, ": not_found")
	s.sound(t)
}
