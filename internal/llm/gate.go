package llm

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Status is how a client stands, for health pages.
type Status struct {
	On     bool
	Model  string
	Used   int       // requests sent today
	Budget int       // requests allowed a day; below zero: no limit
	Failed int       // failures in a row
	Until  time.Time // no call before then (breaker or rate limit); zero: calls are let through
}

// gate lets a call through when a slot is free, the breaker is closed, the server did not ask for a
// pause, and the day's budget is not used up.
type gate struct {
	slots   chan struct{}
	timeout time.Duration
	now     func() time.Time

	mu      sync.Mutex
	breaker breaker
	budget  budget
	pause   time.Time // asked for by a 429
}

// ticket is one call that was let through.
type ticket struct{ trial bool }

func newGate(cfg Config) *gate {
	return &gate{
		slots:   make(chan struct{}, cfg.Concurrent),
		timeout: cfg.Timeout,
		now:     cfg.Now,
		budget:  budget{limit: cfg.DailyBudget, loc: cfg.Location},
	}
}

// enter waits for a slot and takes one request from the budget. Whoever gets no error must leave.
func (g *gate) enter(ctx context.Context) (ticket, error) {
	// A closed gate is told at once, not after the wait for a slot.
	if err := g.peek(); err != nil {
		return ticket{}, err
	}
	if err := g.waitSlot(ctx); err != nil {
		return ticket{}, err
	}
	t, err := g.admit()
	if err != nil {
		<-g.slots
	}
	return t, err
}

func (g *gate) waitSlot(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrBusy, err)
	}
	select {
	case g.slots <- struct{}{}:
		return nil
	default:
	}
	ctx, cancel := context.WithTimeout(ctx, g.timeout)
	defer cancel()
	select {
	case g.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", ErrBusy, ctx.Err())
	}
}

func (g *gate) peek() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.closed(g.now())
}

// closed says why no call may start now. The lock is held.
func (g *gate) closed(now time.Time) error {
	if now.Before(g.pause) {
		return fmt.Errorf("%w: paused until %s", ErrRateLimited, g.pause.UTC().Format(time.RFC3339))
	}
	if err := g.breaker.closed(now); err != nil {
		return err
	}
	return g.budget.left(now)
}

func (g *gate) admit() (ticket, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	if err := g.closed(now); err != nil {
		return ticket{}, err
	}
	g.budget.spend(now)
	return ticket{trial: g.breaker.start()}, nil
}

// spend takes one more request for a call that is already inside.
func (g *gate) spend() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	if err := g.budget.left(now); err != nil {
		return err
	}
	g.budget.spend(now)
	return nil
}

// leave frees the slot and tells breaker and pause how the call went.
func (g *gate) leave(t ticket, err error) {
	g.mu.Lock()
	now := g.now()
	var se *statusError
	if errors.As(err, &se) && errors.Is(err, ErrRateLimited) && se.pause > 0 {
		if until := now.Add(se.pause); until.After(g.pause) {
			g.pause = until
		}
	}
	g.breaker.end(t, outcomeOf(err), now)
	g.mu.Unlock()
	<-g.slots
}

// outcomeOf: an answer that is of no use is still an answer; a call that the caller gave up, or
// that ran out of budget half-way, says nothing of the server.
func outcomeOf(err error) outcome {
	switch {
	case err == nil, isAnswered(err):
		return answered
	case errors.Is(err, ErrBudget), Kind(err) == "canceled":
		return unknown
	}
	return failed
}

func (g *gate) status() Status {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	s := Status{Used: g.budget.today(now), Budget: g.budget.limit, Failed: g.breaker.failed}
	for _, at := range []time.Time{g.pause, g.breaker.until} {
		if now.Before(at) && at.After(s.Until) {
			s.Until = at
		}
	}
	return s
}
