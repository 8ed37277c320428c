//go:build race

package sales_test

import "flag"

// Under the race detector SQLite is ten times slower, so properties are shorter there; -rapid.checks asks for more.
func init() {
	for name, value := range map[string]string{"rapid.checks": "20", "rapid.steps": "40"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
}
