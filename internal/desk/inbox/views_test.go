package inbox_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
)

func TestViewsFind(t *testing.T) {
	app := desktest.New(t)
	boss := app.Agent(desk.RoleSupervisor, "")
	app.Put(boss.Record, desktest.Values{"name": "Bo"})
	gold := app.Make(desk.Teams, desktest.Values{"name": "Gold"}).Id
	late := desk.Date(app.Clock.Now().AddDate(-1, 0, 0))
	a := open(app, desktest.Values{"priority": "high", "locale": "ja", "tags": []string{"vip", "贈品"}, "due_at": late})
	b := open(app, desktest.Values{"priority": "low", "assignee": boss.Id, "team": gold, "subject": "O'Neil \"100%\""})
	done := open(app, desktest.Values{"priority": "high", "status": desk.Resolved, "resolved_at": late})
	for filter, want := range map[string][]int{
		"": {a, b}, `priority = "high"`: {a}, `priority != "high"`: {b}, `tags ~ '"vip"'`: {a}, `tags ~ '"贈品"'`: {a}, `tags ~ '"vi"'`: {},
		`assignee = ""`: {a}, `assignee.name = "Bo"`: {b}, `team.name ~ "gol"`: {b}, `contact.name != ""`: {a, b},
		`due_at != "" && due_at < "2026-01-01 00:00:00.000Z" && due_at < @now`: {a}, `(priority = "high" || team.name = "Gold") && locale != "ja"`: {b},
		`subject ~ "O'Neil"`: {b}, `subject:lower ~ "o'neil"`: {b}, `subject ~ "100\\%"`: {b}, `category.enabled = null`: {a, b},
		`assignee = null`: {a}, `number = ` + "1": {a}, `waiting_since != ""`: {a, b}, `created > @yesterday || created <= @yesterday`: {a, b},
	} {
		view := app.Make(desk.Views, desktest.Values{"name": "x", "owner": boss.Id, "scope": "open", "filter": filter}).Id
		for _, sort := range []string{"", inbox.ByDue, inbox.ByNewest, inbox.ByOldest, inbox.ByWaiting} {
			got := numbers(t, app, boss, inbox.Query{Queue: "view:" + view, Sort: sort, Limit: 1})
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s by %q finds %v, want %v", filter, sort, got, want)
			}
		}
		found, err := inbox.CheckView(app, boss, &inbox.View{Scope: "open", Filter: filter})
		if err != nil || found.Count == nil || found.Count.Count != len(want) || len(found.Sample) != len(want) {
			t.Errorf("%s: %+v, %v", filter, found, err)
		}
	}
	date(app, done, desk.Date(app.Clock.Now().Add(time.Minute)))
	for scope, want := range map[string][]int{"": {a}, "done": {done}, "all": {a, done}, "waiting": {}} {
		view := app.Make(desk.Views, desktest.Values{"name": "x", "owner": boss.Id, "scope": scope, "filter": `priority = "high"`, "sort": "oldest"}).Id
		if got := numbers(t, app, boss, inbox.Query{Queue: "view:" + view}); !slices.Equal(got, want) {
			t.Errorf("scope %q: %v, want %v", scope, got, want)
		}
	}
	if _, err := inbox.CheckView(app, boss, &inbox.View{Scope: "nope"}); !errors.Is(err, inbox.ErrQuery) {
		t.Errorf("%v", err)
	}
}

