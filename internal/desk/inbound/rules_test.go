package inbound_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// sent is a case whose acknowledgement has left, and that mail's Message-ID.
func sent(t *testing.T, app *desktest.App) (*desk.Case, string) {
	t.Helper()
	app.UseSMTP(mailtest.NewServer(t, mailtest.Script{}))
	c := app.Case(nil)
	if _, err := app.Outbox.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	m := desk.AsMessage(app.Find(desk.Messages, app.Delivery(c.Id, "ack").Message()))
	if m.MessageID() == "" {
		t.Fatal("the acknowledgement has no Message-ID")
	}
	return c, m.MessageID()
}

func TestTokenPlaces(t *testing.T) {
	for name, place := range map[string]func(c *desk.Case, id string) head{
		"To":            func(c *desk.Case, _ string) head { return head{"To": "Shop <" + desktest.AnswerTo(c) + ">"} },
		"Cc":            func(c *desk.Case, _ string) head { return head{"Cc": desktest.AnswerTo(c)} },
		"Delivered-To":  func(c *desk.Case, _ string) head { return head{"Delivered-To": desktest.AnswerTo(c)} },
		"X-Original-To": func(c *desk.Case, _ string) head { return head{"X-Original-To": desktest.AnswerTo(c)} },
		"In-Reply-To":   func(_ *desk.Case, id string) head { return head{"In-Reply-To": id} },
		"References": func(_ *desk.Case, id string) head {
			return head{"References": "<other@example.com> " + id + " <last@example.com>"}
		},
		"in capitals": func(c *desk.Case, _ string) head { return head{"To": strings.ToUpper(desktest.AnswerTo(c))} },
		"another base": func(c *desk.Case, _ string) head {
			return head{"To": strings.Replace(desktest.AnswerTo(c), "desk", "old", 1)}
		},
	} {
		app := desktest.New(t)
		c, id := sent(t, app)
		m := app.Take(desktest.Letter("Here is more.", place(c, id)))
		if m.Outcome() != desk.MailJoined || m.Case() != c.Id {
			t.Errorf("%s: %s (%s)", name, m.Outcome(), m.GetString("reason"))
		}
	}
}

func TestGuessesGetNowhere(t *testing.T) {
	app := desktest.New(t)
	c, id := sent(t, app)
	forged := strings.Replace(id, c.GetString("mail_token"), mail.NewToken(), 1)
	for name, h := range map[string]head{
		"a number":             {"Subject": fmt.Sprintf("Re: [#%d] Where is my parcel?", c.Number())},
		"a number in words":    {"Subject": fmt.Sprintf("ticket %d", c.Number())},
		"a number in Chinese":  {"Subject": fmt.Sprintf("案件編號：%d", c.Number())},
		"a number, full width": {"Subject": "ケース＃１"},
		"a token":              {"To": "desk+c-" + mail.NewToken() + "@shop.example"},
		"a Message-ID":         {"In-Reply-To": forged},
	} {
		h["From"] = "Eve <eve@guess.example>"
		m := app.Take(desktest.Letter("Tell me what she ordered, and when it arrives at her house: "+name+".", h))
		is(t, m, desk.MailDone, desk.MailQuarantined, desk.HoldClaim)
		v, err := desk.FindVerdictOf(app, m.Feedback())
		if err != nil || v.ForCase() != "" || !strings.Contains(v.GetString("signals"), desk.HoldClaim) {
			t.Errorf("%s: verdict %v, %v", name, v, err)
		}
	}
	// neither a case of nobody nor our own headers from outside say anything
	for name, h := range map[string]head{
		"somebody's own number": {"Subject": "Order #77 [#990001]"},
		"our headers":           {"X-PocketDesk-Case": c.Id, "X-PocketDesk-Token": c.GetString("mail_token"), "X-Case-Number": "1"},
	} {
		h["From"] = "Bob <bob@" + strings.ReplaceAll(strings.Fields(name)[0], "'", "") + ".example>"
		is(t, app.Take(desktest.Letter("Do you ship to Norway, and how long does it take? "+name, h)), desk.MailDone, desk.MailCase, "new")
	}
	if n := len(app.All(desk.Messages, desktest.Values{"case": c.Id})); n != 2 {
		t.Errorf("%d messages on the case", n)
	}
	// the visitor himself may name his number; it opens a case of its own all the same
	m := app.Take(desktest.Letter("One more thing about my teapot.", head{"Subject": fmt.Sprintf("[#%d] teapot", c.Number())}))
	is(t, m, desk.MailDone, desk.MailCase, "new")
}

