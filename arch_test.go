package main_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// floors is the house: a room uses lower floors only. A room that is not here
// does not belong to it.
var floors = map[string]int{
	"db": 1, "db/money": 1, "db/barcode": 1, "db/picture": 1, "db/table": 1,
	"db/settings": 2, "db/outbox": 2, "db/tasks": 2, "db/auth": 2,
	"db/staff": 3, "db/customers": 3, "db/catalog": 3,
	"db/stock":      4,
	"db/purchasing": 5, "db/sales": 5,
	"db/alerts": 6, "db/reports": 6, "db/imports": 6, "db/papers": 6,
	"db/doctor": 7, "db/demo": 7,
	"db/dbtest": 8,
}

// sideways are the arrows allowed within a floor.
var sideways = map[string]string{"db/imports": "db/papers", "db/settings": "db/auth"}

// confined are libraries that stay in one part of the house.
var confined = []struct{ library, where string }{
	{"github.com/gofiber/", "server"},
	{"github.com/danielgtaylor/huma/", "server"},
	{"github.com/robfig/cron/", "jobs"},
	{"gopkg.in/gomail", "jobs"},
	{"github.com/uptrace/bun", "db"},
	{"database/sql", "db"},
	{"modernc.org/sqlite", "db"},
}

// roomOf names the room whose tables a migration makes, by the end of its name;
// rooms not named here are called as their migrations.
var roomOf = map[string]string{"kernel": "db", "people": "db/staff"}

func TestTheHouseKeepsItsRules(t *testing.T) {
	t.Parallel()
	broken, err := breaches(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range broken {
		t.Error(b)
	}
}

// house is what is parsed of the tree.
type house struct {
	fset   *token.FileSet
	files  []file
	tables map[string]string // table: the room that makes it
	broken []string
}

type file struct {
	name, pkg string // "db/sales/place.go", "db/sales"; the root is ""
	test      bool
	syntax    *ast.File
}

func (h *house) breach(format string, args ...any) {
	h.broken = append(h.broken, fmt.Sprintf(format, args...))
}

// breaches names every broken rule of DESIGN.md 2 in a tree.
func breaches(tree fs.FS) ([]string, error) {
	h := &house{fset: token.NewFileSet(), tables: map[string]string{"bun_migrations": "db"}}
	if err := h.read(tree); err != nil {
		return nil, err
	}
	if err := h.readMigrations(tree); err != nil {
		return nil, err
	}
	types := make(map[string]string)
	for _, f := range h.files {
		h.checkPlace(f)
		h.checkPackageName(f)
		for _, spec := range f.syntax.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return nil, err
			}
			h.checkImport(f, imported)
		}
		if !f.test {
			h.checkTypes(f, types)
			h.checkMoments(f)
			h.checkStatements(f)
		}
	}
	slices.Sort(h.broken)
	return slices.Compact(h.broken), nil
}

func (h *house) read(tree fs.FS) error {
	return fs.WalkDir(tree, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() {
			if base := e.Name(); name != "." && (base[0] == '.' || base[0] == '_' || base == "testdata" || base == "node_modules") {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		src, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		syntax, err := parser.ParseFile(h.fset, name, src, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		pkg := path.Dir(name)
		if pkg == "." {
			pkg = ""
		}
		h.files = append(h.files, file{name, pkg, strings.HasSuffix(name, "_test.go"), syntax})
		return nil
	})
}

// part is the top of the tree a package belongs to: "", "db", "server", "jobs".
func part(pkg string) string {
	top, _, _ := strings.Cut(pkg, "/")
	return top
}

func (h *house) checkPlace(f file) {
	switch part(f.pkg) {
	case "", "server", "jobs":
	case "db":
		if _, ok := floors[f.pkg]; !ok {
			h.breach("%s: the room %s has no floor; give it one in arch_test.go and DESIGN.md", f.name, f.pkg)
		}
	default:
		h.breach("%s: there is no %s in the house", f.name, f.pkg)
	}
}

// checkPackageName holds tests outside of what they test, but for the file that
// shows them something unexported.
func (h *house) checkPackageName(f file) {
	if f.test && path.Base(f.name) != "export_test.go" && !strings.HasSuffix(f.syntax.Name.Name, "_test") {
		h.breach("%s: a test is package %s_test", f.name, f.syntax.Name.Name)
	}
}

func (h *house) checkImport(f file, imported string) {
	for _, c := range confined {
		if strings.HasPrefix(imported, c.library) && part(f.pkg) != c.where && !(f.test && c.where == "db") {
			h.breach("%s: %s stays in %s/", f.name, imported, c.where)
		}
	}
	if f.pkg == "db/papers" && !f.test && (imported == "database/sql" || strings.HasPrefix(imported, "github.com/uptrace/bun")) {
		h.breach("%s: papers are made of values, without SQL", f.name)
	}
	if imported != "onhand" && !strings.HasPrefix(imported, "onhand/") {
		return
	}
	to := strings.TrimPrefix(strings.TrimPrefix(imported, "onhand"), "/")
	if to == f.pkg { // a test and what it tests
		return
	}
	if !mayUse(f, to) {
		h.breach("%s: %s does not use %s", f.name, cmpOr(f.pkg, "main"), imported)
	}
}

func mayUse(f file, to string) bool {
	if to == "db/dbtest" {
		return f.test
	}
	switch from := part(f.pkg); part(to) {
	case "db":
		if from != "db" {
			return from == "" || from == "server" || from == "jobs"
		}
		return floors[to] < floors[f.pkg] || sideways[f.pkg] == to
	case "server", "jobs":
		return from == "" || from == part(to)
	}
	return false
}

func cmpOr(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// checkMoments leaves what makes books that never were to the demo.
func (h *house) checkMoments(f file) {
	if f.pkg == "db" || f.pkg == "db/demo" {
		return
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := s.X.(*ast.Ident); ok && x.Name == "db" && s.Sel.Name == "Past" {
			h.breach("%s: only the demo writes a past", f.name)
		}
		return true
	})
}

// checkTypes keeps exported type names unique across the rooms: they are the
// names of the API's schemas.
func (h *house) checkTypes(f file, seen map[string]string) {
	if part(f.pkg) != "db" || f.pkg == "db/dbtest" {
		return
	}
	for _, d := range f.syntax.Decls {
		gen, ok := d.(*ast.GenDecl)
		if !ok || gen.Tok != token.TYPE {
			continue
		}
		for _, s := range gen.Specs {
			name := s.(*ast.TypeSpec).Name.Name
			if !ast.IsExported(name) {
				continue
			}
			if other, ok := seen[name]; ok {
				h.breach("%s: the type %s is in %s too", f.name, name, other)
			}
			seen[name] = f.name
		}
	}
}
