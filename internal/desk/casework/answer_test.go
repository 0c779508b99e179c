package casework_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// faulty tells which field an error is about.
func faulty(err error) string {
	var fields validation.Errors
	if !errors.As(err, &fields) {
		return ""
	}
	for name := range fields {
		return name
	}
	return ""
}

func TestWriteMail(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	agent := app.Agent(desk.RoleAgent, "")
	app.Clock.Advance(time.Hour)
	m := app.Reply(c, agent, desktest.Values{"body": "It leaves today.", "message_id": "<forged@example.com>", "author": "somebody"})
	if m.Author() != agent.Id || m.MessageID() != "" || m.Channel() != desk.ChannelEmail || m.Delivery() != desk.DeliveryHeld {
		t.Errorf("author %q, Message-ID %q, channel %q, delivery %q", m.Author(), m.MessageID(), m.Channel(), m.Delivery())
	}
	ack := desk.AsMessage(app.Find(desk.Messages, app.Delivery(c.Id, "ack").Message()))
	if m.Subject() != "Re: "+ack.Subject() {
		t.Errorf("subject %q", m.Subject())
	}
	after := desk.AsCase(app.Find(desk.Cases, c.Id))
	if after.Status() != desk.Open || after.Assignee() != agent.Id || after.GetInt("version") != c.GetInt("version")+1 {
		t.Errorf("status %s, assignee %q, version %d", after.Status(), after.Assignee(), after.GetInt("version"))
	}
	if !after.GetDateTime("first_responded_at").Time().Equal(app.Clock.Now()) || !after.GetDateTime("waiting_since").IsZero() {
		t.Errorf("first answer %v, waiting since %v", after.GetDateTime("first_responded_at"), after.GetDateTime("waiting_since"))
	}
	if !after.GetDateTime("due_at").Time().Equal(after.GetDateTime("resolution_due").Time()) {
		t.Errorf("next due %v", after.GetDateTime("due_at"))
	}
	if kinds := app.Kinds(c.Id); !slices.Contains(kinds, "replied") || !slices.Contains(kinds, "status") {
		t.Errorf("events %v", kinds)
	}

	// a second answer of somebody else changes neither
	app.Clock.Advance(time.Hour)
	other := app.Agent(desk.RoleAgent, "")
	again := app.Reply(after, other, nil)
	now := desk.AsCase(app.Find(desk.Cases, c.Id))
	if now.Assignee() != agent.Id || !now.GetDateTime("first_responded_at").Time().Equal(after.GetDateTime("first_responded_at").Time()) {
		t.Error("the second answer took the case over")
	}
	if again.Subject() != m.Subject() {
		t.Errorf("subject %q", again.Subject())
	}
}

// Who took a case by answering it stands on the timeline.
func TestWriteTakesTheCaseVisibly(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	agent := app.Agent(desk.RoleAgent, "")
	app.Reply(c, agent, nil)
	if got := app.Event(c.Id, "assignee"); got["assignee"] != agent.Id {
		t.Errorf("event %v", got)
	}
}

func TestWriteNoteAndCall(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	agent := app.Agent(desk.RoleAgent, "")
	app.Reply(c, agent, desktest.Values{"direction": desk.Note, "channel": "system", "body": "He sounded angry."})
	after := desk.AsCase(app.Find(desk.Cases, c.Id))
	if after.Status() != desk.Unread || after.Assignee() != "" || !after.GetDateTime("first_responded_at").IsZero() || after.GetDateTime("waiting_since").IsZero() {
		t.Error("a note counts as an answer")
	}
	app.Reply(after, agent, desktest.Values{"channel": desk.ChannelPhone, "body": "Told him the date.", "call": map[string]any{"outcome": "answered", "seconds": 90}})
	after = desk.AsCase(app.Find(desk.Cases, c.Id))
	if after.Status() != desk.Open || after.GetDateTime("first_responded_at").IsZero() {
		t.Error("a call counts as no answer")
	}
	if n := len(app.All(desk.Outbox, nil)); n != 1 {
		t.Errorf("%d mails, want the acknowledgement alone", n)
	}
	kinds := app.Kinds(c.Id)
	if !slices.Contains(kinds, "noted") || !slices.Contains(kinds, "called") || slices.Contains(kinds, "replied") {
		t.Errorf("events %v", kinds)
	}
}

