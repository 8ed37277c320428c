package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestAnUndoingThatIsKilledIsNeverHalf kills a shop while it undoes an import, at different moments of it. After the next start the
// undoing is through or was never begun.
func TestAnUndoingThatIsKilledIsNeverHalf(t *testing.T) {
	s := &crashShop{t: t, binary: build(t), dir: t.TempDir()}
	s.start()
	s.setUp()
	s.imported("SKU,Name,Price,Stock\n" + things(40, 1, 5))
	before := s.goods()
	for _, percent := range []int{0, 1, 50} {
		id := s.imported("SKU,Name,Price,Stock\n" + things(240, 2, 7))
		after := s.goods()
		if after == before {
			t.Fatal("the import changed nothing")
		}
		answered := make(chan struct{})
		go func() {
			defer close(answered)
			_, _, _ = s.send("POST", fmt.Sprintf("/imports/%d/undo", id), "", "{}") // nobody hears the answer
		}()
		for percent > 0 {
			if m := s.importByID(id); m.Progress >= percent && m.Undoing {
				break
			} else if m.Status == "undone" {
				t.Fatalf("it was undone before it was killed at %d %%", percent)
			}
		}
		if err := s.process.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = s.process.Wait()
		<-answered
		s.examine()
		s.start()
		m := s.importByID(id)
		for limit := time.Now().Add(time.Minute); m.Status == "running"; m = s.importByID(id) {
			if time.Now().After(limit) {
				t.Fatalf("a minute after the start it is %+v", m)
			}
		}
		want := before
		if m.Status == "committed" && percent == 0 { // never begun
			want = after
		} else if m.Status != "undone" {
			t.Errorf("killed at %d %% it is %s", percent, m.Status)
		}
		if got := s.goods(); got != want {
			t.Errorf("killed at %d %% it is %s, and the shop is neither as before nor as after the import", percent, m.Status)
		}
		if m.Status == "committed" {
			s.must("POST", fmt.Sprintf("/imports/%d/undo", id), "", "{}")
		}
	}
	s.stop()
	s.examine()
}

// things are rows of products, of which each has a price and a stock of its own.
func things(n, price, stock int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "K%d,Thing no. %d,%d.%02d,%d\n", i, i, price, i%100, stock+i%3)
	}
	return b.String()
}

type killedImport struct {
	ID       int64
	Status   string
	Undoing  bool
	Progress int
}

// imported brings in a file of products.
func (s *crashShop) imported(file string) int64 {
	s.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	_ = w.WriteField("kind", "products")
	_ = w.WriteField("mapping", `{"SKU":"sku","Name":"name","Price":"price","Stock":"stock"}`)
	part, _ := w.CreateFormFile("file", "things.csv")
	_, _ = part.Write([]byte(file))
	_ = w.Close()
	req, err := http.NewRequest("POST", s.url+"/api/v1/imports", &form)
	if err != nil {
		s.t.Fatal(err)
	}
	var m killedImport
	_, body, err := s.ask(req, w.FormDataContentType())
	if err == nil {
		err = json.Unmarshal(body, &m)
	}
	if err != nil || m.ID == 0 {
		s.t.Fatalf("preview: %v %s", err, body)
	}
	s.must("POST", fmt.Sprintf("/imports/%d/commit", m.ID), "", "{}")
	return m.ID
}

func (s *crashShop) importByID(id int64) (m killedImport) {
	s.t.Helper()
	_, body, err := s.send("GET", fmt.Sprintf("/imports/%d", id), "", "")
	if err == nil {
		err = json.Unmarshal(body, &m)
	}
	if err != nil || m.ID != id {
		s.t.Fatalf("import %d: %v %s", id, err, body)
	}
	return m
}

// goods are the products and their stock, as their exports have them.
func (s *crashShop) goods() string {
	s.t.Helper()
	all := ""
	for _, kind := range []string{"products", "stock"} {
		r, body, err := s.send("GET", "/exports/"+kind+".csv", "", "")
		if err != nil || r.StatusCode != http.StatusOK {
			s.t.Fatalf("export %s: %v %s", kind, err, body)
		}
		all += string(body)
	}
	return all
}
