package searching

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/searchtext"
)

// sought is a term with its expression and the newest documents that it finds.
type sought struct {
	term searchtext.Term
	expr string // "" where it is too common to be asked for: the texts tell
	ids  []int64
	cut  bool // there may be older ones
}

// byWords finds the cases in which all words stand, be it in several of their
// messages. The rarest word leads: its cases are read, and compared with the
// others. Where all are common, the documents that have them all are.
func (h *hunt) byWords(top int64) error {
	all := make([]sought, len(h.terms))
	for i, t := range h.terms {
		var err error
		if all[i], err = h.seek(t, top); err != nil {
			return err
		}
	}
	whole := slices.DeleteFunc(slices.Clone(all), func(s sought) bool { return s.cut })
	if len(whole) > 0 {
		return h.gather(slices.MinFunc(whole, fewer).ids)
	}
	var exprs []string
	for _, s := range all {
		if s.expr != "" {
			exprs = append(exprs, s.expr)
		}
	}
	expr := strings.Join(exprs, " AND ")
	if lead, err := h.leads(expr); err != nil || lead {
		return err
	}
	if expr == "" {
		h.more = true
		return h.gather(slices.MinFunc(all, fewer).ids)
	}
	h.flow = &flow{expr: expr, below: top + 1}
	if len(all) > 1 {
		h.flow.spare = slices.MinFunc(all, fewer).ids
		h.more = true // cases that have the words in different messages, and are older than those
	}
	return nil
}

// manyDocs are so many that a page of those whom from: names is found sooner
// by their cases than by these documents.
const manyDocs = 10_000

// leads adds the cases of whom from: names, where that is the shorter way.
func (h *hunt) leads(expr string) (bool, error) {
	if h.lead == "" {
		return false, nil
	}
	if expr != "" {
		n := 0
		err := h.db().NewQuery("SELECT COUNT(*) FROM (SELECT rowid FROM " + desk.SearchTable + " WHERE " + desk.SearchTable + " MATCH {:expr} LIMIT {:n})").
			Bind(dbx.Params{"expr": expr, "n": manyDocs}).WithContext(h.ctx).Row(&n)
		if err != nil || n < manyDocs {
			return false, err
		}
	}
	found, err := h.cases(h.lead, driver{}, byAge, most)
	for _, c := range found {
		h.pool.add(c)
	}
	h.more = h.more || len(found) == most
	h.part = textPart
	return true, err
}

func fewer(a, b sought) int { return len(a.ids) - len(b.ids) }

// seek finds the newest documents of a term; of longer words that begin with it
// where it stands nowhere by itself.
func (h *hunt) seek(t searchtext.Term, top int64) (sought, error) {
	s := sought{term: t}
	for _, longer := range []bool{false, true} {
		if longer && (t.Prefix() == "" || len(s.ids) > 0) {
			break
		}
		if longer || t.Single() {
			// the index reads all that begins so, before it gives the first
			recent, err := h.recent(t, top)
			if err != nil || recent != nil {
				s.ids, s.cut = recent, true
				return s, err
			}
		}
		s.expr = match(t, longer)
		err := h.db().NewQuery("SELECT rowid FROM " + desk.SearchTable + " WHERE " + desk.SearchTable + " MATCH {:expr} AND rowid <= {:top} ORDER BY rowid DESC LIMIT {:n}").
			Bind(dbx.Params{"expr": s.expr, "top": top, "n": most}).WithContext(h.ctx).Column(&s.ids)
		if err != nil {
			return s, err
		}
	}
	s.cut = len(s.ids) == most
	return s, nil
}

// Bounds of what is read of the newest messages for what is common.
const (
	sampled    = 300     // messages that tell whether it is
	sampleHits = 3       // of them, from which on it is
	recentMost = 3_000   // messages
	recentText = 400_000 // bytes
	recentHits = 100
)

// recent are the newest messages that have a term, if it stands in so many that
// the newest will do; nil if not.
func (h *hunt) recent(t searchtext.Term, top int64) (ids []int64, err error) {
	rows, err := h.db().NewQuery("SELECT d.id, m.subject, m.body FROM " + desk.SearchDocs + " d CROSS JOIN " + table(h.x.app, desk.Messages) +
		" m ON m.id = d.record WHERE d.id <= {:top} AND d.kind IN (3, 4, 5) ORDER BY d.id DESC LIMIT {:n}").
		Bind(dbx.Params{"top": top, "n": recentMost}).WithContext(h.ctx).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	few := true
	for n, size := 0, 0; rows.Next(); n++ {
		var id int64
		var subject, body string
		if err := rows.Scan(&id, &subject, &body); err != nil {
			return nil, err
		}
		if n == sampled && len(ids) < sampleHits {
			return nil, nil
		}
		few = n < sampled
		if size += len(subject) + len(body); size > recentText || len(ids) == recentHits {
			break
		}
		if h.x.folder.Has(body, t) || h.x.folder.Has(subject, t) {
			ids = append(ids, id)
		}
	}
	if err := rows.Err(); err != nil || few || len(ids) < sampleHits {
		return nil, err
	}
	return ids, nil
}
