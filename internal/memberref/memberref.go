// Package memberref makes and checks the reference by which the shop's own site vouches for a
// member: the site signs the member's id with a secret that it shares with PocketDesk, puts the
// result into the form, and PocketDesk knows who writes without asking for a password.
//
//	ref := memberref.Sign(secret, "m-1024", time.Now().Add(time.Hour))
//	id, err := memberref.Check(secret, ref, time.Now()) // "m-1024", nil
//
// A reference is id.expiry.mac: the expiry in unix seconds, the mac HMAC-SHA256 (RFC 2104) over
// "id.expiry" in hexadecimal or in base64url without padding (RFC 4648 §5). In PHP:
//
//	$ref = "$id.$expiry." . hash_hmac('sha256', "$id.$expiry", $secret);
package memberref

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"
)

const (
	maxID     = 100
	maxExpiry = 11 // digits of unix seconds: the year 5138
	maxRef    = maxID + 1 + maxExpiry + 1 + 2*sha256.Size
)

var (
	// ErrMissing: there is no reference; the visitor is a guest.
	ErrMissing = errors.New("memberref: missing")
	// ErrInvalid: the reference is malformed or was not signed with this secret, or there is no
	// secret.
	ErrInvalid = errors.New("memberref: invalid")
	// ErrExpired: the reference was signed with this secret, but its time is over.
	ErrExpired = errors.New("memberref: expired")
)

// Sign vouches for the member id until the given time, which is cut to whole seconds. It returns ""
// for what Check would never take: an empty secret, an id that ValidID refuses, a time before 1970
// or beyond eleven digits of seconds.
func Sign(secret []byte, id string, expires time.Time) string {
	seconds := expires.Unix()
	head := id + "." + strconv.FormatInt(seconds, 10)
	if len(secret) == 0 || !ValidID(id) || seconds <= 0 || len(head) > len(id)+1+maxExpiry {
		return ""
	}
	return head + "." + hex.EncodeToString(sum(secret, head))
}

// Check returns the id for which the reference vouches. The error is ErrMissing, ErrInvalid or
// ErrExpired; with an error the id is empty. A reference is good while now is before its expiry.
func Check(secret []byte, ref string, now time.Time) (id string, err error) {
	switch {
	case ref == "":
		return "", ErrMissing
	case len(secret) == 0, len(ref) > maxRef:
		return "", ErrInvalid
	}
	id, rest, _ := strings.Cut(ref, ".")
	expiry, mac, _ := strings.Cut(rest, ".")
	seconds, ok := parseExpiry(expiry)
	if !ok || !ValidID(id) {
		return "", ErrInvalid
	}
	given, ok := decodeMAC(mac)
	if !ok || !hmac.Equal(given, sum(secret, id+"."+expiry)) {
		return "", ErrInvalid
	}
	// Only after the signature, so that the answer tells a forger nothing.
	if now.Unix() >= seconds {
		return "", ErrExpired
	}
	return id, nil
}

// ValidID reports whether an id can be vouched for: 1 to 100 characters out of A-Z, a-z, 0-9 and
// "_-@:". A dot is not among them, since dots part the reference; a shop whose ids hold dots (mail
// addresses, say) signs an id of its own instead.
func ValidID(id string) bool {
	if id == "" || len(id) > maxID {
		return false
	}
	for _, c := range []byte(id) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		case c == '_', c == '-', c == '@', c == ':':
		default:
			return false
		}
	}
	return true
}

// parseExpiry takes plain digits without leading zero, so that one time has one spelling.
func parseExpiry(s string) (int64, bool) {
	if s == "" || len(s) > maxExpiry || s[0] < '1' || s[0] > '9' {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil
}

// decodeMAC tells the two spellings apart by their length.
func decodeMAC(s string) ([]byte, bool) {
	var mac []byte
	var err error
	switch len(s) {
	case hex.EncodedLen(sha256.Size):
		mac, err = hex.DecodeString(s)
	case base64.RawURLEncoding.EncodedLen(sha256.Size):
		mac, err = base64.RawURLEncoding.Strict().DecodeString(s)
	default:
		return nil, false
	}
	return mac, err == nil && len(mac) == sha256.Size
}

func sum(secret []byte, head string) []byte {
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(head))
	return h.Sum(nil)
}
