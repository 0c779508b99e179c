package searchtext

import (
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold is the text as it is compared: compatibility forms (NFKC, Unicode Annex
// 15), small letters without marks, hiragana for katakana, simplified
// characters. What shows nothing is left out.
func (f *Folder) Fold(s string) string {
	out := make([]byte, 0, len(s))
	f.each(s, func(r rune, _, _ int) { out = utf8.AppendRune(out, r) })
	return string(out)
}

// each calls emit for every folded rune with the bytes of s that it stands for.
// Several runes may stand for the same bytes (㌔ is キロ).
func (f *Folder) each(s string, emit func(r rune, from, to int)) {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		next, _ := utf8.DecodeRuneInString(s[i+size:])
		if plain(r) && plain(next) { // nothing composes
			f.one(r, i, i+size, emit)
			i += size
			continue
		}
		i = f.composed(s, i, emit)
	}
}

// plain tells of runes that NFKC leaves alone and that begin no composition
// with a plain one behind them.
func plain(r rune) bool {
	return r < 0x80 || r >= 0x4E00 && r <= 0x9FFF || r >= 0x3041 && r <= 0x3096 || r >= 0x30A1 && r <= 0x30FE ||
		r == 0x3001 || r == 0x3002 || r == 0xFF0C || r == 0xFF01 || r == 0xFF1F // 、 。 and ， ！ ？, which stand between words in any form
}

// composed folds from i on through normalisation up to the next plain rune that
// a plain one follows, and returns where that is.
func (f *Folder) composed(s string, i int, emit func(r rune, from, to int)) int {
	end := i
	for {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
		if end >= len(s) {
			break
		}
		r, n := utf8.DecodeRuneInString(s[end:])
		next, _ := utf8.DecodeRuneInString(s[end+n:])
		if plain(r) && (end+n >= len(s) || plain(next)) {
			break
		}
	}
	var it norm.Iter
	it.InitString(norm.NFKC, s[i:end])
	for !it.Done() {
		from := i + it.Pos()
		seg := it.Next()
		to := i + it.Pos()
		for len(seg) > 0 {
			r, size := utf8.DecodeRune(seg)
			f.one(r, from, to, emit)
			seg = seg[size:]
		}
	}
	return end
}

// one folds a rune that is normalised already.
func (f *Folder) one(r rune, from, to int, emit func(r rune, from, to int)) {
	switch {
	case r < 0x80:
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
	case r >= 0x30A1 && r <= 0x30F4: // katakana
		r -= 0x60
	case r == 0x30F5 || r == 0x30F6 || r == 0x3095 || r == 0x3096: // ヵ and ヶ are read か in 3ヶ月
		r = 'か'
	case r == 0x30FD || r == 0x30FE: // ヽ ヾ
		r -= 0x60
	case r >= 0x3400 && r <= 0x9FFF:
		r = f.simplify(r)
	case r >= 0x3041 && r <= 0x30FF:
	case unseen(r):
		return
	default:
		r = unicode.ToLower(r)
		if r < bareEnd {
			if two := letterPairs[r]; two != "" {
				emit(rune(two[0]), from, to)
				emit(rune(two[1]), from, to)
				return
			}
			r = bare()[r]
		}
	}
	emit(r, from, to)
}

// unseen are runes that show nothing, and marks of alphabets, which many leave out.
func unseen(r rune) bool {
	return unicode.Is(unicode.Cf, r) || r < 0x0900 && unicode.Is(unicode.Mn, r) ||
		unicode.Is(unicode.Variation_Selector, r) || r == 0x034F || r == 0x3164 || r == 0xFFA0
}

// letterPairs are letters that people write as two.
var letterPairs = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'þ': "th", 'ĳ': "ij"}

const bareEnd = 0x2000

// bare holds Latin, Greek and Cyrillic letters without their marks.
var bare = sync.OnceValue(func() *[bareEnd]rune {
	var t [bareEnd]rune
	for r := range rune(bareEnd) {
		t[r] = r
		latin := r >= 0xC0 && r < 0x0530 || r >= 0x1E00
		if base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r))); latin && base != utf8.RuneError {
			t[r] = unicode.ToLower(base)
		}
	}
	for letter, base := range map[rune]rune{'ø': 'o', 'ł': 'l', 'đ': 'd', 'ħ': 'h', 'ı': 'i', 'ŧ': 't', 'ς': 'σ'} {
		t[letter] = base
	}
	return &t
})

// class tells how a folded rune is cut.
type class uint8

const (
	gap   class = iota // stands between tokens
	word               // of an alphabet, or a digit
	dense              // of a script without spaces
)

func classOf(r rune) class {
	switch {
	case r < 0x80:
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return word
		}
		return gap
	case r >= 0x4E00 && r <= 0x9FFF, r >= 0x3041 && r <= 0x3096, r == 0x30FC:
		return dense
	case unicode.Is(unicode.Han, r), unicode.Is(unicode.Hiragana, r), unicode.Is(unicode.Katakana, r) && r != 0x30FB, unicode.Is(unicode.Hangul, r),
		r == 0x3099, r == 0x309A, unicode.Is(unicode.Bopomofo, r), unicode.In(r, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar, unicode.Tibetan):
		if unicode.IsLetter(r) || unicode.Is(unicode.M, r) || unicode.IsNumber(r) {
			return dense
		}
		return gap
	case unicode.IsLetter(r), unicode.IsDigit(r), unicode.Is(unicode.M, r):
		return word
	}
	return gap
}
