package imports_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"onhand/db"
	"onhand/db/imports"
)

// manyProducts is a file of n products of one variant with stock.
func manyProducts(n int) string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = fmt.Sprintf("S%d,Mug %d,5,%d", i, i, 1+i%9)
	}
	return simple(rows...)
}

// BenchmarkCommit imports 5,000 products and says how long others waited for the writer meanwhile.
func BenchmarkCommit(b *testing.B) {
	for range b.N {
		b.StopTimer()
		s := open(b)
		m := s.preview(b, manyProducts(5000))
		longest, ended := time.Duration(0), make(chan struct{})
		ctx, stop := context.WithCancel(s.ctx)
		b.StartTimer()
		go func() {
			defer close(ended)
			for ctx.Err() == nil {
				began := time.Now()
				if db.Write(ctx, s.DB, func(*db.Tx) error { return nil }) == nil {
					longest = max(longest, time.Since(began))
				}
			}
		}()
		if _, err := imports.Commit(s.ctx, s.DB, m.ID, imports.CommitOptions{}); err != nil {
			b.Fatal(strings.TrimSpace(err.Error()))
		}
		stop()
		<-ended
		b.ReportMetric(float64(longest.Microseconds())/1000, "ms-longest-wait")
	}
}
