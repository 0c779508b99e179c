package screening_test

import (
	"errors"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
	"github.com/pocketdesk/pocketdesk/internal/desk/screening"
)

const aDay = 24 * time.Hour

// week is the report of the last days, by date.
func week(t *testing.T, app *desktest.App, days int) (*screening.Report, map[string]desk.Counts) {
	t.Helper()
	app.Clock.Advance(time.Minute) // past what may be kept
	if err := screening.Refresh(app); err != nil {
		t.Fatal(err)
	}
	r, err := screening.Week(app, days)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]desk.Counts{}
	for _, d := range r.Days {
		if out[d.Day] = d.Counts; d.Counts == (desk.Counts{}) {
			delete(out, d.Day)
		}
	}
	return r, out
}

func wantDays(t *testing.T, what string, got, want map[string]desk.Counts) {
	t.Helper()
	for day := range want {
		if got[day] != want[day] {
			t.Errorf("%s: %s has %+v, want %+v", what, day, got[day], want[day])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: days %v, want %v", what, got, want)
	}
}

// block sends a message that a rule turns away.
func block(t *testing.T, app *desktest.App) string {
	t.Helper()
	if len(app.All(desk.BlockRules, desktest.Values{"value": "blocked-word"})) == 0 {
		app.Make(desk.BlockRules, desktest.Values{"kind": "keyword", "value": "blocked-word", "action": "block"})
	}
	r := app.Submit(desktest.Values{"message": "Please see my blocked-word offer for the teapot."})
	if r.Outcome != desk.Blocked {
		t.Fatalf("outcome %s, want blocked", r.Outcome)
	}
	return r.Feedback.Id
}

// Three days of a shop: what comes, what staff decide later, and what is left
// of the numbers when the messages are gone.
func TestWeek(t *testing.T) {
	app := desktest.New(t) // Monday, 16 November, 9 in the morning in Taipei
	agent := app.Agent(desk.RoleAgent, "")
	answered := app.Case(nil)
	app.Reply(answered, agent, nil)
	marked := app.Case(nil)
	released, confirmed := app.Hold(nil), app.Hold(nil)
	app.Hold(nil)
	wanted, turned := block(t, app), block(t, app)
	monday := desk.Counts{Accepted: 2, Held: 3, Blocked: 2}
	r, got := week(t, app, 7)
	wantDays(t, "monday", got, map[string]desk.Counts{"2026-11-16": monday})
	if len(r.Days) != 7 || r.Days[0].Day != "2026-11-10" || r.Days[6].Day != "2026-11-16" || r.Waiting != 3 || r.Zone != "Asia/Taipei" ||
		r.Thresholds != (desk.Thresholds{Quarantine: 5, Block: 20}) {
		t.Errorf("report: %+v", r)
	}

	app.Clock.Advance(aDay)
	app.Case(nil)
	if _, err := app.Door.Release(app, released.Feedback.Id, agent); err != nil {
		t.Fatal(err)
	}
	if err := app.Door.Confirm(app, confirmed.Feedback.Id, agent); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Door.Release(app, wanted, agent); err != nil {
		t.Fatal(err)
	}
	if err := app.Door.MarkSpam(app, marked.Id, agent); err != nil {
		t.Fatal(err)
	}
	monday.Released, monday.Confirmed, monday.Marked = 2, 1, 1
	tuesday := desk.Counts{Accepted: 1}
	r, got = week(t, app, 7)
	wantDays(t, "tuesday", got, map[string]desk.Counts{"2026-11-16": monday, "2026-11-17": tuesday})
	if r.Waiting != 1 || len(r.Signals) == 0 {
		t.Errorf("waiting %d, signals %v", r.Waiting, r.Signals)
	}
	for _, s := range r.Signals {
		if s.Name == "rule" && s != (screening.Signal{Name: "rule", Count: 5, Held: 3, Blocked: 2, Released: 2, Confirmed: 1}) {
			t.Errorf("signal: %+v", s)
		}
	}

	app.Clock.Advance(aDay)
	if err := app.Door.UnmarkSpam(app, marked.Id, agent); err != nil {
		t.Fatal(err)
	}
	monday.Marked = 0
	want := map[string]desk.Counts{"2026-11-16": monday, "2026-11-17": tuesday}
	_, got = week(t, app, 7)
	wantDays(t, "taken back", got, want)

	// a month later retention removes what was not wanted; one decision came just before
	app.Clock.Advance(40 * aDay)
	if _, err := app.Door.Release(app, turned, agent); err != nil {
		t.Fatal(err)
	}
	monday.Released++
	want["2026-11-16"] = monday
	if err := privacy.Sweep(app); err != nil {
		t.Fatal(err)
	}
	if n := len(app.All(desk.Verdicts, nil)); n != 6 {
		t.Fatalf("%d verdicts are left, want 6", n)
	}
	_, got = week(t, app, 60)
	wantDays(t, "after retention", got, want)

	// what is erased was counted all the same, and a later change counts on top
	if _, err := privacy.Erase(app, "anna@example.com"); err != nil {
		t.Fatal(err)
	}
	if n := len(app.All(desk.Verdicts, nil)); n != 0 {
		t.Fatalf("%d verdicts are left", n)
	}
	_, got = week(t, app, 60)
	wantDays(t, "after erasing", got, want)
	if err := screening.Settle(app); err != nil {
		t.Fatal(err)
	}
	_, got = week(t, app, 60)
	wantDays(t, "after a night", got, want)
}

// A day is the shop's: a millisecond tells two days apart, the day on which
// clocks go back has 25 hours, and a move to another zone counts all anew.
func TestZones(t *testing.T) {
	app := desktest.New(t)
	at := func(s string) {
		t.Helper()
		when, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		app.Clock.Set(when)
		app.Submit(nil)
	}
	at("2026-10-20T15:59:59.999Z")
	at("2026-10-20T16:00:00Z")
	_, got := week(t, app, 7)
	wantDays(t, "Taipei", got, map[string]desk.Counts{"2026-10-20": {Accepted: 1}, "2026-10-21": {Accepted: 1}})

	app.Choose(desktest.Values{"timezone": "America/New_York"})
	_, got = week(t, app, 7)
	wantDays(t, "New York", got, map[string]desk.Counts{"2026-10-20": {Accepted: 2}})

	for begin := time.Date(2026, 11, 1, 3, 30, 0, 0, time.UTC); begin.Before(time.Date(2026, 11, 2, 7, 0, 0, 0, time.UTC)); begin = begin.Add(time.Hour) {
		at(begin.Format(time.RFC3339))
	}
	_, got = week(t, app, 14)
	wantDays(t, "clocks go back", got, map[string]desk.Counts{
		"2026-10-20": {Accepted: 2}, "2026-10-31": {Accepted: 1}, "2026-11-01": {Accepted: 25}, "2026-11-02": {Accepted: 2},
	})
	if n := len(app.All(desk.ScreeningDays, desktest.Values{"zone": "America/New_York"})); n != 5 {
		t.Errorf("%d records, want 5: the four days, and the one that is empty now", n)
	}
}

// What is looked at again at the same moment is not counted again, and a day that
// did not change never is.
func TestRefresh(t *testing.T) {
	app := desktest.New(t)
	app.Submit(nil)
	week(t, app, 7)
	week(t, app, 7) // the last minute is looked at twice
	app.Submit(nil)
	if err := screening.Refresh(app); err != nil { // at the same moment
		t.Fatal(err)
	}
	r, err := screening.Week(app, 7)
	if err != nil || r.Days[6].Accepted != 1 {
		t.Errorf("counted anew at once: %+v, %v", r, err)
	}
	_, got := week(t, app, 7)
	wantDays(t, "a minute later", got, map[string]desk.Counts{"2026-11-16": {Accepted: 2}})
	week(t, app, 7)
	first := app.One(desk.ScreeningDays, nil)
	app.Clock.Advance(10 * aDay)
	app.Submit(nil)
	_, got = week(t, app, 14)
	wantDays(t, "two days", got, map[string]desk.Counts{"2026-11-16": {Accepted: 2}, "2026-11-26": {Accepted: 1}})
	again := app.Find(desk.ScreeningDays, first.Id)
	if !again.GetDateTime("updated").Equal(first.GetDateTime("updated")) {
		t.Error("a day that did not change was counted again")
	}
	marks := 0
	for _, r := range app.All(desk.ScreeningDays, nil) {
		if !r.GetDateTime("through").IsZero() {
			marks++
			if !r.GetDateTime("through").Time().After(first.GetDateTime("through").Time()) {
				t.Error("nothing says that all is up to date")
			}
		}
	}
	if marks != 1 {
		t.Errorf("%d records say how far all is counted, want one", marks)
	}
	for _, days := range []int{-1, 0, 91} {
		if _, err := screening.Week(app, days); !errors.Is(err, screening.ErrDays) {
			t.Errorf("%d days: %v", days, err)
		}
	}
}

// A clock that went wrong and was set right leaves nothing uncounted.
func TestClockSetBack(t *testing.T) {
	app := desktest.New(t)
	right := app.Clock.Now()
	app.Clock.Set(right.AddDate(1, 0, 0))
	app.Submit(nil)
	week(t, app, 7)
	app.Clock.Set(right)
	app.Submit(nil)
	_, got := week(t, app, 7)
	wantDays(t, "a year back", got, map[string]desk.Counts{"2026-11-16": {Accepted: 1}})
}

// An answer changes the case alone; the night's count sees it.
func TestSettle(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	week(t, app, 7)
	app.Clock.Advance(aDay)
	app.Reply(c, app.Agent(desk.RoleAgent, ""), nil)
	answered := func() (n int) {
		for _, b := range desk.AsScreeningDay(app.One(desk.ScreeningDays, desktest.Values{"day": "2026-11-16"})).Tally().Scores.Bins {
			n += b.Answered
		}
		return n
	}
	if n := answered(); n != 0 {
		t.Fatalf("%d answered before the night", n)
	}
	if err := screening.Settle(app); err != nil {
		t.Fatal(err)
	}
	if n := answered(); n != 1 {
		t.Errorf("%d answered, want 1", n)
	}
}

// A message that waited for its sender alone was accepted once he confirmed; the
// thresholds had no say while it waited, nor in what a rule for a country holds.
func TestHeldForOtherReasons(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "").Id
	for _, c := range []struct {
		outcome, by string
		decided     bool
		signal      string
		want        desk.Counts
		fixed       bool
	}{
		{desk.Quarantined, "", false, "unconfirmed", desk.Counts{Held: 1}, true},
		{desk.Accepted, "", true, "unconfirmed", desk.Counts{Accepted: 1}, false},
		{desk.Accepted, agent, true, "unconfirmed", desk.Counts{Held: 1, Released: 1}, true},
		{desk.Blocked, agent, true, "unconfirmed", desk.Counts{Held: 1, Confirmed: 1}, true},
		{desk.Quarantined, "", false, "country", desk.Counts{Held: 1}, true},
		{desk.Quarantined, "", false, "text", desk.Counts{Held: 1}, false},
	} {
		f := app.Put(app.Feedback(nil).Record, desktest.Values{"receipt": desk.NewReceipt()})
		v := desktest.Values{"feedback": f.Id, "outcome": c.outcome, "score": 1, "decided_by": c.by, "signals": []map[string]any{{"name": c.signal}}}
		if c.decided {
			v["decided_at"] = desk.Date(app.Clock.Now())
		}
		app.Make(desk.Verdicts, v)
		app.Make(desk.Events, desktest.Values{"feedback": f.Id, "kind": desk.Quarantined})
		rows, err := desk.ScreenedOf(app, []string{f.Id})
		if err != nil || len(rows) != 1 {
			t.Fatalf("%v, %v", rows, err)
		}
		var got desk.Tally
		if got.Count(rows[0]); got.Counts != c.want || rows[0].Fixed != c.fixed {
			t.Errorf("%+v: %s, fixed %v", c, got, rows[0].Fixed)
		}
	}
}
