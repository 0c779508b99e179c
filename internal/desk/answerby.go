package desk

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// AnswerBy is by when a case's visitor, who waits since a time, is told that he
// gets an answer: as the case's policy says, else the settings.
func AnswerBy(app core.App, c *Case, since time.Time) (time.Time, error) {
	policy := findPolicy(app, c.GetString("policy"))
	if policy != nil && !policy.promised(c.awaits()) {
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
	return promisedBy(app, policy, c.Team(), since)
}

// promised tells whether the answer that somebody waits for is owed as the settings
// promise it.
func (p *Policy) promised(which string) bool {
	if which == NextResponse {
		return p.Usual && p.Next.N == 0
	}
	return p.Usual && p.First.N == 0
}

// promisedBy is by when the settings promise an answer; policy may be nil.
func promisedBy(app core.App, policy *Policy, team string, at time.Time) (time.Time, error) {
	s, err := LoadSettings(app)
	if err != nil {
		return time.Time{}, err
	}
	if policy == nil || !policy.Usual {
		return s.AnswerBy(at), nil
	}
	hours, err := Hours(app, policy, team)
	if err != nil {
		return time.Time{}, err
	}
	return s.answerIn(hours, at), nil
}

// FirstAnswerBy is by when somebody who writes at a time is told that he gets an
// answer, before there is a case: as the policy says that fits, else the settings.
func FirstAnswerBy(app core.App, s Subject, team string, at time.Time) (time.Time, error) {
	policy, err := PolicyFor(app, s)
	if err != nil {
		return time.Time{}, err
	}
	if policy == nil || policy.First.N == 0 {
		return promisedBy(app, policy, team, at)
	}
	hours, err := Hours(app, policy, team)
	if err != nil {
		return time.Time{}, err
	}
	return hours.After(at, policy.First), nil
}
