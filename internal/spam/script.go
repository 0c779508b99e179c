package spam

import (
	"fmt"
	"slices"
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

// fits reports whether one of the languages is written in the script. Any
// language may be typed in Latin letters; only those of China and Japan, which
// have letters on every keyboard, make it worth a word.
func (s *script) fits(languages []string) bool {
	for _, l := range languages {
		if s.languages == "" && !oneOf(" zh ja yue ", l) || oneOf(" "+s.languages+" ", l) {
			return true
		}
	}
	return false
}

// checkScript notices a text in a script that does not fit the page. From a
// network in a country that does not fit the page either, that is
// language_mismatch, whatever the browser speaks; else it is script, where it
// does not fit the languages of the browser. Mild: people write in the language
// they have, wherever they live.
func checkScript() Check {
	all := scripts()
	return func(m Message) []Signal {
		page, browser := languages(m.Locale+","+m.FormLocale), languages(m.AcceptLanguage)
		main, letters := mainScript(all, m.seen().text)
		if main == nil || letters < 15 || main.fits(page) {
			return nil
		}
		foreign := abroad(m)
		data := map[string]any{"script": main.name}
		if m.guest() && foreign && len(page) > 0 {
			grade := 0
			if main.name != "Latin" {
				grade++
				if len(browser) > 0 && !main.fits(browser) {
					grade++
				}
			}
			data["country"] = m.country()
			return hit("language_mismatch", grade,
				fmt.Sprintf("The text is written in %s letters and comes from %s; the page is for others.", main.name, m.country()), data)
		}
		if len(page)+len(browser) == 0 || main.fits(browser) {
			return nil
		}
		grade := 1
		switch main.name {
		case "Latin", "Han", "Kana", "Hangul":
			grade = 0
		}
		return hit("script", grade, fmt.Sprintf("The text is written in %s letters, the page and the visitor's settings are not.", main.name), data)
	}
}

// abroad reports whether the network is of a country in which the page's
// language is not at home.
func abroad(m Message) bool {
	from := m.country()
	if from == "" {
		return false
	}
	home, anywhere := pageRegions(m)
	return !anywhere && !slices.Contains(home, from)
}

// languages are the languages of a list as in Accept-Language, without regions.
func languages(list string) (out []string) {
	for tag := range strings.SplitSeq(clip(list, maxField), ",") {
		tag, _, _ = strings.Cut(tag, ";")
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), "-")
		if tag = strings.ToLower(tag); tag != "" && tag != "*" && len(out) < 2*maxTags {
			out = append(out, tag)
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
