package many_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/many"
)

// Each action leaves the case and its timeline as the same change by hand does,
// and all of it can be taken back.
func TestActions(t *testing.T) {
	s := newShop(t)
	agent, other := s.Agent(desk.RoleAgent, ""), s.Agent(desk.RoleSupervisor, "")
	team := s.Make(desk.Teams, desktest.Values{"name": "Store"}).Id
	categories, err := desk.LoadCategories(s)
	if err != nil {
		t.Fatal(err)
	}
	settings, err := desk.LoadSettings(s)
	if err != nil {
		t.Fatal(err)
	}
	today := s.Clock.Now().In(settings.Location)
	tomorrow := time.Date(today.Year(), today.Month(), today.Day()+1, 9, 0, 0, 0, settings.Location)
	for _, test := range []struct {
		actions string
		want    map[string]string
		kinds   []string
	}{
		{`[{"do":"assign","value":"me"}]`, map[string]string{"assignee": agent.Id}, []string{"assignee"}},
		{`[{"do":"assign","value":"` + other.Id + `"}]`, map[string]string{"assignee": other.Id}, []string{"assignee"}},
		{`[{"do":"team","value":"` + team + `"}]`, map[string]string{"team": team}, []string{"team"}},
		{`[{"do":"status","value":"resolved"}]`, map[string]string{"status": "resolved"}, []string{"status"}},
		{`[{"do":"priority","value":"urgent"}]`, map[string]string{"priority": "urgent"}, []string{"priority"}},
		{`[{"do":"category","value":"` + categories[1].Key + `"}]`, map[string]string{"category": categories[1].Key}, []string{"category"}},
		{`[{"do":"add_tags","value":["vip","礼物"]},{"do":"remove_tags","value":"vip"}]`, map[string]string{"tags": `["礼物"]`}, []string{"tags"}},
		{`[{"do":"snooze","value":{"until":"tomorrow","note":"ask the store","for":"` + other.Id + `"}}]`,
			map[string]string{"status": "on_hold", "follow_up_at": desk.Date(tomorrow).String(), "follow_up_note": "ask the store", "follow_up_for": other.Id}, []string{"status", "follow_up"}},
		{`[{"do":"remind","value":"tomorrow"}]`, map[string]string{"status": "new", "follow_up_at": desk.Date(tomorrow).String()}, []string{"follow_up"}},
		{`[{"do":"assign","value":"me"},{"do":"status","value":"closed"},{"do":"spam"}]`, map[string]string{"status": "closed", "tags": `["spam"]`}, []string{"status", "assignee", "marked_spam"}},
	} {
		id := s.cases(1)[0]
		before, kinds := s.one(id), s.Kinds(id)
		s.Clock.Advance(time.Minute)
		out := s.all(agent, []string{id}, test.actions)
		after := s.one(id)
		for field, want := range test.want {
			if got := after.GetString(field); got != want {
				t.Errorf("%s: %s is %q, want %q", test.actions, field, got, want)
			}
		}
		if got := s.Kinds(id)[len(kinds):]; !slices.Equal(got, test.kinds) {
			t.Errorf("%s: events %v, want %v", test.actions, got, test.kinds)
		}
		if after.GetInt("version") <= before.GetInt("version") || out.Done[0].Version != after.GetInt("version") {
			t.Errorf("%s: version %d after %d, told %d", test.actions, after.GetInt("version"), before.GetInt("version"), out.Done[0].Version)
		}
		if back := s.undo(agent, out.Done); len(back.Done) != 1 {
			t.Fatalf("%s is not taken back: %+v", test.actions, back.Failed[0].Refusal)
		}
		again := s.one(id)
		for _, f := range again.Collection().Fields {
			if n := f.GetName(); n != "version" && n != "tags" && n != "updated" && again.GetString(n) != before.GetString(n) {
				t.Errorf("%s taken back: %s is %q, was %q", test.actions, n, again.GetString(n), before.GetString(n))
			}
		}
	}
}

