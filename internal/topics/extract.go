package topics

import (
	"slices"
	"sync"
)

const (
	// tableBits is the size of the table of weights, in places.
	tableBits = 18
	tableSize = 1 << tableBits
	// The first places of the table are not hashed: how the text is written, its
	// length, concepts by how often they occur, then pairs of concepts.
	lengthsAt  = scripts
	lengthMax  = 8
	conceptsAt = lengthsAt + lengthMax
	oftenSteps = 2
	pairsAt    = conceptsAt + oftenSteps*conceptMax
	hashedFrom = pairsAt + conceptMax*conceptMax

	minLetters, maxLetters = 3, 5 // of runs of an alphabet's letters
	maxWide                = 4    // of runs of wide letters
)

// extractor gathers the features of one text after another.
type extractor struct {
	runes []rune
	words []span
	seen  [tableSize / 64]uint64
	out   []uint32
	hits  [conceptMax]uint8
	found []uint8
}

var extractors = sync.Pool{New: func() any { return new(extractor) }}

// run returns the features of a text as places in the table, each once and in
// rising order: those that are not hashed stand first. They are valid until the
// next run. A text without a letter has none.
func (x *extractor) run(text string) []uint32 {
	for _, i := range x.out {
		x.seen[i/64] = 0
	}
	x.out = x.out[:0]
	x.hits = [conceptMax]uint8{}
	x.runes = fold(text, x.runes)
	if !slices.ContainsFunc(x.runes, func(r rune) bool { return wide(r) || wordish(r) && r != '0' }) {
		return nil
	}
	x.grams()
	x.vocabulary()
	x.subjects()
	x.put(uint32(scriptOf(x.runes)))
	slices.Sort(x.out)
	return x.out
}

func (x *extractor) put(i uint32) {
	if x.seen[i/64]&(1<<(i%64)) == 0 {
		x.seen[i/64] |= 1 << (i % 64)
		x.out = append(x.out, i)
	}
}

// hashed puts a feature that is known by its hash only.
func (x *extractor) hashed(h uint64) {
	i := uint32(h * 0xD6E8FEB86659FD93 >> (64 - tableBits))
	if i < hashedFrom {
		i += hashedFrom
	}
	x.put(i)
}

// mix adds a value to a hash.
func mix(h, v uint64) uint64 {
	h = (h ^ v) * 0x9E3779B97F4A7C15
	return h ^ h>>29
}

// Seeds of the hashes, so that kinds of features don't meet on purpose.
const (
	seedGram = 1
	seedWord = 2
	seedSkip = 5
	seedGap  = 77
)

// grams emits runs of characters, with a space before the first and behind the
// last: one to four from a wide letter on, three to five from a letter of an
// alphabet; and pairs of wide letters with one or two between.
func (x *extractor) grams() {
	rs, l := x.runes, concepts()
	n := len(rs)
	at := func(i int) rune {
		if i < 0 || i >= n {
			return ' '
		}
		return rs[i]
	}
	for i := -1; i < n; i++ {
		first := at(i)
		w := wide(first)
		lo, hi, last := minLetters, maxLetters, maxLetters
		if w {
			lo, hi, last = 1, maxWide, longestRun
		}
		h := uint64(seedGram)
		for k := 0; k < last && i+k <= n; k++ {
			h = mix(h, uint64(at(i+k)))
			if w {
				x.concept(l.runs[h])
			}
			if k+1 >= lo && k < hi {
				x.hashed(h)
			}
		}
		for k := 2; w && k <= 3 && i+k < n; k++ {
			if wide(rs[i+k]) {
				x.hashed(mix(mix(seedGap+uint64(k), uint64(first)), uint64(rs[i+k])))
			}
		}
	}
}

// vocabulary emits words of alphabets, pairs of them, and pairs with one between.
func (x *extractor) vocabulary() {
	rs, l := x.runes, concepts()
	x.words = wordsOf(rs, x.words)
	var before, earlier uint64
	for _, s := range x.words {
		h := uint64(seedWord)
		for i, r := range rs[s.from:s.to] {
			h = mix(h, uint64(r))
			if i >= 1 && i < l.longest {
				x.concept(l.prefixes[h])
			}
		}
		x.concept(l.words[h])
		x.hashed(h)
		if before != 0 {
			pair := mix(before, h)
			x.concept(l.words[pair])
			x.hashed(pair)
		}
		if earlier != 0 {
			x.concept(l.words[mix(mix(earlier, before), h)])
			x.hashed(mix(mix(earlier, seedSkip), h))
		}
		earlier, before = before, h
	}
}

// subjects emits the concepts that occurred, whether more than once, which stand
// together, and how long the text is, in doublings.
func (x *extractor) subjects() {
	x.found = x.found[:0]
	for id, n := range x.hits {
		if n == 0 {
			continue
		}
		x.found = append(x.found, uint8(id))
		x.put(uint32(conceptsAt + oftenSteps*id))
		if n > 1 {
			x.put(uint32(conceptsAt + oftenSteps*id + 1))
		}
	}
	for i, a := range x.found {
		for _, b := range x.found[i+1:] {
			x.put(uint32(pairsAt + int(a)*conceptMax + int(b)))
		}
	}
	step := 0
	for n := len(x.runes) / 8; n > 0 && step < lengthMax-1; n /= 2 {
		step++
	}
	x.put(uint32(lengthsAt + step))
}

func (x *extractor) concept(ids []uint8) {
	for _, id := range ids {
		if x.hits[id] < 255 {
			x.hits[id]++
		}
	}
}

type span struct{ from, to int }

// wordsOf finds words of letters and digits of alphabets.
func wordsOf(rs []rune, out []span) []span {
	out = out[:0]
	for i := 0; i < len(rs); {
		if !wordish(rs[i]) {
			i++
			continue
		}
		j := i
		for j < len(rs) && wordish(rs[j]) {
			j++
		}
		out = append(out, span{i, j})
		i = j
	}
	return out
}
