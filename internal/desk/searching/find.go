package searching

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/searchtext"
)

// Find answers a question with one page of cases that the asker may see. Where
// the time is over, what was found until then is the answer, and says so.
func (x *Index) Find(ctx context.Context, q Question) (*Answer, error) {
	if q.Limit < 1 || q.Limit > maxLimit {
		q.Limit = 20
	}
	from, err := placeOf(q.Cursor)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, x.config.Patience)
	defer cancel()
	h := &hunt{x: x, ctx: ctx, q: q, params: dbx.Params{}}
	a := &Answer{Items: []Found{}}
	err = h.run(from, a)
	if err != nil && ctx.Err() != nil && errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		a.TimedOut, err = true, nil
	}
	a.More = h.more || a.TimedOut
	a.Understood = h.read
	return a, err
}

// run reads the question, ranks what may be meant and opens one page of it.
func (h *hunt) run(from place, a *Answer) error {
	if err := h.readQuestion(); err != nil {
		return err
	}
	if from.At == 0 {
		from.At = desk.Now(h.x.app).Unix()
	}
	h.pool = newPool(time.Unix(from.At, 0))
	top, err := h.rank(from.Top)
	if err != nil {
		return err
	}
	next := func(skip int) string { return place{top, skip, from.At}.String() }
	for skip := from.Skip; ; {
		ranked := h.pool.ranked()
		if skip >= len(ranked) {
			if more, err := h.further(); err != nil || !more {
				return err
			}
			continue
		}
		part := ranked[skip:min(skip+max(h.q.Limit, h.part), len(ranked))]
		opened, err := h.open(part)
		if err != nil {
			return err
		}
		for i, f := range opened {
			if f == nil {
				continue
			}
			if len(a.Items) == h.q.Limit {
				a.Next = next(skip + i)
				return nil
			}
			a.Items = append(a.Items, *f)
		}
		skip += len(part)
	}
}

// readQuestion tells words from filters, and what they mean.
func (h *hunt) readQuestion() error {
	parsed := searchtext.Parse(h.q.Text)
	h.read = Understood{Words: []string{}, Not: []string{}, Filters: []ReadFilter{}, Unknown: append([]string{}, parsed.Unknown...), Cut: parsed.Cut}
	var whole []string
	for _, w := range parsed.Words {
		whole = append(whole, w.Text)
		if t := h.x.folder.Term(w); !t.Empty() {
			h.terms = append(h.terms, t)
		}
		h.read.Words = append(h.read.Words, w.Text)
	}
	h.whole = strings.Join(whole, " ")
	for _, w := range parsed.Not {
		if t := h.x.folder.Term(w); !t.Empty() {
			h.not = append(h.not, t)
			h.read.Not = append(h.read.Not, w.Text)
		}
	}
	state, err := h.x.Look()
	if err != nil {
		return err
	}
	if state.State != "ready" {
		h.read.Building = &state
	}
	h.narrowed()
	if state.State == "off" {
		return nil
	}
	return h.understand(parsed.Filters)
}

// rank gathers the first cases that may be meant. Those of which the words must
// still be compared with the texts are among them. It gives the newest document
// that counts, by which the next page sees the same.
func (h *hunt) rank(top int64) (int64, error) {
	exact, only, err := h.exact()
	if err != nil {
		return 0, err
	}
	h.read.Exact = len(exact) > 0
	for i := range exact {
		exact[i].exact = true
		h.pool.add(exact[i])
	}
	if only || h.read.Building != nil && h.read.Building.State == "off" {
		return top, nil
	}
	if top == 0 {
		err := h.db().NewQuery("SELECT COALESCE(MAX(id), 0) FROM " + desk.SearchDocs).WithContext(h.ctx).Row(&top)
		if err != nil {
			return 0, err
		}
	}
	switch {
	case len(h.terms) > 0:
		err = h.byWords(top)
	case h.whole != "": // signs alone
	case len(h.read.Filters) > 0 || len(h.not) > 0:
		err = h.byFilters(top)
	}
	return top, err
}

// byFilters lists cases by their fields alone.
func (h *hunt) byFilters(top int64) error {
	if len(h.drivers) > 0 {
		h.flow = &flow{expr: h.drivers[0].expr, by: h.drivers[0], below: top + 1}
		return nil
	}
	found, err := h.cases("1 = 1", driver{}, "c.created DESC, c.id DESC", most)
	h.more = h.more || len(found) == most
	for _, c := range found {
		h.pool.add(c)
	}
	return err
}

// documentCase is a document with its case.
type documentCase struct {
	Doc    int64  `db:"doc"`
	Kind   int    `db:"kind"`
	Record string `db:"record"`
	candidateCase
}

