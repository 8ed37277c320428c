package server_test

import (
	"encoding/json"
	"testing"

	"onhand/db"
	"onhand/db/tasks"
)

func TestTheRunsOfAJobAreItsOwn(t *testing.T) {
	t.Parallel()
	s := openStaffed(t)
	for _, name := range []string{"cleanup", "self-check", "cleanup"} {
		run, err := tasks.Begin(t.Context(), s.db, name)
		if err != nil {
			t.Fatal(err)
		}
		if err := tasks.Finish(t.Context(), s.db, run, tasks.Done, tasks.Said{Text: "Done by " + name + "."}); err != nil {
			t.Fatal(err)
		}
	}
	var page db.Page[tasks.Run]
	if err := json.Unmarshal([]byte(s.as("mia").get("/api/v1/jobs/cleanup/runs").is(200).body), &page); err != nil {
		t.Fatal(err)
	}
	if len(page.Items) != 2 || page.Items[0].Job != "cleanup" || page.Items[0].Result != "Done by cleanup." {
		t.Errorf("the runs of cleanup are %+v", page.Items)
	}
}
