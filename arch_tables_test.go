package main_test

import (
	"go/ast"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// variable stands for a part of a statement that is no literal.
const variable = "\x01"

var (
	createTable   = regexp.MustCompile(`(?is)^\s*CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?"?(\w+)"?.*?\)\s*([\w\s,]*);?\s*$`)
	createVirtual = regexp.MustCompile(`(?is)^\s*CREATE\s+VIRTUAL\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?"?(\w+)"?`)
	strict        = regexp.MustCompile(`(?i)\bSTRICT\b`)
	// writes finds the table that a statement writes; in an upsert's
	// "DO UPDATE SET" that is the word SET.
	writes = regexp.MustCompile(`(?is)\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|DELETE\s+FROM|UPDATE\s+(?:OR\s+\w+\s+)?)\s*["` + "`" + `]?(\w+|` + variable + `|%\w)["` + "`" + `]?`)
	update = regexp.MustCompile(`(?is)^UPDATE\b`)
	// afterTable is what makes an "update x" of plain English a statement.
	afterTable = regexp.MustCompile(`(?is)^\s+(?:AS\s+\w+\s+|\w+\s+)?SET\b`)
	reads      = regexp.MustCompile(`(?s)^\s*(?:SELECT|WITH(?:\s+RECURSIVE)?\s+\w+\s*(?:\(|AS)|PRAGMA|CREATE|INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\w+\s+SET)\b`)
)

// written names the tables that a statement writes; variable for one that is no literal.
func written(sql string) (tables []string) {
	for _, m := range writes.FindAllStringSubmatchIndex(sql, -1) {
		table := sql[m[2]:m[3]]
		if update.MatchString(sql[m[0]:]) && (strings.EqualFold(table, "set") || strings.EqualFold(table, "of") || strings.EqualFold(table, "on") || !afterTable.MatchString(sql[m[1]:])) {
			continue
		}
		if table[0] == '%' {
			table = variable
		}
		tables = append(tables, table)
	}
	return tables
}

// readMigrations learns which room makes which table, and that all are STRICT.
func (h *house) readMigrations(tree fs.FS) error {
	names, err := fs.Glob(tree, "db/migrations/*.sql")
	if err != nil {
		return err
	}
	statements := make(map[string][]string)
	for _, name := range names {
		b, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		room, ok := migrationRoom(name)
		if !ok {
			h.breach("%s: the name of a migration ends in its room, as NNNN_stock.tx.up.sql", name)
			continue
		}
		statements[name] = strings.Split(comments.ReplaceAllString(string(b), ""), "--bun:split")
		for _, s := range statements[name] {
			h.learnTable(name, room, s)
		}
	}
	for _, name := range names {
		room, _ := migrationRoom(name)
		for _, s := range statements[name] {
			h.checkWrites(name, room, s)
		}
	}
	return nil
}

var comments = regexp.MustCompile(`(?m)--(?:[^b\n]|b[^u\n]).*$`)

func migrationRoom(name string) (room string, ok bool) {
	base, ok := strings.CutSuffix(path.Base(name), ".tx.up.sql")
	if !ok {
		return "", false
	}
	suffix := base[strings.LastIndex(base, "_")+1:]
	if room, ok = roomOf[suffix]; !ok {
		room = "db/" + suffix
	}
	_, ok = floors[room]
	return room, ok
}

func (h *house) learnTable(name, room, statement string) {
	if m := createVirtual.FindStringSubmatch(statement); m != nil {
		h.tables[m[1]] = room
		return
	}
	if m := createTable.FindStringSubmatch(statement); m != nil {
		h.tables[m[1]] = room
		if !strict.MatchString(m[2]) {
			h.breach("%s: the table %s is not STRICT", name, m[1])
		}
	}
}

var ofTable = regexp.MustCompile(`type = 'table' AND name = '(\w+)';?\s*$`)

// checkWrites holds a room's statement to its own tables.
func (h *house) checkWrites(name, room, statement string) {
	for _, table := range written(statement) {
		switch owner, known := h.tables[table]; {
		case table == variable:
		case table == "sqlite_schema" && path.Ext(name) == ".sql": // it relaxes a check of a table
			m := ofTable.FindStringSubmatch(statement)
			if m == nil || h.tables[m[1]] != room {
				h.breach("%s: %s changes the schema of a table that is not its own", name, room)
			}
		case !known:
			h.breach("%s: no migration makes the table %s", name, table)
		case owner != room:
			h.breach("%s: %s writes %s, which belongs to %s", name, room, table, owner)
		}
	}
}

// checkStatements holds the literals of a file to the rules on SQL.
func (h *house) checkStatements(f file) {
	var texts []string
	named := false // a statement whose table is a variable
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			if n.Tag != nil {
				h.checkTag(f, n.Tag.Value)
			}
		case *ast.CallExpr:
			h.checkBuilder(f, n)
		case *ast.BinaryExpr, *ast.BasicLit:
			text, ok := literal(n.(ast.Expr))
			if !ok {
				return true
			}
			texts = append(texts, text)
			for _, table := range written(text) {
				named = named || table == variable
			}
			_, whole := n.(*ast.BasicLit)
			return whole
		}
		return true
	})
	for _, text := range texts {
		h.checkText(f, text, named)
	}
}

