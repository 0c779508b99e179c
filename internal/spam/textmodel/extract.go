package textmodel

import "sync"

const (
	// tableBits is the size of the table of weights: 2^18 places of one byte.
	tableBits = 18
	tableSize = 1 << tableBits
	// conceptMax bounds the numbers of concepts; 0 is none.
	conceptMax = 48
	// The first places of the table are not hashed: traits of style, then
	// concepts by how often they occur, then pairs of concepts.
	conceptsAt = 256
	pairsAt    = conceptsAt + 4*conceptMax
	hashedFrom = pairsAt + conceptMax*conceptMax

	minLetters, maxLetters = 3, 5 // of runs that begin with an alphabet's letter
	maxWide                = 4    // of runs that begin with a wide letter
)

// extractor gathers the features of one text after another.
type extractor struct {
	runes []rune
	words []span
	seen  [tableSize / 64]uint64
	out   []uint32
	hits  [conceptMax]uint8
}

var extractors = sync.Pool{New: func() any { return new(extractor) }}

// run returns the features of a text as places in the table, each once; they
// are valid until the next run.
func (x *extractor) run(text string) []uint32 {
	for _, i := range x.out {
		x.seen[i/64] = 0
	}
	x.out = x.out[:0]
	x.hits = [conceptMax]uint8{}
	x.runes = fold(text, x.runes)
	x.traits(text)
	x.grams()
	x.vocabulary()
	x.subjects()
	return x.out
}

func (x *extractor) put(i uint32) {
	if x.seen[i/64]&(1<<(i%64)) == 0 {
		x.seen[i/64] |= 1 << (i % 64)
		x.out = append(x.out, i)
	}
}

// hashed puts a feature that is known by its hash only.
func (x *extractor) hashed(h uint64) { x.put(place(h)) }

// place is where the weight of a hash stands.
func place(h uint64) uint32 {
	i := uint32(h * 0xD6E8FEB86659FD93 >> (64 - tableBits))
	if i < hashedFrom {
		i += hashedFrom
	}
	return i
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
	seedRun  = 3
	seedSkip = 5
	seedGap  = 77
)

func hashRunes(h uint64, rs []rune) uint64 {
	for _, r := range rs {
		h = mix(h, uint64(r))
	}
	return h
}

// grams emits runs of characters, with a space before the first and behind the
// last: one to four from a wide letter on, one to three from a sign, three to
// five from a letter of an alphabet; and pairs of wide letters with one or two
// between them.
func (x *extractor) grams() {
	rs, l := x.runes, concepts()
	n := len(rs)
	at := func(i int) rune {
		if i < 0 || i >= n || rs[i] == '\n' {
			return ' '
		}
		return rs[i]
	}
	for i := -1; i < n; i++ {
		first := at(i)
		w := wide(first)
		lo, hi := minLetters, maxLetters
		if w {
			lo, hi = 1, maxWide
		} else if first >= 0x2000 {
			lo, hi = 1, 3
		}
		h := uint64(seedGram)
		for k := 0; k < hi && i+k <= n; k++ {
			h = mix(h, uint64(at(i+k)))
			if w {
				x.concept(l.find(l.runs, h))
			}
			if k+1 >= lo {
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
			if i >= 2 && i < l.longest {
				x.concept(l.find(l.prefixes, h))
			}
		}
		x.concept(l.find(l.words, h))
		x.hashed(h)
		if before != 0 {
			pair := mix(before, h)
			x.concept(l.find(l.words, pair))
			x.hashed(pair)
		}
		if earlier != 0 {
			x.concept(l.find(l.words, mix(mix(earlier, before), h)))
			x.hashed(mix(mix(earlier, seedSkip), h))
		}
		earlier, before = before, h
	}
}

// subjects emits the concepts that occurred, how often, pairs of them, and how
// many of junk there are.
func (x *extractor) subjects() {
	junk := 0
	for id, n := range x.hits {
		if n == 0 {
			continue
		}
		at := uint32(conceptsAt + 4*id)
		x.put(at)
		if n > 1 {
			x.put(at + 1)
		}
		if n > 3 {
			x.put(at + 2)
		}
		if concepts().junk[id] {
			junk++
		}
		for other := id + 1; other < conceptMax; other++ {
			if x.hits[other] > 0 {
				x.put(uint32(pairsAt + id*conceptMax + other))
			}
		}
	}
	for k := 0; k < min(junk, 7); k++ {
		x.put(uint32(traitJunk*traitRoom + k))
	}
}

func (x *extractor) concept(id uint8) {
	if id != 0 && x.hits[id] < 255 {
		x.hits[id]++
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
