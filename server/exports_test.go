package server_test

import (
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// kinds are the exports, and a title that each has.
var kinds = map[string]string{"products": "SKU", "stock": "On hand", "movements": "On hand after", "customers": "Email", "orders": "Order total", "audit": "action"}

// table reads a CSV file.
func (r *reply) table() [][]string {
	r.t.Helper()
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(r.body, "\ufeff"))).ReadAll()
	if err != nil {
		r.t.Fatal(err)
	}
	return all
}

func TestEveryListLeavesAsAFile(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	for kind, title := range kinds {
		r := s.admin.get("/api/v1/exports/" + kind + ".csv").is(http.StatusOK)
		r.has("Content-Type", "text/csv; charset=utf-8")
		r.has("Content-Disposition", `attachment; filename="corner-shop-`+kind+`-2026-11-20.csv"`)
		all := r.table()
		if len(all) < 2 || !strings.Contains(strings.Join(all[0], ","), title) || !strings.HasPrefix(r.body, "\ufeff") {
			t.Errorf("%s: %.300s", kind, r.body)
		}
		before := s.number("SELECT max(id) FROM audit")
		r = s.admin.get("/api/v1/exports/" + kind + ".xlsx?q=").is(http.StatusOK)
		r.has("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		f, err := excelize.OpenReader(strings.NewReader(r.body))
		if err != nil {
			t.Fatal(kind, err)
		}
		rows, err := f.GetRows(kind)
		if err != nil || kind != "audit" && len(rows) != len(all) || strings.Join(rows[0], ",") != strings.Join(all[0], ",") {
			t.Errorf("the workbook of %s has %d rows, the CSV %d: %v", kind, len(rows), len(all), err)
		}
		if got := s.text("SELECT after FROM audit WHERE id > ?1 AND action = 'exported' AND entity = ?2 AND actor_id = 1", before, kind); got != `{"format":"xlsx","filter":"q="}` {
			t.Errorf("the audit of %s says %s", kind, got)
		}
	}
	s.admin.get("/api/v1/exports/passwords.csv").refuses(http.StatusNotFound, "not_found")
}

func TestAnExportTakesTheParametersOfItsList(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	s.admin.post("/api/v1/products", `{"name":"Red cup","brand":"Zeta","published":false,"variants":[{"sku":"CUP","price":900}]}`).is(http.StatusCreated)
	s.admin.post("/api/v1/stock/adjustments", `{"locationId":2,"reason":"found","lines":[{"variantId":1,"delta":5}]}`, s.key()).is(http.StatusCreated)
	s.exec("UPDATE variants SET max_stock = 100 WHERE id = 1")
	for query, want := range map[string]int{
		"products.csv": 2, "products.csv?brand=acme": 1, "products.csv?q=cup": 1, "products.csv?published=false": 1, "products.csv?archived=true": 0, "products.csv?brand=none": 0,
		"stock.csv?locationId=2": 1, "stock.csv?state=low,out": 0, "stock.csv?state=over": 1, "movements.csv?locationId=1": 1, "movements.csv?variantId=2": 0,
		"orders.csv?open=true": 2, "orders.csv?status=cancelled": 0, "orders.csv?from=2026-11-21": 0, "orders.csv?locationId=1&channel=counter": 1, "customers.csv?q=grace": 1, "customers.csv?q=hopper": 0,
	} {
		if got := len(s.admin.get("/api/v1/exports/"+query).is(http.StatusOK).table()) - 1; got != want {
			t.Errorf("%s has %d rows, want %d", query, got, want)
		}
	}
	before := s.number("SELECT count(*) FROM audit")
	s.admin.get("/api/v1/exports/products.csv?sort=size").refuses(http.StatusUnprocessableEntity, "invalid")
	s.admin.get("/api/v1/exports/audit.xlsx?from=yesterday").refuses(http.StatusUnprocessableEntity, "bad_date")
	s.admin.get("/api/v1/exports/orders.csv?status=placed&status=draft").refuses(http.StatusUnprocessableEntity, "repeated")
	if n := s.number("SELECT count(*) FROM audit"); n != before {
		t.Error("a refused export is written down")
	}
}

// What leaves the house asks for a password, and has what its reader may see.
func TestAnExportShowsWhatItsReaderSees(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	hanna := s.as("hanna")
	for _, kind := range []string{"stock", "movements", "orders"} {
		all := hanna.get("/api/v1/exports/" + kind + ".csv").is(http.StatusOK)
		if strings.Contains(all.body, "Main store") || !strings.Contains(all.body, "Harbour") || strings.Contains(strings.ToLower(all.body), "cost") {
			t.Errorf("%s of another store: %s", kind, all.body)
		}
	}
	if r := s.as("emil").get("/api/v1/exports/products.csv").is(http.StatusOK); strings.Contains(r.body, "Cost") || strings.Contains(r.body, "6.00") {
		t.Errorf("an employee's export has costs: %s", r.body)
	}
	if r := s.as("mia").get("/api/v1/exports/products.csv").is(http.StatusOK); !strings.Contains(r.body, "6.00") {
		t.Errorf("a manager's export has no costs: %s", r.body)
	}
	s.byPIN("anna").get("/api/v1/exports/customers.csv").refuses(http.StatusForbidden, "password_needed")
	orders, _ := s.token("orders.read", "exports.run")
	orders.do("GET", "/api/v1/exports/orders.csv", "").is(http.StatusOK)
	orders.do("GET", "/api/v1/exports/customers.csv", "").refuses(http.StatusForbidden, "forbidden")
	reader, _ := s.token("orders.read")
	reader.do("GET", "/api/v1/exports/orders.csv", "").refuses(http.StatusForbidden, "forbidden")
}

// Half a file looks like a whole one: where it cannot be read on, the connection breaks off.
func TestAnExportThatFailsIsCutOff(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	for i := range 210 {
		s.admin.post("/api/v1/products", fmt.Sprintf(`{"name":"Mug %03d","variants":[{"price":100}]}`, i)).is(http.StatusCreated)
	}
	s.exec(`UPDATE variants SET options = '{"Size":{}}' WHERE id = (SELECT max(id) FROM variants)`)
	req, err := http.NewRequest("GET", s.url+"/api/v1/exports/products.csv", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Cookie", "onhand_session="+s.admin.cookie)
	res, err := http.DefaultClient.Do(req)
	if err == nil {
		defer res.Body.Close()
		_, err = io.ReadAll(res.Body)
	}
	if err == nil {
		t.Error("half a file came as a whole one")
	}
	if !strings.Contains(s.log.String(), "an export was cut off") {
		t.Errorf("the log says %s", s.log)
	}
	s.admin.get("/api/v1/exports/products.xlsx").refuses(http.StatusInternalServerError, "internal")
}
