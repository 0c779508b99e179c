package desk

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// meanwhileMost bounds how many lines of the audit trail [Meanwhile.Harmless] reads.
const meanwhileMost = 200

// Meanwhile is what somebody is about to do to a case that he saw some time ago.
//
//	ok, err := desk.Meanwhile{Case: id, Seen: 7, Now: 9, Agent: agent.Id, Fields: []string{"category"}}.Harmless(app)
type Meanwhile struct {
	Case      string
	Seen, Now int      // versions: the one that he had before him, and the one that the case has
	Agent     string   // id of whoever wants to change it
	Fields    []string // that he sets
}

// Harmless tells whether he may go on, though the case has another version by
// now: everything since was done by the system (rules, assignment, the model) or
// by himself, nothing of it touched what he sets, and the visitor said nothing.
// A version of which the audit trail tells nothing is not harmless.
func (m Meanwhile) Harmless(app core.App) (bool, error) {
	if m.Seen == m.Now {
		return true, nil
	}
	var lines []struct {
		Version int                `db:"version"`
		Kind    string             `db:"kind"`
		Actor   string             `db:"actor"`
		After   types.JSONMap[any] `db:"after"`
	}
	err := app.DB().Select("version", "kind", "actor", "COALESCE([[after]], '{}') AS after").From(Name(app, Events)).
		Where(dbx.HashExp{"case": m.Case}).
		AndWhere(dbx.NewExp("[[version]] > {:seen} AND [[version]] > 0", dbx.Params{"seen": m.Seen})).
		OrderBy("version", "rowid").Limit(meanwhileMost + 1).All(&lines)
	if err != nil {
		return false, fmt.Errorf("what happened meanwhile: %w", err)
	}
	if len(lines) > meanwhileMost {
		return false, nil
	}
	at := m.Seen
	for _, l := range lines {
		if l.Version > at+1 || l.Actor != "" && l.Actor != m.Agent || byVisitor(l.Kind) {
			return false, nil
		}
		at = l.Version
		for _, field := range m.Fields {
			if _, set := l.After[field]; set || field == l.Kind {
				return false, nil
			}
		}
	}
	return at == m.Now, nil
}

// byVisitor tells whether a line of the audit trail is about a visitor's own doing.
func byVisitor(kind string) bool {
	return slices.Contains([]string{"visitor_wrote", "visitor_solved"}, kind)
}
