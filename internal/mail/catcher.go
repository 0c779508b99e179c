package mail

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Bounds of a Catcher, so that a demonstration left running stays small.
const (
	maxCaught      = 500
	maxCaughtBytes = 64 << 20
	maxMailBytes   = 36 << 20 // MaxAttachmentBytes in base64, and some text
)

// ErrCatcherClosed is what Wait gives once the Catcher is closed.
var ErrCatcherClosed = errors.New("mail: the catcher is closed")

// Caught is one mail that a Catcher took.
type Caught struct {
	From string   // envelope sender, "" for the null sender
	To   []string // envelope recipients
	Raw  []byte   // as it came over the wire, CRLF line ends
	At   time.Time

	Number int // counts all mails since the start, from 1
}

// Catcher is a mail server on the loopback interface that takes every mail and
// keeps the latest 500, 64 MB at most, in memory. Nothing leaves the machine.
type Catcher struct {
	// Now is the clock; set it before the first mail. Default time.Now.
	Now func() time.Time

	server   *smtp.Server
	listener net.Listener
	served   chan struct{}

	mu      sync.Mutex
	mails   []Caught
	bytes   int
	total   int
	closed  bool
	changed chan struct{} // closed and replaced at every change
}

// NewCatcher starts a Catcher at a port that the system chooses. It has no TLS
// and no login; send to it with Server{Host: host, Port: port}.
func NewCatcher() (*Catcher, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("mail: catcher: %w", err)
	}
	c := &Catcher{Now: time.Now, listener: listener, served: make(chan struct{}), changed: make(chan struct{})}
	c.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) {
		return &catching{catcher: c}, nil
	}))
	c.server.Domain = "localhost"
	c.server.MaxMessageBytes = maxMailBytes
	c.server.MaxRecipients = 100
	c.server.ReadTimeout = time.Minute
	c.server.WriteTimeout = time.Minute
	c.server.EnableSMTPUTF8 = true
	c.server.ErrorLog = log.New(io.Discard, "", 0)
	go func() {
		defer close(c.served)
		c.server.Serve(listener) // ends when the listener is closed
	}()
	return c, nil
}

// Addr is where the Catcher listens.
func (c *Catcher) Addr() (host string, port int) {
	addr := c.listener.Addr().(*net.TCPAddr)
	return addr.IP.String(), addr.Port
}

// Mails is a copy of the list, oldest first. The bytes of Raw are shared; leave
// them as they are.
func (c *Catcher) Mails() []Caught {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.mails)
}

// Wait returns Mails once n mails have come since the start, dropped ones
// included, or the error of ctx, or ErrCatcherClosed.
func (c *Catcher) Wait(ctx context.Context, n int) ([]Caught, error) {
	for {
		c.mu.Lock()
		enough, closed, changed := c.total >= n, c.closed, c.changed
		c.mu.Unlock()
		switch {
		case enough:
			return c.Mails(), nil
		case closed:
			return nil, ErrCatcherClosed
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("mail: waiting for %d mails: %w", n, ctx.Err())
		}
	}
}

// Close stops the server and its connections. The mails stay readable; a second
// Close does nothing.
func (c *Catcher) Close() error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return nil
	}
	c.closed = true
	close(c.changed)
	c.changed = make(chan struct{})
	c.mu.Unlock()

	c.server.Close()
	c.listener.Close() // in case Serve had not yet begun
	<-c.served
	return nil
}

func (c *Catcher) keep(m Caught) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total++
	m.At, m.Number = c.Now(), c.total
	c.mails = append(c.mails, m)
	c.bytes += len(m.Raw)
	drop := 0
	for len(c.mails)-drop > maxCaught || c.bytes > maxCaughtBytes {
		c.bytes -= len(c.mails[drop].Raw)
		drop++
	}
	c.mails = slices.Delete(c.mails, 0, drop)
	close(c.changed)
	c.changed = make(chan struct{})
}

// catching is one SMTP session with a Catcher.
type catching struct {
	catcher *Catcher
	mail    Caught
}

var _ smtp.Session = (*catching)(nil)

func (s *catching) Mail(from string, _ *smtp.MailOptions) error {
	s.mail = Caught{From: from}
	return nil
}

func (s *catching) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mail.To = append(s.mail.To, to)
	return nil
}

func (s *catching) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s.mail.Raw = raw
	s.catcher.keep(s.mail)
	return nil
}

func (s *catching) Reset()        { s.mail = Caught{} }
func (s *catching) Logout() error { return nil }
