package intake_test

import (
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/memberref"
)

// The shop's site vouches for a number, not for the addresses that its member
// types: the number never comes to stand with the owner of such an address.
func TestVouchedWithAnothersAddress(t *testing.T) {
	const anna, mallory = "anna@example.com", "mallory@example.com"
	for name, c := range map[string]struct {
		typed     desktest.Values
		ofMallory bool // he wrote before, from his own address
	}{
		"by mail":           {typed: desktest.Values{"email": anna, "phone": ""}},
		"by phone":          {typed: desktest.Values{"email": "", "phone": "0912-345-678"}},
		"by both":           {typed: desktest.Values{"email": anna, "phone": "0912-345-678"}},
		"known, by mail":    {typed: desktest.Values{"email": anna, "phone": ""}, ofMallory: true},
		"his mail, a phone": {typed: desktest.Values{"email": mallory, "phone": "0912-345-678"}, ofMallory: true},
	} {
		t.Run(name, func(t *testing.T) {
			app := desktest.New(t)
			openDoor(app, intake.Config{MemberSecret: memberSecret})
			ref := memberref.Sign([]byte(memberSecret), "m-1", app.Clock.Now().Add(time.Hour))
			victim := app.Case(desktest.Values{"name": "Anna", "email": anna, "phone": "0912-345-678", "locale": "zh-TW"})
			own := ""
			if c.ofMallory {
				own = app.Case(desktest.Values{"name": "M", "email": mallory, "member_ref": ref}).Contact()
			}
			for i := range 2 {
				sent := desktest.Values{"name": "M", "locale": "zh-TW", "member_ref": ref}
				for k, v := range c.typed {
					sent[k] = v
				}
				got := app.Case(sent)
				number := app.One(desk.Identities, desktest.Values{"kind": desk.KindMember, "value": "m-1"})
				if holder := number.GetString("contact"); holder == victim.Contact() || got.Contact() != holder {
					t.Fatalf("message %d: the number is the victim's: %v; the case is the member's: %v", i+1, holder == victim.Contact(), got.Contact() == holder)
				}
				if own != "" && got.Contact() != own {
					t.Errorf("message %d: not the contact for which the shop vouched", i+1)
				}
				if after := app.Event(got.Id, desk.EventTwin); after["contact"] != victim.Contact() {
					t.Errorf("message %d: staff are told of %v", i+1, after)
				}
			}
		})
	}
}

// A member who is new, or whom the desk knows by his number, is one contact.
func TestVouchedForHisOwn(t *testing.T) {
	app := desktest.New(t)
	openDoor(app, intake.Config{MemberSecret: memberSecret})
	sent := desktest.Values{"email": "ming@example.com", "member_ref": memberref.Sign([]byte(memberSecret), "m-1", app.Clock.Now().Add(time.Hour))}
	first, second := app.Case(sent), app.Case(sent)
	number := app.One(desk.Identities, desktest.Values{"kind": desk.KindMember})
	if first.Contact() != second.Contact() || number.GetString("contact") != first.Contact() || number.GetString("state") != desk.StateVerified {
		t.Errorf("contacts %s and %s; the number's is %s, %s", first.Contact(), second.Contact(), number.GetString("contact"), number.GetString("state"))
	}
	if n := len(app.All(desk.Events, desktest.Values{"kind": desk.EventTwin})); n != 0 {
		t.Errorf("%d doubts", n)
	}
}

// Who pressed the button behind the link that was mailed to a known address, and
// for whom the shop vouches, is that person: the number is his contact's.
func TestVouchedAndConfirmed(t *testing.T) {
	app := desktest.New(t)
	openDoor(app, intake.Config{MemberSecret: memberSecret})
	known := app.Case(desktest.Values{"email": "ming@example.com"})
	ref := memberref.Sign([]byte(memberSecret), "m-1", app.Clock.Now().Add(time.Hour))
	held := waiting(t, app, desktest.Values{"email": "ming@example.com", "member_ref": ref})
	r, err := app.Door.Confirmed(app, held.Feedback.Id)
	if err != nil || r.Case == nil {
		t.Fatalf("%+v, %v", r, err)
	}
	if number := app.One(desk.Identities, desktest.Values{"kind": desk.KindMember}); r.Case.Contact() != known.Contact() || number.GetString("contact") != known.Contact() {
		t.Errorf("the case is of %s, the number of %s, and he is %s", r.Case.Contact(), number.GetString("contact"), known.Contact())
	}
}
