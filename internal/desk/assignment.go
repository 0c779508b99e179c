package desk

import (
	"database/sql"
	"errors"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
)

// Ways in which cases find somebody.
const (
	Manual     = "manual" // nobody has it until somebody takes it; so is ""
	RoundRobin = "round_robin"
	LeastBusy  = "least_busy"
)

// NoAlarm stands in place of a time where nobody wants to hear of cases that
// nobody has.
const NoAlarm = "never"

// Assignment is how the cases of a team, or those without one, find somebody.
type Assignment struct {
	Mode       string `json:"mode"`        // manual, round_robin or least_busy; "" is manual
	BySkill    bool   `json:"by_skill"`    // only to those who know the category and the language
	SameAgent  bool   `json:"same_agent"`  // first to whoever answered this visitor last
	AlarmAfter string `json:"alarm_after"` // open time after which the chiefs hear of a case that nobody has: 2h; or [NoAlarm]; "" of a team is the shop's, of the shop never
}

// Auto tells whether cases are given out.
func (a Assignment) Auto() bool { return a.Mode == RoundRobin || a.Mode == LeastBusy }

// Fault says what can't be taken, and how to mend it; "" where all is well.
func (a Assignment) Fault() string {
	if !slices.Contains([]string{"", Manual, RoundRobin, LeastBusy}, a.Mode) {
		return "Use manual, round_robin or least_busy."
	}
	if a.AlarmAfter == "" || a.AlarmAfter == NoAlarm {
		return ""
	}
	if _, err := calendar.ParseAmount(a.AlarmAfter); err != nil {
		return "Write the time as 30m, 4h or 2d, or never; a team's that is empty is the shop's."
	}
	return ""
}

// AssignmentOf is how a team's cases find somebody; "" is for those without a
// team. A team that is gone has nobody.
func AssignmentOf(app core.App, team string) (Assignment, error) {
	if team == "" {
		s, err := LoadSettings(app)
		if err != nil {
			return Assignment{}, err
		}
		return s.Assignment, nil
	}
	r, err := app.FindRecordById(Teams, team)
	if errors.Is(err, sql.ErrNoRows) {
		return Assignment{}, nil
	}
	if err != nil {
		return Assignment{}, err
	}
	return Assignment{Mode: r.GetString("mode"), BySkill: r.GetBool("by_skill"), SameAgent: r.GetBool("same_agent"), AlarmAfter: r.GetString("alarm_after")}, nil
}
