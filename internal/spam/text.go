package spam

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkRepetition notices the same character, line or phrase over and over.
func checkRepetition() Check {
	return func(m Message) []Signal {
		text := m.seen().text
		var out []Signal
		if r, n, all := commonest(text); all >= 20 && n*10 >= all*6 {
			out = append(out, hit("repeated_char", 0, fmt.Sprintf("The text is mostly the character %q.", r),
				map[string]any{"char": string(r), "count": n})...)
		}
		if n := sameLines(text); n >= 3 {
			out = append(out, hit("repeated_line", grade(n, 3, 8), fmt.Sprintf("The same line stands there %d times.", n),
				map[string]any{"count": n})...)
		} else if share, ok := novelty(text); ok && share < 0.3 {
			out = append(out, hit("repeated_text", 0, "The text repeats itself.",
				map[string]any{"new": int(share * 100)})...)
		}
		return out
	}
}

// commonest returns the letter or digit that stands most often, how often, and
// how many there are.
func commonest(s string) (r rune, n, all int) {
	count := map[rune]int{}
	for _, c := range s {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			continue
		}
		all++
		if count[c]++; count[c] > n {
			r, n = c, count[c]
		}
	}
	return r, n, all
}

// sameLines returns how often the commonest line of at least four characters stands there.
func sameLines(s string) int {
	count, most := map[string]int{}, 0
	for line := range strings.Lines(s) {
		line = strings.TrimSpace(line)
		if utf8.RuneCountInString(line) < 4 || !strings.ContainsFunc(line, unicode.IsLetter) {
			continue
		}
		count[line]++
		most = max(most, count[line])
	}
	return most
}

// novelty returns which share of the text's runs of six letters is different
// from all before. Prose in any language is above 0.7, also when it is long;
// texts of under 80 letters say nothing.
func novelty(s string) (float64, bool) {
	letters := make([]rune, 0, len(s))
	for _, r := range s {
		if unicode.IsLetter(r) {
			letters = append(letters, r)
		}
	}
	const run = 6
	if len(letters) < 80 {
		return 1, false
	}
	seen := map[[run]rune]bool{}
	for i := 0; i+run <= len(letters); i++ {
		seen[[run]rune(letters[i:i+run])] = true
	}
	return float64(len(seen)) / float64(len(letters)-run+1), true
}

// checkName notices a name that is the message itself.
func checkName() Check {
	return func(m Message) []Signal {
		if v := m.seen(); !v.nameIsText || utf8.RuneCountInString(v.foldedName) < 2 {
			return nil
		}
		return hit("name_is_text", 0, "The name and the message are the same.", nil)
	}
}

// checkFieldLinks notices links where none belong.
func checkFieldLinks() Check {
	return func(m Message) []Signal {
		var out []Signal
		if links := m.seen().nameLinks; len(links) > 0 {
			out = append(out, hit("name_link", 0, "The name holds a link.", map[string]any{"hosts": hosts(links, 5)})...)
		}
		links := append(findLinks(clean(m.Phone, maxField)), findLinks(clean(m.OrderNo, maxField))...)
		if len(links) > 0 {
			out = append(out, hit("field_link", 0, "The phone or order number holds a link.",
				map[string]any{"hosts": hosts(links, 5)})...)
		}
		return out
	}
}
