package screening

import (
	"context"
	"errors"
	"testing"
	"time"
)

// counted is a refresh that begins and ends when the test says so.
type counted struct {
	begun chan bool // whether it rests afterwards
	end   chan error
}

func newCounted() (*Counter, *counted) {
	s := &counted{make(chan bool), make(chan error)}
	return &Counter{
		refresh: func(ctx context.Context, rest bool) error {
			s.begun <- rest
			select {
			case err := <-s.end:
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		},
		log: func(error) {},
	}, s
}

// Nobody waits for the first count; who looks meanwhile is told.
func TestCounterDoesNotWait(t *testing.T) {
	c, s := newCounted()
	c.Start()
	if rest := <-s.begun; rest {
		t.Error("who looks right after the start is shown what was there before")
	}
	for range 3 {
		if counting, err := c.Fresh(0); !counting || err != nil {
			t.Errorf("during the first count: %v, %v", counting, err)
		}
	}
	s.end <- nil
	c.Stop()
}

// Who asks while an earlier count is under way gets the next one: the earlier
// one may have missed what came since.
func TestCounterCountsOnceMore(t *testing.T) {
	c, s := newCounted()
	c.Start()
	<-s.begun
	type answer struct {
		counting bool
		err      error
	}
	got := make(chan answer, 1)
	asked := make(chan struct{})
	go func() {
		close(asked)
		counting, err := c.Fresh(time.Hour)
		got <- answer{counting, err}
	}()
	<-asked
	s.end <- nil
	<-s.begun
	fault := errors.New("disk full")
	s.end <- fault
	if a := <-got; a.counting || !errors.Is(a.err, fault) {
		t.Errorf("%+v", a)
	}
	c.Stop()
}

// A count that takes minutes does not hold up the end, and without a start
// everybody counts for himself.
func TestCounterStops(t *testing.T) {
	c, s := newCounted()
	c.Start()
	<-s.begun
	c.Stop()
	c.Stop()
	go func() { <-s.begun; s.end <- nil }()
	if counting, err := c.Fresh(0); counting || err != nil {
		t.Errorf("without a start: %v, %v", counting, err)
	}
}
