package imapbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// session is one connection that is logged in.
type session struct {
	cfg     Config
	conn    *guard
	client  *imapclient.Client
	secrets secrets
	news    chan struct{} // holds one when something changed in the folder
	strays  atomic.Pointer[collector]
	noIdle  bool // it refused IDLE though it had offered it
}

// open connects and logs in.
func open(ctx context.Context, cfg Config) (*session, error) {
	s := &session{cfg: cfg, news: make(chan struct{}, 1)}
	credentials, err := cfg.Auth(ctx)
	s.secrets = secretsOf(credentials, cfg.Username)
	if err != nil {
		return nil, s.secrets.problem(ErrToken, err)
	}
	conn, err := s.dial(ctx)
	if err != nil {
		return nil, dialProblem(err)
	}
	s.conn = &guard{Conn: conn, maxLiteral: cfg.MaxMail + headerSize, timer: cfg.Timer, closed: make(chan struct{})}
	s.client = imapclient.New(s.conn, &imapclient.Options{UnilateralDataHandler: &imapclient.UnilateralDataHandler{
		Mailbox: func(*imapclient.UnilateralDataMailbox) { s.changed() },
		Fetch:   s.stray,
	}})
	if err := s.enter(ctx, credentials); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// dial gives up after a minute.
func (s *session) dial(ctx context.Context) (net.Conn, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-ctx.Done():
		case <-s.cfg.Timer(stall):
			cancel(ErrTimeout)
		}
	}()
	conn, err := dial(ctx, s.cfg)
	if err != nil && errors.Is(context.Cause(ctx), ErrTimeout) {
		return nil, ErrTimeout
	}
	return conn, err
}

// enter waits for the greeting and logs in.
func (s *session) enter(ctx context.Context, credentials Credentials) error {
	if err := s.ask(ctx, s.client.WaitGreeting); err != nil {
		return s.secrets.problem(ErrServer, err)
	}
	err := s.ask(ctx, func() error { return s.login(credentials) })
	if errors.Is(err, ErrLogin) && s.cfg.Refused != nil {
		s.cfg.Refused()
	}
	return err
}

// ask runs f, which talks with the server, within the limits of the guard. A refusal
// (NO, BAD) comes back as an *imap.Error for the caller to name.
func (s *session) ask(ctx context.Context, f func() error) error {
	err := s.conn.watched(ctx, f)
	var refusal *imap.Error
	if errors.As(err, &refusal) && s.conn.reason() == nil {
		return err
	}
	return s.secrets.lost(err)
}

// close leaves without a word: a LOGOUT would only be one more thing to wait for.
func (s *session) close() { s.conn.kill(ErrClosed) }

// changed notes that the folder is worth a look.
func (s *session) changed() {
	select {
	case s.news <- struct{}{}:
	default:
	}
}

// selectFolder opens the folder, read-only where nothing is to be changed in it.
func (s *session) selectFolder(ctx context.Context) (*imap.SelectData, error) {
	var data *imap.SelectData
	err := s.ask(ctx, func() (err error) {
		data, err = s.client.Select(s.cfg.Folder, &imap.SelectOptions{ReadOnly: s.cfg.After == Keep}).Wait()
		return err
	})
	if err != nil {
		return nil, s.secrets.problem(ErrFolder, err)
	}
	if data.UIDValidity == 0 {
		return nil, fmt.Errorf("%w: it does not number its mails (no UIDVALIDITY)", ErrServer)
	}
	return data, nil
}
