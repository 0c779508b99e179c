package screening

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Counter keeps the numbers up to date for people who look at them, in the
// background: the first count of a large shop takes minutes, and so does the one
// after its move to another time zone.
//
//	c := screening.NewCounter(app)
//	c.Start()                               // with the server
//	counting, err := c.Fresh(time.Second)   // before a report
//	c.Stop()
type Counter struct {
	refresh func(ctx context.Context, rest bool) error
	log     func(error)

	mu     sync.Mutex
	ctx    context.Context // nil while stopped
	cancel context.CancelFunc
	now    *counting // nil: none is under way
}

// counting is one refresh; err is set when done is closed.
type counting struct {
	done chan struct{}
	err  error
}

// NewCounter makes the counter of an app; until [Counter.Start] who looks waits
// for the count.
func NewCounter(app core.App) *Counter {
	return &Counter{
		refresh: func(ctx context.Context, rest bool) error { return refresh(ctx, app, rest) },
		log:     func(err error) { app.Logger().Error("screening: the days can't be counted", "error", err) },
	}
}

// Start counts what came since the last time and waits for nothing.
func (c *Counter) Start() {
	c.mu.Lock()
	if c.ctx == nil {
		c.ctx, c.cancel = context.WithCancel(context.Background())
	}
	c.mu.Unlock()
	c.begin(false)
}

// Stop breaks off what is under way. It is made up for at the next start.
func (c *Counter) Stop() {
	c.mu.Lock()
	now := c.now
	if c.ctx != nil {
		c.cancel()
	}
	c.ctx = nil
	c.mu.Unlock()
	if now != nil {
		<-now.done
	}
}

// Fresh brings the numbers up to date, or tells that it is still at it when the
// time is over.
func (c *Counter) Fresh(wait time.Duration) (stillCounting bool, err error) {
	t := time.NewTimer(wait)
	defer t.Stop()
	for {
		now, begun := c.begin(true)
		if now == nil {
			return false, c.refresh(context.Background(), true)
		}
		select {
		case <-now.done:
			if begun || now.err != nil {
				return false, now.err
			}
			// it began before the question, so something may be missing
		case <-t.C:
			return true, nil
		}
	}
}

// begin is the refresh that is under way, else a new one, and whether it is new;
// nil while stopped.
func (c *Counter) begin(rest bool) (now *counting, begun bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now != nil || c.ctx == nil {
		return c.now, false
	}
	now, ctx := &counting{done: make(chan struct{})}, c.ctx
	c.now = now
	go func() {
		err := c.refresh(ctx, rest)
		if err != nil && !errors.Is(err, context.Canceled) {
			c.log(err)
		}
		c.mu.Lock()
		c.now = nil
		c.mu.Unlock()
		now.err = err
		close(now.done)
	}()
	return now, true
}
