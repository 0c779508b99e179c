package desk

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
)

// resolveWithin is the working time until a case without a policy should be resolved.
var resolveWithin = calendar.Amount{N: 5, Unit: calendar.Days}

// ClockFields are the fields of a case that [Reckon] keeps.
func ClockFields() []string {
	return []string{"policy", "first_response_due", "next_response_due", "resolution_due", "due_at", "paused_at", "clock", "told", "tell_at", "status_since", "nudged_at"}
}

// CopyClock takes what [Reckon] keeps over from the case as it is by now: the
// minute's work writes it without raising the version.
func CopyClock(from, to *Case) {
	for _, field := range ClockFields() {
		to.Set(field, from.Get(field))
	}
}

// awaits is which answer the visitor waits for; "" where he doesn't. The first one
// is owed for what opened the case; who comes back later to a case that nobody
// answered waits for a further one.
func (c *Case) awaits() string {
	since := c.GetDateTime("waiting_since")
	if since.IsZero() {
		return ""
	}
	opened := c.GetDateTime("created")
	if c.GetDateTime("first_responded_at").IsZero() && (opened.IsZero() || !since.Time().After(opened.Time().Add(time.Minute))) {
		return FirstResponse
	}
	return NextResponse
}

// AnswerDue is by when the answer is due that the visitor waits for; the zero time
// where he waits for none, or none is asked for.
func (c *Case) AnswerDue() time.Time {
	switch c.awaits() {
	case FirstResponse:
		return c.GetDateTime("first_response_due").Time()
	case NextResponse:
		return c.GetDateTime("next_response_due").Time()
	}
	return time.Time{}
}

// runs tells whether the time for what is owed runs: not while others have their
// turn, but for a case on hold whose policy goes on.
func (c *Case) runs() bool {
	switch c.Status() {
	case Unread, Open:
		return true
	case OnHold:
		return c.GetString("policy") != "" && c.GetDateTime("paused_at").IsZero()
	}
	return false
}

// Reckon finds out anew what a case owes its visitor and by when, from what the
// case is: the policy that fits, the dues, since when they rest, when somebody is
// told next. It may be called as often as one likes. [Save] does so for a case
// that was touched; who saves a case otherwise calls it before. The events are to
// be recorded in the same transaction.
func Reckon(app core.App, c *Case) ([]Event, error) { return reckon(app, c, false) }

// Recompute is [Reckon] for a case that nobody touched, after a policy or a
// calendar changed: of what lies behind because of that nobody is told.
func Recompute(app core.App, c *Case) ([]Event, error) { return reckon(app, c, true) }

// reckoning is one run over one case.
type reckoning struct {
	app      core.App
	c        *Case
	now      time.Time
	settings *Settings
	policy   *Policy // nil: none fits
	hours    *calendar.Calendar
	course   course
	marks    Marks
	quiet    bool
	events   []Event
}

func reckon(app core.App, c *Case, quiet bool) (_ []Event, err error) {
	since(app, c.ProxyRecord())
	r := &reckoning{app: app, c: c, now: Now(app), course: c.course(), marks: c.Marks(), quiet: quiet}
	if r.settings, err = LoadSettings(app); err != nil {
		return nil, err
	}
	r.end()
	if !c.Done() {
		if r.policy, err = PolicyFor(app, SubjectOf(app, c)); err != nil {
			return nil, err
		}
		c.Set("policy", "")
		if r.policy != nil {
			c.Set("policy", r.policy.ID)
		}
	}
	if r.hours, err = Hours(app, r.policy, c.Team()); err != nil {
		return nil, err
	}
	r.rest()
	if !c.Done() {
		r.respond()
		r.resolve()
	}
	r.keep()
	return r.events, nil
}

// end judges what is not owed any more.
func (r *reckoning) end() {
	c := r.c
	stop := r.now
	if paused := c.GetDateTime("paused_at"); !paused.IsZero() {
		stop = paused.Time()
	}
	if c.MergedInto() != "" { // the case that took it over owes it now
		for _, m := range r.marks {
			if m.runs() {
				m.settle()
			}
		}
		return
	}
	answered := c.GetDateTime("first_responded_at")
	switch m := r.marks[FirstResponse]; {
	case !m.runs():
	case !answered.IsZero():
		r.judge(FirstResponse, earlierOf(answered.Time(), stop))
	case !c.Done() && c.awaits() != FirstResponse: // he said that he needs none
		m.settle()
	}
	waits := c.GetDateTime("waiting_since").Time()
	if m := r.marks[NextResponse]; m.runs() && (waits.IsZero() || waits.After(m.Since.Time())) {
		r.judge(NextResponse, stop)
	}
	if m := r.marks[Resolution]; m.runs() && c.Done() {
		r.judge(Resolution, stop)
	}
}

