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
		return v.GetString("ip") + v.GetString("user_agent"), len(app.All(desk.Verdicts, desktest.Values{"outcome": desk.Quarantined})), app.StoredFiles()
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
