package outbox

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// ErrNoKey says that a selector for DKIM is set and no key is kept.
var ErrNoKey = errors.New("DKIM: a selector is set, but there is no key")

// signing is the key as it was read last, so that it isn't read for every mail.
type signing struct {
	domain, selector, text string
	key                    *mail.DKIM
	err                    error
	told                   string // what was logged last
}

// DKIM is what signs outgoing mail; nil where signing is off. An error says why
// mail leaves unsigned although it should be signed. The key is the secret
// "dkim" (from the environment, its PEM or the path of a file); domain and
// selector stand in the settings.
func (w *Worker) DKIM() (*mail.DKIM, error) {
	s, err := desk.LoadSettings(w.app)
	if err != nil {
		return nil, err
	}
	domain, selector := s.Mail.DKIM.Domain, s.Mail.DKIM.Selector
	if selector == "" {
		return nil, nil
	}
	if domain == "" {
		from := s.ReplyFrom
		if from == "" {
			from = w.app.Settings().Meta.SenderAddress
		}
		domain = mail.Domain(from)
	}
	text, err := desk.Secret(w.app, desk.SecretDKIM)
	if err == nil {
		text, err = keyText(text)
	}
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	k := &w.dkim
	if k.key == nil && k.err == nil || k.domain != domain || k.selector != selector || k.text != text {
		k.domain, k.selector, k.text = domain, selector, text
		k.key, k.err = mail.NewDKIM(domain, selector, text)
	}
	return k.key, k.err
}

// keyText is the PEM of a key that is given as such, perhaps with \n for its
// line ends as files of environment variables need, or as the path of a file.
func keyText(text string) (string, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return "", ErrNoKey
	case strings.Contains(text, "-----BEGIN"):
		return strings.ReplaceAll(text, `\n`, "\n"), nil
	case len(text) > 1000 || strings.Contains(text, "\n"):
		return "", fmt.Errorf("%w: the key isn't PEM: it begins with -----BEGIN PRIVATE KEY-----", mail.ErrDKIM)
	}
	b, err := os.ReadFile(text)
	if err != nil {
		return "", fmt.Errorf("%w: the file of the key can't be read", mail.ErrDKIM) // what was given may be the key itself
	}
	return string(b), nil
}

// sign signs a mail. Mail that can't be signed is sent as it is.
func (w *Worker) sign(raw []byte) []byte {
	key, err := w.DKIM()
	if err == nil && key != nil {
		var signed []byte
		if signed, err = key.Sign(raw); err == nil {
			raw = signed
		}
	}
	w.tellDKIM(err)
	return raw
}

// tellDKIM logs a problem once, not for every mail.
func (w *Worker) tellDKIM(err error) {
	said := ""
	if err != nil {
		said = err.Error()
	}
	w.mu.Lock()
	news := said != w.dkim.told
	w.dkim.told = said
	w.mu.Unlock()
	if news && err != nil {
		w.app.Logger().Error("outbox: mail leaves unsigned", "error", err)
	}
}
