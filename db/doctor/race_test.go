//go:build race

package doctor_test

import "flag"

// Under the race detector SQLite is ten times slower, so the model goes fewer steps there; -rapid.checks and ONHAND_STEPS ask for more.
func init() {
	steps = 200
	for name, value := range map[string]string{"rapid.checks": "10", "rapid.steps": "40"} {
		if err := flag.Set(name, value); err != nil {
			panic(err)
		}
	}
}
