package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onhand/db/customers"
	"onhand/db/dbtest"
	"onhand/db/sales"
	"onhand/db/settings"
	"onhand/jobs"
)

// Orders are as quick whether mail leaves, hangs or is not there: their mails wait in the outbox. ns/op is of an order
// with 16 tills at work; p99 of one order, as its till waits for it.
func BenchmarkOrdersWhileMail(b *testing.B) {
	for _, c := range []struct {
		name   string
		server func(net.Conn)
	}{
		{"isNotSetUp", nil},
		{"hangs", func(c net.Conn) { _, _ = c.Read(make([]byte, 1)) }},
		{"isRefused", func(c net.Conn) { fmt.Fprint(c, "421 busy\r\n") }},
	} {
		b.Run(c.name, func(b *testing.B) {
			s := dbtest.Open(b)
			s.Clock.Set(time.Now())
			mug := s.Stocked("MUG", 100_000_000)
			if c.server != nil {
				listenTo(b, s, c.server)
			}
			j, err := jobs.New(s.DB, jobs.Options{URL: "http://shop.test", Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				b.Fatal(err)
			}
			j.Start()
			defer func() {
				ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
				defer cancel()
				if err := j.Stop(ctx); err != nil {
					b.Error(err)
				}
			}()
			took := make([]time.Duration, b.N)
			var next atomic.Int64
			var tills sync.WaitGroup
			b.ResetTimer()
			for range 16 {
				tills.Go(func() {
					for {
						i := int(next.Add(1)) - 1
						if i >= b.N {
							return
						}
						start := time.Now()
						_, err := sales.Place(s.Ctx, s.DB, sales.NewOrder{Channel: sales.Phone, Lines: []sales.NewLine{{VariantID: mug, Quantity: 1}},
							Customer: &customers.Contact{Name: "Grace", Email: "grace@example.com"}})
						if err != nil {
							b.Error(err)
							return
						}
						took[i] = time.Since(start)
					}
				})
			}
			tills.Wait()
			b.StopTimer()
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

// listenTo lets a shop's mail go to a server of a test.
func listenTo(b *testing.B, s *dbtest.Shop, serve func(net.Conn)) {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	go func() {
		for {
			c, err := l.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if err == nil {
				go func() { defer c.Close(); serve(c) }()
			}
		}
	}()
	b.Cleanup(func() { _ = l.Close() })
	host, port, security, from := "127.0.0.1", l.Addr().(*net.TCPAddr).Port, settings.NoTLS, "shop@example.com"
	if _, err := settings.Save(s.Ctx, s.DB, settings.Change{Mail: &settings.MailChange{Host: &host, Port: &port, Security: &security, From: &from}}); err != nil {
		b.Fatal(err)
	}
}
