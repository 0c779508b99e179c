package privacy_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/logger"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
)

// own are the beginnings of the lines that this package and intake write.
var own = []string{"network data removed", "idempotency keys removed", "messages removed", "erased", "rules expired", "expired block rules removed"}

// logged are our lines of PocketBase's log since the last call, as "message
// {data}", and at least n of them: they are written in the background.
func logged(t *testing.T, app *desktest.App, n int) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	mark := core.GenerateDefaultRandomId()
	app.Logger().Info("mark " + mark)
	var out []string
	for marked := false; !marked || len(out) < n; {
		for _, line := range takeLog(t, app) {
			marked = marked || strings.HasPrefix(line, "mark "+mark)
			if slices.ContainsFunc(own, func(o string) bool { return strings.Contains(line, o) }) {
				out = append(out, line)
			}
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			t.Fatalf("%d lines, want %d: %q", len(out), n, out)
		}
	}
	return out
}

// takeLog is what has reached the log, which is empty of it then.
func takeLog(t *testing.T, app *desktest.App) []string {
	t.Helper()
	if err := app.Logger().Handler().(*logger.BatchHandler).WriteAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	var rows []*core.Log
	if err := app.LogQuery().OrderBy("rowid").All(&rows); err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range rows {
		data, err := json.Marshal(r.Data)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r.Message+" "+string(data))
		if _, err := app.AuxNonconcurrentDB().Delete("_logs", dbx.HashExp{"id": r.Id}).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

func hasLine(lines []string, parts ...string) bool {
	for _, l := range lines {
		all := true
		for _, p := range parts {
			all = all && strings.Contains(l, p)
		}
		if all {
			return true
		}
	}
	return false
}

// Every removal leaves a line with counts and ids, and no word, name or address.
func TestRemovalsAreLogged(t *testing.T) {
	app := desktest.New(t)
	app.Settings().Logs.MaxDays = 5
	app.Choose(desktest.Values{"retention": map[string]any{"network_days": 10, "quarantine_days": 20}})
	agent := app.Agent(desk.RoleAgent, "")
	held := app.Hold(desktest.Values{"name": "Zebulon Quist", "email": "quist@private.example", "subject": "quist subject"})
	junk := app.Hold(desktest.Values{"name": "Zebulon Quist", "email": "quist@private.example", "attachments": []any{app.File("quist.txt", "quist")}})
	if err := app.Door.Confirm(app, junk.Feedback.Id, agent); err != nil {
		t.Fatal(err)
	}
	app.Put(app.One(desk.Verdicts, desktest.Values{"feedback": held.Feedback.Id}), desktest.Values{"ip": "203.0.113.7"})
	if _, err := app.Door.Receive(app, intake.Submission{Feedback: app.Feedback(nil), Key: "a key"}); err != nil {
		t.Fatal(err)
	}
	logged(t, app, 0)

	app.Clock.Advance(11 * 24 * time.Hour)
	if err := privacy.Sweep(app); err != nil {
		t.Fatal(err)
	}
	if err := intake.ForgetKeys(app); err != nil {
		t.Fatal(err)
	}
	lines := logged(t, app, 2)
	if !hasLine(lines, "network data removed", `"verdicts":3`) || !hasLine(lines, "idempotency keys removed", `"keys":1`) {
		t.Errorf("after 11 days: %q", lines)
	}
	app.Clock.Advance(10 * 24 * time.Hour)
	if err := privacy.Sweep(app); err != nil {
		t.Fatal(err)
	}
	lines = logged(t, app, 2)
	if !hasLine(lines, "messages removed", `"outcome":"quarantined"`, `"messages":1`, held.Feedback.Id) ||
		!hasLine(lines, "messages removed", `"outcome":"blocked"`, `"messages":1`, junk.Feedback.Id) {
		t.Errorf("after 21 days: %q", lines)
	}
	if _, err := privacy.Erase(app, "anna@example.com"); err != nil {
		t.Fatal(err)
	}
	lines = append(lines, logged(t, app, 1)...)
	if !hasLine(lines, "erased", `"submissions":1`, `"cases":1`) {
		t.Errorf("after erasing: %q", lines)
	}
	for _, l := range lines {
		for _, word := range []string{"quist", "Zebulon", "anna", "teapot", "203.0.113.7"} {
			if strings.Contains(strings.ToLower(l), strings.ToLower(word)) {
				t.Errorf("%q stands in the log: %s", word, l)
			}
		}
	}
	if err := privacy.Sweep(app); err != nil {
		t.Fatal(err)
	}
	if lines := logged(t, app, 0); len(lines) != 0 {
		t.Errorf("a night without work: %q", lines)
	}
}

// What staff taught with a message outlives it, without its words.
func TestLessonsStay(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	held := app.Hold(desktest.Values{"message": "Buy my extraordinary carpet now, cheap and quick."})
	if err := app.Door.Confirm(app, held.Feedback.Id, agent); err != nil {
		t.Fatal(err)
	}
	before := app.One(desk.Corrections, desktest.Values{"feedback": held.Feedback.Id})
	app.Clock.Advance(40 * 24 * time.Hour)
	if err := privacy.Sweep(app); err != nil {
		t.Fatal(err)
	}
	after := app.One(desk.Corrections, nil)
	if after.Id != before.Id || after.GetString("feedback") != "" || !after.GetBool("spam") ||
		after.GetString("features") == "" || after.GetString("features") != before.GetString("features") {
		t.Errorf("the lesson: %v", after)
	}
	if rows := mentions(t, app, "extraordinary"); len(rows) != 0 {
		t.Errorf("its words stand in %v", rows)
	}
}

// An expired rule is told of once, shown for 90 days more, and told of again
// only if somebody gives it a new end.
func TestExpiredRules(t *testing.T) {
	app := desktest.New(t)
	app.Settings().Logs.MaxDays = 5
	now := app.Clock.Now()
	rule := func(value string, days int) *core.Record {
		v := desktest.Values{"kind": "keyword", "value": value, "action": "block"}
		if days > 0 {
			v["expires"] = desk.Date(now.AddDate(0, 0, days))
		}
		return app.Make(desk.BlockRules, v)
	}
	forever, soon, late := rule("forever-word", 0), rule("soon-word", 1), rule("late-word", 60)
	night := func(day, lines int) []string {
		t.Helper()
		app.Clock.Set(now.AddDate(0, 0, day))
		if err := privacy.Sweep(app); err != nil {
			t.Fatal(err)
		}
		return logged(t, app, lines)
	}
	logged(t, app, 0)
	if lines := night(0, 0); len(lines) != 0 {
		t.Errorf("before any end: %q", lines)
	}
	if lines := night(2, 1); len(lines) != 1 || !hasLine(lines, "rules expired", `"rules":1`, soon.Id) || hasLine(lines, "soon-word") {
		t.Errorf("after the first end: %q", lines)
	}
	if lines := night(3, 0); len(lines) != 0 {
		t.Errorf("told again: %q", lines)
	}
	app.Put(app.Find(desk.BlockRules, soon.Id), desktest.Values{"expires": desk.Date(now.AddDate(0, 0, 5))})
	if lines := night(6, 1); !hasLine(lines, "rules expired", soon.Id) {
		t.Errorf("a new end: %q", lines)
	}
	if lines := night(61, 1); len(lines) != 1 || !hasLine(lines, "rules expired", late.Id) {
		t.Errorf("the second one: %q", lines)
	}
	if n := len(app.All(desk.BlockRules, nil)); n != 3 {
		t.Fatalf("%d rules, want 3", n)
	}
	if lines := night(96, 1); len(lines) != 1 || !hasLine(lines, "expired block rules removed", `"rules":1`, soon.Id) {
		t.Errorf("90 days later: %q", lines)
	}
	night(400, 1)
	if left := app.One(desk.BlockRules, nil); left.Id != forever.Id {
		t.Errorf("left is %v", left)
	}
}
