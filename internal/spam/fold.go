package spam

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const (
	maxText  = 20_000 // characters of a text that are looked at
	maxField = 1_000  // and of a name, subject or other short field
	// maxMarks is how many combining marks may pile up on one letter; real
	// scripts need three.
	maxMarks = 6
)

// Fold brings a text into the form in which words are compared, and in no
// other way to be used: compatibility forms and widths are unified (NFKC,
// Unicode Annex 15), case is folded, invisible and direction characters are
// dropped, white space becomes one space, and spaces between Chinese or
// Japanese characters go. Only the first 20,000 characters are kept. Folding
// twice is the same as folding once.
func Fold(s string) string {
	s = clip(s, maxText)
	if isASCII(s) {
		return tighten(strings.ToLower(strip(s)))
	}
	fold := cases.Fold()
	// One round is nearly always enough; a few letters fold to something
	// that normalises further.
	for range 4 {
		before := s
		s = fold.String(norm.NFKC.String(strip(s)))
		if s == before {
			break
		}
	}
	return clip(tighten(s), maxText)
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// clean is the part of Fold that keeps case, spaces and lines: for finding
// links and for regular expressions.
func clean(s string, limit int) string {
	return clip(norm.NFKC.String(strip(clip(s, limit))), limit)
}

// clip keeps the first limit characters and makes them valid UTF-8.
func clip(s string, limit int) string {
	if len(s) > limit*utf8.UTFMax {
		s = s[:limit*utf8.UTFMax]
	}
	s = strings.ToValidUTF8(s, "")
	if len(s) <= limit {
		return s
	}
	n := 0
	for i := range s {
		if n == limit {
			return s[:i]
		}
		n++
	}
	return s
}

// strip drops what cannot be seen, and marks piled up beyond reason.
func strip(s string) string {
	marks := 0
	return strings.Map(func(r rune) rune {
		if r < 0x80 && r >= ' ' || r == '\n' || r == '\t' {
			marks = 0
			return r
		}
		if invisible(r) {
			return -1
		}
		// Half-width voice marks are letters that become marks.
		if unicode.Is(unicode.M, r) || r == 0xFF9E || r == 0xFF9F {
			if marks++; marks > maxMarks {
				return -1
			}
			return r
		}
		marks = 0
		return r
	}, s)
}

// invisible reports characters that show nothing: format and control
// characters, fillers and selectors (Default_Ignorable_Code_Point and some).
func invisible(r rune) bool {
	switch {
	case r == '\n', r == '\t', r == 0x85:
		return false
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Cc, r), unicode.Is(unicode.Variation_Selector, r):
		return true
	case r == 0x034F, r == 0x115F, r == 0x1160, r == 0x17B4, r == 0x17B5, r == 0x2800, r == 0x3164, r == 0xFFA0:
		return true
	}
	return false
}

// tighten makes white space one space, and none between CJK characters or at the ends.
func tighten(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	var last rune
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			space = true
			continue
		}
		if space && last != 0 && !(isCJK(last) && isCJK(r)) {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		last, space = r, false
	}
	return b.String()
}

// isCJK reports Chinese and Japanese letters and marks that are written
// without spaces. Korean is written with them.
func isCJK(r rune) bool {
	if r < 0x2E80 {
		return false
	}
	switch r {
	case 'ー', '、', '。', '「', '」':
		return true
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Bopomofo)
}
