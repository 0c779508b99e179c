package ruling

import (
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// said is who said last to which team and to whom a case belongs, and when it
// comes back, as far as it was a person; and whether its assignee is at work on it.
type said struct {
	Case     string `db:"case"`
	Team     word   `db:"team"`
	Assignee word   `db:"assignee"`
	FollowUp word   `db:"follow_up"`
	Busy     bool   `db:"busy"` // who has it did something on it since he got it
}

// word is a line of the audit trail about one field.
type word struct {
	Row     int64  `db:"row"`
	Version int    `db:"version"`
	Actor   string `db:"actor"` // "": the system, or nobody yet
}

// saidOf reads who said what on some cases, in one query: by the index of a case's
// lines, whatever the planner thinks of that of kinds (hence the +).
func saidOf(app core.App, ids ...any) (map[string]said, error) {
	events := "{{" + desk.Name(app, desk.Events) + "}} e"
	columns := []string{"c.id AS case"}
	last := func(what, kind string) string {
		return "(SELECT " + what + " FROM " + events + " WHERE [[e.case]] = [[c.id]] AND +[[e.kind]] = '" + kind + "' ORDER BY [[e.created]] DESC, e.rowid DESC LIMIT 1)"
	}
	for _, kind := range []string{"team", "assignee", "follow_up"} {
		columns = append(columns,
			"COALESCE("+last("e.rowid", kind)+", 0) AS "+kind+".row",
			"COALESCE("+last("[[e.version]]", kind)+", 0) AS "+kind+".version",
			"COALESCE("+last("[[e.actor]]", kind)+", '') AS "+kind+".actor")
	}
	columns = append(columns, "([[c.assignee]] != '' AND EXISTS (SELECT 1 FROM "+events+" WHERE [[e.case]] = [[c.id]] AND [[e.actor]] = [[c.assignee]] AND [[e.created]] >= COALESCE("+
		last("[[e.created]]", "assignee")+", ''))) AS busy")
	var rows []said
	err := app.DB().Select(columns...).From("{{" + desk.Name(app, desk.Cases) + "}} c").Where(dbx.In("c.id", ids...)).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("who said so: %w", err)
	}
	out := make(map[string]said, len(rows))
	for _, r := range rows {
		out[r.Case] = r
	}
	return out, nil
}

// cause is the change by staff that a rule of [StaffChanged] is about.
type cause struct {
	ID      string `db:"id"`
	Row     int64  `db:"row"`
	Version int    `db:"version"`
	Kind    string `db:"kind"`
	Actor   string `db:"actor"`
}

// causesOf reads lines of the audit trail.
func causesOf(app core.App, ids ...any) (map[string]cause, error) {
	var rows []cause
	err := app.DB().Select("id", "rowid AS row", "version", "kind", "actor").From(desk.Name(app, desk.Events)).Where(dbx.In("id", ids...)).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("what staff changed: %w", err)
	}
	out := make(map[string]cause, len(rows))
	for _, r := range rows {
		out[r.ID] = r
	}
	return out, nil
}

// after tells whether staff changed what the rule asks about later than a person's
// word on a field: then the later one counts, which is what the rule follows from.
// What was said in the same go is no earlier word.
func (c cause) after(r *Rule, w word) bool {
	facts := []string{"subject", "category", "priority", "status", "team", "tags", "sentiment"}
	asked := r.eachChange || slices.Contains(r.looksAt, c.Kind)
	return asked && slices.Contains(facts, c.Kind) && c.Row > w.Row && (c.Version == 0 || c.Version != w.Version)
}

// held tells whether somebody is at work on a case, so that no rule takes it from
// him unless it says so: he took it or was given it by hand, or did something on it
// since he has it. Whoever changed just now what the rule asks about hands it over
// himself, and who may not have it any more holds nothing.
func (s sight) held(c *desk.Case) (bool, error) {
	if c.Assignee() == "" {
		return false, nil
	}
	serves, err := s.serves(c.Assignee(), c.Team())
	if err != nil || !serves {
		return false, err
	}
	who, err := s.said(c.Id)
	if err != nil || who.Assignee.Actor == "" && !who.Busy {
		return false, err
	}
	cause, err := s.cause()
	if err != nil {
		return false, err
	}
	return cause.Actor != c.Assignee() || !cause.after(s.rule, who.Assignee), nil
}

// planTeam moves a case to a team, unless a person chose the one that it has, or
// somebody is at work on it who could not have it there.
func (s sight) planTeam(c *desk.Case, one step, d *Deed) error {
	was := c.Team()
	if was == one.value || one.even {
		set(c, "team", one.value, d)
		return nil
	}
	d.Value, d.Was = one.value, was
	if was != "" {
		who, err := s.said(c.Id)
		if err != nil {
			return err
		}
		cause, err := s.cause()
		if err != nil {
			return err
		}
		if who.Team.Actor != "" && !cause.after(s.rule, who.Team) {
			d.Skip = SkipOutranked
			return nil
		}
	}
	held, err := s.held(c)
	if held && err == nil {
		held, err = s.serves(c.Assignee(), one.value)
		if held = !held; held {
			d.Skip, d.Was = SkipTaken, c.Assignee()
		}
	}
	if err == nil && !held {
		set(c, "team", one.value, d)
	}
	return err
}

// planAssign gives a case to somebody. Who has it keeps it while he is at work on it.
func (e *Engine) planAssign(look sight, c *desk.Case, one step, d *Deed) error {
	if one.value == "auto" {
		return e.planTurn(look, c, one, d)
	}
	to := one.value
	if to == "lead" {
		chiefs, err := look.chiefs(c.Team())
		if err != nil || len(chiefs) == 0 {
			d.Value, d.Skip = "lead", SkipNobody
			return err
		}
		to = chiefs[0]
	}
	d.Value, d.Was = to, c.Assignee()
	if to != "" {
		serves, err := look.serves(to, c.Team())
		if err != nil || !serves {
			d.Skip = SkipNoSuch
			return err
		}
	}
	if to != c.Assignee() && !one.even {
		held, err := look.held(c)
		if err != nil || held {
			d.Skip = SkipTaken
			return err
		}
	}
	set(c, "assignee", to, d)
	return nil
}

// planTurn asks assignment whose turn it is. A case that somebody has stays with
// him, unless the rule says otherwise, or he himself made it another team's.
func (e *Engine) planTurn(look sight, c *desk.Case, one step, d *Deed) error {
	d.Value, d.Was = "auto", c.Assignee()
	d.off(e.Assign == nil)
	if c.Assignee() == "" || d.Skip != "" {
		return nil
	}
	leaves := one.even
	if !leaves {
		cause, err := look.cause()
		if err != nil {
			return err
		}
		who, err := look.said(c.Id)
		if err != nil {
			return err
		}
		team, err := look.members(c.Team())
		if err != nil {
			return err
		}
		leaves = cause.Actor == c.Assignee() && cause.after(look.rule, who.Assignee) && c.Team() != "" && !slices.Contains(team, c.Assignee())
	}
	if !leaves {
		d.Skip = SkipTaken
		return nil
	}
	c.Set("assignee", "") // whoever is next takes it in the same commit
	return nil
}
