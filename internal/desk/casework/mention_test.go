package casework_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

func TestMentions(t *testing.T) {
	app := desktest.New(t)
	app.UseSMTP(mailtest.NewServer(t, mailtest.Script{}))
	gold, blue := app.Make(desk.Teams, desktest.Values{"name": "Gold"}).Id, app.Make(desk.Teams, desktest.Values{"name": "Blue"}).Id
	me, mate := app.Agent(desk.RoleAgent, gold), app.Agent(desk.RoleAgent, gold)
	far, boss := app.Agent(desk.RoleAgent, blue), app.Agent(desk.RoleSupervisor, "")
	program := app.Agent(desk.RoleIntegration, "")
	owner := app.Make(desk.Agents, desktest.Values{"name": "Owner", "email": "owner@staff.example", "tokenKey": strings.Repeat("k", 40)})
	c := desk.AsCase(app.Put(app.Case(nil).Record, desktest.Values{"team": gold}))
	many := []string{}
	for i := range 21 {
		many = append(many, fmt.Sprintf("nobody%09d", i))
	}
	for name, tc := range map[string]struct {
		direction string
		ids       []string
		told      []string
		refused   string // what the sentence says
	}{
		"colleagues, each once":  {desk.Note, []string{mate.Id, boss.Id, mate.Id}, []string{mate.Id, boss.Id}, ""},
		"a superuser":            {desk.Note, []string{owner.Id}, []string{owner.Id}, ""},
		"oneself":                {desk.Note, []string{me.Id}, nil, ""},
		"another team":           {desk.Note, []string{mate.Id, far.Id}, nil, "can't see this case"},
		"a program":              {desk.Note, []string{program.Id}, nil, "no colleague"},
		"nobody":                 {desk.Note, []string{"nobodynobody123"}, nil, "no colleague"},
		"too many":               {desk.Note, many, nil, "up to 20"},
		"an answer calls nobody": {desk.Out, []string{mate.Id, far.Id}, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(app.All(desk.Notices, desktest.Values{"kind": desk.NoticeMention}))
			m, err := write(t, app, casework.Entry{Case: c, Agent: me}, desktest.Values{"direction": tc.direction, "body": "@you look at\nthis", "mentions": tc.ids})
			if tc.refused != "" {
				if faulty(err) != "mentions" || !strings.Contains(err.Error(), tc.refused) {
					t.Errorf("%v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			rows := app.All(desk.Notices, desktest.Values{"kind": desk.NoticeMention})[before:]
			if len(rows) != len(tc.told) {
				t.Fatalf("%d notices, want %d", len(rows), len(tc.told))
			}
			for i, r := range rows {
				if r.GetString("agent") != tc.told[i] || r.GetString("message") != m.Id || r.GetString("case") != c.Id || r.GetString("actor") != me.Id {
					t.Errorf("notice %v", r.PublicExport())
				}
				if !strings.Contains(r.GetString("data"), "look at this") {
					t.Errorf("data %s", r.GetString("data"))
				}
			}
			if tc.direction == desk.Out && len(app.Find(desk.Messages, m.Id).GetStringSlice("mentions")) > 0 {
				t.Error("an answer keeps mentions")
			}
		})
	}
}

func TestSignature(t *testing.T) {
	app := desktest.New(t)
	app.UseSMTP(mailtest.NewServer(t, mailtest.Script{}))
	agent := app.Agent(desk.RoleAgent, "")
	app.Put(agent.Record, desktest.Values{"signature": "Mei Lin\r\nYamaarashi Goods\r\n"})
	c := app.Case(nil)
	for name, tc := range map[string]struct {
		body string
		sign bool
		v    desktest.Values
		want string
	}{
		"below":           {"It leaves today.\n\n", true, nil, "It leaves today.\n\nMei Lin\nYamaarashi Goods"},
		"there already":   {"Hi\r\n\r\nMei Lin\r\nYamaarashi Goods", true, nil, "Hi\r\n\r\nMei Lin\r\nYamaarashi Goods"},
		"not asked for":   {"Hi", false, nil, "Hi"},
		"a note has none": {"Hi", true, desktest.Values{"direction": desk.Note}, "Hi"},
		"nor has a call":  {"Hi", true, desktest.Values{"channel": desk.ChannelPhone}, "Hi"},
	} {
		m, err := write(t, app, casework.Entry{Case: c, Agent: agent, Sign: tc.sign}, both(desktest.Values{"body": tc.body}, tc.v))
		if err != nil {
			t.Fatal(err)
		}
		if got := app.Find(desk.Messages, m.Id).GetString("body"); got != tc.want {
			t.Errorf("%s: %q", name, got)
		}
	}
	if _, err := write(t, app, casework.Entry{Case: c, Agent: agent, Sign: true}, desktest.Values{"body": "  "}); faulty(err) != "body" {
		t.Errorf("a signature alone is no answer: %v", err)
	}
}

func both(a, b desktest.Values) desktest.Values {
	for name, value := range b {
		a[name] = value
	}
	return a
}
