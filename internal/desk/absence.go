package desk

import "time"

// What becomes of the open cases of somebody who goes away.
const (
	LeaveSubstitute = "substitute" // they go to whoever stands in; so does ""
	LeaveRelease    = "release"    // they go back to the queue
	LeaveKeep       = "keep"       // they stay
)

// Away tells whether an absence holds at a moment: it begins with its first
// moment and ends before its last. One without an end lasts until somebody ends
// it; one without a beginning is none.
func Away(from, until, at time.Time) bool {
	return !from.IsZero() && !at.Before(from) && (until.IsZero() || at.Before(until))
}

// Away tells whether the agent is away at a moment.
func (a *Agent) Away(at time.Time) bool {
	return Away(a.GetDateTime("away_from").Time(), a.GetDateTime("away_until").Time(), at)
}
