package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"onhand/db"
)

// command runs the program to its end and answers its exit code and what it printed.
func command(t *testing.T, binary string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	c := exec.Command(binary, args...)
	c.Dir, c.Stdout, c.Stderr = t.TempDir(), &out, &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(20*time.Second, func() { _ = c.Process.Kill() })
	defer late.Stop()
	var exit *exec.ExitError
	if err := c.Wait(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(c.Dir, "*")); len(left) > 0 {
		t.Errorf("onhand %s leaves %s", strings.Join(args, " "), left)
	}
	return c.ProcessState.ExitCode(), out.String(), errs.String()
}

func TestAMistypedCommandOpensNoShop(t *testing.T) {
	t.Parallel()
	binary := build(t)
	for args, want := range map[string]string{
		"foo": "there is no command foo; onhand help lists them", "--addr 127.0.0.1:0 foo": "there is no command foo;",
		"serve extra": "there is no command serve extra;", "doctor extra": "there is no command doctor extra;",
		"version extra": "there is no command version extra;", "openapi extra": "there is no command openapi extra;",
	} {
		if code, _, said := command(t, binary, strings.Fields(args)...); code != 1 || !strings.Contains(said, want) {
			t.Errorf("onhand %s ends with %d: %s", args, code, said)
		}
	}
	if code, said, _ := command(t, binary, "help"); code != 0 || !strings.Contains(said, "doctor") {
		t.Errorf("onhand help ends with %d: %s", code, said)
	}
}

func TestTheDoctorChangesNothingAndAlwaysPrintsItsDocument(t *testing.T) {
	t.Parallel()
	binary := build(t)
	whole, empty, damaged := t.TempDir(), t.TempDir(), t.TempDir()
	d, err := db.Open(t.Context(), db.Options{Dir: whole})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for dir, content := range map[string]string{empty: "", damaged: "opening hours"} {
		if err := os.WriteFile(filepath.Join(dir, db.FileName), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for dir, want := range map[string]string{whole: "", empty: "is damaged", damaged: "is damaged", filepath.Join(whole, "none"): "there is no shop"} {
		before, _ := os.ReadFile(filepath.Join(dir, db.FileName))
		code, said, _ := command(t, binary, "doctor", "--data", dir, "--json")
		var document struct {
			Healthy  *bool
			Findings []struct{ Room, Message string }
		}
		if err := json.Unmarshal([]byte(said), &document); err != nil || document.Healthy == nil {
			t.Fatalf("%s: %v", said, err)
		}
		if want == "" {
			if code != 0 || !*document.Healthy {
				t.Errorf("of a whole shop it says %s and ends with %d", said, code)
			}
		} else if code != 1 || *document.Healthy || len(document.Findings) != 1 || document.Findings[0].Room != "file" || !strings.Contains(document.Findings[0].Message, want) {
			t.Errorf("it says %s and ends with %d, want %q", said, code, want)
		}
		if after, _ := os.ReadFile(filepath.Join(dir, db.FileName)); !bytes.Equal(before, after) {
			t.Error("the doctor wrote into the file")
		}
	}
	if code, _, said := command(t, binary, "serve", "--addr", "127.0.0.1:0", "--data", empty); code != 1 || !strings.Contains(said, "is damaged") {
		t.Errorf("serving an empty file ends with %d: %s", code, said)
	}
}

// Neither a request that never ends nor an upload that hangs keeps the program from stopping.
func TestItStopsWhileClientsHang(t *testing.T) {
	t.Parallel()
	s := &crashShop{t: t, binary: build(t), dir: t.TempDir()}
	s.start()
	s.setUp()
	host := strings.TrimPrefix(s.url, "http://")
	for _, half := range []string{
		"GET /healthz HTTP/1.1\r\nHo",
		"POST /api/v1/locations HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nOrigin: %s\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{",
		"POST /api/v1/imports HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nOrigin: %s\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 5000000\r\n\r\n--x\r\n",
	} {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if strings.Contains(half, "%s") {
			half = fmt.Sprintf(half, host, s.cookie, s.url)
		}
		if _, err := io.WriteString(conn, half); err != nil {
			t.Fatal(err)
		}
	}
	// Connections are accepted in their order: once a later one is answered, those above are the program's.
	r, err := http.Get(s.url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	began := time.Now()
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.process.Wait(); err != nil {
		t.Errorf("SIGTERM: %v", err)
	}
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("stopping took %s", took)
	}
}

func TestTheDemoIsMadeOnceInAFolderOfItsOwn(t *testing.T) {
	t.Parallel()
	s := &crashShop{t: t, binary: build(t), dir: t.TempDir()}
	s.start()
	s.setUp()
	s.stop()
	if code, _, said := command(t, s.binary, "demo", "--addr", "127.0.0.1:0", "--data", s.dir); code != 1 || !strings.Contains(said, "This folder holds a shop that is no demo.") {
		t.Errorf("in a real shop it ends with %d: %s", code, said)
	}

	s.dir = t.TempDir()
	d, err := db.Open(t.Context(), db.Options{Dir: s.dir}) // a file that is there is no shop yet
	if err == nil {
		err = d.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	s.demo("being made")
	s.stop() // on the way
	var orders [2]string
	for i := range orders {
		said := s.demo("Onhand is open")
		s.url = address(said)
		for _, login := range []string{"owner@example.com", "look around first", "PIN 2580"} {
			if !strings.Contains(said, login) {
				t.Errorf("it does not say %q: %s", login, said)
			}
		}
		r, body, err := s.send("POST", "/session", "", `{"email":"owner@example.com","password":"look around first"}`)
		if err != nil || r.StatusCode != http.StatusCreated {
			t.Fatalf("signing in: %v %s", err, body)
		}
		s.cookie = r.Cookies()[0].Name + "=" + r.Cookies()[0].Value
		_, body, err = s.send("GET", "/orders?limit=1", "", "")
		if err != nil || !strings.Contains(string(body), `"number"`) {
			t.Errorf("no orders: %v %s", err, body)
		}
		orders[i] = string(body)
		s.stop()
	}
	if orders[0] != orders[1] {
		t.Error("it was made anew")
	}
}

func TestADemoWithoutAFolderLeavesNothing(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	s := &crashShop{t: t, binary: build(t)}
	s.run("being made", "demo", "--addr", "127.0.0.1:0")
	s.stop()
	if left, _ := filepath.Glob(filepath.Join(temporary, "onhand-demo-*")); len(left) > 0 {
		t.Errorf("it leaves %s", left)
	}
}

// demo runs the demo of the folder until it says something.
func (s *crashShop) demo(until string) string {
	s.t.Helper()
	return s.run(until, "demo", "--addr", "127.0.0.1:0", "--data", s.dir, "--log-level", "error")
}
