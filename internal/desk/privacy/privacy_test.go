package privacy_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// mentions counts the rows of every table in which a text stands.
func mentions(t *testing.T, app *desktest.App, text string) (rows []string) {
	t.Helper()
	for _, id := range desk.Collections() {
		for _, r := range app.All(id, nil) {
			for name, v := range r.FieldsData() {
				if s := r.GetString(name); s != "" && v != nil && strings.Contains(strings.ToLower(s), strings.ToLower(text)) {
					rows = append(rows, id+"."+name)
				}
			}
		}
	}
	return rows
}

func TestErase(t *testing.T) {
	for name, address := range map[string]string{
		"mail": "quist@private.example", "mail as typed": " QUIST@Private.Example ", "phone": "0912-345-678", "phone in full": "+886 912 345 678",
	} {
		t.Run(name, func(t *testing.T) {
			app := desktest.New(t)
			agent := app.Agent(desk.RoleAgent, "")
			quist := desktest.Values{"name": "Zebulon Quist", "email": "Quist@private.example", "phone": "0912 345 678", "locale": "zh-TW",
				"subject": "quist subject", "message": "quist words", "order_no": "quist order", "attachments": []any{app.File("quist.txt", "quist file")}}
			c := app.Case(quist)
			app.Reply(c, agent, desktest.Values{"body": "Dear Quist", "attachments": []any{app.File("quist.txt", "quist file")}})
			app.Reply(c, agent, desktest.Values{"direction": desk.Note, "body": "Quist is angry"})
			app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"summary": "Quist asks", "tags": []string{"quist"}, "follow_up_note": "call Quist"})
			app.Hold(quist)
			other := app.Case(desktest.Values{"email": "anna@example.com"})
			files := app.StoredFiles()

			report, err := privacy.Erase(app, address)
			if err != nil || report.Contacts != 1 || report.Cases != 1 || report.Submissions != 2 {
				t.Fatalf("%+v, %v", report, err)
			}
			for _, word := range []string{"quist", "private.example", "912345678", "345 678"} {
				if rows := mentions(t, app, word); len(rows) != 0 {
					t.Errorf("%q stands in %v", word, rows)
				}
			}
			if n := app.StoredFiles(); files != 3 || n != 0 {
				t.Errorf("%d of %d files are left", n, files)
			}
			left := desk.AsCase(app.Find(desk.Cases, c.Id))
			if left.Number() != c.Number() || !left.Done() || left.TrackToken() != "" || left.GetString("mail_token") != "" {
				t.Errorf("what is left: %v", left)
			}
			if n := len(app.All(desk.Messages, desktest.Values{"case": other.Id})); n != 2 {
				t.Errorf("%d messages of somebody else are left", n)
			}
			if _, err := privacy.Erase(app, address); !errors.Is(err, privacy.ErrNobody) {
				t.Errorf("a second time: %v", err)
			}
		})
	}
	app := desktest.New(t)
	if _, err := privacy.Erase(app, "no address"); !errors.Is(err, privacy.ErrAddress) {
		t.Errorf("no address: %v", err)
	}
}

func TestSweep(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"retention": map[string]any{"network_days": 10, "quarantine_days": 20}})
	r, err := app.Door.Receive(app, intake.Submission{Feedback: app.Feedback(nil),
		Request: &intake.Request{IP: netip.MustParseAddr("203.0.113.7"), UserAgent: "Mozilla", Authenticated: true}})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		app.Hold(desktest.Values{"attachments": []any{app.File("a.txt", "one")}})
	}
	sweep := func(days int) (ip string, held, files int) {
		app.Clock.Advance(time.Duration(days) * 24 * time.Hour)
		if err := privacy.Sweep(app); err != nil {
			t.Fatal(err)
		}
		v := app.One(desk.Verdicts, desktest.Values{"feedback": r.Feedback.Id})
		return v.GetString("ip") + v.GetString("user_agent") + v.GetString("sender"), len(app.All(desk.Verdicts, desktest.Values{"outcome": desk.Quarantined})), app.StoredFiles()
	}
	if ip, held, files := sweep(9); ip == "" || held != 3 || files != 3 {
		t.Errorf("after 9 days: %q, %d held, %d files", ip, held, files)
	}
	if ip, held, files := sweep(2); ip != "" || held != 3 || files != 3 {
		t.Errorf("after 11 days: %q, %d held, %d files", ip, held, files)
	}
	if _, held, files := sweep(10); held != 0 || files != 0 || len(app.All(desk.Feedbacks, nil)) != 1 {
		t.Errorf("after 21 days: %d held, %d files", held, files)
	}
}

