package inbound_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// head is shorthand for headers.
type head = map[string]string

// is checks what became of a mail.
func is(t *testing.T, m *desk.InboundMail, status, outcome, reason string) {
	t.Helper()
	if m.Status() != status || m.Outcome() != outcome || m.GetString("reason") != reason {
		t.Errorf("the mail is %s, %s (%s: %s); want %s, %s (%s)", m.Status(), m.Outcome(), m.GetString("reason"), m.GetString("error"), status, outcome, reason)
	}
}

// answered is a case whose visitor was answered, so that it is his turn.
func answered(t *testing.T, app *desktest.App) *desk.Case {
	t.Helper()
	c := app.Case(nil)
	app.Reply(c, app.Agent(desk.RoleAgent, ""), desktest.Values{"status": desk.Pending})
	return desk.AsCase(app.Find(desk.Cases, c.Id))
}

// incoming are the visitor's messages of a case after the one that opened it.
func incoming(app *desktest.App, c *desk.Case) []*desk.Message {
	var out []*desk.Message
	for _, r := range app.All(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.In}) {
		out = append(out, desk.AsMessage(r))
	}
	return out[1:]
}

func TestNewMailOpensACase(t *testing.T) {
	app := desktest.New(t)
	m := app.Take(desktest.Letter("Hello,\n\ndo you still have the blue cups that I saw last month?\n\nAnna", head{"Subject": "Blue cups"}))
	is(t, m, desk.MailDone, desk.MailCase, "new")
	c := desk.AsCase(app.One(desk.Cases, nil))
	f := desk.AsFeedback(app.Find(desk.Feedbacks, c.Feedback()))
	if m.Case() != c.Id || m.Feedback() != f.Id || f.Source() != desk.SourceEmail || f.Name() != "Anna Berg" || f.Email() != "anna@example.com" ||
		f.GetBool("consent") || f.Locale() != "en" || c.Subject() != "Blue cups" || !strings.Contains(f.Message(), "blue cups that I saw") {
		t.Errorf("case %v, feedback %v", c, f)
	}
	first := desk.AsMessage(app.One(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.In}))
	if first.Channel() != desk.ChannelEmail || first.MessageID() != m.MessageID() {
		t.Errorf("first message %v", first)
	}
	if d := app.Delivery(c.Id, "ack"); d.Recipient() != "anna@example.com" {
		t.Errorf("acknowledged to %s", d.Recipient())
	}
	if got := app.Opened(); !slices.Equal(got, []string{c.Id}) {
		t.Errorf("told of %v", got)
	}
	if i := app.One(desk.Identities, nil); i.GetString("state") != desk.StateReachable {
		t.Errorf("the address is %s", i.GetString("state"))
	}
}

func TestAnswerJoinsItsCase(t *testing.T) {
	app := desktest.New(t)
	c := answered(t, app)
	before := c.Assignee()
	quote := "Thank you, it came today.\n\nOn Mon, Nov 16, 2026 at 9:00 AM Shop <desk@shop.example> wrote:\n> Your parcel leaves today.\n"
	m := app.Take(desktest.Letter(quote, head{"To": desktest.AnswerTo(c), "Subject": "Re: Where is my parcel?"}))
	is(t, m, desk.MailDone, desk.MailJoined, "answer")
	c = desk.AsCase(app.Find(desk.Cases, c.Id))
	said := incoming(app, c)
	if len(said) != 1 || said[0].Body() != "Thank you, it came today." || !strings.Contains(said[0].GetString("quoted"), "leaves today") {
		t.Fatalf("%d messages, %v", len(said), said)
	}
	if c.Status() != desk.Open || c.Assignee() != before || before == "" || c.GetDateTime("waiting_since").IsZero() {
		t.Errorf("case %v", c)
	}
	if len(app.All(desk.Cases, nil)) != 1 || len(app.All(desk.Feedbacks, nil)) != 1 {
		t.Error("an answer opened a case")
	}
	if m.GetString("message") != said[0].Id || m.Case() != c.Id {
		t.Errorf("record %v", m)
	}
}
