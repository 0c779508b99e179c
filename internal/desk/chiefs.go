package desk

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

const (
	chiefsMost = 20 // how many people hear of one thing
	chainMost  = 10 // substitutes of substitutes
)

// Chiefs are the agents who answer for a team and are there: its lead, else all
// supervisors, else the admins, else the superusers who work at the Desk, else the
// leads of other teams, else everybody. "" is for cases without a team. For one who
// is away stands whoever takes his place, see [StandIn]; those whom nobody replaces
// are passed over, down to the next. Only where nobody at all is there they are
// those of the first kind that there is. Whoever can't sign in, or may not see the
// team's cases, is none.
func Chiefs(app core.App, team string) ([]string, error) {
	var absent []string
	for _, rung := range []func(core.App, string) ([]string, error){
		leadOf, withRole(RoleSupervisor), withRole(RoleAdmin), withRole(""), leads, withRole(RoleAgent),
	} {
		named, err := rung(app, team)
		if err != nil {
			return nil, fmt.Errorf("who answers for a team: %w", err)
		}
		there, err := Present(app, team, named...)
		if err != nil || len(there) > 0 {
			return there, err
		}
		for _, id := range named {
			serves, err := Serves(app, id, team)
			if err != nil {
				return nil, err
			}
			if serves && len(absent) == 0 {
				absent = append(absent, id)
			}
		}
	}
	return absent, nil
}

// leadOf is the lead of a team, where it has one.
func leadOf(app core.App, team string) ([]string, error) {
	lead, err := textOf(app, Teams, team, "lead")
	if lead == "" || err != nil {
		return nil, err
	}
	return []string{lead}, nil
}

func withRole(role string) func(core.App, string) ([]string, error) {
	return func(app core.App, _ string) (ids []string, err error) {
		err = app.DB().Select("id").From(Name(app, Agents)).Where(dbx.HashExp{"role": role}).OrderBy("created", "id").Limit(chiefsMost).Column(&ids)
		return ids, err
	}
}

func leads(app core.App, _ string) (ids []string, err error) {
	err = app.DB().Select("lead").From(Name(app, Teams)).Where(dbx.NewExp("[[lead]] != ''")).OrderBy("created", "id").Limit(chiefsMost).Column(&ids)
	return ids, err
}

// Present are, of those named, the people who are there and may see the cases of a
// team, each once; for one who is away stands whoever takes his place.
func Present(app core.App, team string, named ...string) ([]string, error) {
	var out []string
	for _, id := range named {
		id, err := StandIn(app, id, team)
		if err != nil {
			return nil, err
		}
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out, nil
}

// Listeners are who hears of something that is meant for those named: as [Present]
// says, else the [Chiefs], so that nothing is told to an empty chair.
func Listeners(app core.App, team string, named ...string) ([]string, error) {
	there, err := Present(app, team, named...)
	if err != nil || len(there) > 0 {
		return there, err
	}
	return Chiefs(app, team)
}

// StandIn is who takes the place of an agent on cases of a team: he himself while
// he is there, else his substitute, or the substitute's, and so on. "" where the
// chain ends with nobody who is there and may see such cases, or goes in a circle.
func StandIn(app core.App, agentID, team string) (string, error) {
	now := Now(app)
	seen := make([]string, 0, chainMost)
	for id := agentID; id != "" && !slices.Contains(seen, id) && len(seen) < chainMost; {
		seen = append(seen, id)
		agent, err := FindAgent(app, id)
		if errors.Is(err, sql.ErrNoRows) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		if !agent.Away(now) {
			serves, err := Serves(app, id, team)
			if serves || err != nil {
				return id, err
			}
			if id == agentID { // he is no part of this: nobody stands in for him
				return "", nil
			}
		}
		id = agent.GetString("substitute")
	}
	return "", nil
}
