package inbox_test

import (
	"slices"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
	"github.com/pocketdesk/pocketdesk/internal/desk/searching"
)

// A search inside of a queue finds what the queue has, and nothing beside it.
func TestNarrow(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	mine := app.Case(desktest.Values{"email": "anna@example.com", "message": "a blue kettle"})
	other := app.Case(desktest.Values{"email": "ben@example.com", "message": "a red kettle"})
	app.Put(mine.Record, desktest.Values{"assignee": agent.Id, "priority": "high"})
	view := app.Make(desk.Views, desktest.Values{"name": "High", "owner": agent.Id, "scope": "all", "filter": `priority = "high" && contact.name ~ "Anna"`})
	for name, c := range map[string]struct {
		query inbox.Query
		want  []string
	}{
		"all":               {inbox.Query{}, []string{other.Id, mine.Id}},
		"mine":              {inbox.Query{Queue: "mine"}, []string{mine.Id}},
		"done":              {inbox.Query{Queue: "done"}, []string{}},
		"view":              {inbox.Query{Queue: "view:" + view.Id}, []string{mine.Id}},
		"filter":            {inbox.Query{Priority: "normal"}, []string{other.Id}},
		"view with filters": {inbox.Query{Queue: "view:" + view.Id, Assignee: "none"}, []string{}},
	} {
		where, err := inbox.Narrow(app, agent, c.query)
		if err != nil {
			t.Fatal(err)
		}
		a, err := app.Search.Find(t.Context(), searching.Question{Agent: agent, Text: "kettle", Where: where})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		ids := []string{}
		for _, f := range a.Items {
			ids = append(ids, f.Case)
		}
		if !slices.Equal(ids, c.want) {
			t.Errorf("%s: found %v, want %v", name, ids, c.want)
		}
	}
	if _, err := inbox.Narrow(app, agent, inbox.Query{Queue: "nothing"}); err != inbox.ErrQuery {
		t.Errorf("an unknown queue: %v", err)
	}
}

// Rows keep the order that is asked for, and leave out what the agent may not see.
func TestRows(t *testing.T) {
	app := desktest.New(t)
	gold := app.Make(desk.Teams, desktest.Values{"name": "Gold"}).Id
	agent := app.Agent(desk.RoleAgent, "")
	first := app.Case(desktest.Values{"email": "anna@example.com"})
	second := app.Case(desktest.Values{"email": "ben@example.com"})
	hidden := app.Case(desktest.Values{"email": "carl@example.com"})
	app.Put(hidden.Record, desktest.Values{"team": gold})
	rows, err := inbox.Rows(app, agent, []string{first.Id, hidden.Id, "gone", second.Id})
	if err != nil || len(rows) != 2 || rows[0].ID != first.Id || rows[1].ID != second.Id || rows[0].Contact.Name == "" {
		t.Errorf("%+v, %v", rows, err)
	}
	page, err := inbox.Cases(app, agent, inbox.Query{Found: []string{second.Id, hidden.Id}})
	if err != nil || len(page.Items) != 1 || page.Items[0].ID != second.Id {
		t.Errorf("%+v, %v", page.Items, err)
	}
	page, err = inbox.Cases(app, agent, inbox.Query{Found: []string{}})
	if err != nil || len(page.Items) != 0 {
		t.Errorf("nothing was found, and yet %+v, %v", page.Items, err)
	}
}
