package desk

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// AnswerBy is by when a case's visitor, who waits since a time, is told that he
// gets an answer: as the case's policy says, else the settings.
func AnswerBy(app core.App, c *Case, since time.Time) (time.Time, error) {
	if policy := findPolicy(app, c.GetString("policy")); policy != nil {
		if due := c.AnswerDue(); !due.IsZero() {
			return due, nil
		}
		amount := policy.First
		if c.awaits() == NextResponse {
			amount = policy.Next
		}
		if amount.N > 0 {
			hours, err := Hours(app, policy, c.Team())
			if err != nil {
				return time.Time{}, err
			}
			return hours.After(since, amount), nil
		}
	}
	s, err := LoadSettings(app)
	if err != nil {
		return time.Time{}, err
	}
	return s.AnswerBy(since), nil
}

// FirstAnswerBy is by when somebody who writes at a time is told that he gets an
// answer, before there is a case: as the policy says that fits, else the settings.
func FirstAnswerBy(app core.App, s Subject, team string, at time.Time) (time.Time, error) {
	policy, err := PolicyFor(app, s)
	if err != nil {
		return time.Time{}, err
	}
	if policy == nil || policy.First.N == 0 {
		settings, err := LoadSettings(app)
		if err != nil {
			return time.Time{}, err
		}
		return settings.AnswerBy(at), nil
	}
	hours, err := Hours(app, policy, team)
	if err != nil {
		return time.Time{}, err
	}
	return hours.After(at, policy.First), nil
}
