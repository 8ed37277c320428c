package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"onhand/db/doctor"
	"onhand/server"
)

// stocked makes a product of which some are there, and answers its variant.
func (c *client) stocked(sku string, onHand int) (variantID int64) {
	c.s.t.Helper()
	var p struct{ Variants []struct{ ID int64 } }
	r := c.post("/api/v1/products", fmt.Sprintf(`{"name":%q,"variants":[{"sku":%q,"price":1250}]}`, "Thing "+sku, sku)).is(http.StatusCreated)
	if err := json.Unmarshal([]byte(r.body), &p); err != nil {
		c.s.t.Fatal(err)
	}
	variantID = p.Variants[0].ID
	c.post("/api/v1/stock/adjustments", fmt.Sprintf(`{"locationId":1,"reason":"received","lines":[{"variantId":%d,"delta":%d}]}`, variantID, onHand),
		header{"Idempotency-Key": "stock " + sku}).is(http.StatusCreated)
	return variantID
}

func TestOfAThousandBuyersOneGetsTheLastUnit(t *testing.T) {
	t.Parallel()
	s := open(t, (*server.Server).BePatient)
	owner := s.owner()
	mug := owner.stocked("MUG", 1)
	answers := together(1000, func(i int) *reply {
		return owner.post("/api/v1/orders", fmt.Sprintf(`{"channel":"counter","lines":[{"variantId":%d,"quantity":1}]}`, mug),
			header{"Idempotency-Key": fmt.Sprint("buyer ", i)})
	})
	sold := 0
	for _, r := range answers {
		if r.StatusCode == http.StatusCreated {
			sold++
			continue
		}
		r.refuses(http.StatusConflict, "out_of_stock")
	}
	if sold != 1 {
		t.Errorf("%d orders for one unit", sold)
	}
	s.orders(owner, 1)
	s.healthy()
}

func TestOneKeyIsOneOrderHoweverOftenItIsSent(t *testing.T) {
	t.Parallel()
	s := open(t, (*server.Server).BePatient)
	owner := s.owner()
	mug := owner.stocked("MUG", 500)
	answers := together(100, func(int) *reply {
		return owner.post("/api/v1/orders", fmt.Sprintf(`{"channel":"counter","lines":[{"variantId":%d,"quantity":1}]}`, mug), header{"Idempotency-Key": "the one"})
	})
	for _, r := range answers {
		if r.is(http.StatusCreated); r.body != answers[0].body {
			t.Errorf("two answers to one key:\n%s\n%s", r.body, answers[0].body)
		}
	}
	s.orders(owner, 1)
	owner.post("/api/v1/orders", fmt.Sprintf(`{"channel":"counter","lines":[{"variantId":%d,"quantity":2}]}`, mug), header{"Idempotency-Key": "the one"}).
		refuses(http.StatusUnprocessableEntity, "key_reused")
	s.orders(owner, 1)
	s.healthy()
}

// together calls fn n times at once.
func together(n int, fn func(i int) *reply) []*reply {
	answers := make([]*reply, n)
	start, done := make(chan struct{}), make(chan struct{})
	for i := range n {
		go func() {
			defer func() { done <- struct{}{} }()
			<-start
			answers[i] = fn(i)
		}()
	}
	close(start)
	for range n {
		<-done
	}
	return answers
}

// orders asserts how many orders there are.
func (s *shop) orders(c *client, want int) {
	s.t.Helper()
	r := c.get("/api/v1/orders?limit=200").is(http.StatusOK)
	if got := strings.Count(r.body, `"number":`); got != want {
		s.t.Errorf("%d orders, want %d", got, want)
	}
}

// healthy asserts that every invariant holds.
func (s *shop) healthy() {
	s.t.Helper()
	findings, err := doctor.Run(s.t.Context(), s.db)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, f := range findings {
		s.t.Errorf("the doctor finds %+v", f)
	}
}
