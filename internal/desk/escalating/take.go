package escalating

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// mostTold is how many people one step tells.
const mostTold = 20

// take tells those of a step and returns whom. Nobody hears of a case that he may
// not see.
func (s *Station) take(tx core.App, c *desk.Case, run *Run, i int) ([]Told, error) {
	step := run.Took[i]
	switch {
	case step.To.Email != "":
		return s.write(tx, c, run, i)
	case step.To.Webhook != "":
		return s.send(tx, c, run, i)
	}
	return s.tell(tx, c, run, i, step.To)
}

// reaches tells whether a step from the given one on would tell anybody as things
// stand now.
func (s *Station) reaches(tx core.App, c *desk.Case, run *Run, from int) (bool, error) {
	for i := from; i < len(run.Took); i++ {
		to := run.Took[i].To
		switch {
		case to.Email != "":
			return true, nil
		case to.Webhook != "":
			if s.hook(tx, to.Webhook) != nil {
				return true, nil
			}
		default:
			people, err := audience(tx, c, run, i, to)
			if err != nil || len(people) > 0 {
				return true, err
			}
		}
	}
	return false, nil
}

// tell tells colleagues.
func (s *Station) tell(tx core.App, c *desk.Case, run *Run, i int, to To) ([]Told, error) {
	people, err := audience(tx, c, run, i, to)
	if err != nil {
		return nil, err
	}
	var told []Told
	for _, agent := range people {
		actor := run.GetString("agent")
		if agent.Id == actor {
			actor = "" // time reminds him, not he himself
		}
		err = desk.Notify(tx, desk.Notice{
			Agent: agent.Id, Kind: desk.NoticeEscalated, Case: c.Id, Actor: actor, Same: fmt.Sprintf("escalated:%s:%d", run.Id, i+1),
			Data: map[string]any{"run": run.Id, "name": run.GetString("name"), "step": i + 1, "note": desk.Clip(noteOf(run, i), maxNote)},
		})
		if err != nil {
			return nil, err
		}
		told = append(told, Told{Agent: agent.Id, Name: agent.Name()})
	}
	return told, nil
}

// audience are the colleagues whom a step tells. Whoever escalated by hand is
// among them only where a step that had to wait has nobody else: it reminds him.
func audience(tx core.App, c *desk.Case, run *Run, i int, to To) ([]*desk.Agent, error) {
	people, err := listeners(tx, c, to)
	if err != nil {
		return nil, err
	}
	var out, caller []*desk.Agent
	for _, id := range people {
		agent, err := desk.FindAgent(tx, id)
		switch {
		case err != nil: // gone
		case id == run.GetString("agent"):
			caller = append(caller, agent)
		default:
			out = append(out, agent)
		}
	}
	if len(out) == 0 && run.Took[i].After != "" {
		return caller, nil
	}
	return out, nil
}

// listeners are the people of a step who may see the case, each once. For one who
// is away whoever stands in for him hears of it as well; where none of them is
// there, those who answer for the team do.
func listeners(tx core.App, c *desk.Case, to To) ([]string, error) {
	var named []string
	var err error
	switch {
	case to.Lead:
		named, err = desk.Chiefs(tx, c.Team())
	case to.Team != "":
		err = tx.DB().Select("id").From(desk.Name(tx, desk.Agents)).
			Where(dbx.HashExp{"team": to.Team}).OrderBy("created", "id").Limit(mostTold).Column(&named)
	default:
		named = []string{to.Agent}
	}
	if err != nil {
		return nil, err
	}
	var out []string
	for _, id := range named {
		if serves, err := desk.Serves(tx, id, c.Team()); err != nil {
			return nil, err
		} else if serves {
			out = append(out, id)
		}
	}
	if len(out) == 0 { // nobody who may see it is named
		return nil, nil
	}
	there, err := desk.Listeners(tx, c.Team(), out...)
	for _, id := range there {
		if !slices.Contains(out, id) && len(out) < mostTold {
			out = append(out, id)
		}
	}
	return out, err
}

// send gives the case to a webhook, such as one that opens an issue elsewhere.
// The link back comes by [Station.Track].
func (s *Station) send(tx core.App, c *desk.Case, run *Run, i int) ([]Told, error) {
	hook := s.hook(tx, run.Took[i].To.Webhook)
	if hook == nil {
		return nil, nil
	}
	err := s.config.Webhook(tx, hook.Id, c.Id, map[string]any{
		"escalation": run.GetString("name"), "run": run.Id, "step": i + 1, "note": noteOf(run, i),
		"tracker": "/api/desk/cases/" + c.Id + "/tracker",
	})
	if err != nil {
		return nil, err
	}
	return []Told{{Name: hook.GetString("name")}}, nil
}

// hook is a webhook that can be sent to; nil for one that is gone or switched off.
func (s *Station) hook(tx core.App, id string) *core.Record {
	hook, err := tx.FindRecordById(desk.Webhooks, id)
	if err != nil || s.config.Webhook == nil || !hook.GetBool("enabled") {
		return nil
	}
	return hook
}
