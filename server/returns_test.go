package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestGoodsAndMoneyGoBackOverTheWire(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.admin.post("/api/v1/orders", s.order(1, `,"fulfil":true,"payments":[{"method":"card","amount":2000}]`), s.key()).is(http.StatusCreated)
	emil := s.as("emil")
	var back struct {
		ID     int64
		Status string
		Total  int64
	}
	emil.post("/api/v1/orders/3/returns", `{"lines":[{"orderLineId":3,"quantity":1,"reason":"chipped"}]}`).is(http.StatusCreated).into(&back)
	if back.Status != "requested" {
		t.Errorf("asked for as %+v", back)
	}
	path := fmt.Sprintf("/api/v1/returns/%d/", back.ID)
	receipt := `{"lines":[{"orderLineId":3,"sellable":0,"quarantine":0,"waste":1}]}`
	emil.post(path+"receive", receipt).refuses(http.StatusConflict, "illegal_move")
	emil.post(path+"approve", "").is(http.StatusOK)
	emil.post(path+"receive", `{}`).refuses(http.StatusUnprocessableEntity, "invalid")
	emil.post(path+"receive", `{"version":1,"lines":[{"orderLineId":3,"sellable":1}]}`).refuses(http.StatusConflict, "stale")
	first := emil.post(path+"receive", receipt).is(http.StatusOK)
	if again := emil.post(path+"receive", receipt).is(http.StatusOK); again.body != first.body {
		t.Errorf("received again: %s, first %s", again.body, first.body)
	}
	emil.post(path+"reject", `{"reason":"too late"}`).refuses(http.StatusConflict, "illegal_move")
	emil.post(path+"close", `{}`).is(http.StatusOK).into(&back)
	if back.Status != "closed" || back.Total != 1000 {
		t.Errorf("closed as %+v", back)
	}

	const refund = `{"method":"card","amount":1000,"reason":"chipped"}`
	emil.post("/api/v1/orders/3/refunds", refund).refuses(http.StatusBadRequest, "key_required")
	emil.post("/api/v1/orders/3/refunds", `{"method":"card","amount":2001}`, s.key()).refuses(http.StatusConflict, "more_than_paid")
	key := s.key()
	paid := emil.post("/api/v1/orders/3/refunds", refund, key).is(http.StatusCreated)
	if again := emil.post("/api/v1/orders/3/refunds", refund, key).is(http.StatusCreated); again.body != paid.body {
		t.Errorf("given back twice: %s", again.body)
	}
	emil.post("/api/v1/orders/3/refunds", `{"method":"card","amount":999}`, key).refuses(http.StatusUnprocessableEntity, "key_reused")
	var o struct {
		PaymentStatus, Status                       string
		Paid, Refunded, ReturnedTotal, Due, DueBack int64
		Returns                                     []struct{ ID int64 }
	}
	paid.into(&o)
	if o.PaymentStatus != "partially_refunded" || o.Refunded != 1000 || o.ReturnedTotal != 1000 || o.Due != 0 || o.DueBack != 0 || len(o.Returns) != 1 {
		t.Errorf("the order: %+v", o)
	}
}

func TestALargeRefundAsksForApproval(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.admin.post("/api/v1/orders", `{"channel":"counter","locationId":1,"lines":[{"variantId":1,"quantity":6}],"fulfil":true,"payments":[{"method":"cash","amount":6000}]}`, s.key()).is(http.StatusCreated)
	before := s.number("SELECT count(*) FROM payments")
	r := s.as("emil").post("/api/v1/orders/3/refunds", `{"method":"cash","amount":5001}`, s.key()).refuses(http.StatusForbidden, "approval_required")
	if !strings.Contains(r.body, `"limit":5000`) || !strings.Contains(r.body, `"what":"refund"`) {
		t.Errorf("told %s", r.body)
	}
	if after := s.number("SELECT count(*) FROM payments"); after != before {
		t.Errorf("%d payments were entered", after-before)
	}
	s.as("mia").post("/api/v1/orders/3/refunds", `{"method":"cash","amount":5001}`, s.key()).is(http.StatusCreated)
}
