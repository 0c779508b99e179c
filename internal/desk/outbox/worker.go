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

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/limit"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

const (
	batch    = 20               // mails claimed in one go
	parallel = 4                // connections to the mail server
	tick     = 15 * time.Second // rests no longer than this
	shortest = 20 * time.Millisecond
	timeout  = 60 * time.Second // of one mail
	lease    = 2 * timeout      // after it, a mail that still counts as being sent was not settled

	// farthest is for how long a try may be put off. What waits longer than that
	// was put off before the machine's clock was set back.
	farthest = time.Hour + time.Minute
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

	// Bounced notes, inside the transaction, that a recipient's server knows for
	// good that nobody gets mail at the address. nil counts it as a failure.
	Bounced func(tx core.App, b Bounce) error

	carriers map[string]Carrier // by kind of delivery

	mu     sync.Mutex
	noNull string // host that refuses the null sender
	dkim   signing
}

// Bounce is a mail that can't be delivered; Message is nil for a notice.
type Bounce struct {
	Delivery *desk.Delivery
	Message  *desk.Message
	Why      string // the server's words
}

// New makes the worker; publicPath leads to the visitor's pages.
func New(app core.App, commit *desk.Committer, publicPath string) *Worker {
	now := func() time.Time { return desk.Now(app) }
	w := &Worker{
		app: app, commit: commit, publicPath: publicPath,
		signer:    mail.Signer{Key: desk.Key(app, "message-id")},
		perDomain: limit.New(limit.Config{Window: time.Hour, Now: now}),
		overall:   limit.New(limit.Config{Window: time.Hour, Now: now}),
		kick:      make(chan struct{}, 1),
	}
	w.carriers = map[string]Carrier{desk.ByMail: post{w}}
	return w
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
	for {
		wait := tick
		if _, err := w.Drain(ctx); err == nil {
			wait = w.untilNext()
		} else if ctx.Err() == nil {
			w.app.Logger().Error("outbox", "error", err)
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-w.kick:
		case <-t.C:
		}
		t.Stop()
		if ctx.Err() != nil {
			return
		}
	}
}

// untilNext is how long the worker may rest: until the next try is due, a tick
// at most, since clocks are set, and never so short that it would spin.
func (w *Worker) untilNext() time.Duration {
	kinds := w.kinds(true)
	var next string
	err := w.app.DB().Select("COALESCE(MIN([[next_attempt]]), '')").From(desk.Name(w.app, desk.Outbox)).
		Where(dbx.NewExp(waits)).AndWhere(dbx.In("kind", kinds...)).Row(&next)
	at, parseErr := types.ParseDateTime(next)
	if err != nil || parseErr != nil || at.IsZero() {
		return tick
	}
	return min(max(at.Time().Sub(desk.Now(w.app)), shortest), tick)
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
		if err := w.hold(); err != nil {
			return total, err
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
func (w *Worker) sendAll(ctx context.Context, letters []*Letter) error {
	var wg sync.WaitGroup
	errs := make([]error, len(letters))
	slots := make(chan struct{}, parallel)
	for i, l := range letters {
		wg.Add(1)
		slots <- struct{}{}
		go func() {
			defer func() { <-slots; wg.Done() }()
			w.try(ctx, l)
			if err := w.commit.Do(func(tx core.App) error { return w.settle(tx, l) }); err != nil {
				errs[i] = fmt.Errorf("delivery %s: %w", l.Delivery.Id, err)
			}
		}()
	}
	wg.Wait()
	return errors.Join(errs...)
}

// try makes one try and leaves its outcome in the letter.
func (w *Worker) try(ctx context.Context, l *Letter) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	l.err = w.carriers[l.Delivery.Kind()].Send(ctx, l)
}
