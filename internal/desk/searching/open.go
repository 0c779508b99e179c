package searching

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/searchtext"
)

// Bounds of what is read of one case, and of what is shown.
const (
	mostTexts = 300 // messages, the newest
	mostHits  = 3
)

// around is how much of a text a snippet shows.
func around() searchtext.Window { return searchtext.Window{Before: 24, After: 110} }

// passage is a text of a case in which something may stand.
type passage struct {
	Hit
	text   string
	rank   int  // the lower, the sooner it is shown
	person bool // digits may be a part of it
}

// dossier is a case with its texts.
type dossier struct {
	c        *candidateCase
	passages []passage
}

// open compares candidates with their texts. In the answer, nil stands for those
// that don't have all the words, or one that was excluded.
func (h *hunt) open(part []*candidateCase) ([]*Found, error) {
	files := make([]*dossier, len(part))
	at := map[string]*dossier{}
	for i, c := range part {
		files[i] = &dossier{c: c}
		at[c.ID] = files[i]
	}
	if err := h.readCases(at); err != nil {
		return nil, err
	}
	if err := h.readMessages(at, h.hitMessages(part), false); err != nil {
		return nil, err
	}
	out := make([]*Found, len(part))
	again := map[string]*dossier{}
	for i, d := range files {
		if out[i] = h.judge(d); out[i] == nil || len(h.not) > 0 {
			again[d.c.ID] = d
		}
	}
	if len(again) > 0 && len(h.terms)+len(h.not) > 0 {
		if err := h.readMessages(again, nil, true); err != nil {
			return nil, err
		}
		for i, d := range files {
			if again[d.c.ID] != nil {
				out[i] = h.judge(d)
			}
		}
	}
	return out, nil
}

// hitMessages are the messages by which cases were found, some of each.
func (h *hunt) hitMessages(part []*candidateCase) []any {
	var ids []any
	for _, c := range part {
		n := 0
		for _, d := range c.docs {
			if d.Record != "" && (d.Kind == kindIn || d.Kind == kindOut || d.Kind == kindNote) && n < mostHits {
				ids = append(ids, d.Record)
				n++
			}
		}
	}
	return ids
}

// judge tells where a case's texts have the words; nil where one is missing.
func (h *hunt) judge(d *dossier) *Found {
	f := &Found{Case: d.c.ID, Hits: []Hit{}}
	has := make([]bool, len(h.terms))
	for i := range d.passages {
		p := &d.passages[i]
		if slices.ContainsFunc(h.not, func(t searchtext.Term) bool { return h.x.has(p, t) }) {
			return nil
		}
		h.x.folder.HasAll(p.text, h.terms, has)
		if p.person {
			for k, t := range h.terms {
				has[k] = has[k] || h.x.personHas(p.text, t)
			}
		}
	}
	if !d.c.exact && slices.Contains(has, false) {
		return nil
	}
	f.Hits = h.hits(d)
	return f
}

func (x *Index) has(p *passage, t searchtext.Term) bool {
	return x.folder.Has(p.text, t) || p.person && x.personHas(p.text, t)
}

// hits are the places that are shown: the best of each kind of place first.
func (h *hunt) hits(d *dossier) []Hit {
	type shown struct {
		hit  Hit
		rank int
	}
	var all []shown
	terms := h.terms
	if d.c.exact {
		terms = append(slices.Clone(terms), h.x.folder.Term(searchtext.Word{Text: h.whole}))
	}
	for _, p := range d.passages {
		parts := h.x.folder.Snippet(p.text, terms, around())
		if parts == nil && p.person {
			for _, t := range terms {
				if h.x.personHas(p.text, t) {
					parts = []searchtext.Part{{Text: p.text, Hit: true}}
				}
			}
		}
		if parts != nil {
			p.Parts = parts
			all = append(all, shown{p.Hit, p.rank})
		}
	}
	slices.SortStableFunc(all, func(a, b shown) int { return cmp.Compare(a.rank, b.rank) })
	out := make([]Hit, 0, mostHits)
	for _, s := range all {
		same := func(o Hit) bool {
			return o.Message != "" && o.Message == s.hit.Message || slices.Equal(o.Parts, s.hit.Parts)
		}
		if len(out) < mostHits && !slices.ContainsFunc(out, same) {
			out = append(out, s.hit)
		}
	}
	return out
}

// readCases reads the fields of cases and of what stands around them.
func (h *hunt) readCases(at map[string]*dossier) error {
	var rows []struct {
		ID      string `db:"id"`
		Contact string `db:"contact"`
		Subject string `db:"subject"`
		Summary string `db:"summary"`
		Tags    string `db:"tags"`
		Created string `db:"created"`
		Order   string `db:"order_no"`
		Receipt string `db:"receipt"`
		Email   string `db:"email"`
		Phone   string `db:"phone"`
		Files   string `db:"files"`
		Names   string `db:"names"`
		Name    string `db:"name"`
	}
	err := h.db().NewQuery("SELECT c.id, c.contact, c.subject, c.summary, COALESCE(c.tags, '') AS tags, c.created, COALESCE(f.order_no, '') AS order_no, COALESCE(f.receipt, '') AS receipt, " +
		"COALESCE(f.email, '') AS email, COALESCE(f.phone, '') AS phone, COALESCE(f.attachments, '') AS files, COALESCE(f.attachment_names, '') AS names, COALESCE(p.name, '') AS name FROM " +
		table(h.x.app, desk.Cases) + " c LEFT JOIN " + table(h.x.app, desk.Feedbacks) + " f ON f.id = c.feedback LEFT JOIN " + table(h.x.app, desk.Contacts) +
		" p ON p.id = c.contact WHERE c.id IN (" + h.keys(at) + ")").Bind(h.params).WithContext(h.ctx).All(&rows)
	if err != nil {
		return err
	}
	of := map[string][]*dossier{}
	for _, r := range rows {
		d := at[r.ID]
		add := func(kind, text string, rank int, person bool) {
			if text != "" {
				d.passages = append(d.passages, passage{Hit: Hit{Kind: kind, Created: r.Created}, text: text, rank: rank, person: person})
			}
		}
		add("order", r.Order, 1, false)
		if r.Files != "" && r.Files != "[]" {
			for _, name := range namesIn(r.Names, r.Files) {
				add("file", name, 4, false)
			}
		}
		add("subject", r.Subject, 5, false)
		add("summary", r.Summary, 6, false)
		for _, tag := range tagsIn(r.Tags) {
			add("tag", tag, 7, false)
		}
		add("name", r.Name, 2, true)
		if d.c.exact {
			add("receipt", r.Receipt, 0, false)
			add("email", r.Email, 0, true)
			add("phone", r.Phone, 0, true)
		}
		of[r.Contact] = append(of[r.Contact], d)
	}
	return h.readIdentities(of)
}