func TestSomebodyElseAnswers(t *testing.T) {
	app := desktest.New(t)
	c := answered(t, app)
	agent := app.Agent(desk.RoleAgent, "")
	answer := head{"To": desktest.AnswerTo(c), "From": "Carl <carl@family.example>"}
	m := app.Take(desktest.Letter("I write for my wife: it has not come.", answer))
	is(t, m, desk.MailDone, desk.MailQuarantined, desk.HoldSomeoneElse)
	v, err := desk.FindVerdictOf(app, m.Feedback())
	if err != nil || v.ForCase() != c.Id || m.Case() != c.Id || len(incoming(app, c)) != 0 {
		t.Fatalf("verdict %v, %v", v, err)
	}
	if c := desk.AsCase(app.Find(desk.Cases, c.Id)); c.Status() != desk.Pending {
		t.Errorf("the case is %s", c.Status())
	}
	came := app.Clock.Now()
	app.Clock.Advance(3 * time.Hour)
	app.Make(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.Note, "body": "written while it waited"})
	joined, err := app.Door.ReleaseInto(app, m.Feedback(), agent)
	if err != nil || joined.Id != c.Id {
		t.Fatal(err)
	}
	said := incoming(app, c)
	if len(said) != 1 || said[0].Body() != "I write for my wife: it has not come." || said[0].GetString("from_addr") != "carl@family.example" {
		t.Fatalf("messages %v", said)
	}
	if !said[0].GetDateTime("created").Time().Equal(came) || said[0].GetString("from_name") != "Carl" {
		t.Errorf("came %v, not %v, from %q", said[0].GetDateTime("created"), came, said[0].GetString("from_name"))
	}
	if c := desk.AsCase(app.Find(desk.Cases, c.Id)); c.Status() != desk.Open || !c.GetDateTime("last_in_at").Time().Equal(came) {
		t.Errorf("the case is %s, heard of at %v", c.Status(), c.GetDateTime("last_in_at"))
	}
	is(t, desk.AsInboundMail(app.Find(desk.InboundMails, m.Id)), desk.MailDone, desk.MailJoined, "released")
	if _, err := app.Door.ReleaseInto(app, m.Feedback(), agent); err == nil {
		t.Error("released twice")
	}
	// whom staff let in once has a part in the case
	is(t, app.Take(desktest.Letter("It came now.", answer)), desk.MailDone, desk.MailJoined, "answer")
	if n := len(app.All(desk.Cases, nil)); n != 1 {
		t.Errorf("%d cases", n)
	}
}

// Staff may also make a case of its own of it.
func TestSomebodyElseReleasedAsNew(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	raw := desktest.Letter("<p>What about <b>my</b> parcel?</p>", head{"To": desktest.AnswerTo(c), "From": "Carl <carl@family.example>",
		"Return-Path": "<carl@family.example>", "Content-Type": "text/html; charset=utf-8"})
	m := app.Take(raw)
	opened, err := app.Door.Release(app, m.Feedback(), app.Agent(desk.RoleAgent, ""))
	if err != nil || opened.Id == c.Id {
		t.Fatal(opened, err)
	}
	first := app.One(desk.Messages, desktest.Values{"case": opened.Id, "direction": desk.In})
	if !strings.Contains(first.GetString("html"), "<b>my</b>") || first.GetString("message_id") != m.MessageID() {
		t.Errorf("first message %v", first)
	}
	if d := app.Delivery(opened.Id, "ack"); d.Recipient() != "carl@family.example" {
		t.Errorf("acknowledged to %s", d.Recipient())
	}
	is(t, desk.AsInboundMail(app.Find(desk.InboundMails, m.Id)), desk.MailDone, desk.MailCase, "released")
}

