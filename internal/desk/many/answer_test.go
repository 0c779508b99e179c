package many_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/many"
)

// strike is an answer in two languages that needs a name and an order's subject.
func (s *shop) strike() {
	for locale, body := range map[string]string{
		"en": "Dear {{ contact.name }}, parcels are late. Yours about {{ case.subject }} as well.",
		"ja": "{{ contact.name }}様、お荷物が遅れております。件名：{{ case.subject }}",
	} {
		s.Make(desk.Templates, desktest.Values{"key": "strike", "locale": locale, "kind": "reply", "enabled": true, "subject": "Late / {{ case.subject }}", "body": body})
	}
}

const answerStrike = `[{"do":"answer","value":{"template":"strike","status":"pending"}}]`

// Each case gets its own letter in its own language; whose letter would have a
// hole in it, or who left no address, is left out with a sentence.
func TestAnswerPerCase(t *testing.T) {
	s := newShop(t)
	s.strike()
	agent := s.Agent(desk.RoleAgent, "")
	anna := s.Case(desktest.Values{"name": "Anna Berg", "email": "anna@example.com"})
	hana := s.Case(desktest.Values{"name": "山田花子", "email": "hana@example.jp", "locale": "ja", "subject": "荷物はいつ届きますか"})
	nameless := s.Case(desktest.Values{"name": "", "email": "x@example.org"})
	phone := s.Case(desktest.Values{"name": "Bo", "email": "", "phone": "+886912345678"})
	ids := []string{anna.Id, hana.Id, nameless.Id, phone.Id}

	look, err := s.many.Preview(s, many.Request{Agent: agent, IDs: ids, Actions: json.RawMessage(answerStrike)})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{nameless.Id: many.CodeEmpty, phone.Id: many.CodeNoAddress}
	if got := codes(look.Failed); look.Ready != 2 || got[nameless.Id] != want[nameless.Id] || got[phone.Id] != want[phone.Id] {
		t.Errorf("ready %d, failed %v", look.Ready, got)
	}
	if w := look.Items[1]; w.Answer.Locale != "ja" || w.Answer.To != "hana@example.jp" || w.Answer.Body != "山田花子様、お荷物が遅れております。件名：荷物はいつ届きますか" || w.Changes["status"] != [2]any{"new", "pending"} {
		t.Errorf("preview %+v %+v", w, w.Answer)
	}
	if n := len(s.All(desk.Messages, desktest.Values{"direction": "out"})); n != 0 || s.one(anna.Id).GetInt("version") != anna.GetInt("version") || s.kicked != 0 {
		t.Fatalf("a preview wrote: %d messages", n)
	}

	out := s.run(agent, ids, answerStrike)
	if got := codes(out.Failed); len(out.Done) != 2 || len(got) != 2 || s.kicked != 1 || !out.Until.Equal(s.Clock.Now().Add(10*time.Second)) {
		t.Fatalf("done %+v, failed %v, until %v", out.Done, got, out.Until)
	}
	m := desk.AsMessage(s.One(desk.Messages, desktest.Values{"case": anna.Id, "direction": "out"}))
	if m.Body() != "Dear Anna Berg, parcels are late. Yours about Where is my parcel? as well." || m.Template() != "strike" || m.Author() != agent.Id {
		t.Errorf("%q by %s", m.Body(), m.Author())
	}
	d := s.Delivery(anna.Id, "reply")
	if d.GetString("recipient") != "anna@example.com" || !d.GetDateTime("next_attempt").Time().Equal(out.Until) {
		t.Errorf("to %s at %s", d.GetString("recipient"), d.GetString("next_attempt"))
	}
	if c := s.one(anna.Id); c.Status() != desk.Pending || c.Assignee() != agent.Id || c.GetString("waiting_since") != "" {
		t.Errorf("the case is %s of %q", c.Status(), c.Assignee())
	}
	if kinds := s.Kinds(anna.Id); !slices.Contains(kinds, "replied") {
		t.Errorf("events %v", kinds)
	}
	if used := s.One(desk.Templates, desktest.Values{"key": "strike", "locale": "en"}).GetInt("used"); used != 2 {
		t.Errorf("used %d", used)
	}

	back := s.undo(agent, out.Done)
	if len(back.Done) != 2 {
		t.Fatalf("taken back: %+v", back.Failed[0].Refusal)
	}
	if n := len(s.All(desk.Messages, desktest.Values{"direction": "out"})) + len(s.All(desk.Outbox, nil)); n != 0 {
		t.Errorf("%d mails are left", n)
	}
	if c := s.one(anna.Id); c.Status() != desk.Unread || c.Assignee() != "" || c.GetString("waiting_since") != anna.GetString("waiting_since") {
		t.Errorf("the case is %s of %q, waiting since %q", c.Status(), c.Assignee(), c.GetString("waiting_since"))
	}
}

// A place that a template leaves open for whoever writes is never sent to many.
func TestBlankInATemplate(t *testing.T) {
	s := newShop(t)
	agent := s.Agent(desk.RoleAgent, "")
	ids := s.cases(1)
	for _, text := range []string{"It is [fill in: where it is].", "［請填寫：物流單號］", "[ FILL IN ：x]", "[请填写:x]", "［要記入：日付］"} {
		raw, _ := json.Marshal([]any{map[string]any{"do": "answer", "value": map[string]string{"body": text}}})
		if got := codes(s.run(agent, ids, string(raw)).Failed); got[ids[0]] != many.CodeBlank {
			t.Errorf("%s: %v", text, got)
		}
	}
	s.all(agent, ids, `[{"do":"answer","value":{"body":"It is in [Taipei] (fill in: nothing)."}}]`)
}

