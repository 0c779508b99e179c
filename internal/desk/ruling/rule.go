// Package ruling does what the shop's rules say: when a case opens, when its
// visitor writes, when staff change it or when it waited for some working time,
// a rule whose filter it meets sets fields, answers, tells people and so on.
//
//	engine := ruling.New(app, ruling.Config{Commit: commit, Change: work.Change, …})
//	engine.Start()      // reads the audit trail as it is written
//	err := engine.Tick() // every minute: what waited long enough
//
// Filters are evaluated outside the transaction, all rules of an event in one
// query. What a rule does, the line of the audit trail and the note that it was
// done (rule_runs, once by rule, case and state) share one commit, and the place
// in the audit trail moves on only after that: wherever the process is killed,
// nothing is done twice and nothing is left out. What rules do is done by nobody
// (actor ""), and never triggers rules.
package ruling

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// What a rule may be about.
const (
	CaseOpened   = "case_opened"
	VisitorWrote = "visitor_wrote"
	StaffChanged = "staff_changed"
	TimePassed   = "time_passed"
)

// Events lists what a rule may be about.
func Events() []string { return []string{CaseOpened, VisitorWrote, StaffChanged, TimePassed} }

// SinceNudged has the time of a rule of [TimePassed] count from when a rule's mail
// reminded the visitor, since the case has its status: as long as none left, the
// rule is not about the case.
const SinceNudged = "nudged"

// Bounds of rules.
const (
	MaxRules   = 200
	MaxActions = 20
	MaxBytes   = 20_000 // of the actions as JSON
	MaxText    = 2_000  // characters of a note or of what people are told
)

// Draft is a rule as it is written; see [Compile].
type Draft struct {
	Event   string          `json:"event"`
	Filter  string          `json:"filter"`
	Actions json.RawMessage `json:"actions"`
	Delay   string          `json:"delay"`
	States  []string        `json:"states"`
	Since   string          `json:"since"`
}

// Rule is a checked rule.
type Rule struct {
	ID, Name string
	Event    string
	Filter   string          // "" is met by all
	Delay    calendar.Amount // of [TimePassed]
	States   []string        // of [TimePassed]
	Since    string          // of [TimePassed]: "", or [SinceNudged]

	enabled    bool
	written    string    // all that it says, to tell whether it was changed since
	activeFrom time.Time // what happened before stays as it is
	steps      []step
	stop       bool     // no rule after this one
	eachChange bool     // its filter asks what staff changed
	looksAt    []string // the fields of the case that its filter names
	ahead      ahead    // of a trial: what rules before it keep from it
	broken     error    // why it can't be read
}

// DraftOf reads what a record says. Its errors are for [Compile] to tell.
func DraftOf(r *core.Record) Draft {
	d := Draft{Event: r.GetString("event"), Filter: r.GetString("filter"), Actions: json.RawMessage(r.GetString("actions")), Delay: r.GetString("delay"), Since: r.GetString("since")}
	if err := r.UnmarshalJSONField("states", &d.States); err != nil {
		d.States = []string{"?"} // no list of words
	}
	return d
}

// ruleOf reads an enabled rule from its record.
func ruleOf(app core.App, r *core.Record) (*Rule, error) {
	rule, err := Compile(app, DraftOf(r))
	if rule != nil {
		rule.ID, rule.Name = r.Id, r.GetString("name")
		rule.activeFrom = r.GetDateTime("active_from").Time()
		rule.enabled, rule.written = r.GetBool("enabled"), written(r)
	}
	return rule, err
}

// written is all that a rule says.
func written(r *core.Record) string {
	var all strings.Builder
	for _, name := range []string{"event", "filter", "actions", "delay", "states", "since", "active_from"} {
		all.WriteString(r.GetString(name) + "\x00")
	}
	return all.String()
}

// stands tells whether a rule still says what was read, and is as much in use.
func (r *Rule) stands(tx core.App) (bool, error) {
	now, err := find(tx, desk.Rules, r.ID)
	return now != nil && written(now) == r.written && (now.GetBool("enabled") || !r.enabled), err
}

// state is what a rule did something in, so that it does it once.
func (r *Rule) state(s Subject, c *desk.Case) string {
	switch {
	case r.Event == CaseOpened:
		return "opened"
	case r.Event == VisitorWrote:
		return s.Row
	case r.eachChange:
		return "change " + s.Row
	}
	return c.Status() + " " + c.GetString("status_since")
}

// does tells whether one of these is among the rule's actions.
func (r *Rule) does(what ...string) bool {
	return slices.ContainsFunc(r.steps, func(s step) bool { return slices.Contains(what, s.do) })
}

// Subject is one thing that happened.
type Subject struct {
	Event string // of [Events]
	Case  string
	// Row is the record that filters are about: the message of [VisitorWrote], the
	// line of the audit trail of [StaffChanged], else the case.
	Row string
}

// StaffKinds are the lines of the audit trail that count as a change by staff.
func StaffKinds() []string {
	return []string{
		"subject", "category", "priority", "status", "assignee", "team", "tags", "sentiment", "summary",
		"follow_up", "promise", desk.EventPromised, desk.EventPromiseKept, desk.EventPromiseWithdrawn, "replied", "noted", "called",
	}
}

func isStaffKind(kind string) bool { return slices.Contains(StaffKinds(), kind) }
