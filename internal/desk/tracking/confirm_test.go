package tracking_test

import (
	"slices"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/tracking"
)

// sent says of the case's acknowledgement that it left.
func sent(app *desktest.App, c *desk.Case) {
	app.Put(app.Delivery(c.Id, desk.KindAck).Record, desktest.Values{"status": desk.Sent})
}

func TestConfirm(t *testing.T) {
	app := desktest.New(t)
	tr, c := tracker(app), app.Case(desktest.Values{"email": "Anna@Example.com"})
	confirmable := func(want string) {
		t.Helper()
		if got, err := tracking.Confirmable(app, find(t, app, c)); got != want || err != nil {
			t.Errorf("confirmable %q, %v; want %q", got, err, want)
		}
	}
	confirmable("") // no mail with the link has left
	if err := tr.Confirm(find(t, app, c)); err != nil || app.One(desk.Identities, nil).GetString("state") != desk.StateClaimed {
		t.Errorf("confirmed without a mail: %v", err)
	}
	sent(app, c)
	confirmable("anna@example.com")
	for range 2 {
		if err := tr.Confirm(find(t, app, c)); err != nil {
			t.Fatal(err)
		}
	}
	if app.One(desk.Identities, nil).GetString("state") != desk.StateVerified {
		t.Error("the address is not verified")
	}
	confirmable("")
	kinds := app.Kinds(c.Id)
	if n := len(slices.DeleteFunc(kinds, func(k string) bool { return k != tracking.EventConfirmed })); n != 1 {
		t.Errorf("%d events", n)
	}
}

func TestNothingToConfirm(t *testing.T) {
	for name, change := range map[string]func(app *desktest.App, c *desk.Case){
		// whoever typed a stranger's address got the link on his own phone
		"a link by SMS": func(app *desktest.App, c *desk.Case) {
			app.Make(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.Out, "channel": desk.ChannelSMS, "body": desk.TrackingLink})
		},
		"another contact's": func(app *desktest.App, c *desk.Case) {
			other := app.Make(desk.Contacts, desktest.Values{"name": "Ben"})
			app.Put(app.One(desk.Identities, nil), desktest.Values{"contact": other.Id})
		},
		"mail bounces": func(app *desktest.App, _ *desk.Case) {
			app.Put(app.One(desk.Identities, nil), desktest.Values{"state": desk.StateUndeliverable})
		},
		"sent elsewhere": func(app *desktest.App, c *desk.Case) {
			app.Put(app.Delivery(c.Id, desk.KindAck).Record, desktest.Values{"recipient": "ben@example.com"})
		},
	} {
		app := desktest.New(t)
		c := app.Case(nil)
		sent(app, c)
		before := app.One(desk.Identities, nil).GetString("state")
		change(app, c)
		if before == app.One(desk.Identities, nil).GetString("state") && name == "mail bounces" {
			t.Fatal("the state did not change")
		}
		state := app.One(desk.Identities, nil).GetString("state")
		if got, err := tracking.Confirmable(app, find(t, app, c)); got != "" || err != nil {
			t.Errorf("%s: confirmable %q, %v", name, got, err)
		}
		if err := tracker(app).Confirm(find(t, app, c)); err != nil || app.One(desk.Identities, nil).GetString("state") != state {
			t.Errorf("%s: confirmed, %v", name, err)
		}
	}
	app := desktest.New(t)
	c := app.Case(desktest.Values{"email": "", "phone": "+886912345678"})
	if got, err := tracking.Confirmable(app, find(t, app, c)); got != "" || err != nil {
		t.Errorf("phone alone: %q, %v", got, err)
	}
}

func TestMask(t *testing.T) {
	for in, want := range map[string]string{
		"anna@example.com": "a•••@example.com", "a@b.tw": "a•••@b.tw", "王小明@例子.tw": "王•••@例子.tw", "": "", "@x": "", "nobody": "",
	} {
		if got := tracking.Mask(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
