package webhooks_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/webhooks"
)

// A case's life as a receiver sees it that asks for everything.
func TestStory(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"ack_enabled": false})
	s, r := station(t, app), newReceiver(t, app)
	agent := app.Agent(desk.RoleAgent, "")
	hook(t, s, app, r, nil)
	c := app.Case(nil)
	run(t, s)
	app.Clock.Advance(time.Minute)
	change(t, app, c, agent, desktest.Values{"assignee": agent.Id, "priority": "high", "tags": []string{"vip"}})
	app.Clock.Advance(time.Minute)
	change(t, app, c, agent, desktest.Values{"status": desk.Resolved})
	app.Clock.Advance(time.Minute)
	wrote(t, app, c, "Still broken")
	run(t, s)
	want := []string{"case.opened", "message.received", "case.updated", "case.assigned", "case.updated", "case.resolved", "message.received", "case.updated", "case.reopened"}
	got := r.types()
	slices.Sort(got)
	sorted := slices.Clone(want)
	slices.Sort(sorted)
	if !slices.Equal(got, sorted) {
		t.Fatalf("%v\nwant in any order\n%v", r.types(), want)
	}
	opened := r.of("case.opened")[0]
	its, _ := opened.Data["case"].(map[string]any)
	if its["id"] != c.Id || its["number"] != float64(c.Number()) || its["url"] != "https://shop.example/desk/#/desk/c/"+c.Id || opened.Data["actor"] != nil || opened.Data["message"] == "" {
		t.Errorf("%s", opened.raw)
	}
	if at, err := time.Parse(time.RFC3339, opened.At); err != nil || !at.Equal(app.Find(desk.Cases, c.Id).GetDateTime("created").Time()) {
		t.Errorf("happened at %s: %v", opened.At, err)
	}
	updated := r.of("case.updated")[slices.IndexFunc(r.of("case.updated"), func(l letter) bool { return strings.Contains(l.raw, `"changed":{"assignee"`) })]
	changed, _ := json.Marshal(updated.Data["changed"])
	if !strings.Contains(string(changed), `"priority":{"from":"normal","to":"high"}`) || !strings.Contains(string(changed), `"tags":{"from":`) || !strings.Contains(updated.raw, `"actor":{"id":"`+agent.Id) {
		t.Errorf("what was changed in one go is told as one event: %s", updated.raw)
	}
	seen := map[string]bool{}
	for _, l := range r.letters() {
		if seen[l.id] || strings.Contains(l.id, ".") || strings.Contains(l.raw, "Still broken") || strings.Contains(l.raw, "teapot") || strings.Contains(l.raw, "parcel") {
			t.Errorf("%s: %s", l.id, l.raw)
		}
		seen[l.id] = true
	}
	if len(r.bad) > 0 {
		t.Errorf("not signed: %q", r.bad)
	}
}

// Words go only to who asks for them, and never what opens something.
func TestTexts(t *testing.T) {
	app := desktest.New(t)
	s, with, without := station(t, app), newReceiver(t, app), newReceiver(t, app)
	hook(t, s, app, with, desktest.Values{"with_text": true})
	hook(t, s, app, without, nil)
	c := app.Case(nil)
	secret := app.Find(desk.Cases, c.Id)
	track, token := secret.GetString("track_token"), secret.GetString("mail_token")
	words := "See https://shop.example/support/t/" + track + " and desk+c-" + token + "@shop.example, https://shop.example/c/abcdefghijklmnopqrstuvwxyz012345 " + desk.TrackingLink
	wrote(t, app, c, words)
	wrote(t, app, c, strings.Repeat("長", 40_000))
	agent := app.Agent(desk.RoleAgent, "")
	change(t, app, c, agent, desktest.Values{"subject": "Another subject", "summary": "In short"})
	run(t, s)
	var all strings.Builder
	for _, l := range with.letters() {
		all.WriteString(l.raw)
		if len(l.raw) > 20_000 {
			t.Errorf("%s takes %d bytes", l.Type, len(l.raw))
		}
	}
	for _, word := range []string{"teapot", "Where is my parcel?", "See https://shop.example/support/t/…", "Another subject", "In short"} {
		if !strings.Contains(all.String(), word) {
			t.Errorf("%q is missing", word)
		}
	}
	for _, l := range without.letters() {
		all.WriteString(l.raw)
		for _, word := range []string{"teapot", "parcel", "See https", "Another subject", "In short"} {
			if strings.Contains(l.raw, word) {
				t.Errorf("%q is told without being asked for: %s", word, l.raw)
			}
		}
	}
	for _, hidden := range []string{track, token, "abcdefghijklmnopqrstuvwxyz012345", desk.TrackingLink, "anna@example.com", "whsec_"} {
		if strings.Contains(all.String(), hidden) {
			t.Errorf("%q is told", hidden)
		}
	}
	if len(without.letters()) != len(with.letters()) {
		t.Errorf("%d and %d", len(without.letters()), len(with.letters()))
	}
}

