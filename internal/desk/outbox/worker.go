// Package outbox sends what stands in the outbox: it takes what is due, fixes
// its bytes, marks it as being sent, hands it to the mail server and records
// what became of it. A crash in between never loses a mail, and never sends one
// more than once again.
//
//	w := outbox.New(app, committer, "/support")
//	w.Start()
//	w.Kick() // after something was queued
package outbox

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/limit"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

const (
	batch    = 20               // mails claimed in one go
	parallel = 4                // connections to the mail server
	tick     = 15 * time.Second // looks for retries that became due
	timeout  = 60 * time.Second // of one mail
	lease    = 2 * timeout      // after it, a mail that still counts as being sent was not settled
)

// Caps of automatic mail an hour; what is beyond waits.
const (
	domainHour  = 500
	overallHour = 3000
)

// Worker sends the outbox of one app.
type Worker struct {
	app        core.App
	commit     *desk.Committer
	publicPath string
	signer     mail.Signer
	perDomain  *limit.Counter
	overall    *limit.Counter

	kick   chan struct{}
	round  sync.Mutex // one round at a time
	cancel context.CancelFunc
	done   chan struct{}

	mu     sync.Mutex
	noNull string // host that refuses the null sender
}

// New makes the worker; publicPath leads to the visitor's pages.
func New(app core.App, commit *desk.Committer, publicPath string) *Worker {
	now := func() time.Time { return desk.Now(app) }
	return &Worker{
		app: app, commit: commit, publicPath: publicPath,
		signer:    mail.Signer{Key: desk.Key(app, "message-id")},
		perDomain: limit.New(limit.Config{Window: time.Hour, Now: now}),
		overall:   limit.New(limit.Config{Window: time.Hour, Now: now}),
		kick:      make(chan struct{}, 1),
	}
}

// Start sends in the background until [Worker.Stop].
func (w *Worker) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	w.cancel, w.done = cancel, make(chan struct{})
	go w.loop(ctx)
}

// Stop ends the background work; a mail that is on its way is broken off, and
// counts as unknown at the next start.
func (w *Worker) Stop() {
	if w.cancel == nil {
		return
	}
	w.cancel()
	<-w.done
	w.cancel = nil
}

// Kick says that something may be due.
func (w *Worker) Kick() {
	select {
	case w.kick <- struct{}{}:
	default:
	}
}

func (w *Worker) loop(ctx context.Context) {
	defer close(w.done)
	if err := w.Recover(); err != nil {
		w.app.Logger().Error("outbox: recover", "error", err)
	}
	t := time.NewTicker(tick)
	defer t.Stop()
	for {
		if _, err := w.Drain(ctx); err != nil && ctx.Err() == nil {
			w.app.Logger().Error("outbox", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-w.kick:
		case <-t.C:
		}
	}
}

// Drain sends all that is due now and returns how many tries were made.
func (w *Worker) Drain(ctx context.Context) (int, error) {
	w.round.Lock()
	defer w.round.Unlock()
	if err := w.recoverFrom(desk.Now(w.app).Add(-lease)); err != nil {
		return 0, err
	}
	total := 0
	for ctx.Err() == nil {
		if !desk.MailOn(w.app) {
			return total, w.hold()
		}
		letters, found, err := w.claim()
		if err != nil || found == 0 {
			return total, err
		}
		total += len(letters)
		if err := w.sendAll(ctx, letters); err != nil {
			return total, err
		}
	}
	return total, ctx.Err()
}

// sendAll sends a round's mails and records what became of each by itself, so
// that one that can't be recorded doesn't take the others along.
func (w *Worker) sendAll(ctx context.Context, letters []*letter) error {
	var wg sync.WaitGroup
	errs := make([]error, len(letters))
	slots := make(chan struct{}, parallel)
	for i, l := range letters {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; wg.Done() }()
			w.send(ctx, l)
			if err := w.commit.Do(func(tx core.App) error { return w.settle(tx, l) }); err != nil {
				errs[i] = fmt.Errorf("delivery %s: %w", l.delivery.Id, err)
			}
		}()
	}
	wg.Wait()
	return errors.Join(errs...)
}
