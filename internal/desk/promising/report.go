package promising

import (
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Tally counts promises. Rate is the part that was kept, from 0 to 1; nil where
// none is settled.
type Tally struct {
	Agent     string   `json:"id,omitempty"`
	Name      string   `json:"name,omitempty"`
	Kept      int      `json:"kept"`
	Broken    int      `json:"broken"`
	Withdrawn int      `json:"withdrawn"`
	Open      int      `json:"open"`
	Rate      *float64 `json:"rate"`
}

// Report is how promises went that were due in the last days, and what is open.
type Report struct {
	Tally
	Late    int     `json:"late"` // broken ones on cases that still wait for their answer
	Days    int     `json:"days"`
	ByAgent []Tally `json:"by_agent"`
}

// maxDays is how far a report looks back.
const maxDays = 366

// ReportFor counts the agent's own promises, or everybody's for those who see all.
func ReportFor(app core.App, agent *desk.Agent, days int) (Report, error) {
	if days < 1 {
		days = 30
	}
	out := Report{Days: min(days, maxDays), ByAgent: []Tally{}}
	since := desk.Date(desk.Now(app).Add(-time.Duration(out.Days) * 24 * time.Hour)).String()
	var rows []struct {
		Agent string `db:"agent"`
		State string `db:"state"`
		N     int    `db:"n"`
	}
	q := app.DB().Select("agent", "state", "COUNT(*) AS n").From(desk.Name(app, desk.Promises)).
		Where(dbx.NewExp("([[state]] = 'open' OR ([[state]] IN ('kept', 'broken', 'withdrawn') AND [[due_at]] >= {:since}))", dbx.Params{"since": since})).
		GroupBy("agent", "state")
	if !agent.SeesAll() {
		q.AndWhere(dbx.HashExp{"agent": agent.Id})
	}
	if err := q.All(&rows); err != nil {
		return out, err
	}
	by := map[string]*Tally{}
	for _, r := range rows {
		if by[r.Agent] == nil {
			by[r.Agent] = &Tally{Agent: r.Agent, Name: nameOf(app, r.Agent)}
		}
		by[r.Agent].add(r.State, r.N)
		out.add(r.State, r.N)
	}
	for _, t := range by {
		t.rate()
		out.ByAgent = append(out.ByAgent, *t)
	}
	slices.SortFunc(out.ByAgent, func(a, b Tally) int {
		if d := b.Kept + b.Broken - a.Kept - a.Broken; d != 0 {
			return d
		}
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	out.rate()
	return out, late(app, agent, since, &out.Late)
}

func late(app core.App, agent *desk.Agent, since string, n *int) error {
	q := app.DB().Select("COUNT(*)").From(desk.Name(app, desk.Promises)+" p").
		InnerJoin(desk.Name(app, desk.Cases)+" c", dbx.NewExp("[[c.id]] = [[p.case]]")).
		Where(dbx.NewExp("[[p.state]] = 'broken' AND [[p.due_at]] >= {:since} AND [[p.answer]] = '' AND [[c.status]] NOT IN ('resolved', 'closed')", dbx.Params{"since": since}))
	if !agent.SeesAll() {
		q.AndWhere(dbx.HashExp{"p.agent": agent.Id})
	}
	return q.Row(n)
}

func (t *Tally) add(state string, n int) {
	switch state {
	case desk.PromiseKept:
		t.Kept += n
	case desk.PromiseBroken:
		t.Broken += n
	case desk.PromiseWithdrawn:
		t.Withdrawn += n
	case desk.PromiseOpen:
		t.Open += n
	}
}

func (t *Tally) rate() {
	if all := t.Kept + t.Broken; all > 0 {
		part := float64(t.Kept) / float64(all)
		t.Rate = &part
	}
}

func nameOf(app core.App, agent string) string {
	r, err := app.FindRecordById(desk.Agents, agent)
	if err != nil {
		return ""
	}
	return r.GetString("name")
}
