package screening_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
	"github.com/pocketdesk/pocketdesk/internal/desk/screening"
)

// sent is a message as the slow recount remembers it.
type sent struct {
	at       time.Time
	score    float64
	first    string // by screening
	now      string
	answered bool
	fixed    bool
	pitch    bool
}

// past fills an app with messages of the last days, of any score and fate.
func past(t *testing.T, app *desktest.App, n, days int) []sent {
	t.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	agent := app.Agent(desk.RoleAgent, "")
	end := app.Clock.Now()
	app.Clock.Set(end.Add(-time.Duration(days) * aDay))
	var out []sent
	for i := range n {
		app.Clock.Advance(time.Duration(days) * aDay / time.Duration(n+1))
		s := sent{at: app.Clock.Now(), score: math.Round(r.Float64()*3000-400) / 100, fixed: i%9 == 0, pitch: i%7 == 3}
		switch {
		case s.score >= 20:
			s.first = desk.Blocked
		case s.score >= 5:
			s.first = desk.Quarantined
		default:
			s.first = desk.Accepted
		}
		if s.now = s.first; r.IntN(3) == 0 {
			s.now = map[string]string{desk.Accepted: desk.Blocked, desk.Blocked: desk.Accepted}[s.first]
			if s.first == desk.Quarantined {
				s.now = []string{desk.Accepted, desk.Blocked}[r.IntN(2)]
			}
		}
		s.answered = s.now == desk.Accepted && r.IntN(2) == 0
		save(app, s, agent.Id, i)
		out = append(out, s)
	}
	app.Clock.Set(end)
	return out
}

// save stores a message with its verdict and what belongs to it.
func save(app *desktest.App, s sent, agent string, i int) {
	f := app.Put(app.Feedback(desktest.Values{"subject": fmt.Sprintf("Message %d", i)}).Record, desktest.Values{"receipt": desk.NewReceipt()})
	signals := []map[string]any{{"name": "links", "weight": s.score}}
	if s.fixed {
		signals = append(signals, map[string]any{"name": "rule", "weight": 0})
	}
	v := desktest.Values{"feedback": f.Id, "outcome": s.now, "score": s.score, "signals": signals, "pitch": s.pitch}
	if s.now != s.first {
		v["decided_at"], v["decided_by"] = desk.Date(s.at), agent
	}
	app.Make(desk.Verdicts, v)
	if s.first != desk.Accepted {
		app.Make(desk.Events, desktest.Values{"feedback": f.Id, "kind": s.first})
	}
	if s.now == desk.Accepted || s.first == desk.Accepted {
		c := desktest.Values{"feedback": f.Id, "number": 1000 + i, "status": desk.Open}
		if s.answered {
			c["first_responded_at"] = desk.Date(s.at)
		}
		app.Make(desk.Cases, c)
	}
}

// recount is the replay, message by message; pitches tells whether thresholds
// decide on them.
func recount(all []sent, since time.Time, sides [2]desk.Thresholds, pitches bool) (r screening.Replay) {
	outcome := func(score float64, th desk.Thresholds) string {
		switch {
		case score >= th.Block:
			return desk.Blocked
		case score >= th.Quarantine:
			return desk.Quarantined
		}
		return desk.Accepted
	}
	side := func(s *screening.Side, outcome string) {
		switch outcome {
		case desk.Accepted:
			s.Accepted++
		case desk.Quarantined:
			s.Held++
		case desk.Blocked:
			s.Blocked++
		}
	}
	for _, m := range all {
		if m.at.Before(since) {
			continue
		}
		from, to := outcome(m.score, sides[0]), outcome(m.score, sides[1])
		if m.pitch && from == desk.Blocked { // no score blocks a pitch
			from = desk.Quarantined
		}
		if m.pitch && to == desk.Blocked {
			to = desk.Quarantined
		}
		if m.fixed || m.pitch && !pitches {
			r.Fixed++
			from, to = m.first, m.first
		}
		side(&r.Now, from)
		side(&r.Then, to)
		change := map[[2]string]*screening.Change{
			{desk.Accepted, desk.Quarantined}: &r.Changes.Hold, {desk.Accepted, desk.Blocked}: &r.Changes.Block,
			{desk.Quarantined, desk.Accepted}: &r.Changes.Accept, {desk.Quarantined, desk.Blocked}: &r.Changes.Block,
			{desk.Blocked, desk.Accepted}: &r.Changes.Accept, {desk.Blocked, desk.Quarantined}: &r.Changes.Unblock,
		}[[2]string{from, to}]
		if change == nil {
			continue
		}
		change.Count++
		switch {
		case m.first != desk.Accepted && m.now == desk.Accepted:
			change.Released++
		case m.first != m.now:
			change.Confirmed++
		case m.answered:
			change.Answered++
		}
	}
	return r
}

