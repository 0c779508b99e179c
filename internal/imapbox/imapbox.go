// Package imapbox fetches the mails of one mailbox over IMAP (RFC 9051, RFC 3501)
// as they arrive, each exactly as it came.
//
// Watch stays until its context ends: it connects, catches up with what arrived
// meanwhile, waits with IDLE (RFC 2177) or asks every minute, and connects again
// after every failure. What has been fetched is the handler's to remember: it gets
// each mail, stores it, and keeps one Position.
//
//	cfg := imapbox.Config{Host: "imap.example.com", Username: "desk@example.com",
//		Auth: imapbox.Password(secret), After: imapbox.Seen, Since: boundAt}
//	err := imapbox.Watch(ctx, cfg, handler) // the context's error
//
// Check tries the same settings once and says what is wrong in a sentence.
//
// The server is not trusted: replies and mails are bounded, a silent server is
// left after a minute, certificates are verified, and no secret gets into an error.
package imapbox

import (
	"context"
	"crypto/tls"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"time"
)

// Values of Config.Security.
const (
	TLS      = "tls"      // TLS from the first byte, port 993
	STARTTLS = "starttls" // TLS asked for on port 143, never less
	None     = "none"     // no TLS: to a server on this machine only
)

// Values of Config.After: what happens to a mail in its folder once it is stored.
const (
	Keep = "keep" // nothing; the folder is opened read-only
	Seen = "seen" // it gets the flag \Seen
	Move = "move" // it goes to the folder Config.MoveTo, which is made where it is missing
)

// Config says which mailbox to watch and how. Host, Username and Auth are needed;
// the rest has a default.
type Config struct {
	Host     string
	Port     int    // default 993, without Security TLS 143
	Security string // TLS (default), STARTTLS or None
	Username string

	// Auth gives what to log in with. It is asked before every connection, so
	// that a token can be a fresh one; see Password and OAuth.
	Auth func(ctx context.Context) (Credentials, error)
	// Refused, if set, is called when the server did not take what Auth gave,
	// so that a token kept for later can be thrown away.
	Refused func()

	Folder string        // default "INBOX"
	After  string        // Keep (default), Seen or Move
	MoveTo string        // the folder for Move
	Poll   time.Duration // how often to look where the server has no IDLE; default a minute, at least 10 seconds

	// A mailbox that is bound for the first time may hold thousands of old
	// mails, which nobody wants as new cases. With neither of the two fields
	// below only what arrives after the first connection is taken.
	//
	// Since takes what the server received at that time or later, by its
	// INTERNALDATE. Set it to the time at which the mailbox was bound: then
	// nothing is missed when the first connection comes late, and old mails stay
	// out as well when the folder is renumbered (see Handler), which otherwise
	// brings all that is in it. A mail that somebody puts into the folder later keeps
	// its INTERNALDATE as a rule, and stays out if that lies before Since.
	Since time.Time
	// FromStart takes everything that is in the folder.
	FromStart bool

	MaxMail   int64       // bytes; default 25 MB. A larger mail is told of, not fetched.
	TLSConfig *tls.Config // roots or a client certificate; verification can't be switched off with it

	Timer  func(time.Duration) <-chan time.Time // default time.After
	Random func() float64                       // 0 to 1, for the jitter of the pauses; default math/rand
}

// Position is how far a mailbox has been fetched: all mails up to LastUID of the
// numbering UIDValidity. The zero value is a mailbox that was never looked at.
type Position struct{ UIDValidity, LastUID uint32 }

// Mail is one mail of the folder.
type Mail struct {
	UIDValidity, UID uint32
	Received         time.Time // the server's INTERNALDATE; zero without Config.Since
	Size             int64     // bytes
	Raw              []byte    // as it came; the handler may keep it
}

// State is what the mailbox is at, for Handler.Status.
type State string

// The states.
const (
	OK       State = "ok"       // connected, all fetched, waiting for more
	Retrying State = "retrying" // the connection ended; the next one is tried soon
	Failing  State = "failing"  // it failed again; the error says why
	Warning  State = "warning"  // mails arrive, but Config.After can't be done; the error says why
	Renewed  State = "renewed"  // the server numbered the folder anew; all of it is looked at again
)

