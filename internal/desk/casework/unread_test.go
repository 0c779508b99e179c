package casework_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// An answer over words of the visitor that its writer has not seen is shown them.
func TestVisitorWroteMeanwhile(t *testing.T) {
	app := desktest.New(t)
	app.UseSMTP(mailtest.NewServer(t, mailtest.Script{}))
	me := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	first := app.One(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.In})
	app.Clock.Advance(time.Minute)
	m := word(t, app, c, "Stop, the address is wrong!")
	after, _ := hear(t, app, c, casework.Heard{Message: m})
	waiting := after.GetString("waiting_since")

	_, err := write(t, app, casework.Entry{Case: c, Agent: me, Seen: first.Id, Status: desk.Resolved}, nil)
	var by *casework.Answered
	if !errors.As(err, &by) || by.Direction != desk.In || by.Body != "Stop, the address is wrong!" || by.ID != m.Id || by.Author == "" || by.More != 0 {
		t.Fatalf("%v %+v", err, by)
	}
	if now := refreshed(app, c); now.GetString("waiting_since") != waiting || now.Status() == desk.Resolved || len(app.All(desk.Outbox, desktest.Values{"message": m.Id})) != 0 {
		t.Error("the refused answer changed the case")
	}
	// a note goes through, and what a machine wrote counts for nothing
	if _, err := write(t, app, casework.Entry{Case: c, Agent: me, Seen: first.Id}, desktest.Values{"direction": desk.Note}); err != nil {
		t.Error(err)
	}
	auto := word(t, app, c, "I am away")
	auto.Set("auto", "Auto-Submitted: auto-replied")
	hear(t, app, c, casework.Heard{Message: auto, Auto: true})
	if _, err := write(t, app, casework.Entry{Case: c, Agent: me, Seen: m.Id, Status: desk.Resolved}, nil); err != nil {
		t.Errorf("who saw it: %v", err)
	}
	if now := refreshed(app, c); now.Status() != desk.Resolved || now.GetString("waiting_since") != "" {
		t.Errorf("%s %s", now.Status(), now.GetString("waiting_since"))
	}
	if _, err := write(t, app, casework.Entry{Case: c, Agent: me, Seen: first.Id, Sure: true}, nil); err != nil {
		t.Errorf("who insists: %v", err)
	}
}

// An answer that doesn't say what its writer saw leaves; but the case goes on waiting
// where he has read it before, and not since the visitor wrote.
func TestUnreadStaysWaiting(t *testing.T) {
	app := desktest.New(t)
	me := app.Agent(desk.RoleAgent, "")
	read := func(c *desk.Case) {
		app.Make(desk.Reads, desktest.Values{"agent": me.Id, "case": c.Id, "seen_at": desk.Date(app.Clock.Now())})
	}
	for name, tt := range map[string]struct {
		read, wrote bool
		entry       casework.Entry
		waits       bool
		status      string
	}{
		"unread words":           {true, true, casework.Entry{Status: desk.Resolved}, true, desk.Unread},
		"unread, to be waited":   {true, true, casework.Entry{Status: desk.Pending}, true, desk.Unread},
		"unread, kept open":      {true, true, casework.Entry{Status: desk.Open}, true, desk.Open},
		"nothing unread":         {true, false, casework.Entry{Status: desk.Resolved}, false, desk.Resolved},
		"nothing known":          {false, true, casework.Entry{Status: desk.Resolved}, false, desk.Resolved},
		"unread, but he insists": {true, true, casework.Entry{Status: desk.Resolved, Sure: true}, false, desk.Resolved},
	} {
		c := app.Case(desktest.Values{"email": strings.NewReplacer(",", "", " ", "-").Replace(name) + "@example.com"})
		app.Clock.Advance(time.Minute)
		if tt.read {
			read(c)
		}
		app.Clock.Advance(time.Minute)
		at := desk.Date(app.Clock.Now()).String()
		if tt.wrote {
			hear(t, app, c, casework.Heard{Message: word(t, app, c, "one more thing")})
		}
		app.Clock.Advance(time.Minute)
		tt.entry.Case, tt.entry.Agent = c, me
		if _, err := write(t, app, tt.entry, nil); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		now := refreshed(app, c)
		if since := now.GetString("waiting_since"); (since != "") != tt.waits || now.Status() != tt.status || tt.waits && since != at {
			t.Errorf("%s: %s, waits since %q", name, now.Status(), since)
		}
	}
}

// What was seen last is gone: then what the writer has read counts.
func TestSeenIsGone(t *testing.T) {
	app := desktest.New(t)
	me := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	try := func(name string, refused bool) {
		t.Helper()
		_, err := write(t, app, casework.Entry{Case: c, Agent: me, Seen: "gone0000000gone"}, nil)
		var by *casework.Answered
		if errors.As(err, &by) != refused {
			t.Errorf("%s: %v", name, err)
		}
	}
	try("nothing is known", false)
	app.Clock.Advance(time.Minute)
	app.Make(desk.Reads, desktest.Values{"agent": me.Id, "case": c.Id, "seen_at": desk.Date(app.Clock.Now())})
	try("all is read", false)
	app.Clock.Advance(time.Minute)
	hear(t, app, c, casework.Heard{Message: word(t, app, c, "and this?")})
	try("words came since", true)
}

func refreshed(app *desktest.App, c *desk.Case) *desk.Case {
	return desk.AsCase(app.Find(desk.Cases, c.Id))
}
