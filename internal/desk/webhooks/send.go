package webhooks

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/webhook"
)

// States of a delivery.
const (
	Queued = "queued"
	Sent   = "sent"
	Failed = "failed" // given up
)

const (
	batch    = 20 // deliveries of one webhook that are looked at in one go
	parallel = 4  // tries to one webhook at a time
	longest  = time.Minute
	// farthest is for how long a try may be put off. What waits longer was put off
	// before the machine's clock was set back.
	farthest = 48 * time.Hour
)

// lane is the way to one webhook. Each has its own, so that a slow receiver holds
// up nobody else.
type lane struct {
	busy   bool
	failed int       // tries in a row that were not taken
	until  time.Time // how long the receiver is left alone
}

// dispatch sets a lane going for each webhook that has something due, and returns
// how long the dispatcher may rest.
func (s *Station) dispatch(ctx context.Context, wg *sync.WaitGroup) (time.Duration, error) {
	hooks, err := enabled(s.app)
	if err != nil {
		return tick, err
	}
	wait := tick
	for _, h := range hooks {
		next, ok, err := s.nextAttempt(h.Id)
		if err != nil {
			return tick, err
		}
		if !ok {
			continue
		}
		if left := next.Sub(desk.Now(s.app)); left > 0 {
			wait = min(wait, max(left, shortest))
			continue
		}
		left, start := s.enter(h.Id)
		if !start {
			wait = min(wait, max(left, shortest))
			continue
		}
		wg.Go(func() {
			err := s.drive(ctx, h.Id)
			s.leave(h.Id)
			if err != nil {
				if ctx.Err() == nil {
					s.app.Logger().Error("webhooks: sending", "webhook", h.Id, "error", err)
				}
				return // after a rest
			}
			s.Kick()
		})
	}
	return wait, nil
}

// nextAttempt is when the next delivery of a webhook is due.
func (s *Station) nextAttempt(hook string) (at time.Time, ok bool, err error) {
	var next string
	err = s.app.DB().Select("next_attempt").From(desk.Name(s.app, desk.WebhookDeliveries)).
		Where(dbx.NewExp("[[webhook]] = {:hook} AND [[status]] = 'queued'", dbx.Params{"hook": hook})).OrderBy("next_attempt", "id").Limit(1).Row(&next)
	if errors.Is(err, sql.ErrNoRows) {
		return at, false, nil
	}
	if err != nil {
		return at, false, fmt.Errorf("what is due: %w", err)
	}
	d, err := types.ParseDateTime(next)
	return d.Time(), true, err
}

// enter takes the lane to a webhook. Where it is taken, or the receiver is to be
// left alone, left is for how long at least.
func (s *Station) enter(hook string) (left time.Duration, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.lanes[hook]
	if l == nil {
		l = &lane{}
		s.lanes[hook] = l
	}
	if l.busy {
		return tick, false
	}
	left = l.until.Sub(desk.Now(s.app))
	if left > 0 && left <= farthest {
		return left, false
	}
	l.busy = true
	return 0, true
}

func (s *Station) leave(hook string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lanes[hook].busy = false
}

// tried notes how a try went. A receiver that fails is left alone for a second,
// then two, up to a minute, and for as long as it asks.
func (s *Station) tried(hook string, taken bool, asked time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := s.lanes[hook]
	if l == nil {
		l = &lane{}
		s.lanes[hook] = l
	}
	if taken {
		l.failed, l.until = 0, time.Time{}
		return
	}
	pause := min(time.Second<<min(l.failed, 10), longest)
	l.failed++
	l.until = desk.Now(s.app).Add(max(pause, asked))
}

// drive sends what is due for one webhook until nothing is, or it fails.
func (s *Station) drive(ctx context.Context, hook string) error {
	for ctx.Err() == nil {
		h, err := FindHook(s.app, hook)
		if errors.Is(err, sql.ErrNoRows) || err == nil && !h.Enabled() {
			return nil
		}
		if err != nil {
			return err
		}
		k, err := loadKeys(s.app, hook)
		if err == nil && k.Now == "" {
			err = desk.ErrSecret
		}
		if err != nil { // nothing is lost by waiting
			s.tried(hook, false, longest)
			return s.noteFault(h, "The secret can't be read. Make a new one.")
		}
		n := batch
		if h.Failing() {
			n = 1 // one try finds out whether it is back
		}
		rows, err := s.due(hook, n)
		if err != nil || len(rows) == 0 {
			return err
		}
		taken, err := s.sendAll(ctx, h, k.signers(desk.Now(s.app)), rows)
		if err != nil || !taken {
			return err
		}
	}
	return ctx.Err()
}

func (s *Station) due(hook string, n int) ([]*core.Record, error) {
	var rows []*core.Record
	err := s.app.RecordQuery(desk.WebhookDeliveries).
		AndWhere(dbx.NewExp("[[webhook]] = {:hook} AND [[status]] = 'queued' AND [[next_attempt]] <= {:now}",
			dbx.Params{"hook": hook, "now": desk.Date(desk.Now(s.app)).String()})).
		OrderBy("next_attempt", "id").Limit(int64(n)).All(&rows)
	if err != nil {
		return nil, fmt.Errorf("what is due: %w", err)
	}
	return rows, nil
}

// sendAll makes a try for each of these deliveries and tells whether all were taken.
func (s *Station) sendAll(ctx context.Context, h *Hook, secrets []string, rows []*core.Record) (bool, error) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, parallel)
	errs := make([]error, len(rows))
	var mu sync.Mutex
	all := true
	for i, r := range rows {
		mu.Lock()
		stop := !all // the others stay due
		mu.Unlock()
		if stop || ctx.Err() != nil {
			break
		}
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			t := s.try(ctx, h.URL(), secrets, r)
			if ctx.Err() != nil {
				return // broken off: it counts as no try
			}
			if !t.answer.Taken() {
				mu.Lock()
				all = false
				mu.Unlock()
			}
			s.tried(h.Id, t.answer.Taken(), t.answer.Wait)
			errs[i] = s.commit.Do(func(tx core.App) error { return s.settle(tx, r.Id, t) })
		})
	}
	wg.Wait()
	return all, errors.Join(errs...)
}

// attempt is how one try went.
type attempt struct {
	answer webhook.Answer
	err    error // there was no answer
}

func (s *Station) try(ctx context.Context, url string, secrets []string, r *core.Record) attempt {
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	m := webhook.Message{ID: r.GetString("msg"), At: desk.Now(s.app), Body: []byte(r.GetString("payload")), Secrets: secrets}
	a, err := webhook.Post(ctx, s.client, url, m, http.Header{"User-Agent": {"PocketDesk-Webhooks"}, HeaderOrigin: {s.origin}})
	return attempt{a, err}
}

// recover makes due what was put off farther than anything is.
func (s *Station) recover() error {
	now := desk.Now(s.app)
	hooks, err := enabled(s.app)
	for _, h := range hooks {
		_, one := s.app.DB().Update(desk.Name(s.app, desk.WebhookDeliveries), dbx.Params{"next_attempt": desk.Date(now).String()},
			dbx.NewExp("[[webhook]] = {:hook} AND [[status]] = 'queued' AND [[next_attempt]] > {:far}",
				dbx.Params{"hook": h.Id, "far": desk.Date(now.Add(farthest)).String()})).Execute()
		err = errors.Join(err, one)
	}
	return err
}

// Drain sends all that is due now and waits until it is done; for tests and tools.
func (s *Station) Drain(ctx context.Context) error {
	var wg sync.WaitGroup
	_, err := s.dispatch(ctx, &wg)
	wg.Wait()
	return err
}
