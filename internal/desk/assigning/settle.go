package assigning

import (
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// settle gives a case to whoever should have it now, and leaves it where that is
// so already.
func (r *round) settle(caseID string, force bool) error {
	c, err := r.read(caseID)
	if err != nil || c == nil || c.Done() {
		return err
	}
	to, moves, err := r.decide(subjectOf(c), ours(c), force)
	if err != nil {
		return err
	}
	if moves {
		return r.hand(c, to)
	}
	return r.mark(c, to.Waits)
}

// ours tells whether a case is our turn.
func ours(c *desk.Case) bool { return c.Status() == desk.Unread || c.Status() == desk.Open }

// decide finds where a case belongs; moves tells that somebody else has it, or
// nobody. An absence moves only what is our turn.
func (r *round) decide(c subject, ours, force bool) (to choice, moves bool, err error) {
	if c.Assignee == "" {
		to, err = r.give(c, force)
		return to, to.To != "", err
	}
	serves, err := r.serves(c.Assignee, c.Team)
	if err != nil {
		return choice{}, false, err
	}
	if !serves {
		if to, err = r.give(c, force); to.To == "" {
			to.Why = WhyGone
		}
		return to, err == nil, err
	}
	p := r.people[c.Assignee]
	if !ours || !p.away(r.now) {
		return choice{}, false, nil
	}
	return r.instead(c, p, WhySubstitute)
}

// instead finds who takes a case of somebody who is away: whoever stands in for
// him, as far as he has room, else somebody by the team's mode, else nobody. Who
// keeps his cases keeps this one if nobody stands in.
func (r *round) instead(c subject, p *person, why string) (to choice, moves bool, err error) {
	full := ""
	if p.OnLeave != desk.LeaveRelease {
		id, err := r.standIn(p.ID, c.Team)
		if err != nil {
			return choice{}, false, err
		}
		if id != "" {
			noRoom, err := r.full(r.people[id])
			if err != nil || !noRoom {
				return choice{To: id, Why: why, For: p.ID}, err == nil, err
			}
			full = id
		}
	}
	if p.OnLeave == desk.LeaveKeep {
		return choice{Full: full}, false, nil
	}
	if to, err = r.give(c, false); to.To == "" {
		to.Why, to.For = WhyNobody, p.ID
		if full != "" {
			to.Why = WhyFull
		}
	}
	to.Full = full
	return to, err == nil, err
}

// hand writes where a case goes, with its line of the audit trail. Where it goes
// to the queue since nobody is there, the chiefs are told.
func (r *round) hand(c *desk.Case, to choice) error {
	had := c.Assignee()
	c.Set("assignee", to.To)
	c.Set("queued_at", "")
	c.Set("alarmed_at", "")
	if to.To == "" && to.Waits {
		c.Set("queued_at", desk.Date(r.now))
	}
	c.Touch()
	if err := desk.Save(r.app, c.Record); err != nil {
		return err
	}
	after := map[string]any{"assignee": to.To, "by": r.by, "why": to.Why}
	if to.For != "" {
		after["for"] = to.For
	}
	err := desk.Record(r.app, desk.Event{Case: c.Id, Actor: r.actor, Kind: "assignee", Before: map[string]any{"assignee": had}, After: after})
	if err != nil {
		return err
	}
	if err := r.moved(c, had, to); err != nil {
		return err
	}
	if to.Why == WhyNobody || to.Why == WhyFull || to.Why == WhyGone {
		return r.tellChiefs(c, had)
	}
	return nil
}

// moved keeps what this round knows true.
func (r *round) moved(c *desk.Case, had string, to choice) error {
	if p := r.people[had]; p != nil && ours(c) && r.open {
		p.open--
	}
	p := r.people[to.To]
	if p == nil {
		return nil
	}
	if ours(c) && r.open {
		p.open++
	}
	if to.inTurn() {
		return r.took(p)
	}
	return nil
}

// tellChiefs says that a case is in the queue because whoever had it is not there.
func (r *round) tellChiefs(c *desk.Case, had string) error {
	chiefs, err := desk.Chiefs(r.app, c.Team())
	if err != nil {
		return err
	}
	for _, id := range chiefs {
		err := desk.Notify(r.app, desk.Notice{Agent: id, Kind: desk.NoticeUnassigned, Case: c.Id, Actor: r.actor,
			Same: "unassigned:" + c.Team(), Data: map[string]any{"count": 1, "from": had}})
		if err != nil {
			return err
		}
	}
	return nil
}

// mark notes that a case waits for somebody with room, or waits no more. Nobody
// sees that as a change.
func (r *round) mark(c *desk.Case, waits bool) error {
	if waits != c.GetDateTime("queued_at").IsZero() {
		return nil
	}
	c.Set("queued_at", "")
	if waits {
		c.Set("queued_at", desk.Date(r.now))
	}
	return desk.Save(r.app, c.Record)
}