func TestTry(t *testing.T) {
	app := desktest.New(t)
	all := past(t, app, 400, 100)
	loc, err := time.LoadLocation("Asia/Taipei")
	if err != nil {
		t.Fatal(err)
	}
	now := desk.Thresholds{Quarantine: 5, Block: 20}
	normal := false
	ask := func(q screening.Question) string {
		t.Helper()
		r := try(t, app, q)
		y, m, d := app.Clock.Now().In(loc).Date()
		want := recount(all, time.Date(y, m, d-q.Days+1, 0, 0, 0, 0, loc), [2]desk.Thresholds{now, q.Thresholds}, normal)
		want.From, want.Days, want.Resolution, want.Examples = r.From, r.Days, 0.5, r.Examples
		want.Now.Thresholds, want.Then.Thresholds = now, q.Thresholds
		got, slow := text(t, r), text(t, want)
		if got != slow {
			t.Errorf("%+v:\n%s, want\n%s", q.Thresholds, got, slow)
		}
		checkExamples(t, app, r)
		return got
	}
	questions := []screening.Question{
		{Thresholds: now, Days: 90},
		{Thresholds: desk.Thresholds{Quarantine: 3, Block: 20}, Days: 90},
		{Thresholds: desk.Thresholds{Quarantine: 8.5, Block: 20}, Days: 90},
		{Thresholds: desk.Thresholds{Quarantine: 5, Block: 10}, Days: 30},
		{Thresholds: desk.Thresholds{Quarantine: 0.5, Block: 1}, Days: 90},
		{Thresholds: desk.Thresholds{Quarantine: 21, Block: 24}, Days: 7},
		{Thresholds: desk.Thresholds{Quarantine: 1, Block: 40.5}, Days: 90},
	}
	before := map[int]string{}
	for i, q := range questions {
		before[i] = ask(q)
	}
	// the shop's choice for pitches holds at once, also for what was counted before
	choose := func(pitch string) {
		app.Choose(desktest.Values{"screening": map[string]any{"pitch": pitch}})
		normal = pitch == desk.PitchNormal
	}
	choose(desk.PitchNormal)
	if ask(questions[1]) == before[1] {
		t.Error("pitches are fixed though their score decides")
	}
	for _, q := range questions {
		ask(q)
	}
	choose(desk.PitchQuarantine)
	for i, q := range questions {
		if ask(q) != before[i] {
			t.Errorf("%+v: another answer for pitches that are held", q.Thresholds)
		}
	}
	// the messages go, the answers stay
	app.Clock.Advance(time.Minute)
	if err := privacy.Sweep(app); err != nil {
		t.Fatal(err)
	}
	if n := len(app.All(desk.Verdicts, nil)); n == 0 || n > 350 {
		t.Fatalf("%d messages are left", n)
	}
	for i, q := range questions {
		if ask(q) != before[i] {
			t.Errorf("%+v: another answer after retention", q.Thresholds)
		}
	}
	choose(desk.PitchNormal)
	ask(questions[1])
}

