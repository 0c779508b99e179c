package mailin

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/mailin/report"
)

// limit is how long the reading of a mail may take.
const limit = 2 * time.Second

// reader fills a Mail and calls keep whenever what it has so far is worth
// keeping.
type reader func(ctx context.Context, m *Mail, keep func()) error

// guarded runs read with a deadline, and holds a panic in the code below it. At
// the deadline it gives what was last kept. The work is linear in its bounded
// input, so that a reader given up on ends soon after.
func guarded(ctx context.Context, within time.Duration, read reader) (*Mail, error) {
	inner, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	var (
		mu   sync.Mutex
		last = Mail{Bounce: report.Bounce{Kind: report.None}}
		m    = last
		done = make(chan error, 1)
	)
	keep := func() {
		mu.Lock()
		defer mu.Unlock()
		last = m
	}
	go func() {
		defer func() {
			if p := recover(); p != nil {
				done <- fmt.Errorf("reading mail: %v", p)
			}
		}()
		err := read(inner, &m, keep)
		keep()
		done <- err
	}()
	var err error
	select {
	case err = <-done:
	case <-inner.Done():
		if err = ctx.Err(); err == nil {
			err = ErrTimeout
		}
	}
	mu.Lock()
	out := last
	mu.Unlock()
	if err != nil {
		out.Errors = append(out.Errors[:len(out.Errors):len(out.Errors)], err.Error())
	}
	return &out, err
}
