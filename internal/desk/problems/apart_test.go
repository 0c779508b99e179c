package problems_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/problems"
)

// Spam is no report: it is neither offered nor written to.
func TestSpamIsNoReport(t *testing.T) {
	s := newShop(t)
	problem := s.problem(desktest.Values{})
	var cases []*desk.Case
	for i := range 3 {
		c := s.reported("X", fmt.Sprintf("x%d@example.org", i), "en", "Buy cheap watches at watches dot example")
		s.Put(s.Find(desk.Cases, c.Id), desktest.Values{"tags": []string{desk.SpamTag}})
		cases = append(cases, c)
	}
	if groups, err := s.station.Suggest(s.boss, 2); err != nil || len(groups) > 0 {
		t.Errorf("%v %v", groups, err)
	}
	s.link(problem, cases...)
	if err := desk.Record(s, desk.Event{Case: cases[0].Id, Kind: "marked_spam"}); err != nil {
		t.Fatal(err)
	}
	preview, err := s.station.Preview(problems.Fixing{Problem: problem, Agent: s.boss})
	if err != nil || preview.People != 2 || len(preview.Skipped) != 1 || preview.Skipped[0].Why != "spam" {
		t.Errorf("%+v %v", preview, err)
	}
}

// What colleagues of other teams wrote, and what their visitors did, is shown to
// nobody else.
func TestTeamsStayApart(t *testing.T) {
	s := newShop(t)
	a, b := s.Make(desk.Teams, desktest.Values{"name": "A"}).Id, s.Make(desk.Teams, desktest.Values{"name": "B"}).Id
	s.Make(desk.Templates, desktest.Values{"key": "hours", "locale": "en", "kind": "reply", "subject": "Hours", "body": "We are open from 9 to 18.", "enabled": true})
	var last *desk.Case
	for i := range 4 {
		last = s.reported("Guest", fmt.Sprintf("t%d@example.org", i), "en", "When are you open?")
		s.Reply(last, s.boss, desktest.Values{"template": "hours", "body": "We are open from 9 to 18.\nCall Ms Wang on 0912."})
		s.Put(s.Find(desk.Cases, last.Id), desktest.Values{"team": a})
	}
	mine := s.reported("Guest", "t9@example.org", "en", "When are you open?")
	for team, want := range map[string]int{a: 1, b: 0} {
		agent := s.Agent(desk.RoleAgent, team)
		if list, err := s.station.EditedTemplates(agent, 30); err != nil || len(list) != want {
			t.Errorf("templates: %+v %v", list, err)
		}
		if groups, err := s.station.Suggest(agent, 2); err != nil || len(groups) != want {
			t.Errorf("groups: %+v %v", groups, err)
		}
		if near, err := s.station.NearTo(mine, agent); err != nil || len(near.Cases) != 4*want {
			t.Errorf("near: %+v %v", near, err)
		}
	}
}

// The week's news leave on Monday at nine by the shop's clock, once, also where
// the server slept; where there is nothing to tell, nobody is told.
func TestWeekly(t *testing.T) {
	s := newShop(t)
	s.Choose(desktest.Values{"timezone": "Asia/Taipei"})
	place, err := time.LoadLocation("Asia/Taipei")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour int) { s.Clock.Set(time.Date(2026, 11, day, hour, 0, 0, 0, place)) }
	weekly := func(want int) {
		t.Helper()
		if n, err := s.station.Weekly(); err != nil || n != want {
			t.Errorf("%v: told %d, want %d: %v", desk.Now(s).In(place), n, want, err)
		}
	}
	at(16, 9) // a Monday
	weekly(0)
	at(18, 10)
	for i, text := range []string{"Do you ship to Singapore and how long does it take?", "How long does it take to ship to Singapore?", "do you ship to singapore, how long does shipping take"} {
		s.Reply(s.reported("Guest", fmt.Sprintf("s%d@example.org", i), "en", text), s.boss, desktest.Values{"body": "Yes, in about five days."})
	}
	weekly(0)
	at(23, 8)
	weekly(0)
	at(24, 3) // it slept on Monday
	weekly(1)
	weekly(0)
	n := s.One(desk.Notices, desktest.Values{"kind": desk.NoticeQuestions})
	var data map[string]int
	if err := n.UnmarshalJSONField("data", &data); err != nil || n.GetString("agent") != s.boss.Id || data["questions"] != 1 || data["templates"] != 0 {
		t.Errorf("%v %v", data, err)
	}
	at(29, 12)
	weekly(0)
}
