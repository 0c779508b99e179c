package casework_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// identities are the addresses of a contact: "email anna@example.com claimed".
func identities(app *desktest.App, contact string) []string {
	out := []string{}
	for _, r := range app.All(desk.Identities, desktest.Values{"contact": contact}) {
		i := desk.AsIdentity(r)
		out = append(out, fmt.Sprint(i.Kind(), " ", i.Value(), " ", i.State()))
	}
	slices.Sort(out)
	return out
}

func TestContacts(t *testing.T) {
	const (
		annaMail, benMail   = "anna@example.com", "ben@example.com"
		annaPhone, benPhone = "0912 345 678", "0987-654-321"
		annaE164, benE164   = "+886912345678", "+886987654321"
	)
	mailOnly := desktest.Values{"name": "Anna", "email": annaMail, "locale": "zh-TW"}
	both := desktest.Values{"name": "Anna", "email": annaMail, "phone": annaPhone, "locale": "zh-TW"}
	phoneOnly := desktest.Values{"name": "Anna", "email": "", "phone": annaPhone, "locale": "zh-TW"}
	ben := desktest.Values{"name": "Ben", "email": benMail, "phone": benPhone, "locale": "zh-TW"}

	for name, c := range map[string]struct {
		before   []desktest.Values
		verified bool // the first contact's mail
		now      desktest.Values
		joins    bool     // the first contact
		has      []string // addresses of the new case's contact
		same     string   // of the possible duplicate, which is the first contact
	}{
		"nobody known":           {now: both, has: []string{"email anna@example.com claimed", "phone +886912345678 claimed"}},
		"same mail":              {before: []desktest.Values{mailOnly}, now: mailOnly, joins: true, has: []string{"email anna@example.com claimed"}},
		"same mail, other case":  {before: []desktest.Values{mailOnly}, now: desktest.Values{"email": " ANNA@Example.COM "}, joins: true, has: []string{"email anna@example.com claimed"}},
		"same mail and phone":    {before: []desktest.Values{both}, now: both, joins: true, has: []string{"email anna@example.com claimed", "phone +886912345678 claimed"}},
		"first phone for a mail": {before: []desktest.Values{mailOnly}, now: both, joins: true, has: []string{"email anna@example.com claimed", "phone +886912345678 claimed"}},
		"first mail for a phone": {before: []desktest.Values{phoneOnly}, now: both, joins: true, has: []string{"email anna@example.com claimed", "phone +886912345678 claimed"}},
		"other phone": {before: []desktest.Values{both}, now: desktest.Values{"email": annaMail, "phone": benPhone, "locale": "zh-TW"},
			has: []string{"phone " + benE164 + " claimed"}, same: "email"},
		"other mail, same phone": {before: []desktest.Values{both}, now: desktest.Values{"email": benMail, "phone": annaPhone, "locale": "zh-TW"},
			has: []string{"email ben@example.com claimed"}, same: "phone"},
		"phone only": {before: []desktest.Values{phoneOnly}, now: phoneOnly, joins: true, has: []string{"phone " + annaE164 + " claimed"}},
		"phone full width": {before: []desktest.Values{phoneOnly}, now: desktest.Values{"email": "", "phone": "０９１２－３４５－６７８", "locale": "zh-TW"},
			joins: true, has: []string{"phone " + annaE164 + " claimed"}},
		"phone with country code": {before: []desktest.Values{phoneOnly}, now: desktest.Values{"email": "", "phone": "+886 912 345 678", "locale": "ja"},
			joins: true, has: []string{"phone " + annaE164 + " claimed"}},
		"mail of one, phone of another": {before: []desktest.Values{both, ben}, now: desktest.Values{"email": annaMail, "phone": benPhone, "locale": "zh-TW"},
			has: []string{}, same: "email"},
		"verified, same mail": {before: []desktest.Values{mailOnly}, verified: true, now: mailOnly, joins: true, has: []string{"email anna@example.com verified"}},
		"verified, new phone": {before: []desktest.Values{mailOnly}, verified: true, now: both, has: []string{"phone " + annaE164 + " claimed"}, same: "email"},
		"phone that is none beside a mail": {before: []desktest.Values{mailOnly}, now: desktest.Values{"email": annaMail, "phone": "ask me"}, joins: true,
			has: []string{"email anna@example.com claimed"}},
	} {
		t.Run(name, func(t *testing.T) {
			app := desktest.New(t)
			first := ""
			for _, v := range c.before {
				one := app.Case(v)
				if first == "" {
					first = one.Contact()
				}
			}
			if c.verified {
				app.Put(app.One(desk.Identities, desktest.Values{"contact": first, "kind": "email"}), desktest.Values{"state": desk.StateVerified})
			}
			got := app.Case(c.now)
			if c.joins != (got.Contact() == first) {
				t.Errorf("joins the known contact: %v", got.Contact() == first)
			}
			if has := identities(app, got.Contact()); !slices.Equal(has, c.has) {
				t.Errorf("addresses %v, want %v", has, c.has)
			}
			dup := app.All(desk.Events, desktest.Values{"case": got.Id, "kind": "possible_duplicate"})
			if (len(dup) == 1) != (c.same != "") {
				t.Fatalf("events %v", app.Kinds(got.Id))
			}
			if c.same != "" {
				if after := app.Event(got.Id, "possible_duplicate"); after["contact"] != first || after["same"] != c.same {
					t.Errorf("duplicate %v", after)
				}
			}
			// whoever it is, the answer goes where this visitor asked for it
			if m := strings.ToLower(strings.TrimSpace(fmt.Sprint(c.now["email"]))); m != "" {
				if r := app.Reply(got, app.Agent(desk.RoleAgent, ""), nil); app.One(desk.Outbox, desktest.Values{"message": r.Id}).GetString("recipient") != m {
					t.Error("the answer goes elsewhere")
				}
			}
		})
	}
}

func TestContactName(t *testing.T) {
	app := desktest.New(t)
	for typed, kept := range map[string]string{
		"  María  del Carmen  de la Cruz ": "María del Carmen de la Cruz",
		"山田　花子":                            "山田 花子",
		"王小明":                              "王小明",
		"Nguyễn Thị Minh Khai":             "Nguyễn Thị Minh Khai",
	} {
		c := app.Case(desktest.Values{"name": typed, "email": desk.NewReceipt() + "@example.com"})
		if got := app.Find(desk.Contacts, c.Contact()).GetString("name"); got != kept {
			t.Errorf("%q is kept as %q", typed, got)
		}
		if got := app.Find(desk.Feedbacks, c.Feedback()).GetString("name"); got != typed {
			t.Errorf("what was sent is no longer verbatim: %q", got)
		}
	}
	// a contact without a name gets the first that comes, and keeps it
	app.Case(desktest.Values{"name": "", "email": "x@example.com"})
	app.Case(desktest.Values{"name": "Xenia", "email": "x@example.com"})
	c := app.Case(desktest.Values{"name": "Somebody Else", "email": "x@example.com"})
	if got := app.Find(desk.Contacts, c.Contact()).GetString("name"); got != "Xenia" {
		t.Errorf("name %q", got)
	}
}
