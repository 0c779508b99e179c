package casework_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// asked puts the question for a held submission; reason is why no mail is sent.
func asked(t *testing.T, app *desktest.App, v desktest.Values) (reason string) {
	t.Helper()
	held := app.Hold(v)
	if err := app.Commit.Do(func(tx core.App) error { return app.Work.AskToConfirm(tx, held.Feedback) }); err != nil {
		t.Fatal(err)
	}
	mails := len(app.All(desk.Outbox, desktest.Values{"feedback": held.Feedback.Id}))
	events := app.All(desk.Events, desktest.Values{"feedback": held.Feedback.Id})
	last := events[len(events)-1]
	var after struct{ Reason string }
	_ = last.UnmarshalJSONField("after", &after)
	if kind := last.GetString("kind"); (kind == "confirm_asked") != (mails == 1) || (kind == "confirm_skipped") != (mails == 0) {
		t.Fatalf("event %s, %d mails", kind, mails)
	}
	return after.Reason
}

func TestAskToConfirmSparesMailboxes(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"limits": map[string]any{"ack_day": 2, "email_hour": -1}})
	for i, want := range []string{"", "", "today", "today"} {
		if got := asked(t, app, desktest.Values{"email": " Anna@EXAMPLE.com"}); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("mail %d: %q, want %q", i+1, got, want)
		}
	}
	if got := asked(t, app, desktest.Values{"email": "ben@example.com"}); got != "" {
		t.Errorf("another address: %q", got)
	}
	app.Clock.Advance(25 * time.Hour)
	if got := asked(t, app, desktest.Values{"email": "anna@example.com"}); got != "" {
		t.Errorf("the next day: %q", got)
	}
	for _, addr := range []string{"no-reply@shop.example", "NoReply+7@shop.example", "do_not_reply@shop.example", "MAILER-DAEMON@shop.example", "postmaster@shop.example"} {
		if got := asked(t, app, desktest.Values{"email": addr}); !strings.Contains(got, "nobody reads") {
			t.Errorf("%s: %q", addr, got)
		}
	}
	if got := asked(t, app, desktest.Values{"email": "noreen.reply@example.com"}); got != "" {
		t.Errorf("a person: %q", got)
	}
	if got := asked(t, app, desktest.Values{"email": "", "phone": "+886912345678"}); got != "no mail address" {
		t.Errorf("by phone: %q", got)
	}
	app.Choose(desktest.Values{"limits": map[string]any{"ack_day": -1, "email_hour": -1}})
	for i, want := range []string{"", "", "", "today"} {
		tagged := fmt.Sprintf("Car.ol+%d@g%smail.com", i, strings.Repeat("oogle", i%2))
		if got := asked(t, app, desktest.Values{"email": tagged}); !strings.Contains(got, want) || (want == "") != (got == "") {
			t.Errorf("without a limit, mail %d: %q, want %q", i+1, got, want)
		}
	}
}

// A template that fails costs no submission: it waits for staff.
func TestAskToConfirmWithoutTemplate(t *testing.T) {
	app := desktest.New(t)
	for _, r := range app.All(desk.Templates, desktest.Values{"key": "confirm"}) {
		app.Put(r, desktest.Values{"subject": "{{ nonsense }}"})
	}
	if got := asked(t, app, nil); !strings.Contains(got, "nonsense") {
		t.Errorf("a broken template: %q", got)
	}
	for _, r := range app.All(desk.Templates, desktest.Values{"key": "confirm"}) {
		app.Put(r, desktest.Values{"enabled": false})
	}
	if got := asked(t, app, nil); got != "no template confirm" {
		t.Errorf("no template: %q", got)
	}
}
