package intake_test

import (
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
)

// Texts that staff called junk hold the next ones; once that is taken back, not
// any more, neither now nor after a restart.
func TestUndecide(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	const text = "Our workshop polishes brass plaques for lobbies, and would like to send you a brochure about it."
	held := app.Hold(desktest.Values{"message": text}).Feedback
	hash, err := strconv.ParseUint(app.One(desk.Verdicts, desktest.Values{"feedback": held.Id}).GetString("simhash"), 16, 64)
	if err != nil {
		t.Fatal(err)
	}
	near := func(d *intake.Intake) string {
		switch n := d.Recent.Find(hash, 1); {
		case n.Junk > 0:
			return "junk"
		case n.Good > 0:
			return "good"
		}
		return ""
	}
	if err := app.Door.Undecide(app, held.Id, agent); !errors.Is(err, intake.ErrNotConfirmed) {
		t.Errorf("what waits: %v", err)
	}
	if err := app.Door.Undecide(app, "nobody", agent); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("no message: %v", err)
	}
	if err := app.Door.Confirm(app, held.Id, agent); err != nil || near(app.Door) != "junk" {
		t.Fatalf("confirmed: %q, %v", near(app.Door), err)
	}
	if err := app.Door.Undecide(app, held.Id, agent); err != nil || near(app.Door) != "" {
		t.Errorf("undecided: %q, %v", near(app.Door), err)
	}
	again := app.NewDoor()
	if err := again.LoadRecent(t.Context(), app); err != nil || near(again) != "" {
		t.Errorf("after a restart: %q, %v", near(again), err)
	}
	if n := len(app.All(desk.Corrections, nil)) + len(app.All(desk.Cases, nil)); n != 0 {
		t.Errorf("%d lessons and cases", n)
	}
	// confirmed and released afterwards: the last word is another
	if err := app.Door.Confirm(app, held.Id, agent); err != nil {
		t.Fatal(err)
	}
	c, err := app.Door.Release(app, held.Id, agent)
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Door.MarkSpam(app, c.Id, agent); err != nil {
		t.Fatal(err)
	}
	if err := app.Door.Undecide(app, held.Id, agent); !errors.Is(err, intake.ErrNotConfirmed) || near(app.Door) != "junk" {
		t.Errorf("a case: %q, %v", near(app.Door), err)
	}
	if err := app.Delete(app.Find(desk.Cases, c.Id)); err != nil {
		t.Fatal(err)
	}
	if err := app.Door.Undecide(app, held.Id, agent); !errors.Is(err, intake.ErrNotConfirmed) && !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("whose case was removed: %v", err)
	}
	var kinds []string
	for _, r := range app.All(desk.Events, desktest.Values{"kind": "undecided"}) {
		kinds = append(kinds, r.GetString("actor"))
	}
	if !slices.Equal(kinds, []string{agent.Id}) {
		t.Errorf("events by %v", kinds)
	}
}
