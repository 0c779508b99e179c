package replaying

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"runtime"
	"slices"
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
	p := past{app: app, event: t.rule.Event(), states: states, kinds: t.rule.Kinds(), since: t.rule.Column()}
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
		if t.first(r.Case) {
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

// first tells whether a case is found for the first time.
func (t *trial) first(id string) bool {
	if t.cases == nil {
		return true
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(id))
	_, known := t.cases[h.Sum64()]
	t.cases[h.Sum64()] = struct{}{}
	return !known
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
	there := make([]*desk.Case, 0, len(rows))
	rows = slices.DeleteFunc(rows, func(r Row) bool { return cases[r.Case] == nil }) // erased meanwhile
	for _, r := range rows {
		there = append(there, cases[r.Case])
	}
	if err := t.rule.Prepare(app, there, rows); err != nil {
		return err
	}
	plans := make([][]Deed, len(rows))
	found := make([]bool, len(rows))
	faults := make([]error, workers())
	var wait sync.WaitGroup
	for w := range faults {
		wait.Go(func() {
			for i := w; i < len(rows) && faults[w] == nil; i += len(faults) {
				plans[i], found[i], faults[w] = t.one(app, there[i], rows[i])
			}
		})
	}
	wait.Wait()
	if err := errors.Join(faults...); err != nil {
		return err
	}
	for i, row := range rows {
		if found[i] {
			t.add(row, there[i], plans[i])
		}
	}
	return nil
}

// workers is how many cases are looked at side by side.
func workers() int { return max(1, min(4, runtime.GOMAXPROCS(0))) }

// one finds out what would change on a case; found is false where rules leave it alone.
func (t *trial) one(app core.App, c *desk.Case, row Row) (deeds []Deed, found bool, err error) {
	defer func() {
		if p := recover(); p != nil { // from here it would take the process along
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	if spam, err := c.IsSpam(app); spam || err != nil {
		return nil, false, err
	}
	deeds, err = t.rule.Would(app, c, row)
	return deeds, true, err
}
