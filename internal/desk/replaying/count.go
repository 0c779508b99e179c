package replaying

import (
	"context"
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// add counts a case, and lists it where there is room: open ones on which something
// would change before those that are done with, and those that would be left
// alone after them.
func (t *trial) add(row Row, c *desk.Case, deeds []Deed) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.at.Matched++
	f := Found{Case: c.Id, Number: c.Number(), Subject: desk.Clip(c.Subject(), 120), Status: c.Status(), Open: !c.Done(), Would: []Action{}, row: row}
	for i, d := range deeds {
		if i >= len(t.at.Changes) {
			break
		}
		t.at.Changes[i].count(d, &f)
	}
	if len(f.Would) > 0 {
		t.at.Changed++
	}
	switch {
	case len(f.Would) == 0 && len(f.Left) > 0:
		if t.at.Alone++; len(t.alone) < MaxList {
			t.alone = append(t.alone, f)
		}
	case len(f.Would) == 0: // as the rule wants it
	case f.Open && len(t.at.List) < MaxList:
		t.at.List = append(t.at.List, f)
		t.at.Open++
	case !f.Open && len(t.others) < MaxList:
		t.others = append(t.others, f)
	}
}

// count notes what becomes of an action on one case.
func (c *Change) count(d Deed, f *Found) {
	switch {
	case d.Failed != "":
		if c.Failed++; c.Why == "" {
			c.Why = d.Failed
		}
	case d.Does:
		c.Count++
		a := c.Action
		if len(a.Value) > valueMost {
			a.Value = nil
		}
		f.Would = append(f.Would, a)
		if d.Locale != "" {
			f.Locale = d.Locale
		}
	case d.Skip != "" && d.Skip != same:
		c.Left[d.Skip]++
		f.Left = append(f.Left, Left{c.Do, d.Skip, d.Was})
	}
}

// finish closes the books.
func (t *trial) finish(app core.App, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, more := range [][]Found{t.others, t.alone} {
		room := MaxList - len(t.at.List)
		t.at.List = append(t.at.List, more[:min(room, len(more))]...)
	}
	t.at.Cut = t.at.Changed+t.at.Alone > len(t.at.List)
	t.at.Finished = true
	t.cases, t.others, t.alone = nil, nil, nil
	switch {
	case err == nil:
		t.at.Done = t.at.Total
	case errors.Is(err, context.Canceled):
	case errors.Is(err, context.DeadlineExceeded):
		t.at.Error = WhySlow
	default:
		t.at.Error = WhyFailed
		app.Logger().Error("the trial of a rule failed", "error", err)
	}
	t.cancel()
}
