package spam

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

//go:embed keywords.txt
var keywordList string

const (
	// near is how far from the first part the other parts of an entry may
	// stand, in bytes of folded text: about 80 Chinese characters.
	near = 240
	// maxTries bounds the places of a first part that are looked at.
	maxTries = 50
)

// keyword is one line of the list: all parts must stand near each other, each
// in any of its spellings.
type keyword struct {
	topic  string
	weight float64
	parts  [][]string // folded
}

// checkKeywords looks for the words of typical form junk in English, Chinese
// and Japanese. Single words that customers use too weigh little or need
// company.
func checkKeywords() Check {
	list, err := parseKeywords(keywordList)
	if err != nil {
		panic("spam: embedded keyword list: " + err.Error())
	}
	return func(m Message) []Signal {
		text, there := m.seen().folded, m.seen().pairs
		var topics []string
		points, found := map[string]float64{}, map[string][]string{}
		for _, k := range list {
			if !slices.ContainsFunc(k.parts[0], there.may) {
				continue
			}
			word, ok := k.find(text)
			if !ok {
				continue
			}
			if points[k.topic] == 0 {
				topics = append(topics, k.topic)
			}
			points[k.topic] += k.weight
			found[k.topic] = append(found[k.topic], word)
		}
		var out []Signal
		for _, topic := range topics {
			out = append(out, Signal{
				Name:     "keyword",
				Weight:   min(points[topic], topicMost),
				Sentence: fmt.Sprintf("Words that are typical of junk about %s: %s.", topic, strings.Join(found[topic], ", ")),
				Data:     map[string]any{"topic": topic, "words": found[topic]},
			})
		}
		return out
	}
}

// find returns the spelling of the first part that has all other parts near it.
func (k keyword) find(text string) (string, bool) {
	for _, first := range k.parts[0] {
		from := 0
		for range maxTries {
			at := indexWord(text, first, from)
			if at < 0 {
				break
			}
			around := text[max(0, at-near):min(len(text), at+len(first)+near)]
			if k.rest(around) {
				return first, true
			}
			from = at + len(first)
		}
	}
	return "", false
}

// pairs is the set of two bytes that stand side by side in a text. It tells at
// once of most words that they are not there.
type pairs [1 << 16 / 64]uint64

func pairsOf(text string) *pairs {
	p := &pairs{}
	for i := 1; i < len(text); i++ {
		n := uint(text[i-1])<<8 | uint(text[i])
		p[n/64] |= 1 << (n % 64)
	}
	return p
}

// may is false only for a word that is not in the text. It asks for the word's
// two ends: in Chinese and Japanese the last two bytes tell most.
func (p *pairs) may(word string) bool {
	n := len(word)
	return n < 2 || p.has(word[n-2], word[n-1]) && p.has(word[0], word[1])
}

func (p *pairs) has(a, b byte) bool {
	n := uint(a)<<8 | uint(b)
	return p[n/64]&(1<<(n%64)) != 0
}

// rest reports whether the parts after the first all stand in the text.
func (k keyword) rest(text string) bool {
	for _, part := range k.parts[1:] {
		if !slices.ContainsFunc(part, func(w string) bool { return indexWord(text, w, 0) >= 0 }) {
			return false
		}
	}
	return true
}

// indexWord finds a word from a place on. Where the word begins or ends with a
// letter or digit of ASCII, it must not go on there: "loan" is not in "sloane",
// but "line" is in "加line群".
func indexWord(text, word string, from int) int {
	for from <= len(text) {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return -1
		}
		at, end := from+i, from+i+len(word)
		open := isAlnum(word[0]) && at > 0 && isAlnum(text[at-1])
		open = open || isAlnum(word[len(word)-1]) && end < len(text) && isAlnum(text[end])
		if !open {
			return at
		}
		from = at + 1
		for from < len(text) && !utf8.RuneStart(text[from]) {
			from++
		}
	}
	return -1
}

// parseKeywords reads lines of the form
//
//	topic weight spelling|spelling & spelling|spelling
//
// where # begins a comment line.
func parseKeywords(list string) ([]keyword, error) {
	var out []keyword
	n := 0
	for line := range strings.Lines(list) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		topic, rest, _ := strings.Cut(line, " ")
		number, words, ok := strings.Cut(rest, " ")
		weight, err := strconv.ParseFloat(number, 64)
		if !ok || err != nil || !(weight > 0 && weight <= topicMost) {
			return nil, fmt.Errorf("line %d: want topic, weight and words, got %q", n, line)
		}
		k := keyword{topic: topic, weight: weight}
		for part := range strings.SplitSeq(words, "&") {
			var spellings []string
			for w := range strings.SplitSeq(part, "|") {
				w = Fold(w)
				if utf8.RuneCountInString(w) < 2 && len(k.parts) == 0 || w == "" {
					return nil, fmt.Errorf("line %d: a spelling is too short in %q", n, line)
				}
				spellings = append(spellings, w)
			}
			k.parts = append(k.parts, spellings)
		}
		out = append(out, k)
	}
	return out, nil
}
