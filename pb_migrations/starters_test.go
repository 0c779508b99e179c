package pb_migrations

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/pb_migrations/seed"
)

// Starter rules that nobody touched say what they say now, in characters of their
// locale, and the one that closes counts from the reminder; a shop's own stay.
func TestStartersBrought(t *testing.T) {
	app := upTo(t, "1764500016_pocketdesk_starters.go")
	write := func(starter string, fields dbx.Params) string {
		t.Helper()
		r, err := app.FindFirstRecordByData(desk.Rules, "starter", starter)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := app.DB().Update(named(app, desk.Rules), fields, dbx.HashExp{"id": r.Id}).Execute(); err != nil {
			t.Fatal(err)
		}
		return r.Id
	}
	legal := write("legal", dbx.Params{"name": "律师函、消费投诉：立刻通知小組負責人"})
	own := write("safety", dbx.Params{"name": "受伤"})
	closing := write("closing", dbx.Params{"name": "七個工作天沒有回音：寄信後結案", "delay": "7d", "enabled": true, "looked_until": "2026-01-01 00:00:00.000Z"})
	if err := newStart(t, app, ""); err != nil {
		t.Fatal(err)
	}
	migrate(t, app, before("2"))
	find := func(id string) *core.Record {
		r, err := app.FindRecordById(desk.Rules, id)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	if got := find(legal).GetString("name"); got != "律师函、消费投诉：立刻通知团队负责人" {
		t.Errorf("legal is %s", got)
	}
	if got := find(own).GetString("name"); got != "受伤" {
		t.Errorf("the shop's own is %s", got)
	}
	c := find(closing)
	if c.GetString("since") != "nudged" || c.GetString("delay") != "4d" || c.GetString("name") != "問候信寄出後四個工作天沒有回音：寄信後結案" || c.GetString("looked_until") != "" || c.GetDateTime("active_from").IsZero() {
		t.Errorf("closing: %v", c.PublicExport())
	}
}

func TestClosingIsTheirs(t *testing.T) {
	app := upTo(t, "1764500016_pocketdesk_starters.go")
	r, err := app.FindFirstRecordByData(desk.Rules, "starter", "closing")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := app.DB().Update(named(app, desk.Rules), dbx.Params{"filter": "priority = 'low'", "delay": "7d"}, dbx.HashExp{"id": r.Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	if err := newStart(t, app, ""); err != nil {
		t.Fatal(err)
	}
	migrate(t, app, before("2"))
	if r, err = app.FindRecordById(desk.Rules, r.Id); err != nil || r.GetString("since") != "" || r.GetString("delay") != "7d" {
		t.Errorf("%s %s %v", r.GetString("since"), r.GetString("delay"), err)
	}
}

// No name is written in the characters of the other Chinese.
func TestStarterCharacters(t *testing.T) {
	rows, err := seed.Triage()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows.Rules {
		if text := r.Names["zh-CN"] + r.Notes["zh-CN"]; strings.ContainsAny(text, "組負責務單個業們請這來發詢寄") {
			t.Errorf("%s: %s", r.Key, text)
		}
		if text := r.Names["zh-TW"] + r.Notes["zh-TW"]; strings.ContainsAny(text, "组负责务单个业们请这来发询") {
			t.Errorf("%s: %s", r.Key, text)
		}
	}
}

// upTo is a shop as it was before a migration.
func upTo(t *testing.T, file string) core.App {
	t.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: t.TempDir()})
	if err := app.Bootstrap(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = app.ResetBootstrapState() })
	if err := newStart(t, app, ""); err != nil {
		t.Fatal(err)
	}
	migrate(t, app, before(file))
	return app
}
