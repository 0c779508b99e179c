// Package service keeps service levels: it warns of what a case owes its visitor,
// tells when that is late, finds the dues of open cases anew after a policy or a
// calendar changed, and reports what was met.
//
//	s := service.New(app, service.Config{Commit: committer})
//	n, err := s.Tick()    // every minute
//	err = s.Refresh(ctx)  // every minute too, and after a change
//
// What a case owes by when is reckoned whenever it changes, by [desk.Reckon].
package service

import (
	"context"
	"sync"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Kinds of what is told.
const (
	Warning = "warning"
	Breach  = "breach"
)

// Config is what [New] needs.
type Config struct {
	Commit *desk.Committer
	// Breached is told of everything that is due soon, or late, in the transaction that
	// notes it: which is desk.FirstResponse, desk.NextResponse or desk.Resolution,
	// kind is [Warning] or [Breach]. Default: nobody is.
	Breached func(tx core.App, c *desk.Case, which, kind string) error
}

// Station keeps service levels.
type Station struct {
	Config
	app core.App

	ticking    sync.Mutex
	refreshing sync.Mutex

	mu    sync.Mutex
	state State
	wake  chan struct{}
	stop  context.CancelFunc
	ended chan struct{}
}

// State is how far finding all dues anew has come.
type State struct {
	Running bool   `json:"running"`
	Done    int    `json:"done"`
	Total   int    `json:"total"`
	Changed int    `json:"changed"`
	Ended   string `json:"ended"` // when the last run ended; "" since the start none did
}

// New makes the station.
func New(app core.App, c Config) *Station {
	return &Station{Config: c, app: app, wake: make(chan struct{}, 1)}
}

// State is how far the run has come that is under way, or the last one.
func (s *Station) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.state
}

func (s *Station) note(change func(*State)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state)
}

// Start lets [Station.Kick] do its work in the background.
func (s *Station) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stop != nil {
		cancel()
		return
	}
	s.stop, s.ended = cancel, make(chan struct{})
	go s.work(ctx, s.ended)
}

// Stop ends the background's work; what was under way goes on at the next start.
func (s *Station) Stop() {
	s.mu.Lock()
	stop, ended := s.stop, s.ended
	s.stop = nil
	s.mu.Unlock()
	if stop != nil {
		stop()
		<-ended
	}
}

func (s *Station) work(ctx context.Context, ended chan struct{}) {
	defer close(ended)
	for {
		if err := s.Refresh(ctx); err != nil && ctx.Err() == nil {
			s.app.Logger().Error("dues of open cases", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
	}
}

// Kick says that a policy, a calendar or a contact's tags may have changed.
func (s *Station) Kick() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