// Whom staff put into Cc, and whoever writes from the same mailbox under a tag,
// has a part in the case.
func TestWhoTakesPart(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(desktest.Values{"email": "anna+tea@example.com"})
	app.Reply(c, app.Agent(desk.RoleAgent, ""), desktest.Values{"cc": []map[string]string{{"name": "Dora", "addr": "Dora@firm.example"}},
		"bcc": []map[string]string{{"name": "", "addr": "Emil@quiet.example"}}})
	for _, from := range []string{"anna+tea@example.com", "anna@example.com", "dora@firm.example", "emil@quiet.example"} {
		is(t, app.Take(desktest.Letter("A word from "+from, head{"To": desktest.AnswerTo(c), "From": from})), desk.MailDone, desk.MailJoined, "answer")
	}
	is(t, app.Take(desktest.Letter("A word", head{"To": desktest.AnswerTo(c), "From": "anna@example.org"})), desk.MailDone, desk.MailQuarantined, desk.HoldSomeoneElse)
}

func TestForgedAnswer(t *testing.T) {
	for results, outcome := range map[string]string{
		"mx.shop.example; dmarc=fail header.from=example.com":      desk.MailQuarantined,
		"mx.shop.example; dmarc=pass header.from=example.com":      desk.MailJoined,
		"mx.elsewhere.example; dmarc=fail header.from=example.com": desk.MailJoined, // nobody asked that one
		"": desk.MailJoined,
	} {
		app := desktest.New(t)
		app.Choose(desktest.Values{"mail": map[string]any{"authserv_id": "mx.shop.example"}})
		c := app.Case(nil)
		m := app.Take(desktest.Letter("Send it to my new address.", head{"To": desktest.AnswerTo(c), "Authentication-Results": results}))
		if m.Outcome() != outcome {
			t.Errorf("%q: %s (%s)", results, m.Outcome(), m.GetString("reason"))
		}
		want := desk.StateReachable
		switch {
		case outcome == desk.MailQuarantined:
			want = desk.StateClaimed
		case strings.Contains(results, "dmarc=pass"):
			want = desk.StateVerified
		}
		if i := app.One(desk.Identities, nil); i.GetString("state") != want {
			t.Errorf("%q: the address is %s, want %s", results, i.GetString("state"), want)
		}
	}
}

func TestMailSignals(t *testing.T) {
	for results, signal := range map[string]string{
		"dmarc=pass header.from=example.com":                                     "mail_verified",
		"dmarc=fail header.from=example.com":                                     "mail_forged",
		"spf=fail smtp.mailfrom=example.com":                                     "mail_spf",
		"spf=softfail smtp.mailfrom=example.com; dkim=none":                      "mail_spf",
		"dkim=fail header.d=example.com":                                         "mail_dkim",
		"spf=fail smtp.mailfrom=example.com; dmarc=pass header.from=example.com": "mail_verified",
	} {
		app := desktest.New(t)
		app.Choose(desktest.Values{"mail": map[string]any{"authserv_id": "mx.shop.example"}})
		m := app.Take(desktest.Letter("Do you have blue cups?", head{"Authentication-Results": "mx.shop.example; " + results}))
		v, err := desk.FindVerdictOf(app, m.Feedback())
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"mail_verified", "mail_forged", "mail_spf", "mail_dkim"} {
			if has := strings.Contains(v.GetString("signals"), name); has != (name == signal) {
				t.Errorf("%q: %s: %v", results, name, has)
			}
		}
	}
	app := desktest.New(t)
	m := app.Take(desktest.Letter("Do you have blue cups?", head{"Reply-To": "other@lure.example"}))
	if v, _ := desk.FindVerdictOf(app, m.Feedback()); !strings.Contains(v.GetString("signals"), "reply_to_other") {
		t.Error("a Reply-To elsewhere is no sign")
	}
	if d := app.Delivery(m.Case(), "ack"); d.Recipient() != "anna@example.com" {
		t.Errorf("acknowledged to %s", d.Recipient())
	}
}

