package mail

import (
	"crypto/rand"
	"encoding/base32"
)

// tokenLength is what 16 bytes take in base32 without padding.
const tokenLength = 26

const lowerBase32 = "abcdefghijklmnopqrstuvwxyz234567"

// NewToken is a random secret of 128 bits: 26 characters of a-z and 2-7, safe
// in a local part and indifferent to changes of case.
func NewToken() string { return randomText(16) }

func randomText(size int) string {
	b := make([]byte, size)
	rand.Read(b) // never fails: the program ends if the system has no randomness
	return base32Text(b)
}

func base32Text(b []byte) string {
	return base32.NewEncoding(lowerBase32).WithPadding(base32.NoPadding).EncodeToString(b)
}

// validToken reports whether s, in lower case, has the form of NewToken.
func validToken(s string) bool { return len(s) == tokenLength && isBase32(s) }

func isBase32(s string) bool {
	for i := 0; i < len(s); i++ {
		if (s[i] < 'a' || s[i] > 'z') && (s[i] < '2' || s[i] > '7') {
			return false
		}
	}
	return true
}
