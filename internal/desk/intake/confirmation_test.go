package intake_test

import (
	"errors"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
)

func TestConfirmed(t *testing.T) {
	app := desktest.New(t)
	held := app.Hold(desktest.Values{"email": " Anna@Example.com "})
	r, err := app.Door.Confirmed(app, held.Feedback.Id)
	if err != nil || r.Case == nil || r.AnswerBy.IsZero() {
		t.Fatalf("%+v, %v", r, err)
	}
	v, err := desk.FindVerdictOf(app, held.Feedback.Id)
	if err != nil || v.Outcome() != desk.Accepted || !v.Decided() || v.GetString("decided_by") != "" {
		t.Errorf("verdict %s, decided by %q, %v", v.Outcome(), v.GetString("decided_by"), err)
	}
	if i := app.One(desk.Identities, desktest.Values{"value": "anna@example.com"}); i.GetString("state") != desk.StateVerified {
		t.Errorf("identity %s", i.GetString("state"))
	}
	if opened := app.Opened(); len(opened) != 1 || opened[0] != r.Case.Id {
		t.Errorf("opened %v", opened)
	}
	app.Delivery(r.Case.Id, "ack")
	if n := len(app.All(desk.Corrections, nil)); n != 0 {
		t.Error("a press on a button became a lesson")
	}
	if app.Event(r.Case.Id, "confirmed_address")["outcome"] != desk.Accepted {
		t.Error("the audit trail says nothing")
	}
	if _, err := app.Door.Confirmed(app, held.Feedback.Id); !errors.Is(err, intake.ErrDecided) {
		t.Errorf("twice: %v", err)
	}
	if n := len(app.All(desk.Cases, nil)); n != 1 {
		t.Errorf("%d cases", n)
	}
}

// What staff decided stays decided, and what was never held is no case twice.
func TestConfirmedTooLate(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	junk, accepted := app.Hold(nil), app.Submit(desktest.Values{"email": "ben@example.com"})
	if err := app.Door.Confirm(app, junk.Feedback.Id, agent); err != nil {
		t.Fatal(err)
	}
	for name, id := range map[string]string{"junk": junk.Feedback.Id, "accepted": accepted.Feedback.Id} {
		if _, err := app.Door.Confirmed(app, id); !errors.Is(err, intake.ErrDecided) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(app.All(desk.Cases, nil)); n != 1 {
		t.Errorf("%d cases", n)
	}
	if _, err := app.Door.Confirmed(app, "nothing00000000"); err == nil || errors.Is(err, intake.ErrDecided) {
		t.Errorf("unknown: %v", err)
	}
}

// The form's phone speaks against the contact that holds the address, so the
// new contact has none, and the old one's is not proven by it.
func TestConfirmedVerifiesItsOwnContact(t *testing.T) {
	app := desktest.New(t)
	app.Case(desktest.Values{"phone": "+886911111111"})
	held := app.Hold(desktest.Values{"phone": "+886922222222"})
	r, err := app.Door.Confirmed(app, held.Feedback.Id)
	if err != nil {
		t.Fatal(err)
	}
	i := app.One(desk.Identities, desktest.Values{"value": "anna@example.com"})
	if i.GetString("state") != desk.StateClaimed || i.GetString("contact") == r.Case.Contact() {
		t.Errorf("identity %s of %s, the case's contact is %s", i.GetString("state"), i.GetString("contact"), r.Case.Contact())
	}
}

func TestConfirmedPitchIsLow(t *testing.T) {
	app := desktest.New(t)
	held := app.Hold(nil)
	app.Put(app.One(desk.Verdicts, desktest.Values{"feedback": held.Feedback.Id}), desktest.Values{"pitch": true})
	r, err := app.Door.Confirmed(app, held.Feedback.Id)
	if err != nil || r.Case.Priority() != "low" {
		t.Errorf("%+v, %v", r, err)
	}
}
