package desk_test

import (
	"errors"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// Which event moves which state where: a lower one never lowers, what comes back
// is undeliverable, and only what shows that he is there lifts that.
func TestRaise(t *testing.T) {
	const claimed, reachable, verified, dead = desk.StateClaimed, desk.StateReachable, desk.StateVerified, desk.StateUndeliverable
	app := desktest.New(t)
	c := app.Make(desk.Contacts, nil)
	for _, test := range []struct{ from, to, by, want string }{
		{claimed, claimed, "form", claimed}, {claimed, reachable, desk.RaisedMail, reachable}, {claimed, verified, desk.RaisedDMARC, verified},
		{claimed, dead, desk.RaisedBounced, dead},
		{reachable, claimed, "form", reachable}, {reachable, reachable, desk.RaisedPage, reachable}, {reachable, verified, desk.RaisedConfirmed, verified},
		{reachable, dead, desk.RaisedBounced, dead},
		{verified, claimed, desk.RaisedStaff, verified}, {verified, reachable, desk.RaisedMail, verified}, {verified, verified, desk.RaisedDMARC, verified},
		{verified, dead, desk.RaisedWrong, dead},
		{dead, claimed, "form", dead}, {dead, claimed, desk.RaisedStaff, claimed}, {dead, reachable, desk.RaisedCall, reachable},
		{dead, verified, desk.RaisedConfirmed, verified}, {dead, dead, desk.RaisedBounced, dead},
	} {
		i, err := desk.NewIdentity(app, c.Id, desk.KindEmail, test.from+test.to+test.by+"@example.com", "form")
		if err != nil {
			t.Fatal(err)
		}
		app.Put(i.Record, desktest.Values{"state": test.from, "raised_by": "before"})
		was := app.Find(desk.Identities, i.Id).GetString("raised_at")
		app.Clock.Advance(time.Minute)
		if err := desk.Raise(app, i, test.to, test.by); err != nil {
			t.Fatal(err)
		}
		got := desk.AsIdentity(app.Find(desk.Identities, i.Id))
		moved := test.want != test.from
		if got.State() != test.want || moved != (got.GetString("raised_by") == test.by) || moved != (got.GetString("raised_at") != was) {
			t.Errorf("%s to %s by %s: %s by %s at %s", test.from, test.to, test.by, got.State(), got.GetString("raised_by"), got.GetString("raised_at"))
		}
	}
	i, err := desk.NewIdentity(app, c.Id, desk.KindEmail, "An.Na+x@gmail.com", "form")
	if err != nil || i.GetString("mailbox") != "anna@gmail.com" {
		t.Errorf("mailbox %q, %v", i.GetString("mailbox"), err)
	}
	if err := desk.Raise(app, i, "trusted", desk.RaisedStaff); !errors.Is(err, desk.ErrState) {
		t.Errorf("an unknown state: %v", err)
	}
}

// A member's number stands under one contact; another one who bears it is told of.
func TestVouch(t *testing.T) {
	app := desktest.New(t)
	one, two := app.Make(desk.Contacts, nil), app.Make(desk.Contacts, nil)
	for range 2 {
		if other, err := desk.Vouch(app, one.Id, "m-1", "form"); other != "" || err != nil {
			t.Errorf("%q, %v", other, err)
		}
	}
	if other, err := desk.Vouch(app, two.Id, "m-1", "form"); other != one.Id || err != nil {
		t.Errorf("%q, %v", other, err)
	}
	if i := app.One(desk.Identities, nil); i.GetString("contact") != one.Id || i.GetString("state") != desk.StateVerified {
		t.Errorf("%v", i.PublicExport())
	}
}