// A webhook gets what it asks for, from when it was switched on.
func TestChoice(t *testing.T) {
	app := desktest.New(t)
	s, r := station(t, app), newReceiver(t, app)
	early := app.Case(nil)
	app.Clock.Advance(time.Minute)
	hook(t, s, app, r, desktest.Values{"events": []string{"case.opened", "case.resolved"}})
	off := newReceiver(t, app)
	hook(t, s, app, off, desktest.Values{"enabled": false})
	c := app.Case(desktest.Values{"subject": "Later"})
	wrote(t, app, c, "More")
	run(t, s)
	if got := r.types(); !slices.Equal(got, []string{"case.opened"}) || strings.Contains(r.letters()[0].raw, early.Id) {
		t.Errorf("%v", got)
	}
	if off.tried() != 0 {
		t.Error("one that is off was told")
	}
}

// While a desk has no webhook, its audit trail isn't read; once it has one, what
// lies before is passed over at once.
func TestBeforeTheFirst(t *testing.T) {
	app := desktest.New(t)
	s, r := station(t, app), newReceiver(t, app)
	for range 3 {
		app.Case(nil)
	}
	app.Clock.Advance(time.Minute)
	if n, err := s.Read(t.Context()); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	hook(t, s, app, r, nil)
	c := app.Case(nil)
	run(t, s)
	for _, l := range r.letters() {
		if !strings.Contains(l.raw, c.Id) {
			t.Errorf("%s", l.raw)
		}
	}
	if len(r.letters()) < 2 {
		t.Error(r.types())
	}
}

// Rotation: for a day both secrets sign, then the new one alone.
func TestRotation(t *testing.T) {
	app := desktest.New(t)
	s, r := station(t, app), newReceiver(t, app)
	h := hook(t, s, app, r, desktest.Values{"events": []string{"case.opened"}})
	old := r.secrets[0]
	fresh, until, err := s.NewSecret(h.Id, false)
	if err != nil || fresh == old || until.Sub(app.Clock.Now()) != 24*time.Hour {
		t.Fatal(until, err)
	}
	if state, ends := s.SecretState(h.Id); state != "kept" || !ends.Equal(until) {
		t.Error(state, ends)
	}
	for _, step := range []struct {
		knows string
		after time.Duration
		taken bool
	}{{old, 0, true}, {fresh, 0, true}, {old, 24*time.Hour - time.Second, true}, {old, time.Second, false}, {fresh, 2 * time.Second, true}} {
		app.Clock.Advance(step.after)
		r.secrets = []string{step.knows}
		before := len(r.letters())
		app.Case(nil)
		run(t, s)
		if taken := len(r.letters()) > before; taken != step.taken {
			t.Errorf("%+v: taken %v", step, taken)
		}
	}
	if _, until, err := s.NewSecret(h.Id, true); err != nil || !until.IsZero() {
		t.Errorf("at once: %v %v", until, err)
	}
}

