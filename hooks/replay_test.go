package hooks

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

const replayPath = "/api/desk/rules/replay"

// warehouse is a rule whose conditions find a word, and who makes something of it.
func warehouse(team string) map[string]any {
	return map[string]any{
		"event": "case_opened", "filter": `text ~ "broken pot"`, "delay": "", "states": []string{},
		"actions": []any{
			map[string]any{"do": "team", "value": team},
			map[string]any{"do": "add_tags", "value": []string{"returned"}},
			map[string]any{"do": "priority", "value": "high"},
			map[string]any{"do": "stop", "value": true},
		},
	}
}

// tried starts a trial and waits until it is finished.
func (w *world) tried(t *testing.T, rule map[string]any) (string, map[string]any) {
	t.Helper()
	status, started := w.Post(replayPath, map[string]any{"rule": rule, "days": 90}, w.auth("admin")...)
	if status != http.StatusOK {
		t.Fatalf("start: %d %v", status, started)
	}
	id := started["id"].(string)
	var at map[string]any
	waitFor(t, "the end of the trial", func() bool {
		status, at = w.Get(replayPath+"/"+id, w.auth("admin")...)
		return status == http.StatusOK && at["finished"] == true
	})
	return id, at
}

// What a trial lists is what the rule does: applied on the cases that are open,
// and, once it is on, on new ones that say the same.
func TestReplayIsWhatHappens(t *testing.T) {
	w := newWorld(t)
	team := w.Add(desk.Teams, map[string]any{"name": "Warehouse"}).Id
	send := func() []string {
		var ids []string
		for _, text := range []string{"I got a broken pot.", "Where is my parcel?", "Another broken pot, please help."} {
			ids = append(ids, w.opened(text))
		}
		return ids
	}
	past := send()
	if _, err := w.App.DB().Update(desk.Name(w.App, desk.Cases), dbx.Params{"status": "closed"}, dbx.HashExp{"id": past[2]}).Execute(); err != nil {
		t.Fatal(err)
	}
	rule := warehouse(team)
	id, at := w.tried(t, rule)
	list := at["list"].([]any)
	if at["matched"] != 2.0 || at["open"] != 1.0 || len(list) != 2 || list[0].(map[string]any)["case"] != past[0] || list[1].(map[string]any)["case"] != past[2] {
		t.Fatalf("found %v", at)
	}
	would := list[0].(map[string]any)["would"].([]any)
	if len(would) != 3 || len(at["changes"].([]any)) != 3 {
		t.Errorf("would %v, changes %v", would, at["changes"])
	}
	status, kept := w.Post("/api/collections/rules/records", merge(rule, map[string]any{"name": "Pots", "enabled": true}), w.auth("admin")...)
	if status != http.StatusOK {
		t.Fatalf("save: %d %v", status, kept)
	}
	ruleID := kept["id"].(string)
	apply := "/api/desk/rules/" + ruleID + "/apply"
	if status, out := w.Post(apply, map[string]any{"replay": id}, w.auth("admin")...); status != http.StatusOK || out["done"] != 1.0 {
		t.Fatalf("apply: %d %v", status, out)
	}
	if got := w.did(t, ruleID); len(got) != 1 || !slices.Equal(got[past[0]], names(would)) {
		t.Errorf("applied %v, listed %v", got, names(would))
	}
	if status, out := w.Post(apply, map[string]any{"replay": id}, w.auth("admin")...); status != http.StatusOK || out["done"] != 0.0 {
		t.Errorf("again: %d %v", status, out)
	}
	fresh := send()
	if err := w.plugin.rules.Drain(); err != nil {
		t.Fatal(err)
	}
	got := w.did(t, ruleID)
	for i, found := range []bool{true, false, true} {
		if did := got[fresh[i]]; found != slices.Equal(did, names(would)) || !found && did != nil {
			t.Errorf("new case %d: %v", i, did)
		}
	}
	status, runs := w.Get("/api/desk/rules/runs?rule="+ruleID, w.auth("admin")...)
	if items, _ := runs["items"].([]any); status != http.StatusOK || len(items) != 3 || items[0].(map[string]any)["number"] == 0.0 {
		t.Errorf("runs: %d %v", status, runs)
	}
	// a rule that says something else since is not applied
	if status, out := w.Patch("/api/collections/rules/records/"+ruleID, map[string]any{"filter": ""}, w.auth("admin")...); status != http.StatusOK {
		t.Fatalf("change: %d %v", status, out)
	}
	if status, _ := w.Post(apply, map[string]any{"replay": id}, w.auth("admin")...); status != http.StatusBadRequest {
		t.Errorf("changed since: %d", status)
	}
	if status, _ := w.Delete(replayPath+"/"+id, w.auth("admin")...); status != http.StatusNoContent {
		t.Errorf("end: %d", status)
	}
	if status, _ := w.Get(replayPath+"/"+id, w.auth("admin")...); status != http.StatusNotFound {
		t.Errorf("ended: %d", status)
	}
}

