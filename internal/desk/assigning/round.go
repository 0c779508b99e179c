package assigning

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// round is one look at all people, and what was given since: what one case of a
// transaction gets the next one knows.
type round struct {
	app    core.App
	now    time.Time
	people map[string]*person
	list   []*person
	modes  map[string]desk.Assignment
	open   bool // open cases are counted
	by     string
	actor  string
}

func newRound(app core.App) (*round, error) {
	list, err := people(app)
	if err != nil {
		return nil, err
	}
	r := &round{app: app, now: desk.Now(app), list: list, people: map[string]*person{}, modes: map[string]desk.Assignment{}, by: By}
	for _, p := range list {
		r.people[p.ID] = p
	}
	return r, nil
}

func (r *round) mode(team string) (desk.Assignment, error) {
	if m, ok := r.modes[team]; ok {
		return m, nil
	}
	m, err := desk.AssignmentOf(r.app, team)
	if err == nil {
		r.modes[team] = m
	}
	return m, err
}

// count finds how many cases are each person's turn, once.
func (r *round) count() error {
	if r.open {
		return nil
	}
	r.open = true
	var rows []struct {
		ID string `db:"assignee"`
		N  int    `db:"n"`
	}
	err := r.app.DB().Select("assignee", "COUNT(*) AS n").
		From("{{" + desk.Name(r.app, desk.Cases) + "}} INDEXED BY [[idx_" + desk.Cases + "_open_by]]").
		Where(dbx.NewExp("([[status]] = 'new' OR [[status]] = 'open') AND [[assignee]] > ''")). // as in the partial index
		GroupBy("assignee").All(&rows)
	if err != nil {
		return fmt.Errorf("open cases by person: %w", err)
	}
	for _, row := range rows {
		if p := r.people[row.ID]; p != nil {
			p.open = row.N
		}
	}
	return nil
}

// serves tells whether a person may have cases of a team, there or not.
func (r *round) serves(id, team string) (bool, error) {
	p := r.people[id]
	switch {
	case p == nil:
		return false, nil
	case p.Role == "": // a superuser, or somebody who has left
		return desk.Serves(r.app, id, team)
	}
	return p.works() && (p.Role != desk.RoleAgent || team == "" || team == p.Team), nil
}

// standIn is who takes the place of somebody who is away: his substitute, or the
// substitute's while that one is away too, and so on. "" where it ends with
// nobody, or where all of a circle are away.
func (r *round) standIn(id, team string) (string, error) {
	seen := map[string]bool{id: true}
	for at := r.people[id]; at != nil; {
		next := r.people[at.Substitute]
		if next == nil || seen[next.ID] {
			return "", nil
		}
		seen[next.ID] = true
		if !next.away(r.now) {
			ok, err := r.serves(next.ID, team)
			if err != nil || ok {
				return next.ID, err
			}
		}
		at = next // away, or not of this team: whoever stands in for him may be
	}
	return "", nil
}

// read is a case as it stands; nil for one that is gone.
func (r *round) read(caseID string) (*desk.Case, error) {
	c, err := desk.FindCase(r.app, caseID)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return c, err
}
