package intake_test

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// Who may say what a text is: staff, and nobody else. At once and after a restart
// it is the same.
func TestWhoSaysJunk(t *testing.T) {
	bot := func(r *intake.Request) {
		r.Honeypot, r.FormToken, r.Pow, r.UserAgent = "x", "made-up", map[string]any{"salt": "x", "signature": "x", "n": 1.0}, ""
	}
	hash, _ := spam.SimHash(spam.TextOf("Where is my parcel?", letter))
	for name, c := range map[string]struct {
		do         func(t *testing.T, app *desktest.App, agent *desk.Agent)
		junk, good int
		held       bool // of a customer with the same text
	}{
		"blocked by its score": {func(t *testing.T, app *desktest.App, _ *desk.Agent) {
			app.Choose(desktest.Values{"thresholds": map[string]any{"quarantine": 5, "block": 8}})
			for i := range 4 {
				if r := receive(t, app, address(i), bot); r.Outcome != desk.Blocked {
					t.Fatalf("a bot's: %s", r.Outcome)
				}
			}
			app.Choose(desktest.Values{"thresholds": map[string]any{"quarantine": 5, "block": 20}})
		}, 0, 0, false},
		"blocked by a rule": {func(t *testing.T, app *desktest.App, _ *desk.Agent) {
			app.Make(desk.BlockRules, desktest.Values{"kind": "email", "value": "guest1@example.com", "action": "block"})
			receive(t, app, address(1), nil)
		}, 0, 0, false},
		"confirmed by staff": {func(t *testing.T, app *desktest.App, agent *desk.Agent) {
			r := receive(t, app, address(1), bot)
			if err := app.Door.Confirm(app, r.Feedback.Id, agent); err != nil {
				t.Fatal(err)
			}
		}, 1, 0, true},
		"blocked by its score, its sender by staff": {func(t *testing.T, app *desktest.App, agent *desk.Agent) {
			app.Choose(desktest.Values{"thresholds": map[string]any{"quarantine": 5, "block": 8}})
			r := receive(t, app, address(1), bot)
			app.Choose(desktest.Values{"thresholds": map[string]any{"quarantine": 5, "block": 20}})
			if _, err := app.Door.Block(app, r.Feedback.Id, intake.BlockRequest{Kind: "sender", Days: 3}, agent); err != nil {
				t.Fatal(err)
			}
		}, 0, 0, false},
		"held, its sender blocked by staff": {func(t *testing.T, app *desktest.App, agent *desk.Agent) {
			r := receive(t, app, address(1), bot)
			if _, err := app.Door.Block(app, r.Feedback.Id, intake.BlockRequest{Kind: "sender", Days: 3}, agent); err != nil {
				t.Fatal(err)
			}
		}, 1, 0, true},
		"released by staff": {func(t *testing.T, app *desktest.App, agent *desk.Agent) {
			r := receive(t, app, address(1), bot)
			if _, err := app.Door.Release(app, r.Feedback.Id, agent); err != nil {
				t.Fatal(err)
			}
		}, 0, 1, false},
		"confirmed by its sender": {func(t *testing.T, app *desktest.App, _ *desk.Agent) {
			r := receive(t, app, address(1), bot)
			if _, err := app.Door.Confirmed(app, r.Feedback.Id); err != nil {
				t.Fatal(err)
			}
		}, 0, 0, false},
		"a case marked as spam": {func(t *testing.T, app *desktest.App, agent *desk.Agent) {
			r := receive(t, app, address(1), nil)
			if err := app.Door.MarkSpam(app, r.Case.Id, agent); err != nil {
				t.Fatal(err)
			}
		}, 1, 0, true},
		"marked, and then answered": {func(t *testing.T, app *desktest.App, agent *desk.Agent) {
			r := receive(t, app, address(1), nil)
			if err := app.Door.MarkSpam(app, r.Case.Id, agent); err != nil {
				t.Fatal(err)
			}
			app.Put(app.Find(desk.Cases, r.Case.Id), desktest.Values{"first_responded_at": desk.Date(app.Clock.Now())})
			app.Door.Recent.Answered(r.Feedback.Id) // as the hook does
		}, 1, 0, true},
		"answered": {func(t *testing.T, app *desktest.App, _ *desk.Agent) {
			r := receive(t, app, address(1), nil)
			app.Put(app.Find(desk.Cases, r.Case.Id), desktest.Values{"first_responded_at": desk.Date(app.Clock.Now())})
			app.Door.Recent.Answered(r.Feedback.Id)
		}, 0, 1, false},
		"marked, and taken back": {func(t *testing.T, app *desktest.App, agent *desk.Agent) {
			r := receive(t, app, address(1), nil)
			if err := errors.Join(app.Door.MarkSpam(app, r.Case.Id, agent), app.Door.UnmarkSpam(app, r.Case.Id, agent)); err != nil {
				t.Fatal(err)
			}
		}, 0, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			app := desktest.New(t)
			c.do(t, app, app.Agent(desk.RoleAgent, ""))
			for _, when := range []string{"at once", "after a restart"} {
				near := app.Door.Recent.Find(hash, 1)
				if near.Junk != c.junk || near.Good != c.good {
					t.Errorf("%s: %+v", when, near)
				}
				openDoor(app, intake.Config{})
				if err := app.Door.LoadRecent(t.Context(), app); err != nil {
					t.Fatal(err)
				}
			}
			r := receive(t, app, address(9), func(r *intake.Request) { r.IP = netip.MustParseAddr("192.0.2.9") })
			if held := r.Outcome != desk.Accepted; held != c.held || (weight(app, r, "near_duplicate") >= 7) != c.held {
				t.Errorf("a customer with the same text: %s, near_duplicate weighs %v", r.Outcome, weight(app, r, "near_duplicate"))
			}
		})
	}
}