func (h *hunt) readIdentities(of map[string][]*dossier) error {
	var ids []any
	for contact := range of {
		if contact != "" {
			ids = append(ids, contact)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var rows []struct {
		Contact string `db:"contact"`
		Kind    string `db:"kind"`
		Value   string `db:"value"`
		Created string `db:"created"`
	}
	err := h.db().Select("contact", "kind", "value", "created").From(desk.Name(h.x.app, desk.Identities)).Where(dbx.In("contact", ids...)).
		OrderBy("created").Limit(5_000).WithContext(h.ctx).All(&rows)
	for _, r := range rows {
		for _, d := range of[r.Contact] {
			d.passages = append(d.passages, passage{Hit: Hit{Kind: r.Kind, Created: r.Created}, text: r.Value, rank: 1, person: true})
		}
	}
	return err
}

func (h *hunt) keys(at map[string]*dossier) string {
	ids := make([]string, 0, len(at))
	for id := range at {
		ids = append(ids, id)
	}
	return h.list(ids)
}

// readMessages reads the messages with these ids, or all of the cases; the
// newest first.
func (h *hunt) readMessages(at map[string]*dossier, ids []any, whole bool) error {
	if !whole && len(ids) == 0 {
		return nil
	}
	var rows []messageText
	columns := `SELECT m.id, m."case", m.direction, m.author, m.created, m.subject, m.body, m.attachments, COALESCE(m.attachment_names, '') AS names, m.from_addr, m.from_name, COALESCE(m.cc, '') AS cc, COALESCE(m.bcc, '') AS bcc FROM ` +
		table(h.x.app, desk.Messages) + " m WHERE m.channel != '" + desk.ChannelSystem + "' AND "
	if !whole {
		err := h.db().NewQuery(columns + "m.id IN (" + h.anys(ids) + ") ORDER BY m.created DESC").Bind(h.params).WithContext(h.ctx).All(&rows)
		h.addTexts(at, rows)
		return err
	}
	err := h.db().NewQuery(columns + `m."case" IN (` + h.keys(at) + ") LIMIT {:all}").Bind(h.params).Bind(dbx.Params{"all": mostTexts * 10}).WithContext(h.ctx).All(&rows)
	if err != nil {
		return err
	}
	for _, d := range at {
		d.passages = slices.DeleteFunc(d.passages, func(p passage) bool { return p.Message != "" })
	}
	if len(rows) < mostTexts*10 {
		slices.SortFunc(rows, func(a, b messageText) int { return strings.Compare(b.Created, a.Created) })
		h.addTexts(at, rows)
		return nil
	}
	for id := range at { // each by itself, so that a long one doesn't crowd out the others
		rows = nil
		err := h.db().NewQuery(columns + `m."case" = {:case} ORDER BY m.created DESC LIMIT {:n}`).Bind(dbx.Params{"case": id, "n": mostTexts}).WithContext(h.ctx).All(&rows)
		if err != nil {
			return err
		}
		h.more = h.more || len(rows) == mostTexts
		h.addTexts(at, rows)
	}
	return nil
}

// messageText is what of a message is searched.
type messageText struct {
	ID        string `db:"id"`
	Case      string `db:"case"`
	Direction string `db:"direction"`
	Author    string `db:"author"`
	Created   string `db:"created"`
	Subject   string `db:"subject"`
	Body      string `db:"body"`
	Files     string `db:"attachments"`
	Names     string `db:"names"`
	FromAddr  string `db:"from_addr"`
	FromName  string `db:"from_name"`
	Cc        string `db:"cc"`
	Bcc       string `db:"bcc"`
}

func (h *hunt) addTexts(at map[string]*dossier, rows []messageText) {
	for _, r := range rows {
		d := at[r.Case]
		if d == nil {
			continue
		}
		add := func(kind, text string, rank int) {
			if text != "" {
				d.passages = append(d.passages, passage{Hit: Hit{Message: r.ID, Kind: kind, Author: r.Author, Created: r.Created}, text: text, rank: rank})
			}
		}
		add(r.Direction, r.Body, 3)
		add(r.Direction, r.Subject, 8)
		if r.Files != "" && r.Files != "[]" {
			for _, name := range namesIn(r.Names, r.Files) {
				add("file", name, 4)
			}
		}
		add("email", r.FromAddr, 9)
		add("name", r.FromName, 9)
		for _, s := range append(addressees(r.Cc), addressees(r.Bcc)...) {
			add("email", s, 9)
		}
	}
}
