package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestWhoDoesNotKnowCostsDoesNotMakeThem(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	emil := s.as("emil")
	got := `{"locationId":1,"reason":"received","lines":[{"variantId":1,"delta":100000,"unitCost":0}]}`
	before := s.number("SELECT count(*) FROM movements")
	r := emil.post("/api/v1/stock/adjustments", got, s.key()).refuses(http.StatusForbidden, "forbidden")
	if !strings.Contains(r.body, "lines[0].unitCost") {
		t.Errorf("the field is not named: %s", r.body)
	}
	if n := s.number("SELECT count(*) FROM movements"); n != before {
		t.Error("something moved")
	}
	s.as("mia").post("/api/v1/stock/adjustments", got, s.key()).is(http.StatusCreated)
}

func TestAStoredReplyTellsNoMoreThanANewOne(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	mia, key := s.as("mia"), s.key()
	body := s.order(2, "")
	first := mia.post("/api/v1/orders", body, key).is(http.StatusCreated)
	if again := mia.post("/api/v1/orders", body, key).is(http.StatusCreated); again.body != first.body {
		t.Error("the reply was not stored")
	}
	orders := s.number("SELECT count(*) FROM orders")
	s.admin.do("PATCH", fmt.Sprintf("/api/v1/users/%d", s.ids["mia"]), `{"locationIds":[1]}`).is(http.StatusOK)
	s.as("mia").post("/api/v1/orders", body, key).refuses(http.StatusConflict, "done_before")
	s.admin.do("PATCH", fmt.Sprintf("/api/v1/users/%d", s.ids["mia"]), `{"allLocations":true,"role":"employee"}`).is(http.StatusOK)
	s.as("mia").post("/api/v1/orders", body, key).is(http.StatusCreated).lacks(t, "unitCost")
	if n := s.number("SELECT count(*) FROM orders"); n != orders {
		t.Error("it was placed again")
	}
}

func TestAnAdminOfSomeStoresGivesOutNoOthers(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.hire("lena", "admin", 2)
	lena := s.as("lena")
	for _, body := range []string{`{"allLocations":true}`, `{"locationIds":[]}`, `{"role":"employee"}`} {
		lena.do("PATCH", "/api/v1/users/1", body).refuses(http.StatusForbidden, "not_your_stores")
	}
	hanna := fmt.Sprintf("/api/v1/users/%d", s.ids["hanna"])
	lena.do("PATCH", hanna, `{"allLocations":true}`).refuses(http.StatusForbidden, "not_your_stores")
	lena.do("PATCH", hanna, `{"locationIds":[1,2]}`).refuses(http.StatusNotFound, "not_found")
	lena.do("PATCH", hanna, `{"name":"Hanna H."}`).is(http.StatusOK)
	for _, command := range []string{"disable", "sign-out", "remove-second-factor"} {
		lena.post(fmt.Sprintf("/api/v1/users/%d/%s", s.ids["mia"], command), "").refuses(http.StatusForbidden, "not_your_stores")
	}
	paul := s.asks("paul")
	lena.post(fmt.Sprintf("/api/v1/registrations/%d/approve", paul), `{"role":"employee"}`).refuses(http.StatusForbidden, "not_your_stores")
	lena.post(fmt.Sprintf("/api/v1/registrations/%d/approve", paul), `{"role":"employee","locationIds":[2]}`).is(http.StatusOK)
	lena.post("/api/v1/locations", `{"name":"Annex"}`).refuses(http.StatusForbidden, "not_your_stores")
	if n := s.number("SELECT count(*) FROM users WHERE role = 'admin' AND status = 'active' AND all_locations"); n != 1 {
		t.Error("the owner was touched")
	}
}

func TestAProgramLetsNobodyIn(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	for _, p := range []string{"users.write", "tokens.write"} {
		s.admin.post("/api/v1/tokens", fmt.Sprintf(`{"name":"Odd","permissions":[%q]}`, p)).refuses(http.StatusUnprocessableEntity, "not_for_tokens")
	}
	token, id := s.token("users.read")
	s.exec(`UPDATE api_tokens SET permissions = '["tokens.write","users.read","users.write"]' WHERE id = ?1`, id) // one of an older release
	s.admin.do("PATCH", fmt.Sprintf("/api/v1/users/%d", s.ids["mia"]), `{"name":"Mia M."}`).is(http.StatusOK)
	s.admin.do("PATCH", "/api/v1/permissions/employee", `{"discount":5000,"refund":null,"writeOff":null,"secondFactor":false}`).is(http.StatusOK) // everybody is read again
	token.do("GET", "/api/v1/users", "").is(http.StatusOK)
	token.do("POST", "/api/v1/tokens", `{"name":"Child","permissions":["users.read"]}`).refuses(http.StatusForbidden, "forbidden")
	token.do("POST", fmt.Sprintf("/api/v1/users/%d/disable", s.ids["mia"]), "").refuses(http.StatusForbidden, "forbidden")
}

