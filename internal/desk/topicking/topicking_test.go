package topicking_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/topicking"
	"github.com/pocketdesk/pocketdesk/internal/topics"
)

// shop is an app whose cases get their category by the model. The worker runs,
// and its waits end when the test says so.
type shop struct {
	*desktest.App
	t      *testing.T
	agent  *desk.Agent
	topics *topicking.Station
	waits  chan chan time.Time
	learns chan []topics.Lesson
	fault  error
	real   bool // else what is learned changes nothing
	n      int
}

// Learn stands before the shipped model and tells what it is taught.
func (s *shop) Learn(ctx context.Context, lessons []topics.Lesson) (*topics.Model, topics.Report, error) {
	m, report, err := topics.Base(), topics.Report{Lessons: len(lessons)}, error(nil)
	if s.real {
		m, report, err = m.Learn(ctx, lessons)
	}
	if s.fault != nil {
		m, err = nil, s.fault
	}
	s.learns <- lessons
	return m, report, err
}

func setup(t *testing.T) *shop {
	s := &shop{App: desktest.New(t), t: t, learns: make(chan []topics.Lesson, 20)}
	s.agent = s.Agent(desk.RoleAdmin, "")
	s.open()
	return s
}

// open starts the station, as the server does.
func (s *shop) open() {
	s.waits = make(chan chan time.Time, 20)
	s.topics = topicking.New(s.App, topicking.Config{Commit: s.Commit, Learner: s, After: func(time.Duration) <-chan time.Time {
		c := make(chan time.Time, 1)
		s.waits <- c
		return c
	}})
	s.Work.Topic = s.topics.Suggest
	s.topics.Start()
	s.t.Cleanup(s.topics.Stop)
}

// learned ends the wait for more corrections and gives what was learned from.
func (s *shop) learned() []topics.Lesson {
	(<-s.waits) <- s.Clock.Now()
	out := <-s.learns
	if err := s.topics.Retrain(canceled()); !errors.Is(err, context.Canceled) && err != nil { // waits for the round under way
		s.t.Fatal(err)
	}
	return out
}

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func (s *shop) wrote(message string, v desktest.Values) *desk.Case {
	s.n++
	values := desktest.Values{"email": fmt.Sprintf("v%d@example.com", s.n), "subject": "", "category": "", "message": message}
	for k, x := range v {
		values[k] = x
	}
	return s.Case(values)
}