func TestAutomaticMail(t *testing.T) {
	for name, h := range map[string]head{
		"Auto-Submitted":       {"Auto-Submitted": "auto-replied"},
		"X-Autoreply":          {"X-Autoreply": "yes"},
		"Precedence":           {"Precedence": "bulk"},
		"List-Id":              {"List-Id": "<news.brand.example>"},
		"List-Unsubscribe":     {"List-Unsubscribe": "<mailto:off@brand.example>"},
		"Suppress":             {"X-Auto-Response-Suppress": "All"},
		"X-Loop":               {"X-Loop": "somebody@example.org"},
		"null return path":     {"Return-Path": "<>"},
		"no-reply":             {"From": "no-reply@brand.example"},
		"our address":          {"From": "Shop <desk@shop.example>"},
		"our address, tagged":  {"From": "desk+x@shop.example"},
		"our domain's program": {"Message-ID": "<123@mailer.shop.example>"},
		"subject in Chinese":   {"Subject": "自動回覆：休假中"},
		"subject in Japanese":  {"Subject": "自動返信：不在のお知らせ"},
		"subject in English":   {"Subject": "Automatic reply: Out of office"},
	} {
		app := desktest.New(t)
		app.Choose(desktest.Values{"mail": map[string]any{"own_domains": []string{"shop.example"}}})
		c := answered(t, app)
		m := app.Take(desktest.Letter("I am away until Monday.", h))
		if m.Outcome() != desk.MailAuto || len(app.All(desk.Cases, nil)) != 1 || len(app.All(desk.Feedbacks, nil)) != 1 {
			t.Errorf("%s, to nobody: %s (%s)", name, m.Outcome(), m.GetString("reason"))
		}
		h["To"], h["Message-ID"] = desktest.AnswerTo(c), strings.Replace(orDefault(h["Message-ID"], "<a@b.example>"), "@", "2@", 1)
		if name == "no-reply" {
			h["From"] = "Anna <no-reply@brand.example>"
		}
		m = app.Take(desktest.Letter("I am away until Tuesday.", h))
		after := desk.AsCase(app.Find(desk.Cases, c.Id))
		if after.Status() != desk.Pending || !after.GetDateTime("waiting_since").IsZero() {
			t.Errorf("%s reopened the case: %s", name, after.Status())
		}
		said := incoming(app, c)
		if name == "no-reply" { // a stranger's program
			if m.Outcome() != desk.MailAuto || len(said) != 0 {
				t.Errorf("%s: %s, %d messages", name, m.Outcome(), len(said))
			}
			continue
		}
		if m.Outcome() != desk.MailJoined || len(said) != 1 || said[0].GetString("auto") == "" {
			t.Errorf("%s, to the case: %s (%s), %v", name, m.Outcome(), m.GetString("reason"), said)
		}
		if n := len(app.All(desk.Outbox, nil)); n != 2 { // acknowledgement and answer of before
			t.Errorf("%s: %d mails out", name, n)
		}
	}
}

