package ruling

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// What an answer that can't go means for the rest of a rule: what stands after it
// in the list is not done. A case is closed "politely" or not at all.
const (
	SkipUnsent = "unsent" // an answer before it can't go
	SkipCapped = "capped" // the mailbox had its automatic mails for today: tried again
)

// Skipped is the error of an action that was left out: the rule goes on, and its
// run says why.
type Skipped string

// Why an escalation is left out.
const (
	SkipRuns = Skipped("runs")      // it goes on already
	SkipMany = Skipped("many_runs") // three others go on about the case
)

// Error is part of error.
func (s Skipped) Error() string { return "left out: " + string(s) }

// refusal is a letter of which it turned out that it can't go.
type refusal struct{ skip string }

// Refused is part of [Letter].
func (r refusal) Refused() (skip string, failed error) { return r.skip, nil }

// Save is part of [Letter].
func (r refusal) Save(core.App, *desk.Case) (message, skip string, err error) { return "", r.skip, nil }

// unsent is the error of an answer that could not go after all, found while
// writing: all is taken back, and done anew without what stands after it.
type unsent struct {
	step int
	skip string
}

// Error is part of error.
func (u *unsent) Error() string { return fmt.Sprintf("answer %d can't go: %s", u.step+1, u.skip) }

// stuck is the first answer of a rule that can't go, -1 where there is none, and
// whether that is a matter of its template: then nothing of the rule is done, for
// whoever wrote it meant the whole.
func (p *planned) stuck() (at int, broken bool) {
	at = -1
	for i, d := range p.deeds {
		if d.Do != "answer" || d.Does() {
			continue
		}
		if at < 0 {
			at = i
		}
		broken = broken || d.Failed != ""
	}
	return at, broken
}

// waits is the answer that goes on another day, -1 where there is none.
func (p *planned) waits() int {
	if at, broken := p.stuck(); at >= 0 && !broken && p.deeds[at].Skip == SkipCapped {
		return at
	}
	return -1
}

// telling tells whether what became of the rule is worth a line: it did something,
// can't, or an answer of its does not go.
func (p *planned) telling() bool {
	at, _ := p.stuck()
	return at >= 0 || p.does()
}

// planning says how much of a rule is planned.
type planning struct {
	letter letters  // renders answers; nil: as given
	given  []Letter // rendered before, by step
	from   int      // steps before it were done before
	cut    bool     // steps after last are not done
	last   int
	broken bool // none is
}

// leaves tells whether a step is left out.
func (o planning) leaves(i int) bool { return o.broken || o.cut && i > o.last }

// planWith is [Engine.plan] with what it has of letters, in which nothing stands
// after an answer that can't go.
func (e *Engine) planWith(look sight, r *Rule, c *desk.Case, o planning) (*planned, error) {
	p, err := e.planSome(look, r, c, o)
	if err != nil {
		return nil, err
	}
	at, broken := p.stuck()
	if at < 0 || at == len(r.steps)-1 && !broken {
		return p, nil
	}
	o.given, o.letter = p.letters, nil // rendered by now
	o.cut, o.last, o.broken = true, at, broken
	again, err := e.planSome(look, r, c, o)
	if err != nil {
		return nil, err
	}
	for i, d := range p.deeds { // why an answer can't go, as it was found
		if d.Do == "answer" && (d.Failed != "" || i == at) {
			again.deeds[i] = d
		}
	}
	return again, nil
}

// left is the deed of a step that is not done.
func (s step) left(skip string) Deed {
	d := Deed{Do: s.do, Value: s.value, Skip: skip}
	switch s.do {
	case "add_tags", "remove_tags":
		d.Value = s.tags
	case "note":
		d.Value = s.text
	case "stop":
		d.Value, d.Skip = nil, SkipSame
	}
	return d
}
