package main_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/doctor"
)

// The size of the experiment here; `make torture` makes it a large one.
const (
	crashKills   = 5
	crashClients = 16
	// scarce is how many there are of the thing that runs out.
	scarce = 60
)

// TestNothingAcknowledgedIsLostToKill kills a shop under load again and again. The client makes its keys and remembers
// what was acknowledged; after each kill the doctor looks, and every order whose answer never came is sent again.
func TestNothingAcknowledgedIsLostToKill(t *testing.T) {
	kills := crashKills
	if n, err := strconv.Atoi(os.Getenv("ONHAND_KILLS")); err == nil {
		kills = n
	}
	seed := uint64(time.Now().UnixNano())
	if n, err := strconv.ParseUint(os.Getenv("ONHAND_SEED"), 10, 64); err == nil {
		seed = n
	}
	t.Logf("ONHAND_SEED=%d ONHAND_KILLS=%d", seed, kills)
	s := &crashShop{t: t, binary: build(t), dir: t.TempDir(), random: rand.New(rand.NewPCG(seed, 1)), acked: map[string]string{}}
	s.start()
	s.setUp()
	for range kills {
		s.loadUntilKilled()
		s.examine()
		s.start()
		s.sendAgain()
	}
	s.stop()
	s.examine()
	s.count()
	t.Logf("%d orders acknowledged, %d refused as sold out, over %d kills", len(s.acked), s.soldOut, kills)
}

// crashShop is a real process and what its client knows.
type crashShop struct {
	t      *testing.T
	binary string
	dir    string
	random *rand.Rand

	process *exec.Cmd
	url     string
	cookie  string

	mu      sync.Mutex
	next    int
	acked   map[string]string // key: number of the order
	unknown []string          // keys whose answer never came
	soldOut int
}

// TestMain keeps a folder for the program that the tests share.
func TestMain(m *testing.M) {
	var err error
	if programs, err = os.MkdirTemp("", "onhand-test-"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(programs)
	os.Exit(code)
}

var programs string

// compiled is the program, made once as make build makes it, so that neither compiles what the other has.
var compiled = sync.OnceValues(func() (string, error) {
	binary := filepath.Join(programs, "onhand")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return binary, nil
})

func build(t *testing.T) string {
	t.Helper()
	binary, err := compiled()
	if err != nil {
		t.Fatalf("build: %v", err)
	}
	return binary
}

// start runs the program and waits until it says where.
func (s *crashShop) start() {
	s.t.Helper()
	said := s.run("http://", "serve", "--addr", "127.0.0.1:0", "--data", s.dir, "--setup-token", "open sesame", "--log-level", "error")
	s.url = address(said)
}

// address is the first one that the program said.
func address(said string) string {
	_, at, _ := strings.Cut(said, "http://")
	return "http://" + strings.Fields(at)[0]
}

// run runs the program until it says something, and answers what it said so far.
func (s *crashShop) run(until string, args ...string) (said string) {
	s.t.Helper()
	cmd := exec.Command(s.binary, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.process = cmd
	s.t.Cleanup(func() { _ = cmd.Process.Kill() })
	for lines := bufio.NewScanner(out); lines.Scan(); {
		said += lines.Text() + "\n"
		if strings.Contains(said, until) {
			go io.Copy(io.Discard, out) //nolint:errcheck // ends with the process
			return said
		}
	}
	s.t.Fatalf("the program ended before it said %q: %s", until, said)
	return ""
}

// stop ends the program as an operating system does.
func (s *crashShop) stop() {
	s.t.Helper()
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	if err := s.process.Wait(); err != nil {
		s.t.Errorf("SIGTERM: %v", err)
	}
}

func (s *crashShop) setUp() {
	s.t.Helper()
	r, _, err := s.send("POST", "/setup", "", `{"token":"open sesame","shop":{"name":"Crash","currency":"EUR","timeZone":"Europe/Berlin"},
		"owner":{"name":"Anna","email":"anna@example.com","password":"correct horse battery"},"location":{"name":"Main store"}}`)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, c := range r.Cookies() {
		s.cookie = c.Name + "=" + c.Value
	}
	for i, plenty := range []int{1_000_000, scarce} {
		s.must("POST", "/products", "", fmt.Sprintf(`{"name":"Thing %d","variants":[{"price":1250}]}`, i))
		s.must("POST", "/stock/adjustments", fmt.Sprint("stock-", i),
			fmt.Sprintf(`{"locationId":1,"reason":"received","lines":[{"variantId":%d,"delta":%d}]}`, i+1, plenty))
	}
}

// loadUntilKilled orders from all sides and kills the program at a random moment of it.
func (s *crashShop) loadUntilKilled() {
	s.t.Helper()
	enough := 20 + s.random.IntN(300)
	acks := make(chan struct{}, 10_000)
	var wg sync.WaitGroup
	for range crashClients {
		wg.Go(func() {
			for {
				key := s.newKey()
				if !s.order(key) {
					return
				}
				acks <- struct{}{}
			}
		})
	}
	for range enough {
		select {
		case <-acks:
		case <-time.After(30 * time.Second):
			s.t.Fatal("no order was answered for 30 s")
		}
	}
	if err := s.process.Process.Kill(); err != nil {
		s.t.Fatal(err)
	}
	_ = s.process.Wait()
	wg.Wait()
}

func (s *crashShop) newKey() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.next++
	return "order-" + strconv.Itoa(s.next)
}

// order places the order of a key: every third one takes the scarce thing, too. It is false when no answer came.
func (s *crashShop) order(key string) bool {
	n, _ := strconv.Atoi(strings.TrimPrefix(key, "order-"))
	lines := `{"variantId":1,"quantity":1}`
	if n%3 == 0 {
		lines += `,{"variantId":2,"quantity":1}`
	}
	r, body, err := s.send("POST", "/orders", key, `{"channel":"counter","lines":[`+lines+`]}`)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err != nil || r.StatusCode >= 500:
		s.unknown = append(s.unknown, key)
		return false
	case r.StatusCode == http.StatusConflict && bytes.Contains(body, []byte("out_of_stock")):
		s.soldOut++
		return true
	case r.StatusCode != http.StatusCreated:
		s.t.Errorf("%s: %d %s", key, r.StatusCode, body)
		return true
	}
	var o struct{ Number string }
	if err := json.Unmarshal(body, &o); err != nil {
		s.t.Errorf("%s: %v", key, err)
	}
	if before, ok := s.acked[key]; ok && before != o.Number {
		s.t.Errorf("%s was order %s and is %s now", key, before, o.Number)
	}
	s.acked[key] = o.Number
	return true
}

