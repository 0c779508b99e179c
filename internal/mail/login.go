package mail

import (
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-sasl"
)

// login authenticates when a user name is set. The password never crosses a
// network in the clear: an attacker in the middle needs only to hide STARTTLS.
func (x *session) login() error {
	s := x.server
	if s.Username == "" {
		return nil
	}
	x.stage = StageAuth
	if !x.tls && !s.local() {
		return errors.New("the connection has no TLS; the password was not sent")
	}
	if ok, _ := x.client.Extension("AUTH"); !ok {
		return errors.New("a user name is set and the server offers no login")
	}
	switch method := strings.ToUpper(s.AuthMethod); {
	case method == sasl.Login, method == "" && !x.client.SupportsAuth(sasl.Plain) && x.client.SupportsAuth(sasl.Login):
		return x.client.Auth(&loginClient{username: s.Username, password: s.Password})
	case method == sasl.Plain, method == "":
		return x.client.Auth(sasl.NewPlainClient("", s.Username, s.Password))
	default:
		return fmt.Errorf("the login method %q is neither PLAIN nor LOGIN", method)
	}
}

// loginClient is the LOGIN mechanism. It answers by turn and reads no prompt,
// since servers word theirs differently.
type loginClient struct {
	username, password string
	turn               int
}

var _ sasl.Client = (*loginClient)(nil)

// Start implements sasl.Client.
func (c *loginClient) Start() (mech string, ir []byte, err error) { return sasl.Login, nil, nil }

// Next implements sasl.Client.
func (c *loginClient) Next([]byte) ([]byte, error) {
	c.turn++
	switch c.turn {
	case 1:
		return []byte(c.username), nil
	case 2:
		return []byte(c.password), nil
	}
	return nil, sasl.ErrUnexpectedServerChallenge
}