// A filter reaches no further than the fields of a case that staff may read.
func TestHostileFilters(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	open(app, desktest.Values{})
	const field, syntax = "field", "syntax"
	for filter, want := range map[string]string{
		`nothing = 1`: field, `track_token != ""`: field, `mail_token ~ "a"`: field, `reasons.priority.by = "staff"`: field, `suggestion ~ "a"`: field,
		`@collection.pd_agents.id != ""`: field, `@collection.agents.tokenKey ~ "a"`: field, `@request.headers.cookie != ""`: field, `@request.auth.id != ""`: field,
		`@request.query.x = 1`: field, `@nonsense = 1`: field, `assignee.email ~ "a"`: field, `assignee.tokenKey ~ "a"`: field, `assignee.password != ""`: field,
		`contact.cases_via_contact.id != ""`: field, `cases_via_contact.id != ""`: field, `contact.merged_into.name != ""`: field, `merged_into.subject != ""`: field,
		`feedback.email != ""`: field, `category.labels.en != ""`: field, `contact.id.id = 1`: field, `tags:each = "vip"`: field, `tags:length > 1`: field,
		`subject:changed = true`: field, `subject:isset = true`: field, `number = track_token`: field, `subject = "a" && foo = 1`: field, `geoDistance(track_token, 1, 2, 3) > 1`: field,
		`subject`: syntax, `subject =`: syntax, `subject = "a`: syntax, `= = =`: syntax, `subject = "a" &&`: syntax, `1; DROP TABLE cases`: syntax, `subject = 'a' OR 1=1`: syntax,
		`(subject = "a"`: syntax, `// nothing`: syntax, `nofunction(1) = 1`: syntax, `number = 1e999`: syntax, "subject = \x00": syntax,
		strings.Repeat("x", 10_000):                                        "too_long",
		`subject = "` + strings.Repeat("長", 2_000) + `"`:                   "too_long",
		strings.Repeat("(", 400) + `number = 1` + strings.Repeat(")", 400): "too_deep",
		strings.Repeat("number = 1 || ", 60) + "number = 1":                "too_many",
	} {
		_, err := inbox.CheckView(app, agent, &inbox.View{Scope: "open", Filter: filter})
		var wrong *inbox.FilterError
		if !errors.As(err, &wrong) || wrong.Code != want {
			t.Errorf("%.80s: %v, want %s", filter, err, want)
			continue
		}
		if want == field && (wrong.Part == "" || !strings.Contains(filter, wrong.Part) || !strings.Contains(wrong.Error(), wrong.Part)) {
			t.Errorf("%s: %q doesn't name the part that is wrong", filter, wrong)
		}
	}
	// these are odd, and harmless
	for _, filter := range []string{
		`subject ~ "` + strings.Repeat("%a", 400) + `b"`, `subject ~ "` + strings.Repeat("_", 1_000) + `"`, strings.Repeat("(", 8) + `number = 1` + strings.Repeat(")", 8),
		`subject = "((((((((((((((("`, `due_at > "not a date"`, `1 = 1`, `subject ~ '" OR 1=1 --'`,
	} {
		if _, err := inbox.CheckView(app, agent, &inbox.View{Scope: "open", Filter: filter}); err != nil {
			t.Errorf("%.60s: %v", filter, err)
		}
	}
}

// A view belongs to who made it; shared, to all, each within the own teams.
func TestViewsOfOthers(t *testing.T) {
	app := desktest.New(t)
	ann, ben := app.Agent(desk.RoleAgent, ""), app.Agent(desk.RoleAgent, "")
	own := app.Make(desk.Views, desktest.Values{"name": "own", "owner": ann.Id, "scope": "open"}).Id
	shared := app.Make(desk.Views, desktest.Values{"name": "shared", "owner": ann.Id, "scope": "open", "shared": true}).Id
	for _, one := range []struct {
		who  *desk.Agent
		view string
		ok   bool
	}{{ann, own, true}, {ann, shared, true}, {ben, shared, true}, {ben, own, false}, {ben, "nope", false}} {
		if _, err := inbox.Cases(app, one.who, inbox.Query{Queue: "view:" + one.view}); (err == nil) != one.ok || (!one.ok && !errors.Is(err, inbox.ErrQuery)) {
			t.Errorf("%s: %v", one.view, err)
		}
	}
	// its filter names a field that an upgrade took away: the list says so, and the counts go on
	app.Put(app.Find(desk.Views, own), desktest.Values{"filter": "gone_field = 1"})
	var wrong *inbox.FilterError
	if _, err := inbox.Cases(app, ann, inbox.Query{Queue: "view:" + own}); !errors.As(err, &wrong) {
		t.Errorf("%v", err)
	}
	if got := tally(t, app, ann).Views; len(got) != 2 || got[0].Count != nil || got[1].Count == nil || !got[0].Own || !got[1].Shared {
		t.Errorf("%+v", got)
	}
}
