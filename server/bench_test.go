package server_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"onhand/db"
	"onhand/db/catalog"
	"onhand/db/money"
	"onhand/db/sales"
	"onhand/db/stock"
	"onhand/server"
)

// benchLines is how many lines an order here has; with three it is about 19 statements.
const benchLines = 3

// bareBatch is how many orders the bare loop puts into one commit.
const bareBatch = 64

// BenchmarkOrders measures durable orders a second (synchronous=FULL): a bare loop of the same statements with 64 orders
// to a commit, HTTP at 1, 8 and 32 clients, and HTTP with one order to a commit. Run it whole: the ratios belong to one run.
func BenchmarkOrders(b *testing.B) {
	b.Run("bare loop", bareLoop)
	for _, clients := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("%d clients", clients), func(b *testing.B) { overHTTP(b, clients, 0) })
	}
	b.Run("32 clients, one order to a commit", func(b *testing.B) { overHTTP(b, 32, 1) })
}

// benchShop is a server with plenty of 20 things.
type benchShop struct {
	db       *db.DB
	ctx      context.Context
	host     string
	cookie   string
	variants []int64
}

func newBenchShop(b *testing.B, o db.Options) *benchShop {
	b.Helper()
	d, err := db.Open(b.Context(), o)
	if err != nil {
		b.Fatal(err)
	}
	srv := server.New(d, server.Options{SetupToken: "open sesame", Site: site})
	ln, err := server.Listen("127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go srv.Serve(ln) //nolint:errcheck // Close below tells
	b.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := errors.Join(srv.Close(ctx), d.Close()); err != nil {
			b.Error(err)
		}
	})
	s := &benchShop{db: d, host: ln.Addr().String()}
	s.setUp(b)
	return s
}

func (s *benchShop) setUp(b *testing.B) {
	b.Helper()
	r, err := http.Post("http://"+s.host+"/api/v1/setup", "application/json", strings.NewReader(setupBody))
	if err != nil {
		b.Fatal(err)
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusCreated {
		b.Fatal("set up:", r.Status)
	}
	s.cookie = r.Cookies()[0].Name + "=" + r.Cookies()[0].Value
	s.ctx = db.WithActor(b.Context(), db.Actor{Kind: db.UserActor, ID: 1, Name: "Anna"})
	in := stock.Adjustment{LocationID: 1, Reason: stock.Received}
	rate := money.Rate(19_000)
	for i := range 20 {
		p, err := catalog.Create(s.ctx, s.db, catalog.NewProduct{Name: "Thing " + strconv.Itoa(i), TaxRate: &rate, Variants: []catalog.NewVariant{{Price: 1250}}})
		if err != nil {
			b.Fatal(err)
		}
		plenty := int64(100_000_000)
		s.variants = append(s.variants, p.Variants[0].ID)
		in.Lines = append(in.Lines, stock.AdjustLine{VariantID: p.Variants[0].ID, Delta: &plenty})
	}
	if _, err := stock.Adjust(s.ctx, s.db, in); err != nil {
		b.Fatal(err)
	}
}

// variant is the thing on line l of order i.
func (s *benchShop) variant(i int64, l int) int64 {
	return s.variants[(i+int64(l)*7)%int64(len(s.variants))]
}

func overHTTP(b *testing.B, clients, batchLimit int) {
	s := newBenchShop(b, db.Options{Dir: b.TempDir(), BatchLimit: batchLimit})
	hc := &fasthttp.HostClient{Addr: s.host, MaxConns: clients}
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	var wg sync.WaitGroup
	commits, writes := s.db.Batches()
	b.ResetTimer()
	for range clients {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
				start := time.Now()
				if err := s.order(hc, i); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(start)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(took)
	afterCommits, afterWrites := s.db.Batches()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "orders/s")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(afterWrites-writes)/float64(max(1, afterCommits-commits)), "orders/commit")
}

