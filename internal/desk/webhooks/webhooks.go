// Package webhooks tells addresses of the shop's choice what happens on cases,
// after the Standard Webhooks specification: it reads the audit trail, writes a
// delivery for each webhook that asks for it, and sends deliveries until they are
// taken or three days are over. A crash at any point loses none; it may bring one
// twice, under the same webhook-id.
//
//	s := webhooks.New(app, webhooks.Config{Commit: committer, Link: deskLink})
//	s.Start()
//	defer s.Stop()
package webhooks

import (
	"context"
	"crypto/tls"
	"encoding/hex"
	"math/rand/v2"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/safehttp"
)

const (
	timeout  = 20 * time.Second // of one try with its answer
	tick     = 15 * time.Second // rests no longer than this
	shortest = 20 * time.Millisecond
)

// HeaderOrigin bears who sends, so that a desk knows a webhook that leads to itself.
const HeaderOrigin = "Pocketdesk-Origin"

// Config says how the station works. Commit is needed.
type Config struct {
	Commit *desk.Committer
	// Link is the address of a case in the Desk. Default: "".
	Link func(caseID string) string
	// Private lets addresses lie inside the machine or its network, and begin with
	// http://. Whoever runs the machine says so.
	Private bool
	// Timeout is of one try. Default: 20 s.
	Timeout time.Duration
	// Jitter, from 0 to 1, spreads later tries. Default: by chance.
	Jitter func() float64
	// Resolver and TLS are for tests. Default: the system's.
	Resolver *net.Resolver
	TLS      *tls.Config
}

// Station tells webhooks what happens on one app.
type Station struct {
	app    core.App
	commit *desk.Committer
	config Config
	client *http.Client
	feed   *desk.Feed
	wake   <-chan struct{}
	origin string

	kick   chan struct{}
	cancel context.CancelFunc
	done   sync.WaitGroup

	read  sync.Mutex // one reader at a time
	begun bool       // the reader has its place

	mu    sync.Mutex
	lanes map[string]*lane // by webhook
}

// New makes the station.
func New(app core.App, c Config) *Station {
	if c.Timeout <= 0 {
		c.Timeout = timeout
	}
	if c.Jitter == nil {
		c.Jitter = rand.Float64
	}
	if c.Link == nil {
		c.Link = func(string) string { return "" }
	}
	ask := safehttp.Config{Timeout: c.Timeout, Resolver: c.Resolver, TLS: c.TLS}
	if c.Private {
		ask.Allow = func(a netip.AddrPort) bool { return a.IsValid() }
	}
	feed := desk.NewFeed(app, "webhooks")
	return &Station{
		app: app, commit: c.Commit, config: c, client: safehttp.New(ask), feed: feed, wake: feed.Wake(), origin: Origin(app),
		kick: make(chan struct{}, 1), lanes: map[string]*lane{},
	}
}

// Origin is what this desk sends as [HeaderOrigin]; it tells nothing of its keys.
func Origin(app core.App) string { return hex.EncodeToString(desk.Key(app, "webhook-origin")[:12]) }

// Start reads and sends in the background until [Station.Stop].
func (s *Station) Start() {
	if s.cancel != nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.done.Add(2)
	go s.readLoop(ctx)
	go s.sendLoop(ctx)
}

// Stop ends the background work. What is on its way is broken off, and sent again
// at the next start.
func (s *Station) Stop() {
	if s.cancel == nil {
		return
	}
	s.cancel()
	s.done.Wait()
	s.cancel = nil
}

// Kick says that something may be due.
func (s *Station) Kick() {
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

func (s *Station) readLoop(ctx context.Context) {
	defer s.done.Done()
	for {
		n, err := s.Read(ctx)
		if err != nil && ctx.Err() == nil {
			s.app.Logger().Error("webhooks: what happened can't be read", "error", err)
		}
		if n > 0 {
			s.Kick()
		}
		if !rest(ctx, tick, s.wake) {
			return
		}
	}
}

func (s *Station) sendLoop(ctx context.Context) {
	defer s.done.Done()
	if err := s.recover(); err != nil {
		s.app.Logger().Error("webhooks: recover", "error", err)
	}
	var lanes sync.WaitGroup
	defer lanes.Wait()
	for {
		wait, err := s.dispatch(ctx, &lanes)
		if err != nil && ctx.Err() == nil {
			s.app.Logger().Error("webhooks", "error", err)
			wait = tick
		}
		if !rest(ctx, wait, s.kick) {
			return
		}
	}
}

// rest waits for a time, or until something is told; false at the end.
func rest(ctx context.Context, d time.Duration, told <-chan struct{}) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-told:
	case <-t.C:
	}
	return ctx.Err() == nil
}
