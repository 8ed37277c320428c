package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestGoodsAreOrderedAndReceivedOverTheWire(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	mia, emil, hanna := s.as("mia"), s.as("emil"), s.as("hanna") // Hanna works at the harbour only
	mia.post("/api/v1/suppliers", `{"name":"Acme","email":"orders@acme.example","leadTimeDays":7}`).is(http.StatusCreated)
	const body = `{"supplierId":1,"locationId":1,"lines":[{"variantId":1,"quantity":10,"unitCost":550}]}`
	mia.post("/api/v1/purchase-orders", body).refuses(http.StatusBadRequest, "key_required")
	var p struct {
		ID                           int64
		Number, Status, SupplierName string
		ExpectedOn                   string
		Version                      int64
		Lines                        []struct{ ID, Quantity, OnWay, Received, UnitCost, Cost int64 }
		Costs                        struct{ Ordered, Received, Freight int64 }
		Timeline                     []struct{ Kind, Actor, MailedTo string }
	}
	key := s.key()
	first := mia.post("/api/v1/purchase-orders", body, key).is(http.StatusCreated)
	if again := mia.post("/api/v1/purchase-orders", body, key).is(http.StatusCreated); again.body != first.body {
		t.Errorf("drafted twice: %s", again.body)
	}
	first.into(&p)
	path := fmt.Sprintf("/api/v1/purchase-orders/%d", p.ID)
	s.paper(mia, fmt.Sprintf("/purchase-orders/%d/order.pdf", p.ID), "order.pdf")
	mia.do("PATCH", path, `{"lines":[{"variantId":1,"quantity":12}],"version":1}`).is(http.StatusOK).into(&p)
	if p.Version != 2 || p.Lines[0].UnitCost != 550 || p.Costs.Ordered != 6600 {
		t.Errorf("changed into %+v", p)
	}
	mia.post(path+"/send", `{"mail":true,"to":"nobody"}`).refuses(http.StatusUnprocessableEntity, "bad_email")
	mia.post(path+"/send", `{"version":1}`).refuses(http.StatusConflict, "stale")
	mia.post(path+"/send", `{"mail":true,"message":"Hello"}`).is(http.StatusOK).into(&p)
	if p.Number != "P-1001" || p.Status != "sent" || p.Lines[0].OnWay != 12 || p.Timeline[2].MailedTo != "orders@acme.example" || p.ExpectedOn == "" {
		t.Errorf("sent as %+v", p)
	}
	s.paper(mia, fmt.Sprintf("/purchase-orders/%d/order.pdf", p.ID), "order-P-1001.pdf")
	if r := mia.get("/api/v1/emails").is(http.StatusOK); !strings.Contains(r.body, `"purchase-order"`) {
		t.Errorf("no mail waits: %s", r.body)
	}
	emil.post(path+"/send", "").refuses(http.StatusForbidden, "forbidden")
	hanna.get(path).refuses(http.StatusNotFound, "not_found")

	var why struct {
		IncomingLines []struct {
			Quantity   int64
			ExpectedOn string
			Document   struct{ Type, Number string }
		}
	}
	emil.get("/api/v1/stock/explain?variantId=1&locationId=1").is(http.StatusOK).into(&why)
	if len(why.IncomingLines) != 1 || why.IncomingLines[0].Quantity != 12 || why.IncomingLines[0].Document.Type != "purchase" || why.IncomingLines[0].ExpectedOn != p.ExpectedOn {
		t.Errorf("incoming: %+v", why)
	}
	// Whoever is there when it comes unpacks it, without learning what it cost.
	line := p.Lines[0].ID
	receipt := fmt.Sprintf(`{"lines":[{"lineId":%d,"quantity":5}]}`, line)
	emil.post(path+"/receive", receipt).refuses(http.StatusBadRequest, "key_required")
	emil.post(path+"/receive", fmt.Sprintf(`{"lines":[{"lineId":%d,"quantity":5}],"freight":100}`, line), s.key()).refuses(http.StatusForbidden, "forbidden")
	over := emil.post(path+"/receive", fmt.Sprintf(`{"lines":[{"lineId":%d,"quantity":14}]}`, line), s.key())
	over.refuses(http.StatusConflict, "over_received")
	if !strings.Contains(over.body, `"over":2`) || !strings.Contains(over.body, `body.lines[0].quantity`) {
		t.Errorf("it does not say how many: %s", over.body)
	}
	key = s.key()
	done := emil.post(path+"/receive", receipt, key).is(http.StatusOK)
	if again := emil.post(path+"/receive", receipt, key).is(http.StatusOK); again.body != done.body {
		t.Errorf("received twice: %s", again.body)
	}
	costless(t, done)
	costless(t, emil.get(path).is(http.StatusOK))
	costless(t, emil.get("/api/v1/purchase-orders").is(http.StatusOK))
	emil.get("/api/v1/purchase-orders/1/order.pdf").refuses(http.StatusForbidden, "forbidden")
	mia.post(path+"/receive", fmt.Sprintf(`{"lines":[{"lineId":%d,"quantity":8}],"freight":100,"duty":20,"allowOver":true}`, line), s.key()).is(http.StatusOK).into(&p)
	if p.Status != "received" || p.Lines[0].Received != 13 || p.Costs.Received != 7150 || p.Costs.Freight != 100 {
		t.Errorf("received as %+v", p)
	}
	mia.post(path+"/cancel", "").refuses(http.StatusConflict, "illegal_move")
	var list struct {
		Items []struct {
			ID, Units, Received, Cost int64
			SupplierName              string
		}
	}
	mia.get("/api/v1/purchase-orders?status=received&supplierId=1&locationId=1").is(http.StatusOK).into(&list)
	if len(list.Items) != 1 || list.Items[0].Units != 12 || list.Items[0].Received != 13 || list.Items[0].Cost != 6600 {
		t.Errorf("listed as %+v", list)
	}
	var supplier struct {
		LeadTime struct{ Days, Deviation, Orders float64 }
	}
	r := mia.get("/api/v1/suppliers/1").is(http.StatusOK)
	r.into(&supplier)
	if supplier.LeadTime.Orders != 1 || !strings.Contains(r.body, `"leadTime":{"days":0,"deviation":0,"orders":1}`) {
		t.Errorf("learned: %s", r.body)
	}
}

func TestADeliveryIsNotTooBig(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.admin.post("/api/v1/suppliers", `{"name":"Acme"}`).is(http.StatusCreated)
	line := `{"variantId":1,"quantity":1}`
	many := strings.TrimSuffix(strings.Repeat(line+",", 101), ",")
	s.admin.post("/api/v1/purchase-orders", `{"supplierId":1,"locationId":1,"lines":[`+many+`]}`, s.key()).refuses(http.StatusUnprocessableEntity, "invalid")
	for _, bad := range []string{`{"variantId":1,"quantity":0}`, `{"variantId":1,"quantity":1000001}`, `{"variantId":1,"quantity":1.5}`, `{"variantId":1,"quantity":1,"unitCost":-1}`} {
		s.admin.post("/api/v1/purchase-orders", `{"supplierId":1,"locationId":1,"lines":[`+bad+`]}`, s.key()).refuses(http.StatusUnprocessableEntity, "invalid")
	}
}
