package catalog_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/catalog"
)

// quarters is a picture with a colour in each corner.
func quarters(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, [2][2]color.RGBA{{{0xff, 0, 0, 0xff}, {0, 0xff, 0, 0xff}}, {{0, 0, 0xff, 0xff}, {0xff, 0xff, 0xff, 0xff}}}[2*y/h][2*x/w])
		}
	}
	return m
}

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func (s shop) addImages(t testing.TB, productID, variantID int64, pictures ...[]byte) (*catalog.Product, error) {
	t.Helper()
	in := catalog.NewImages{VariantID: variantID}
	for _, p := range pictures {
		in.Files = append(in.Files, bytes.NewReader(p))
	}
	return catalog.AddImages(s.ctx, s.DB, productID, in)
}

func (s shop) pictured(t testing.TB, productID, variantID int64, pictures ...[]byte) *catalog.Product {
	t.Helper()
	p, err := s.addImages(t, productID, variantID, pictures...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// files are what lies in the folder of pictures.
func (s shop) files(t testing.TB) (names []string) {
	t.Helper()
	all, err := os.ReadDir(filepath.Join(s.Dir(), "images"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for _, f := range all {
		names = append(names, f.Name())
	}
	return names
}

// age makes all files as old as this.
func (s shop) age(t testing.TB, by time.Duration) {
	t.Helper()
	then := s.Now().Add(-by)
	for _, name := range s.files(t) {
		if err := os.Chtimes(filepath.Join(s.Dir(), "images", name), then, then); err != nil {
			t.Fatal(err)
		}
	}
}

func (s shop) sound(t testing.TB) {
	t.Helper()
	if found, err := catalog.Check(s.ctx, s.DB); err != nil || len(found) > 0 {
		t.Errorf("the check: %q %v", found, err)
	}
}

func (s shop) events(t testing.TB) (n int) {
	t.Helper()
	err := db.Read(s.ctx, s.DB, func(tx *db.Tx) error {
		return tx.Row("SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM audit) + (SELECT count(*) FROM product_images)", nil, &n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func ids(p *catalog.Product) (ids []int64) {
	for _, i := range p.Images {
		ids = append(ids, i.ID)
	}
	return ids
}

func TestPicturesAreAddedPutInOrderAndShown(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, hoodie())
	if p.Images == nil || len(p.Images) != 0 || p.Image != nil {
		t.Errorf("a new product has %v", p.Images)
	}
	one, two, three := asPNG(t, quarters(40, 20)), asPNG(t, quarters(700, 700)), asPNG(t, quarters(30, 30))
	p = s.pictured(t, p.ID, 0, one, two)
	p = s.pictured(t, p.ID, p.Variants[1].ID, three)
	if p.Version != 3 || !slices.Equal(ids(p), []int64{1, 2, 3}) || p.Images[2].VariantID == nil || *p.Images[2].VariantID != p.Variants[1].ID {
		t.Fatalf("version %d with %+v", p.Version, p.Images)
	}
	sizes := p.Images[1].Sizes
	if len(sizes) != 3 || sizes[0].Width != 160 || sizes[2].Width != 700 || p.Images[1].URL != sizes[2].URL || !strings.HasPrefix(sizes[0].URL, "/images/") {
		t.Errorf("sizes %+v", sizes)
	}
	for _, size := range sizes {
		data, err := catalog.ImageFile(s.DB, strings.TrimPrefix(size.URL, "/images/"))
		if err != nil {
			t.Fatal(err)
		}
		if c, _, err := image.DecodeConfig(bytes.NewReader(data)); err != nil || c.Width != size.Width {
			t.Errorf("%s is %d wide, not %d: %v", size.URL, c.Width, size.Width, err)
		}
	}

	change := func(id int64, in catalog.ImageChange) *catalog.Product {
		t.Helper()
		p, err := catalog.ChangeImage(s.ctx, s.DB, id, in)
		if err != nil {
			t.Fatal(err)
		}
		s.sound(t)
		return p
	}
	for _, c := range []struct {
		id, position int64
		want         []int64
	}{{3, 0, []int64{3, 1, 2}}, {3, 1, []int64{1, 3, 2}}, {1, 19, []int64{3, 2, 1}}, {2, 0, []int64{2, 3, 1}}, {1, 0, []int64{1, 2, 3}}} {
		if p = change(c.id, catalog.ImageChange{Position: &c.position}); !slices.Equal(ids(p), c.want) {
			t.Errorf("image %d at %d: %v, want %v", c.id, c.position, ids(p), c.want)
		}
	}
	before, events := p.Version, s.events(t)
	if p = change(1, catalog.ImageChange{Position: to(int64(0)), Alt: to("")}); p.Version != before || s.events(t) != events {
		t.Error("a change of nothing changed something")
	}
	p = change(1, catalog.ImageChange{Alt: to("A blue hoodie"), VariantID: to(p.Variants[0].ID), Version: &before})
	if p.Images[0].Alt != "A blue hoodie" || p.Version != before+1 {
		t.Errorf("%+v", p.Images[0])
	}
	if _, err := catalog.ChangeImage(s.ctx, s.DB, 1, catalog.ImageChange{Alt: to("mine"), Version: &before}); db.CodeOf(err) != "stale" {
		t.Errorf("a stale change: %v", err)
	}

	// Its own first, else one of all; never another variant's.
	want := []int64{1, 3, 2}
	check := func(what string, i int, got *catalog.Picture) {
		t.Helper()
		var hope string
		for _, image := range p.Images {
			if image.ID == want[min(i, len(want)-1)] {
				hope = image.URL
			}
		}
		if got == nil || got.URL != hope {
			t.Errorf("%s %d shows %v, want %s", what, i, got, hope)
		}
	}
	page, err := catalog.Products(s.ctx, s.DB, catalog.ProductFilter{})
	if err != nil || page.Items[0].Image == nil || page.Items[0].Image.URL != p.Images[0].URL {
		t.Errorf("the list shows %v: %v", page.Items[0].Image, err)
	}
	for i, v := range page.Items[0].Variants {
		check("variant", i, v.Image)
	}
	found, err := catalog.Variants(s.ctx, s.DB, catalog.VariantFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range found.Items {
		check("item", slices.IndexFunc(p.Variants, func(x catalog.Variant) bool { return x.ID == v.ID }), v.Image)
	}
	p = change(2, catalog.ImageChange{VariantID: to(p.Variants[0].ID)})
	if v := p.Variants[2]; v.Image != nil {
		t.Errorf("a variant shows another one: %v", v.Image)
	}
	p = change(2, catalog.ImageChange{VariantID: to(int64(0))})
	if p.Images[1].VariantID != nil {
		t.Error("it still shows one variant")
	}

	// A variant that is left out gives its pictures up.
	p = s.update(t, p.ID, catalog.ProductChange{Variants: []catalog.VariantChange{{ID: p.Variants[0].ID}, {ID: p.Variants[2].ID}}})
	if i := slices.Index(ids(p), 3); p.Images[i].VariantID != nil {
		t.Errorf("image 3 shows variant %d", *p.Images[i].VariantID)
	}
	s.sound(t)
}

func TestAPictureIsRemovedAndBroughtBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, mug("MUG"))
	p = s.pictured(t, p.ID, 0, asPNG(t, quarters(10, 10)), asPNG(t, quarters(20, 10)), asPNG(t, quarters(30, 10)))
	for range 2 {
		now, err := catalog.RemoveImage(s.ctx, s.DB, 2)
		if err != nil || !slices.Equal(ids(now), []int64{1, 3}) || now.Version != p.Version+1 {
			t.Fatalf("%v version %d: %v", ids(now), now.Version, err)
		}
		s.sound(t)
	}
	if _, err := catalog.ChangeImage(s.ctx, s.DB, 2, catalog.ImageChange{Alt: to("x")}); db.CodeOf(err) != "not_found" {
		t.Errorf("a removed one was changed: %v", err)
	}
	for range 2 {
		now, err := catalog.RestoreImage(s.ctx, s.DB, 2)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(ids(now), []int64{1, 2, 3}) || now.Version != p.Version+2 {
			t.Fatalf("%v version %d", ids(now), now.Version)
		}
		s.sound(t)
	}
	for _, f := range []func(context.Context, *db.DB, int64) (*catalog.Product, error){catalog.RemoveImage, catalog.RestoreImage} {
		if _, err := f(s.ctx, s.DB, 99); db.CodeOf(err) != "not_found" {
			t.Errorf("an image that never was: %v", err)
		}
	}
}

func TestPicturesAreAddedAllOrNone(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, mug("MUG"))
	other := s.create(t, hoodie())
	good := asPNG(t, quarters(10, 10))
	before := s.events(t)
	_, err := s.addImages(t, p.ID, 0, good, []byte("<svg/>"))
	if db.CodeOf(err) != "unknown_picture" || !strings.Contains(fmt.Sprintf("%+v", err.(*db.Error).Field), "file[1]") {
		t.Errorf("a bad one among them: %v", err)
	}
	for what, c := range map[string]struct {
		err  error
		code string
	}{
		"none":                   {second(s.addImages(t, p.ID, 0)), "required"},
		"no such product":        {second(s.addImages(t, 99, 0, good)), "not_found"},
		"another one's variant":  {second(s.addImages(t, p.ID, other.Variants[0].ID, good)), "not_found"},
		"a long text":            {second(catalog.AddImages(s.ctx, s.DB, p.ID, catalog.NewImages{Alt: strings.Repeat("x", 301), Files: []io.Reader{bytes.NewReader(good)}})), "too_long"},
		"21 at once":             {second(s.addImages(t, p.ID, 0, slices.Repeat([][]byte{good}, 21)...)), "too_many"},
		"one of more than 32 MB": {second(s.addImages(t, p.ID, 0, append(slices.Clone(good), make([]byte, 32<<20)...))), "file_too_large"},
	} {
		if db.CodeOf(c.err) != c.code {
			t.Errorf("%s: %v, want %s", what, c.err, c.code)
		}
	}
	if s.events(t) != before {
		t.Error("what was refused left a trace")
	}
	s.pictured(t, p.ID, 0, slices.Repeat([][]byte{good}, 20)...)
	if _, err := s.addImages(t, p.ID, 0, good); db.CodeOf(err) != "too_many" {
		t.Errorf("the 21st: %v", err)
	}
	if _, err := catalog.RemoveImage(s.ctx, s.DB, 7); err != nil {
		t.Fatal(err)
	}
	s.pictured(t, p.ID, 0, good)
	if _, err := catalog.RestoreImage(s.ctx, s.DB, 7); db.CodeOf(err) != "too_many" {
		t.Errorf("the 21st brought back: %v", err)
	}
	if names := s.files(t); len(names) != 1 { // the same picture is the same file
		t.Errorf("files %q", names)
	}
	s.sound(t)
}

func second[T any](_ T, err error) error { return err }

func TestTheSameKeyAddsPicturesOnce(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, mug("MUG"))
	s.ctx = db.WithKey(s.ctx, "POST /products/{id}/images 1", "k")
	one, two := asPNG(t, quarters(10, 10)), asPNG(t, quarters(20, 10))
	for range 2 {
		if p := s.pictured(t, p.ID, 0, one); len(p.Images) != 1 {
			t.Errorf("%d images", len(p.Images))
		}
	}
	if _, err := s.addImages(t, p.ID, 0, two); db.CodeOf(err) != "key_reused" {
		t.Errorf("another picture under the key: %v", err)
	}
}

func TestAProductIsRemovedWithItsPictures(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, mug("MUG"))
	s.pictured(t, p.ID, p.Variants[0].ID, asPNG(t, quarters(10, 10)), asPNG(t, quarters(20, 10)))
	if _, err := catalog.RemoveImage(s.ctx, s.DB, 1); err != nil {
		t.Fatal(err)
	}
	err := db.Write(s.ctx, s.DB, func(tx *db.Tx) error {
		gone, err := removeIn(tx, p.ID)
		if err == nil && !gone {
			t.Error("its pictures kept it")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s.age(t, 48*time.Hour)
	if n, err := catalog.Cleanup(s.ctx, s.DB); err != nil || n != 2 {
		t.Errorf("%d files went: %v", n, err)
	}
	s.sound(t)
}

// Two tablets add pictures to one product while others change and the cleanup runs: every row has its files, every place is taken once.
func TestPicturesOfTwoTabletsAndTheCleanupRace(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, mug("MUG"))
	shared := asPNG(t, quarters(8, 8))
	if err := catalog.KeepOnly(s.ctx, s.Dir(), shared); err != nil { // an old orphan that becomes somebody's picture
		t.Fatal(err)
	}
	s.age(t, 48*time.Hour)
	var wg sync.WaitGroup
	for i := range 9 {
		wg.Go(func() {
			if _, err := s.addImages(t, p.ID, 0, asPNG(t, quarters(10+i, 10)), shared); err != nil && db.CodeOf(err) != "too_many" {
				t.Error(err)
			}
			if _, err := catalog.Cleanup(s.ctx, s.DB); err != nil {
				t.Error(err)
			}
		})
		wg.Go(func() {
			if _, err := s.addImages(t, p.ID, 0, slices.Repeat([][]byte{shared}, 3)...); err != nil && db.CodeOf(err) != "too_many" {
				t.Error(err)
			}
			if _, err := catalog.Cleanup(s.ctx, s.DB); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	s.sound(t)
	now, err := catalog.ProductByID(s.ctx, s.DB, p.ID)
	if err != nil || len(now.Images) > 20 {
		t.Errorf("%d images: %v", len(now.Images), err)
	}
}

// An upload found the files of its picture, old ones of nothing, and has not named them yet: the cleanup waits. And while files are
// removed, no upload looks which are there.
func TestTheCleanupAndAnUploadExcludeEachOther(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, mug("MUG"))
	if err := catalog.KeepOnly(s.ctx, s.Dir(), asPNG(t, quarters(20, 10))); err != nil {
		t.Fatal(err)
	}
	s.age(t, 48*time.Hour)
	var wg sync.WaitGroup
	s.Pictures.RLock() // as an upload holds it
	wg.Go(func() {
		if _, err := catalog.Cleanup(s.ctx, s.DB); err != nil {
			t.Error(err)
		}
	})
	time.Sleep(50 * time.Millisecond)
	if n := len(s.files(t)); n != 1 {
		t.Errorf("%d files while an upload was under way", n)
	}
	s.Pictures.RUnlock()
	wg.Wait()
	if n := len(s.files(t)); n != 0 {
		t.Errorf("%d files after it came to nothing", n)
	}
	s.Pictures.Lock() // as the cleanup holds it
	wg.Go(func() { s.pictured(t, p.ID, 0, asPNG(t, quarters(20, 10))) })
	time.Sleep(50 * time.Millisecond)
	if n := len(s.files(t)); n != 0 {
		t.Errorf("%d files while others were being removed", n)
	}
	s.Pictures.Unlock()
	wg.Wait()
	s.sound(t)
}

// The process dies when the files are there and the row is not: nothing refers to them, and a day later they go.
func TestWhatDiesBetweenFileAndRowLeavesAnOrphanOnly(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, mug("MUG"))
	s.pictured(t, p.ID, 0, asPNG(t, quarters(700, 700)))
	used := s.files(t)
	if err := catalog.KeepOnly(s.ctx, s.Dir(), asPNG(t, quarters(20, 10))); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(s.Dir(), "images")
	for _, name := range []string{".new-1", "readme.txt", "0123-160.jpg"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.sound(t)
	clean := func(want int, left ...string) {
		t.Helper()
		n, err := catalog.Cleanup(s.ctx, s.DB)
		slices.Sort(left)
		if got := s.files(t); err != nil || n != want || left != nil && !slices.Equal(got, left) {
			t.Errorf("%d files went, left are %q: %v", n, got, err)
		}
		s.sound(t)
	}
	s.age(t, 23*time.Hour)
	clean(0)
	s.age(t, 25*time.Hour)
	clean(2, append(slices.Clone(used), "readme.txt", "0123-160.jpg")...) // what is not ours stays

	if _, err := catalog.RemoveImage(s.ctx, s.DB, 1); err != nil {
		t.Fatal(err)
	}
	clean(0) // it may be brought back
	now := s.Now()
	s.DB.Now = func() time.Time { return now.Add(25 * time.Hour) }
	clean(3, "readme.txt", "0123-160.jpg")
	if _, err := catalog.RestoreImage(s.ctx, s.DB, 1); db.CodeOf(err) != "not_found" {
		t.Errorf("after a day it came back: %v", err)
	}
}

func TestTheCheckNamesPicturesThatAreWrong(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.create(t, hoodie())
	other := s.create(t, mug("MUG"))
	p = s.pictured(t, p.ID, 0, asPNG(t, quarters(700, 700)), asPNG(t, quarters(10, 10)))
	name := strings.TrimPrefix(p.Images[0].Sizes[1].URL, "/images/")
	expect := func(row, message string) {
		t.Helper()
		found, err := catalog.Check(s.ctx, s.DB)
		if err != nil || len(found) != 1 || found[0].Row != row || found[0].Message != message {
			t.Errorf("%q %v", found, err)
		}
	}
	s.exec(t, "UPDATE product_images SET position = 5 WHERE id = 2")
	expect("product 1 (Hoodie)", "Its 2 pictures stand at 0, 5.")
	s.exec(t, "UPDATE product_images SET position = 1 WHERE id = 2")
	s.exec(t, fmt.Sprintf("UPDATE product_images SET variant_id = %d WHERE id = 2", other.Variants[0].ID))
	expect("picture 2 of product 1", fmt.Sprintf("It shows variant %d (MUG), which the product does not have.", other.Variants[0].ID))
	s.exec(t, "UPDATE product_images SET variant_id = NULL WHERE id = 2")
	if err := os.Remove(filepath.Join(s.Dir(), "images", name)); err != nil {
		t.Fatal(err)
	}
	expect("picture 1 of product 1", "Its file "+name+" is not in the folder images.")
	s.pictured(t, p.ID, 0, asPNG(t, quarters(700, 700))) // the same picture brings its file back
	s.sound(t)
}

func TestOnlyFilesOfPicturesAreHandedOut(t *testing.T) {
	t.Parallel()
	s := open(t)
	p := s.pictured(t, s.create(t, mug("MUG")).ID, 0, asPNG(t, image.NewNRGBA(image.Rect(0, 0, 4, 4))))
	good := strings.TrimPrefix(p.Images[0].URL, "/images/")
	if _, err := catalog.ImageFile(s.DB, good); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "..", "../onhand.db", "..%2fonhand.db", good + "/../../onhand.db", "../images/" + good, strings.ToUpper(good), good + "\x00", "./" + good,
		strings.Replace(good, "160", "161", 1), strings.Replace(good, ".png", ".jpg", 1), ".new-1", good + ".bak", good[1:]} {
		if _, err := catalog.ImageFile(s.DB, name); db.CodeOf(err) != "not_found" {
			t.Errorf("%q: %v", name, err)
		}
	}
}
