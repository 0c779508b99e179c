package desk

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
)

// Names of the secrets beside those of mailboxes, see [MailboxSecret].
const (
	SecretDKIM    = "dkim"    // PEM of the private key that signs outgoing mail
	SecretInbound = "inbound" // of the webhook that takes mail in
	SecretSMS     = "sms"     // of the SMS gateway
	SecretLookup  = "lookup"  // signs what the shop's own system is asked

	// SMSHost is no secret, but may be given beside that of the SMS gateway and
	// from nowhere else: the only host that a given one is sent to.
	SMSHost = "sms_host"
)

// MailboxSecret is the name under which what opens a mailbox is kept.
func MailboxSecret(id string) string { return "mailbox:" + id }

// ErrSecret says that a secret was written under another key, so that it has
// to be given again.
var ErrSecret = errors.New("this secret was kept under another key; give it again")

const givenKey = "pocketdesk.secrets"

// GiveSecrets sets where secrets come from before those that are kept: the
// environment, or the host. given is asked for the names of this file, for a
// mailbox by its name instead of its id, as in mailbox:support.
func GiveSecrets(app core.App, given func(name string) string) {
	if given != nil {
		app.Store().Set(givenKey, given)
	}
}

// FromEnv is the word of the environment, or of the host, on a secret; "" where
// it has none.
func FromEnv(app core.App, name string) string {
	given, ok := app.Store().Get(givenKey).(func(string) string)
	if !ok {
		return ""
	}
	if id, ok := strings.CutPrefix(name, MailboxSecret("")); ok {
		r, err := app.FindRecordById(Mailboxes, id)
		if err != nil {
			return ""
		}
		name = MailboxSecret(r.GetString("name"))
	}
	return given(name)
}

// Secret is what is kept under a name, "" where nothing is. The environment
// wins. The error may be [ErrSecret].
func Secret(app core.App, name string) (string, error) {
	if s := FromEnv(app, name); s != "" {
		return s, nil
	}
	r, err := secretRecord(app, name)
	if r == nil || err != nil {
		return "", err
	}
	plain, err := security.Decrypt(r.GetString("value"), secretsKey(app))
	if err != nil {
		return "", fmt.Errorf("%s: %w", name, ErrSecret)
	}
	return string(plain), nil
}

// SetSecret keeps a secret, encrypted by AES-GCM with a key that is derived
// from the app's; "" forgets it.
func SetSecret(app core.App, name, value string) error {
	r, err := secretRecord(app, name)
	if err != nil {
		return err
	}
	if value == "" {
		if r == nil {
			return nil
		}
		return app.Delete(r)
	}
	if r == nil {
		if r, err = New(app, Secrets); err != nil {
			return err
		}
		r.Set("name", name)
	}
	sealed, err := security.Encrypt([]byte(value), secretsKey(app))
	if err != nil {
		return err
	}
	r.Set("value", sealed)
	return Save(app, r)
}

func secretRecord(app core.App, name string) (*core.Record, error) {
	r := &core.Record{}
	err := app.RecordQuery(Secrets).AndWhere(dbx.HashExp{"name": name}).Limit(1).One(r)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return r, err
}

// secretsKey is the digest itself: PocketBase's tools take 32 bytes for a key of 256 bits.
func secretsKey(app core.App) string { return string(Key(app, "secrets")) }
