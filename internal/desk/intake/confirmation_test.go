package intake_test

import (
	"errors"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
)

// waiting is a submission that waits for its sender alone: the rule that held it is gone.
func waiting(t *testing.T, app *desktest.App, v desktest.Values) *intake.Receipt {
	t.Helper()
	held := app.Hold(v)
	noRule(t, app)
	return held
}

func noRule(t *testing.T, app *desktest.App) {
	t.Helper()
	if err := app.Delete(app.One(desk.BlockRules, desktest.Values{"value": "held-word"})); err != nil {
		t.Fatal(err)
	}
	desk.Forget(app, desk.BlockRules)
}

func TestConfirmed(t *testing.T) {
	app := desktest.New(t)
	held := waiting(t, app, desktest.Values{"email": " Anna@Example.com "})
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
	held := waiting(t, app, desktest.Values{"phone": "+886922222222"})
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
	held := waiting(t, app, nil)
	app.Put(app.One(desk.Verdicts, desktest.Values{"feedback": held.Feedback.Id}), desktest.Values{"pitch": true})
	r, err := app.Door.Confirmed(app, held.Feedback.Id)
	if err != nil || r.Case.Priority() != "low" {
		t.Errorf("%+v, %v", r, err)
	}
}

// Whom staff have blocked since he wrote opens no case by the button, and is not told.
func TestConfirmedOfUnwanted(t *testing.T) {
	for name, c := range map[string]struct {
		rule   desktest.Values // made after the message came; nil blocks the contact
		allow  bool            // and another that lets the sender in
		opened bool
	}{
		"contact":      {},
		"address":      {rule: desktest.Values{"kind": "email", "value": "anna@example.com", "action": "block"}},
		"phone":        {rule: desktest.Values{"kind": "phone", "value": "0911111111", "action": "block"}},
		"words":        {rule: desktest.Values{"kind": "keyword", "value": "saucers", "action": "quarantine"}},
		"network":      {rule: desktest.Values{"kind": "ip", "value": "203.0.113.0/24", "action": "block"}},
		"country":      {rule: desktest.Values{"kind": "country", "value": "DE", "action": "quarantine"}},
		"allowed":      {rule: desktest.Values{"kind": "ip", "value": "203.0.113.0/24", "action": "block"}, allow: true, opened: true},
		"another rule": {rule: desktest.Values{"kind": "ip", "value": "198.51.100.0/24", "action": "block"}, opened: true},
	} {
		t.Run(name, func(t *testing.T) {
			app := desktest.New(t)
			known := app.Case(nil)
			id := holdFrom(t, app, "203.0.113.7", desktest.Values{"email": "Anna+2@example.com", "phone": "+886911111111", "message": "Where are my saucers?"})
			noRule(t, app)
			if c.rule == nil {
				app.Put(app.Find(desk.Feedbacks, id), desktest.Values{"email": "anna@example.com"})
				app.Put(app.Find(desk.Contacts, known.Contact()), desktest.Values{"blocked": true})
			} else {
				app.Make(desk.BlockRules, c.rule)
			}
			app.Put(app.One(desk.Verdicts, desktest.Values{"feedback": id}), desktest.Values{"country": "DE"})
			if c.allow {
				app.Make(desk.BlockRules, desktest.Values{"kind": "domain", "value": "example.com", "action": "allow"})
			}
			desk.Forget(app, desk.BlockRules)
			desk.Forget(app, desk.Contacts)
			r, err := app.Door.Confirmed(app, id)
			if err != nil || (r.Case != nil) != c.opened || r.AnswerBy.IsZero() || r.Feedback.Id != id {
				t.Fatalf("%+v, %v", r, err)
			}
			v, err := desk.FindVerdictOf(app, id)
			if err != nil || v.Waits() == c.opened {
				t.Errorf("verdict %s, %v", v.Outcome(), err)
			}
			if n := len(app.All(desk.Events, desktest.Values{"feedback": id, "kind": "confirm_held"})); (n == 1) == c.opened {
				t.Errorf("%d notes for staff", n)
			}
			if _, err := app.Door.Confirmed(app, id); !errors.Is(err, intake.ErrDecided) {
				t.Errorf("a second press: %v", err)
			}
			if err := app.Door.Confirmable(app, id); !errors.Is(err, intake.ErrDecided) {
				t.Errorf("a second look: %v", err)
			}
		})
	}
}
