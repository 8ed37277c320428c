package dbtest

import (
	"context"
	"testing"
	"time"

	"onhand/db"
)

// pace is how often somebody else does something while work goes on: a hundred times a second, more than a shop's tills together.
const pace = 10 * time.Millisecond

// Nothing is the least that somebody can ask of the writer.
func Nothing(ctx context.Context, d *db.DB) error {
	return db.Write(ctx, d, func(*db.Tx) error { return nil })
}

// Waiting does some work, which it times, while somebody else does one thing after the other, and reports how long those waited at most.
func Waiting(ctx context.Context, b *testing.B, d *db.DB, meanwhile func(context.Context, *db.DB) error, work func() error) {
	b.Helper()
	longest, ended := time.Duration(0), make(chan struct{})
	ctx, stop := context.WithCancel(ctx)
	b.StartTimer()
	go func() {
		defer close(ended)
		due := time.NewTicker(pace)
		defer due.Stop()
		for ctx.Err() == nil {
			<-due.C
			began := time.Now()
			if err := meanwhile(ctx, d); err == nil {
				longest = max(longest, time.Since(began))
			} else if ctx.Err() == nil {
				b.Error(err)
				return
			}
		}
	}()
	err := work()
	b.StopTimer()
	stop()
	<-ended
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(longest.Microseconds())/1000, "ms-longest-wait")
	b.StartTimer()
}
