package casework

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// followUpYears is how far ahead a reminder may lie.
const followUpYears = 5

// followUpChanged fills in what follows from a changed follow-up: a new date is a
// new reminder, and without a date there is nobody to remind of anything. The
// person named must be one who may see the case.
func followUpChanged(app core.App, before, after *desk.Case) error {
	at := after.GetDateTime("follow_up_at")
	if !same(before.Get("follow_up_at"), after.Get("follow_up_at")) {
		after.Set("reminded_at", "")
		if now := desk.Now(app); !at.IsZero() && (at.Time().Before(now.AddDate(0, 0, -1)) || at.Time().After(now.AddDate(followUpYears, 0, 0))) {
			return fieldError("follow_up_at", "validation_follow_up", "Choose a time to come, within the next five years.")
		}
	}
	if at.IsZero() {
		clearFollowUp(after)
	}
	whom := after.GetString("follow_up_for")
	if whom == "" || whom == before.GetString("follow_up_for") {
		return nil
	}
	serves, err := desk.Serves(app, whom, after.Team())
	if err == nil && !serves {
		err = fieldError("follow_up_for", "validation_for", "This person can't see the case.")
	}
	return err
}

func clearFollowUp(c *desk.Case) {
	for _, field := range []string{"follow_up_at", "follow_up_note", "follow_up_for", "reminded_at"} {
		c.Set(field, "")
	}
}

// dropFollowUp takes a follow-up away and gives the line of the audit trail; by
// says whose doing that was.
func dropFollowUp(c *desk.Case, actor, by string) []desk.Event {
	before := c.GetString("follow_up_at")
	if before == "" {
		return nil
	}
	note := c.GetString("follow_up_note")
	clearFollowUp(c)
	return []desk.Event{{Case: c.Id, Actor: actor, Kind: "follow_up",
		Before: map[string]any{"follow_up_at": before, "follow_up_note": note}, After: map[string]any{"follow_up_at": "", "by": by}}}
}

// followedUp takes a follow-up away that an entry has dealt with: one that came
// back and was answered, and any on a case that is done.
func (out *Written) followedUp(c *desk.Case) []desk.Event {
	came := !c.GetDateTime("reminded_at").IsZero()
	if c.Done() || came && out.answers() {
		return dropFollowUp(c, out.entry.Agent.Id, "answer")
	}
	return nil
}

// wakeUp ends a snooze by the visitor's own word. One with a note, or for somebody
// named, stays as a reminder; else the word that brought the case back is what
// was waited for.
func wakeUp(c *desk.Case) []desk.Event {
	whom := c.GetString("follow_up_for")
	if c.Status() != desk.OnHold || c.GetString("follow_up_note") != "" || whom != "" && whom != c.Assignee() {
		return nil
	}
	return dropFollowUp(c, "", "visitor")
}
