package spam

import (
	"fmt"
	"strings"
	"unicode"
)

// script is a way of writing, as far as it matters here.
type script struct {
	name  string
	table []*unicode.RangeTable
	// languages that are written in it, as the first part of a BCP 47 tag.
	languages string
}

// scripts lists what is told apart. Letters of other scripts count as none.
func scripts() []script {
	return []script{
		{"Latin", []*unicode.RangeTable{unicode.Latin}, ""},
		{"Kana", []*unicode.RangeTable{unicode.Hiragana, unicode.Katakana}, "ja"},
		{"Han", []*unicode.RangeTable{unicode.Han, unicode.Bopomofo}, "zh ja yue"},
		{"Hangul", []*unicode.RangeTable{unicode.Hangul}, "ko"},
		{"Cyrillic", []*unicode.RangeTable{unicode.Cyrillic}, "ru uk be bg sr mk kk ky mn tg"},
		{"Arabic", []*unicode.RangeTable{unicode.Arabic}, "ar fa ur ps ckb"},
		{"Hebrew", []*unicode.RangeTable{unicode.Hebrew}, "he iw yi"},
		{"Thai", []*unicode.RangeTable{unicode.Thai}, "th"},
		{"Greek", []*unicode.RangeTable{unicode.Greek}, "el"},
		{"Devanagari", []*unicode.RangeTable{unicode.Devanagari}, "hi mr ne"},
	}
}

// checkScript notices a text in a script that fits neither the page nor the
// languages of the visitor and the browser. Mild: people write in the language
// they have.
func checkScript() Check {
	all := scripts()
	return func(m Message) []Signal {
		known := languages(m)
		main, letters := mainScript(all, m.seen().text)
		if main == nil || letters < 15 || len(known) == 0 {
			return nil
		}
		weight := 1.0
		if main.name == "Latin" {
			// Any language may be typed in Latin letters; only a page in
			// Chinese or Japanese makes it worth a word.
			for l := range known {
				if !strings.Contains(" zh ja yue ", " "+l+" ") {
					return nil
				}
			}
			weight = 0.5
		} else {
			for l := range strings.FieldsSeq(main.languages) {
				if known[l] {
					return nil
				}
			}
		}
		if main.name == "Han" || main.name == "Kana" || main.name == "Hangul" {
			weight = 0.5
		}
		return hit("script", weight, fmt.Sprintf("The text is written in %s letters, the page and the visitor's settings are not.", main.name),
			map[string]any{"script": main.name})
	}
}

// languages are all that page, visitor and browser name, without regions.
func languages(m Message) map[string]bool {
	out := map[string]bool{}
	tags := clip(m.Locale, 100) + "," + clip(m.FormLocale, 100) + "," + clip(m.AcceptLanguage, 500)
	for tag := range strings.SplitSeq(tags, ",") {
		tag, _, _ = strings.Cut(tag, ";")
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), "-")
		if tag = strings.ToLower(tag); tag != "" && tag != "*" {
			out[tag] = true
		}
	}
	return out
}

// mainScript returns the script of more than half of the letters, or nil.
func mainScript(all []script, text string) (*script, int) {
	counts, letters := make([]int, len(all)), 0
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		for i := range all {
			if unicode.In(r, all[i].table...) {
				counts[i]++
				break
			}
		}
	}
	for i := range all {
		if counts[i]*2 > letters {
			return &all[i], letters
		}
	}
	return nil, letters
}

// Letters of Cyrillic and Greek that are drawn like Latin ones, and the Latin
// letters that they look like.
const (
	lookalikes = "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅοανιΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
	lookedLike = "aeopcyxijshdqwABEKMHOPCTYXIJSvZN"
)

// checkHomoglyphs notices words in which letters of one alphabet stand in for
// those of another that look the same: they are made to escape word lists.
func checkHomoglyphs() Check {
	return func(m Message) []Signal {
		v := m.seen()
		var found []string
		for w := range strings.FieldsFuncSeq(v.name+"\n"+v.body, func(r rune) bool { return !unicode.IsLetter(r) }) {
			if disguised(w) {
				found = append(found, clip(w, 40))
			}
		}
		if len(found) == 0 {
			return nil
		}
		w := 2.0
		if len(found) >= 3 {
			w = 3.5
		}
		return hit("homoglyphs", w, fmt.Sprintf("%d words mix letters of two alphabets that look alike.", len(found)),
			map[string]any{"count": len(found), "words": found[:min(5, len(found))]})
	}
}

// disguised reports a word of four letters and more in Latin and in Cyrillic
// or Greek, where all letters of the one or of the other could stand in for
// its neighbours' alphabet. Units such as kΩ and µm are shorter, a forgotten
// space between two words does not look alike, and CJK beside Latin is normal.
func disguised(w string) bool {
	latin, other, n := 0, 0, 0
	latinFits, otherFits := true, true
	for _, r := range w {
		n++
		switch {
		case unicode.Is(unicode.Latin, r):
			latin++
			latinFits = latinFits && strings.ContainsRune(lookedLike, r)
		case unicode.In(r, unicode.Cyrillic, unicode.Greek):
			other++
			otherFits = otherFits && strings.ContainsRune(lookalikes, r)
		}
	}
	return n >= 4 && latin > 0 && other > 0 && (latinFits || otherFits)
}
