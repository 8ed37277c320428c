package main_test

import (
	"strings"
	"testing"
	"testing/fstest"
)

// sound is a small house without a breach, to which each case adds one.
var sound = map[string]string{
	"main.go":                          `package main; import (_ "onhand/server"; _ "onhand/jobs"; _ "onhand/db/sales")`,
	"main_test.go":                     `package main_test; import (_ "onhand/db/dbtest"; _ "onhand/server")`,
	"server/live/hub.go":               `package live; import (_ "onhand/db"; _ "github.com/gofiber/fiber/v2")`,
	"server/server.go":                 `package server; import (_ "onhand/server/live"; _ "onhand/db/sales"); const help = "Select a shop. Update it with care."`,
	"jobs/jobs.go":                     `package jobs; import (_ "onhand/db/tasks"; _ "github.com/robfig/cron/v3")`,
	"db/db.go":                         `package db; import (_ "github.com/uptrace/bun"; _ "database/sql"); const q = "INSERT INTO events (at) VALUES (1)"`,
	"db/export_test.go":                `package db`,
	"db/sales/place.go":                `package sales; import (_ "onhand/db"; _ "onhand/db/stock"); type OrderLine struct{}; const a, b = "UPDATE orders SET x = 1 ON CONFLICT (id) DO UPDATE SET x = 1", "INSERT INTO orders_search (a) SELECT a FROM levels"`,
	"db/sales/place_test.go":           `package sales_test; import (_ "onhand/db/sales"; _ "onhand/db/dbtest"; _ "onhand/db/catalog"); const q = "DELETE FROM events"`,
	"db/stock/stock.go":                `package stock; import _ "onhand/db"; type StockLine struct{}; func f(s string) { _ = "UPDATE "+s+" SET x = 1"; _ = "levels" }`,
	"db/imports/out.go":                `package imports; import _ "onhand/db/papers"`,
	"db/papers/papers.go":              `package papers; import _ "onhand/db/money"`,
	"db/dbtest/dbtest.go":              `package dbtest; import _ "onhand/db/demo"; type OrderLine struct{}`,
	"db/migrations/1_kernel.tx.up.sql": "-- what happened\nCREATE TABLE events (id INTEGER) STRICT;",
	"db/migrations/2_stock.tx.up.sql":  "CREATE TABLE levels (id INTEGER PRIMARY KEY, x INTEGER CHECK (x > 0)) STRICT, WITHOUT ROWID;\n--bun:split\nCREATE INDEX levels_x ON levels (x);",
	"db/migrations/3_sales.tx.up.sql": "CREATE TABLE orders (id INTEGER) STRICT;\n--bun:split\nCREATE VIRTUAL TABLE orders_search USING fts5 (a);\n" +
		"--bun:split\nCREATE TRIGGER t AFTER UPDATE OF a ON orders BEGIN\nINSERT INTO orders_search (a) VALUES (1);\nEND;",
	"frontend/node_modules/x/x.go": `package x; import _ "onhand/db"`,
}

