package service

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// MaxDays is how far back a report goes.
const MaxDays = 92

// patience is how long a report may take.
const patience = 20 * time.Second

// Count is what became of what was owed: kept in time, too late, and late by now
// without an end.
type Count struct {
	Met    int `json:"met"`
	Missed int `json:"missed"`
	Late   int `json:"late"`
}

func (c *Count) add(o Count) {
	c.Met += o.Met
	c.Missed += o.Missed
	c.Late += o.Late
}

// Counts are counts by what was owed: first_response, next_response, resolution.
type Counts map[string]*Count

func newCounts() Counts {
	return Counts{desk.FirstResponse: {}, desk.NextResponse: {}, desk.Resolution: {}}
}

// Of are the counts of one policy or team; "" is for cases without.
type Of struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Cases  int    `json:"cases"`
	Counts Counts `json:"counts"`
}

// Report says how well service levels were kept on the cases opened since a day.
type Report struct {
	Since    string `json:"since"`
	Cases    int    `json:"cases"` // that a policy fits
	Counts   Counts `json:"counts"`
	Policies []*Of  `json:"policies"`
	Teams    []*Of  `json:"teams"`
}

// mark is a [desk.Mark] as far as a report needs it: of many cases, so dates stay
// texts, which sort as they are.
type mark struct {
	Due    string `json:"due"`
	Ended  string `json:"ended"`
	Met    int    `json:"met"`
	Missed int    `json:"missed"`
}

type marks struct {
	First  mark `json:"first_response"`
	Next   mark `json:"next_response"`
	Solved mark `json:"resolution"`
}

// countMark is what became of one thing that a case owes.
func countMark(m *mark, rests bool, now string) Count {
	c := Count{Met: m.Met, Missed: m.Missed}
	switch {
	case m.Ended == desk.Met:
		c.Met++
	case m.Ended == desk.Missed:
		c.Missed++
	case !rests && m.Due != "" && m.Due < now:
		c.Late++
	}
	return c
}

// Report counts over the cases that the agent may see, opened in the last days; 1
// to [MaxDays].
func (s *Station) Report(ctx context.Context, agent *desk.Agent, days int) (*Report, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	now := desk.Now(s.app)
	out := &Report{Since: desk.Date(now.AddDate(0, 0, -min(max(days, 1), MaxDays))).String(), Counts: newCounts(), Policies: []*Of{}, Teams: []*Of{}}
	query := s.reportQuery(out.Since).WithContext(ctx)
	if !agent.SeesAll() {
		query.AndWhere(dbx.In("team", "", agent.Team()))
	}
	policies, err := names(s.app, desk.SLAPolicies, "position,created")
	if err != nil {
		return nil, err
	}
	teams, err := names(s.app, desk.Teams, "name")
	if err != nil {
		return nil, err
	}
	teams = append(teams, &Of{Counts: newCounts()})
	ofPolicy, ofTeam := byID(policies), byID(teams)
	rows, err := query.Rows()
	if err != nil {
		return nil, fmt.Errorf("report of service levels: %w", err)
	}
	defer rows.Close()
	moment := desk.Date(now).String()
	for rows.Next() {
		var policy, team, paused string
		var told sql.RawBytes
		if err := rows.Scan(&policy, &team, &paused, &told); err != nil {
			return nil, fmt.Errorf("report of service levels: %w", err)
		}
		var m marks
		_ = json.Unmarshal(told, &m) // what can't be read owes nothing
		out.Cases++
		counts := []*Counts{&out.Counts}
		for _, of := range []*Of{ofPolicy[policy], ofTeam[team]} {
			if of != nil {
				of.Cases++
				counts = append(counts, &of.Counts)
			}
		}
		for which, one := range map[string]*mark{desk.FirstResponse: &m.First, desk.NextResponse: &m.Next, desk.Resolution: &m.Solved} {
			n := countMark(one, paused != "", moment)
			for _, to := range counts {
				(*to)[which].add(n)
			}
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("report of service levels: %w", err)
	}
	out.Policies, out.Teams = used(policies), used(teams)
	return out, nil
}

// reportQuery goes by the index of dates: the plus keeps SQLite from reading all
// cases of all policies.
func (s *Station) reportQuery(since string) *dbx.SelectQuery {
	return s.app.DB().Select("policy", "team", "paused_at", "COALESCE([[told]], '')").From(desk.Name(s.app, desk.Cases)).
		Where(dbx.NewExp("[[created]] >= {:since} AND +[[policy]] != ''", dbx.Params{"since": since}))
}

func names(app core.App, collection, order string) ([]*Of, error) {
	rows, err := app.FindRecordsByFilter(collection, "", order, 500, 0)
	if err != nil {
		return nil, fmt.Errorf("report of service levels: %w", err)
	}
	var out []*Of
	for _, r := range rows {
		out = append(out, &Of{ID: r.Id, Name: r.GetString("name"), Counts: newCounts()})
	}
	return out, nil
}

func byID(list []*Of) map[string]*Of {
	out := map[string]*Of{}
	for _, of := range list {
		out[of.ID] = of
	}
	return out
}

// used leaves out what has no cases.
func used(list []*Of) []*Of {
	out := []*Of{}
	for _, of := range list {
		if of.Cases > 0 {
			out = append(out, of)
		}
	}
	return out
}
