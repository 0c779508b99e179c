package assigning_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/assigning"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

func TestChain(t *testing.T) {
	days := func(n int) *int { return &n }
	for name, tc := range map[string]struct {
		subs string // of person 0, 1, 2 … : index, or -
		away []*int // since so many days; nil is there
		want int    // -1 is nobody
	}{
		"he is there":                      {"1-", []*int{days(1), nil}, 1},
		"away too, and the next is there":  {"12-", []*int{days(1), days(1), nil}, 2},
		"a long chain":                     {"1234-", []*int{days(1), days(1), days(1), days(1), nil}, 4},
		"it ends with nobody":              {"1-", []*int{days(1), days(1)}, -1},
		"there is none":                    {"-", []*int{days(1)}, -1},
		"each for the other, one is there": {"10", []*int{days(1), nil}, 1},
		"each for the other, both away":    {"10", []*int{days(1), days(1)}, -1},
		"a circle of three":                {"120", []*int{days(1), days(1), days(1)}, -1},
		"a circle that he is not in":       {"121", []*int{days(1), days(1), days(1)}, -1},
		"his own":                          {"0", []*int{days(1)}, -1},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFloor(t, nil)
			chief := f.Agent(desk.RoleSupervisor, "")
			var list []*core.Record
			for range tc.subs {
				list = append(list, f.person(nil))
			}
			c := f.give(f.open(nil), list[0].Id)
			f.follow()
			for i, sub := range tc.subs {
				v := desktest.Values{}
				if n, err := strconv.Atoi(string(sub)); err == nil {
					v["substitute"] = list[n].Id
				}
				if tc.away[i] != nil {
					v["away_from"] = desk.Date(f.Clock.Now().AddDate(0, 0, -*tc.away[i]))
				}
				f.Put(f.Find(desk.Agents, list[i].Id), v)
			}
			f.tick()
			want := ""
			if tc.want >= 0 {
				want = list[tc.want].Id
			}
			c = f.again(c)
			if c.Assignee() != want {
				t.Errorf("%q has it, want %q", c.Assignee(), want)
			}
			told := len(f.notices(chief.Record, desk.NoticeUnassigned))
			if want == "" && (told != 1 || f.why(c) != assigning.WhyNobody) || want != "" && told != 0 {
				t.Errorf("the chief was told %d times, for %s", told, f.why(c))
			}
		})
	}
}

// A substitute who may not see the case does not get it.
func TestSubstituteOfAnotherTeam(t *testing.T) {
	f := newFloor(t, nil)
	stranger := f.Agent(desk.RoleAgent, f.Make(desk.Teams, desktest.Values{"name": "Other"}).Id)
	program := f.Agent(desk.RoleIntegration, "")
	third := f.person(nil)
	f.Put(stranger.Record, desktest.Values{"substitute": third.Id})
	for sub, want := range map[string]string{stranger.Id: third.Id, program.Id: ""} {
		anna := f.person(desktest.Values{"substitute": sub})
		c := f.give(f.open(nil), anna.Id)
		f.away(anna, f.Clock.Now(), 1, nil)
		f.tick()
		if got := f.again(c).Assignee(); got != want {
			t.Errorf("%q has it, want %q", got, want)
		}
	}
}

// In a team that gives out in turn, the substitute stands in the place of who is away.
func TestTurnWhileAway(t *testing.T) {
	f := newFloor(t, desktest.Values{"mode": "round_robin"})
	chief := f.Agent(desk.RoleSupervisor, "")
	anna, ben := f.person(nil), f.person(nil)
	f.away(anna, f.Clock.Now(), 5, nil)
	for range 2 {
		if c := f.given(nil); c.Assignee() != ben.Id {
			t.Errorf("%q has it", c.Assignee())
		}
	}
	f.Put(f.Find(desk.Agents, anna.Id), desktest.Values{"substitute": chief.Id})
	got := map[string]int{}
	for range 4 {
		got[f.given(nil).Assignee()]++
	}
	if got[chief.Id] == 0 || got[ben.Id] == 0 || got[anna.Id] > 0 {
		t.Errorf("given %v", got)
	}
	// all away: it waits, and goes out when somebody is back
	f.away(ben, f.Clock.Now(), 1, nil)
	f.away(chief.Record, f.Clock.Now(), 2, nil)
	c := f.given(nil)
	if c.Assignee() != "" || f.tick() == 0 && c.GetString("queued_at") == "" {
		t.Errorf("%q has it", c.Assignee())
	}
	f.Clock.Advance(25 * time.Hour)
	f.tick()
	if c = f.again(c); c.Assignee() != ben.Id {
		t.Errorf("ben is back, and %q has it", c.Assignee())
	}
}

func TestOnLeave(t *testing.T) {
	for name, tc := range map[string]struct {
		mode, onLeave string
		substitute    bool
		moved, wrote  int // who has it then: 0 is she, 1 the substitute, 2 the colleague, -1 nobody
	}{
		"to the substitute":                     {"", "", true, 1, 1},
		"said so":                               {"", "substitute", true, 1, 1},
		"no substitute, the team gives out":     {"round_robin", "", false, 2, 2},
		"released":                              {"", "release", true, -1, -1},
		"released, the team gives out":          {"round_robin", "release", false, 2, 2},
		"kept; who answers gets the substitute": {"", "keep", true, 0, 1},
		"kept, and nobody stands in":            {"round_robin", "keep", false, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFloor(t, desktest.Values{"mode": tc.mode})
			list := []*core.Record{f.person(nil), f.person(desktest.Values{"no_turn": true}), f.person(nil)}
			c := f.give(f.open(nil), list[0].Id)
			f.follow()
			v := desktest.Values{"on_leave": tc.onLeave}
			if tc.substitute {
				v["substitute"] = list[1].Id
			}
			f.away(list[0], f.Clock.Now(), 3, v)
			who := func(i int) string {
				if i < 0 {
					return ""
				}
				return list[i].Id
			}
			f.tick()
			if got := f.again(c).Assignee(); got != who(tc.moved) {
				t.Errorf("at the beginning %q has it", got)
			}
			if got := f.write(c).Assignee(); got != who(tc.wrote) {
				t.Errorf("when the visitor writes %q has it", got)
			}
			if n := f.tick(); n != 0 {
				t.Errorf("dealt with %d again", n)
			}
		})
	}
}
