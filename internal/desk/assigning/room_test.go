package assigning_test

import (
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/assigning"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// A substitute gets as many as she has room for, and the rest goes as the team
// gives out its cases; the preview says so.
func TestSubstituteWithLittleRoom(t *testing.T) {
	for name, tt := range map[string]struct {
		mode        desktest.Values
		leave       string
		other, back int
		why         string
	}{
		"others have room": {desktest.Values{"mode": "least_busy"}, "", 3, 0, assigning.WhyFewest},
		"by hand":          {nil, "", 0, 3, assigning.WhyFull},
		"she keeps them":   {desktest.Values{"mode": "least_busy"}, desk.LeaveKeep, 0, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFloor(t, tt.mode)
			anna, sub, other := f.person(nil), f.person(desktest.Values{"capacity": 3, "no_turn": true}), f.person(nil)
			f.give(f.open(nil), sub.Id)
			var cases []*desk.Case
			for range 5 {
				cases = append(cases, f.give(f.open(nil), anna.Id))
			}
			f.follow()
			f.away(anna, f.Clock.Now(), 7, desktest.Values{"substitute": sub.Id, "on_leave": tt.leave})
			if tt.leave != desk.LeaveKeep { // a handover by hand keeps none
				seen, err := f.station.HandOver(assigning.Handover{Agent: f.Agent(desk.RoleSupervisor, ""), Of: anna.Id, Preview: true})
				if err != nil || len(seen.Full) != 1 || seen.Full[0].ID != sub.Id || seen.Full[0].Count != 3 || seen.Queue != tt.back || seen.To[0].Count != 2 {
					t.Errorf("preview %+v, %v", seen, err)
				}
			}
			f.tick()
			got, why := map[string]int{}, map[string]bool{}
			for _, c := range cases {
				c = f.again(c)
				got[c.Assignee()]++
				if c.Assignee() != sub.Id && c.Assignee() != anna.Id {
					why[f.why(c)] = true
				}
			}
			if tt.leave == desk.LeaveKeep {
				if got[anna.Id] != 5 {
					t.Errorf("%v", got)
				}
				return
			}
			if got[sub.Id] != 2 || got[other.Id] != tt.other || got[""] != tt.back || !why[tt.why] || len(why) != 1 {
				t.Errorf("substitute %d, other %d, queue %d, for %v", got[sub.Id], got[other.Id], got[""], why)
			}
		})
	}
}
