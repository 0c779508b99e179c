package noticing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/noticing"
)

// storm is an agent of a team with 50 notices of one kind, each of a case of its own.
func storm(t *testing.T, kind string, data map[string]any) (*desktest.App, *desk.Agent, []*desk.Case) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"ack_enabled": false})
	me := app.Agent(desk.RoleAgent, app.Make(desk.Teams, desktest.Values{"name": "North"}).Id)
	var cases []*desk.Case
	for i := range 50 {
		c := app.Case(desktest.Values{"email": fmt.Sprintf("v%d@example.com", i)})
		cases = append(cases, c)
		app.Clock.Advance(time.Second)
		notify(t, app, desk.Notice{Agent: me.Id, Kind: kind, Case: c.Id, Data: data})
	}
	return app, me, cases
}

// Fifty alike are one line, which counts once and opens to all of them.
func TestStormIsOneLine(t *testing.T) {
	for kind, data := range map[string]map[string]any{
		desk.NoticeRule: {"rule": "Press", "id": "r1", "text": "Ask Mia first"}, desk.NoticeSLAWarning: {"which": "first_response", "due": "x"},
		desk.NoticeSLABreached: {"which": "resolution"}, desk.NoticeAssigned: nil, desk.NoticeEscalated: {"name": "Late"},
	} {
		app, me, cases := storm(t, kind, data)
		notify(t, app, desk.Notice{Agent: me.Id, Kind: desk.NoticeMention, Case: cases[0].Id},
			desk.Notice{Agent: me.Id, Kind: kind, Case: cases[0].Id, Actor: app.Agent(desk.RoleAgent, "").Id, Data: map[string]any{"rule": "Other", "which": "next_response", "name": "Other"}})
		page, err := noticing.List(app, me, "")
		if err != nil || len(page.Items) != 3 || page.Unseen != 3 {
			t.Fatalf("%s: %d lines, %d unseen, %v", kind, len(page.Items), page.Unseen, err)
		}
		at := slices.IndexFunc(page.Items, func(i noticing.Item) bool { return i.Of == 50 })
		if at < 0 || page.Items[at].Case != cases[49].Id || page.Items[at].Seen != "" {
			t.Fatalf("%s: lines %+v", kind, page.Items)
		}
		line := page.Items[at].Line
		first, err := noticing.OfLine(app, me, line, "")
		rest, err2 := noticing.OfLine(app, me, line, first.Next)
		if err != nil || err2 != nil || len(first.Items) != 30 || len(rest.Items) != 20 || rest.Next != "" || rest.Items[19].Case != cases[0].Id {
			t.Errorf("%s: %d and %d in the list, %v %v", kind, len(first.Items), len(rest.Items), err, err2)
		}
		if none, err := noticing.OfLine(app, app.Agent(desk.RoleAdmin, ""), line, ""); err != nil || len(none.Items) != 0 {
			t.Errorf("%s: somebody else has %d of them", kind, len(none.Items))
		}
	}
}

// To look at the line is to look at all of it; to open one case is not.
func TestLineIsReadAsOne(t *testing.T) {
	app, me, cases := storm(t, desk.NoticeAssigned, nil)
	if err := noticing.Seen(app, app.Commit, me, noticing.Which{Case: cases[49].Id}); err != nil {
		t.Fatal(err)
	}
	page, _ := noticing.List(app, me, "")
	if len(page.Items) != 1 || page.Unseen != 1 || page.Items[0].Seen != "" || page.Items[0].Of != 50 {
		t.Errorf("one case opened: %+v", page)
	}
	if err := noticing.Seen(app, app.Commit, me, noticing.Which{IDs: []string{page.Items[0].ID}}); err != nil {
		t.Fatal(err)
	}
	if page, _ = noticing.List(app, me, ""); page.Unseen != 0 || len(page.Items) != 1 || page.Items[0].Seen == "" {
		t.Errorf("read: %+v", page)
	}
	if n := len(app.All(desk.Notices, desktest.Values{"agent": me.Id, "seen_at": ""})); n != 0 {
		t.Errorf("%d are left", n)
	}
	app.Clock.Advance(time.Second)
	notify(t, app, desk.Notice{Agent: me.Id, Kind: desk.NoticeAssigned, Case: cases[3].Id})
	if page, _ = noticing.List(app, me, ""); page.Unseen != 1 || len(page.Items) != 2 || page.Items[0].Of != 1 || page.Items[1].Of != 50 {
		t.Errorf("what comes after is a line of its own: %+v", page)
	}
}

// A line shows what the person may see, and no more.
func TestLineWithoutOthersCases(t *testing.T) {
	app, me, cases := storm(t, desk.NoticeRule, map[string]any{"rule": "Press"})
	south := app.Make(desk.Teams, desktest.Values{"name": "South"})
	for _, c := range cases[47:] {
		app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"team": south.Id})
	}
	page, err := noticing.List(app, me, "")
	if err != nil || len(page.Items) != 1 || page.Items[0].Of != 47 || page.Items[0].Case != cases[46].Id {
		t.Fatalf("%+v %v", page, err)
	}
	if list, _ := noticing.OfLine(app, me, page.Items[0].Line, ""); list.Items[0].Case != cases[46].Id {
		t.Errorf("the list begins with %s", list.Items[0].Case)
	}
}

// The list and its count read the person's own notices by an index, and no more.
func TestListByIndex(t *testing.T) {
	app, me, _ := storm(t, desk.NoticeRule, map[string]any{"rule": "Press"})
	for name, query := range noticing.Queries(app, me) {
		var rows []struct {
			Detail string `db:"detail"`
		}
		q := query.Build()
		if err := app.DB().NewQuery("EXPLAIN QUERY PLAN " + q.SQL()).Bind(q.Params()).All(&rows); err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			if strings.HasPrefix(r.Detail, "SCAN") || name == "lines" && strings.Contains(r.Detail, "B-TREE FOR ORDER BY") {
				t.Errorf("%s: %s", name, r.Detail)
			}
		}
	}
}