func (h *house) checkText(f file, text string, named bool) {
	if part(f.pkg) != "db" {
		if reads.MatchString(text) {
			h.breach("%s: SQL stays in db/: %.40q", f.name, text)
		}
		return
	}
	if f.pkg == "db/papers" && reads.MatchString(text) {
		h.breach("%s: papers are made of values, without SQL: %.40q", f.name, text)
	}
	if f.pkg == "db/dbtest" {
		return
	}
	h.checkWrites(f.name, f.pkg, text)
	// Where a variable names the table, no name of another room's may be at hand.
	// The kernel's one such statement only compares a search table with its rows.
	if owner, known := h.tables[text]; named && known && owner != f.pkg && f.pkg != "db" {
		h.breach("%s: writes a table named by a variable, and names %s, which belongs to %s", f.name, text, owner)
	}
}

// literal is the text of a literal or of a sum of literals, with the variable
// mark for what is none.
func literal(e ast.Expr) (text string, ok bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		s, err := strconv.Unquote(e.Value)
		return s, err == nil
	case *ast.ParenExpr:
		return literal(e.X)
	case *ast.BinaryExpr:
		if e.Op != token.ADD {
			return "", false
		}
		l, lok := literal(e.X)
		r, rok := literal(e.Y)
		if !lok {
			l = variable
		}
		if !rok {
			r = variable
		}
		return l + r, lok || rok
	}
	return "", false
}

// checkTag holds a room's models to its own tables.
func (h *house) checkTag(f file, tag string) {
	tag, err := strconv.Unquote(tag)
	if err != nil {
		return
	}
	_, rest, ok := strings.Cut(tag, `bun:"table:`)
	if !ok {
		return
	}
	table := rest[:strings.IndexAny(rest+`"`, `,"`)]
	h.checkWrites(f.name, f.pkg, "DELETE FROM "+table)
}

// checkBuilder holds bun's writing builders to the room's own tables.
func (h *house) checkBuilder(f file, call *ast.CallExpr) {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || len(call.Args) == 0 || !strings.Contains("Table TableExpr ModelTableExpr", sel.Sel.Name) {
		return
	}
	text, ok := literal(call.Args[0])
	for e := sel.X; ok; {
		c, chained := e.(*ast.CallExpr)
		if !chained {
			return
		}
		s, chained := c.Fun.(*ast.SelectorExpr)
		if !chained {
			return
		}
		if strings.Contains("NewInsert NewUpdate NewDelete", s.Sel.Name) {
			table, _, _ := strings.Cut(text, " ")
			h.checkWrites(f.name, f.pkg, "DELETE FROM "+table)
			return
		}
		e = s.X
	}
}
