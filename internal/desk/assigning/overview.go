package assigning

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Member is one person as the overview shows him.
type Member struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Role       string         `json:"role"`
	Team       string         `json:"team"`
	Open       int            `json:"open"`     // cases that are his turn
	Capacity   int            `json:"capacity"` // 0 is no limit
	NoTurn     bool           `json:"no_turn"`
	Skills     Skills         `json:"skills"`
	Away       bool           `json:"away"` // now
	AwayFrom   types.DateTime `json:"away_from"`
	AwayUntil  types.DateTime `json:"away_until"`
	Substitute string         `json:"substitute"`
	OnLeave    string         `json:"on_leave"`
	// StandIn is who gets his cases now that he is away; "" is nobody.
	StandIn string `json:"stand_in"`
}

// TeamView is one team with how its cases find somebody.
type TeamView struct {
	ID string `json:"id"` // "" for the cases without a team
	desk.Assignment
	Unassigned int      `json:"unassigned"` // open cases that nobody has, up to 1000
	Waiting    int      `json:"waiting"`    // of them those that wait for somebody with room
	Turn       []string `json:"turn"`       // who gets the next ones in turn: ids
}

// Absence is somebody who is away now.
type Absence struct {
	ID      string         `json:"id"`
	Until   types.DateTime `json:"until"`    // empty: nobody knows yet
	StandIn string         `json:"stand_in"` // "" is nobody
}

// Overview is who has how much. Absent are all who are away, of whatever team.
type Overview struct {
	Teams  []TeamView `json:"teams"`
	People []Member   `json:"people"`
	Absent []Absence  `json:"absent"`
}

// Look gives the overview that an agent may see: his own team, the cases without
// one, and the people of both; supervisors, admins and integrations see all.
func (s *Station) Look(agent *desk.Agent) (*Overview, error) {
	r, err := newRound(s.app)
	if err != nil {
		return nil, err
	}
	if err := r.count(); err != nil {
		return nil, err
	}
	out := &Overview{Teams: []TeamView{}, People: []Member{}, Absent: []Absence{}}
	for _, p := range r.list {
		works, err := r.serves(p.ID, p.Team)
		if err != nil {
			return nil, err
		}
		if !works {
			continue
		}
		m, err := r.member(p)
		if err != nil {
			return nil, err
		}
		if m.Away {
			out.Absent = append(out.Absent, Absence{m.ID, m.AwayUntil, m.StandIn})
		}
		if agent.Sees(p.Team) {
			out.People = append(out.People, m)
		}
	}
	var teams []string
	if err := s.app.DB().Select("id").From(desk.Name(s.app, desk.Teams)).OrderBy("name", "id").Column(&teams); err != nil {
		return nil, fmt.Errorf("teams: %w", err)
	}
	for _, id := range append(teams, "") {
		if !agent.Sees(id) {
			continue
		}
		t, err := r.team(id)
		if err != nil {
			return nil, err
		}
		out.Teams = append(out.Teams, t)
	}
	return out, nil
}

func (r *round) member(p *person) (Member, error) {
	m := Member{
		ID: p.ID, Name: p.Name, Role: p.Role, Team: p.Team, Open: p.open, Capacity: p.Capacity, NoTurn: p.NoTurn, Skills: p.skills,
		Away: p.away(r.now), AwayFrom: p.From, AwayUntil: p.Until, Substitute: p.Substitute, OnLeave: p.OnLeave,
	}
	var err error
	if m.Away {
		m.StandIn, err = r.standIn(p.ID, p.Team)
	}
	return m, err
}

// unassignedMost bounds what is counted.
const unassignedMost = 1000

func (r *round) team(id string) (TeamView, error) {
	t := TeamView{ID: id, Turn: []string{}}
	var err error
	if t.Assignment, err = r.mode(id); err != nil {
		return t, err
	}
	pool, err := r.pool(id)
	if err != nil {
		return t, err
	}
	if t.Auto() {
		for _, p := range pool {
			t.Turn = append(t.Turn, p.ID)
		}
	}
	err = r.app.DB().NewQuery("SELECT COUNT(*), COALESCE(SUM([[queued_at]] != ''), 0) FROM (SELECT [[queued_at]] FROM {{"+desk.Name(r.app, desk.Cases)+"}}"+
		" WHERE ([[status]] = 'new' OR [[status]] = 'open') AND [[assignee]] = '' AND [[team]] = {:team} LIMIT {:most})").
		Bind(dbx.Params{"team": id, "most": unassignedMost}).Row(&t.Unassigned, &t.Waiting)
	if err != nil {
		return t, fmt.Errorf("cases of a team: %w", err)
	}
	return t, nil
}
