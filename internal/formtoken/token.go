// Package formtoken signs the token that a public form carries, and tells when
// a token comes back a second time. Nothing is stored when a form is shown: the
// time of issue and a nonce are inside the token, under an HMAC-SHA256.
//
//	s := formtoken.Signer{Key: key}
//	token := s.Issue("contact")              // into the page
//	claims, err := s.Check(token, "contact") // when the page is sent
//	if err == nil && !used.Take(claims.Nonce, claims.Issued.Add(24*time.Hour)) {
//		// the same token was sent before
//	}
//
// A token is bound to the form it was issued for. It is not bound to a visitor:
// it says "this form was fetched then", no more.
package formtoken

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"time"
)

// What Check can say of a token.
var (
	// ErrMissing means that no token was sent.
	ErrMissing = errors.New("the form token is missing")
	// ErrInvalid means that this signer did not issue the token, or not for this form.
	ErrInvalid = errors.New("the form token is not valid")
	// ErrExpired means that the token is genuine but older than Life.
	ErrExpired = errors.New("the form token has expired")
	// ErrKey means that the signer's own key is too short to be of use.
	ErrKey = errors.New("the form token key is shorter than 16 bytes")
)

const (
	defaultLife = 24 * time.Hour
	minKey      = 16
	// skew is how far in the future a token may be dated, for hosts whose
	// clock was set back a little between the issue and the check.
	skew = 5 * time.Minute

	timeSize  = 8
	nonceSize = 12
	bodySize  = timeSize + nonceSize
	size      = bodySize + sha256.Size

	// purpose keeps a signature from counting anywhere else that the same key is used.
	purpose = "form token 1\x00"
)

// Signer issues and checks tokens. Any number of goroutines may share it.
type Signer struct {
	// Key is the secret, at least 16 bytes. With a shorter one Issue returns
	// an empty token and Check fails with ErrKey.
	Key []byte
	// Now is the clock; default time.Now.
	Now func() time.Time
	// Life is how long a token is good; default 24 hours.
	Life time.Duration
}

// Claims is what a genuine token says.
type Claims struct {
	// Issued is when the form was handed out, to the millisecond, UTC.
	Issued time.Time
	// Nonce tells this token from every other; 16 URL-safe characters.
	Nonce string
}

// Issue returns a new token for the form: 70 URL-safe characters.
func (s *Signer) Issue(form string) string {
	if len(s.Key) < minKey {
		return ""
	}
	raw := make([]byte, bodySize, size)
	binary.BigEndian.PutUint64(raw, uint64(s.now().UnixMilli()))
	rand.Read(raw[timeSize:bodySize])
	raw = append(raw, s.sign(raw, form)...)
	return encoding().EncodeToString(raw)
}

// Check tells whether this signer issued the token for the form. The error is
// nil, ErrMissing, ErrInvalid, ErrExpired or ErrKey; with ErrExpired the
// claims are genuine and filled, with the others they are empty.
func (s *Signer) Check(token, form string) (Claims, error) {
	if token == "" {
		return Claims{}, ErrMissing
	}
	if len(s.Key) < minKey {
		return Claims{}, ErrKey
	}
	// The length is exact because the decoder skips line breaks.
	if len(token) != encoding().EncodedLen(size) {
		return Claims{}, ErrInvalid
	}
	raw, err := encoding().DecodeString(token)
	if err != nil || len(raw) != size {
		return Claims{}, ErrInvalid
	}
	body, mac := raw[:bodySize], raw[bodySize:]
	if !hmac.Equal(mac, s.sign(body, form)) {
		return Claims{}, ErrInvalid
	}
	claims := Claims{
		Issued: time.UnixMilli(int64(binary.BigEndian.Uint64(body))).UTC(),
		Nonce:  encoding().EncodeToString(body[timeSize:]),
	}
	age := s.now().Sub(claims.Issued)
	switch {
	case age < -skew:
		return Claims{}, ErrInvalid
	case age >= s.life():
		return claims, ErrExpired
	}
	return claims, nil
}

// sign covers the body first, which has a fixed size, so that no form name can
// be read as a part of it.
func (s *Signer) sign(body []byte, form string) []byte {
	mac := hmac.New(sha256.New, s.Key)
	mac.Write([]byte(purpose))
	mac.Write(body)
	mac.Write([]byte(form))
	return mac.Sum(nil)
}

func (s *Signer) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

func (s *Signer) life() time.Duration {
	if s.Life > 0 {
		return s.Life
	}
	return defaultLife
}

// encoding is strict: of several spellings of the same bytes only one is a token.
func encoding() *base64.Encoding { return base64.RawURLEncoding.Strict() }
