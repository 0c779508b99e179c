// Package inbound takes mail in. Every door (IMAP, webhook, import) ends in
// [Station.Take], which stores a mail as it came before anybody reads it; a
// worker then reads it, decides where it belongs and settles that in one
// transaction with the mail's own record. So a crash at any point loses nothing
// and does nothing twice.
//
//	s := inbound.New(app, inbound.Config{Commit: commit, Receive: …, Hear: …, Bounced: …})
//	s.Start()
//	id, again, err := s.Take(inbound.Raw{Source: desk.FromWebhook, Data: raw})
package inbound

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/mailin"
)

// Config is what [New] needs: the verbs of the other stations.
type Config struct {
	Commit *desk.Committer
	// Receive screens a mail that belongs to no case, or not without a look, as any
	// submission. It returns [ErrUnusable] for one that can't be taken as it is.
	Receive func(app core.App, f *desk.Feedback, l *desk.Letter) error
	// Hear adds a message to its case, inside the transaction. auto is set for one
	// that no person wrote.
	Hear func(tx core.App, c *desk.Case, m *desk.Message, auto bool) error
	// Bounced notes that a mail of ours did not arrive, inside the transaction.
	Bounced func(tx core.App, b Bounced) error
	// Asked tells of the mail by which somebody outside was asked for help on a case,
	// by the token that his answer bears. Default: nobody ever is.
	Asked func(app core.App, token, addr string) (Asked, error)
	// Answered adds his answer to the case as a note, inside the transaction. The
	// error is [sql.ErrNoRows] where nothing is left of what he was asked about.
	Answered func(tx core.App, run string, m *desk.Message) error
	// Raise notes that an address of a contact is known better now.
	Raise func(tx core.App, contact, address, state string) error
	// Unwelcome tells whether staff want nothing from the sender. Default: nobody is.
	Unwelcome func(app core.App, f *desk.Feedback) (bool, error)

	// Parse reads a mail. Default: [mailin.Parse].
	Parse func(ctx context.Context, raw []byte) (*mailin.Mail, error)
	// Parallel is how many mails are read at a time. Default: 2.
	Parallel int
	// Room tells how many bytes the disk has left. Default: nobody looks.
	Room func() uint64
}

// Bounced is a report that a mail of ours did not arrive.
type Bounced struct {
	Delivery *desk.Delivery // nil where none is known any more
	Message  *desk.Message
	Address  string // that could not be reached, as a key where it is one
	Hard     bool   // it never will be
	Why      string // the other server's words
}

// ErrUnusable says that a mail can't be made into a submission, however often it
// is tried.
var ErrUnusable = errors.New("this mail can't be taken as a message")

// Station takes the mail of one app in.
type Station struct {
	app    core.App
	config Config
	signer mail.Signer

	kick   chan struct{}
	round  sync.Mutex // one round at a time
	cancel context.CancelFunc
	done   chan struct{}

	taking desk.Turns           // mails that are being stored, by mailbox and Message-ID
	waits  map[string]time.Time // lanes that wait for an earlier mail of theirs; the worker's alone
	latest time.Time            // the clock's last word; the worker's alone
}

// New makes the station of an app.
func New(app core.App, c Config) *Station {
	if c.Parse == nil {
		c.Parse = mailin.Parse
	}
	if c.Asked == nil {
		c.Asked = func(core.App, string, string) (Asked, error) { return Asked{}, nil }
	}
	if c.Parallel < 1 {
		c.Parallel = 2
	}
	if c.Room == nil {
		c.Room = func() uint64 { return math.MaxUint64 }
	}
	if c.Unwelcome == nil {
		c.Unwelcome = func(core.App, *desk.Feedback) (bool, error) { return false, nil }
	}
	return &Station{
		app: app, config: c, signer: mail.Signer{Key: desk.Key(app, "message-id")},
		kick: make(chan struct{}, 1), waits: map[string]time.Time{},
	}
}

// Start reads in the background until [Station.Stop].
func (s *Station) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel, s.done = cancel, make(chan struct{})
	go s.loop(ctx)
}

// Stop ends the background work. A mail that is being read is read again at the
// next start.
func (s *Station) Stop() {
	if s.cancel == nil {
		return
	}
	s.cancel()
	<-s.done
	s.cancel = nil
}

// Kick says that a mail may be due.
func (s *Station) Kick() {
	select {
	case s.kick <- struct{}{}:
	default:
	}
}
