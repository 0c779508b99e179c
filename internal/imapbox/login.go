package imapbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"
)

// Credentials is what a mailbox is opened with: a password, or an OAuth 2 access
// token for XOAUTH2 and OAUTHBEARER. It prints as nothing.
type Credentials struct{ Password, Token string }

// String hides what it holds.
func (Credentials) String() string { return "(hidden)" }

// GoString hides what it holds.
func (Credentials) GoString() string { return "imapbox.Credentials(hidden)" }

// LogValue hides what it holds.
func (Credentials) LogValue() slog.Value { return slog.StringValue("(hidden)") }

// Password is a Config.Auth that always gives the same password.
func Password(password string) func(context.Context) (Credentials, error) {
	return func(context.Context) (Credentials, error) { return Credentials{Password: password}, nil }
}

// login opens the mailbox. It takes a SASL mechanism (RFC 4422) where the server has
// one, since the LOGIN command does not carry letters beyond ASCII everywhere.
func (s *session) login(c Credentials) error {
	if s.client.State() == imap.ConnStateAuthenticated { // PREAUTH, seen on pipes to a local server
		return nil
	}
	caps := s.client.Caps()
	var err error
	switch {
	case c.Token != "" && caps.Has("AUTH=XOAUTH2"):
		err = s.client.Authenticate(&xoauth2{username: s.cfg.Username, token: c.Token})
	case c.Token != "" && caps.Has("AUTH=OAUTHBEARER"):
		err = s.client.Authenticate(sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{
			Username: s.cfg.Username, Token: c.Token, Host: s.cfg.Host, Port: s.cfg.Port,
		}))
	case c.Token != "":
		return fmt.Errorf("%w: it takes no access tokens, only passwords", ErrLogin)
	case c.Password == "":
		return fmt.Errorf("%w: the password is empty", ErrLogin)
	case caps.Has("AUTH=PLAIN"):
		err = s.client.Authenticate(sasl.NewPlainClient("", s.cfg.Username, c.Password))
	case caps.Has(imap.CapLoginDisabled):
		return ErrNoTLS
	default:
		err = s.client.Login(s.cfg.Username, c.Password).Wait()
	}
	return s.loginProblem(err)
}

// loginProblem tells a refusal, which is for people to mend, from a server that is
// out of order for a while (response codes of RFC 5530).
func (s *session) loginProblem(err error) error {
	var answer *imap.Error
	var refused refusedToken
	var bearer *sasl.OAuthBearerError
	switch {
	case errors.As(err, &refused), errors.As(err, &bearer):
		return s.secrets.problem(ErrLogin, err)
	case !errors.As(err, &answer):
		return err
	}
	switch answer.Code {
	case "PRIVACYREQUIRED":
		return s.secrets.problem(ErrNoTLS, err)
	case "UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG":
		return s.secrets.problem(ErrServer, err)
	}
	return s.secrets.problem(ErrLogin, err)
}

// xoauth2 is the mechanism of Google and Microsoft for access tokens, as they
// document it for IMAP and SMTP.
type xoauth2 struct{ username, token string }

var _ sasl.Client = (*xoauth2)(nil)

func xoauth2Response(username, token string) string {
	return "user=" + username + "\x01auth=Bearer " + token + "\x01\x01"
}

// Start gives the only thing that the client has to say.
func (x *xoauth2) Start() (string, []byte, error) {
	return "XOAUTH2", []byte(xoauth2Response(x.username, x.token)), nil
}

// refusedToken is a refusal of a token, with the status that the server gave.
type refusedToken string

func (r refusedToken) Error() string { return string(r) }

// Next is called with the reason of a refusal, JSON with a status such as "401".
func (x *xoauth2) Next(challenge []byte) ([]byte, error) {
	var reason struct{ Status string }
	if json.Unmarshal(challenge, &reason) != nil || reason.Status == "" {
		return nil, refusedToken("the access token was refused")
	}
	return nil, refusedToken("the access token was refused with status " + reason.Status)
}
