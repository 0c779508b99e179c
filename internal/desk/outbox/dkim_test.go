package outbox_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/outbox"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// signatures are the results for a mail as a receiver sees them that knows one record.
func signatures(t *testing.T, raw []byte, name, record string) []*dkim.Verification {
	t.Helper()
	all, err := dkim.VerifyWithOptions(bytes.NewReader(raw), &dkim.VerifyOptions{LookupTXT: func(asked string) ([]string, error) {
		if asked != name {
			return nil, errors.New("no such name")
		}
		return []string{record}, nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSigned(t *testing.T) {
	pem, err := mail.NewDKIMKey()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "dkim.pem")
	if err := os.WriteFile(file, []byte(pem), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, secret := range map[string]string{"pem": pem, "one line": strings.ReplaceAll(pem, "\n", `\n`), "file": file} {
		t.Run(name, func(t *testing.T) {
			app, srv := newApp(t, mailtest.Script{})
			app.Choose(desktest.Values{"mail": map[string]any{"dkim": map[string]string{"domain": "shop.example", "selector": "s1"}}})
			if err := desk.SetSecret(app, desk.SecretDKIM, secret); err != nil {
				t.Fatal(err)
			}
			key, err := app.Outbox.DKIM()
			if err != nil || key == nil {
				t.Fatal(err)
			}
			c := app.Case(desktest.Values{"locale": "zh-TW"})
			app.Reply(c, app.Agent(desk.RoleAgent, ""), desktest.Values{"body": "您的包裹今天寄出。\n\n.單獨的點"})
			drain(t, app)
			all := arrived(t, srv)
			if len(all) != 2 {
				t.Fatalf("%d mails", len(all))
			}
			for _, l := range all {
				results := signatures(t, l.envelope.Raw, key.Name(), key.Record())
				if len(results) != 1 || results[0].Err != nil || results[0].Domain != "shop.example" {
					t.Errorf("%+v", results)
				}
			}
		})
	}
}

// A key that can't be used holds up no mail, and is told.
func TestUnsigned(t *testing.T) {
	for name, c := range map[string]struct {
		dkim   map[string]string
		secret string
		fault  error
	}{
		"off":        {map[string]string{}, "", nil},
		"no key":     {map[string]string{"domain": "shop.example", "selector": "s1"}, "", outbox.ErrNoKey},
		"damaged":    {map[string]string{"selector": "s1"}, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", mail.ErrDKIM},
		"not a file": {map[string]string{"selector": "s1"}, "/no/such/file", mail.ErrDKIM},
		"selector":   {map[string]string{"selector": "s 1"}, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", mail.ErrDKIM},
	} {
		t.Run(name, func(t *testing.T) {
			app, srv := newApp(t, mailtest.Script{})
			app.Choose(desktest.Values{"mail": map[string]any{"dkim": c.dkim}})
			if err := desk.SetSecret(app, desk.SecretDKIM, c.secret); err != nil {
				t.Fatal(err)
			}
			app.Case(nil)
			drain(t, app)
			if l := only(t, srv); l.header("DKIM-Signature") != "" {
				t.Error("it is signed")
			}
			if key, err := app.Outbox.DKIM(); key != nil || !errors.Is(err, c.fault) || c.fault == nil && err != nil {
				t.Errorf("%v, want %v", err, c.fault)
			} else if err != nil && c.secret != "" && strings.Contains(err.Error(), c.secret) {
				t.Errorf("the secret is told: %v", err)
			}
		})
	}
}