// order places one order as a tablet does.
func (s *benchShop) order(hc *fasthttp.HostClient, i int64) error {
	req, resp := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(resp)
	req.SetRequestURI("http://" + s.host + "/api/v1/orders")
	req.Header.SetMethod(http.MethodPost)
	req.Header.SetContentType("application/json")
	req.Header.Set("Cookie", s.cookie)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Idempotency-Key", "bench-"+strconv.FormatInt(i, 10))
	var body strings.Builder
	body.WriteString(`{"channel":"counter","locationId":1,"lines":[`)
	for l := range benchLines {
		if l > 0 {
			body.WriteByte(',')
		}
		fmt.Fprintf(&body, `{"variantId":%d,"quantity":1}`, s.variant(i, l))
	}
	body.WriteString(`]}`)
	req.SetBodyString(body.String())
	if err := hc.DoTimeout(req, resp, 30*time.Second); err != nil {
		return err
	}
	if resp.StatusCode() != http.StatusCreated {
		return fmt.Errorf("order %d: %d %s", i, resp.StatusCode(), resp.Body())
	}
	return nil
}

// statement is one statement that an order ran.
type statement struct {
	query string
	args  []any
}

// bareLoop runs what b.N orders write, prepared, against the same database: nothing but SQLite and its driver. The
// statements are recorded from real orders and replayed on a copy of the file from before them.
func bareLoop(b *testing.B) {
	path, statements := recordOrders(b)
	d, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"+
		"&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-8192)")
	if err != nil {
		b.Fatal(err)
	}
	defer d.Close()
	c, err := d.Conn(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	prepared := make(map[string]*sql.Stmt)
	run := func(s statement) {
		p := prepared[s.query]
		if p == nil {
			if p, err = c.PrepareContext(context.Background(), s.query); err != nil {
				b.Fatal(s.query, err)
			}
			prepared[s.query] = p
		}
		if err := bare(p, s); err != nil {
			b.Fatal(s.query, err)
		}
	}
	b.ResetTimer()
	for i, order := range statements {
		if i%bareBatch == 0 {
			run(statement{query: "BEGIN IMMEDIATE"})
		}
		for _, s := range order {
			run(s)
		}
		if i%bareBatch == bareBatch-1 || i == len(statements)-1 {
			run(statement{query: "COMMIT"})
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "orders/s")
	b.ReportMetric(float64(len(statements[len(statements)-1])), "statements/order")
}

// bare runs one statement and reads what it answers.
func bare(p *sql.Stmt, s statement) error {
	if !strings.HasPrefix(s.query, "SELECT") && !strings.Contains(s.query, "RETURNING") {
		_, err := p.ExecContext(context.Background(), s.args...)
		return err
	}
	rows, err := p.QueryContext(context.Background(), s.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
	}
	return rows.Err()
}

// recordOrders places b.N orders and answers their statements, and a copy of the file from before.
func recordOrders(b *testing.B) (path string, orders [][]statement) {
	b.Helper()
	var now []statement
	recording := false
	s := newBenchShop(b, db.Options{Dir: b.TempDir(), Trace: func(query string, args []any) {
		if !recording || strings.HasPrefix(query, "SAVEPOINT") || strings.HasPrefix(query, "RELEASE") || query == "BEGIN IMMEDIATE" || query == "COMMIT" {
			return // how the writer groups orders is not part of an order
		}
		now = append(now, statement{query, slices.Clone(args)})
	}})
	path = filepath.Join(b.TempDir(), "bare.db")
	c, err := sql.Open("sqlite", filepath.Join(s.db.Dir(), db.FileName))
	if err != nil {
		b.Fatal(err)
	}
	if _, err := c.Exec("VACUUM INTO ?", path); err != nil {
		b.Fatal(err)
	}
	if err := c.Close(); err != nil {
		b.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		b.Fatal(err)
	}
	recording = true
	for i := range int64(b.N) {
		in := sales.NewOrder{Channel: sales.Counter, LocationID: 1}
		for l := range benchLines {
			in.Lines = append(in.Lines, sales.NewLine{VariantID: s.variant(i, l), Quantity: 1})
		}
		ctx := db.WithKey(s.ctx, "POST /api/v1/orders", "bench-"+strconv.FormatInt(i, 10))
		if _, err := sales.Place(ctx, s.db, in); err != nil {
			b.Fatal(err)
		}
		orders = append(orders, now)
		now = nil
	}
	recording = false
	return path, orders
}