// Ping waits for the answer, works on one that is off, and counts for nothing.
func TestPing(t *testing.T) {
	app := desktest.New(t)
	s, r := station(t, app), newReceiver(t, app)
	h := hook(t, s, app, r, desktest.Values{"enabled": false})
	admin := app.Agent(desk.RoleAdmin, "")
	pong, err := s.Ping(t.Context(), h.Id, admin)
	if err != nil || !pong.OK || pong.Code != http.StatusNoContent || r.types()[0] != "webhook.ping" {
		t.Fatalf("%+v %v", pong, err)
	}
	r.script(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte("I'm a\nteapot"))
	})
	pong, err = s.Ping(t.Context(), h.Id, admin)
	if err != nil || pong.OK || pong.Code != http.StatusTeapot || pong.Said != "I'm a teapot" {
		t.Errorf("%+v %v", pong, err)
	}
	if after := app.Find(desk.Webhooks, h.Id); !after.GetDateTime("failing_since").IsZero() || len(deliveries(app, h, desktest.Values{"status": webhooks.Failed})) != 1 {
		t.Error("a test that failed counts against the webhook, or isn't listed")
	}
	run(t, s)
	if r.tried() != 2 {
		t.Error("a test is tried again")
	}
}

// Lines of the other stations give what the catalogue says.
func TestKinds(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"ack_enabled": false})
	s, r := station(t, app), newReceiver(t, app)
	c, other := app.Case(nil), app.Case(desktest.Values{"email": "other@example.net"})
	app.Clock.Advance(time.Minute)
	hook(t, s, app, r, desktest.Values{"with_text": true})
	due := "2026-11-18 01:00:00.000Z"
	all := []struct {
		kind          string
		before, after map[string]any
		typ, holds    string
	}{
		{"promise_made", nil, map[string]any{"promise": "p1", "promised_at": due, "text": "by Wednesday"}, "promise.made", `"due":"` + due + `"`},
		{"promise_broken", map[string]any{"promised_at": due}, map[string]any{"promise": "p1", "promised_at": ""}, "promise.broken", `"due":"` + due + `"`},
		{"merged", nil, map[string]any{"role": "target", "case": other.Id, "number": 7, "merge": "m1"}, "case.merged", `"other":"` + other.Id + `"`},
		{"merged", nil, map[string]any{"role": "target", "contact": "c1", "merge": "m2"}, "contact.merged", `"contact":"c1"`},
		{"split", nil, map[string]any{"role": "source", "case": other.Id, "number": 8, "merge": "m3"}, "case.split", `"other_number":8`},
		{"rule", nil, map[string]any{"rule": "Lawyers", "id": "r1", "did": []any{map[string]any{"do": "priority", "value": "secret words"}}}, "rule.fired", `"did":["priority"]`},
		{"sla_breached", nil, map[string]any{"by": "sla", "which": "resolution", "due": due, "policy": "x", "name": "Gold"}, "case.sla_breached", `"by":"sla"`},
		{"escalated", nil, map[string]any{"run": "e1", "escalation": "Legal", "step": 1, "to": []string{"Ann"}, "note": "please"}, "case.escalated", `"note":"please"`},
		{"problem_told", nil, map[string]any{"problem": "q1", "title": "Torn bags", "message": "m"}, "problem.fixed", `"problem":"q1"`},
		{"marked_spam", nil, nil, "case.marked_spam", `"by":""`},
	}
	for _, one := range all {
		if err := desk.Record(app, desk.Event{Case: c.Id, Kind: one.kind, Before: one.before, After: one.after}); err != nil {
			t.Fatal(err)
		}
	}
	run(t, s)
	if len(r.letters()) != len(all) {
		t.Errorf("%v", r.types())
	}
	for _, one := range all {
		got := r.of(one.typ)
		if len(got) != 1 || !strings.Contains(got[0].raw, one.holds) || strings.Contains(got[0].raw, "secret words") {
			t.Errorf("%s: %v", one.kind, got)
		}
	}
}