// Fields and answer of one list go back together, and not at all once the mail
// has left.
func TestUndoOfAMailThatLeft(t *testing.T) {
	s := newShop(t)
	agent := s.Agent(desk.RoleAgent, "")
	ids := s.cases(2)
	out := s.all(agent, ids, `[{"do":"priority","value":"high"},{"do":"answer","value":{"body":"Sorry, {{ contact.name }}.","status":"resolved"}},{"do":"note","value":"told them"}]`)
	s.Put(s.Delivery(ids[0], "reply").Record, desktest.Values{"status": "sent", "attempts": 1})
	back := s.undo(agent, out.Done)
	if got := codes(back.Failed); len(back.Done) != 1 || got[ids[0]] != "left" || !back.Done[0].Kept {
		t.Fatalf("%+v %v", back.Done, got)
	}
	if c := s.one(ids[0]); c.Priority() != "high" || c.Status() != desk.Resolved {
		t.Errorf("half of it was taken back: %s %s", c.Priority(), c.Status())
	}
	if c := s.one(ids[1]); c.Priority() != "normal" || c.Status() != desk.Unread || len(s.All(desk.Messages, desktest.Values{"case": ids[1], "direction": "note"})) != 1 {
		t.Errorf("%s %s", c.Priority(), c.Status())
	}
	if got := s.one(ids[1]); !strings.Contains(strings.Join(s.Kinds(got.Id), " "), "unsent") {
		t.Errorf("the timeline is silent: %v", s.Kinds(got.Id))
	}
}

// What takes something back is ours alone: nothing made up, nobody else's, and
// nothing that others changed since.
func TestUndoIsSigned(t *testing.T) {
	s := newShop(t)
	agent, other := s.Agent(desk.RoleAgent, ""), s.Agent(desk.RoleSupervisor, "")
	ids := s.cases(4)
	done := s.all(agent, ids, `[{"do":"status","value":"resolved"}]`).Done
	made := func(change func(*many.Done)) many.Done {
		d := done[0]
		change(&d)
		return d
	}
	for name, d := range map[string]many.Done{
		"nothing":     made(func(d *many.Done) { d.Undo = "" }),
		"made up":     made(func(d *many.Done) { d.Undo = "eyJjIjoieCJ9" }),
		"longer":      made(func(d *many.Done) { d.Undo += "AAAA" }),
		"turned":      made(func(d *many.Done) { d.Undo = "A" + d.Undo[1:] }),
		"of another":  made(func(d *many.Done) { d.ID = ids[1] }),
		"not base 64": made(func(d *many.Done) { d.Undo = "\x00" }),
	} {
		if back := s.undo(agent, []many.Done{d}); len(back.Done) != 0 || back.Failed[0].Code != many.CodeUndo {
			t.Errorf("%s: %+v", name, back)
		}
	}
	if back := s.undo(other, done[:1]); len(back.Done) != 0 {
		t.Error("somebody else takes it back")
	}
	s.all(other, ids[1:2], `[{"do":"add_tags","value":"x"}]`)
	back := s.undo(agent, done[:3])
	if got := codes(back.Failed); len(back.Done) != 2 || got[ids[1]] != many.CodeChanged || back.Failed[0].Data["by"] != other.Name() {
		t.Errorf("%+v %v", back.Done, got)
	}
	if back := s.undo(agent, done[:1]); len(back.Done) != 0 {
		t.Error("taken back twice")
	}
	s.Clock.Advance(2 * time.Hour)
	if back := s.undo(agent, done[3:]); len(back.Done) != 0 || back.Failed[0].Code != many.CodeUndo {
		t.Error("taken back after hours")
	}
}

// Spam is marked and taken back, with the mail that it cancelled.
func TestSpamAndBack(t *testing.T) {
	s := newShop(t)
	s.Choose(desktest.Values{"ack_enabled": true})
	agent := s.Agent(desk.RoleAgent, "")
	ids := s.cases(2)
	out := s.all(agent, ids, `[{"do":"spam"}]`)
	if again := s.run(agent, ids[:1], `[{"do":"spam"}]`); len(again.Done) != 0 {
		t.Error("marked twice")
	}
	s.undo(agent, out.Done)
	for _, id := range ids {
		spam, err := s.one(id).IsSpam(s)
		if err != nil || spam || s.one(id).Status() != desk.Unread || s.Delivery(id, "ack").Status() != desk.Queued {
			t.Errorf("spam %v, %s, mail %s, %v", spam, s.one(id).Status(), s.Delivery(id, "ack").Status(), err)
		}
	}
}

// A list of answers leaves out whom nobody should write to unasked.
func TestAnswerReaches(t *testing.T) {
	s := newShop(t)
	s.strike()
	agent := s.Agent(desk.RoleAgent, "")
	ids := s.cases(3)
	s.Put(s.Find(desk.Contacts, s.one(ids[0]).Contact()), desktest.Values{"blocked": true})
	s.Put(s.One(desk.Identities, desktest.Values{"contact": s.one(ids[1]).Contact()}), desktest.Values{"state": desk.StateUndeliverable})
	out := s.run(agent, ids, answerStrike)
	got := codes(out.Failed)
	if len(out.Done) != 1 || out.Done[0].ID != ids[2] || got[ids[0]] != many.CodeBlocked || got[ids[1]] != many.CodeUndeliverable {
		t.Errorf("done %+v, failed %v", out.Done, got)
	}
	if n := len(s.All(desk.Messages, desktest.Values{"direction": "out"})); n != 1 {
		t.Errorf("%d answers", n)
	}
}