// A reopened case that is taken back keeps the day on which it was resolved.
func TestUndoKeepsWhatFollowed(t *testing.T) {
	s := newShop(t)
	agent := s.Agent(desk.RoleAgent, "")
	ids := s.cases(1)
	s.all(agent, ids, `[{"do":"status","value":"resolved"}]`)
	before := s.one(ids[0])
	s.Clock.Advance(time.Hour)
	out := s.all(agent, ids, `[{"do":"status","value":"open"}]`)
	s.undo(agent, out.Done)
	after := s.one(ids[0])
	if after.GetString("resolved_at") != before.GetString("resolved_at") || after.GetInt("reopened") != 0 || after.GetString("due_at") != "" {
		t.Errorf("resolved %s (was %s), reopened %d, due %q", after.GetString("resolved_at"), before.GetString("resolved_at"), after.GetInt("reopened"), after.GetString("due_at"))
	}
}

// One that can't be done keeps none of the others back: a case of another team
// is as if it were not there, a stale one names who was faster.
func TestPartialFailure(t *testing.T) {
	s := newShop(t)
	teamA, teamB := s.Make(desk.Teams, desktest.Values{"name": "A"}).Id, s.Make(desk.Teams, desktest.Values{"name": "B"}).Id
	agent, colleague := s.Agent(desk.RoleAgent, teamA), s.Agent(desk.RoleSupervisor, "")
	ids := s.cases(5)
	s.all(colleague, ids[:1], `[{"do":"team","value":"`+teamB+`"}]`)
	versions := map[string]int{}
	for _, id := range ids {
		versions[id] = s.one(id).GetInt("version")
	}
	s.all(colleague, ids[1:2], `[{"do":"priority","value":"high"}]`)
	s.Put(s.Find(desk.Cases, ids[2]), desktest.Values{"merged_into": ids[3]})
	ask := append([]string{"nosuchcase00000", ids[4]}, ids...)
	out, err := s.try(many.Request{Agent: agent, IDs: ask, Versions: versions}, `[{"do":"status","value":"resolved"}]`)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"nosuchcase00000": many.CodeGone, ids[0]: many.CodeGone, ids[1]: many.CodeChanged, ids[2]: many.CodeMerged}
	if got := codes(out.Failed); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("failed %v, want %v", got, want)
	}
	if len(out.Done) != 2 || out.Done[0].ID != ids[4] || out.Done[1].ID != ids[3] {
		t.Errorf("done %+v", out.Done)
	}
	for _, f := range out.Failed {
		switch {
		case f.Code == many.CodeGone && (f.Number != 0 || f.Message != "There is no such case."):
			t.Errorf("a case that he may not see is told of: %+v", f)
		case f.Code == many.CodeChanged && f.Data["by"] != colleague.Name():
			t.Errorf("who was faster: %+v", f.Refusal)
		}
	}
	if got := s.one(ids[0]).Status(); got != desk.Unread {
		t.Errorf("the case of another team is %s", got)
	}
}

// What goes wrong inside the transaction leaves nothing of the case behind, and
// the cases that shared its commit as they should be.
func TestFaultInTheTransaction(t *testing.T) {
	s := newShop(t)
	agent := s.Agent(desk.RoleAgent, "")
	ids := s.cases(12)
	_, err := s.NonconcurrentDB().NewQuery(`CREATE TRIGGER refuses BEFORE INSERT ON messages WHEN NEW."case" = '` + ids[5] + `' BEGIN SELECT RAISE(ABORT, 'the disk says no'); END`).Execute()
	if err != nil {
		t.Fatal(err)
	}
	out := s.run(agent, ids, `[{"do":"status","value":"resolved"},{"do":"note","value":"done in one go"}]`)
	if got := codes(out.Failed); len(got) != 1 || got[ids[5]] != many.CodeFault {
		t.Errorf("failed %v", got)
	}
	for i, id := range ids {
		notes, status := len(s.All(desk.Messages, desktest.Values{"case": id, "direction": "note"})), s.one(id).Status()
		if want := i != 5; (notes == 1) != want || (status == desk.Resolved) != want || notes > 1 {
			t.Errorf("case %d: %s with %d notes", i, status, notes)
		}
	}
}

