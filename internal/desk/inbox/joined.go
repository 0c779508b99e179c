package inbox

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Joined is one merge or split as a case shows it. ID undoes it.
type Joined struct {
	ID        string `json:"id"`
	Kind      string `json:"kind"`   // case, contact or split
	Role      string `json:"role"`   // of the case: source or target
	Case      string `json:"case"`   // the other one's id; "" where the asker may not see it, and for contacts
	Number    int    `json:"number"` // of the other one
	Name      string `json:"name"`   // of the contact that was merged
	AgentName string `json:"agent_name"`
	Created   string `json:"created"`
}

// maxJoined is how many merges a screen shows.
const maxJoined = 20

// addMerges tells where a case went and what it took over.
func (v *CaseScreen) addMerges(app core.App, agent *desk.Agent, c *desk.Case, names map[string]string) error {
	v.Merges = []Joined{}
	if c.MergedInto() != "" {
		stands, err := desk.StandingCase(app, c.Id)
		if err != nil {
			return err
		}
		v.Merged = &Joined{Kind: desk.MergeCase, Role: "source"}
		if m, err := desk.MergeThatTook(app, desk.MergeCase, c.Id); err != nil {
			return err
		} else if m != nil {
			v.Merged.ID, v.Merged.AgentName, v.Merged.Created = m.Id, names[m.Agent()], m.GetString("created")
		}
		if agent.Sees(stands.Team()) {
			v.Merged.Case, v.Merged.Number = stands.Id, stands.Number()
		}
	}
	var rows []*core.Record
	one := []any{c.Id}
	if c.Contact() != "" {
		one = append(one, c.Contact())
	}
	err := app.RecordQuery(desk.Merges).AndWhere(dbx.In("target", one...)).AndWhere(dbx.HashExp{"undone_at": ""}).
		OrderBy("created DESC").Limit(maxJoined).All(&rows)
	if err != nil {
		return err
	}
	var split []*core.Record
	err = app.RecordQuery(desk.Merges).AndWhere(dbx.HashExp{"source": c.Id, "kind": desk.MergeSplit, "undone_at": ""}).
		OrderBy("created DESC").Limit(maxJoined).All(&split)
	if err != nil {
		return err
	}
	for _, r := range slices.Concat(rows, split) {
		v.Merges = append(v.Merges, joined(app, agent, c, desk.AsMerge(r), names))
	}
	return nil
}

func joined(app core.App, agent *desk.Agent, c *desk.Case, m *desk.Merge, names map[string]string) Joined {
	j := Joined{ID: m.Id, Kind: m.Kind(), Role: "target", AgentName: names[m.Agent()], Created: m.GetString("created")}
	other := m.Source()
	if other == c.Id {
		other, j.Role = m.Target(), "source"
	}
	if m.Kind() == desk.MergeContact {
		if r, err := app.FindRecordById(desk.Contacts, other); err == nil {
			j.Name = r.GetString("name")
		}
		return j
	}
	if o, err := desk.FindCase(app, other); err == nil && agent.Sees(o.Team()) {
		j.Case, j.Number = o.Id, o.Number()
	}
	return j
}

// addWriters names the persons of messages that a case of somebody else's brought along.
func addWriters(app core.App, c *desk.Case, entries []Entry) error {
	names := map[string]string{}
	var ids []any
	for _, e := range entries {
		id := e.GetString("contact")
		if _, known := names[id]; id == "" || id == c.Contact() || known {
			continue
		}
		names[id] = ""
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil
	}
	var rows []Person
	err := app.DB().Select("id", "name").From(desk.Name(app, desk.Contacts)).Where(dbx.In("id", ids...)).All(&rows)
	for _, r := range rows {
		names[r.ID] = r.Name
	}
	for i := range entries {
		entries[i].Writer = names[entries[i].GetString("contact")]
	}
	return err
}
