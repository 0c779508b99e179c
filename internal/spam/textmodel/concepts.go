package textmodel

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed concepts.txt
var conceptList string

// lexicon finds concepts by the hashes of words, beginnings of words, two or
// three words together and runs of wide letters. A word that stands under two
// concepts counts for the later one.
type lexicon struct {
	words    map[uint64]uint8
	prefixes map[uint64]uint8
	runs     map[uint64]uint8
	known    [1 << 10]uint64 // bits of all hashes: most that are asked for are in none
	names    []string
	junk     [conceptMax]bool // stands above the line of what ordinary mail is about
	longest  int              // prefix, in characters
}

// find looks a hash up in one of the maps; 0 is no concept.
func (l *lexicon) find(in map[uint64]uint8, h uint64) uint8 {
	if l.known[h>>54]&(1<<(h>>48&63)) == 0 {
		return 0
	}
	return in[h]
}

func (l *lexicon) add(to map[uint64]uint8, h uint64, id uint8) {
	l.known[h>>54] |= 1 << (h >> 48 & 63)
	to[h] = id
}

// ordinaryMark is the line of the list above which the concepts of junk stand.
const ordinaryMark = "# what ordinary mail is about"

var concepts = sync.OnceValue(func() *lexicon {
	l := &lexicon{words: map[uint64]uint8{}, prefixes: map[uint64]uint8{}, runs: map[uint64]uint8{}}
	ordinary := false
	for line := range strings.Lines(conceptList) {
		if strings.TrimSpace(line) == ordinaryMark {
			ordinary = true
		}
		name, words, ok := strings.Cut(strings.TrimSpace(line), ":")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		l.names = append(l.names, name)
		l.junk[len(l.names)] = !ordinary
		for w := range strings.SplitSeq(words, ",") {
			l.put(strings.Trim(strings.TrimSpace(w), `"`), uint8(len(l.names)))
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
		l.add(l.prefixes, hashRunes(seedWord, rs), id)
		l.longest = max(l.longest, len(rs))
		return
	}
	anyWide := false
	for _, r := range rs {
		anyWide = anyWide || wide(r)
	}
	if anyWide {
		l.add(l.runs, hashRunes(seedGram, rs), id)
		return
	}
	var h, before uint64
	for _, w := range wordsOf(rs, nil) {
		before, h = h, hashRunes(seedWord, rs[w.from:w.to])
		if before != 0 {
			h = mix(before, h)
		}
	}
	if h != 0 {
		l.add(l.words, h, id)
	}
}
