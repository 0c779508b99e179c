package inbox_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
)

// open makes a case with these fields and returns its number.
func open(app *desktest.App, v desktest.Values) int {
	c := app.Case(desktest.Values{"email": desk.NewReceipt() + "@example.com"})
	if v["status"] == nil {
		v["status"] = desk.Open
	}
	app.Put(c.Record, v)
	return c.Number()
}

// numbers lists the cases that a query finds, through all of its pages.
func numbers(t *testing.T, app *desktest.App, agent *desk.Agent, q inbox.Query) []int {
	t.Helper()
	out := []int{}
	for pages := 0; ; pages++ {
		page, err := inbox.Cases(app, agent, q)
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		for _, r := range page.Items {
			out = append(out, r.Number)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			return out
		}
		if len(page.Items) == 0 || pages > 1000 {
			t.Fatalf("%+v: the pages don't end", q)
		}
	}
}

func TestQueues(t *testing.T) {
	app := desktest.New(t)
	gold := app.Make(desk.Teams, desktest.Values{"name": "Gold"}).Id
	agent, other, boss := app.Agent(desk.RoleAgent, ""), app.Agent(desk.RoleAgent, gold), app.Agent(desk.RoleSupervisor, "")
	at := func(hours int) any { return desk.Date(app.Clock.Now().Add(time.Duration(hours) * time.Hour)) }

	late := open(app, desktest.Values{"due_at": at(9), "status": desk.Unread})
	mineLate := open(app, desktest.Values{"due_at": at(8), "assignee": agent.Id})
	soon := open(app, desktest.Values{"due_at": at(1)})
	mineSoon := open(app, desktest.Values{"due_at": at(2), "assignee": agent.Id})
	app.Clock.Advance(time.Minute)
	pending := open(app, desktest.Values{"status": desk.Pending, "follow_up_at": at(5)})
	app.Clock.Advance(time.Minute)
	held := open(app, desktest.Values{"status": desk.OnHold, "follow_up_at": at(-1), "assignee": agent.Id})
	app.Clock.Advance(time.Minute)
	solved := open(app, desktest.Values{"status": desk.Resolved, "resolved_at": at(-2)})
	app.Clock.Advance(time.Minute)
	closed := open(app, desktest.Values{"status": desk.Closed, "resolved_at": at(-1)})
	app.Clock.Advance(time.Minute)
	golden := open(app, desktest.Values{"due_at": at(3), "team": gold})

	for name, want := range map[string][]int{
		"open": {soon, mineSoon, mineLate, late}, "mine": {mineSoon, mineLate}, "unassigned": {soon, late},
		"waiting": {pending, held}, "follow_up": {held, pending}, "done": {closed, solved},
		"all": {closed, solved, held, pending},
	} {
		got := numbers(t, app, agent, inbox.Query{Queue: name, Limit: 2})
		if name == "all" {
			got = got[:4]
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	for _, a := range []*desk.Agent{other, boss, app.Agent(desk.RoleAdmin, "")} {
		if got := numbers(t, app, a, inbox.Query{Queue: "open"}); !slices.Equal(got, []int{soon, mineSoon, golden, mineLate, late}) {
			t.Errorf("%s of team %q sees %v", a.Role(), a.Team(), got)
		}
	}

	counts := tally(t, app, agent).Queues
	for name, want := range map[string]int{
		"open": 4, "mine": 2, "unassigned": 2, "waiting": 2, "follow_up": 2, "done": 2, "due_now": 1, "quarantine": 0, "outbox": 8,
	} {
		if counts[name] != (inbox.Count{Count: want}) {
			t.Errorf("count of %s: %+v, want %d", name, counts[name], want)
		}
	}
	app.Hold(nil)
	if counts = tally(t, app, boss).Queues; counts["open"].Count != 5 || counts["quarantine"].Count != 1 || counts["mine"].Count != 0 {
		t.Errorf("counts of a supervisor: %v", counts)
	}

	for _, q := range []inbox.Query{{Queue: "nope"}, {Cursor: "%%%"}, {Cursor: "e30"}, {Queue: "open", Cursor: "bm8"}} {
		if _, err := inbox.Cases(app, agent, q); !errors.Is(err, inbox.ErrQuery) {
			t.Errorf("%+v: %v", q, err)
		}
	}
}

// Thirty cases with equal dues, dates and states: every page goes on exactly
// where the one before ended.
func TestCursorWalksOnce(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	const n = 30
	for status, queues := range map[string][]string{
		desk.Open: {"open", "unassigned", "follow_up"}, desk.Pending: {"waiting"}, desk.Resolved: {"done", "all"},
	} {
		want := []int{}
		for range n {
			v := desktest.Values{"status": status, "due_at": desk.Date(app.Clock.Now()), "resolved_at": desk.Date(app.Clock.Now())}
			if status == desk.Open {
				v["follow_up_at"] = v["due_at"]
			}
			want = append(want, open(app, v))
		}
		for _, queue := range queues {
			for _, limit := range []int{1, 7, 30, 100} {
				got := numbers(t, app, agent, inbox.Query{Queue: queue, Status: status, Limit: limit})
				slices.Sort(got)
				if !slices.Equal(got, want) {
					t.Errorf("%s by %d: %d rows, want %d", queue, limit, len(got), n)
				}
			}
		}
	}
}

func TestFilters(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	a := open(app, desktest.Values{"category": "order", "priority": "high", "locale": "ja", "assignee": agent.Id})
	b := open(app, desktest.Values{"category": "order", "priority": "low", "locale": "en", "status": desk.Pending})
	c := open(app, desktest.Values{"category": "return", "priority": "low", "locale": "ja"})
	for name, one := range map[string]struct {
		q    inbox.Query
		want []int
	}{
		"none":             {inbox.Query{}, []int{a, b, c}},
		"category":         {inbox.Query{Category: "order"}, []int{a, b}},
		"priority":         {inbox.Query{Priority: "low"}, []int{b, c}},
		"locale":           {inbox.Query{Locale: "ja"}, []int{a, c}},
		"status":           {inbox.Query{Status: desk.Pending}, []int{b}},
		"assignee":         {inbox.Query{Assignee: agent.Id}, []int{a}},
		"nobody's":         {inbox.Query{Assignee: "none"}, []int{b, c}},
		"several":          {inbox.Query{Category: "order", Locale: "ja"}, []int{a}},
		"queue and filter": {inbox.Query{Queue: "open", Priority: "low"}, []int{c}},
		"injection":        {inbox.Query{Category: "' OR 1=1 --"}, []int{}},
	} {
		got := numbers(t, app, agent, one.q)
		slices.Sort(got)
		if !slices.Equal(got, one.want) {
			t.Errorf("%s: %v, want %v", name, got, one.want)
		}
	}
}

func TestRow(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(desktest.Values{"name": "王小明", "message": "first\nline", "category": "complaint"})
	app.Put(c.Record, desktest.Values{"tags": []string{"gold", "vip"}})
	app.Reply(c, agent, desktest.Values{"attachments": []any{app.File("a.txt", "1"), app.File("b.txt", "2")}})
	app.Put(app.All(desk.Messages, desktest.Values{"case": c.Id, "direction": "out"})[0], desktest.Values{"delivery": desk.DeliveryFailed})
	page, err := inbox.Cases(app, agent, inbox.Query{})
	if err != nil || len(page.Items) != 1 {
		t.Fatalf("%+v, %v", page, err)
	}
	r := page.Items[0]
	if r.ID != c.Id || r.Contact.Name != "王小明" || r.Snippet != "first line" || r.Channel != desk.ChannelForm || r.Files != 2 || !r.HasFailed ||
		r.Trust != desk.StateClaimed || !slices.Equal(r.Tags, []string{"gold", "vip"}) || r.Priority != "high" || r.Assignee != agent.Id {
		t.Errorf("row %+v", r)
	}
	if empty, err := inbox.Cases(app, agent, inbox.Query{Queue: "done"}); err != nil || empty.Items == nil || len(empty.Items) != 0 {
		t.Errorf("%+v, %v", empty, err)
	}
}

func TestQuarantinePages(t *testing.T) {
	app := desktest.New(t)
	want := map[string]bool{}
	for i := range 9 {
		if i%4 == 0 {
			app.Clock.Advance(time.Minute)
		}
		want[app.Hold(desktest.Values{"attachments": []any{app.File("label.txt", "one")}}).Feedback.Id] = true
	}
	app.Submit(nil)
	decided := app.Hold(nil)
	if err := app.Door.Confirm(app, decided.Feedback.Id, app.Agent(desk.RoleAgent, "")); err != nil {
		t.Fatal(err)
	}
	boss := app.Agent(desk.RoleSupervisor, "")
	last, seen := "", 0
	for cursor := ""; ; {
		page, err := inbox.Quarantine(app, inbox.HeldQuery{Agent: boss, Cursor: cursor, Limit: 2})
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range page.Items {
			if created := h.GetString("created"); last != "" && created > last {
				t.Errorf("%s after %s", created, last)
			} else {
				last = created
			}
			if !want[h.Feedback.Id] {
				t.Errorf("%s is there twice or doesn't wait", h.Feedback.Id)
			}
			delete(want, h.Feedback.Id)
			seen++
			raw, err := h.MarshalJSON()
			if err != nil || !strings.Contains(string(raw), `"title":"label.txt"`) {
				t.Errorf("the file is missing, %v", err)
			}
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if seen != 9 {
		t.Errorf("%d messages", seen)
	}
	if _, err := inbox.Quarantine(app, inbox.HeldQuery{Agent: boss, Cursor: "%%", Limit: 2}); !errors.Is(err, inbox.ErrQuery) {
		t.Errorf("a wrong cursor: %v", err)
	}
}

// Among what was blocked stands what had become a case, with its id, for those
// who may see that case.
func TestBlockedPages(t *testing.T) {
	app := desktest.New(t)
	teamA, teamB := app.Make(desk.Teams, desktest.Values{"name": "A"}).Id, app.Make(desk.Teams, desktest.Values{"name": "B"}).Id
	boss, mine, other := app.Agent(desk.RoleSupervisor, ""), app.Agent(desk.RoleAgent, teamA), app.Agent(desk.RoleAgent, teamB)
	held := app.Hold(nil).Feedback.Id
	if err := app.Door.Confirm(app, held, mine); err != nil {
		t.Fatal(err)
	}
	app.Clock.Advance(time.Minute)
	c := app.Case(desktest.Values{"email": "pest@junk.example"})
	app.Put(c.Record, desktest.Values{"team": teamA})
	if err := app.Door.MarkSpam(app, c.Id, mine); err != nil {
		t.Fatal(err)
	}
	for _, ask := range []struct {
		who  *desk.Agent
		want []string // feedback and case
	}{{boss, []string{c.Feedback(), c.Id, held, ""}}, {mine, []string{c.Feedback(), c.Id, held, ""}}, {other, []string{held, ""}}} {
		page, err := inbox.Quarantine(app, inbox.HeldQuery{Agent: ask.who, Blocked: true})
		var got []string
		for _, h := range page.Items {
			got = append(got, h.Feedback.Id, h.Case)
		}
		if err != nil || !slices.Equal(got, ask.want) {
			t.Errorf("%s of %q: %v, %v, want %v", ask.who.Role(), ask.who.Team(), got, err, ask.want)
		}
		if len(page.Items) > 0 {
			raw, err := page.Items[0].MarshalJSON()
			if err != nil || !strings.Contains(string(raw), `"case":"`+ask.want[1]+`"`) {
				t.Errorf("%s, %v", raw, err)
			}
		}
	}
}

func TestTroublePages(t *testing.T) {
	app := desktest.New(t)
	gold := app.Make(desk.Teams, desktest.Values{"name": "Gold"}).Id
	for i := range 6 {
		c := app.Case(desktest.Values{"email": fmt.Sprintf("v%d@example.com", i)})
		if i == 0 {
			app.Put(c.Record, desktest.Values{"team": gold})
		}
		app.Put(app.Delivery(c.Id, "ack").Record, desktest.Values{"status": []string{desk.Held, desk.Failed, desk.Unknown, desk.Sent, desk.Queued, desk.Sending}[i]})
	}
	walk := func(agent *desk.Agent) []string {
		var out []string
		for cursor := ""; ; {
			page, err := inbox.Trouble(app, agent, cursor, 1)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range page.Items {
				if s.CaseNumber == 0 || s.Subject == "" || s.Recipient == "" {
					t.Errorf("%+v", s)
				}
				out = append(out, s.Status)
			}
			if cursor = page.Next; cursor == "" {
				slices.Sort(out)
				return out
			}
		}
	}
	if got := walk(app.Agent(desk.RoleSupervisor, "")); !slices.Equal(got, []string{desk.Failed, desk.Held, desk.Unknown}) {
		t.Errorf("a supervisor sees %v", got)
	}
	if got := walk(app.Agent(desk.RoleAgent, "")); !slices.Equal(got, []string{desk.Failed, desk.Unknown}) {
		t.Errorf("an agent sees %v", got)
	}
}
