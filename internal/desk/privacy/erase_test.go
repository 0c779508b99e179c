package privacy_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
)

// Whom staff blocked is erased with the rules about him. Those about others
// stay, without the receipts of his messages.
func TestEraseRules(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleSupervisor, "")
	app.Case(desktest.Values{"email": "quist@private.example", "phone": "0912 345 678", "locale": "zh-TW"})
	held := app.Hold(desktest.Values{"email": "quist@private.example", "message": "Buy carpets, extraordinary ones."})
	var made []*intake.BlockedRule
	for _, q := range []intake.BlockRequest{{Kind: intake.BlockSender}, {Kind: intake.BlockDomain}, {Kind: intake.BlockPhrase, Value: "extraordinary ones"}} {
		rule, err := app.Door.Block(app, held.Feedback.Id, q, agent)
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, rule)
	}
	phone := app.Make(desk.BlockRules, desktest.Values{"kind": "phone", "value": "+886-912-345-678", "action": "allow", "note": "A friend."})
	other := app.Make(desk.BlockRules, desktest.Values{"kind": "email", "value": "anna@example.com", "action": "block", "note": "Rude."})
	if rows := mentions(t, app, held.Feedback.Receipt()); len(rows) == 0 {
		t.Fatal("no rule names the message")
	}

	report, err := privacy.Erase(app, "Quist@private.example")
	if err != nil || report.Rules != 2 || report.Lessons != 1 || report.Submissions != 2 {
		t.Errorf("%+v, %v", report, err)
	}
	left := map[string]string{}
	for _, r := range app.All(desk.BlockRules, nil) {
		left[r.Id] = r.GetString("note")
	}
	if _, is := left[made[0].ID]; is {
		t.Error("the rule about his mail address is left")
	}
	if _, is := left[phone.Id]; is {
		t.Error("the rule about his phone number is left")
	}
	for _, id := range []string{made[1].ID, made[2].ID} {
		if note, is := left[id]; !is || strings.Contains(note, held.Feedback.Receipt()) || !strings.HasSuffix(note, "2026-11-16.") {
			t.Errorf("a rule about others: %v %q", is, note)
		}
	}
	if left[other.Id] != "Rude." {
		t.Errorf("a rule about somebody else: %q", left[other.Id])
	}
	for _, word := range []string{"quist@", "345678", held.Feedback.Receipt()} {
		if rows := mentions(t, app, word); len(rows) != 0 {
			t.Errorf("%q stands in %v", word, rows)
		}
	}
}

// Retention removes the message before the person asks to be forgotten: what was
// learned from it is found by its sender, and a rule about him by itself.
func TestEraseAfterRetention(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	for _, who := range []desktest.Values{
		{"email": "Quist@private.example", "phone": "0912 345 678", "locale": "zh-TW"}, {"email": "", "phone": "0912345678", "locale": "zh-TW"},
		{"email": "anna@example.com"},
	} {
		held := app.Hold(who)
		if err := app.Door.Confirm(app, held.Feedback.Id, agent); err != nil {
			t.Fatal(err)
		}
	}
	app.Make(desk.BlockRules, desktest.Values{"kind": "email", "value": "QUIST@private.example", "action": "block"})
	app.Clock.Advance(40 * 24 * time.Hour)
	if err := privacy.Sweep(app); err != nil {
		t.Fatal(err)
	}
	if n := len(app.All(desk.Feedbacks, nil)); n != 0 || len(app.All(desk.Corrections, nil)) != 3 {
		t.Fatalf("%d messages are left", n)
	}
	for _, c := range []struct {
		address string
		want    privacy.Report
	}{{"quist@private.example", privacy.Report{Lessons: 1, Rules: 1}}, {"+886912345678", privacy.Report{Lessons: 1}}} {
		if report, err := privacy.Erase(app, c.address); err != nil || report != c.want {
			t.Errorf("%s: %+v, %v", c.address, report, err)
		}
		if _, err := privacy.Erase(app, c.address); !errors.Is(err, privacy.ErrNobody) {
			t.Errorf("%s a second time: %v", c.address, err)
		}
	}
	app.One(desk.Corrections, nil)
}

// A lesson that was turned round after its message was gone is still found.
func TestEraseTurnedLesson(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(desktest.Values{"email": "quist@private.example"})
	if err := app.Door.MarkSpam(app, c.Id, agent); err != nil {
		t.Fatal(err)
	}
	app.Clock.Advance(40 * 24 * time.Hour)
	if err := privacy.Sweep(app); err != nil {
		t.Fatal(err)
	}
	if err := app.Door.UnmarkSpam(app, c.Id, agent); err != nil {
		t.Fatal(err)
	}
	if report, err := privacy.Erase(app, "quist@private.example"); err != nil || report.Lessons != 1 || len(app.All(desk.Corrections, nil)) != 0 {
		t.Errorf("%+v, %v", report, err)
	}
}
