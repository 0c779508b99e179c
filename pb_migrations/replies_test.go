package pb_migrations

import (
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/pb_migrations/seed"
)

const repliesFile = "1764500018_pocketdesk_replies.go"

// A shop that has the first rules gets those about replies beside them, as it has
// the first ones by now, and each once.
func TestRepliesBrought(t *testing.T) {
	app := upTo(t, repliesFile)
	change := func(starter string, fields dbx.Params) {
		t.Helper()
		if _, err := app.DB().Update(named(app, desk.Rules), fields, dbx.HashExp{"starter": starter}).Execute(); err != nil {
			t.Fatal(err)
		}
	}
	const own = `[{"do":"notify","value":{"text":"Call me","to":"team"}}]`
	change("legal", dbx.Params{"actions": own, "position": 70})
	change("safety", dbx.Params{"enabled": false})
	migrateReplies(t, app)
	legal, safety, data := starter(t, app, "legal_again"), starter(t, app, "safety_again"), starter(t, app, "data_request_again")
	if legal.GetString("actions") != own || !legal.GetBool("enabled") || legal.GetInt("position") != 71 || legal.GetDateTime("active_from").IsZero() || legal.GetString("event") != "visitor_wrote" {
		t.Errorf("legal: %v", legal.PublicExport())
	}
	if safety.GetBool("enabled") || !safety.GetDateTime("active_from").IsZero() || !strings.Contains(safety.GetString("actions"), `"to":"lead"`) {
		t.Errorf("safety: %v", safety.PublicExport())
	}
	if !data.GetBool("enabled") || data.GetString("filter") != `tags ~ "\"data_request\""` {
		t.Errorf("data: %v", data.PublicExport())
	}
	n, err := app.CountRecords(desk.Rules)
	if err != nil {
		t.Fatal(err)
	}
	if err := replyRule(app, mustReplies(t)[0].Rule, firstRule(t, "legal"), "en"); err != nil {
		t.Fatal(err)
	}
	if again, err := app.CountRecords(desk.Rules); again != n || err != nil {
		t.Errorf("%d rules, %d before, %v", again, n, err)
	}
}

// What the owner deleted, or asks in another way, is left to him.
func TestRepliesLeftToTheOwner(t *testing.T) {
	app := upTo(t, repliesFile)
	for starter, fields := range map[string]dbx.Params{"legal": nil, "safety": {"filter": `priority = "urgent"`}, "data_request": {"event": "staff_changed"}} {
		var err error
		if fields == nil {
			_, err = app.DB().Delete(named(app, desk.Rules), dbx.HashExp{"starter": starter}).Execute()
		} else {
			_, err = app.DB().Update(named(app, desk.Rules), fields, dbx.HashExp{"starter": starter}).Execute()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	migrateReplies(t, app)
	for _, r := range mustReplies(t) {
		if n, err := app.CountRecords(desk.Rules, dbx.HashExp{"starter": r.Rule.Key}); n != 0 || err != nil {
			t.Errorf("%s: %d, %v", r.Rule.Key, n, err)
		}
	}
}

func migrateReplies(t *testing.T, app core.App) {
	t.Helper()
	if err := newStart(t, app, ""); err != nil {
		t.Fatal(err)
	}
	migrate(t, app, before("2"))
}

func starter(t *testing.T, app core.App, key string) *core.Record {
	t.Helper()
	r, err := app.FindFirstRecordByData(desk.Rules, "starter", key)
	if err != nil {
		t.Fatalf("%s: %v", key, err)
	}
	return r
}

func mustReplies(t *testing.T) []seed.ReplyRow {
	t.Helper()
	rows, err := seed.Replies()
	if err != nil || len(rows) != 3 {
		t.Fatal(rows, err)
	}
	return rows
}

func firstRule(t *testing.T, key string) seed.RuleRow {
	t.Helper()
	rows, err := seed.Triage()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows.Rules {
		if r.Key == key {
			return r
		}
	}
	t.Fatal(key)
	return seed.RuleRow{}
}
