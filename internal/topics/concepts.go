package topics

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed concepts.txt
var conceptList string

// conceptMax bounds the numbers of concepts; 0 is none.
const conceptMax = 128

// longestRun is the longest word of wide letters that the list may have.
const longestRun = 8

// lexicon finds concepts by the hashes of words, beginnings of words, two or
// three words together and runs of wide letters. A word may stand under several.
type lexicon struct {
	words, prefixes, runs map[uint64][]uint8
	names                 []string // by number, from 1 on
	longest               int      // prefix, in characters
}

var concepts = sync.OnceValue(func() *lexicon {
	l := &lexicon{words: map[uint64][]uint8{}, prefixes: map[uint64][]uint8{}, runs: map[uint64][]uint8{}, names: []string{""}}
	for line := range strings.Lines(conceptList) {
		name, words, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		id := uint8(len(l.names))
		l.names = append(l.names, name)
		for w := range strings.SplitSeq(words, ",") {
			l.put(strings.Trim(strings.TrimSpace(w), `"`), id)
		}
	}
	return l
})

func (l *lexicon) put(word string, id uint8) {
	prefix := strings.HasSuffix(word, "*")
	rs := fold(strings.TrimSuffix(word, "*"), nil)
	if len(rs) == 0 {
		return
	}
	if prefix {
		h := hashRunes(seedWord, rs)
		l.prefixes[h] = append(l.prefixes[h], id)
		l.longest = max(l.longest, len(rs))
		return
	}
	if wide(rs[0]) {
		h := hashRunes(seedGram, rs)
		l.runs[h] = append(l.runs[h], id)
		return
	}
	var h, before uint64
	for _, w := range wordsOf(rs, nil) {
		before, h = h, hashRunes(seedWord, rs[w.from:w.to])
		if before != 0 {
			h = mix(before, h)
		}
	}
	l.words[h] = append(l.words[h], id)
}

func hashRunes(h uint64, rs []rune) uint64 {
	for _, r := range rs {
		h = mix(h, uint64(r))
	}
	return h
}
