package problems

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// Whether somebody was told is found by his own cases, not by all that were told.
func TestToldByIndex(t *testing.T) {
	app := desktest.New(t)
	var plan []struct {
		Detail string `db:"detail"`
	}
	err := app.DB().NewQuery("EXPLAIN QUERY PLAN " + topic{problem: "p"}.query(app)).
		Bind(dbx.Params{"contact": "c", "mailbox": "m", "problem": "p", "at": ""}).All(&plan)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(plan)
	if strings.Contains(text, "problem_told") || strings.Count(text, "(contact=?") != 2 || strings.Contains(text, "SCAN p") {
		t.Errorf("the plan is %s", text)
	}
}
