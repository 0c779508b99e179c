package textmodel

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Explain returns up to n fragments of a text, as written, in the order of how
// much they spoke for junk by themselves; none where nothing did. A fragment is
// a word, or up to four letters of a script without spaces.
func (m *Model) Explain(text string, n int) []string {
	type piece struct {
		text   string
		weight float64
	}
	var pieces []piece
	var folded []rune
	for _, s := range fragments([]rune(links.ReplaceAllString(text, " "))) {
		folded = fold(s, folded)
		if w := m.alone(folded); w > 0 && !slices.ContainsFunc(pieces, func(p piece) bool { return p.text == s }) {
			pieces = append(pieces, piece{s, w})
		}
	}
	slices.SortStableFunc(pieces, func(a, b piece) int {
		switch {
		case a.weight > b.weight:
			return -1
		case a.weight < b.weight:
			return 1
		}
		return 0
	})
	out := make([]string, 0, n)
	for _, p := range pieces[:min(n, len(pieces))] {
		out = append(out, p.text)
	}
	return out
}

// links are web and mail addresses; other signals speak of them.
var links = regexp.MustCompile(`(?i)\b[a-z]+://\S+|\bwww\.\S+|\S+@\S+`)

// maxFragments bounds the work that explaining a long text may make.
const maxFragments = 1_000

// fragments cuts a text into words of two to 24 letters and digits, and runs of
// wide letters into fours.
func fragments(rs []rune) []string {
	var out []string
	for i := 0; i < len(rs) && len(out) < maxFragments; {
		w := wide(rs[i])
		if !w && !unicode.IsLetter(rs[i]) && !unicode.IsDigit(rs[i]) {
			i++
			continue
		}
		j := i + 1
		for j < len(rs) && wide(rs[j]) == w && (unicode.IsLetter(rs[j]) || unicode.IsDigit(rs[j]) || unicode.Is(unicode.M, rs[j])) && (!w || j < i+maxWide) {
			j++
		}
		if n := j - i; n > 1 && n <= 24 && strings.TrimFunc(string(rs[i:j]), unicode.IsDigit) != "" {
			out = append(out, string(rs[i:j]))
		}
		i = j
	}
	return out
}

// alone is the weight of a fragment's own runs of characters.
func (m *Model) alone(rs []rune) float64 {
	sum := 0.0
	for i, first := range rs {
		lo, hi := minLetters, maxLetters
		if wide(first) {
			lo, hi = 2, maxWide
		}
		h := uint64(seedGram)
		for k := 0; k < hi && i+k < len(rs); k++ {
			h = mix(h, uint64(rs[i+k]))
			if k+1 >= lo {
				sum += float64(m.weights[place(h)])
			}
		}
	}
	return sum
}
