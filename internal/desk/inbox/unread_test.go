package inbox_test

import (
	"slices"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
)

// openAt is [open] with the date on which the case was made, which no record
// lets itself be given.
func openAt(app *desktest.App, created any, v desktest.Values) int {
	n := open(app, v)
	date(app, n, created)
	return n
}

func date(app *desktest.App, number int, created any) {
	d, _ := created.(types.DateTime)
	if _, err := app.NonconcurrentDB().Update("cases", dbx.Params{"created": d.String()}, dbx.HashExp{"number": number}).Execute(); err != nil {
		panic(err)
	}
}

// The mark on a row and the list of what is unread say the same, in every queue.
func TestUnread(t *testing.T) {
	app := desktest.New(t)
	ann, ben := app.Agent(desk.RoleAgent, ""), app.Agent(desk.RoleAgent, "")
	at := func(minutes int) any { return desk.Date(app.Clock.Now().Add(time.Duration(minutes) * time.Minute)) }
	number := map[string]int{}
	var record = map[string]string{}
	add := func(name string, v desktest.Values) {
		created := v["created"]
		if delete(v, "created"); created == nil {
			created = at(0)
		}
		number[name] = openAt(app, created, v)
		record[name] = app.All(desk.Cases, desktest.Values{"number": number[name]})[0].Id
	}
	read := func(a *desk.Agent, name string, at any) {
		app.Make(desk.Reads, desktest.Values{"agent": a.Id, "case": record[name], "seen_at": at})
	}
	add("old", desktest.Values{"last_in_at": at(-60), "created": at(-60)})
	add("new", desktest.Values{"last_in_at": at(1)})
	add("no word", desktest.Values{"last_in_at": "", "created": at(1)})
	add("read", desktest.Values{"last_in_at": at(1)})
	add("read, then said", desktest.Values{"last_in_at": at(9)})
	add("marked", desktest.Values{"last_in_at": at(-60), "created": at(-60)})
	add("held", desktest.Values{"last_in_at": at(1), "status": desk.OnHold})
	add("done", desktest.Values{"last_in_at": at(1), "status": desk.Resolved, "resolved_at": at(2)})
	add("done, marked", desktest.Values{"last_in_at": at(-60), "status": desk.Closed, "resolved_at": at(2)})
	add("named", desktest.Values{"last_in_at": at(-60), "created": at(-60), "status": desk.Resolved, "resolved_at": at(2)})
	app.Put(ann.Record, desktest.Values{"read_before": at(-1)})
	app.Put(ben.Record, desktest.Values{"read_before": at(20)})
	read(ann, "read", at(5))
	read(ann, "read, then said", at(5))
	read(ann, "marked", "")
	read(ann, "done, marked", "")
	if err := desk.Notify(app, desk.Notice{Agent: ann.Id, Kind: desk.NoticeMention, Case: record["named"]}); err != nil {
		t.Fatal(err)
	}
	app.Make(desk.Views, desktest.Values{"id": "viewofeverything", "name": "x", "owner": ann.Id, "scope": "all"})
	view := app.All(desk.Views, nil)[0].Id

	for queue, want := range map[string][]string{
		"all":          {"new", "no word", "read, then said", "marked", "held", "done, marked", "named"},
		"view:" + view: {"new", "no word", "read, then said", "marked", "held", "done, marked", "named"},
		"open":         {"new", "no word", "read, then said", "marked"}, "unassigned": {"new", "no word", "read, then said", "marked"},
		"waiting": {"held"}, "done": {"done, marked", "named"}, "mine": {},
	} {
		var nums, rows []int
		for _, name := range want {
			nums = append(nums, number[name])
		}
		got := numbers(t, app, ann, inbox.Query{Queue: queue, Unread: true, Limit: 2})
		page, err := inbox.Cases(app, ann, inbox.Query{Queue: queue})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range page.Items {
			if r.Unread {
				rows = append(rows, r.Number)
			}
		}
		for _, list := range [][]int{nums, got, rows} {
			slices.Sort(list)
		}
		if !slices.Equal(got, nums) || !slices.Equal(rows, nums) {
			t.Errorf("%s: the filter finds %v, the rows say %v, want %v", queue, got, rows, nums)
		}
	}
	if got := numbers(t, app, ben, inbox.Query{Queue: "all", Unread: true}); len(got) != 0 {
		t.Errorf("Ben has read all of it, and gets %v", got)
	}
	// whoever has not begun is not shown all of the past
	app.Clock.Advance(time.Hour)
	if got := numbers(t, app, app.Agent(desk.RoleAgent, ""), inbox.Query{Queue: "all", Unread: true}); len(got) != 0 {
		t.Errorf("somebody new gets %v", got)
	}
}

// Nothing due comes after what is due, the oldest first, and pages go on there.
func TestUndatedComeLast(t *testing.T) {
	app := desktest.New(t)
	ann := app.Agent(desk.RoleAgent, "")
	at := func(h int) any { return desk.Date(app.Clock.Now().Add(time.Duration(h) * time.Hour)) }
	second := openAt(app, at(-2), desktest.Values{"due_at": "", "waiting_since": at(-2), "assignee": ann.Id})
	dated := openAt(app, at(-9), desktest.Values{"due_at": at(5), "waiting_since": "", "assignee": ann.Id})
	first := openAt(app, at(-3), desktest.Values{"due_at": "", "waiting_since": at(-1), "assignee": ann.Id})
	soon := openAt(app, at(-1), desktest.Values{"due_at": at(1), "waiting_since": at(-5), "assignee": ann.Id})
	for sort, want := range map[string][]int{
		"": {soon, dated, first, second}, "due": {soon, dated, first, second}, "newest": {soon, second, first, dated}, "oldest": {dated, first, second, soon},
		"waiting": {soon, second, first, dated},
	} {
		for _, queue := range []string{"open", "mine", "person:" + ann.Id} {
			for _, limit := range []int{1, 2, 3, 40} {
				if got := numbers(t, app, ann, inbox.Query{Queue: queue, Sort: sort, Limit: limit}); !slices.Equal(got, want) {
					t.Errorf("%s by %q, %d a page: %v, want %v", queue, sort, limit, got, want)
				}
			}
		}
	}
	if _, err := inbox.Cases(app, ann, inbox.Query{Queue: "open", Sort: "colour"}); err == nil {
		t.Error("an order that there is not is taken")
	}
}
