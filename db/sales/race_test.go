//go:build race

package sales_test

import "flag"

// Under the race detector SQLite is ten times slower, so properties are shorter there; -rapid.checks and ONHAND_STEPS ask for more.
func init() {
	steps = 1_000
	for name, value := range map[string]string{"rapid.checks": "20", "rapid.steps": "40"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
}
