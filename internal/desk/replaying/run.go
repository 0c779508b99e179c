package replaying

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// What ended a trial early.
const (
	WhySlow   = "slow"   // its filter takes too long
	WhyFailed = "failed" // the server's log tells more
)

const (
	slice    = 6 * time.Hour    // of the past, for one query
	patience = 10 * time.Second // with one query
	atATime  = 200              // cases that are loaded together
)

// run goes through the past, the latest first, so that what is listed is what
// people still remember.
func (t *trial) run(ctx context.Context, app core.App) error {
	now := desk.Now(app)
	from, until := now.AddDate(0, 0, -t.days), now
	states := []string{}
	if t.rule.Event() == timePassed {
		var err error
		if states, until, err = t.rule.Waits(app); err != nil {
			return err
		}
	}
	p := past{app: app, event: t.rule.Event(), states: states, kinds: t.rule.Kinds()}
	total, err := p.count(ctx, from, until.Add(time.Millisecond))
	if err != nil {
		return err
	}
	t.mu.Lock()
	t.at.Total = total
	t.mu.Unlock()
	for end := until.Add(time.Millisecond); end.After(from) && ctx.Err() == nil; end = end.Add(-slice) {
		begin := end.Add(-slice)
		if begin.Before(from) {
			begin = from
		}
		if err := t.part(ctx, p, begin, end); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// part looks at one slice of the past: from begin, up to end and not end itself.
func (t *trial) part(ctx context.Context, p past, begin, end time.Time) error {
	n, err := p.count(ctx, begin, end)
	if err != nil || n == 0 {
		return err
	}
	q, err := t.rule.Rows(p.app)
	if err != nil {
		return err
	}
	p.within(q, begin, end)
	var rows []Row
	waiting, done := context.WithTimeout(ctx, patience)
	err = q.WithContext(waiting).All(&rows)
	done()
	if err != nil {
		if ctx.Err() == nil && waiting.Err() != nil {
			return context.DeadlineExceeded
		}
		return fmt.Errorf("trial of a rule: %w", err)
	}
	fresh := rows[:0]
	for _, r := range rows {
		if !t.cases[r.Case] {
			t.cases[r.Case] = true
			r.Event = p.event
			fresh = append(fresh, r)
		}
	}
	for i := 0; i < len(fresh) && ctx.Err() == nil; i += atATime {
		if err := t.would(p.app, fresh[i:min(i+atATime, len(fresh))]); err != nil {
			return err
		}
		t.step(n*min(i+atATime, len(fresh))/len(fresh) - n*i/len(fresh))
	}
	if len(fresh) == 0 {
		t.step(n)
	}
	return nil
}

func (t *trial) step(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.at.Done = min(t.at.Done+n, t.at.Total)
}

// would finds out what would change on cases that the filter found.
func (t *trial) would(app core.App, rows []Row) error {
	ids := make([]string, len(rows))
	for i, r := range rows {
		ids[i] = r.Case
	}
	records, err := app.FindRecordsByIds(desk.Cases, ids)
	if err != nil {
		return fmt.Errorf("trial of a rule: %w", err)
	}
	cases := make(map[string]*desk.Case, len(records))
	for _, r := range records {
		cases[r.Id] = desk.AsCase(r)
	}
	plans := make([][]Deed, len(rows))
	found := make([]bool, len(rows))
	faults := make([]error, workers())
	var wait sync.WaitGroup
	for w := range faults {
		wait.Go(func() {
			for i := w; i < len(rows) && faults[w] == nil; i += len(faults) {
				plans[i], found[i], faults[w] = t.one(app, cases[rows[i].Case])
			}
		})
	}
	wait.Wait()
	if err := errors.Join(faults...); err != nil {
		return err
	}
	for i, row := range rows {
		if found[i] {
			t.add(row, cases[row.Case], plans[i])
		}
	}
	return nil
}

// workers is how many cases are looked at side by side.
func workers() int { return max(1, min(4, runtime.GOMAXPROCS(0))) }

// one finds out what would change on a case; found is false where rules leave it alone.
func (t *trial) one(app core.App, c *desk.Case) (deeds []Deed, found bool, err error) {
	defer func() {
		if p := recover(); p != nil { // from here it would take the process along
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	if c == nil {
		return nil, false, nil
	}
	if spam, err := c.IsSpam(app); spam || err != nil {
		return nil, false, err
	}
	deeds, err = t.rule.Would(app, c)
	return deeds, true, err
}

// add counts a case, and lists it where something would change and there is room.
// Open ones come before those that are done with.
func (t *trial) add(row Row, c *desk.Case, deeds []Deed) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.at.Matched++
	f := Found{Case: c.Id, Number: c.Number(), Subject: desk.Clip(c.Subject(), 120), Status: c.Status(), Open: !c.Done(), row: row}
	for i, d := range deeds {
		if i >= len(t.at.Changes) {
			break
		}
		one := &t.at.Changes[i]
		switch {
		case d.Failed != "":
			if one.Failed++; one.Why == "" {
				one.Why = d.Failed
			}
		case d.Does:
			one.Count++
			f.Would = append(f.Would, one.Action)
		}
	}
	if len(f.Would) == 0 {
		return
	}
	t.at.Changed++
	switch {
	case f.Open && len(t.at.List) < MaxList:
		t.at.List = append(t.at.List, f)
		t.at.Open++
	case !f.Open && len(t.others) < MaxList:
		t.others = append(t.others, f)
	}
}

// finish closes the books.
func (t *trial) finish(app core.App, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	room := MaxList - len(t.at.List)
	t.at.List = append(t.at.List, t.others[:min(room, len(t.others))]...)
	t.at.Cut = t.at.Changed > len(t.at.List)
	t.at.Finished = true
	t.cases, t.others = nil, nil
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