// From whom a message came is forgotten with its network data, also where there
// is no other: then nobody counts as the sender of that text any more.
func TestSenderIsForgotten(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"retention": map[string]any{"network_days": 10}})
	text := "I ordered a teapot and six cups in September and have heard nothing since then."
	first := app.Submit(desktest.Values{"message": text}).Feedback.Id
	v := app.One(desk.Verdicts, desktest.Values{"feedback": first})
	if v.GetString("sender") == "" || v.GetString("ip")+v.GetString("user_agent") != "" {
		t.Fatalf("the verdict: %v", v)
	}
	hash, ok := spam.SimHash(spam.TextOf("Where is my parcel?", text))
	if others := app.Door.Recent.Find(hash, 1).Others; !ok || others != 1 {
		t.Fatalf("%d others sent it", others)
	}
	night := func() {
		t.Helper()
		if err := errors.Join(privacy.Sweep(app), app.Door.ForgetSenders(app)); err != nil {
			t.Fatal(err)
		}
	}
	app.Clock.Advance(9 * 24 * time.Hour)
	night()
	if app.One(desk.Verdicts, nil).GetString("sender") == "" || app.Door.Recent.Find(hash, 1).Others != 1 {
		t.Error("forgotten before its time")
	}
	app.Clock.Advance(2 * 24 * time.Hour)
	night()
	if s := app.One(desk.Verdicts, nil).GetString("sender"); s != "" {
		t.Errorf("the sender is still %s", s)
	}
	again := app.NewDoor()
	if err := again.LoadRecent(t.Context(), app); err != nil {
		t.Fatal(err)
	}
	for name, door := range map[string]*intake.Intake{"this process": app.Door, "the next one": again} {
		if near := door.Recent.Find(hash, 1); near.Others != 0 {
			t.Errorf("%s knows %d others", name, near.Others)
		}
		door.Recent.Mark(first, true)
		if near := door.Recent.Find(hash, 1); near.Junk != 1 {
			t.Errorf("%s has forgotten the text too", name)
		}
	}
}

// What a rule about a network said of a message goes with the network address.
func TestNetworkInSignals(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"retention": map[string]any{"network_days": 10}})
	app.Make(desk.BlockRules, desktest.Values{"kind": "ip", "value": "203.0.113.0/24", "action": "quarantine"})
	app.Make(desk.BlockRules, desktest.Values{"kind": "keyword", "value": "teapot", "action": "quarantine"})
	r, err := app.Door.Receive(app, intake.Submission{Feedback: app.Feedback(nil),
		Request: &intake.Request{IP: netip.MustParseAddr("203.0.113.7"), UserAgent: "Mozilla"}})
	if err != nil {
		t.Fatal(err)
	}
	signals := func() string {
		return app.One(desk.Verdicts, desktest.Values{"feedback": r.Feedback.Id}).GetString("signals")
	}
	before := signals()
	if strings.Count(before, "203.0.113.0/24") != 2 {
		t.Fatalf("before: %s", before)
	}
	app.Clock.Advance(11 * 24 * time.Hour)
	if err := privacy.Sweep(app); err != nil {
		t.Fatal(err)
	}
	after := signals()
	if strings.Contains(after, "203.0.113") || !strings.Contains(after, "teapot") || !strings.Contains(after, "A rule of the shop holds this: ip.") ||
		strings.Count(after, `"name"`) != strings.Count(before, `"name"`) {
		t.Errorf("after: %s", after)
	}
}

// What is still to be removed is found by an index: most rows of a large shop
// were emptied long ago.
func TestNetworkSweepUsesItsIndex(t *testing.T) {
	app := desktest.New(t)
	var plan []struct {
		Detail string `db:"detail"`
	}
	err := app.DB().NewQuery("EXPLAIN QUERY PLAN SELECT [[id]] FROM {{" + desk.Name(app, desk.Verdicts) + "}} WHERE " + desk.NetworkKept +
		" AND [[created]] < '2026' LIMIT 200").All(&plan)
	if err != nil || len(plan) == 0 || !strings.Contains(plan[0].Detail, "_network") {
		t.Errorf("%+v, %v", plan, err)
	}
}

// What staff decide late lives on from then: an old case that is marked as spam
// by mistake keeps its message, and its files, for the retention days.
func TestLateDecisionLivesOn(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"retention": map[string]any{"quarantine_days": 20}})
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(desktest.Values{"attachments": []any{app.File("cup.txt", "a cracked cup")}})
	app.Clock.Advance(100 * 24 * time.Hour)
	if err := app.Door.MarkSpam(app, c.Id, agent); err != nil {
		t.Fatal(err)
	}
	sweep := func(days int) (messages, files int) {
		t.Helper()
		app.Clock.Advance(time.Duration(days) * 24 * time.Hour)
		if err := privacy.Sweep(app); err != nil {
			t.Fatal(err)
		}
		return len(app.All(desk.Feedbacks, nil)), app.StoredFiles()
	}
	if n, files := sweep(0); n != 1 || files != 1 {
		t.Errorf("the same night: %d messages, %d files", n, files)
	}
	if n, files := sweep(19); n != 1 || files != 1 {
		t.Errorf("after 19 days: %d messages, %d files", n, files)
	}
	if err := app.Door.UnmarkSpam(app, c.Id, agent); err != nil {
		t.Fatal(err)
	}
	if n, files := sweep(100); n != 1 || files != 1 {
		t.Errorf("a case again: %d messages, %d files", n, files)
	}
	if err := app.Door.MarkSpam(app, c.Id, agent); err != nil {
		t.Fatal(err)
	}
	if n, files := sweep(21); n != 0 || files != 0 {
		t.Errorf("21 days after the decision: %d messages, %d files", n, files)
	}
}