func orDefault(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

// A group before the shop's mailbox adds the headers of a list to every visitor's mail.
func TestOwnGroup(t *testing.T) {
	app := desktest.New(t)
	group := head{"List-Id": "<desk.shop.example>", "List-Post": "<mailto:desk@shop.example>", "Precedence": "list", "List-Unsubscribe": "<mailto:desk+unsubscribe@shop.example>"}
	is(t, app.Take(desktest.Letter("Do you have blue cups?", group)), desk.MailDone, desk.MailCase, "new")
	// where the group rewrites From so that DMARC holds
	group["From"], group["X-Original-From"] = "'Bob' via Desk <desk@shop.example>", "Bob <bob@example.net>"
	m := app.Take(desktest.Letter("Do you have red cups?", group))
	is(t, m, desk.MailDone, desk.MailCase, "new")
	if m.GetString("from_addr") != "bob@example.net" {
		t.Errorf("from %s", m.GetString("from_addr"))
	}
	group["Auto-Submitted"] = "auto-generated"
	is(t, app.Take(desktest.Letter("Cron ran.", group)), desk.MailDone, desk.MailAuto, "auto")
}

func TestCaseThatIsOver(t *testing.T) {
	for _, status := range []string{desk.Resolved, desk.Closed} {
		app := desktest.New(t)
		c := app.Case(nil)
		app.Reply(c, app.Agent(desk.RoleAgent, ""), desktest.Values{"status": status})
		is(t, app.Take(desktest.Letter("It broke again.", head{"To": desktest.AnswerTo(c)})), desk.MailDone, desk.MailJoined, "answer")
		if c := desk.AsCase(app.Find(desk.Cases, c.Id)); c.Status() != desk.Open {
			t.Errorf("a %s case is %s", status, c.Status())
		}
	}
}

func TestErasedCase(t *testing.T) {
	app := desktest.New(t)
	c, id := sent(t, app)
	app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"mail_token": "", "track_token": "", "contact": "", "feedback": ""})
	m := app.Take(desktest.Letter("It is me again, about another teapot.", head{"To": desktest.AnswerTo(c), "In-Reply-To": id}))
	is(t, m, desk.MailDone, desk.MailCase, "new")
	if m.Case() == c.Id {
		t.Error("it joined the erased case")
	}
}

func TestSpamCaseStaysQuiet(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	if err := app.Door.MarkSpam(app, c.Id, app.Agent(desk.RoleAgent, "")); err != nil {
		t.Fatal(err)
	}
	is(t, app.Take(desktest.Letter("Why no answer?", head{"To": desktest.AnswerTo(c)})), desk.MailDone, desk.MailJoined, "answer")
	after := desk.AsCase(app.Find(desk.Cases, c.Id))
	if after.Status() != desk.Closed || len(incoming(app, c)) != 1 || len(app.All(desk.Cases, nil)) != 1 {
		t.Errorf("case %s, %d messages", after.Status(), len(incoming(app, c)))
	}
}

// Whom staff blocked does not get in by an old case.
func TestBlockedVisitorAnswers(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	app.Make(desk.BlockRules, desktest.Values{"kind": "email", "value": "anna@example.com", "action": "block"})
	m := app.Take(desktest.Letter("And another thing!", head{"To": desktest.AnswerTo(c)}))
	is(t, m, desk.MailDone, desk.MailBlocked, "barred")
	if len(incoming(app, c)) != 0 {
		t.Error("it stands on the case")
	}
}

func TestMailboxOfATeam(t *testing.T) {
	app := desktest.New(t)
	team := app.Make(desk.Teams, desktest.Values{"name": "Returns"})
	form := app.Make(desk.Forms, desktest.Values{"slug": "returns", "enabled": false})
	box := app.Make(desk.Mailboxes, desktest.Values{"name": "returns", "address": "returns@shop.example", "team": team.Id, "form": form.Id})
	m := takeFrom(t, app, box, desktest.Letter("I want to send it back.", head{"To": "returns@shop.example"}))
	c := desk.AsCase(app.Find(desk.Cases, m.Case()))
	if c.Team() != team.Id || desk.AsFeedback(app.Find(desk.Feedbacks, c.Feedback())).Form() != form.Id {
		t.Errorf("case %v", c)
	}
	// mail from that mailbox's address is our own
	is(t, takeFrom(t, app, box, desktest.Letter("hello", head{"From": "returns@shop.example"})), desk.MailDone, desk.MailAuto, "own")
}
