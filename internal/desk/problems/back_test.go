package problems_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/problems"
)

// cameBack is a problem of which Ann and Bob were told with a code each, that was
// opened again, and that Cy reported since.
func cameBack(t *testing.T, codes ...string) (s *shop, problem string, cases []*desk.Case) {
	s = newShop(t)
	for _, name := range []string{"ann", "bob"} {
		cases = append(cases, s.reported(name, name+"@example.org", "en", "blank page"))
	}
	problem = s.problem(desktest.Values{"reward": map[string]any{"codes": codes}})
	s.link(problem, cases...)
	s.fix(problem)
	s.tell()
	s.Clock.Advance(time.Hour)
	s.Put(s.Find(desk.Problems, problem), desktest.Values{"state": problems.Open, "fixed_at": ""})
	cases = append(cases, s.reported("cy", "cy@example.org", "en", "blank page"))
	s.link(problem, cases[2])
	return s, problem, cases
}

// got are the letters of a case, oldest first.
func (s *shop) got(c *desk.Case) []string {
	var out []string
	for _, r := range s.All(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.Out}) {
		out = append(out, r.GetString("body"))
	}
	return out
}

// A fault that came back lists whom it was told to be fixed, and the next time it
// is fixed those alone are told who were not, unless all are chosen.
func TestCameBack(t *testing.T) {
	s, problem, cases := cameBack(t, "A1", "B2", "C3", "D4")
	d, err := problems.One(s, problem, s.boss)
	if err != nil || d.Told != 2 || len(d.Before) != 2 || d.Before[0].ToldAt == "" {
		t.Fatalf("%+v %v", d, err)
	}
	if list, err := problems.List(s, problems.Open, ""); err != nil || list.Items[0].Told != 2 {
		t.Errorf("%+v %v", list, err)
	}
	for _, again := range []bool{false, true} {
		p, err := s.station.Preview(problems.Fixing{Problem: problem, Agent: s.boss, Again: again})
		people, before := 1, 0
		if again {
			people, before = 3, 2
		}
		if err != nil || p.People != people || p.Before != before || p.Codes != 2 {
			t.Errorf("again %v: %+v %v", again, p, err)
		}
	}
	if err := s.station.Fix(problems.Fixing{Problem: problem, Agent: s.boss, Again: true}); err != nil {
		t.Fatal(err)
	}
	s.tell()
	s.tell()
	for i, want := range []int{2, 2, 1} {
		if got := s.got(cases[i]); len(got) != want || want == 2 && strings.ContainsAny(got[1], "1234") {
			t.Errorf("case %d has %d letters: %q", i, len(got), got)
		}
	}
	if got := s.got(cases[2]); !strings.Contains(got[0], "C3") {
		t.Errorf("the new one: %q", got)
	}
	// one fix is told once: all of them again is for the next
	if err := s.station.Fix(problems.Fixing{Problem: problem, Agent: s.boss, Again: true}); err == nil {
		t.Error("all were written to twice about one fix")
	}
	s.link(problem, s.reported("dee", "dee@example.org", "en", "blank page"))
	s.fix(problem)
	s.tell()
	if n := len(s.All(desk.Messages, desktest.Values{"direction": desk.Out})); n != 6 {
		t.Errorf("%d letters in the end", n)
	}
}

// Codes once more are other codes, and none that somebody had.
func TestCodesOnceMore(t *testing.T) {
	s, problem, cases := cameBack(t, "A1", "B2", "C3", "D4", "E5")
	if err := s.station.Fix(problems.Fixing{Problem: problem, Agent: s.boss, Again: true, Codes: true}); err != nil {
		t.Fatal(err)
	}
	s.tell()
	seen := map[string]bool{}
	for i, c := range cases {
		for n, words := range s.got(c) {
			for _, code := range []string{"A1", "B2", "C3", "D4", "E5"} {
				if !strings.Contains(words, code) {
					continue
				}
				if seen[code] {
					t.Errorf("%s twice, to case %d in letter %d", code, i, n)
				}
				seen[code] = true
			}
		}
	}
	if len(seen) != 5 {
		t.Errorf("codes given: %v", seen)
	}
}

