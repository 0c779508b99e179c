package casework_test

import (
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// facts are what a call may change on a case.
type facts struct {
	Status                      string
	Responded, Waits, Mine      bool
	HeardNow, Reopened, Numbers bool // he was heard of now; opened again; his number is marked
}

func TestCalls(t *testing.T) {
	for name, c := range map[string]struct {
		direction, outcome, before string
		want                       facts
	}{
		"we spoke":           {desk.Out, "answered", "", facts{Status: desk.Open, Responded: true, Mine: true}},
		"to his machine":     {desk.Out, "voicemail", "", facts{Status: desk.Open, Responded: true, Mine: true}},
		"in vain":            {desk.Out, "no_answer", "", facts{Status: desk.Unread, Waits: true}},
		"busy":               {desk.Out, "busy", "", facts{Status: desk.Unread, Waits: true}},
		"somebody else":      {desk.Out, "wrong_number", "", facts{Status: desk.Unread, Waits: true, Numbers: true}},
		"he called":          {desk.In, "answered", "", facts{Status: desk.Open, Responded: true, Mine: true, HeardNow: true}},
		"in vain too":        {desk.In, "no_answer", "", facts{Status: desk.Unread, Waits: true, HeardNow: true}},
		"to our machine":     {desk.In, "voicemail", "", facts{Status: desk.Unread, Waits: true, HeardNow: true}},
		"again, answered":    {desk.In, "answered", desk.Closed, facts{Status: desk.Open, Responded: true, Mine: true, HeardNow: true, Reopened: true}},
		"again, in vain":     {desk.In, "busy", desk.Resolved, facts{Status: desk.Open, Waits: true, HeardNow: true, Reopened: true}},
		"while he had to":    {desk.In, "answered", desk.Pending, facts{Status: desk.Open, Responded: true, Mine: true, HeardNow: true}},
		"we, on a done case": {desk.Out, "no_answer", desk.Closed, facts{Status: desk.Closed, Waits: true}},
	} {
		t.Run(name, func(t *testing.T) {
			app := desktest.New(t)
			agent := app.Agent(desk.RoleAgent, "")
			opened := app.Case(desktest.Values{"phone": "+886912345678"})
			if c.before != "" {
				app.Put(app.Find(desk.Cases, opened.Id), desktest.Values{"status": c.before})
			}
			app.Clock.Advance(time.Hour)
			m := app.Reply(opened, agent, desktest.Values{"channel": desk.ChannelPhone, "direction": c.direction, "body": "",
				"call": map[string]any{"outcome": c.outcome, "seconds": 42}})
			after := desk.AsCase(app.Find(desk.Cases, opened.Id))
			got := facts{
				Status: after.Status(), Responded: !after.GetDateTime("first_responded_at").IsZero(), Waits: !after.GetDateTime("waiting_since").IsZero(),
				Mine: after.Assignee() == agent.Id, HeardNow: after.GetDateTime("last_in_at").Time().Equal(app.Clock.Now()), Reopened: after.GetInt("reopened") == 1,
				Numbers: app.One(desk.Identities, desktest.Values{"kind": desk.KindPhone}).GetString("state") == desk.StateUndeliverable,
			}
			if got != c.want {
				t.Errorf("\n got %+v\nwant %+v", got, c.want)
			}
			event := app.Event(opened.Id, "called")
			if event["outcome"] != c.outcome || event["direction"] != c.direction || event["seconds"] != 42.0 || event["message"] != m.Id {
				t.Errorf("event %v", event)
			}
			if m.Author() != agent.Id || len(app.All(desk.Outbox, desktest.Values{"message": m.Id})) != 0 {
				t.Error("nobody wrote it, or it was queued")
			}
		})
	}
}

// What is typed with the call wins, and the words of a call may stand alone.
func TestCallWithStatus(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	app.Reply(c, agent, desktest.Values{"channel": desk.ChannelPhone, "direction": desk.In, "body": "All is well.", "status": desk.Resolved,
		"call": map[string]any{"outcome": "answered"}})
	if after := desk.AsCase(app.Find(desk.Cases, c.Id)); after.Status() != desk.Resolved || after.GetInt("reopened") != 0 {
		t.Errorf("%s, reopened %d", after.Status(), after.GetInt("reopened"))
	}
	m := app.Reply(c, agent, desktest.Values{"channel": desk.ChannelPhone, "body": "Told him the date.", "call": map[string]any{}})
	if raw := app.Find(desk.Messages, m.Id).GetString("call"); raw != "null" {
		t.Errorf("call %s", raw)
	}
	note := app.Reply(c, agent, desktest.Values{"direction": desk.Note, "channel": "", "body": "x", "call": map[string]any{"outcome": "answered"}})
	if raw := app.Find(desk.Messages, note.Id).GetString("call"); raw != "null" {
		t.Errorf("a note has a call: %s", raw)
	}
}

// A call on a case that is junk makes nobody wait.
func TestCallOnSpam(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	if err := app.Door.MarkSpam(app, c.Id, agent); err != nil {
		t.Fatal(err)
	}
	before := desk.AsCase(app.Find(desk.Cases, c.Id))
	app.Reply(before, agent, desktest.Values{"channel": desk.ChannelPhone, "direction": desk.In, "body": "", "call": map[string]any{"outcome": "no_answer"}})
	if after := desk.AsCase(app.Find(desk.Cases, c.Id)); after.Status() != before.Status() {
		t.Errorf("%s, then %s", before.Status(), after.Status())
	}
}

func TestCallFaults(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	for name, one := range map[string]struct {
		v     desktest.Values
		field string
	}{
		"nothing":           {desktest.Values{"body": ""}, "body"},
		"nothing in a call": {desktest.Values{"body": "", "call": map[string]any{}}, "body"},
		"unknown outcome":   {desktest.Values{"call": map[string]any{"outcome": "reached"}}, "call"},
		"seconds alone":     {desktest.Values{"call": map[string]any{"seconds": 3}}, "call"},
		"outcome no text":   {desktest.Values{"call": map[string]any{"outcome": 1}}, "call"},
		"no object":         {desktest.Values{"call": []int{1}}, "call"},
		"below zero":        {desktest.Values{"call": map[string]any{"outcome": "busy", "seconds": -1}}, "call"},
		"beyond a day":      {desktest.Values{"call": map[string]any{"outcome": "busy", "seconds": 86_401}}, "call"},
		"half a second":     {desktest.Values{"call": map[string]any{"outcome": "busy", "seconds": 0.5}}, "call"},
		"wrong, but he did": {desktest.Values{"direction": desk.In, "call": map[string]any{"outcome": "wrong_number"}}, "call"},
		"he by mail":        {desktest.Values{"direction": desk.In, "channel": "email", "call": map[string]any{"outcome": "answered"}}, "direction"},
		"he by text":        {desktest.Values{"direction": desk.In, "channel": "sms"}, "direction"},
	} {
		v := desktest.Values{"channel": desk.ChannelPhone}
		for k, x := range one.v {
			v[k] = x
		}
		if _, err := app.Write(c, agent, v); faulty(err) != one.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := app.Write(c, agent, desktest.Values{"channel": desk.ChannelPhone, "call": map[string]any{"outcome": "answered", "seconds": 86_400}}); err != nil {
		t.Errorf("a whole day: %v", err)
	}
}
