// Package webhook signs, sends and checks messages after the Standard Webhooks
// specification, version 1.0.0 (standardwebhooks.com): three headers beside a
// JSON body, signed by HMAC-SHA256 with a secret that both sides know.
//
//	m := webhook.Message{ID: "msg_1", At: time.Now(), Body: body, Secrets: []string{secret}}
//	answer, err := webhook.Post(ctx, client, "https://shop.example/hook", m)
//
// and on the other side:
//
//	err := webhook.Verify(r.Header, body, time.Now(), secret)
package webhook

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Headers of a message, as the specification names them.
const (
	HeaderID        = "webhook-id"
	HeaderTimestamp = "webhook-timestamp" // seconds since 1970
	HeaderSignature = "webhook-signature" // one or several, with spaces between
)

const (
	prefix   = "whsec_" // of a secret that is written down
	version  = "v1,"    // of a signature by HMAC-SHA256
	keyBytes = 32       // of a secret that is made here
	minKey   = 24       // bytes that the specification allows
	maxKey   = 64

	// Tolerance is how far the clocks of both sides may lie apart.
	Tolerance = 5 * time.Minute
	// maxSignatures bounds how many a receiver looks at.
	maxSignatures = 16
)

// Errors of a check. Each says what is wrong, and none what would be right.
var (
	ErrSecret    = errors.New("this is no webhook secret: whsec_ and 24 to 64 bytes in base64")
	ErrHeaders   = errors.New("webhook-id, webhook-timestamp or webhook-signature is missing or malformed")
	ErrOld       = errors.New("the timestamp is too far from now")
	ErrSignature = errors.New("no signature fits")
)

// Message is what is sent to one address.
type Message struct {
	ID   string    // the same at every try: a receiver takes each once; without a full stop
	At   time.Time // of this try
	Body []byte    // as it is sent, to the byte
	// Secrets sign it, the newest first: more than one while they are changed.
	Secrets []string
}

// NewSecret makes a secret of 32 random bytes, as text.
func NewSecret() string {
	var b [keyBytes]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand aborts the program instead
	return prefix + base64.StdEncoding.EncodeToString(b[:])
}

// Key is the bytes of a secret that was written down, with or without its
// prefix. The error is [ErrSecret].
func Key(secret string) ([]byte, error) {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(strings.TrimSpace(secret), prefix))
	if err != nil || len(key) < minKey || len(key) > maxKey {
		return nil, ErrSecret
	}
	return key, nil
}

// Sign is the header of signatures of a message, one for each of its secrets.
func (m Message) Sign() (string, error) {
	if m.ID == "" || strings.ContainsAny(m.ID, ". \r\n") || len(m.Secrets) == 0 {
		return "", ErrHeaders
	}
	var all []string
	for _, secret := range m.Secrets {
		key, err := Key(secret)
		if err != nil {
			return "", err
		}
		all = append(all, version+base64.StdEncoding.EncodeToString(mac(key, m.ID, stamp(m.At), m.Body)))
	}
	return strings.Join(all, " "), nil
}

func stamp(at time.Time) string { return strconv.FormatInt(at.Unix(), 10) }

// mac is the signature of id, full stop, time, full stop and body.
func mac(key []byte, id, at string, body []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(id + "." + at + "."))
	h.Write(body)
	return h.Sum(nil)
}

// Verify checks what came in against one or more secrets: one signature of one
// of them is enough. Whoever receives it should also look whether the id came
// before.
func Verify(header http.Header, body []byte, now time.Time, secrets ...string) error {
	id, at, given := header.Get(HeaderID), header.Get(HeaderTimestamp), header.Get(HeaderSignature)
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil || id == "" || given == "" || strconv.FormatInt(seconds, 10) != at {
		return ErrHeaders
	}
	if d := now.Sub(time.Unix(seconds, 0)); d > Tolerance || d < -Tolerance {
		return ErrOld
	}
	signatures := strings.Fields(given)
	if len(signatures) > maxSignatures {
		return ErrHeaders
	}
	for _, secret := range secrets {
		key, err := Key(secret)
		if err != nil {
			return err
		}
		want := mac(key, id, at, body)
		for _, s := range signatures {
			if fits(s, want) {
				return nil
			}
		}
	}
	return ErrSignature
}

func fits(signature string, want []byte) bool {
	text, ok := strings.CutPrefix(signature, version)
	if !ok {
		return false // another scheme, such as v1a
	}
	got, err := base64.StdEncoding.DecodeString(text)
	return err == nil && hmac.Equal(got, want)
}

// String shows nothing of the secrets.
func (m Message) String() string { return fmt.Sprintf("webhook %s, %d bytes", m.ID, len(m.Body)) }