func TestWriteTemplate(t *testing.T) {
	app := desktest.New(t)
	for _, locale := range []string{"zh-TW", "en"} {
		app.Make(desk.Templates, desktest.Values{"key": "late", "locale": locale, "kind": "reply", "enabled": true,
			"subject": "About {{ case.reference }}", "body": locale + ": {{ contact.salutation }}, {{ tracking_url }}\n{{ agent.signature }}"})
	}
	app.Make(desk.Templates, desktest.Values{"key": "wrong", "locale": "en", "kind": "reply", "enabled": true, "body": "{{ nothing.known }}"})
	app.Make(desk.Templates, desktest.Values{"key": "off", "locale": "en", "kind": "reply", "body": "off"})
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(desktest.Values{"locale": "zh-TW", "name": "王小明"})
	m := app.Reply(c, agent, desktest.Values{"body": "", "template": "late"})
	receipt := app.Find(desk.Feedbacks, c.Feedback()).GetString("receipt")
	if !strings.HasPrefix(m.Body(), "zh-TW: 王小明") || !strings.Contains(m.Body(), agent.Name()) || m.Subject() != "About "+receipt {
		t.Errorf("subject %q, body %q", m.Subject(), m.Body())
	}
	if strings.Contains(m.Body(), c.TrackToken()) || !strings.Contains(m.Body(), desk.TrackingLink) {
		t.Error("the stored text bears the secret link")
	}
	if n := app.One(desk.Templates, desktest.Values{"key": "late", "locale": "zh-TW"}).GetInt("used"); n != 1 {
		t.Errorf("used %d times", n)
	}
	// a typed body is no template: its marks are asked about, and stay as typed
	own := desktest.Values{"body": "My own {{ words }}", "template": "late"}
	if _, err := write(t, app, casework.Entry{Case: c, Agent: agent}, own); err == nil || !strings.Contains(err.Error(), "{{ words }}") {
		t.Errorf("left over marks: %v", err)
	}
	if m, err := write(t, app, casework.Entry{Case: c, Agent: agent, AsTyped: true}, own); err != nil || m.Body() != "My own {{ words }}" {
		t.Errorf("%v", err)
	}
	if _, err := write(t, app, casework.Entry{Case: c, Agent: agent}, desktest.Values{"body": "> You wrote {{ name }}\nI see."}); err != nil {
		t.Errorf("what is quoted: %v", err)
	}
	// a locale without the template falls back to the shop's
	if m := app.Reply(app.Case(desktest.Values{"locale": "ja", "email": "j@example.com"}), agent, desktest.Values{"body": "", "template": "late"}); !strings.HasPrefix(m.Body(), "zh-TW") {
		t.Errorf("body %q", m.Body())
	}
	for key, field := range map[string]string{"nobody": "template", "off": "template", "wrong": "template"} {
		if _, err := app.Write(c, agent, desktest.Values{"body": "", "template": key}); faulty(err) != field {
			t.Errorf("template %s: %v", key, err)
		}
	}
}

func TestWriteFaults(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	phoneOnly := app.Case(desktest.Values{"email": "", "phone": "+886912345678"})
	for name, one := range map[string]struct {
		c     *desk.Case
		v     desktest.Values
		field string
	}{
		"empty body":      {c, desktest.Values{"body": " \n\t"}, "body"},
		"empty note":      {c, desktest.Values{"direction": desk.Note, "body": ""}, "body"},
		"unknown status":  {c, desktest.Values{"status": "burnt"}, "status"},
		"in":              {c, desktest.Values{"direction": desk.In}, "direction"},
		"by sms":          {c, desktest.Values{"channel": "sms"}, "channel"},
		"no mail address": {phoneOnly, nil, "channel"},
	} {
		if _, err := app.Write(one.c, agent, one.v); faulty(err) != one.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if kinds := app.Kinds(c.Id); len(kinds) != 2 {
		t.Errorf("a fault left traces: %v", kinds)
	}
}

func TestWriteWithStatus(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	app.Reply(c, agent, desktest.Values{"status": desk.Resolved})
	after := desk.AsCase(app.Find(desk.Cases, c.Id))
	if after.Status() != desk.Resolved || after.GetDateTime("resolved_at").IsZero() || !after.GetDateTime("due_at").IsZero() {
		t.Errorf("status %s, resolved %v, due %v", after.Status(), after.GetDateTime("resolved_at"), after.GetDateTime("due_at"))
	}
	app.Reply(after, agent, desktest.Values{"status": desk.Pending})
	after = desk.AsCase(app.Find(desk.Cases, c.Id))
	if after.GetInt("reopened") != 1 || !after.GetDateTime("resolved_at").IsZero() {
		t.Errorf("reopened %d, resolved %v", after.GetInt("reopened"), after.GetDateTime("resolved_at"))
	}
}

// The rest of a group is rolled back with a bad neighbour; the answer is still
// written once.
func TestWriteAfterRollback(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	app.Choose(desktest.Values{"ack_enabled": false})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 30 {
			_ = app.Commit.Do(alwaysFails)
		}
	}()
	for range 15 {
		app.Reply(c, agent, nil)
	}
	<-done
	if n := len(app.All(desk.Messages, desktest.Values{"direction": "out", "channel": "email"})); n != 15 {
		t.Errorf("%d answers of 15", n)
	}
	if n := app.Find(desk.Cases, c.Id).GetInt("version"); n != 16 {
		t.Errorf("version %d", n)
	}
}