func (s *shop) says(c *desk.Case, category string) {
	s.t.Helper()
	err := s.Commit.Do(func(tx core.App) error {
		before, err := desk.FindCase(tx, c.Id)
		if err != nil {
			return err
		}
		after, err := desk.FindCase(tx, c.Id)
		if err != nil {
			return err
		}
		after.Set("category", category)
		events, err := s.Work.Change(tx, before, after, s.agent, 0)
		if err != nil {
			return err
		}
		return errors.Join(desk.Save(tx, after.Record), desk.Record(tx, events...))
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) lessons() []*core.Record { return s.All(desk.TopicLessons, nil) }

const late = "Where is my order? The tracking number says it was shipped ten days ago."

func TestSuggests(t *testing.T) {
	s := setup(t)
	s.Make(desk.Keywords, desktest.Values{"words": []string{"zauberwort"}, "effect": "category", "value": "complaint", "enabled": true})
	for name, c := range map[string]struct {
		v            desktest.Values
		settings     map[string]any
		category, by string
	}{
		"sure":        {nil, nil, "order", "model"},
		"visitor":     {desktest.Values{"category": "product"}, nil, "product", "visitor"},
		"keyword":     {desktest.Values{"message": late + " zauberwort"}, nil, "complaint", "keyword"},
		"unsure":      {desktest.Values{"message": "hm, well, so it is"}, map[string]any{"sure": .95}, "", ""},
		"off":         {nil, map[string]any{"off": true}, "", ""},
		"no letters":  {desktest.Values{"message": "1234 !!"}, nil, "", ""},
		"very strict": {desktest.Values{"message": "the blue one, is it good"}, map[string]any{"sure": .99}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s.Choose(desktest.Values{"topics": c.settings})
			desk.Forget(s.App, desk.SettingsID)
			one := s.wrote(late, c.v)
			r := one.Reasons()["category"]
			if one.Category() != c.category || r.By != c.by {
				t.Fatalf("%q by %q, want %q by %q", one.Category(), r.By, c.category, c.by)
			}
			if c.by == "model" && (!strings.HasSuffix(r.Why, "%") || fmt.Sprint(s.Event(one.Id, "opened")["category"]) != c.category) {
				t.Errorf("reason %+v, event %v", r, s.Event(one.Id, "opened"))
			}
		})
	}
}

// A category that the shop doesn't use is not suggested.
func TestDisabledCategory(t *testing.T) {
	s := setup(t)
	s.Put(s.Find(desk.Categories, "order"), desktest.Values{"enabled": false})
	desk.Forget(s.App, desk.Categories)
	if c := s.wrote(late, nil); c.Category() != "" {
		t.Errorf("category %s", c.Category())
	}
}

// What staff choose, and what they let stand when they answer, is learned, and
// taken back with the choice.
func TestLearns(t *testing.T) {
	s := setup(t)
	s.real = true
	pitch := func(i int) *desk.Case {
		return s.wrote(fmt.Sprintf("The zorble of my kiln, number %d, wobbles. Would the workshop look at it?", i), nil)
	}
	was, _, err := s.topics.Suggest(s.App, "", "The zorble of the kiln wobbles again.")
	if err != nil || was == "cooperation" {
		t.Fatalf("%q, %v: nothing to learn", was, err)
	}
	var cases []*desk.Case
	for i := range 10 {
		cases = append(cases, pitch(i))
		s.says(cases[i], "cooperation")
	}
	lessons := s.learned()
	for len(lessons) < 10 { // the trail is read while it is written
		lessons = s.learned()
	}
	for _, l := range lessons {
		if l.Category != "cooperation" || l.Agreed || len(l.Features) == 0 {
			t.Errorf("%+v", l)
		}
	}
	if got, p, err := s.topics.Suggest(s.App, "", "The zorble of the kiln wobbles again. Would the workshop look?"); err != nil || got != "cooperation" {
		t.Errorf("%q %v, %v", got, p, err)
	}
	if len(s.All(desk.Events, desktest.Values{"kind": "topics_learned"})) == 0 {
		t.Error("nothing is noted")
	}
	for _, r := range s.lessons() {
		if strings.Contains(r.GetString("features"), "zorble") {
			t.Error("a lesson holds words")
		}
	}

	agreed := s.wrote(late, nil)
	s.Reply(agreed, s.agent, nil)
	if lessons = s.learned(); len(lessons) != 11 || !slices.ContainsFunc(lessons, func(l topics.Lesson) bool { return l.Agreed && l.Category == "order" }) {
		t.Errorf("%d lessons after an answer", len(lessons))
	}
	visitors := s.wrote("Hello there, a word about things", desktest.Values{"category": "product"})
	s.Reply(visitors, s.agent, nil)
	s.says(cases[0], "")
	if lessons = s.learned(); len(lessons) != 10 {
		t.Errorf("%d lessons after one was taken back", len(lessons))
	}

	st, err := s.topics.State()
	if err != nil || st.Lessons != 10 || st.Trained == nil || st.ID == st.Base || st.Report.Lessons != 10 || st.Refused != "" {
		t.Errorf("%+v, %v", st, err)
	}
	n := 0
	for _, c := range st.Confusion {
		n += c.Count
	}
	if n != 10 || st.Counts.Cases != 12 || st.Counts.Staff != 9 || st.Counts.Visitor != 1 {
		t.Errorf("%d in the confusion, counts %+v", n, st.Counts)
	}

	// the next process learns again what was taught
	s.topics.Stop()
	s.open()
	if got := s.learned(); len(got) != 10 {
		t.Errorf("%d lessons after a restart", len(got))
	}

	// erased: what was learned from it goes
	for _, c := range cases {
		if err := s.Delete(s.Find(desk.Cases, c.Id)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(s.lessons()); n != 1 {
		t.Errorf("%d lessons outlive their cases", n)
	}
}

// A model that is worse or can't be made doesn't judge.
func TestRefused(t *testing.T) {
	for fault, code := range map[error]string{fmt.Errorf("%w: 9 of 10", topics.ErrWorse): "worse", errors.New("no memory"): "failed"} {
		s := setup(t)
		s.fault = fault
		s.says(s.wrote("Something about a thing.", nil), "media")
		s.learned()
		st, err := s.topics.State()
		if err != nil || st.Refused != code || st.ID != st.Base || st.Trained != nil {
			t.Errorf("%v: %+v, %v", fault, st, err)
		}
		if len(s.All(desk.Events, desktest.Values{"kind": "topics_refused"})) == 0 {
			t.Error("nothing is noted")
		}
	}
}

// The process ended between a decision and its lesson: the next one makes up for it.
func TestMakesUp(t *testing.T) {
	s := setup(t)
	c := s.wrote("Something about a thing.", nil)
	s.topics.Stop()
	s.says(c, "bulk")
	if len(s.lessons()) != 0 {
		t.Fatal("a lesson without the station")
	}
	s.open()
	if got := s.learned(); len(got) != 1 || got[0].Category != "bulk" {
		t.Errorf("%+v", got)
	}
}

// Features of another version are made anew from the message.
func TestOtherVersion(t *testing.T) {
	s := setup(t)
	s.says(s.wrote(late, nil), "return")
	s.learned()
	s.Put(s.lessons()[0], desktest.Values{"features": map[string]any{"v": "00000000:AQE"}})
	s.topics.Kick()
	if got := s.learned(); len(got) != 1 || !slices.Equal(got[0].Features, topics.Features("\n"+late)) {
		t.Errorf("%d lessons", len(got))
	}
}

func TestTry(t *testing.T) {
	s := setup(t)
	got, err := s.topics.Try(late)
	if err != nil || got.Category != "order" || got.Said != "order" || got.P < .6 || got.Base != "order" || len(got.All) != len(topics.Categories()) {
		t.Errorf("%+v, %v", got, err)
	}
	if len(s.All(desk.Cases, nil)) != 0 {
		t.Error("a case was opened")
	}
}

// A server may be stopped while it starts.
func TestStopAtOnce(t *testing.T) {
	s := setup(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(s.topics.Start)
		wg.Go(s.topics.Stop)
	}
	wg.Wait()
	s.topics.Stop()
}
