package ruling

import (
	"sync"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Rendered is of how many cases in a language, open and done each, a [Trial]
// renders the answers. It is more than a trial lists, so that each one listed was
// really rendered; of the others no more is asked than whether mail reaches them.
const Rendered = 2_000

// Trial tells what a rule would do on many cases. What it finds of teams, people
// and templates it finds once, so that it is for one run through the past and for
// nothing that is really done. It may be used from several places at once.
type Trial struct {
	e    *Engine
	rule *Rule
	most int // [Rendered]
	kept sync.Map

	mu       sync.Mutex
	rendered map[string]int // by template, language and whether they are done
	failed   bool           // a template failed: each case is rendered from then on
}

// Trial begins one.
func (e *Engine) Trial(r *Rule) *Trial {
	return &Trial{e: e, rule: r, most: Rendered, rendered: map[string]int{}}
}

// Would tells what the rule would do on a case as it is now, one deed for each
// action but stop; those that change nothing say why. It writes nothing.
func (t *Trial) Would(app core.App, c *desk.Case) ([]Deed, error) {
	return t.e.deeds(sight{app, &t.kept}, t.rule, c, t.letter)
}

func (t *Trial) letter(app core.App, c *desk.Case, template string) (Letter, error) {
	if t.e.config.Reach != nil && t.enough(c, template) {
		skip, err := t.e.config.Reach(app, c)
		return unread(skip), err
	}
	l, err := t.e.config.Letter(app, c, template)
	if err != nil {
		return nil, err
	}
	skip, failed := l.Refused()
	t.mu.Lock()
	defer t.mu.Unlock()
	if skip == "" {
		t.rendered[sortOf(c, template)]++
	}
	t.failed = t.failed || failed != nil
	return l, nil
}

// enough tells whether sufficiently many letters of a sort were rendered, and all of them well.
func (t *Trial) enough(c *desk.Case, template string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return !t.failed && t.rendered[sortOf(c, template)] >= t.most
}

func sortOf(c *desk.Case, template string) string {
	if c.Done() {
		return template + " " + c.Locale() + " done"
	}
	return template + " " + c.Locale()
}

// unread is a letter that wasn't rendered: why none is sent, or "".
type unread string

// Refused is part of [Letter].
func (u unread) Refused() (skip string, failed error) { return string(u), nil }

// Save is part of [Letter]; nothing of a trial is sent.
func (u unread) Save(core.App, *desk.Case) (message, skip string, err error) {
	return "", string(u), nil
}