// Letters are rendered before the commit in which they are saved: nobody waits
// for that.
func TestRenderedBeforeTheCommit(t *testing.T) {
	s := newShop(t)
	var cases []*desk.Case
	for i := range 10 {
		cases = append(cases, s.reported("Guest", fmt.Sprintf("r%d@example.org", i), "en", "blank page"))
	}
	problem := s.problem(desktest.Values{})
	s.link(problem, cases...)
	s.fix(problem)
	var order strings.Builder
	s.rendered = func() { order.WriteByte('r') }
	s.broken = func() error { order.WriteByte('s'); return nil }
	s.tell()
	if got := order.String(); got != strings.Repeat("r", 10)+strings.Repeat("s", 10) {
		t.Errorf("rendered and saved: %s", got)
	}
}

// Whoever's desk ends between two letters, or in the midst of one, has each of
// those who reported it written to once.
func TestLettersAfterCrash(t *testing.T) {
	s := newShop(t)
	var cases []*desk.Case
	codes := []string{}
	for i := range 25 {
		cases = append(cases, s.reported("Guest", fmt.Sprintf("k%d@example.org", i), "en", "blank page"))
		codes = append(codes, fmt.Sprintf("CODE-%02d", i))
	}
	problem := s.problem(desktest.Values{"reward": map[string]any{"codes": codes}})
	s.link(problem, cases...)
	s.fix(problem)
	for _, after := range []int{1, 9, 3} {
		n := 0
		s.broken = func() error {
			if n++; n > after {
				return fmt.Errorf("the power is gone")
			}
			return nil
		}
		if err := s.station.Tell(context.Background()); err == nil {
			t.Fatal("nothing went wrong")
		}
		// somebody renames a case meanwhile, and another one is taken away and back
		s.Put(s.Find(desk.Cases, cases[3].Id), desktest.Values{"subject": "Renamed"})
		again := &shop{App: s.AfterCrash(), t: t, boss: s.boss}
		again.station = again.newStation()
		s = again
	}
	s.tell()
	got, had := s.letters(), map[string]bool{}
	for _, words := range got {
		at := strings.Index(words, "CODE-")
		if at < 0 || had[words[at:at+7]] {
			t.Errorf("a code twice, or none: %s", words)
			continue
		}
		had[words[at:at+7]] = true
	}
	if len(got) != 25 || len(had) != 25 {
		t.Errorf("%d letters, %d codes", len(got), len(had))
	}
}

// What changes between the rendering and the commit is in the letter, or the
// letter is written anew.
func TestChangedMeanwhile(t *testing.T) {
	s := newShop(t)
	one, two := s.reported("Ann", "ann@example.org", "en", "blank page"), s.reported("Bob", "bob@example.org", "en", "blank page")
	problem := s.problem(desktest.Values{})
	s.link(problem, one, two)
	s.fix(problem)
	done := false
	s.rendered = func() {
		if done {
			return
		}
		done = true
		err := s.Commit.Do(func(tx core.App) error {
			c, err := desk.FindCase(tx, one.Id)
			if err != nil {
				return err
			}
			c.Set("locale", "ja")
			c.Touch()
			return desk.Save(tx, c.Record)
		})
		if err != nil {
			t.Error(err)
		}
	}
	s.tell()
	if got := s.letters(); len(got) != 2 || !strings.Contains(got[one.Id], "不具合が解消") {
		t.Errorf("%q", got)
	}
}

// A case that is linked while the letters leave gets its own, wherever it stands;
// nobody gets two, and none is listed as left out by that.
func TestLinkedWhileLettersLeave(t *testing.T) {
	s := newShop(t)
	var cases []*desk.Case
	for i := range 12 {
		cases = append(cases, s.reported(fmt.Sprint("p", i), fmt.Sprintf("p%d@example.org", i), "en", "blank page"))
	}
	newest := s.reported("late", "late@example.org", "en", "blank page")
	problem := s.problem(desktest.Values{})
	s.link(problem, cases...)
	s.fix(problem)
	n := 0
	s.rendered = func() {
		if n++; n == 11 { // ten are saved
			s.rendered = nil
			s.link(problem, newest)
		}
	}
	s.tell()
	if got := s.letters(); len(got) != 13 || got[newest.Id] == "" {
		t.Errorf("%d letters", len(got))
	}
	d, err := problems.One(s, problem, s.boss)
	if err != nil || d.ToldAt == "" || len(d.Skipped) != 0 || d.Sent != 13 {
		t.Errorf("%+v %v", d, err)
	}
}
