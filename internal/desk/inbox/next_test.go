package inbox_test

import (
	"slices"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
)

func TestNext(t *testing.T) {
	app := desktest.New(t)
	gold := app.Make(desk.Teams, desktest.Values{"name": "Gold"}).Id
	ann, ben := app.Agent(desk.RoleAgent, ""), app.Agent(desk.RoleAgent, gold)
	at := func(hours int) any {
		if hours == 0 {
			return ""
		}
		return desk.Date(app.Clock.Now().Add(time.Duration(hours) * time.Hour))
	}
	ids := map[string]string{}
	names := map[string]string{"": ""}
	add := func(name string, v desktest.Values) {
		n := open(app, v)
		id := app.All(desk.Cases, desktest.Values{"number": n})[0].Id
		ids[name], names[id] = id, name
	}
	add("late", desktest.Values{"due_at": at(-1), "assignee": ann.Id})
	add("due", desktest.Values{"due_at": at(2), "assignee": ann.Id})
	add("undated", desktest.Values{"due_at": at(0), "assignee": ann.Id})
	add("free", desktest.Values{"due_at": at(1)})
	add("free too", desktest.Values{"due_at": at(3)})
	add("golden", desktest.Values{"due_at": at(-9), "team": gold})
	add("ben's", desktest.Values{"due_at": at(-9), "assignee": ben.Id})
	add("pending", desktest.Values{"due_at": at(-9), "assignee": ann.Id, "status": desk.Pending})
	ids[""], ids["nowhere"] = "", "nowhere"

	for _, one := range []struct {
		who   *desk.Agent
		after string
		taken []string
		want  string
		why   string
	}{
		{ann, "", nil, "late", "late"}, {ann, "late", nil, "due", "due"}, {ann, "due", nil, "undated", "waiting"}, {ann, "undated", nil, "free", "unassigned"},
		{ann, "free", nil, "free too", "unassigned"}, {ann, "free too", nil, "late", "late"},
		{ann, "pending", nil, "late", "late"}, {ann, "golden", nil, "late", "late"}, {ann, "ben's", nil, "late", "late"}, {ann, "nowhere", nil, "late", "late"},
		{ann, "", []string{"late"}, "due", "due"}, {ann, "late", []string{"due", "undated"}, "free", "unassigned"}, {ann, "undated", []string{"free"}, "free too", "unassigned"},
		{ann, "late", []string{"due", "undated", "free", "free too"}, "", ""},
		{ben, "", nil, "ben's", "late"}, {ben, "ben's", nil, "golden", "late"}, {ben, "golden", nil, "free", "unassigned"},
	} {
		got, err := inbox.Next(app, one.who, ids[one.after], func(id string) bool { return slices.Contains(one.taken, names[id]) })
		if err != nil || names[got.Case] != one.want || got.Why != one.why {
			t.Errorf("%s after %q without %v: %q because of %q, %v; want %q because of %q", one.who.Role(), one.after, one.taken, names[got.Case], got.Why, err, one.want, one.why)
		}
	}
}
