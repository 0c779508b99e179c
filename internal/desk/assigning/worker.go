package assigning

import (
	"context"
	"time"
)

// Waits of the worker: for rules that are still at an event, and after a fault.
const (
	heldWait  = 250 * time.Millisecond
	faultWait = 5 * time.Second
)

// Start follows the audit trail until [Station.Stop].
func (s *Station) Start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.stop, s.done = cancel, make(chan struct{})
	go s.work(ctx, s.feed.Wake(), s.done)
}

// Stop ends the worker and waits for what it is at.
func (s *Station) Stop() {
	s.mu.Lock()
	stop, done := s.stop, s.done
	s.stop = nil
	s.mu.Unlock()
	if stop != nil {
		stop()
		<-done
	}
}

func (s *Station) work(ctx context.Context, wake <-chan struct{}, done chan<- struct{}) {
	defer close(done)
	for ctx.Err() == nil {
		_, held, err := s.Follow(ctx)
		var again <-chan time.Time
		switch {
		case err != nil && ctx.Err() == nil:
			s.app.Logger().Error("the audit trail could not be followed", "error", err)
			again = time.After(faultWait)
		case held:
			again = time.After(heldWait)
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-s.kick:
		case <-again:
		}
	}
}