// sendAgain repeats what was never answered, and some of what was.
func (s *crashShop) sendAgain() {
	s.t.Helper()
	again := s.unknown
	s.unknown = nil
	known := slices.Sorted(maps.Keys(s.acked))
	for range min(20, len(known)) {
		again = append(again, known[s.random.IntN(len(known))])
	}
	for _, key := range again {
		if !s.order(key) {
			s.t.Fatalf("%s is not answered after a restart", key)
		}
	}
}

// examine asks the doctor, with the shop stopped, and compares what is there with what was acknowledged.
func (s *crashShop) examine() {
	s.t.Helper()
	d, err := db.Open(s.t.Context(), db.Options{Dir: s.dir})
	if err != nil {
		s.t.Fatal(err)
	}
	defer d.Close()
	findings, err := doctor.Run(s.t.Context(), d)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, f := range findings {
		s.t.Errorf("the doctor finds %+v", f)
	}
	var numbers []string
	err = db.Inspect(s.t.Context(), d, func(tx *db.Tx) error { return tx.Select(&numbers, "SELECT number FROM orders") })
	if err != nil {
		s.t.Fatal(err)
	}
	there := make(map[string]bool, len(numbers))
	for _, n := range numbers {
		there[n] = true
	}
	for key, n := range s.acked {
		if !there[n] {
			s.t.Errorf("%s was acknowledged as order %s and is lost", key, n)
		}
	}
}

// count holds the orders against the keys: none doubled, none sold that was not there.
func (s *crashShop) count() {
	s.t.Helper()
	d, err := db.Open(s.t.Context(), db.Options{Dir: s.dir})
	if err != nil {
		s.t.Fatal(err)
	}
	defer d.Close()
	var orders, sold int
	err = db.Inspect(s.t.Context(), d, func(tx *db.Tx) error {
		if err := tx.Row("SELECT count(*) FROM orders", nil, &orders); err != nil {
			return err
		}
		return tx.Row("SELECT coalesce(sum(quantity), 0) FROM order_lines WHERE variant_id = 2", nil, &sold)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	if orders != len(s.acked) {
		s.t.Errorf("%d orders for %d keys", orders, len(s.acked))
	}
	if sold > scarce {
		s.t.Errorf("%d sold of %d", sold, scarce)
	}
}

var crashClient = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: crashClients}}

func (s *crashShop) send(method, path, key, body string) (*http.Response, []byte, error) {
	req, err := http.NewRequest(method, s.url+"/api/v1"+path, strings.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	return s.ask(req, "application/json")
}

// ask sends a request as the owner.
func (s *crashShop) ask(req *http.Request, contentType string) (*http.Response, []byte, error) {
	req.Header.Set("Content-Type", contentType)
	req.Header.Set("Sec-Fetch-Site", "same-origin")
	req.Header.Set("Cookie", s.cookie)
	r, err := crashClient.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	return r, b, err
}

func (s *crashShop) must(method, path, key, body string) {
	s.t.Helper()
	r, b, err := s.send(method, path, key, body)
	if err != nil || r.StatusCode >= 300 {
		s.t.Fatalf("%s %s: %v %s", method, path, err, b)
	}
}
