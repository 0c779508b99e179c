package textmodel

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// maxRunes is how many characters are judged at once.
	maxRunes = 6_000
	// maxBytes bounds what fold reads, characters that show nothing among it.
	maxBytes = 100_000
)

//go:embed han.txt
var hanPairs string

// han holds the simplified form of every character from U+4E00 to U+9FFF.
var han = sync.OnceValue(func() *[0x9FFF - 0x4E00 + 1]uint16 {
	var t [0x9FFF - 0x4E00 + 1]uint16
	for i := range t {
		t[i] = uint16(0x4E00 + i)
	}
	put := func(pairs string) {
		rs := []rune(pairs)
		for i := 0; i+1 < len(rs); i += 2 {
			t[rs[i]-0x4E00] = uint16(rs[i+1])
		}
	}
	for line := range strings.Lines(hanPairs) {
		if !strings.HasPrefix(line, "#") {
			put(strings.TrimSpace(line))
		}
	}
	put("裡里裏里麽么週周祕秘閒闲喫吃乾干羣群爲为衆众") // other forms that are common in Taiwan
	return &t
})

// Simplified is the simplified form of a Chinese character; every other rune is
// its own.
func Simplified(r rune) rune {
	if r >= 0x4E00 && r <= 0x9FFF {
		return rune(han()[r-0x4E00])
	}
	return r
}

// latin holds for characters below U+0600 the letter of a to z that they are
// drawn like: Latin letters with marks, Cyrillic and Greek look-alikes. 0 means none.
var latin = sync.OnceValue(func() *[0x600]rune {
	var t [0x600]rune
	for r := rune(0x80); r < 0x250; r++ {
		if base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(unicode.ToLower(r)))); base < 0x80 {
			t[r] = base
		}
	}
	pairs := []rune("аaеeоoсcрpуyхxіiїiјjѕsһhԁdԛqԝwкkмmтtвbнhгrзeαaοoνvιiρpτtυuκkεeβbηnγyχxσoωwđdøołiħhıiɑaɡgіiӏiԍgոnսuօoհhցgбb")
	for i := 0; i+1 < len(pairs); i += 2 {
		t[pairs[i]] = pairs[i+1]
	}
	return &t
})

// leet holds the letter that a digit or sign stands for inside a word.
func leet(r rune) rune {
	switch r {
	case '0':
		return 'o'
	case '1', '!', '|':
		return 'i'
	case '3':
		return 'e'
	case '4', '@':
		return 'a'
	case '5', '$':
		return 's'
	case '7', '+':
		return 't'
	}
	return 0
}

func isHan(r rune) bool { return r >= 0x3400 && r <= 0x9FFF || r >= 0xF900 && r <= 0xFAFF }

// wide reports letters that are written without spaces.
func wide(r rune) bool { return isHan(r) || r >= 0x3041 && r <= 0x30FF && r != 0x30FB }

func hidden(r rune) bool {
	return r >= 0x80 && (unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Mn, r) && r != 0x3099 && r != 0x309A ||
		r == 0x034F || r == 0x115F || r == 0x1160 || r == 0x2800 || r == 0x3164 || r == 0xFFA0 || unicode.Is(unicode.Variation_Selector, r))
}

// fold brings a text into the form whose pieces are hashed, so that tricks of
// writing don't change them: compatibility forms, case, marks, look-alike
// letters of other alphabets (also l, I, 1 and i are one), traditional and
// simplified characters, spaces beside and lone signs between Chinese or Japanese
// characters, letters with spaces between them, digits inside Latin words.
// All other digits become 0.
func fold(s string, out []rune) []rune {
	out = out[:0]
	if len(s) > maxBytes {
		s = s[:maxBytes]
	}
	if !norm.NFKC.IsNormalString(s) {
		s = norm.NFKC.String(s)
	}
	hans, latins := han(), latin()
	for _, r := range s {
		if len(out) >= maxRunes {
			break
		}
		switch {
		case r < 0x80:
			switch {
			case r >= 'A' && r <= 'Z':
				r += 'a' - 'A'
			case r <= ' ':
				if r == '\n' {
					r = '\n'
				} else {
					r = ' '
				}
			}
			if r == 'l' {
				r = 'i'
			}
		case r >= 0x4E00 && r <= 0x9FFF:
			r = rune(hans[r-0x4E00])
		case r >= 0x3041 && r <= 0x3096 || r >= 0x30A1 && r <= 0x30FA: // kana
		case r == utf8.RuneError || hidden(r):
			continue
		default:
			if unicode.IsSpace(r) {
				r = ' '
				break
			}
			r = unicode.ToLower(r)
			if r < 0x600 && latins[r] != 0 {
				r = latins[r]
				if r == 'l' {
					r = 'i'
				}
			}
		}
		out = append(out, r)
	}
	return unleet(squeeze(out))
}

