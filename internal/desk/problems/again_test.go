package problems_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/problems"
)

// Who got which code is known also after somebody wrote the list down anew.
func TestCodesAreGivenOnce(t *testing.T) {
	s := newShop(t)
	one := s.reported("Ann", "ann@example.org", "en", "blank page")
	problem := s.problem(desktest.Values{"reward": map[string]any{"codes": []string{"A1", "B2"}}})
	s.link(problem, one)
	s.fix(problem)
	s.tell()
	r := s.Find(desk.Problems, problem)
	r.Set("reward", map[string]any{"codes": []string{"C3", "A1"}, "given": map[string]string{"nobody": "C3"}})
	problems.KeepGiven(s.Find(desk.Problems, problem), r)
	if err := desk.Save(s, r); err != nil {
		t.Fatal(err)
	}
	two, three := s.reported("Bob", "bob@example.org", "en", "blank page"), s.reported("Cy", "cy@example.org", "en", "blank page")
	s.link(problem, two, three)
	preview, err := s.station.Preview(problems.Fixing{Problem: problem, Agent: s.boss})
	if err != nil || preview.Codes != 1 || preview.People != 1 {
		t.Errorf("%+v %v", preview, err)
	}
	s.fix(problem)
	s.tell()
	got := s.letters()
	if !strings.Contains(got[one.Id], "A1") || !strings.Contains(got[three.Id], "C3") || got[two.Id] != "" {
		t.Errorf("%v", got)
	}
}

func (s *shop) fix(problem string) {
	s.t.Helper()
	if err := s.station.Fix(problems.Fixing{Problem: problem, Agent: s.boss}); err != nil {
		s.t.Fatal(err)
	}
}

// One mailbox gets one letter, however its address was spelled, and in a later
// round too.
func TestOneLetterEachMailbox(t *testing.T) {
	s := newShop(t)
	problem := s.problem(desktest.Values{})
	s.link(problem, s.reported("Ann", "ann.lee@gmail.com", "en", "blank page"), s.reported("Ann", "annlee@gmail.com", "en", "blank page again"))
	preview, err := s.station.Preview(problems.Fixing{Problem: problem, Agent: s.boss})
	if err != nil || preview.People != 1 {
		t.Errorf("%+v %v", preview, err)
	}
	s.fix(problem)
	s.tell()
	s.link(problem, s.reported("A. Lee", "annlee+shop@gmail.com", "en", "the page is blank"))
	s.fix(problem)
	s.tell()
	if n := len(s.letters()); n != 1 {
		t.Errorf("%d letters", n)
	}
	if raw := s.Find(desk.Problems, problem).GetString("telling"); strings.Contains(raw, `"to"`) {
		t.Errorf("it keeps who was written to: %s", raw)
	}
}

// Opening a problem again, and taking a case away, stops the letters that have
// not left.
func TestOpenedAgain(t *testing.T) {
	s := newShop(t)
	var cases []*desk.Case
	for i := range 4 {
		cases = append(cases, s.reported("Guest", fmt.Sprintf("o%d@example.org", i), "en", "the page stays blank"))
	}
	problem := s.problem(desktest.Values{})
	s.link(problem, cases...)
	s.fix(problem)
	saved := 0
	s.broken = func() error {
		if saved++; saved == 2 {
			return fmt.Errorf("the disk is full")
		}
		return nil
	}
	if err := s.station.Tell(context.Background()); err == nil {
		t.Fatal("the fault was not told")
	}
	s.broken = nil
	s.Put(s.Find(desk.Problems, problem), desktest.Values{"state": problems.Open})
	s.tell()
	if n := len(s.letters()); n != 0 {
		t.Errorf("%d letters", n)
	}
	if err := s.station.Unlink(problem, []string{cases[0].Id}, s.boss); err != nil {
		t.Fatal(err)
	}
	s.fix(problem)
	s.tell()
	if got := s.letters(); len(got) != 3 || got[cases[0].Id] != "" {
		t.Errorf("%d letters in the end", len(got))
	}
}
