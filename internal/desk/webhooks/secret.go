package webhooks

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/webhook"
)

// overlap is how long the secret before a new one signs too.
const overlap = 24 * time.Hour

// keys are the secrets of one webhook as they are kept, encrypted, in the
// collection of secrets.
type keys struct {
	Now    string    `json:"now"`
	Before string    `json:"before,omitempty"`
	Until  time.Time `json:"until,omitzero"` // how long Before counts
}

func secretName(hook string) string { return "webhook:" + hook }

func loadKeys(app core.App, hook string) (keys, error) {
	var k keys
	kept, err := desk.Secret(app, secretName(hook))
	if err != nil || kept == "" {
		return k, err
	}
	if err := json.Unmarshal([]byte(kept), &k); err != nil {
		return k, fmt.Errorf("secret of webhook %s: %w", hook, desk.ErrSecret)
	}
	return k, nil
}

func (k keys) keep(app core.App, hook string) error {
	b, err := json.Marshal(k)
	if err != nil {
		return err
	}
	return desk.SetSecret(app, secretName(hook), string(b))
}

// signers are the secrets that sign at a time, the newest first.
func (k keys) signers(now time.Time) []string {
	if k.Before != "" && now.Before(k.Until) {
		return []string{k.Now, k.Before}
	}
	return []string{k.Now}
}

// EnsureSecret makes the secret of a new webhook, which nobody has seen until
// [Station.NewSecret] is asked for one.
func EnsureSecret(app core.App, hook string) error {
	k, err := loadKeys(app, hook)
	if err != nil || k.Now != "" {
		return err
	}
	return keys{Now: webhook.NewSecret()}.keep(app, hook)
}

// ForgetSecret removes what belonged to a webhook that is gone.
func ForgetSecret(app core.App, hook string) error { return desk.SetSecret(app, secretName(hook), "") }

// NewSecret makes a new secret and gives it away, this once. The old one signs
// too for a day, so that the receiver has time, unless atOnce; until is when it ends.
func (s *Station) NewSecret(hook string, atOnce bool) (secret string, until time.Time, err error) {
	secret = webhook.NewSecret()
	err = s.commit.Do(func(tx core.App) error {
		if _, err := FindHook(tx, hook); err != nil {
			return err
		}
		old, err := loadKeys(tx, hook)
		if err != nil {
			old = keys{} // kept under another key: it signs nothing any more
		}
		k := keys{Now: secret}
		until = time.Time{}
		if old.Now != "" && !atOnce {
			until = desk.Now(tx).Add(overlap)
			k.Before, k.Until = old.Now, until
		}
		return k.keep(tx, hook)
	})
	if err != nil {
		return "", time.Time{}, err
	}
	s.Kick() // what could not be signed can be now
	return secret, until, nil
}

// SecretState says how the secret of a webhook stands: kept, none or lost, which
// is kept under another key; until is when an old one ends that still signs.
func (s *Station) SecretState(hook string) (state string, until time.Time) {
	k, err := loadKeys(s.app, hook)
	switch {
	case err != nil:
		return "lost", time.Time{}
	case k.Now == "":
		return "none", time.Time{}
	case k.Before != "" && desk.Now(s.app).Before(k.Until):
		return "kept", k.Until
	}
	return "kept", time.Time{}
}
