package server_test

import (
	"fmt"
	"net/http"
	"testing"
)

func TestGoodsMoveBetweenStoresOverTheWire(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	emil, hanna := s.as("emil"), s.as("hanna") // Hanna works at the harbour only
	const body = `{"fromLocationId":1,"toLocationId":2,"lines":[{"variantId":1,"quantity":5}]}`
	emil.post("/api/v1/stock/transfers", body).refuses(http.StatusBadRequest, "key_required")
	var sent struct {
		ID       int64
		Number   string
		Status   string
		Version  int64
		Lines    []struct{ ID, Quantity, OnWay, Received, Missing int64 }
		Timeline []struct{ Kind, Actor string }
	}
	key := s.key()
	first := emil.post("/api/v1/stock/transfers", body, key).is(http.StatusCreated)
	if again := emil.post("/api/v1/stock/transfers", body, key).is(http.StatusCreated); again.body != first.body {
		t.Errorf("drafted twice: %s", again.body)
	}
	first.into(&sent)
	path := fmt.Sprintf("/api/v1/stock/transfers/%d", sent.ID)
	hanna.post(path+"/ship", "").refuses(http.StatusForbidden, "not_your_store")
	emil.post(path+"/ship", `{"version":9}`).refuses(http.StatusConflict, "stale")
	emil.post(path+"/ship", "").is(http.StatusOK).into(&sent)
	if sent.Number != "T-1001" || sent.Status != "shipped" || sent.Lines[0].OnWay != 5 {
		t.Errorf("sent as %+v", sent)
	}
	emil.post(path+"/cancel", "").refuses(http.StatusConflict, "illegal_move")
	s.paper(hanna, fmt.Sprintf("/stock/transfers/%d/packing-list.pdf", sent.ID), "packing-list-T-1001.pdf")
	var why struct {
		Incoming      int64
		IncomingLines []struct {
			Quantity int64
			Document struct{ Type, Number string }
		}
	}
	hanna.get("/api/v1/stock/explain?variantId=1&locationId=2").is(http.StatusOK).into(&why)
	if why.Incoming != 5 || len(why.IncomingLines) != 1 || why.IncomingLines[0].Quantity != 5 || why.IncomingLines[0].Document.Number != "T-1001" || why.IncomingLines[0].Document.Type != "transfer" {
		t.Errorf("incoming: %+v", why)
	}
	receipt := fmt.Sprintf(`{"lines":[{"lineId":%d,"quantity":4,"missing":1,"reason":"damage"}]}`, sent.Lines[0].ID)
	hanna.post(path+"/receive", receipt).refuses(http.StatusBadRequest, "key_required")
	hanna.post(path+"/receive", `{"lines":[]}`, s.key()).refuses(http.StatusUnprocessableEntity, "invalid")
	hanna.post(path+"/receive", fmt.Sprintf(`{"lines":[{"lineId":%d,"quantity":1,"missing":1,"reason":"theft"}]}`, sent.Lines[0].ID), s.key()).refuses(http.StatusUnprocessableEntity, "invalid")
	key = s.key()
	done := hanna.post(path+"/receive", receipt, key).is(http.StatusOK)
	if again := hanna.post(path+"/receive", receipt, key).is(http.StatusOK); again.body != done.body {
		t.Errorf("received twice: %s", again.body)
	}
	done.into(&sent)
	if sent.Status != "received" || sent.Lines[0].Received != 4 || sent.Lines[0].Missing != 1 || len(sent.Timeline) != 3 || sent.Timeline[1].Actor != "Emil" || sent.Timeline[2].Actor != "Hanna" {
		t.Errorf("received as %+v", sent)
	}
	costless(t, hanna.get(path).is(http.StatusOK))
	var list struct {
		Items []struct {
			ID, Units, Missing int64
			Status             string
		}
	}
	hanna.get("/api/v1/stock/transfers?status=received&locationId=2").is(http.StatusOK).into(&list)
	if len(list.Items) != 1 || list.Items[0].Units != 5 || list.Items[0].Missing != 1 {
		t.Errorf("listed as %+v", list)
	}
}

func TestADraftIsChangedOverTheWire(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	emil, hanna := s.as("emil"), s.as("hanna") // Hanna works at the harbour only
	var names struct {
		Items []struct {
			ID   int64
			Name string
		}
	}
	hanna.get("/api/v1/locations/names").is(http.StatusOK).into(&names)
	if len(names.Items) != 2 {
		t.Errorf("Hanna knows %+v", names)
	}
	type draft struct {
		ID, Version int64
		Note        string
		Lines       []struct {
			Quantity  int64
			Available *int64
		}
		Timeline []struct {
			Kind    string
			Changes []struct{ What, Name, Before, After string }
		}
	}
	var asked, now draft
	hanna.post("/api/v1/stock/transfers", `{"fromLocationId":1,"toLocationId":2,"lines":[{"variantId":1,"quantity":5}]}`, s.key()).is(http.StatusCreated).into(&asked)
	path := fmt.Sprintf("/api/v1/stock/transfers/%d", asked.ID)
	hanna.do("PATCH", path, `{"version":1,"note":"for Saturday","lines":[{"variantId":1,"quantity":8}]}`).is(http.StatusOK).into(&now)
	if now.Version != 2 || now.Note != "for Saturday" || now.Lines[0].Quantity != 8 || now.Lines[0].Available != nil {
		t.Errorf("changed into %+v", now)
	}
	if c := now.Timeline[1].Changes; len(c) != 2 || c[1].What != "line" || c[1].Before != "5" || c[1].After != "8" {
		t.Errorf("the timeline says %+v", now.Timeline)
	}
	emil.do("PATCH", path, `{"version":1,"lines":[{"variantId":1,"quantity":3}]}`).refuses(http.StatusConflict, "stale")
	emil.do("PATCH", path, `{"version":2,"lines":[]}`).refuses(http.StatusUnprocessableEntity, "invalid")
	emil.do("PATCH", path, `{"version":2,"toLocationId":1}`).refuses(http.StatusUnprocessableEntity, "same_location")
	emil.get(path).is(http.StatusOK).into(&now)
	s.paper(emil, fmt.Sprintf("/stock/transfers/%d/packing-list.pdf", asked.ID), "packing-list.pdf")
	if now.Version != 2 || now.Lines[0].Available == nil {
		t.Errorf("Emil reads %+v", now)
	}
	emil.do("PATCH", path, `{"version":2,"lines":[{"variantId":1,"quantity":1}]}`).is(http.StatusOK)
	emil.post(path+"/ship", `{"version":3}`).is(http.StatusOK)
	emil.do("PATCH", path, `{"note":"too late"}`).refuses(http.StatusConflict, "draft_left")
}
