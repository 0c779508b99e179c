package privacy_test

import (
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
)

func fromQuist(to string) map[string]string {
	return map[string]string{"From": "Zebulon Quist <quist@private.example>", "Return-Path": "<quist@private.example>", "To": to,
		"Message-ID": "<" + to[:6] + time.Now().Format("150405.000000000") + ".quist@private.example>", "Subject": "quist subject"}
}

func TestEraseMails(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleSupervisor, "")
	opening := desktest.Letter("quist words", fromQuist("desk@shop.example"))
	m := app.Take(opening)
	c := desk.AsCase(app.Find(desk.Cases, m.Case()))
	app.Take(desktest.Letter("more quist words", fromQuist(desktest.AnswerTo(c))))
	auto := fromQuist("desk@shop.example")
	auto["Auto-Submitted"] = "auto-replied"
	app.Take(desktest.Letter("quist is away", auto))
	anna := app.Case(nil)
	held := app.Take(desktest.Letter("quist for anna", fromQuist(desktest.AnswerTo(anna))))
	if _, err := app.Door.ReleaseInto(app, held.Feedback(), agent); err != nil {
		t.Fatal(err)
	}
	app.Take(desktest.Letter("my own words", map[string]string{"To": desktest.AnswerTo(anna)}))
	if n := app.StoredFiles(); n != 5 {
		t.Fatalf("%d mails are stored", n)
	}

	report, err := privacy.Erase(app, "Quist@private.example")
	if err != nil || report.Mails != 4 || report.Cases != 1 {
		t.Fatalf("%+v, %v", report, err)
	}
	for _, word := range []string{"quist", "private.example", "zebulon"} {
		if rows := mentions(t, app, word); len(rows) != 0 {
			t.Errorf("%q stands in %v", word, rows)
		}
	}
	if n := app.StoredFiles(); n != 1 {
		t.Errorf("%d mails are left, want Anna's own", n)
	}
	if rows := app.All(desk.Messages, desktest.Values{"case": anna.Id, "direction": desk.In}); len(rows) != 2 {
		t.Errorf("%d messages on Anna's case", len(rows))
	}
	// the server hands the mail out again, as after it has numbered its folder anew
	app.Take(opening)
	if rows := mentions(t, app, "quist"); len(rows) != 0 {
		t.Errorf("who was erased came back: %v", rows)
	}
}

func TestSweepMails(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"mail": map[string]any{"keep_raw_days": 10}})
	joined := app.Take(desktest.Letter("It has not come.", nil))
	auto := app.Take(desktest.Letter("News!", map[string]string{"From": "news@brand.example", "List-Id": "<news.brand.example>", "Subject": "News"}))
	app.Clock.Advance(9 * 24 * time.Hour)
	young := app.Take(desktest.Letter("Where do you stay?", nil))
	for _, days := range []int{0, 2} {
		app.Clock.Advance(time.Duration(days) * 24 * time.Hour)
		if err := privacy.Sweep(app); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			id   string
			kept bool
			from string
		}{
			"on a case": {joined.Id, days == 0, "anna@example.com"},
			"automatic": {auto.Id, days == 0, map[int]string{0: "news@brand.example"}[days]},
			"young":     {young.Id, true, "anna@example.com"},
		} {
			r := app.Find(desk.InboundMails, c.id)
			if kept := r.GetString("raw") != ""; kept != c.kept || r.GetString("from_addr") != c.from {
				t.Errorf("%s after %d days: kept %v, from %q", name, 9+days, kept, r.GetString("from_addr"))
			}
		}
	}
	if n := app.StoredFiles(); n != 1 {
		t.Errorf("%d files", n)
	}
	if len(app.All(desk.Cases, nil)) != 2 {
		t.Error("a case went along")
	}
}

// Junk by mail goes with its mail.
func TestSweepHeldMail(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	m := app.Take(desktest.Letter("quist wants in", fromQuist(desktest.AnswerTo(c))))
	if m.Outcome() != desk.MailQuarantined {
		t.Fatal(m.Outcome())
	}
	app.Clock.Advance(31 * 24 * time.Hour)
	if err := privacy.Sweep(app); err != nil {
		t.Fatal(err)
	}
	if rows := mentions(t, app, "quist"); len(rows) != 0 || app.StoredFiles() != 0 {
		t.Errorf("%v, %d files", rows, app.StoredFiles())
	}
}
