package desk

import (
	"time"

	"github.com/pocketbase/pocketbase/tools/types"
)

// What a case owes its visitor.
const (
	FirstResponse = "first_response"
	NextResponse  = "next_response"
	Resolution    = "resolution"
)

// Outcomes of what was owed.
const (
	Met    = "met"
	Missed = "missed"
)

// Events on service levels. Their after fields are {which, due, policy, name, at,
// by}: at is the moment at which the warning or the breach fell due, whenever it
// was noted; name is the policy's; by is "sla". over says of a breach that it was
// mended before anybody was told.
const (
	EventSLAWarning  = "sla_warning"
	EventSLABreached = "sla_breached"
)

// Mark is what became of one thing that a case owes: of the wait that runs, or ran
// last, and in counts of those before.
type Mark struct {
	Since    types.DateTime `json:"since"`
	Warn     types.DateTime `json:"warn"`
	Due      types.DateTime `json:"due"`
	Warned   bool           `json:"warned,omitempty"`
	Breached bool           `json:"breached,omitempty"`
	Ended    string         `json:"ended,omitempty"` // met or missed; "" while it runs
	Met      int            `json:"met,omitempty"`
	Missed   int            `json:"missed,omitempty"`
}

// Marks are kept in a case's told, by what is owed.
type Marks map[string]*Mark

// Marks are those of the case; never nil.
func (c *Case) Marks() Marks {
	m := Marks{}
	_ = c.UnmarshalJSONField("told", &m)
	for key, one := range m {
		if one == nil {
			delete(m, key)
		}
	}
	return m
}

func (m *Mark) runs() bool { return m != nil && m.Ended == "" && !m.Due.IsZero() }

// settle counts what has ended and leaves the mark blank.
func (m *Mark) settle() {
	next := Mark{Met: m.Met, Missed: m.Missed}
	switch m.Ended {
	case Met:
		next.Met++
	case Missed:
		next.Missed++
	}
	*m = next
}

// run makes the mark that of a wait. What was told once is told again only if its
// moment lies ahead again. quiet tells nobody of moments that lie behind and were
// not known before, as those of a policy that is younger than the case.
func (m *Mark) run(since, warn, due, now time.Time, quiet bool) {
	if !m.Since.Equal(Date(since)) {
		m.settle()
		m.Since = Date(since)
	}
	knewWarn, knewDue := past(m.Warn, now), past(m.Due, now)
	m.Ended, m.Warn, m.Due = "", Date(warn), Date(due)
	if warn.After(now) {
		m.Warned = false
	} else if quiet && !knewWarn {
		m.Warned = true
	}
	if due.After(now) {
		m.Breached = false
	} else if quiet && !knewDue {
		m.Warned, m.Breached = true, true
	}
}

func past(t types.DateTime, now time.Time) bool { return !t.IsZero() && !t.Time().After(now) }

// end judges what ended at a moment, and says whether that was too late and
// nobody was told.
func (m *Mark) end(at time.Time) (untold bool) {
	m.Ended = Met
	if at.After(m.Due.Time()) {
		m.Ended = Missed
		untold, m.Breached = !m.Breached, true
	}
	return untold
}

// Alarm is something to be told of what a case owes.
type Alarm struct {
	Which string
	Kind  string // of the event: a warning or a breach
	At    time.Time
	Due   time.Time
}

// next is what is told next; false where all was.
func (m Marks) next() (t Alarm, ok bool) {
	for _, which := range []string{FirstResponse, NextResponse, Resolution} {
		one := m[which]
		if !one.runs() || one.Warned && one.Breached {
			continue
		}
		mine := Alarm{which, EventSLABreached, one.Due.Time(), one.Due.Time()}
		if !one.Warned {
			mine.Kind, mine.At = EventSLAWarning, one.Warn.Time()
		}
		if !ok || mine.At.Before(t.At) {
			t, ok = mine, true
		}
	}
	return t, ok
}

// NextAlarm is what is to be told next of the case, at [Alarm].At; false where
// there is nothing, or its time rests.
func (c *Case) NextAlarm() (Alarm, bool) {
	if !c.runs() || c.GetString("policy") == "" {
		return Alarm{}, false
	}
	return c.Marks().next()
}

// SetTold notes that something was told.
func (c *Case) SetTold(t Alarm) {
	marks := c.Marks()
	if m := marks[t.Which]; m != nil {
		if t.Kind == EventSLAWarning {
			m.Warned = true
		} else {
			m.Breached = true
		}
	}
	c.Set("told", marks)
	c.setTellAt()
}

func (c *Case) setTellAt() {
	t, _ := c.NextAlarm()
	c.Set("tell_at", Date(t.At))
}

// Alarmed is the line of the audit trail for an alarm; policy is the name of the case's.
func (c *Case) Alarmed(a Alarm, policy string) Event {
	return Event{Case: c.Id, Kind: a.Kind, After: map[string]any{
		"by": "sla", "which": a.Which, "due": Date(a.Due), "at": Date(a.At), "policy": c.GetString("policy"), "name": policy,
	}}
}