// try is the replay of what has come so far.
func try(t *testing.T, app *desktest.App, q screening.Question) *screening.Replay {
	t.Helper()
	if err := screening.Refresh(app); err != nil {
		t.Fatal(err)
	}
	r, err := screening.Try(app, q)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// text is a replay without its examples.
func text(t *testing.T, r any) string {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatal(err)
	}
	delete(m, "examples")
	b, _ = json.Marshal(m)
	return string(b)
}

// checkExamples holds examples against what they are examples of.
func checkExamples(t *testing.T, app *desktest.App, r *screening.Replay) {
	t.Helper()
	c := r.Changes
	if n := c.Hold.Count + c.Accept.Count + c.Block.Count + c.Unblock.Count; len(r.Examples) > min(n, 20) || (n > 0) != (len(r.Examples) > 0) {
		t.Errorf("%d examples of %d changes", len(r.Examples), n)
	}
	for _, e := range r.Examples {
		v := app.One(desk.Verdicts, desktest.Values{"feedback": e.Feedback})
		if e.From == e.To || e.Score != v.GetFloat("score") || e.Name != "Anna Berg" || e.Subject == "" || e.Staff == "" {
			t.Errorf("example: %+v", e)
		}
	}
}

func TestTryRefuses(t *testing.T) {
	app := desktest.New(t)
	good := desk.Thresholds{Quarantine: 5, Block: 20}
	for _, c := range []struct {
		q    screening.Question
		want error
	}{
		{screening.Question{Thresholds: good, Days: 0}, screening.ErrDays},
		{screening.Question{Thresholds: good, Days: 91}, screening.ErrDays},
		{screening.Question{Thresholds: desk.Thresholds{Quarantine: 0, Block: 20}, Days: 1}, screening.ErrThresholds},
		{screening.Question{Thresholds: desk.Thresholds{Quarantine: 20, Block: 5}, Days: 1}, screening.ErrThresholds},
		{screening.Question{Thresholds: desk.Thresholds{Quarantine: 5, Block: 5.4}, Days: 1}, screening.ErrThresholds},
		{screening.Question{Thresholds: desk.Thresholds{Quarantine: math.NaN(), Block: 20}, Days: 1}, screening.ErrThresholds},
		{screening.Question{Thresholds: desk.Thresholds{Quarantine: 5, Block: math.NaN()}, Days: 1}, screening.ErrThresholds},
		{screening.Question{Thresholds: desk.Thresholds{Quarantine: 5, Block: math.Inf(1)}, Days: 1}, screening.ErrThresholds},
		{screening.Question{Thresholds: desk.Thresholds{Quarantine: math.Inf(-1), Block: 20}, Days: 1}, screening.ErrThresholds},
	} {
		if _, err := screening.Try(app, c.q); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v, want %v", c.q, err, c.want)
		}
	}
	r, err := screening.Try(app, screening.Question{Thresholds: good, Days: 90})
	if err != nil || r.Now != r.Then || r.Changes != (screening.Changes{}) || len(r.Examples) != 0 {
		t.Errorf("an empty shop: %+v, %v", r, err)
	}
}

// An agent is shown no message of another team's case.
func TestExamplesOfTeam(t *testing.T) {
	app := desktest.New(t)
	gold := app.Make(desk.Teams, desktest.Values{"name": "Gold"}).Id
	for i := range 6 {
		c := app.Case(desktest.Values{"subject": fmt.Sprintf("Case %d", i)})
		app.Put(app.One(desk.Verdicts, desktest.Values{"feedback": c.Feedback()}), desktest.Values{"score": 4.25, "signals": []any{}})
		if i < 3 {
			app.Put(c.Record, desktest.Values{"team": gold})
		}
	}
	for team, want := range map[string]int{"": 3, gold: 6} {
		agent := app.Agent(desk.RoleAgent, team)
		app.Clock.Advance(time.Minute)
		r := try(t, app, screening.Question{Thresholds: desk.Thresholds{Quarantine: 4, Block: 20}, Days: 7, Sees: agent.Sees})
		if r.Changes.Hold.Count != 6 || len(r.Examples) != want {
			t.Errorf("team %q: %d examples of %+v", team, len(r.Examples), r)
		}
	}
}
