package inbound

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

const (
	tick = 15 * time.Second // looks for retries that became due

	// What one round holds in memory: mails, and bytes of mails unless a single
	// one is larger.
	batch      = 64
	batchBytes = 24 << 20
	lanesOpen  = 16 // lanes at a time; their writes share commits
)

func (s *Station) loop(ctx context.Context) {
	defer close(s.done)
	if err := s.Recover(); err != nil {
		s.app.Logger().Error("inbound: recover", "error", err)
	}
	t := time.NewTicker(tick)
	defer t.Stop()
	for {
		if _, err := s.Drain(ctx); err != nil && ctx.Err() == nil {
			s.app.Logger().Error("inbound", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-s.kick:
		case <-t.C:
		}
	}
}

// Recover makes all that waits due at once: a new start is a reason to try again,
// and the order in which mails came holds again.
func (s *Station) Recover() error {
	_, err := s.app.NonconcurrentDB().Update(desk.Name(s.app, desk.InboundMails),
		dbx.Params{"next_attempt": desk.Date(desk.Now(s.app)).String()}, dbx.HashExp{"status": desk.MailReceived}).Execute()
	return err
}

// wentBack recovers once more after the machine's clock was set back: what was put
// off would wait for as long again.
func (s *Station) wentBack() error {
	now, before := desk.Now(s.app), s.latest
	s.latest = now
	if !now.Before(before.Add(-time.Minute)) {
		return nil
	}
	clear(s.waits)
	return s.Recover()
}

// Drain reads all that is due now and returns how many mails it has dealt with.
func (s *Station) Drain(ctx context.Context) (int, error) {
	s.round.Lock()
	defer s.round.Unlock()
	if err := s.wentBack(); err != nil {
		return 0, err
	}
	total := 0
	for ctx.Err() == nil {
		rows, err := s.due()
		if err != nil || len(rows) == 0 {
			return total, err
		}
		n, err := s.handle(ctx, rows)
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, ctx.Err()
}

// due are the next mails in the order in which they came.
func (s *Station) due() ([]*core.Record, error) {
	var rows []*core.Record
	err := s.app.RecordQuery(desk.InboundMails).AndWhere(dbx.NewExp("[[status]] = 'received'")).
		AndWhere(dbx.NewExp("[[next_attempt]] <= {:now}", dbx.Params{"now": desk.Date(desk.Now(s.app)).String()})).
		OrderBy("created", "rowid").Limit(batch).All(&rows)
	bytes := 0
	for i, r := range rows {
		if bytes += r.GetInt("size"); i > 0 && bytes > batchBytes {
			return rows[:i], err
		}
	}
	return rows, err
}

// handle reads a round's mails side by side and then settles them in their order
// lane by lane: what answers one case, or comes from one sender, one after the other.
// A round with imported mail is settled as one lane.
func (s *Station) handle(ctx context.Context, rows []*core.Record) (int, error) {
	letters := s.readAll(ctx, rows)
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	if slices.ContainsFunc(letters, imported) {
		return len(rows), s.settleInOrder(ctx, letters)
	}
	var order []string
	lanes := map[string][]*letter{}
	for _, l := range letters {
		key := s.lane(l)
		if lanes[key] == nil {
			order = append(order, key)
		}
		lanes[key] = append(lanes[key], l)
	}
	errs := make([]error, len(order))
	waits := make([]time.Time, len(order))
	now := desk.Now(s.app)
	inParallel(len(order), lanesOpen, func(i int) {
		waits[i], errs[i] = s.settleLane(ctx, lanes[order[i]], s.blocked(order[i], now))
	})
	maps.DeleteFunc(s.waits, func(_ string, until time.Time) bool { return !until.After(now) })
	for i, key := range order {
		delete(s.waits, key)
		if !waits[i].IsZero() {
			s.waits[key] = waits[i]
		}
	}
	return len(rows), errors.Join(errs...)
}

// imported tells of old mail, whose cases are numbered in the order in which it lay.
func imported(l *letter) bool { return l.row.GetString("source") == desk.FromImport }

// settleInOrder settles a round's mails one after the other, whosever they are;
// those that have to wait hold up their own lane alone.
func (s *Station) settleInOrder(ctx context.Context, letters []*letter) error {
	now := desk.Now(s.app)
	var errs []error
	for _, l := range letters {
		lane := s.lane(l)
		until, err := s.settleLane(ctx, []*letter{l}, s.blocked(lane, now))
		if delete(s.waits, lane); !until.IsZero() {
			s.waits[lane] = until
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// blocked is until when a lane waits for an earlier mail that isn't in this round.
func (s *Station) blocked(lane string, now time.Time) time.Time {
	if until := s.waits[lane]; until.After(now) {
		return until
	}
	return time.Time{}
}

// settleLane settles mails one after the other. Once one has to wait, those behind
// it wait as long; until tells how long.
func (s *Station) settleLane(ctx context.Context, letters []*letter, until time.Time) (time.Time, error) {
	for _, l := range letters {
		if ctx.Err() != nil {
			return until, ctx.Err()
		}
		if !until.IsZero() {
			if err := s.postpone(l, until); err != nil {
				return until, err
			}
			continue
		}
		err := s.settle(l)
		if err == nil || ctx.Err() != nil {
			continue
		}
		if until, err = s.fault(l, err); err != nil {
			return until, err
		}
	}
	return until, nil
}

// settle decides on a mail and does it. A panic is that mail's alone.
func (s *Station) settle(l *letter) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", errBroken, p)
		}
	}()
	if l.err != nil {
		return l.err
	}
	for range 3 {
		if err := s.examine(s.app, l); err != nil {
			return err
		}
		if err = s.do(l); !errors.Is(err, errOtherwise) {
			break
		}
	}
	if errors.Is(err, errSettled) { // another process was faster, or the mail was erased
		return nil
	}
	return err
}

// lane is what keeps mails in order: the case that one says it belongs to, else its sender.
func (s *Station) lane(l *letter) string {
	if l.mail == nil {
		return l.row.Id
	}
	if found, _ := s.marks(l.mail); len(found) > 0 {
		return "case " + found[0].token
	}
	if len(l.mail.From) > 0 && l.mail.From[0].Addr != "" {
		return "from " + l.mail.From[0].Addr
	}
	return l.row.Id
}

// inParallel calls f for 0 to n-1, at most so many at a time.
func inParallel(n, most int, f func(i int)) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, most)
	for i := range n {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; wg.Done() }()
			f(i)
		}()
	}
	wg.Wait()
}

// readAll reads and parses mails side by side.
func (s *Station) readAll(ctx context.Context, rows []*core.Record) []*letter {
	letters := make([]*letter, len(rows))
	inParallel(len(rows), s.config.Parallel, func(i int) { letters[i] = s.read(ctx, desk.AsInboundMail(rows[i])) })
	return slices.DeleteFunc(letters, func(l *letter) bool { return l == nil })
}
