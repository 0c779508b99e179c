package inbox_test

import (
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
)

// A row's trust is that of the address which an answer goes to, and of no other.
func TestRowTrust(t *testing.T) {
	const anna, other, number = "anna@example.com", "other@example.com", "0912-345-678"
	type id struct{ kind, value, state string }
	for name, c := range map[string]struct {
		sent desktest.Values
		more []id // of the contact, beside what he typed
		mail string
		want string
	}{
		"claimed":                       {sent: desktest.Values{"email": anna}, want: desk.StateClaimed},
		"written in another way":        {sent: desktest.Values{"email": " Anna@Example.com "}, mail: desk.StateVerified, want: desk.StateVerified},
		"verified":                      {sent: desktest.Values{"email": anna}, mail: desk.StateVerified, want: desk.StateVerified},
		"undeliverable":                 {sent: desktest.Values{"email": anna}, mail: desk.StateUndeliverable, want: desk.StateUndeliverable},
		"a member's number is no proof": {sent: desktest.Values{"email": anna}, more: []id{{desk.KindMember, "m-1", desk.StateVerified}}, want: desk.StateClaimed},
		"nor is another address":        {sent: desktest.Values{"email": anna}, more: []id{{desk.KindEmail, other, desk.StateVerified}}, want: desk.StateClaimed},
		"nor is a phone number":         {sent: desktest.Values{"email": anna}, more: []id{{desk.KindPhone, "+886987654321", desk.StateVerified}}, want: desk.StateClaimed},
		"phone alone":                   {sent: desktest.Values{"email": "", "phone": number}, want: desk.StateClaimed},
		"phone, and a proven address":   {sent: desktest.Values{"email": "", "phone": number}, more: []id{{desk.KindEmail, other, desk.StateVerified}}, want: desk.StateVerified},
		"phone, and one that is not":    {sent: desktest.Values{"email": "", "phone": number}, more: []id{{desk.KindEmail, other, desk.StateReachable}}, want: desk.StateClaimed},
	} {
		t.Run(name, func(t *testing.T) {
			app := desktest.New(t)
			agent := app.Agent(desk.RoleAgent, "")
			made := app.Case(c.sent)
			if c.mail != "" {
				app.Put(app.One(desk.Identities, desktest.Values{"contact": made.Contact(), "kind": desk.KindEmail}), desktest.Values{"state": c.mail})
			}
			for _, i := range c.more {
				app.Make(desk.Identities, desktest.Values{"contact": made.Contact(), "kind": i.kind, "value": i.value, "state": i.state})
			}
			page, err := inbox.Cases(app, agent, inbox.Query{Queue: "open"})
			if err != nil || len(page.Items) != 1 {
				t.Fatalf("%d rows, %v", len(page.Items), err)
			}
			if got := page.Items[0].Trust; got != c.want {
				to, _ := casework.ReplyAddress(app, made)
				t.Errorf("%q, want %q: an answer goes to %q", got, c.want, to)
			}
		})
	}
}

// Who types the address of a person that is known, but gets a contact of his own,
// has proven nothing of it.
func TestRowTrustOfAnothersAddress(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	first := app.Case(desktest.Values{"email": "anna@example.com"})
	app.Put(app.One(desk.Identities, desktest.Values{"contact": first.Contact()}), desktest.Values{"state": desk.StateVerified})
	second := app.Case(desktest.Values{"email": "anna@example.com", "phone": "0912-345-678"})
	page, err := inbox.Cases(app, agent, inbox.Query{Queue: "open"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{first.Id: desk.StateVerified, second.Id: desk.StateClaimed}
	for _, r := range page.Items {
		if r.Trust != want[r.ID] {
			t.Errorf("%s: %q, want %q", r.ID, r.Trust, want[r.ID])
		}
	}
	if first.Contact() == second.Contact() || len(page.Items) != 2 {
		t.Errorf("one contact, or %d rows", len(page.Items))
	}
}