func TestTheSocketsOfSomebodysTokensCloseWithTheirs(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	bob := s.hire("bob", "manager")
	s.exec("UPDATE users SET role = 'admin' WHERE id = ?1", bob)
	token, _ := (&staffed{shop: s.shop, admin: s.as("bob"), ids: s.ids}).token("orders.read")
	socket, _, err := s.guest().dial("", header{"Authorization": "Bearer " + token.token})
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	ears := &tablet{t, socket}
	ears.hear()
	s.admin.post(fmt.Sprintf("/api/v1/users/%d/disable", bob), "").is(http.StatusOK)
	ears.endsWith(t, 4409, soon)
	token.do("GET", "/api/v1/orders", "").refuses(http.StatusUnauthorized, "unauthenticated")
}

func TestASecondRequestOfAnAddressIsTold(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	id := s.asks("paul")
	answer := func(name string) *reply {
		return s.guest().post("/api/v1/registrations", fmt.Sprintf(`{"name":"Somebody","email":"%s@example.com","password":%q}`, name, "another long phrase")).is(http.StatusAccepted)
	}
	if a, b := answer("paul"), answer("nobody"); a.body != b.body {
		t.Error("the answers differ")
	}
	r := s.admin.get("/api/v1/registrations").is(http.StatusOK)
	if !strings.Contains(r.body, `"name":"Paul"`) || !strings.Contains(r.body, `"askedAgain":1`) {
		t.Errorf("the approver is told %s", r.body)
	}
	mails := s.number("SELECT count(*) FROM outbox WHERE recipient = 'paul@example.com'")
	s.admin.post(fmt.Sprintf("/api/v1/registrations/%d/approve", id), `{"role":"employee"}`).is(http.StatusOK)
	s.as("paul") // the first request's password
	if mails != 1 {
		t.Errorf("%d mails", mails)
	}
}

func TestWhenSomebodyWasHereOutlastsTheirSession(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	emil := s.as("emil")
	emil.do("DELETE", "/api/v1/session", "").is(http.StatusNoContent)
	if r := s.admin.get(fmt.Sprintf("/api/v1/users/%d", s.ids["emil"])).is(http.StatusOK); !strings.Contains(r.body, `"lastSeenAt":"2026`) {
		t.Errorf("he was never here: %s", r.body)
	}
}

func TestPeopleAreFoundInAnySpelling(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	id := s.asks("paul")
	s.admin.post(fmt.Sprintf("/api/v1/registrations/%d/approve", id), `{"role":"employee"}`).is(http.StatusOK)
	s.admin.do("PATCH", fmt.Sprintf("/api/v1/users/%d", id), `{"name":"Özlem Buhl-Freiherr"}`).is(http.StatusOK)
	for _, q := range []string{"%C3%B6zlem", "ozl", "buhl", "freiherr"} {
		if r := s.admin.get("/api/v1/users?q=" + q).is(http.StatusOK); strings.Count(r.body, `"email"`) != 1 || !strings.Contains(r.body, "Özlem") {
			t.Errorf("%s finds %s", q, r.body)
		}
	}
	if r := s.admin.get("/api/v1/users").is(http.StatusOK); !strings.HasSuffix(strings.Split(r.body, `"next"`)[0], "],") || strings.LastIndex(r.body, `"name":`) != strings.Index(r.body, `"name":"Özlem`) {
		t.Errorf("Ö does not sort as o: %s", r.body)
	}
}

func TestWhoMayDoNothingApprovesNothing(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.as("mia").post("/api/v1/pin", `{"pin":"4711"}`).is(http.StatusNoContent)
	body := s.order(1, fmt.Sprintf(`,"discount":{"percent":50000},"approval":{"userId":%d,"pin":"4711"}`, s.ids["mia"]))
	emil := s.as("emil")
	emil.post("/api/v1/orders", body, s.key()).is(http.StatusCreated)
	s.admin.do("PATCH", "/api/v1/permissions/manager", `{"discount":null,"refund":null,"writeOff":null,"secondFactor":true}`).is(http.StatusOK)
	emil.post("/api/v1/orders", body, s.key()).refuses(http.StatusForbidden, "second_factor_needed")
}

func TestPasswordsThatAnybodyTriesAreRefused(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	for _, password := range []string{"        ", "aaaaaaaa", "abcdefgh", "98765432", "emilemil", "Corner Shop 1", "Emil2026!"} {
		body := fmt.Sprintf(`{"current":%q,"password":%q}`, goodPassword, password)
		if r := s.as("emil").post("/api/v1/password", body).is(http.StatusUnprocessableEntity); !strings.Contains(r.body, `"code":"password_`) {
			t.Errorf("%q: %s", password, r.body)
		}
	}
	s.as("emil") // the old one still opens
}

