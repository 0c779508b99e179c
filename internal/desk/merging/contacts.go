package merging

import (
	"maps"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// contactFields are the fields of a contact that a merge may change.
func contactFields() []string {
	return []string{"name", "locale", "note", "tags", "blocked", "member_since", "first_seen", "last_seen", "merged_into"}
}

// maxNote and maxTags are what the fields of a contact hold.
const (
	maxNote = 10_000
	maxTags = 100
)

// people are two contacts that may be merged.
type people struct {
	source, target *desk.Contact
	remarks
}

// findPeople finds both contacts. They belong to no team, as their addresses do:
// who knows both may merge them ([desk.Agent.Knows]). The cases stay with their teams.
func findPeople(app core.App, agent *desk.Agent, r Request) (*people, error) {
	if r.Source == r.Target {
		return nil, refuse(Same)
	}
	p := &people{}
	for id, to := range map[string]**desk.Contact{r.Source: &p.source, r.Target: &p.target} {
		c, err := app.FindRecordById(desk.Contacts, id)
		if err != nil {
			return nil, refuse(Gone)
		}
		if err := known(app, agent, id); err != nil {
			return nil, err
		}
		*to = desk.AsContact(c)
	}
	if p.source.MergedInto() != "" || p.target.MergedInto() != "" {
		return nil, refuse(Merged)
	}
	now := p.seen()
	if r.Seen.Source != "" && r.Seen.Source != now.Source || r.Seen.Target != "" && r.Seen.Target != now.Target {
		return nil, refuse(Changed)
	}
	return p, nil
}

// known refuses people of whom the agent sees no case.
func known(app core.App, agent *desk.Agent, contacts ...string) error {
	for _, id := range contacts {
		knows, err := agent.Knows(app, id)
		if err != nil {
			return err
		}
		if !knows {
			return refuse(Gone)
		}
	}
	return nil
}

func (p *people) seen() Seen {
	return Seen{p.source.GetString("updated"), p.target.GetString("updated")}
}

// mix makes the two records what they are after the merge. Where both say
// something the target's word stays; another name is kept in its note.
func (p *people) mix(app core.App) error {
	s, t := p.source, p.target
	settings, err := desk.LoadSettings(app)
	if err != nil {
		return err
	}
	note := t.GetString("note")
	switch {
	case t.Name() == "":
		t.Set("name", s.Name())
	case s.Name() != "" && s.Name() != t.Name():
		p.differ("name", t.Name(), s.Name())
		note = joinLines(note, alsoCalled(settings.Locale, s.Name()))
	}
	note = joinLines(note, s.GetString("note"))
	if len([]rune(note)) > maxNote {
		p.warn("note_cut", nil)
	}
	t.Set("note", desk.Clip(note, maxNote))
	if tags := union(tagsOf(t), tagsOf(s)); len(tags) > len(tagsOf(t)) {
		t.Set("tags", tags)
	}
	if s.Locale() != "" && t.Locale() != "" && s.Locale() != t.Locale() {
		p.differ("locale", t.Locale(), s.Locale())
	} else if t.Locale() == "" {
		t.Set("locale", s.Locale())
	}
	if a, b := s.GetBool("blocked"), t.GetBool("blocked"); a != b {
		p.differ("blocked", b, a)
	}
	t.Set("member_since", earlier(s.GetDateTime("member_since"), t.GetDateTime("member_since")))
	t.Set("first_seen", earlier(s.GetDateTime("first_seen"), t.GetDateTime("first_seen")))
	t.Set("last_seen", later(s.GetDateTime("last_seen"), t.GetDateTime("last_seen")))
	return p.warnOfTrust(app)
}

// warnOfTrust says that addresses which were proven of one person count as proven
// of the other from then on, because staff say that the two are one.
func (p *people) warnOfTrust(app core.App) error {
	for _, c := range []*desk.Contact{p.source, p.target} {
		n, err := app.CountRecords(desk.Identities, dbx.HashExp{"contact": c.Id, "state": desk.StateVerified})
		if err != nil {
			return err
		}
		if n > 0 {
			p.warn("trust", map[string]any{"name": c.Name(), "n": n})
			break
		}
	}
	var names []struct {
		N int `db:"n"`
	}
	err := app.DB().Select("COUNT(DISTINCT [[contact]]) AS n").From(desk.Name(app, desk.Identities)).
		Where(dbx.HashExp{"contact": []any{p.source.Id, p.target.Id}, "kind": desk.KindMember}).All(&names)
	if err == nil && len(names) == 1 && names[0].N > 1 {
		p.warn("two_members", nil) // the shop knows them as two
	}
	return err
}

func tagsOf(c *desk.Contact) []string {
	var list []string
	_ = c.UnmarshalJSONField("tags", &list)
	return list
}

func union(a, b []string) []string {
	for _, tag := range b {
		if !slices.Contains(a, tag) && len(a) < maxTags {
			a = append(a, tag)
		}
	}
	return a
}

func joinLines(a, b string) string { return strings.Trim(a+"\n"+b, "\n") }

// alsoCalled is for staff, in the language of the shop.
func alsoCalled(locale, name string) string {
	switch locale {
	case "zh-TW", "zh-CN":
		return "又名：" + name
	case "ja":
		return "別名：" + name
	}
	return "Also: " + name
}

func previewContacts(app core.App, agent *desk.Agent, r Request) (*Preview, error) {
	p, err := findPeople(app, agent, r)
	if err != nil {
		return nil, err
	}
	out := &Preview{Kind: r.Kind, Seen: p.seen(), Conflicts: []Remark{}, Warnings: []Remark{}}
	if out.Source, err = sideOfPerson(app, p.source); err != nil {
		return nil, err
	}
	if out.Target, err = sideOfPerson(app, p.target); err != nil {
		return nil, err
	}
	if out.Counts, err = countPerson(app, agent, p.source.Id); err != nil {
		return nil, err
	}
	if _, err := gatherPerson(app, p.source.Id); err != nil { // too many to be moved
		return nil, err
	}
	if err := p.mix(app); err != nil {
		return nil, err
	}
	out.Conflicts, out.Warnings = append(out.Conflicts, p.conflicts...), append(out.Warnings, p.warnings...)
	return out, nil
}

func sideOfPerson(app core.App, c *desk.Contact) (Side, error) {
	side := Side{ID: c.Id, Name: c.Name(), Addresses: []string{}, Created: c.GetString("first_seen")}
	err := app.DB().Select("value").From(desk.Name(app, desk.Identities)).Where(dbx.HashExp{"contact": c.Id}).
		OrderBy("kind", "value").Limit(5).Column(&side.Addresses)
	return side, err
}

// countPerson counts what a contact would give away. Of the cases those are
// counted that the agent may see; all of them move.
func countPerson(app core.App, agent *desk.Agent, id string) (map[string]int, error) {
	out := map[string]int{}
	for name, collection := range map[string]string{"identities": desk.Identities, "invitations": desk.Invitations} {
		n, err := app.CountRecords(collection, dbx.HashExp{"contact": id})
		if err != nil {
			return nil, err
		}
		out[name] = int(n)
	}
	seen := dbx.Expression(dbx.HashExp{"contact": id})
	if !agent.SeesAll() {
		seen = dbx.And(seen, dbx.In("team", "", agent.Team()))
	}
	n, err := app.CountRecords(desk.Cases, seen)
	out["cases"] = int(n)
	maps.DeleteFunc(out, func(_ string, n int) bool { return n == 0 })
	return out, err
}

// gatherPerson lists what moves with a contact.
func gatherPerson(app core.App, id string) (*moving, error) {
	m := &moving{}
	var err error
	for _, part := range []struct {
		collection string
		most       int
		to         *[]string
	}{
		{desk.Identities, MaxIdentities, &m.Identities}, {desk.Cases, MaxCases, &m.Cases},
		{desk.Messages, MaxMessages, &m.Messages}, {desk.Invitations, MaxCases, &m.Invitations},
	} {
		if *part.to, err = idsOf(app, part.collection, "contact", id, part.most); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func mergeContacts(tx core.App, agent *desk.Agent, r Request) (*Done, error) {
	p, err := findPeople(tx, agent, r)
	if err != nil {
		return nil, err
	}
	moved, err := gatherPerson(tx, p.source.Id)
	if err != nil {
		return nil, err
	}
	before := map[string]desk.Fields{p.source.Id: fields(p.source.Record, contactFields()), p.target.Id: fields(p.target.Record, contactFields())}
	if err := p.mix(tx); err != nil {
		return nil, err
	}
	p.source.Set("merged_into", p.target.Id)
	for _, c := range []*desk.Contact{p.source, p.target} {
		if err := desk.Save(tx, c.Record); err != nil {
			return nil, err
		}
	}
	moved.note(before, contactFields(), p.source.Record, p.target.Record)
	if _, err := handOver(tx, &moved.Bundle, p.source.Id, p.target.Id); err != nil {
		return nil, err
	}
	if moved.Converted, err = convert(tx, agent, p.target); err != nil {
		return nil, err
	}
	done, err := keep(tx, agent, desk.MergeContact, *moved, r)
	if err != nil {
		return nil, err
	}
	return done, tellCases(tx, agent, moved.Cases, r.Target, desk.EventMerged, done.ID)
}

// handOver makes what belonged to one contact belong to another, as far as it
// still is the first one's. Cases are saved as records, so that screens and other
// stations hear of it; n is how many things moved.
func handOver(tx core.App, m *desk.Bundle, from, to string) (n int, err error) {
	for collection, ids := range map[string][]string{desk.Identities: m.Identities, desk.Messages: m.Messages, desk.Invitations: m.Invitations} {
		moved, err := move(tx, collection, "contact", ids, from, to)
		if err != nil {
			return n, err
		}
		n += moved
	}
	for _, id := range m.Cases {
		c, err := desk.FindCase(tx, id)
		if err != nil || c.Contact() != from {
			continue // erased, or somebody else's by now
		}
		c.Set("contact", to)
		c.Touch()
		if err := desk.Save(tx, c.Record); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// maxTold is on how many cases a merge of contacts is noted.
const maxTold = 200

// tellCases notes on the latest cases that moved, and on the latest one that the
// target had, that their person is another record now. No name is noted: the
// audit trail outlives it.
func tellCases(tx core.App, agent *desk.Agent, moved []string, target, kind, merge string) error {
	told := slices.Clone(moved[max(0, len(moved)-maxTold):])
	own := dbx.Expression(dbx.HashExp{"contact": target})
	var latest []string
	err := tx.DB().Select("id").From(desk.Name(tx, desk.Cases)).Where(own).
		OrderBy("created DESC").Limit(int64(len(moved) + 1)).Column(&latest)
	if err != nil {
		return err
	}
	roles := map[string]string{}
	for _, id := range told {
		roles[id] = "source"
	}
	for _, id := range latest {
		if !slices.Contains(moved, id) {
			told, roles[id] = append(told, id), "target"
			break
		}
	}
	events := make([]desk.Event, len(told))
	for i, id := range told {
		events[i] = desk.Event{Case: id, Actor: agent.Id, Kind: kind, After: map[string]any{"merge": merge, "role": roles[id], "contact": target}}
	}
	return desk.Record(tx, events...)
}
