package desk

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pocketbase/pocketbase/core"
)

const secretKey = "pocketdesk.secret"

// LoadSecret finds the key that signs tokens, once at start. given wins (from
// the environment or the host); else it is read from pocketdesk.key in the data
// folder, where PocketBase's backups take it along, or made there.
func LoadSecret(app core.App, given string) error {
	if given != "" {
		if len(given) < 16 {
			return errors.New("the secret needs 16 characters or more")
		}
		app.Store().Set(secretKey, []byte(given))
		return nil
	}
	file := filepath.Join(app.DataDir(), "pocketdesk.key")
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		b, err = makeSecret(file)
	}
	if err != nil {
		return fmt.Errorf("the key that signs tokens: %w", err)
	}
	if len(strings.TrimSpace(string(b))) < 32 {
		return fmt.Errorf("%s is damaged: restore it from a backup, or remove it to get a new one (links in mails sent so far then stop working)", file)
	}
	app.Store().Set(secretKey, b)
	return nil
}

func makeSecret(file string) ([]byte, error) {
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return nil, err
	}
	b := []byte(hex.EncodeToString(raw) + "\n")
	return b, writeWhole(file, b)
}

// writeWhole leaves the file whole or not at all, also after a power cut.
func writeWhole(file string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+".*") // 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err = f.Write(b); err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}

// Key derives the signing key for one purpose, so that what is signed for one
// can't be used for another.
func Key(app core.App, purpose string) []byte {
	secret, _ := app.Store().Get(secretKey).([]byte)
	if len(secret) == 0 {
		panic("desk.Key before desk.LoadSecret: tokens would be signed with an empty key")
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("pocketdesk:" + purpose))
	return mac.Sum(nil)
}
