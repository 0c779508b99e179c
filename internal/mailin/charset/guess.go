package charset

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/gogs/chardet"
	"golang.org/x/text/encoding/charmap"
)

const (
	sampleSize = 8 << 10 // bytes that a guess looks at
	wideEnough = 0.42    // a score below which no multi-byte charset is believed
)

// candidates are tried on unlabelled text; the first of equals wins.
var candidates = [...]string{"big5", "gb18030", "shift-jis", "euc-jp", "euc-kr"}

// guess names the likeliest charset of b, which has high bytes and is not UTF-8,
// and decodes it. Every multi-byte candidate is decoded and scored by how common
// its characters are in its language, which works for a name of two characters
// as well as for a page; the detector for single-byte charsets needs more text.
func guess(b []byte) (name, text string) {
	sample := b
	if len(sample) > sampleSize {
		sample = sample[:sampleSize]
	}
	best, score := "", wideEnough
	for _, c := range candidates {
		if s := scoreWide(decodeWith(wideTable(c), sample), c); s > score {
			best, score = c, s
		}
	}
	cyrillic, table, narrow := "", charmap.Windows1251, 0.5
	for _, c := range []struct {
		name  string
		table *charmap.Charmap
	}{{"windows-1251", charmap.Windows1251}, {"koi8-r", charmap.KOI8R}, {"iso-8859-5", charmap.ISO8859_5}} {
		if s := scoreCyrillic(decodeWith(c.table, sample)); s > narrow {
			cyrillic, table, narrow = c.name, c.table, s
		}
	}
	switch {
	case cyrillic != "" && narrow > score:
		return cyrillic, decodeWith(table, b)
	case best != "":
		return best, decodeWith(wideTable(best), b)
	}
	if name, text = detect(b, sample); name != "" {
		return name, text
	}
	return "windows-1252", decodeWith(charmap.Windows1252, b)
}

// looksWide says whether text that claims to be Latin has its high bytes in
// pairs, as Big5, GBK or Shift_JIS do, rather than here and there in words.
func looksWide(b []byte) bool {
	high, paired := 0, 0
	for i, c := range b {
		if c < utf8.RuneSelf {
			continue
		}
		high++
		if i > 0 && b[i-1] >= utf8.RuneSelf || i+1 < len(b) && b[i+1] >= utf8.RuneSelf {
			paired++
		}
	}
	return high >= 4 && paired*10 >= high*7
}

// scoreWide is the mean worth of the characters outside ASCII: about 0.7 for
// real text, under 0.3 for text of another charset.
func scoreWide(text, name string) float64 {
	sum, n := 0.0, 0
	for i, r := range text {
		if r < utf8.RuneSelf {
			continue
		}
		if r == utf8.RuneError && i+len("\uFFFD") == len(text) && n > 0 {
			break // cut in the middle of a character
		}
		n++
		sum += worth(r, name)
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// worth says how much a character speaks for a charset.
func worth(r rune, name string) float64 {
	japanese := name == "shift-jis" || name == "euc-jp"
	switch {
	case r == utf8.RuneError, unicode.Is(unicode.Co, r), unicode.IsControl(r):
		return -3
	case r >= 0xff61 && r <= 0xff9f: // half-width kana
		if name == "shift-jis" {
			return 0.1
		}
		return -1
	case r >= 0x3041 && r <= 0x30fe: // kana
		if japanese {
			return 1
		}
		return 0.2
	case commonIn(name, r):
		return 1
	case r >= 0xac00 && r <= 0xd7a3:
		return 0.3
	case strings.ContainsRune("，。、！？：；「」『』（）《》【】“”‘’…　～—－", r):
		return 0.9
	case r >= 0xff01 && r <= 0xff5e:
		return 0.6
	case unicode.Is(unicode.Han, r):
		if everyday(name, r) {
			return 0.4
		}
		return 0
	}
	return 0.1
}

// everyday says whether a character is of the first level of its charset's
// table, which is the half in daily use.
func everyday(name string, r rune) bool {
	raw, err := wideTable(name).NewEncoder().String(string(r))
	if err != nil || len(raw) != 2 {
		return false
	}
	hi, lo := raw[0], raw[1]
	switch name {
	case "big5":
		return hi >= 0xa4 && hi <= 0xc6
	case "gb18030":
		return hi >= 0xb0 && hi <= 0xd7 && lo >= 0xa1
	case "shift-jis":
		return hi >= 0x88 && hi <= 0x98
	case "euc-jp":
		return hi >= 0xb0 && hi <= 0xcf
	}
	return false
}

// share is the part of the characters outside ASCII that are common in the
// language of a charset.
func share(text, name string) float64 {
	n, common := 0, 0
	for _, r := range text {
		if r < utf8.RuneSelf {
			continue
		}
		n++
		if commonIn(name, r) || r >= 0x3041 && r <= 0x30fe {
			common++
		}
	}
	if n == 0 {
		return 0
	}
	return float64(common) / float64(n)
}

// scoreCyrillic is the mean worth of the letters: words in one case, of letters
// in daily use.
func scoreCyrillic(text string) float64 {
	sum, n := 0.0, 0
	before := ' '
	for _, r := range text {
		if latin(r) && unicode.Is(unicode.Cyrillic, before) || latin(before) && unicode.Is(unicode.Cyrillic, r) {
			sum-- // no word is written in both
		}
		if r >= utf8.RuneSelf {
			n++
			switch {
			case !unicode.Is(unicode.Cyrillic, r):
				sum -= 0.5
			case unicode.IsUpper(r) && unicode.IsLower(before):
				sum--
			case strings.ContainsRune("оеаинтсрвлкмдпуяыьгзбОЕАИНТСРВЛКМДПУЯЫЬГЗБ", r):
				sum += 0.9
			default:
				sum += 0.4
			}
		}
		before = r
	}
	if n < 4 {
		return 0
	}
	return sum / float64(n)
}

func latin(r rune) bool { return r < utf8.RuneSelf && unicode.IsLetter(r) }

// detect asks the n-gram detector, which knows the single-byte charsets, where
// there is enough text for it.
func detect(b, sample []byte) (string, string) {
	if highBytes(sample) < 12 {
		return "", ""
	}
	r, err := chardet.NewTextDetector().DetectBest(sample)
	if err != nil || r.Confidence < 30 {
		return "", ""
	}
	l := find(r.Charset)
	if l.kind != labelled || l.wide {
		return "", ""
	}
	return l.name, decodeWith(l.enc, b)
}
