package textmodel

import (
	"math/bits"
	"unicode"
)

// Traits are how a text is written, not what it says; each has room for seven
// degrees, and a text of degree 3 has 1, 2 and 3.
const (
	traitURL = iota
	traitMail
	traitAt
	traitHash
	traitMoney
	traitPercent
	traitPhone
	traitEmoji
	traitBang
	traitQuestion
	traitCapitals
	traitLines
	traitBrackets
	traitDigits
	traitSigns
	traitArrows
	traitList
	traitQuote
	traitOdd
	traitMarks
	traitForms
	traitCode
	traitMixed
	traitRepeat
	traitJunk // how many concepts of junk; see subjects
	traits

	traitRoom = 8
)

// tally counts what the traits are made of.
type tally struct {
	count [traits]int

	letters, digits, signs, emoji int
	upper, lower                  int

	last, beforeLast rune
	lineStart        bool
	digitRun         int
	caps, figures    int // of the word under way
}

// traits emits the style of a text as it was written.
func (x *extractor) traits(text string) {
	t, alike := tally{lineStart: true}, latin()
	n := 0
	for _, r := range text {
		if !hidden(r) {
			n++
		}
		if n > maxRunes {
			break
		}
		if r >= 0xFF01 && r <= 0xFF5E {
			r -= 0xFEE0 // full width
		}
		if l := unicode.ToLower(r); r >= 0x80 && l < 0x600 && alike[l] != 0 {
			if unicode.IsUpper(r) {
				r = unicode.ToUpper(alike[l])
			} else {
				r = alike[l]
			}
		}
		if (r == ' ' || r == 0x3000) && wide(t.last) {
			continue // put there to hide something, or no part of the script
		}
		t.take(r)
	}
	t.endWord(0)
	t.shares()
	t.count[traitRepeat] = x.repeats()
	for trait, n := range t.count {
		for k := 0; k < min(bits.Len(uint(n)), 7); k++ {
			x.put(uint32(trait*traitRoom + k))
		}
	}
}

func (t *tally) take(r rune) {
	t.kind(r)
	t.number(r)
	t.sign(r)
	t.word(r)
	if t.lineStart && (r == '-' || r == '*' || r == '•' || r == '·' || r == '>' || digit(r)) {
		t.count[traitList]++
		if r == '>' {
			t.count[traitQuote]++
		}
	}
	t.lineStart = r == '\n'
	t.beforeLast, t.last = t.last, r
}

// kind counts letters, digits, signs and characters that are seldom in any prose.
func (t *tally) kind(r rune) {
	switch {
	case r >= 'A' && r <= 'Z':
		t.upper++
	case r >= 'a' && r <= 'z':
		t.lower++
	}
	switch {
	case wide(r):
		t.letters++
		return
	case r >= 0x1F000, r >= 0x2600 && r <= 0x27BF, r >= 0x2B00 && r <= 0x2BFF:
		t.emoji++
	case unicode.IsLetter(r):
		t.letters++
	case digit(r):
		t.digits++
	case r > ' ':
		t.signs++
	}
	switch {
	case r < 0x300:
	case unicode.Is(unicode.Mn, r):
		t.count[traitMarks]++
	case r >= 0x2460 && r <= 0x24FF, r >= 0x1D400 && r <= 0x1D7FF, r >= 0x1F100 && r <= 0x1F1FF, r >= 0x2070 && r <= 0x209F, r >= 0x1D00 && r <= 0x1DBF:
		t.count[traitForms]++
	case r >= 0x16A0 && r <= 0x16FF, r >= 0x2200 && r <= 0x23FF, r >= 0x2500 && r <= 0x25FF, r >= 0x0E00 && r <= 0x10FF,
		r >= 0x1200 && r <= 0x1CFF, r >= 0xA000 && r <= 0xABFF, r >= 0x2C00 && r <= 0x2DFF:
		t.count[traitOdd]++
	}
}

// number counts runs of seven digits, also with hyphens and spaces between.
func (t *tally) number(r rune) {
	switch {
	case digit(r):
		if t.digitRun++; t.digitRun == 7 {
			t.count[traitPhone]++
		}
	case r == '-', r == ' ' && t.digitRun > 0:
	default:
		t.digitRun = 0
	}
}

func (t *tally) sign(r rune) {
	switch r {
	case '!':
		t.count[traitBang]++
	case '?':
		t.count[traitQuestion]++
	case '\n':
		t.count[traitLines]++
	case '%':
		t.count[traitPercent]++
	case '$', '£', '€', '¥', '元', '円', '₽', '万', '萬':
		t.count[traitMoney]++
	case '#':
		t.count[traitHash]++
	case '【', '】', '[', ']', '『', '』', '「', '」', '《', '》', '★', '☆', '◆', '■', '●', '▼', '▶', '✅', '☑', '✔':
		t.count[traitBrackets]++
	case '>', '→', '➡', '↓', '⬇', '👉', '👇':
		t.count[traitArrows]++
	case '/':
		if t.last == '/' && t.beforeLast == ':' {
			t.count[traitURL]++
		}
	case '@':
		if t.last <= ' ' || t.last >= 0x80 || t.last == ':' {
			t.count[traitAt]++
		} else {
			t.count[traitMail]++
		}
	}
}

// word counts codes such as "CAD571", and Latin words that touch wide letters.
func (t *tally) word(r rune) {
	switch {
	case digit(r):
		t.figures++
	case r < 0x80 && unicode.IsLetter(r):
		t.caps++
	default:
		t.endWord(r)
		return
	}
	if wide(t.last) {
		t.count[traitMixed]++
	}
}

func (t *tally) endWord(r rune) {
	if t.caps >= 1 && t.figures >= 2 || t.caps >= 3 && t.caps <= 8 && wide(r) {
		t.count[traitCode]++
	}
	if wide(r) && t.caps+t.figures > 0 {
		t.count[traitMixed]++
	}
	t.caps, t.figures = 0, 0
}

// shares turns counts into sixteenths of the text, where any is one at least.
func (t *tally) shares() {
	all := max(1, t.letters+t.digits+t.signs+t.emoji)
	share := func(n int) int { return (16*n + all - 1) / all }
	t.count[traitDigits] = share(t.digits)
	t.count[traitSigns] = share(t.signs)
	t.count[traitEmoji] = t.emoji
	t.count[traitLines] /= 2
	if n := t.upper + t.lower; n >= 12 {
		t.count[traitCapitals] = t.upper * 16 / n
	}
}

// repeats is in twelfths how many runs of four characters stood there before.
func (x *extractor) repeats() int {
	n := len(x.runes)
	if n < 20 {
		return 0
	}
	same := 0
	var last [1024]uint64
	for i := 0; i+4 <= n; i++ {
		h := hashRunes(seedRun, x.runes[i:i+4])
		if last[h>>54] == h {
			same++
		}
		last[h>>54] = h
	}
	return same * 12 / n
}