func TestReplayRefusals(t *testing.T) {
	w := newWorld(t)
	good := warehouse("")
	for name, body := range map[string]map[string]any{
		"no rule":    {"days": 90},
		"days":       {"rule": good, "days": 91},
		"no days":    {"rule": good},
		"filter":     {"rule": merge(good, map[string]any{"filter": "track_token != ''"}), "days": 7},
		"actions":    {"rule": merge(good, map[string]any{"actions": []any{}}), "days": 7},
		"no such do": {"rule": merge(good, map[string]any{"actions": []any{map[string]any{"do": "erase"}}}), "days": 7},
	} {
		if status, got := w.Post(replayPath, body, w.auth("admin")...); status != http.StatusBadRequest {
			t.Errorf("%s: %d %v", name, status, got)
		}
	}
	for _, role := range []string{"guest", "integration", "agent", "supervisor"} {
		if status, _ := w.Post(replayPath, map[string]any{"rule": good, "days": 7}, w.auth(role)...); status != http.StatusForbidden && status != http.StatusUnauthorized {
			t.Errorf("%s: %d", role, status)
		}
	}
	if status, _ := w.Get("/api/desk/rules/runs?rule=x&cursor=y", w.auth("admin")...); status != http.StatusBadRequest {
		t.Errorf("cursor: %d", status)
	}
	if status, _ := w.Post("/api/desk/rules/nosuchrule00000/apply", map[string]any{"replay": "x"}, w.auth("admin")...); status != http.StatusNotFound {
		t.Errorf("no such rule: %d", status)
	}
}

// The rules that a shop starts with can be used as they are, and tried.
func TestStarterRules(t *testing.T) {
	w := newWorld(t)
	rules, err := w.App.FindAllRecords(desk.Rules)
	if err != nil || len(rules) < 10 {
		t.Fatalf("%d rules, %v", len(rules), err)
	}
	for _, r := range rules {
		var actions any
		if err := json.Unmarshal([]byte(r.GetString("actions")), &actions); err != nil {
			t.Fatal(err)
		}
		draft := map[string]any{"event": r.GetString("event"), "filter": r.GetString("filter"), "actions": actions, "delay": r.GetString("delay")}
		if states := r.GetStringSlice("states"); len(states) > 0 {
			draft["states"] = states
		}
		if status, got := w.Post("/api/desk/rules/check", draft, w.auth("admin")...); status != http.StatusOK {
			t.Errorf("%s: %d %v", r.GetString("starter"), status, got)
		}
		if _, at := w.tried(t, draft); at["error"] != nil {
			t.Errorf("%s: %v", r.GetString("starter"), at)
		}
	}
}

// did tells what a rule did, by case: the actions that it notes.
func (w *world) did(t *testing.T, rule string) map[string][]string {
	t.Helper()
	rows, err := w.App.FindAllRecords(desk.RuleRuns, dbx.HashExp{"rule": rule})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for _, r := range rows {
		var did []any
		if err := json.Unmarshal([]byte(r.GetString("did")), &did); err != nil {
			t.Fatal(err)
		}
		out[r.GetString("case")] = names(did)
	}
	return out
}

// names are what actions do, in order.
func names(actions []any) []string {
	var out []string
	for _, a := range actions {
		out = append(out, a.(map[string]any)["do"].(string))
	}
	return out
}

func merge(a, b map[string]any) map[string]any {
	out := map[string]any{}
	for _, m := range []map[string]any{a, b} {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

// opened sends a message and gives its case.
func (w *world) opened(text string) string {
	id, _ := w.Submit(map[string]any{"email": "wang@example.org", "locale": "en", "message": text})["id"].(string)
	w.Clock.Advance(time.Minute)
	return w.CaseOf(id).Id
}

// waitFor looks at a condition until it holds.
func waitFor(t *testing.T, what string, holds func() bool) {
	t.Helper()
	late, tick := time.After(patience), time.NewTicker(again/10)
	defer tick.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-late:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// Of an answer a trial says in which language it would leave, and shows the mail to
// whoever looks; nobody else's trial, and no case that it didn't list.
func TestReplayShowsTheLetter(t *testing.T) {
	w := newWorld(t)
	past := w.opened("Where is my parcel?")
	rule := map[string]any{"event": "case_opened", "filter": "", "actions": []any{map[string]any{"do": "answer", "value": map[string]any{"template": "nudge"}}}}
	id, at := w.tried(t, rule)
	first := at["list"].([]any)[0].(map[string]any)
	if first["locale"] != "en" {
		t.Errorf("listed as %v", first)
	}
	path := replayPath + "/" + id + "/letter/"
	status, letter := w.Get(path+past, w.auth("admin")...)
	if body, _ := letter["body"].(string); status != http.StatusOK || letter["to"] != "wang@example.org" || letter["locale"] != "en" || !strings.Contains(body, "we answered your message") {
		t.Errorf("%d %v", status, letter)
	}
	if status, _ := w.Get(path+"nosuchcase00000", w.auth("admin")...); status != http.StatusNotFound {
		t.Errorf("a case that is not listed: %d", status)
	}
	if status, _ := w.Get(path+past, w.auth("supervisor")...); status != http.StatusForbidden {
		t.Errorf("a supervisor: %d", status)
	}
}
