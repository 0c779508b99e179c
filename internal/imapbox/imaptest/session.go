package imaptest

import (
	"errors"
	"strings"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
	"github.com/emersion/go-sasl"
)

// session counts what happens and lets the Faults have their way.
type session struct {
	*imapmemserver.UserSession // nil before the login
	server                     *Server
	conn                       *imapserver.Conn
}

var _ imapserver.SessionSASL = (*session)(nil)

func (s *Server) newSession(conn *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
	return &session{server: s, conn: conn}, nil, nil
}

// Close ends the session.
func (s *session) Close() error {
	s.server.count("close", 1)
	if s.UserSession == nil {
		return nil
	}
	return s.UserSession.Close()
}

// Login opens the mailbox.
func (s *session) Login(username, password string) error {
	s.server.count("login", 1)
	if refusal := s.server.refusal("LOGIN"); refusal != nil {
		return refusal
	}
	if s.server.opts.Token != "" {
		return imapserver.ErrAuthFailed
	}
	if err := s.server.user.Login(username, password); err != nil {
		return err
	}
	s.UserSession = imapmemserver.NewUserSession(s.server.user)
	return nil
}

// AuthenticateMechanisms names the mechanisms.
func (s *session) AuthenticateMechanisms() []string {
	if s.server.opts.Token != "" {
		return []string{"XOAUTH2", "OAUTHBEARER"}
	}
	return []string{"PLAIN"}
}

// Authenticate gives the mechanism's server side.
func (s *session) Authenticate(mechanism string) (sasl.Server, error) {
	switch strings.ToUpper(mechanism) {
	case "PLAIN":
		return sasl.NewPlainServer(func(_, username, password string) error { return s.Login(username, password) }), nil
	case "XOAUTH2":
		return &tokenServer{session: s}, nil
	case "OAUTHBEARER":
		return sasl.NewOAuthBearerServer(func(o sasl.OAuthBearerOptions) *sasl.OAuthBearerError {
			if s.token(o.Username, o.Token) != nil {
				return &sasl.OAuthBearerError{Status: "invalid_token", Schemes: "bearer"}
			}
			return nil
		}), nil
	}
	return nil, errors.New("no such mechanism")
}

func (s *session) token(username, token string) error {
	s.server.count("login", 1)
	if username != s.server.Username || token != s.server.opts.Token {
		return imapserver.ErrAuthFailed
	}
	s.UserSession = imapmemserver.NewUserSession(s.server.user)
	return nil
}

// tokenServer is the other side of XOAUTH2: a refusal is a challenge with the reason first.
type tokenServer struct {
	*session
	refused bool
}

// Next takes the client's response.
func (x *tokenServer) Next(response []byte) (challenge []byte, done bool, err error) {
	if x.refused {
		return nil, false, imapserver.ErrAuthFailed
	}
	if response == nil {
		return []byte{}, false, nil
	}
	user, rest, _ := strings.Cut(strings.TrimPrefix(string(response), "user="), "\x01")
	if x.token(user, strings.TrimSuffix(strings.TrimPrefix(rest, "auth=Bearer "), "\x01\x01")) != nil {
		x.refused = true
		return []byte(`{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}`), false, nil
	}
	return nil, true, nil
}

// Select opens a folder.
func (s *session) Select(folder string, o *imap.SelectOptions) (*imap.SelectData, error) {
	s.server.count("select", 1)
	if refusal := s.server.refusal("SELECT"); refusal != nil {
		return nil, refusal
	}
	return s.UserSession.Select(folder, o)
}

// Fetch gives mails.
func (s *session) Fetch(w *imapserver.FetchWriter, set imap.NumSet, o *imap.FetchOptions) error {
	if len(o.BodySection) > 0 {
		s.server.count("fetch", 1)
		if refusal := s.server.refusal("FETCH"); refusal != nil {
			return refusal
		}
	}
	return s.UserSession.Fetch(w, set, o)
}

// Move moves mails.
func (s *session) Move(w *imapserver.MoveWriter, set imap.NumSet, folder string) error {
	s.server.count("move", 1)
	if refusal := s.server.refusal("MOVE"); refusal != nil {
		return refusal
	}
	return s.UserSession.Move(w, set, folder)
}

// Idle waits for changes.
func (s *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	if refusal := s.server.refusal("IDLE"); refusal != nil {
		return refusal
	}
	s.server.idling(s.conn, 1)
	defer s.server.idling(s.conn, -1)
	// The library's own loop sleeps over a change that came just before it began.
	for {
		changed := s.server.next()
		if err := s.UserSession.Poll(w, true); err != nil {
			return err
		}
		select {
		case <-changed:
		case <-stop:
			return nil
		}
	}
}
