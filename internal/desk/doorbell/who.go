package doorbell

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// hearers are those who are there and chose to hear of a team's cases that nobody has.
func hearers(tx core.App, team string, choice func(desk.Hearing) string) ([]string, error) {
	people, err := desk.People(tx)
	if err != nil {
		return nil, err
	}
	usual, now := desk.HearingUsually(len(people)), desk.Now(tx)
	var out []string
	for _, a := range people {
		if !a.Away(now) && a.HearsOf(choice(a.Hearing(usual)), team) {
			out = append(out, a.Id)
		}
	}
	return out, nil
}

// keepers are who hears of an answer because the case is theirs, without those who
// want to hear nothing; theirs tells whether it is anybody's. For one who is away
// stands whoever takes his place; where nobody does, he finds it when he is back.
func keepers(tx core.App, c *desk.Case) (to []string, theirs bool, err error) {
	of, err := named(tx, c)
	if err != nil {
		return nil, false, err
	}
	for _, id := range of {
		if serves, err := desk.Serves(tx, id, c.Team()); err != nil || !serves {
			if err != nil {
				return nil, false, err
			}
			continue
		}
		theirs = true
		there, err := desk.StandIn(tx, id, c.Team())
		if err != nil {
			return nil, false, err
		}
		if there == "" {
			there = id
		}
		agent, err := desk.FindAgent(tx, there)
		if err != nil {
			return nil, false, err
		}
		if agent.Bell().Answered != desk.HearOff && !slices.Contains(to, there) {
			to = append(to, there)
		}
	}
	return to, theirs, nil
}

// named are the assignee, else who escalated the case or is to be reminded of it.
func named(tx core.App, c *desk.Case) ([]string, error) {
	if c.Assignee() != "" {
		return []string{c.Assignee()}, nil
	}
	var of []string
	err := tx.DB().Select("agent").From(desk.Name(tx, desk.CaseEscalations)).
		Where(dbx.HashExp{"case": c.Id}).AndWhere(dbx.In("state", desk.EscalationOpen, desk.EscalationAcknowledged)).
		AndWhere(dbx.NewExp("[[agent]] != ''")).OrderBy("created").Column(&of)
	if id := c.GetString("follow_up_for"); id != "" {
		of = append(of, id)
	}
	return of, err
}