// squeeze makes runs of white space one space (a line break if there is one),
// drops spaces beside wide letters and lone signs between them, joins spelled-out words and
// cuts runs of one character to three, but for digits.
func squeeze(in []rune) []rune {
	out := in[:0]
	for i := 0; i < len(in); i++ {
		r := in[i]
		n := len(out)
		if r == ' ' || r == '\n' {
			j := i
			line := false
			for j < len(in) && (in[j] == ' ' || in[j] == '\n') {
				line = line || in[j] == '\n'
				j++
			}
			i = j - 1
			if n == 0 || j == len(in) {
				continue
			}
			if (wide(out[n-1]) || wide(in[j])) && !line {
				continue
			}
			if line {
				out = append(out, '\n')
			} else {
				out = append(out, ' ')
			}
			continue
		}
		if n > 0 && i+1 < len(in) && filler(r) && wide(out[n-1]) && wide(in[i+1]) {
			continue
		}
		if n >= 3 && !digit(r) && out[n-1] == r && out[n-2] == r && out[n-3] == r {
			continue
		}
		out = append(out, r)
	}
	return despell(out)
}

// filler reports signs that are put between wide letters to hide a word.
func filler(r rune) bool {
	switch r {
	case '.', '*', '_', '-', '~', '|', '^', '`', '\'', '"', '+', '=', '/', '\\', '#', '·', '•', '・':
		return true
	}
	return false
}

// despell joins four and more single Latin letters with spaces between them.
func despell(in []rune) []rune {
	out := in[:0]
	for i := 0; i < len(in); i++ {
		if letter(in[i]) && (len(out) == 0 || !wordish(out[len(out)-1])) {
			j := i
			for j+2 < len(in) && in[j+1] == ' ' && letter(in[j+2]) && (j+3 >= len(in) || !wordish(in[j+3])) {
				j += 2
			}
			if j-i >= 6 {
				for k := i; k <= j; k += 2 {
					out = append(out, in[k])
				}
				i = j
				continue
			}
		}
		out = append(out, in[i])
	}
	return out
}

func letter(r rune) bool { return r >= 'a' && r <= 'z' }
func digit(r rune) bool  { return r >= '0' && r <= '9' }
func wordish(r rune) bool {
	return letter(r) || digit(r) || r >= 0x80 && (unicode.IsLetter(r) && !wide(r))
}

// unleet turns digits and signs inside Latin words into the letters that they
// stand for, and all other digits into 0.
func unleet(rs []rune) []rune {
	for i := 0; i < len(rs); {
		if !letter(rs[i]) && leet(rs[i]) == 0 && !digit(rs[i]) {
			i++
			continue
		}
		j, letters := i, 0
		for j < len(rs) && (letter(rs[j]) || digit(rs[j]) || leet(rs[j]) != 0) {
			if letter(rs[j]) {
				letters++
			}
			j++
		}
		for k := i; k < j; k++ {
			r := rs[k]
			if letter(r) {
				continue
			}
			inside := k > i && letter(rs[k-1]) || k+1 < j && letter(rs[k+1])
			if l := leet(r); letters > 0 && l != 0 && inside && (digit(r) || k > i && k+1 < j) {
				rs[k] = l
			}
		}
		for k := i; k < j; k++ {
			if digit(rs[k]) {
				rs[k] = '0'
			}
		}
		i = j
	}
	return rs
}