func (r documentCase) one() candidateCase {
	c := r.candidateCase
	c.docs = []doc{{ID: r.Doc, Number: c.Number, Kind: r.Kind, Record: r.Record}}
	return c
}

// gather adds the cases of documents, and those of the people among them.
func (h *hunt) gather(ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	list := make([]any, len(ids))
	for i, id := range ids {
		list[i] = id
	}
	var docs []doc
	if err := h.db().Select("id", "number", "kind", "record").From(desk.SearchDocs).Where(dbx.In("id", list...)).OrderBy("id DESC").WithContext(h.ctx).All(&docs); err != nil {
		return err
	}
	numbers, people := []any{}, []doc{}
	of := map[int][]doc{}
	for _, d := range docs {
		if d.Number == 0 {
			people = append(people, d)
			continue
		}
		if of[d.Number] == nil {
			numbers = append(numbers, d.Number)
		}
		of[d.Number] = append(of[d.Number], d)
	}
	found, err := h.cases("c.number IN ("+h.numbers(numbers)+")", driver{}, byAge, most)
	if err != nil {
		return err
	}
	for _, c := range found {
		c.docs = of[c.Number]
		h.pool.add(c)
	}
	return h.ofPeople(people)
}

func (h *hunt) numbers(values []any) string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = h.param(v)
	}
	return strings.Join(names, ", ")
}

// ofPeople adds the cases of people that were found by name or address.
func (h *hunt) ofPeople(docs []doc) error {
	if len(docs) == 0 {
		return nil
	}
	var names, values []any
	for _, d := range docs {
		if d.Kind == kindContact {
			names = append(names, d.Record)
		} else {
			values = append(values, d.Record)
		}
	}
	contacts := names
	if len(values) > 0 {
		var owners []string
		if err := h.db().Select("contact").From(desk.Name(h.x.app, desk.Identities)).Where(dbx.In("id", values...)).WithContext(h.ctx).Column(&owners); err != nil {
			return err
		}
		for _, id := range owners {
			contacts = append(contacts, id)
		}
	}
	found, err := h.cases("c.contact IN ("+h.anys(contacts)+")", driver{}, byAge, most)
	h.more = h.more || len(found) == most
	for _, c := range found {
		c.docs = []doc{{Kind: kindContact}}
		h.pool.add(c)
	}
	return err
}

// fromSomebody tells whether from: narrows the search: a word is none of a name then.
func (h *hunt) fromSomebody() bool {
	return slices.ContainsFunc(h.read.Filters, func(f ReadFilter) bool { return f.Name == "from" && !f.Not })
}

// flow reads the documents of an expression from the newest on, a part at a time.
type flow struct {
	expr  string
	by    driver
	below int64 // documents from here on were read
	read  int
	spare []int64 // documents of one of the words, for when none has them all any more
}

// flowPart is how many documents are ranked together.
const flowPart = 100

// further adds the cases of the next documents; false where there are no more.
func (h *hunt) further() (bool, error) {
	f := h.flow
	if f == nil {
		return false, nil
	}
	if f.read >= most {
		h.more = true
		return false, nil
	}
	var rows []documentCase
	params := dbx.Params{"expr": h.teams(f.expr), "below": f.below, "n": flowPart}
	for k, v := range h.params {
		params[k] = v
	}
	err := h.db().NewQuery("SELECT d.id AS doc, d.kind, d.record, " + caseColumns + " FROM " + desk.SearchTable + " s CROSS JOIN " + desk.SearchDocs + " d ON d.id = s.rowid CROSS JOIN " +
		table(h.x.app, desk.Cases) + " c ON c.number = d.number WHERE s." + desk.SearchTable + " MATCH {:expr} AND s.rowid < {:below} AND +d.number > 0 AND " + h.condition(f.by) +
		" ORDER BY s.rowid DESC LIMIT {:n}").Bind(params).WithContext(h.ctx).All(&rows)
	if err != nil {
		return false, err
	}
	h.pool.part++
	for _, r := range rows {
		h.pool.add(r.one())
		f.below = r.Doc
	}
	first := f.read == 0
	if f.read += len(rows); len(rows) < flowPart {
		h.flow = nil
		h.pool.part++
		if err := h.gather(f.spare[:min(len(f.spare), flowPart)]); err != nil {
			return false, err
		}
	}
	if first && f.by.expr == "" && !h.fromSomebody() {
		people, err := h.documents("("+f.expr+") AND "+quoted(markPerson), fewPeople)
		if err != nil {
			return false, err
		}
		if err := h.ofPeople(people); err != nil {
			return false, err
		}
	}
	return true, nil
}
