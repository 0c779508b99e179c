package ruling

import (
	"maps"
	"sync"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Of how many cases in a language a [Trial] renders the answer, to find out
// whether the template can be used there; where some fail and some don't, of how
// many at most. Of the others no more is asked than whether mail reaches them:
// what a letter says is found out when somebody looks at it ([Trial.Letter]).
const (
	rendered     = 20
	renderedMost = 2_000
)

// Trial tells what a rule would do on many cases. What it finds of teams, people
// and templates it finds once, and what is known of the cases by the hundred, so
// that it is for one run through the past and for nothing that is really done.
type Trial struct {
	e    *Engine
	rule *Rule
	some int // [rendered]
	kept sync.Map
	near *near

	mu    sync.Mutex
	sorts map[string]*sort // of letters, by template and language
}

// sort is how letters of one template in one language fared.
type sort struct {
	good, bad int
	failed    error // the first
}

// Trial begins one.
func (e *Engine) Trial(r *Rule) *Trial {
	return &Trial{e: e, rule: r, some: rendered, sorts: map[string]*sort{}}
}

// Prepare finds out together what [Trial.Would] needs of some cases, up to a few
// hundred. rows are what happened on each, as in [Subject].
func (t *Trial) Prepare(app core.App, cases []*desk.Case, rows []string) (err error) {
	t.near = nil
	if len(cases) == 0 {
		return nil
	}
	n := &near{}
	if n.pasts, err = t.rule.pastsOf(app, cases, rows); err != nil {
		return err
	}
	if t.rule.does("team", "assign", "remind", "snooze") {
		if n.said, err = t.saidThen(app, cases, n.pasts); err != nil {
			return err
		}
		if t.rule.Event == StaffChanged {
			lines := make([]any, len(rows))
			for i, row := range rows {
				lines[i] = row
			}
			if n.causes, err = causesOf(app, lines...); err != nil {
				return err
			}
		}
	}
	if t.rule.does("answer") && t.e.config.Reach != nil {
		if n.reach, err = t.e.config.Reach(app, cases); err != nil {
			return err
		}
	}
	t.near = n
	return nil
}

// saidThen reads who said what on some cases. When a case opened, nobody had said
// anything yet: one that is asked as it was then is not looked up.
func (t *Trial) saidThen(app core.App, cases []*desk.Case, pasts map[string]past) (map[string]said, error) {
	ids, fresh := make([]any, 0, len(cases)), map[string]said{}
	for _, c := range cases {
		if _, back := pasts[c.Id]; back && t.rule.Event == CaseOpened {
			fresh[c.Id] = said{Case: c.Id}
			continue
		}
		ids = append(ids, c.Id)
	}
	if len(ids) == 0 {
		return fresh, nil
	}
	out, err := saidOf(app, ids...)
	if err != nil {
		return nil, err
	}
	maps.Copy(out, fresh)
	return out, nil
}

// Would tells what the rule would do on a case as it is now, or, of one that is
// done and was prepared, as it was then: one deed for each
// action but stop; those that change nothing say why. row is what happened, as in
// [Subject]. It writes nothing, and may be called from several places at once.
func (t *Trial) Would(app core.App, c *desk.Case, row string) ([]Deed, error) {
	if t.near != nil {
		if p, ok := t.near.pasts[c.Id]; ok {
			c = p.then(t.rule.Event, c)
		}
	}
	look := sight{app: app, subject: Subject{t.rule.Event, c.Id, row}, kept: &t.kept, near: t.near}
	return t.e.deeds(look, t.rule, c, t.letter)
}

// Letter is the answer that the rule would send on a case as it is now; nil where
// it sends none. The template is the one that it names.
func (t *Trial) Letter(app core.App, c *desk.Case) (l Letter, err error) {
	for _, s := range t.rule.steps {
		if s.do == "answer" {
			return t.e.config.Letter(app, c, s.value)
		}
	}
	return nil, nil
}

func (t *Trial) letter(app core.App, c *desk.Case, template string) (Letter, error) {
	name := template + " " + c.Locale()
	if t.near != nil && t.near.reach != nil {
		if skip := t.near.reach[c.Id]; skip != "" {
			return unread{skip: skip}, nil
		}
		if failed, enough := t.enough(name); enough {
			return unread{failed: failed}, nil
		}
	}
	l, err := t.e.config.Letter(app, c, template)
	if err != nil {
		return nil, err
	}
	skip, failed := l.Refused()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.sorts[name] == nil {
		t.sorts[name] = &sort{}
	}
	one := t.sorts[name]
	switch {
	case skip != "":
	case failed == nil:
		one.good++
	default:
		if one.bad++; one.failed == nil {
			one.failed = failed
		}
	}
	return l, nil
}

// enough tells whether sufficiently many letters of a sort were rendered, and why
// they failed where all of them did.
func (t *Trial) enough(name string) (failed error, enough bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	one := t.sorts[name]
	switch {
	case one == nil:
	case one.bad == 0:
		return nil, one.good >= t.some
	case one.good == 0:
		return one.failed, one.bad >= t.some
	default:
		return nil, one.good+one.bad >= renderedMost
	}
	return nil, false
}

// unread is a letter that wasn't rendered.
type unread struct {
	skip   string
	failed error
}

// Refused is part of [Letter].
func (u unread) Refused() (skip string, failed error) { return u.skip, u.failed }

// Save is part of [Letter]; nothing of a trial is sent.
func (u unread) Save(core.App, *desk.Case) (message, skip string, err error) {
	return "", u.skip, u.failed
}
