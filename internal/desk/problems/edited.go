package problems

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Edited is a template that people change in the same way most times.
type Edited struct {
	Template string   `json:"template"` // key
	Locale   string   `json:"locale"`
	Used     int      `json:"used"`    // answers that were compared
	Added    []Change `json:"added"`   // lines that people put in
	Dropped  []Change `json:"dropped"` // lines that they took out
}

// Change is one line and in how many answers it was.
type Change struct {
	Line  string `json:"line"`
	Count int    `json:"count"`
}

// What makes a change one that is always made.
const (
	leastUses  = 4
	mostShares = 0.6
	perText    = 60 // answers by each template that are compared
	maxCompare = 1_000
	maxLine    = 300 // characters
)

// use is an answer that came from a template.
type use struct {
	Case     string `db:"case"`
	Author   string `db:"author"`
	Template string `db:"template"`
	Body     string `db:"body"`
	Locale   string `db:"locale"`
}

// EditedTemplates compares answers by template with what the template gives for
// their cases, line by line, and finds lines that were added or dropped in most
// of them. The latest 60 answers by each text are looked at, of cases that the
// agent may see; nil sees all.
func (s *Station) EditedTemplates(agent *desk.Agent, days int) ([]Edited, error) {
	since, err := past(days)
	if err != nil {
		return nil, err
	}
	var rows []use
	q := s.app.DB().Select("m.case", "m.author", "m.template", "m.body", "c.locale").
		From(desk.Name(s.app, desk.Messages)+" m").
		InnerJoin(desk.Name(s.app, desk.Cases)+" c", dbx.NewExp("[[c.id]] = [[m.case]]")).
		Where(dbx.NewExp("[[m.created]] >= {:since} AND [[m.template]] != '' AND [[m.direction]] = 'out' AND [[m.author]] != ''",
			dbx.Params{"since": desk.Date(desk.Now(s.app).Add(-since)).String()})).
		OrderBy("m.created DESC", "m.id DESC").Limit(maxCompare)
	if seen := visible(agent); seen != nil {
		q.AndWhere(seen)
	}
	if err := q.All(&rows); err != nil {
		return nil, fmt.Errorf("answers by template: %w", err)
	}
	tallies, looked := map[string]*tally{}, map[string]int{}
	var order []string
	for _, u := range rows {
		text := u.Template + " " + u.Locale
		if looked[text]++; looked[text] > perText { // rendering is what takes time
			continue
		}
		if err := s.compare(u, tallies, &order); err != nil {
			return nil, err
		}
	}
	out := []Edited{}
	for _, key := range order {
		if e, ok := tallies[key].verdict(); ok {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b Edited) int { return b.Used - a.Used })
	return out, nil
}

// tally counts what was changed in the answers by one text.
type tally struct {
	template, locale string
	used             int
	added, dropped   map[string]int
}

func (s *Station) compare(u use, tallies map[string]*tally, order *[]string) error {
	c, err := desk.FindCase(s.app, u.Case)
	if err != nil {
		return nil
	}
	agent, err := desk.FindAgent(s.app, u.Author)
	if err != nil {
		return nil
	}
	l, err := s.c.Render(s.app, Draft{Case: c, Agent: agent, Template: u.Template})
	if errors.Is(err, desk.ErrNoTemplate) {
		return nil
	}
	if err != nil {
		return nil // a template that no longer renders is told of elsewhere
	}
	key := u.Template + " " + l.Locale
	t := tallies[key]
	if t == nil {
		t = &tally{template: u.Template, locale: l.Locale, added: map[string]int{}, dropped: map[string]int{}}
		tallies[key] = t
		*order = append(*order, key)
	}
	t.used++
	then, now := lines(l.Body, agent), lines(u.Body, agent)
	for line := range now {
		if !then[line] {
			t.added[line]++
		}
	}
	for line := range then {
		if !now[line] {
			t.dropped[line]++
		}
	}
	return nil
}

// lines are the lines of a text without what names the person who wrote it.
func lines(s string, agent *desk.Agent) map[string]bool {
	out := map[string]bool{}
	for line := range strings.SplitSeq(s, "\n") {
		line = desk.Clip(strings.TrimSpace(line), maxLine)
		if line != "" && !strings.Contains(agent.Signature(), line) && line != agent.Name() {
			out[line] = true
		}
	}
	return out
}

func (t *tally) verdict() (Edited, bool) {
	e := Edited{Template: t.template, Locale: t.locale, Used: t.used, Added: t.most(t.added), Dropped: t.most(t.dropped)}
	return e, t.used >= leastUses && len(e.Added)+len(e.Dropped) > 0
}

// most are the lines that were changed in most of the answers.
func (t *tally) most(counts map[string]int) []Change {
	out := []Change{}
	for line, n := range counts {
		if float64(n) >= mostShares*float64(t.used) {
			out = append(out, Change{line, n})
		}
	}
	slices.SortFunc(out, func(a, b Change) int {
		if a.Count != b.Count {
			return b.Count - a.Count
		}
		return strings.Compare(a.Line, b.Line)
	})
	return out[:min(len(out), 10)]
}
