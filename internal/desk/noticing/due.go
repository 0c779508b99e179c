package noticing

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// line is a case in the daily mail.
type line struct {
	ID      string `db:"id"`
	Number  int    `db:"number"`
	Subject string `db:"subject"`
	Note    string `db:"note"`
	At      string `db:"at"`
}

// due is what a person's day holds. A case stands in one list only.
type due struct {
	promised, followUps, late, today []line
	unassigned                       int
}

func (d due) empty() bool {
	return len(d.promised)+len(d.followUps)+len(d.late)+len(d.today)+d.unassigned == 0
}

// mostLines bounds each list; more than that is no day's work.
const mostLines = 200

// mostUnassigned is where counting ends.
const mostUnassigned = 999

const openStatus = "([[c.status]] = 'new' OR [[c.status]] = 'open')"

// gather finds what is due for an agent by the end of the day. Every case passes
// his team.
func gather(app core.App, agent *desk.Agent, now time.Time) (due, error) {
	var d due
	end := desk.Date(time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, now.Location())).String()
	at := desk.Date(now).String()
	seen := map[string]bool{}
	for _, part := range []struct {
		into  *[]line
		query *dbx.SelectQuery
	}{
		{&d.promised, cases(app, agent, "p.due_at", "('')").
			InnerJoin(desk.Name(app, desk.Promises)+" p", dbx.NewExp("[[p.case]] = [[c.id]]")).
			AndWhere(dbx.NewExp("[[p.state]] = 'open' AND [[p.due_at]] < {:end}", dbx.Params{"end": end})).
			AndWhere(dbx.NewExp("[[c.status]] NOT IN ('resolved', 'closed') AND ([[c.assignee]] = {:me} OR ([[c.assignee]] = '' AND [[p.agent]] = {:me}))", dbx.Params{"me": agent.Id}))},
		{&d.followUps, cases(app, agent, "c.follow_up_at", "([[c.follow_up_note]])").
			AndWhere(dbx.NewExp("[[c.follow_up_at]] != '' AND [[c.follow_up_at]] < {:end}", dbx.Params{"end": end})).
			AndWhere(dbx.NewExp("([[c.follow_up_for]] = {:me} OR ([[c.follow_up_for]] = '' AND [[c.assignee]] = {:me}))", dbx.Params{"me": agent.Id}))},
		{&d.late, cases(app, agent, "c.due_at", "('')").
			AndWhere(dbx.NewExp(openStatus+" AND [[c.assignee]] = {:me} AND [[c.due_at]] != '' AND [[c.due_at]] <= {:now}", dbx.Params{"me": agent.Id, "now": at}))},
		{&d.today, cases(app, agent, "c.due_at", "('')").
			AndWhere(dbx.NewExp(openStatus+" AND [[c.assignee]] = {:me} AND [[c.due_at]] > {:now} AND [[c.due_at]] < {:end}", dbx.Params{"me": agent.Id, "now": at, "end": end}))},
	} {
		var rows []line
		if err := part.query.All(&rows); err != nil {
			return d, err
		}
		for _, l := range rows {
			if !seen[l.ID] {
				seen[l.ID] = true
				*part.into = append(*part.into, l)
			}
		}
	}
	var free []string
	err := cases(app, agent, "c.due_at", "('')").Select("c.id").
		AndWhere(dbx.NewExp(openStatus + " AND [[c.assignee]] = ''")).OrderBy().Limit(mostUnassigned).Column(&free)
	d.unassigned = len(free)
	return d, err
}

// cases are those c that the agent may see, in the order of a time.
func cases(app core.App, agent *desk.Agent, at, note string) *dbx.SelectQuery {
	q := app.DB().Select("c.id", "c.number", "c.subject", note+" AS note", at+" AS at").
		From(desk.Name(app, desk.Cases) + " c").OrderBy(at).Limit(mostLines)
	if !agent.SeesAll() {
		q.Where(dbx.In("c.team", "", agent.Team()))
	}
	return q
}