// Each rule is seen failing once: one file makes one breach.
func TestEachRuleOfTheHouseIsSeenFailing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ what, name, content, want string }{
		{"nothing", "db/auth/a.go", `package auth`, ""},
		{"a room without a floor", "db/cellar/a.go", `package cellar`, "the room db/cellar has no floor"},
		{"a part without a place", "tools/a.go", `package tools`, "there is no tools in the house"},
		{"an arrow up", "db/stock/a.go", `package stock; import _ "onhand/db/sales"`, "db/stock does not use onhand/db/sales"},
		{"an arrow sideways", "db/sales/a.go", `package sales; import _ "onhand/db/purchasing"`, "db/sales does not use onhand/db/purchasing"},
		{"the allowed one, backwards", "db/papers/a.go", `package papers; import _ "onhand/db/imports"`, "db/papers does not use onhand/db/imports"},
		{"money uses the kernel", "db/money/a.go", `package money; import _ "onhand/db"`, "db/money does not use onhand/db"},
		{"the kernel uses a room", "db/a.go", `package db; import _ "onhand/db/settings"`, "db does not use onhand/db/settings"},
		{"a test goes up", "db/stock/a_test.go", `package stock_test; import _ "onhand/db/sales"`, "db/stock does not use onhand/db/sales"},
		{"a room uses the server", "db/sales/a.go", `package sales; import _ "onhand/server"`, "db/sales does not use onhand/server"},
		{"the server uses jobs", "server/a.go", `package server; import _ "onhand/jobs"`, "server does not use onhand/jobs"},
		{"jobs use the server", "jobs/a.go", `package jobs; import _ "onhand/server/live"`, "jobs does not use onhand/server/live"},
		{"anybody uses main", "server/a.go", `package server; import _ "onhand"`, "server does not use onhand"},
		{"code uses dbtest", "main2.go", `package main; import _ "onhand/db/dbtest"`, "main does not use onhand/db/dbtest"},
		{"demo uses dbtest", "db/demo/a.go", `package demo; import _ "onhand/db/dbtest"`, "db/demo does not use onhand/db/dbtest"},
		{"Fiber in jobs", "jobs/a.go", `package jobs; import _ "github.com/gofiber/fiber/v2"`, "stays in server/"},
		{"sockets in a room", "db/sales/a.go", `package sales; import _ "github.com/gofiber/websocket/v2"`, "stays in server/"},
		{"huma in a room", "db/sales/a.go", `package sales; import _ "github.com/danielgtaylor/huma/v2"`, "stays in server/"},
		{"cron in the server", "server/a.go", `package server; import _ "github.com/robfig/cron/v3"`, "stays in jobs/"},
		{"gomail in a room", "db/outbox/a.go", `package outbox; import _ "gopkg.in/gomail.v2"`, "stays in jobs/"},
		{"bun in the server", "server/a.go", `package server; import _ "github.com/uptrace/bun/migrate"`, "stays in db/"},
		{"database/sql in jobs", "jobs/a.go", `package jobs; import _ "database/sql"`, "stays in db/"},
		{"SQL in the server", "server/a.go", `package server; const q = "SELECT id FROM orders"`, "SQL stays in db/"},
		{"SQL in main", "a.go", "package main; const q = `\n\tWITH n AS (SELECT 1) SELECT * FROM n`", "SQL stays in db/"},
		{"a past", "server/a.go", `package server; import "onhand/db"; var past = db.Past`, "only the demo writes a past"},
		{"a past in the demo", "db/demo/a.go", `package demo; import "onhand/db"; var past = db.Past`, ""},
		{"bun in papers", "db/papers/a.go", `package papers; import _ "github.com/uptrace/bun"`, "without SQL"},
		{"SQL in papers", "db/papers/a.go", `package papers; const q = "SELECT id FROM orders"`, "without SQL"},
		{"a test inside", "db/sales/a_test.go", `package sales`, "a test is package sales_test"},
		{"a name twice", "db/stock/a.go", `package stock; type OrderLine[T any] struct{}`, "the type OrderLine is in"},
		{"a name of the kernel's", "db/sales/a.go", `package sales; type StockLine = int`, "the type StockLine is in"},
		{"a loose table", "db/migrations/9_sales.tx.up.sql", "CREATE TABLE loose (strict INTEGER);", "the table loose is not STRICT"},
		{"a loose table without rowid", "db/migrations/9_sales.tx.up.sql", "CREATE TABLE loose (id TEXT) WITHOUT ROWID;", "the table loose is not STRICT"},
		{"a migration of nobody", "db/migrations/9_cellar.tx.up.sql", "SELECT 1", "the name of a migration ends in its room"},
		{"a migration without transaction", "db/migrations/9_sales.up.sql", "SELECT 1", "the name of a migration ends in its room"},
		{"a migration that writes elsewhere", "db/migrations/9_sales.tx.up.sql", "UPDATE levels SET x = 2;", "db/sales writes levels"},
		{"a check relaxed elsewhere", "db/migrations/9_sales.tx.up.sql", "UPDATE sqlite_schema SET sql = '' WHERE type = 'table' AND name = 'levels';", "db/sales changes the schema of a table"},
		{"any schema changed", "db/migrations/9_sales.tx.up.sql", "UPDATE sqlite_schema SET sql = '';", "db/sales changes the schema of a table"},
		{"a check relaxed", "db/migrations/9_sales.tx.up.sql", "UPDATE sqlite_schema SET sql = '' WHERE type = 'table' AND name = 'orders';", ""},
		{"a schema changed from a room", "db/sales/a.go", `package sales; const q = "UPDATE sqlite_schema SET sql = 'x' WHERE type = 'table' AND name = 'orders'"`, "no migration makes the table sqlite_schema"},
		{"a trigger that writes elsewhere", "db/migrations/9_sales.tx.up.sql", "CREATE TRIGGER u AFTER INSERT ON orders BEGIN\nDELETE FROM levels;\nEND;", "db/sales writes levels"},
		{"an insert elsewhere", "db/sales/a.go", "package sales; const q = `INSERT\n\tINTO levels (x) VALUES (1)`", "db/sales writes levels"},
		{"an insert or ignore elsewhere", "db/sales/a.go", `package sales; const q = "INSERT OR IGNORE INTO levels (x) VALUES (1)"`, "db/sales writes levels"},
		{"a replace elsewhere", "db/sales/a.go", `package sales; const q = "REPLACE INTO levels (x) VALUES (1)"`, "db/sales writes levels"},
		{"an update elsewhere", "db/sales/a.go", `package sales; const q = "UPDATE levels AS l SET x = 2"`, "db/sales writes levels"},
		{"a delete elsewhere, in lower case", "db/sales/a.go", `package sales; const q = "delete from \"levels\" where x = 2"`, "db/sales writes levels"},
		{"a delete elsewhere, in a sum", "db/sales/a.go", `package sales; func f(s string) string { return "DELETE " + ("FROM " + "levels") + s }`, "db/sales writes levels"},
		{"a search table elsewhere", "db/stock/a.go", `package stock; const q = "INSERT INTO orders_search (a) VALUES (1)"`, "db/stock writes orders_search"},
		{"the kernel's table from a room", "db/stock/a.go", `package stock; const q = "INSERT INTO events (at) VALUES (1)"`, "db/stock writes events"},
		{"a table nobody makes", "db/sales/a.go", `package sales; const q = "UPDATE ghosts SET x = 2"`, "no migration makes the table ghosts"},
		{"a table by a variable", "db/sales/a.go", `package sales; func f(s string) { _ = "UPDATE "+s+" SET x = 1"; _ = "levels" }`, "names levels, which belongs to db/stock"},
		{"a table by a verb", "db/sales/a.go", `package sales; func f() { _ = "INSERT INTO %s (x) VALUES (1)"; _ = "levels" }`, "names levels, which belongs to db/stock"},
		{"a model of another's table", "db/sales/a.go", "package sales; type x struct { base int `bun:\"table:levels,alias:l\"` }", "db/sales writes levels"},
		{"a builder on another's table", "db/sales/a.go", `package sales; func f(tx T) { tx.NewUpdate().Table("levels").Set("x = 1") }`, "db/sales writes levels"},
		{"a builder on another's model", "db/sales/a.go", `package sales; func f(tx T) { tx.NewInsert().Model(nil).ModelTableExpr("levels AS l").Exec() }`, "db/sales writes levels"},
		{"a builder that reads", "db/sales/a.go", `package sales; func f(tx T) { tx.NewSelect().Table("levels").Scan() }`, ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			tree := fstest.MapFS{c.name: {Data: []byte(c.content)}}
			for name, content := range sound {
				tree[name] = &fstest.MapFile{Data: []byte(content)}
			}
			broken, err := breaches(tree)
			if err != nil {
				t.Fatal(err)
			}
			switch got := strings.Join(broken, "\n"); {
			case c.want == "" && got != "":
				t.Errorf("a sound house is said to be broken:\n%s", got)
			case c.want != "" && (len(broken) != 1 || !strings.Contains(got, c.want)):
				t.Errorf("found\n%s\nwant one breach: %s", got, c.want)
			}
		})
	}
}
