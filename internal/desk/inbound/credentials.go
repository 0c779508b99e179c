package inbound

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/imapbox"
)

// Credentials are what opens a mailbox, as kept under [desk.MailboxSecret]. The
// environment gives a password alone, as plain text.
type Credentials struct {
	Password     string `json:"password,omitempty"`
	ClientSecret string `json:"client_secret,omitempty"`
	RefreshToken string `json:"refresh_token,omitempty"`
}

// Keep stores credentials of a mailbox.
func (c Credentials) Keep(f *Fetcher, box string) error {
	b, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return desk.SetSecret(f.app, desk.MailboxSecret(box), string(b))
}

// ErrNoPassword says that a mailbox was given no password yet.
var ErrNoPassword = errors.New("this mailbox has no password yet")

// loaded are the credentials of a mailbox.
func (f *Fetcher) loaded(box *desk.Mailbox) (c Credentials, err error) {
	name := desk.MailboxSecret(box.Id)
	if password := desk.FromEnv(f.app, name); password != "" {
		return Credentials{Password: password}, nil
	}
	kept, err := desk.Secret(f.app, name)
	switch {
	case err != nil:
		return c, err
	case kept == "":
		return c, ErrNoPassword
	}
	return c, json.Unmarshal([]byte(kept), &c)
}

// credentials gives what opens a mailbox: a password, read before every
// connection, or access tokens for which the refresh token is traded.
func (f *Fetcher) credentials(box *desk.Mailbox) (func(context.Context) (imapbox.Credentials, error), func()) {
	if box.GetString("auth") != "xoauth2" {
		return func(context.Context) (imapbox.Credentials, error) {
			c, err := f.loaded(box)
			return imapbox.Credentials{Password: c.Password}, err
		}, nil
	}
	c, err := f.loaded(box)
	if err != nil {
		return func(context.Context) (imapbox.Credentials, error) { return imapbox.Credentials{}, err }, nil
	}
	o := &imapbox.OAuth{
		Provider: box.GetString("provider"), ClientID: box.GetString("client_id"), ClientSecret: c.ClientSecret, RefreshToken: c.RefreshToken,
		Now: func() time.Time { return desk.Now(f.app) },
		Rotated: func(_ context.Context, token string) error {
			c.RefreshToken = token
			return c.Keep(f, box.Id)
		},
	}
	return o.Auth, o.Forget
}
