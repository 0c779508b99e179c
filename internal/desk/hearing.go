package desk

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// How far somebody hears of what visitors do. Of a case that somebody has, only he
// hears, unless he chose [HearOff].
const (
	HearOff  = "off"
	HearMine = "mine" // answers on his own cases
	HearTeam = "team" // also new cases of his team or of none, and answers on those that nobody has
	HearAll  = "all"  // also those of other teams, as far as he may see them
)

// fewPeople is how many people a shop has at most in which everybody hears of all
// that visitors do: in a larger one that would be noise.
const fewPeople = 3

// Hearing is what somebody hears of visitors.
type Hearing struct {
	NewCases string `json:"new_cases"`
	Answered string `json:"answered"`
	Sound    bool   `json:"sound"`
}

// HearingUsually is what somebody hears who chose nothing, in a shop of so many people.
func HearingUsually(people int) Hearing {
	if people <= fewPeople {
		return Hearing{HearAll, HearAll, true}
	}
	return Hearing{HearOff, HearMine, false}
}

// Hearing is what the person hears; usual is for what he did not choose.
func (a *Agent) Hearing(usual Hearing) Hearing {
	b := a.Bell()
	if b.NewCases != "" {
		usual.NewCases = b.NewCases
	}
	if b.Answered != "" {
		usual.Answered = b.Answered
	}
	if b.Sound != nil {
		usual.Sound = *b.Sound
	}
	return usual
}

// HearsOf tells whether a choice holds for what belongs to nobody yet, in a team.
func (a *Agent) HearsOf(choice, team string) bool {
	switch choice {
	case HearTeam:
		return team == "" || team == a.Team()
	case HearAll:
		return a.Sees(team)
	}
	return false
}

// People are all who work at the Desk: agents with a role, but for integrations,
// and the superusers who have worked there.
func People(app core.App) ([]*Agent, error) {
	var rows []*core.Record
	err := app.RecordQuery(Agents).
		AndWhere(dbx.NewExp("[[role]] != {:integration} AND ([[role]] != '' OR EXISTS (SELECT 1 FROM {{"+core.CollectionNameSuperusers+"}} s WHERE [[s.email]] = {{"+Name(app, Agents)+"}}.[[email]]))",
			dbx.Params{"integration": RoleIntegration})).
		OrderBy("created", "id").All(&rows)
	if err != nil {
		return nil, fmt.Errorf("people at the Desk: %w", err)
	}
	out := make([]*Agent, len(rows))
	for i, r := range rows {
		out[i] = asAgent(r, r.GetString("role") == "")
	}
	return out, nil
}
