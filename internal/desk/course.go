package desk

import (
	"time"

	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
)

// maxRests bounds how many rests of a case are kept one by one; older ones are
// kept as their sum.
const maxRests = 40

// course is how the time for a case's resolution ran, as kept in its clock.
type course struct {
	From  types.DateTime      `json:"from"`
	Rests [][2]types.DateTime `json:"rests,omitempty"` // from and until, in order
	Sum   int64               `json:"sum,omitempty"`   // seconds of working time of rests that are not listed any more
}

func (c *Case) course() (k course) {
	_ = c.UnmarshalJSONField("clock", &k)
	return k
}

// RestartClock lets the time for the resolution begin anew, as when a visitor
// comes back to a case that was done.
func (c *Case) RestartClock(at time.Time) {
	c.Set("clock", course{From: Date(at)})
	c.Set("paused_at", "")
}

// rested notes a rest. Moments in which the shop was closed count for nothing:
// hours says which.
func (k *course) rested(from, until time.Time, hours *calendar.Calendar) {
	if !from.Before(until) {
		return
	}
	k.Rests = append(k.Rests, [2]types.DateTime{Date(from), Date(until)})
	for len(k.Rests) > maxRests {
		old := k.Rests[0]
		k.Sum += int64(hours.Between(old[0].Time(), old[1].Time()) / time.Second)
		k.Rests = k.Rests[1:]
	}
}

// later is a due that was reckoned from a start, put off by the working time of
// the rests since.
func (k *course) later(hours *calendar.Calendar, start, due time.Time) time.Time {
	for _, rest := range k.Rests {
		from, until := rest[0].Time(), rest[1].Time()
		if from.Before(start) {
			from = start
		}
		if !from.Before(until) || !from.Before(due) {
			continue
		}
		if d := hours.Between(from, until); d > 0 {
			due = hours.Add(due, d)
		}
	}
	return due
}
