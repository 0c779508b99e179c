package spam

import (
	"math/bits"
	"strings"
	"unicode"
)

const (
	// leastHashed is from how many letters on a text can be compared; East
	// Asian letters count twice.
	leastHashed = 24
	// mostHashed is how many letters are looked at.
	mostHashed = 5000
	// shingle is the shorter of the two lengths of letters that are hashed.
	shingle = 3
)

// SimHash returns 64 bits that differ in few places for texts that differ
// little (Charikar, "Similarity estimation techniques from rounding
// algorithms", 2002), in any language: it is taken over runs of three and four
// letters of the folded text, without spaces and punctuation. Digits are all
// the same and links and mail addresses are left out, so that a campaign does
// not hide behind numbers that vary. The text is as TextOf returns it; ok is
// false for one that is too short to be compared.
func SimHash(text string) (hash uint64, ok bool) {
	runes := essence(text)
	runes = runes[:min(len(runes), mostHashed)]
	if len(runes) < shingle+1 || weightOf(runes) < leastHashed {
		return 0, false
	}
	var sums [64]int32
	seen := make(map[uint64]struct{}, 2*len(runes))
	for i := 0; i+shingle <= len(runes); i++ {
		h := uint64(14695981039346656037) // FNV-1a over letters, then mixed
		for j, r := range runes[i:min(i+shingle+1, len(runes))] {
			h = (h ^ uint64(r)) * 1099511628211
			if j+1 >= shingle {
				if _, again := seen[h]; !again {
					seen[h] = struct{}{}
					count(&sums, mix(h))
				}
			}
		}
	}
	for i, sum := range sums {
		if sum > 0 {
			hash |= 1 << i
		}
	}
	return hash, true
}

func count(sums *[64]int32, h uint64) {
	for i := range sums {
		sums[i] += int32(h>>i&1)*2 - 1
	}
}

// mix spreads a hash over all bits (the end of SplitMix64).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// apart is in how many bits two hashes differ.
func apart(a, b uint64) int { return bits.OnesCount64(a ^ b) }

// essence keeps what a campaign repeats: letters, and one 0 for any number.
func essence(text string) []rune {
	text = withoutLinks(clean(text, maxText+maxField))
	out := make([]rune, 0, len(text))
	digit := false
	for field := range strings.FieldsSeq(Fold(text)) {
		if strings.Contains(field, "@") {
			field = strings.Map(func(r rune) rune {
				if r < 0x80 {
					return -1 // a mail address or a handle, Chinese may stand right beside it
				}
				return r
			}, field)
		}
		for _, r := range field {
			switch {
			case unicode.IsDigit(r):
				if !digit {
					out = append(out, '0')
				}
				digit = true
			case unicode.IsLetter(r), unicode.Is(unicode.M, r):
				out = append(out, r)
				digit = false
			}
		}
	}
	return out
}

// withoutLinks puts a space for every link.
func withoutLinks(s string) string {
	links := findLinks(s)
	if len(links) == 0 {
		return s
	}
	var b strings.Builder
	for _, l := range links {
		i := strings.Index(s, l.text)
		if i < 0 || l.text == "" {
			continue
		}
		b.WriteString(s[:i] + " ")
		s = s[i+len(l.text):]
	}
	return b.String() + s
}

func weightOf(runes []rune) (n int) {
	for _, r := range runes {
		switch {
		case r == '0':
		case isCJK(r) || unicode.Is(unicode.Hangul, r):
			n += 2
		default:
			n++
		}
	}
	return n
}
