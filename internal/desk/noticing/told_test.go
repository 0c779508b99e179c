package noticing_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/noticing"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// teller is an app that can send mail, with its station. It is Monday, 09:00 in Taipei.
func teller(t *testing.T, settings desktest.Values) (*desktest.App, *noticing.Station) {
	app := desktest.New(t)
	app.UseSMTP(mailtest.NewServer(t, mailtest.Script{}))
	app.Choose(desktest.Values{"timezone": "Asia/Taipei", "ack_enabled": false, "locale": "en"})
	app.Choose(settings)
	return app, station(app)
}

func tell(t *testing.T, s *noticing.Station) int {
	t.Helper()
	n, err := s.Tell()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func notify(t *testing.T, app *desktest.App, notices ...desk.Notice) {
	t.Helper()
	if err := app.Commit.Do(func(tx core.App) error { return desk.Notify(tx, notices...) }); err != nil {
		t.Fatal(err)
	}
}

// told are the texts of the mails to an agent, in order.
func told(t *testing.T, app *desktest.App, a *desk.Agent) []string {
	t.Helper()
	var out []string
	for _, r := range app.All(desk.Outbox, desktest.Values{"recipient": a.Email()}) {
		p, err := desk.AsDelivery(r).Payload()
		if err != nil {
			t.Fatal(err)
		}
		if p.Kind != desk.KindTold || !p.Automatic() || p.Answers() {
			t.Errorf("a mail of kind %s", p.Kind)
		}
		out = append(out, p.Subject+"\n"+p.Draft)
	}
	return out
}

func TestEqualNoticesAreOne(t *testing.T) {
	app, _ := teller(t, nil)
	me := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	one := desk.Notice{Agent: me.Id, Kind: desk.NoticeSLAWarning, Case: c.Id, Same: "x"}
	for i := range 50 {
		app.Clock.Advance(time.Second)
		one.Data = map[string]any{"which": fmt.Sprint(i)}
		notify(t, app, one)
	}
	notify(t, app, desk.Notice{Agent: me.Id, Kind: desk.NoticeMention, Case: c.Id}, desk.Notice{Agent: me.Id, Kind: desk.NoticeMention, Case: c.Id})
	page, err := noticing.List(app, me, "")
	if err != nil || len(page.Items) != 3 || page.Unseen != 3 {
		t.Fatalf("%d notices, %v", len(page.Items), err)
	}
	app.Clock.Advance(time.Second)
	notify(t, app, one)
	if page, _ = noticing.List(app, me, ""); page.Items[0].Count != 51 || string(page.Items[0].Data) != `{"which":"49"}` {
		t.Errorf("the latest is %+v", page.Items[0])
	}
	if err := noticing.Seen(app, app.Commit, me, noticing.Which{}); err != nil {
		t.Fatal(err)
	}
	notify(t, app, one)
	if page, _ = noticing.List(app, me, ""); page.Unseen != 1 || len(page.Items) != 4 {
		t.Errorf("after a look: %d unseen of %d", page.Unseen, len(page.Items))
	}
	one.Kind, one.Same = desk.NoticeQuestions, strings.Repeat("y", 300)
	notify(t, app, one, one)
	if page, _ = noticing.List(app, me, ""); len(page.Items) != 5 {
		t.Errorf("a long key: %d", len(page.Items))
	}
}

// Fifty things that happen are one mail, and what comes after it isn't one each.
func TestNoStorm(t *testing.T) {
	app, s := teller(t, nil)
	me := app.Agent(desk.RoleAgent, "")
	for i := range 50 {
		c := app.Case(desktest.Values{"email": "a@example.com", "subject": fmt.Sprintf("Cup %d", i)})
		notify(t, app, desk.Notice{Agent: me.Id, Kind: desk.NoticeSLABreached, Case: c.Id, Same: "breach:" + c.Id, Data: map[string]any{"which": "resolution", "due": "2026-11-16 00:30:00.000Z"}})
	}
	if a, b := tell(t, s), tell(t, s); a != 1 || b != 0 {
		t.Fatalf("%d and %d messages", a, b)
	}
	mails := told(t, app, me)
	if len(mails) != 1 || strings.Count(mails[0], "The resolution is late, it was due 08:30") != 21 || !strings.Contains(mails[0], "and 30 more") || !strings.Contains(mails[0], "and 49 more") {
		t.Fatalf("%d mails:\n%s", len(mails), mails)
	}
	c := app.Case(nil)
	for i := range 120 {
		app.Clock.Advance(time.Minute)
		notify(t, app, desk.Notice{Agent: me.Id, Kind: desk.NoticeEscalated, Case: c.Id, Same: fmt.Sprint(i)})
		tell(t, s)
	}
	if n := len(told(t, app, me)); n > 2*6+1 {
		t.Errorf("%d mails in two hours", n)
	}
	again := app.AfterCrash()
	if n := len(told(t, again, me)); n != len(told(t, app, me)) || tell(t, station(again)) > 1 {
		t.Error("a crash sends them again")
	}
	// equal ones of which he was told, and at which he didn't look, wait
	same := desk.Notice{Agent: me.Id, Kind: desk.NoticeUnassigned, Same: "free", Data: map[string]any{"count": 3}}
	app.Clock.Advance(3 * time.Hour)
	tell(t, s)
	before := len(told(t, app, me))
	for range 60 {
		app.Clock.Advance(2 * time.Minute)
		notify(t, app, same)
		tell(t, s)
	}
	if n := len(told(t, app, me)) - before; n != 1 {
		t.Errorf("%d mails of one thing", n)
	}
}

func TestWhenItIsTold(t *testing.T) {
	app, s := teller(t, desktest.Values{"telling": map[string]any{"digest_minutes": 20}})
	choose := func(choice string) *desk.Agent { return wantsMail(app, desk.RoleAgent, "", "en", choice) }
	usual, off, later := choose(`{}`), choose(`{"mail":{"escalated":"off"}}`), choose(`{"mail":{"escalated":"later"}}`)
	absent := choose(`{}`)
	app.Put(absent.Record, desktest.Values{"away_from": desk.Date(app.Clock.Now().Add(-time.Hour))})
	looks := choose(`{}`)
	atDesk := true
	s.AtDesk = func(id string) bool { return atDesk && id == looks.Id }
	program := app.Agent(desk.RoleIntegration, "")
	c := app.Case(nil)
	for _, a := range []*desk.Agent{usual, off, later, absent, looks, program} {
		notify(t, app, desk.Notice{Agent: a.Id, Kind: desk.NoticeEscalated, Case: c.Id})
	}
	notify(t, app, desk.Notice{Agent: usual.Id, Kind: desk.NoticeFollowUp, Case: c.Id})
	if n := tell(t, s); n != 1 || len(told(t, app, usual)) != 1 {
		t.Fatalf("%d messages", n)
	}
	app.Clock.Advance(19 * time.Minute)
	if n := tell(t, s); n != 0 {
		t.Errorf("%d messages too early", n)
	}
	app.Clock.Advance(time.Minute)
	if n := tell(t, s); n != 1 || len(told(t, app, later)) != 1 {
		t.Errorf("%d messages after the time of gathering", n)
	}
	atDesk = false
	if n := tell(t, s); n != 1 || len(told(t, app, looks)) != 1 {
		t.Errorf("%d messages once he left", n)
	}
	for _, a := range []*desk.Agent{off, absent, program} {
		if mails := told(t, app, a); len(mails) != 0 {
			t.Errorf("%s: %s", a.Name(), mails)
		}
	}
	notify(t, app, desk.Notice{Agent: later.Id, Kind: desk.NoticeMention, Case: c.Id, Actor: usual.Id})
	if err := noticing.Seen(app, app.Commit, later, noticing.Which{}); err != nil {
		t.Fatal(err)
	}
	app.Clock.Advance(time.Hour)
	if n := tell(t, s); n != 0 {
		t.Errorf("%d messages of what was looked at", n)
	}
}

func TestQuietHours(t *testing.T) {
	taipei, err := time.LoadLocation("Asia/Taipei")
	if err != nil {
		t.Fatal(err)
	}
	app, s := teller(t, desktest.Values{"telling": map[string]any{"quiet_from": "20:00", "quiet_until": "08:00"}})
	shops, own := wantsMail(app, desk.RoleAgent, "", "en", `{}`), wantsMail(app, desk.RoleAgent, "", "en", `{"quiet":{"from":"12:00","until":"13:00"}}`)
	always := wantsMail(app, desk.RoleAgent, "", "en", `{"quiet":{"from":"","until":""}}`)
	c := app.Case(nil)
	app.Clock.Set(time.Date(2026, 11, 16, 23, 0, 0, 0, taipei))
	for _, a := range []*desk.Agent{shops, own, always} {
		notify(t, app, desk.Notice{Agent: a.Id, Kind: desk.NoticeEscalated, Case: c.Id})
	}
	if n := tell(t, s); n != 2 || len(told(t, app, shops)) != 0 {
		t.Fatalf("%d messages at night", n)
	}
	app.Clock.Set(time.Date(2026, 11, 17, 7, 59, 0, 0, taipei))
	if n := tell(t, s); n != 0 {
		t.Error("too early")
	}
	app.Clock.Set(time.Date(2026, 11, 17, 8, 0, 0, 0, taipei))
	if n := tell(t, s); n != 1 || len(told(t, app, shops)) != 1 {
		t.Errorf("%d messages in the morning", n)
	}
}

// Whoever lost sight of a case is not mailed of it, and a mail says nothing of
// what was written but a short subject.
func TestWhatIsTold(t *testing.T) {
	app, s := teller(t, nil)
	north := app.Make(desk.Teams, desktest.Values{"name": "North"})
	me, sees := app.Agent(desk.RoleAgent, ""), wantsMail(app, desk.RoleSupervisor, "", "ja", `{}`)
	c := app.Case(desktest.Values{"email": "a@example.com", "message": "My whole story"})
	app.Put(c.Record, desktest.Values{"subject": "Secret\r\nBcc: x@example.com " + strings.Repeat("word ", 30)})
	for _, a := range []*desk.Agent{me, sees} {
		notify(t, app, desk.Notice{Agent: a.Id, Kind: desk.NoticeRule, Case: c.Id, Data: map[string]any{"rule": "Press", "text": "新聞社からです"}})
	}
	app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"team": north.Id})
	if n := tell(t, s); n != 1 || len(told(t, app, me)) != 0 {
		t.Fatalf("%d messages", n)
	}
	text := told(t, app, sees)[0]
	for _, want := range []string{"新聞社からです（ルール「Press」）", fmt.Sprintf("#%d  Secret Bcc: x@example.com word", c.Number()), "/desk/#/desk/c/" + c.Id, "未確認のお知らせ"} {
		if !strings.Contains(text, want) {
			t.Errorf("the mail lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, strings.Repeat("word ", 12)) || strings.Contains(text, "story") || strings.Contains(text, "\nBcc") {
		t.Errorf("it tells too much:\n%s", text)
	}
	app.NoSMTP()
	notify(t, app, desk.Notice{Agent: sees.Id, Kind: desk.NoticeRule, Case: c.Id})
	if n := tell(t, s); n != 0 {
		t.Error("told without a server")
	}
	app.Clock.Advance(25 * time.Hour)
	app.UseSMTP(mailtest.NewServer(t, mailtest.Script{}))
	if n := tell(t, s); n != 0 {
		t.Error("told of what is a day old")
	}
}

func TestSentencesOfAllKinds(t *testing.T) {
	app, s := teller(t, nil)
	c := app.Case(nil)
	by := app.Agent(desk.RoleAgent, "")
	data := map[string]any{"due": "2026-11-17 01:00:00.000Z", "which": "first_response", "name": "Urgent", "by": "Ken", "count": 3, "from": "Aiko", "rule": "Legal", "text": "Look", "why": "gone", "webhook": "ERP", "title": "Lot 7", "questions": 4, "templates": 2}
	kinds := []string{
		desk.NoticeMention, desk.NoticeAssigned, desk.NoticePromiseBroken, desk.NoticeSLAWarning, desk.NoticeSLABreached, desk.NoticeEscalated, desk.NoticeTakenOn,
		desk.NoticeUnassigned, desk.NoticeHandedOver, desk.NoticeRule, desk.NoticeRuleFailed, desk.NoticeWebhookDisabled, desk.NoticeQuestions, desk.NoticeFollowUp, desk.NoticePromiseDue,
		desk.NoticeNewCase, desk.NoticeAnswered,
	}
	choice := map[string]map[string]string{"mail": {}}
	for _, kind := range kinds {
		choice["mail"][kind] = desk.MailNow
	}
	raw, _ := json.Marshal(choice)
	for _, locale := range []string{"en", "zh-TW", "ja"} {
		me := wantsMail(app, desk.RoleAgent, "", locale, string(raw))
		for _, kind := range kinds {
			notify(t, app, desk.Notice{Agent: me.Id, Kind: kind, Case: c.Id, Actor: by.Id, Data: data})
		}
		if n := tell(t, s); n != 1 {
			t.Fatalf("%s: %d messages", locale, n)
		}
		text := told(t, app, me)[0]
		if strings.ContainsAny(text, "{}") || strings.Contains(text, "Something happened") || strings.Contains(text, "新しい動き") || strings.Contains(text, "有新的動態") {
			t.Errorf("%s: a sentence is missing:\n%s", locale, text)
		}
		lines := map[string]bool{}
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "- ") {
				lines[line] = true
			}
		}
		if len(lines) != len(kinds) {
			t.Errorf("%s: %d sentences for %d kinds:\n%s", locale, len(lines), len(kinds), text)
		}
	}
}