func TestACrowdOfColleaguesIsSearched(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	for i := range 205 {
		s.exec("INSERT INTO users (name, email, email_normal, password_hash, role, status, created_at, sort_key, pin_hash) VALUES (?1, ?2, ?2, 'x', 'employee', 'active', 0, ?3, 'x')",
			fmt.Sprintf("Bob %03d", i), fmt.Sprintf("bob%d@example.com", i), fmt.Sprintf("bob %03d", i))
	}
	s.as("emil").post("/api/v1/pin", `{"pin":"4711"}`).is(http.StatusNoContent)
	if r := s.admin.get("/api/v1/session/people?q=emi").is(http.StatusOK); strings.Count(r.body, `"name"`) != 1 || !strings.Contains(r.body, "Emil") {
		t.Errorf("found are %s", r.body)
	}
	if r := s.admin.get("/api/v1/session/people?q=200").is(http.StatusOK); !strings.Contains(r.body, "Bob 200") {
		t.Errorf("found are %s", r.body)
	}
}

// orderOf is the number of the order in a reply.
func orderOf(t *testing.T, r *reply) (number string) {
	t.Helper()
	var o struct{ Number string }
	r.into(&o)
	return o.Number
}

func TestASaleThatATabletKeptIsOneWhoeverSendsIt(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	for name, pin := range map[string]string{"mia": "4711", "emil": "0815"} {
		s.as(name).post("/api/v1/pin", fmt.Sprintf(`{"pin":%q}`, pin)).is(http.StatusNoContent)
	}
	tablet := s.as("anna")
	over := func(name, pin string) {
		tablet.cookie = tablet.post("/api/v1/session/pin", fmt.Sprintf(`{"userId":%d,"pin":%q}`, s.ids[name], pin)).is(http.StatusCreated).cookie()
	}
	orders, key := s.number("SELECT count(*) FROM orders"), s.key()
	tablet.post("/api/v1/orders", s.order(1, ""), key).is(http.StatusCreated)
	over("mia", "4711")
	second := s.key()
	first := tablet.post("/api/v1/orders", s.order(1, ""), second).is(http.StatusCreated)
	tablet.post("/api/v1/session/lock", "").is(http.StatusNoContent)
	over("emil", "0815")
	again := tablet.post("/api/v1/orders", s.order(1, ""), second).is(http.StatusCreated)
	again.lacks(t, "unitCost") // Mia saw what it cost
	if !strings.Contains(first.body, "unitCost") || orderOf(t, again) != orderOf(t, first) {
		t.Errorf("it is another order: %s", again.body)
	}
	if n := s.number("SELECT count(*) FROM orders"); n != orders+2 {
		t.Errorf("%d orders instead of 2", n-orders)
	}
	third := s.key()
	emils := tablet.post("/api/v1/orders", s.order(1, ""), third).is(http.StatusCreated)
	s.as("emil").post("/api/v1/orders", s.order(1, ""), third).is(http.StatusCreated) // his own, wherever
	over("mia", "4711")
	if again := tablet.post("/api/v1/orders", s.order(1, ""), second).is(http.StatusCreated); again.body != first.body || emils.body == first.body {
		t.Error("her own is another now")
	}
	s.as("hanna").post("/api/v1/orders", s.order(2, ""), second).is(http.StatusCreated) // a stranger's key is no key of hers
}

func TestGuessesOfASignedInOneAreWrittenDown(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.as("emil").post("/api/v1/password", `{"current":"falsch falsch","password":"lantern copper ridge"}`).is(http.StatusUnprocessableEntity)
	if r := s.admin.get("/api/v1/audit?action=sign_in_refused").is(http.StatusOK); !strings.Contains(r.body, "wrong_password") {
		t.Errorf("the audit: %s", r.body)
	}
}

func TestANameTwiceInOneObjectIsRefused(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	for _, body := range []string{`{"name":"a","name":"b"}`, `{"name":"a", "n\u0061me" :"b"}`} {
		s.admin.post("/api/v1/locations", body).is(http.StatusBadRequest)
	}
	s.admin.post("/api/v1/products", `{"name":"Cup","variants":[{"sku":"A","price":1},{"sku":"B","price":2}]}`).is(http.StatusUnprocessableEntity) // of several, options are asked; the same names in two objects are fine
	s.admin.post("/api/v1/locations", `{"name":"\u200b"}`).refuses(http.StatusUnprocessableEntity, "required")
	s.admin.post("/api/v1/locations", `{"name":"name\":"}`).is(http.StatusCreated)
}