// Handler stores mails. Its methods are called one after the other.
//
// Order and crashes: Take returns once a mail is on disk, then Config.After is done
// in the folder, then Save moves the position, a batch of mails at a time. After a crash
// between them up to a batch comes a second time, as does the whole folder after
// Renewed. So Take must recognise a mail that it has, by its Message-ID or the
// hash of its bytes, and return nil.
//
// An error of Take or Save breaks the connection off; the same mail is brought again
// after a pause. So a full disk loses nothing.
type Handler interface {
	// Position is what the last Save kept.
	Position(ctx context.Context) (Position, error)
	// Take stores a mail. Mails come in the order of their UIDs.
	Take(ctx context.Context, m Mail) error
	// TooLarge is Take for a mail over Config.MaxMail. Raw holds the first 64 KB
	// of its header at most, and may be empty; Size is what the server says. The mail
	// stays in the folder as it is.
	TooLarge(ctx context.Context, m Mail) error
	// Save keeps the position.
	Save(ctx context.Context, p Position) error
	// Status tells how it goes: OK after each look into the folder, at least every ten
	// minutes. The error is made for people and holds no secret.
	Status(state State, err error)
}

// Limits that are not settings.
const (
	stall       = time.Minute      // a server that says nothing for so long while it owes an answer is left
	stallRounds = 30               // so many minutes may one answer take in all
	idleFor     = 10 * time.Minute // RFC 2177 says less than 29; routers forget a silent connection earlier
	batchSize   = 50               // mails a FETCH
	listSize    = 20_000           // mails looked up in one go
	headerSize  = 64 << 10         // bytes of the header of a mail that is too large
	maxLine     = 1 << 20          // bytes of one reply beside its literals
	maxDepth    = 500              // brackets in brackets; the client library follows them without an end
	maxFolders  = 1000
)

// withDefaults is the configuration with the defaults filled in, or an error that
// no later try can mend.
func (c Config) withDefaults() (Config, error) {
	defaultTo(&c.Security, TLS)
	defaultTo(&c.Folder, "INBOX")
	defaultTo(&c.After, Keep)
	if c.Port == 0 {
		c.Port = 143
		if c.Security == TLS {
			c.Port = 993
		}
	}
	if c.Poll <= 0 {
		c.Poll = time.Minute
	}
	c.Poll = max(c.Poll, 10*time.Second)
	if c.MaxMail <= 0 {
		c.MaxMail = 25 << 20
	}
	if c.Timer == nil {
		c.Timer = time.After
	}
	if c.Random == nil {
		c.Random = rand.Float64
	}
	return c, c.valid()
}

func defaultTo(s *string, value string) {
	if *s == "" {
		*s = value
	}
}

func (c Config) valid() error {
	switch {
	case c.Host == "" || strings.ContainsAny(c.Host, " \r\n\t/"):
		return fmt.Errorf("%w: the server has no usable name", ErrSettings)
	case c.Port < 1 || c.Port > 65535:
		return fmt.Errorf("%w: port %d does not exist", ErrSettings, c.Port)
	case c.Security != TLS && c.Security != STARTTLS && c.Security != None:
		return fmt.Errorf("%w: security is tls, starttls or none", ErrSettings)
	case c.After != Keep && c.After != Seen && c.After != Move:
		return fmt.Errorf("%w: after is keep, seen or move", ErrSettings)
	case c.After == Move && (c.MoveTo == "" || c.MoveTo == c.Folder):
		return fmt.Errorf("%w: name another folder to move mails to", ErrSettings)
	case c.Auth == nil:
		return fmt.Errorf("%w: there is nothing to log in with", ErrSettings)
	case strings.ContainsAny(c.Username+c.Folder+c.MoveTo, "\r\n\x00"):
		return fmt.Errorf("%w: a name holds a line break", ErrSettings)
	}
	return nil
}

func (c Config) address() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }
