package intake_test

import (
	"database/sql"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
)

// Before a phrase or a domain is blocked, staff hear how many people it would
// have kept out in the last month.
func TestCheckBlock(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	send := func(email, message string) *intake.Receipt {
		return app.Submit(desktest.Values{"email": email, "message": message})
	}
	send("old@mail.example", "A gift box for my aunt, please.")
	app.Clock.Advance(31 * 24 * time.Hour)
	for i := range 3 {
		send(fmt.Sprintf("a%d@mail.example", i), fmt.Sprintf("Do you have a Ｇift  BOX for %d cups?", i))
	}
	send("b@other.example", "The lid of the teapot is cracked.")
	junk := app.Case(desktest.Values{"email": "c@mail.example", "message": "gift box factory"}) // taken for junk since
	if err := app.Door.MarkSpam(app, junk.Id, agent); err != nil {
		t.Fatal(err)
	}
	held := holdFrom(t, app, "203.0.113.7", desktest.Values{"email": "pest@eu.mail.example", "message": "Gift box and plaques, cheap."})
	for _, c := range []struct {
		kind, value string
		want        intake.BlockCheck
	}{
		{"phrase", "gift box", intake.BlockCheck{Kind: "keyword", Value: "gift box", Accepted: 3}},
		{"phrase", "plaques", intake.BlockCheck{Kind: "keyword", Value: "plaques"}},
		{"domain", "", intake.BlockCheck{Kind: "domain", Value: "eu.mail.example"}},
		{"domain", "mail.example", intake.BlockCheck{Kind: "domain", Value: "mail.example", Accepted: 3}},
		{"sender", "", intake.BlockCheck{Kind: "email", Value: "pest@eu.mail.example"}},
		{"network", "", intake.BlockCheck{Kind: "ip", Value: "203.0.113.0/24"}},
	} {
		got, err := app.Door.CheckBlock(app, held, intake.BlockRequest{Kind: c.kind, Value: c.value, Days: 7}, agent)
		if err != nil || *got != c.want {
			t.Errorf("%s %q: %+v, %v; want %+v", c.kind, c.value, got, err, c.want)
		}
	}
	if n := len(app.All(desk.BlockRules, desktest.Values{"action": "block"})); n != 0 || app.One(desk.Verdicts, desktest.Values{"feedback": held}).GetString("outcome") != desk.Quarantined {
		t.Errorf("a look made %d rules or decided", n)
	}
	var refused *intake.BlockError
	for _, q := range []intake.BlockRequest{{Kind: "phrase", Value: "never said", Days: 7}, {Kind: "phrase", Value: "gift box"}, {Kind: "planet", Days: 7}} {
		if _, err := app.Door.CheckBlock(app, held, q, agent); !errors.As(err, &refused) {
			t.Errorf("%+v: %v", q, err)
		}
	}
	if _, err := app.Door.CheckBlock(app, "nobody", intake.BlockRequest{Kind: "sender", Days: 7}, agent); !errors.Is(err, sql.ErrNoRows) {
		t.Errorf("no message: %v", err)
	}
}
