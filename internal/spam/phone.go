package spam

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

const (
	// suffixDigits is how long a number must be to be compared without its
	// country code; shorter ones must be equal.
	suffixDigits = 8
	// codeDigits is how much longer the international form may be (ITU-T
	// E.164: country codes have one to three digits).
	codeDigits = 3
)

// phoneDigits returns the digits of a number without the zeros in front
// (trunk prefix, or 00 for international) and without a "(0)" inside.
func phoneDigits(s string) string {
	s = norm.NFKC.String(clip(s, 100))
	s = strings.ReplaceAll(s, "(0)", "")
	var b strings.Builder
	for i := range len(s) {
		if '0' <= s[i] && s[i] <= '9' {
			b.WriteByte(s[i])
		}
	}
	return strings.TrimLeft(b.String(), "0")
}

// samePhone reports whether two numbers, as phoneDigits returns them, are the
// same but for the country code that one of them may lack.
func samePhone(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	if a == b {
		return len(a) >= minDigits
	}
	return len(b) >= suffixDigits && len(a)-len(b) <= codeDigits && strings.HasSuffix(a, b)
}

// phoneKey is a part that numbers share which samePhone calls the same.
func phoneKey(digits string) string {
	return digits[max(0, len(digits)-minDigits):]
}