// Hostile and mistaken requests are refused as a whole, with a sentence that
// names the action.
func TestRefusedRequests(t *testing.T) {
	s := newShop(t)
	s.Make(desk.Templates, desktest.Values{"key": "text", "locale": "en", "kind": "sms", "enabled": true, "body": "x"})
	s.Make(desk.Templates, desktest.Values{"key": "off", "locale": "en", "kind": "reply", "body": "x"})
	agent := s.Agent(desk.RoleAgent, "")
	program := s.Agent(desk.RoleIntegration, "")
	ids := s.cases(1)
	for actions, want := range map[string]string{
		``: "Give a list", `null`: "Give 1 to 20", `[]`: "Give 1 to 20", `{}`: "Give a list", `[[]]`: "Give a list", `"x"`: "Give a list",
		`[{"do":"status","value":"open"}] []`:                                         "Give a list",
		`[{"do":"status","value":"open","else":1}]`:                                   "Give a list",
		`[` + strings.Repeat(`{"do":"spam"},`, 20) + `{"do":"spam"}]`:                 "Give 1 to 20",
		`[{"do":"note","value":"` + strings.Repeat("x", 20_000) + `"}]`:               "bytes",
		`[{"do":"status","value":"new"}]`:                                             "Action 1 (status): There is no such status.",
		`[{"do":"status"}]`:                                                           "is a text",
		`[{"do":"status","value":{"$ne":1}}]`:                                         "is a text",
		`[{"do":"priority","value":"URGENT"}]`:                                        "no such priority",
		`[{"do":"spam"},{"do":"erase","value":1}]`:                                    "Action 2 (erase): There is no such action.",
		`[{"do":"assign","value":"nobody"}]`:                                          "no such colleague",
		`[{"do":"assign","value":"` + program.Id + `"}]`:                              "no such colleague",
		`[{"do":"team","value":"x' OR 1=1"}]`:                                         "no such team",
		`[{"do":"category","value":"nothing"}]`:                                       "no such category",
		`[{"do":"add_tags","value":[]}]`:                                              "1 to 50 tags",
		`[{"do":"add_tags","value":["` + strings.Repeat("字", 61) + `"]}]`:             "1 to 60",
		`[{"do":"add_tags","value":[1]}]`:                                             "list of words",
		`[{"do":"snooze","value":{"until":"2001-01-01T00:00:00Z"}}]`:                  "lie ahead",
		`[{"do":"snooze","value":{"until":"9999-01-01T00:00:00Z"}}]`:                  "lie ahead",
		`[{"do":"snooze","value":{"until":""}}]`:                                      "date to come",
		`[{"do":"remind","value":{"until":"999_days"}}]`:                              "date to come",
		`[{"do":"remind","value":{"until":"tomorrow","for":"x"}}]`:                    "no such colleague",
		`[{"do":"note","value":{"body":"  "}}]`:                                       "has words",
		`[{"do":"note","value":"a"},{"do":"note","value":"b"}]`:                       "one note",
		`[{"do":"answer","value":{}}]`:                                                "one of them",
		`[{"do":"answer","value":{"template":"off","body":"x"}}]`:                     "one of them",
		`[{"do":"answer","value":{"template":"off"}}]`:                                "no enabled template",
		`[{"do":"answer","value":{"template":"text"}}]`:                               "no answer by mail",
		`[{"do":"answer","value":{"body":"{{ contact.password }}"}}]`:                 "password",
		`[{"do":"answer","value":{"body":"{% if"}}]`:                                  "Action 1",
		`[{"do":"answer","value":{"body":"x","locale":"tlh"}}]`:                       "no language",
		`[{"do":"answer","value":{"body":"x","status":"new"}}]`:                       "no such status",
		`[{"do":"answer","value":{"body":"x"}},{"do":"answer","value":{"body":"y"}}]`: "one answer",
		`[{"do":"answer","value":{"body":"x"}},{"do":"spam"}]`:                        "Spam gets no answer",
	} {
		_, err := s.try(many.Request{Agent: agent, IDs: ids}, actions)
		if err == nil || !strings.Contains(strings.ToLower(err.Error()), strings.ToLower(want)) {
			t.Errorf("%.80s: %v, want %q", actions, err, want)
		}
	}
	good := `[{"do":"status","value":"open"}]`
	for name, r := range map[string]many.Request{
		"ids":   {IDs: nil},
		"keys":  {IDs: ids, Key: strings.Repeat("x", 65)},
		"many":  {IDs: slices.Repeat(ids, 101)},
		"macro": {IDs: ids, Macro: "x"},
	} {
		r.Agent = agent
		if _, err := s.try(r, good); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if got := s.one(ids[0]); got.Status() != desk.Unread || got.GetInt("version") > 1 {
		t.Errorf("a refused request changed the case: %s", got.Status())
	}
}

// A list that fills up is refused for the case that it is too much for.
func TestTooManyTags(t *testing.T) {
	s := newShop(t)
	agent := s.Agent(desk.RoleAgent, "")
	ids := s.cases(2)
	var tags []string
	for i := range 50 {
		tags = append(tags, fmt.Sprint("tag", i))
	}
	s.Put(s.Find(desk.Cases, ids[0]), desktest.Values{"tags": tags})
	out := s.run(agent, ids, `[{"do":"add_tags","value":"one more"}]`)
	if got := codes(out.Failed); len(out.Done) != 1 || got[ids[0]] != many.CodeTags {
		t.Errorf("done %v, failed %v", out.Done, got)
	}
}

// A request that comes again with its key is not done again; neither are two at once.
func TestKey(t *testing.T) {
	s := newShop(t)
	agent := s.Agent(desk.RoleAgent, "")
	ids := s.cases(3)
	r := many.Request{Agent: agent, IDs: ids, Key: "a1"}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if out, err := s.try(r, `[{"do":"note","value":"once"}]`); err != nil || len(out.Done) != 3 {
				t.Errorf("%+v %v", out, err)
			}
		})
	}
	wg.Wait()
	if n := len(s.All(desk.Messages, desktest.Values{"direction": "note"})); n != 3 {
		t.Errorf("%d notes on three cases", n)
	}
	if _, err := s.try(r, `[{"do":"note","value":"twice"}]`); err == nil {
		t.Error("a key serves another request")
	}
	stranger := many.Request{Agent: s.Agent(desk.RoleAgent, ""), IDs: ids, Key: "a1"}
	if out, err := s.try(stranger, `[{"do":"note","value":"twice"}]`); err != nil || len(out.Done) != 3 {
		t.Errorf("somebody else's key: %v", err)
	}
	r.Key = "b2"
	if _, err := s.try(r, `[{"do":"nothing"}]`); err == nil {
		t.Fatal("taken")
	}
	if _, err := s.try(r, `[{"do":"status","value":"open"}]`); err != nil {
		t.Errorf("a refused request keeps its key: %v", err)
	}
	s.Clock.Advance(11 * time.Minute)
	if out, err := s.try(many.Request{Agent: agent, IDs: ids, Key: "a1"}, `[{"do":"note","value":"again"}]`); err != nil || len(out.Done) != 3 {
		t.Errorf("a key is kept for ever: %v", err)
	}
}

