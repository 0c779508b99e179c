package inbox_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
)

// say puts n messages into a case, which all bear the same moment or one each.
func say(app *desktest.App, c *desk.Case, n int, apart time.Duration) {
	for i := range n {
		app.Clock.Advance(apart)
		app.Make(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.In, "channel": desk.ChannelEmail, "body": fmt.Sprintf("word %d", i),
			"html": "<p>" + strings.Repeat("x", 100) + "</p>", "quoted": strings.Repeat("> y\n", 10+i%2*1000)})
	}
}

func TestLongTalk(t *testing.T) {
	for name, apart := range map[string]time.Duration{"at different times": time.Second, "at one moment": 0} {
		t.Run(name, func(t *testing.T) {
			app := desktest.New(t)
			agent := app.Agent(desk.RoleAgent, "")
			c := app.Case(desktest.Values{"attachments": []any{app.File("photo.txt", "a photo")}})
			say(app, c, 130, apart)
			total := len(app.All(desk.Messages, desktest.Values{"case": c.Id}))
			v, err := inbox.CaseView(app, agent, desk.AsCase(app.Find(desk.Cases, c.Id)), casework.ReplyAddress)
			if err != nil {
				t.Fatal(err)
			}
			if len(v.Messages) != 50 || v.Earlier != total-50 || v.Messages[49].GetString("body") != "word 129" || len(v.Messages[0].Files) != 0 {
				t.Fatalf("%d messages, %d earlier, the last is %q", len(v.Messages), v.Earlier, v.Messages[49].GetString("body"))
			}
			all := v.Messages
			for n := v.Earlier; n > 0; {
				part, err := inbox.Earlier(app, c, all[0].Id)
				if err != nil {
					t.Fatal(err)
				}
				if n -= len(part.Items); part.Earlier != n || len(part.Items) == 0 {
					t.Fatalf("%d earlier, want %d; %d came", part.Earlier, n, len(part.Items))
				}
				all = append(part.Items, all...)
			}
			if len(all) != total || len(all[0].Files) != 1 || all[0].GetString("direction") != desk.In {
				t.Errorf("%d of %d messages, files of the first %v", len(all), total, all[0].Files)
			}
			seen := map[string]bool{}
			for i, m := range all {
				if seen[m.Id] {
					t.Errorf("%q came twice", m.GetString("body"))
				}
				seen[m.Id] = true
				if i > 1 && strings.HasPrefix(m.GetString("body"), "word") && m.GetString("body") != fmt.Sprintf("word %d", i-(total-130)) {
					t.Errorf("place %d: %q", i, m.GetString("body"))
				}
			}
			other := app.Case(desktest.Values{"email": "b@example.com"})
			if _, err := inbox.Earlier(app, other, all[5].Id); !errors.Is(err, inbox.ErrQuery) {
				t.Errorf("a message of another case: %v", err)
			}
			if _, err := inbox.Earlier(app, c, "nothing"); !errors.Is(err, inbox.ErrQuery) {
				t.Errorf("no message: %v", err)
			}
		})
	}
}

// What is long and seldom looked at stays out of the view, and is said to be there.
func TestEntryIsShort(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	say(app, c, 2, time.Second)
	app.Make(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.In, "channel": desk.ChannelEmail, "html": "<p>only this</p>"})
	v, err := inbox.CaseView(app, app.Agent(desk.RoleAgent, ""), c, casework.ReplyAddress)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(v.Messages[len(v.Messages)-3:])
	if err != nil {
		t.Fatal(err)
	}
	var got []map[string]any
	if err := json.Unmarshal(raw, &got); err != nil {
		t.Fatal(err)
	}
	short, long, bare := got[0], got[1], got[2]
	if short["has_html"] != true || short["html"] != nil || short["has_quoted"] != true || short["quoted"] == nil {
		t.Errorf("%v", short)
	}
	if long["has_quoted"] != true || long["quoted"] != nil {
		t.Errorf("a long quote is in the view")
	}
	if bare["html"] != "<p>only this</p>" || bare["has_quoted"] != false {
		t.Errorf("%v", bare)
	}
}

func TestSeenAt(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	seen := func() string {
		t.Helper()
		v, err := inbox.CaseView(app, agent, c, casework.ReplyAddress)
		if err != nil {
			t.Fatal(err)
		}
		return v.SeenAt
	}
	before := seen()
	app.Make(desk.Reads, desktest.Values{"agent": app.Agent(desk.RoleAgent, "").Id, "case": c.Id, "seen_at": desk.Date(app.Clock.Now())})
	if seen() != before {
		t.Error("another person's reading counts")
	}
	at := desk.Date(app.Clock.Now().Add(-time.Hour))
	app.Make(desk.Reads, desktest.Values{"agent": agent.Id, "case": c.Id, "seen_at": at})
	if seen() != at.String() {
		t.Errorf("seen at %q, want %v", seen(), at)
	}
}

// Nothing that a case's screen asks walks through a table that grows.
func TestCasePlans(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(desktest.Values{"phone": "0912-345-678"})
	say(app, c, 60, time.Second)
	var asked []string
	db := app.ConcurrentDB().(*dbx.DB)
	db.QueryLogFunc = func(_ context.Context, _ time.Duration, sql string, _ *sql.Rows, _ error) { asked = append(asked, sql) }
	v, err := inbox.CaseView(app, agent, c, casework.ReplyAddress)
	if err == nil {
		_, err = inbox.Earlier(app, c, v.Messages[0].Id)
	}
	if err == nil {
		_, err = casework.ChangedSince(app, c.Id, 1)
	}
	db.QueryLogFunc = nil
	if err != nil {
		t.Fatal(err)
	}
	if len(asked) < 10 || len(asked) > 40 {
		t.Errorf("%d questions for one case", len(asked))
	}
	for _, q := range asked {
		var plan []struct {
			Detail string `db:"detail"`
		}
		if err := app.DB().NewQuery("EXPLAIN QUERY PLAN " + q).All(&plan); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
		for _, p := range plan {
			small := strings.Contains(p.Detail, "agents") || strings.Contains(p.Detail, "desk_settings") || strings.Contains(p.Detail, "teams")
			if strings.HasPrefix(p.Detail, "SCAN") && !small || strings.Contains(p.Detail, "TEMP B-TREE") && !strings.Contains(q, "case_events") && !strings.Contains(q, "identities") && !strings.Contains(q, "merges") && !small {
				t.Errorf("%s\n  %s", q, p.Detail)
			}
		}
	}
}
