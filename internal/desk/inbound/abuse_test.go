package inbound_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// checked is an app whose mail server says what it found out about a sender.
func checked(t *testing.T) *desktest.App {
	t.Helper()
	app := desktest.New(t)
	app.Choose(desktest.Values{"mail": map[string]any{"authserv_id": "mx.shop.example"}})
	return app
}

func dmarc(result, domain string) string {
	return "mx.shop.example; dmarc=" + result + " header.from=" + domain
}

func stateOf(app *desktest.App, addr string) string {
	return app.One(desk.Identities, desktest.Values{"value": addr}).GetString("state")
}

// A forged mail neither revives an address nor is answered to whose name it bears.
func TestForgedMailChangesNothing(t *testing.T) {
	app := checked(t)
	app.Case(nil)
	app.Put(app.One(desk.Identities, nil), desktest.Values{"state": desk.StateUndeliverable})
	acks := len(app.All(desk.Outbox, nil))
	m := app.Take(desktest.Letter("Do you have blue cups?", head{"Authentication-Results": dmarc("fail", "example.com")}))
	is(t, m, desk.MailDone, desk.MailCase, "new")
	if got := stateOf(app, "anna@example.com"); got != desk.StateUndeliverable {
		t.Errorf("the address is %s", got)
	}
	if n := len(app.All(desk.Outbox, nil)); n != acks || app.Event(m.Case(), "ack_skipped")["reason"] == nil {
		t.Errorf("%d mails out, want %d", n, acks)
	}
}

// A group of the shop's passes DMARC for the shop, whoever wrote to it.
func TestGroupVouchesForNobody(t *testing.T) {
	app := checked(t)
	m := app.Take(desktest.Letter("Do you have red cups?", head{"List-Id": "<desk.shop.example>", "Precedence": "list", "From": "'Bob' via Desk <desk@shop.example>",
		"X-Original-From": "Bob <bob@example.net>", "Return-Path": "<desk+bounces@shop.example>", "Authentication-Results": dmarc("pass", "shop.example")}))
	is(t, m, desk.MailDone, desk.MailCase, "new")
	if got := stateOf(app, "bob@example.net"); got != desk.StateReachable {
		t.Errorf("bob's address is %s", got)
	}
	// a domain vouches for its own addresses alone
	app.Case(nil)
	m = app.Take(desktest.Letter("Any news?", head{"From": "Eve <eve@evil.example>", "Reply-To": "anna@example.com", "Sender": "anna@example.com", "Return-Path": "<eve@evil.example>",
		"Authentication-Results": dmarc("pass", "evil.example")}))
	is(t, m, desk.MailDone, desk.MailCase, "new")
	if got := stateOf(app, "anna@example.com"); got != desk.StateClaimed {
		t.Errorf("Anna's address is %s", got)
	}
}

// That a mail calls itself automatic doesn't bring a forged one onto the case.
func TestForgedAutomaticAnswer(t *testing.T) {
	app := checked(t)
	c := app.Case(nil)
	m := app.Take(desktest.Letter("Send it to another address.", head{"To": desktest.AnswerTo(c), "Auto-Submitted": "auto-replied",
		"Authentication-Results": dmarc("fail", "example.com")}))
	is(t, m, desk.MailDone, desk.MailAuto, "auto")
	if len(incoming(app, c)) != 0 {
		t.Error("it stands on the case")
	}
}

// Wares that are called case or ticket are no claims.
func TestNumbersOfWares(t *testing.T) {
	app := desktest.New(t)
	for range 16 {
		app.Case(nil)
	}
	for i, subject := range []string{"iPhone case 15 is broken", "ケース15を探しています", "チケット5枚", "Order #7", "two tickets 5 euro each"} {
		m := app.Take(desktest.Letter(fmt.Sprintf("A question of its own, number %d, about what you sell.", i), head{"From": fmt.Sprintf("Bob <bob@shop%d.example>", i), "Subject": subject}))
		if m.GetString("reason") != "new" {
			t.Errorf("%s: %s (%s)", subject, m.Outcome(), m.GetString("reason"))
		}
	}
	for i, subject := range []string{"Re: [#15] parcel", "case #15", "Re: ticket no. 5", "Case 5", "ケース番号：5", "案件15"} {
		m := app.Take(desktest.Letter(fmt.Sprintf("Tell me what she ordered, number %d.", i), head{"From": fmt.Sprintf("Eve <eve@guess%d.example>", i), "Subject": subject}))
		is(t, m, desk.MailDone, desk.MailQuarantined, desk.HoldClaim)
	}
}

// A mail that names thousands of cases costs no more than one that names a few.
func TestManyTokens(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	var to []string
	for range 400 {
		to = append(to, "desk+c-"+mail.NewToken()+"@shop.example")
	}
	asked := listen(t, app.BaseApp)
	m := app.Take(desktest.Letter("hello", head{"To": strings.Join(to, ",\r\n "), "Cc": desktest.AnswerTo(c)}))
	n := 0
	for _, q := range asked() {
		if strings.Contains(q, "mail_token") && strings.HasPrefix(q, "SELECT") {
			n++
		}
	}
	if n > 30 {
		t.Errorf("%d tokens were looked up", n)
	}
	is(t, m, desk.MailDone, desk.MailQuarantined, desk.HoldClaim)
}

// Where the shop wants addresses confirmed, a mail waits unless its domain vouches for it.
func TestMailWaitsForConfirmation(t *testing.T) {
	s := newSide(t, "desk@shop.example")
	app := s.app
	app.Choose(desktest.Values{"mail": map[string]any{"authserv_id": "mx.shop.example"}, "screening": map[string]any{"confirm_email": true}})
	app.Door.Unconfirmed = app.Work.AskToConfirm
	m := app.Take(desktest.Letter("Do you have blue cups?", nil))
	is(t, m, desk.MailDone, desk.MailQuarantined, "new")
	if n := len(app.All(desk.Outbox, nil)); n != 1 || app.One(desk.Outbox, nil).GetString("recipient") != "anna@example.com" {
		t.Fatalf("%d mails ask to confirm", n)
	}
	r, err := app.Door.Confirmed(app, m.Feedback())
	if err != nil || r.Case == nil {
		t.Fatal(r, err)
	}
	m = desk.AsInboundMail(app.Find(desk.InboundMails, m.Id))
	first := app.One(desk.Messages, desktest.Values{"case": r.Case.Id, "direction": desk.In})
	if m.Case() != r.Case.Id || m.Outcome() != desk.MailCase || first.GetString("message_id") != m.MessageID() || stateOf(app, "anna@example.com") != desk.StateVerified {
		t.Errorf("record %v, message %v, address %s", m, first, stateOf(app, "anna@example.com"))
	}
	is(t, app.Take(desktest.Letter("Do you have green cups?", head{"From": "bob@example.net", "Return-Path": "", "Authentication-Results": dmarc("pass", "example.net")})), desk.MailDone, desk.MailCase, "new")
	// what waits for staff waits for them alone
	before := len(app.All(desk.Outbox, nil))
	m = app.Take(desktest.Letter("I write for my wife.", head{"To": desktest.AnswerTo(desk.AsCase(app.Find(desk.Cases, r.Case.Id))), "From": "carl@family.example"}))
	is(t, m, desk.MailDone, desk.MailQuarantined, desk.HoldSomeoneElse)
	if n := len(app.All(desk.Outbox, nil)); n != before {
		t.Errorf("%d mails more", n-before)
	}
}
