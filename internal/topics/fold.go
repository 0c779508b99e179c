package topics

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// maxRunes is how many characters of a text are read: who writes a letter
	// says early what it is about.
	maxRunes = 2_000
	// maxBytes bounds what fold reads, characters that show nothing among it.
	maxBytes = 40_000
)

//go:embed han.txt
var hanPairs string

const hanFrom, hanTo = 0x4E00, 0x9FFF

// han holds the simplified form of every character from U+4E00 to U+9FFF.
var han = sync.OnceValue(func() *[hanTo - hanFrom + 1]uint16 {
	var t [hanTo - hanFrom + 1]uint16
	for i := range t {
		t[i] = uint16(hanFrom + i)
	}
	put := func(pairs string) {
		rs := []rune(pairs)
		for i := 0; i+1 < len(rs); i += 2 {
			t[rs[i]-hanFrom] = uint16(rs[i+1])
		}
	}
	for line := range strings.Lines(hanPairs) {
		if !strings.HasPrefix(line, "#") {
			put(strings.TrimSpace(line))
		}
	}
	// Forms that are common in Taiwan or Japan and not in the table.
	put("裡里裏里麽么週周祕秘閒闲喫吃乾干羣群爲为衆众帳账佈布姊姐発发売卖価价円圆対对応应変变図图広广気气検检権权済济単单転转")
	return &t
})

// fold brings a text into the form whose pieces are hashed: compatibility
// forms, lower case, traditional characters as simplified ones, every digit 0
// and at most three in a row, every run of white space one space, none beside
// wide letters.
func fold(s string, out []rune) []rune {
	out = out[:0]
	if len(s) > maxBytes {
		s = s[:maxBytes]
	}
	if !norm.NFKC.IsNormalString(s) {
		s = norm.NFKC.String(s)
	}
	hans := han()
	for _, r := range s {
		if len(out) >= maxRunes {
			break
		}
		n := len(out)
		switch {
		case r == utf8.RuneError, r >= 0x80 && unicode.In(r, unicode.Cf, unicode.Cc, unicode.Variation_Selector):
			continue
		case unicode.IsSpace(r), r < ' ':
			if n == 0 || out[n-1] == ' ' || wide(out[n-1]) {
				continue
			}
			r = ' '
		case r >= hanFrom && r <= hanTo:
			r = rune(hans[r-hanFrom])
		case unicode.IsDigit(r):
			r = '0'
		default:
			r = unicode.ToLower(r)
		}
		if n > 0 && out[n-1] == ' ' && wide(r) {
			out = out[:n-1]
			n--
		}
		if n >= 3 && out[n-1] == r && out[n-2] == r && out[n-3] == r {
			continue
		}
		out = append(out, r)
	}
	for len(out) > 0 && out[len(out)-1] == ' ' {
		out = out[:len(out)-1]
	}
	return out
}

func isHan(r rune) bool { return r >= 0x3400 && r <= 0x9FFF || r >= 0xF900 && r <= 0xFAFF }

// wide reports letters that are written without spaces.
func wide(r rune) bool { return isHan(r) || r >= 0x3041 && r <= 0x30FF && r != 0x30FB }

// wordish reports letters and digits of alphabets.
func wordish(r rune) bool {
	return r >= 'a' && r <= 'z' || r == '0' || r == '\'' || r >= 0x80 && !wide(r) && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
