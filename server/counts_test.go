package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestAShelfIsCountedOverTheWire(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	emil, mia, hanna := s.as("emil"), s.as("mia"), s.as("hanna") // Hanna works at the harbour only
	const body = `{"locationId":1,"blind":true}`
	emil.post("/api/v1/stock/counts", body).refuses(http.StatusBadRequest, "key_required")
	var c struct {
		ID, LineCount int64
		Number        string
		Status        string
		Version       int64
		Short         *int64
		Lines         []struct{ Counted, Expected, Variance, Applied *int64 }
		Timeline      []struct{ Kind, Actor string }
	}
	key := s.key()
	first := emil.post("/api/v1/stock/counts", body, key).is(http.StatusCreated)
	if again := emil.post("/api/v1/stock/counts", body, key).is(http.StatusCreated); again.body != first.body {
		t.Errorf("started twice: %s", again.body)
	}
	first.into(&c)
	path := fmt.Sprintf("/api/v1/stock/counts/%d", c.ID)
	var level struct{ Items []struct{ OnHand int64 } }
	emil.get("/api/v1/stock?variantId=1&locationId=1").is(http.StatusOK).into(&level)
	there := level.Items[0].OnHand

	scan := `{"lines":[{"variantId":1,"add":1}]}`
	emil.post(path+"/lines", scan).refuses(http.StatusBadRequest, "key_required")
	key = s.key()
	once := emil.post(path+"/lines", scan, key).is(http.StatusOK)
	if again := emil.post(path+"/lines", scan, key).is(http.StatusOK); again.body != once.body {
		t.Errorf("scanned twice: %s", again.body)
	}
	set := fmt.Sprintf(`{"lines":[{"variantId":1,"counted":%d}]}`, there-1)
	r := emil.post(path+"/lines", set).is(http.StatusOK)
	for _, name := range []string{"expected", "variance", "short", "over", "matching"} {
		if strings.Contains(r.body, `"`+name+`"`) {
			t.Errorf("a blind count tells %s: %s", name, r.body)
		}
	}
	var many []string
	for range 101 {
		many = append(many, `{"variantId":1,"counted":1}`)
	}
	emil.post(path+"/lines", `{"lines":[`+strings.Join(many, ",")+`]}`).refuses(http.StatusUnprocessableEntity, "invalid")
	emil.post(path+"/lines", `{"lines":[{"variantId":1,"counted":-1}]}`).refuses(http.StatusUnprocessableEntity, "invalid")
	hanna.post(path+"/lines", set).refuses(http.StatusNotFound, "not_found")

	costless(t, emil.post(path+"/review", "").is(http.StatusOK))
	costless(t, emil.get(path+"/lines?state=differing").is(http.StatusOK))
	if r := mia.get(path).is(http.StatusOK); !strings.Contains(r.body, `"costShort":`) || !strings.Contains(r.body, `"costDifference":-`) {
		t.Errorf("a manager does not see what it is worth: %s", r.body)
	}
	emil.post(path+"/post", `{"version":1}`).refuses(http.StatusConflict, "stale")
	done := emil.post(path+"/post", "").is(http.StatusOK)
	costless(t, done)
	done.into(&c)
	if c.Status != "posted" || *c.Short != 1 || *c.Lines[0].Applied != -1 || len(c.Timeline) != 4 {
		t.Errorf("posted as %+v", c)
	}
	emil.post(path+"/post", "").is(http.StatusOK)
	emil.post(path+"/abandon", "").refuses(http.StatusConflict, "illegal_move")
	var moved struct {
		Items []struct {
			Delta    int64
			Reason   string
			Document struct{ Type, Number string }
		}
	}
	emil.get("/api/v1/stock/movements?variantId=1&locationId=1").is(http.StatusOK).into(&moved)
	if m := moved.Items[0]; m.Delta != -1 || m.Reason != "count" || m.Document.Type != "count" || m.Document.Number != c.Number {
		t.Errorf("moved by %+v", m)
	}
}