func (r *reckoning) judge(which string, at time.Time) {
	m := r.marks[which]
	if m.end(at) { // it was over before anybody was told
		ev := r.c.Alarmed(Alarm{which, EventSLABreached, m.Due.Time(), m.Due.Time()}, PolicyName(r.app, r.c.GetString("policy")))
		ev.After["over"] = true
		r.events = append(r.events, ev)
	}
}

// rest lets the time rest while the visitor, or others, have their turn, and run
// again afterwards.
func (r *reckoning) rest() {
	c := r.c
	paused := c.GetDateTime("paused_at")
	resting := c.Done() || c.Status() == Pending || c.Status() == OnHold && (r.policy == nil || r.policy.PauseOnHold)
	switch {
	case resting && paused.IsZero():
		c.Set("paused_at", Date(r.now))
	case !resting && !paused.IsZero():
		r.course.rested(paused.Time(), r.now, r.hours)
		c.Set("paused_at", "")
	}
}

// respond sets by when the answer is due that the visitor waits for.
func (r *reckoning) respond() {
	which := r.c.awaits()
	if which == "" {
		return
	}
	start := r.c.GetDateTime("waiting_since").Time()
	var due time.Time
	if r.policy == nil {
		due = r.course.later(r.hours, start, r.settings.FirstDue(start, r.c.Priority()))
		r.drop(FirstResponse)
		r.drop(NextResponse)
	} else {
		due = r.owe(which, start, r.answerDue(which, start), 0)
	}
	if which == FirstResponse {
		r.c.Set("first_response_due", Date(due))
		r.c.Set("next_response_due", "")
	} else {
		r.c.Set("next_response_due", Date(due))
	}
}

// resolve sets by when the case should be resolved. One of the time before there
// was a clock keeps its date while no policy asks for one.
func (r *reckoning) resolve() {
	c := r.c
	owed := r.policy != nil && (r.policy.Done.N > 0 || !r.policy.Usual)
	if r.course.From.IsZero() {
		if !owed && !c.GetDateTime("resolution_due").IsZero() {
			return
		}
		r.course.From = r.began()
	}
	start := r.course.From.Time()
	if owed {
		c.Set("resolution_due", Date(r.owe(Resolution, start, r.after(start, r.policy.Done), r.course.Sum)))
		return
	}
	r.drop(Resolution)
	due := r.hours.After(start, resolveWithin)
	if r.course.Sum > 0 {
		due = r.hours.Add(due, time.Duration(r.course.Sum)*time.Second)
	}
	c.Set("resolution_due", Date(r.course.later(r.hours, start, due)))
}

// began is when the case was opened.
func (r *reckoning) began() types.DateTime {
	if at := r.c.GetDateTime("created"); !at.IsZero() {
		return at
	}
	if at := r.c.GetDateTime("waiting_since"); !at.IsZero() {
		return at
	}
	return Date(r.now)
}

// after is so much working time after a start; the zero time where that is none.
func (r *reckoning) after(start time.Time, amount calendar.Amount) time.Time {
	if amount.N == 0 {
		return time.Time{}
	}
	return r.hours.After(start, amount)
}

// answerDue is by when a policy asks for an answer, without rests.
func (r *reckoning) answerDue(which string, start time.Time) time.Time {
	if r.policy.promised(which) {
		return r.settings.usualDue(r.hours, start, r.c.Priority())
	}
	if which == NextResponse {
		return r.after(start, r.policy.Next)
	}
	return r.after(start, r.policy.First)
}

// owe reckons one due of a policy from what it would be without rests, and marks
// when it is told of. sum is seconds by which it is put off besides. The zero time
// where the policy asks for none.
func (r *reckoning) owe(which string, start, due time.Time, sum int64) time.Time {
	if due.IsZero() {
		r.drop(which)
		return time.Time{}
	}
	warn := r.hours.Add(start, r.hours.Between(start, due)/100*time.Duration(r.policy.WarnAt))
	if sum > 0 {
		warn, due = r.hours.Add(warn, time.Duration(sum)*time.Second), r.hours.Add(due, time.Duration(sum)*time.Second)
	}
	warn, due = r.course.later(r.hours, start, warn), r.course.later(r.hours, start, due)
	m := r.marks[which]
	if m == nil {
		m = &Mark{}
		r.marks[which] = m
	}
	m.run(start, warn, due, r.now, r.quiet)
	return due
}

// drop forgets a wait of which no policy asks any more; what was counted stays.
func (r *reckoning) drop(which string) {
	if m := r.marks[which]; m.runs() {
		m.settle()
	}
}

// keep writes what was found out to the case.
func (r *reckoning) keep() {
	c := r.c
	if !r.course.From.IsZero() {
		c.Set("clock", r.course)
	}
	if len(r.marks) > 0 {
		c.Set("told", r.marks)
	}
	c.setTellAt()
	c.Set("due_at", Date(c.nextDue()))
}

func earlierOf(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