// When nobody waits for the answer any more, the rest is left undone.
func TestStopped(t *testing.T) {
	s := newShop(t)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	out, err := s.try(many.Request{Agent: s.Agent(desk.RoleAgent, ""), IDs: s.cases(3), Context: ctx}, `[{"do":"status","value":"open"}]`)
	if err != nil || len(out.Done) != 0 || len(out.Failed) != 3 || out.Failed[0].Code != many.CodeStopped {
		t.Errorf("%+v %v", out, err)
	}
}

// Several people at once on the same cases: whoever is second by version fails,
// and every case is changed exactly once.
func TestRace(t *testing.T) {
	s := newShop(t)
	ids, versions := s.cases(20), map[string]int{}
	for _, id := range ids {
		versions[id] = s.one(id).GetInt("version")
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := map[string]int{}
	for i := range 4 {
		agent := s.Agent(desk.RoleAgent, "")
		wg.Go(func() {
			out, err := s.try(many.Request{Agent: agent, IDs: ids, Versions: versions}, fmt.Sprintf(`[{"do":"add_tags","value":"by%d"}]`, i))
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			for _, d := range out.Done {
				done[d.ID]++
			}
		})
	}
	wg.Wait()
	for _, id := range ids {
		if tags := s.one(id).Tags(); done[id] != 1 || len(tags) != 1 {
			t.Errorf("%s was done %d times: %v", id, done[id], tags)
		}
	}
}

// What takes a hundred cases back fits into one request.
func TestUndoOfAHundredIsSmall(t *testing.T) {
	s := newShop(t)
	agent := s.Agent(desk.RoleAgent, "")
	ids := s.cases(100)
	out := s.all(agent, ids, `[{"do":"assign","value":"me"},{"do":"add_tags","value":"x"},{"do":"status","value":"resolved"}]`)
	raw, err := json.Marshal(map[string]any{"done": out.Done})
	if err != nil || len(raw) > 200_000 {
		t.Errorf("what takes a hundred cases back has %d bytes", len(raw))
	}
}
