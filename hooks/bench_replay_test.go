package hooks

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

// crowd copies the shop's first case, with its visitor and what he wrote, so that
// there are as many over the last 80 days, each of somebody else.
func (s *shop) crowd(rows int) {
	s.t.Helper()
	for _, id := range []string{desk.Contacts, desk.Feedbacks, desk.Cases, desk.Messages} {
		name := desk.Name(s.App, id)
		c, err := s.App.FindCollectionByNameOrId(id)
		if err != nil {
			s.t.Fatal(err)
		}
		var columns, values []string
		for _, f := range c.Fields {
			field := f.GetName()
			value := "o.[[" + field + "]]"
			switch field {
			case "id", "contact", "case", "feedback":
				value = "printf('b%014d', n.i)"
			case "number":
				value = "o.number + n.i"
			case "created", "updated", "status_since":
				value = fmt.Sprintf("strftime('%%Y-%%m-%%d %%H:%%M:%%f', o.created, '-' || (n.i * 80.0 / %d) || ' days') || 'Z'", rows)
			case "email":
				value = "'anna' || n.i || '@example.com'"
			case "receipt", "receipt_hash", "track_token", "mail_token", "idempotency_key", "message_id":
				value = "CASE WHEN o.[[" + field + "]] = '' THEN '' ELSE 'r' || n.i END"
			case "status":
				if id == desk.Cases {
					value = "CASE WHEN n.i % 50 = 0 THEN 'open' ELSE 'closed' END"
				}
			}
			columns, values = append(columns, "[["+field+"]]"), append(values, value)
		}
		where := "1 = 1"
		if id == desk.Messages {
			where = "o.direction = 'in'"
		}
		_, err = s.App.NonconcurrentDB().NewQuery(fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
			INSERT INTO {{%s}} (%s) SELECT %s FROM n, (SELECT * FROM {{%s}} o WHERE %s LIMIT 1) o`,
			rows, name, strings.Join(columns, ", "), strings.Join(values, ", "), name, where)).Execute()
		if err != nil {
			s.t.Fatalf("%s: %v", name, err)
		}
	}
}

// history has staff have changed each case of the crowd.
func (s *shop) history() {
	s.t.Helper()
	for i, kind := range []string{"status", "priority", "assignee", "category", "replied"} {
		_, err := s.App.NonconcurrentDB().NewQuery(fmt.Sprintf(`INSERT INTO {{%s}} (id, [[case]], actor, kind, before, after, created, updated)
			SELECT 'e%d' || substr(c.id, -13), c.id, 'somebody0000000', '%s', json_object('%s', 'new'), json_object('%s', 'x'),
			strftime('%%Y-%%m-%%d %%H:%%M:%%f', c.created, '+%d hours') || 'Z', c.updated FROM {{%s}} c`,
			desk.Name(s.App, desk.Events), i, kind, kind, kind, i+1, desk.Name(s.App, desk.Cases))).Execute()
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

// BenchmarkReplay tries rules that find every case. ROWS in the environment says
// how many there are.
//
//	ROWS=100000 go test ./hooks -run none -bench Replay -benchtime 1x
func BenchmarkReplay(b *testing.B) {
	rows, _ := strconv.Atoi(os.Getenv("ROWS"))
	rows = max(rows, 500)
	s := newShop(b, withoutSMTP())
	s.Submit(map[string]any{"name": "Anna Berg", "email": "anna@example.com", "locale": "en", "message": strings.Repeat("I ordered a teapot. ", 30)})
	s.App.Cron().RemoveAll() // it would work off what history has made up, line by line, beside the trial
	s.crowd(rows)
	s.history()
	team := s.Add(desk.Teams, map[string]any{"name": "Warehouse"}).Id
	past := `(status = "new" || status = "open" || status = "closed") && priority != "x" && category != "x" && assignee.name != "Nobody"`
	for name, actions := range map[string]string{
		"past":   `[{"do":"team","value":"` + team + `"},{"do":"add_tags","value":["x"]}]`,
		"fields": `[{"do":"team","value":"` + team + `"},{"do":"add_tags","value":["x"]},{"do":"notify","value":{"to":"lead","text":"Look"}}]`,
		"answer": `[{"do":"answer","value":{"template":"nudge"}}]`,
	} {
		b.Run(name, func(b *testing.B) {
			draft := ruling.Draft{Event: ruling.CaseOpened, Actions: json.RawMessage(actions)}
			if name == "past" {
				draft.Filter = past
			}
			rule, err := ruling.Compile(s.App, draft)
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				tried, err := s.plugin.triedRule(rule, draft)
				if err != nil {
					b.Fatal(err)
				}
				id, err := s.plugin.trials.Start("anna", tried, 90)
				if err != nil {
					b.Fatal(err)
				}
				for {
					at, err := s.plugin.trials.Look("anna", id)
					if err != nil || at.Error != "" {
						b.Fatal(err, at.Error)
					}
					if at.Finished {
						if at.Changed < rows {
							b.Fatalf("%+v", at)
						}
						break
					}
					time.Sleep(10 * time.Millisecond)
				}
			}
		})
	}
}
