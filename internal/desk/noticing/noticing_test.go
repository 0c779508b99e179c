package noticing_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/noticing"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

func station(app *desktest.App) *noticing.Station {
	return noticing.New(app, app.Commit, func(_ *desk.Agent, id string) string { return "https://shop.example/desk/#/desk/c/" + id })
}

// wantsMail is an agent who gets the daily mail.
func wantsMail(app *desktest.App, role, team, locale, choice string) *desk.Agent {
	a := app.Agent(role, team)
	app.Put(a.Record, desktest.Values{"notify": json.RawMessage(choice), "locale": locale})
	return a
}

func daily(t *testing.T, s *noticing.Station) int {
	t.Helper()
	n, err := s.Daily()
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDailyMail(t *testing.T) {
	app := desktest.New(t)
	srv := mailtest.NewServer(t, mailtest.Script{})
	app.UseSMTP(srv)
	app.Choose(desktest.Values{"timezone": "Asia/Taipei", "ack_enabled": false})
	north := app.Make(desk.Teams, desktest.Values{"name": "North"})
	south := app.Make(desk.Teams, desktest.Values{"name": "South"})
	me := wantsMail(app, desk.RoleAgent, north.Id, "ja", `{"daily":true,"daily_at":"09:30"}`)
	quiet := app.Agent(desk.RoleAgent, north.Id)

	late := app.Case(desktest.Values{"email": "a@example.com"})
	app.Put(late.Record, desktest.Values{"subject": "Broken cup\r\nBcc: x@example.com", "assignee": me.Id, "due_at": desk.Date(app.Clock.Now().Add(-time.Hour))})
	promised := app.Case(desktest.Values{"email": "b@example.com", "subject": "Where is my parcel"})
	app.Put(promised.Record, desktest.Values{"assignee": me.Id})
	if _, err := app.Promises.Vow(promised.Id, desk.Vow{Agent: me.Id, Due: app.Clock.Now().Add(3 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	hidden := app.Case(desktest.Values{"email": "c@example.com", "subject": "Secret of the south"})
	app.Put(hidden.Record, desktest.Values{"assignee": me.Id, "team": south.Id, "due_at": desk.Date(app.Clock.Now().Add(-time.Hour))})
	app.Case(desktest.Values{"email": "d@example.com", "subject": "Nobody has this"})

	s := station(app)
	if n := daily(t, s); n != 0 {
		t.Fatalf("%d mails before half past nine", n)
	}
	app.Clock.Advance(31 * time.Minute)
	if a, b := daily(t, s), daily(t, s); a != 1 || b != 0 {
		t.Fatalf("%d and %d mails", a, b)
	}
	if _, err := app.Outbox.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	got := srv.Mails()
	if len(got) != 1 {
		t.Fatalf("%d mails left: %v", len(got), app.One(desk.Outbox, nil).PublicExport())
	}
	d := app.One(desk.Outbox, desktest.Values{"recipient": me.Email()})
	p, err := desk.AsDelivery(d).Payload()
	if err != nil || d.GetString("status") != desk.Sent {
		t.Fatalf("%s %v", d.GetString("status"), err)
	}
	raw := string(got[0].Raw)
	if !strings.Contains(raw, "Auto-Submitted: auto-generated") || strings.Contains(raw, "\nBcc:") {
		t.Errorf("headers: %s", raw)
	}
	for _, want := range []string{"期限超過（1 件）", "お客様と約束した期日（1 件）", "#", "Broken cup", "/desk/#/desk/c/" + promised.Id, "12:00", "1 件あります"} {
		if !strings.Contains(p.Text, want) {
			t.Errorf("the mail lacks %q:\n%s", want, p.Text)
		}
	}
	if strings.Contains(p.Text, "Secret") || strings.Contains(p.Text, "Nobody has this") {
		t.Errorf("it tells too much:\n%s", p.Text)
	}
	if n := len(app.All(desk.Outbox, desktest.Values{"recipient": quiet.Email()})); n != 0 {
		t.Error("somebody got a mail who didn't ask for it")
	}
	// the record written over by its owner at the same moment doesn't send it twice
	app.Put(app.Find(desk.Agents, me.Id), desktest.Values{"daily_sent": ""})
	if n := daily(t, s); n != 0 {
		t.Errorf("%d more mails on that day", n)
	}
	app.Clock.Advance(24 * time.Hour)
	if n := daily(t, s); n != 1 {
		t.Errorf("%d mails on the next day", n)
	}
}

func TestWhoGetsNoMail(t *testing.T) {
	app := desktest.New(t)
	srv := mailtest.NewServer(t, mailtest.Script{})
	app.UseSMTP(srv)
	app.Choose(desktest.Values{"timezone": "Asia/Taipei", "ack_enabled": false})
	s := station(app)
	always := `{"daily":true,"daily_at":"00:00","weekend":true}`
	idle := wantsMail(app, desk.RoleAgent, "", "en", always)
	if n := daily(t, s); n != 0 || app.Find(desk.Agents, idle.Id).GetString("daily_sent") != "2026-11-16" {
		t.Errorf("%d mails about nothing", n)
	}
	app.Case(nil) // belongs to nobody: somebody should look
	app.Clock.Set(time.Date(2026, 11, 20, 16, 0, 0, 0, time.UTC))
	wantsMail(app, desk.RoleAgent, "", "en", `{"daily":true,"daily_at":"00:00"}`) // not on Saturday
	away := wantsMail(app, desk.RoleAgent, "", "en", always)
	app.Put(away.Record, desktest.Values{"away_from": desk.Date(app.Clock.Now().Add(-time.Hour)), "away_until": desk.Date(app.Clock.Now().Add(time.Hour))})
	wantsMail(app, desk.RoleIntegration, "", "en", always)
	gone := wantsMail(app, desk.RoleAgent, "", "en", always)
	app.Put(gone.Record, desktest.Values{"role": ""})
	if n := daily(t, s); n != 1 {
		t.Errorf("%d mails on Saturday", n)
	}
	app.Clock.Set(time.Date(2027, 1, 1, 2, 0, 0, 0, time.UTC)) // a Friday, and New Year
	if n := daily(t, s); n != 2 {                              // those who want it always, one of whom was away
		t.Errorf("%d mails on a holiday", n)
	}
	app.Clock.Advance(3 * 24 * time.Hour)
	if n := daily(t, s); n != 3 {
		t.Errorf("%d mails on the Monday after", n)
	}
	app.NoSMTP()
	app.Clock.Advance(24 * time.Hour)
	if n := daily(t, s); n != 0 {
		t.Errorf("%d mails without a server", n)
	}
	app.UseSMTP(srv)
	if n := daily(t, s); n == 0 {
		t.Error("the day was over before a server was set up")
	}
}

func TestDailyAfterCrash(t *testing.T) {
	app := desktest.New(t)
	app.UseSMTP(mailtest.NewServer(t, mailtest.Script{}))
	app.Choose(desktest.Values{"ack_enabled": false})
	wantsMail(app, desk.RoleSupervisor, "", "zh-TW", `{"daily":true,"daily_at":"00:00"}`)
	app.Case(nil)
	if n := daily(t, station(app)); n != 1 {
		t.Fatalf("%d mails", n)
	}
	again := app.AfterCrash()
	if n := daily(t, station(again)); n != 0 {
		t.Errorf("%d mails after the crash", n)
	}
}

func TestListAndSeen(t *testing.T) {
	app := desktest.New(t)
	north := app.Make(desk.Teams, desktest.Values{"name": "North"})
	me, other := app.Agent(desk.RoleAgent, ""), app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	for range 40 {
		app.Clock.Advance(time.Second)
		if err := desk.Notify(app, desk.Notice{Agent: me.Id, Kind: desk.NoticeMention, Case: c.Id, Actor: other.Id}); err != nil {
			t.Fatal(err)
		}
	}
	page, err := noticing.List(app, me, "")
	if err != nil || len(page.Items) != 30 || page.Unseen != 40 || page.Items[0].Name != other.Name() || page.Items[0].Number != c.Number() {
		t.Fatalf("%d items, %d unseen, %v", len(page.Items), page.Unseen, err)
	}
	rest, err := noticing.List(app, me, page.Next)
	if err != nil || len(rest.Items) != 10 || rest.Next != "" || slices.ContainsFunc(rest.Items, func(i noticing.Item) bool { return i.ID == page.Items[29].ID }) {
		t.Errorf("%d items on the second page, %v", len(rest.Items), err)
	}
	if p, _ := noticing.List(app, other, ""); len(p.Items) != 0 {
		t.Error("somebody else's notices")
	}
	if err := noticing.Seen(app, app.Commit, other, noticing.Which{IDs: []string{page.Items[0].ID}}); err != nil {
		t.Fatal(err)
	}
	if p, _ := noticing.List(app, me, ""); p.Unseen != 40 {
		t.Error("somebody else marked mine")
	}
	if err := noticing.Seen(app, app.Commit, me, noticing.Which{IDs: []string{page.Items[0].ID}}); err != nil {
		t.Fatal(err)
	}
	if p, _ := noticing.List(app, me, ""); p.Unseen != 39 {
		t.Errorf("%d unseen", p.Unseen)
	}
	app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"team": north.Id})
	if p, _ := noticing.List(app, me, ""); p.Unseen != 0 || len(p.Items) != 0 {
		t.Errorf("%d notices of a case that left the team", len(p.Items))
	}
	if err := noticing.Seen(app, app.Commit, me, noticing.Which{}); err != nil {
		t.Fatal(err)
	}
	if n := len(app.All(desk.Notices, desktest.Values{"seen_at": ""})); n != 0 {
		t.Errorf("%d are left", n)
	}
	if _, err := noticing.List(app, me, "%%"); !errors.Is(err, noticing.ErrQuery) {
		t.Errorf("no such page: %v", err)
	}
	app.Clock.Advance(91 * 24 * time.Hour)
	if err := noticing.Forget(app); err != nil || len(app.All(desk.Notices, nil)) != 0 {
		t.Errorf("old ones stay: %v", err)
	}
}

func TestBell(t *testing.T) {
	for raw, ok := range map[string]bool{
		"": true, "null": true, "{}": true, `{"sound":true,"daily_at":"23:59"}`: true, `{"daily":true,"daily_at":""}`: true,
		`{"mail":{"escalated":"off","mention":"now"},"quiet":{"from":"22:00","until":"07:00"}}`: true, `{"quiet":{"from":"","until":""}}`: true,
		`{"mail":{"escalated":"soon"}}`: false, `{"mail":{"else":"now"}}`: false, `{"quiet":{"from":"22:00"}}`: false, `{"quiet":{"from":"7:00","until":"8:00"}}`: false,
		`{"daily_at":"24:00"}`: false, `{"daily_at":"9:00"}`: false, `{"sound":1}`: false, `{"else":true}`: false, `[]`: false, `{} {}`: false, `"x"`: false,
	} {
		b, err := desk.ParseBell([]byte(raw))
		if (err == nil) != ok {
			t.Errorf("%s: %v", raw, err)
		}
		if ok && b.DailyAt == "" {
			t.Errorf("%s: no time", raw)
		}
	}
}
