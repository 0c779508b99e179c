package inbox

import (
	"context"
	"errors"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Step is where an agent goes next.
type Step struct {
	Case string `json:"case"` // "" when nothing is left
	Why  string `json:"why"`  // late, due, waiting, unassigned or ""
}

// nextLook is how many cases are passed over, because somebody else writes in
// them, before others are looked for.
const nextLook = 25

// Next finds the most urgent case that is the agent's, and when there is none one
// that nobody has. after is the case that he comes from, or "": he goes on behind
// it, and at the end begins anew. taken tells of cases that somebody else writes
// in.
func Next(app core.App, agent *desk.Agent, after string, taken func(id string) bool) (Step, error) {
	mine, nobodys, err := nextWalks(app, agent)
	if err != nil {
		return Step{}, err
	}
	here, err := rowOf(app, after)
	if err != nil {
		return Step{}, err
	}
	type leg struct {
		walk
		from place
		own  bool
	}
	legs := []leg{{mine, place{}, true}, {nobodys, place{}, false}}
	if !agent.Sees(here.Team) {
		here = Row{} // where it stands is nothing to him
	}
	isOpen := here.Status == desk.Unread || here.Status == desk.Open
	switch {
	case isOpen && here.Assignee == agent.Id:
		legs = []leg{{mine, mine.placeAt(here), true}, {nobodys, place{}, false}, {mine, place{}, true}}
	case isOpen && here.Assignee == "":
		legs = []leg{{nobodys, nobodys.placeAt(here), false}, {mine, place{}, true}, {nobodys, place{}, false}}
	}
	for _, l := range legs {
		rows, err := l.read(context.Background(), app, l.from, nextLook)
		if err != nil {
			return Step{}, err
		}
		for _, r := range rows {
			if r.ID != after && !taken(r.ID) {
				return Step{r.ID, why(app, r, l.own)}, nil
			}
		}
	}
	return Step{}, nil
}

func nextWalks(app core.App, agent *desk.Agent) (mine, nobodys walk, err error) {
	var queues [2]queue
	for i, name := range []string{"mine", "unassigned"} {
		if queues[i], err = queueOf(app, name, agent); err != nil {
			return mine, nobodys, err
		}
	}
	mine, err1 := Query{}.walk(app, agent, queues[0])
	nobodys, err2 := Query{}.walk(app, agent, queues[1])
	return mine, nobodys, errors.Join(err1, err2)
}

// rowOf is a case as a place to go on from; a blank one for none.
func rowOf(app core.App, id string) (Row, error) {
	var rows []Row
	err := app.DB().Select(columns).From("{{" + desk.Name(app, desk.Cases) + "}} c").Where(dbx.HashExp{"c.id": id}).Limit(1).All(&rows)
	if err != nil || len(rows) == 0 {
		return Row{}, err
	}
	return rows[0], nil
}

func why(app core.App, r Row, own bool) string {
	switch {
	case r.DueAt != "" && r.DueAt < desk.Date(desk.Now(app)).String():
		return "late"
	case !own:
		return "unassigned"
	case r.DueAt != "":
		return "due"
	}
	return "waiting"
}
