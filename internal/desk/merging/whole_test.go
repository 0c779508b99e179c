package merging_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// standing is a case with all its fields but those that say that it was touched.
func (b *bench) standing(c *desk.Case) map[string]string {
	r := b.Find(desk.Cases, c.Id)
	out := map[string]string{}
	for name, value := range r.FieldsData() {
		raw, err := json.Marshal(value)
		if err != nil {
			b.Fatal(err)
		}
		out[name] = string(raw)
	}
	delete(out, "version")
	delete(out, "updated")
	return out
}

// full is a case with something of all that may hang on one.
func (b *bench) full(other string) *desk.Case {
	b.Helper()
	c := b.Case(desktest.Values{"email": "anna@example.com"})
	at := func(d time.Duration) string { return desk.Date(b.Clock.Now().Add(d)).String() }
	problem := b.Make(desk.Problems, desktest.Values{"title": "Fault " + other, "state": "open"})
	b.set(c, desktest.Values{
		"follow_up_at": at(30 * time.Hour), "follow_up_note": "Ask " + other, "follow_up_for": b.agent.Id,
		"first_response_due": at(4 * time.Hour), "next_response_due": at(5 * time.Hour), "resolution_due": at(60 * time.Hour), "told": map[string]any{"resolution": "warning"},
		"problem": problem.Id, "problem_told": problem.Id, "problem_told_at": at(-time.Hour), "tags": []string{"vip-" + other},
	})
	if _, err := b.Promises.Vow(c.Id, desk.Vow{Agent: b.agent.Id, Due: b.Clock.Now().Add(20 * time.Hour)}); err != nil {
		b.Fatal(err)
	}
	hook := b.Make(desk.Webhooks, desktest.Values{"name": "Hook " + other, "url": "https://hook.example/", "enabled": true})
	b.Make(desk.WebhookDeliveries, desktest.Values{"webhook": hook.Id, "type": "case.opened", "msg": "m" + other, "case": c.Id, "status": "sent"})
	for _, state := range []string{desk.EscalationOpen, desk.EscalationAcknowledged, desk.EscalationEnded} {
		b.Make(desk.CaseEscalations, desktest.Values{"case": c.Id, "name": other + " " + state, "state": state, "took": []any{}, "next_at": at(time.Hour)})
	}
	return desk.AsCase(b.Find(desk.Cases, c.Id))
}

// where tells on which case each record of a collection stands.
func (b *bench) where(collection string) map[string]string {
	out := map[string]string{}
	for _, r := range b.All(collection, nil) {
		out[r.Id] = r.GetString("case") + " " + r.GetString("state") + " " + r.GetString("next_at")
	}
	return out
}

// A merge that is undone leaves both cases and all that hangs on them as they were.
func TestUndoBringsAllBack(t *testing.T) {
	b := newBench(t)
	source, target := b.full("one"), b.full("two")
	cases := []map[string]string{b.standing(source), b.standing(target)}
	hung := map[string]map[string]string{}
	for _, collection := range []string{desk.Promises, desk.CaseEscalations, desk.WebhookDeliveries, desk.Messages, desk.Notices, desk.RuleRuns} {
		hung[collection] = b.where(collection)
	}
	b.Clock.Advance(time.Minute)
	done := b.merge(desk.MergeCase, source.Id, target.Id)
	if n := len(b.All(desk.CaseEscalations, desktest.Values{"case": target.Id})); n != 5 {
		t.Errorf("%d escalations at the target: those that go on come along", n)
	}
	b.Clock.Advance(time.Minute)
	b.undo(done.ID)
	for i, c := range []*desk.Case{source, target} {
		now := b.standing(c)
		for name, was := range cases[i] {
			if now[name] != was {
				t.Errorf("case %d: %s was %s and is %s", i, name, was, now[name])
			}
		}
	}
	for collection, was := range hung {
		now := b.where(collection)
		for id, at := range was {
			if now[id] != at {
				t.Errorf("%s %s stood at %s and stands at %s", desk.BaseName(collection), id, at, now[id])
			}
		}
	}
}

// What became of an escalation at the target goes back with it; one that began
// there stays.
func TestUndoAfterAnEscalationWentOn(t *testing.T) {
	b := newBench(t)
	source, target := b.Case(desktest.Values{"email": "a@example.com"}), b.Case(desktest.Values{"email": "a@example.com"})
	run := b.Make(desk.CaseEscalations, desktest.Values{"case": source.Id, "state": desk.EscalationOpen, "took": []any{}})
	done := b.merge(desk.MergeCase, source.Id, target.Id)
	b.Put(b.Find(desk.CaseEscalations, run.Id), desktest.Values{"state": desk.EscalationAcknowledged})
	since := b.Make(desk.CaseEscalations, desktest.Values{"case": target.Id, "state": desk.EscalationOpen, "took": []any{}})
	for _, id := range []string{run.Id, since.Id} {
		if err := desk.Record(b, desk.Event{Case: target.Id, Kind: desk.EventAcknowledged, After: map[string]any{"run": id}}); err != nil {
			t.Fatal(err)
		}
	}
	b.undo(done.ID)
	back, stays := b.Find(desk.CaseEscalations, run.Id), b.Find(desk.CaseEscalations, since.Id)
	if back.GetString("case") != source.Id || back.GetString("state") != desk.EscalationAcknowledged || stays.GetString("case") != target.Id {
		t.Errorf("%v %v", back.PublicExport(), stays.PublicExport())
	}
	for id, of := range map[string]string{source.Id: run.Id, target.Id: since.Id} {
		if got := b.Event(id, desk.EventAcknowledged); got["run"] != of {
			t.Errorf("%s tells of %v", id, got)
		}
	}
}
