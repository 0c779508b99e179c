// Package likeness finds texts that say much the same in other words, so that
// ten reports of one fault can be seen as one. It knows no language: Chinese and
// Japanese are compared by characters and pairs of them, other scripts by the
// beginnings of words, and what many texts share counts for little.
//
//	groups := likeness.Group(texts, likeness.Options{})
//	near := likeness.New(texts).Near(text, 5)
//
// Give folded texts: see spam.Fold.
package likeness

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Bounds of what is looked at.
const (
	maxRunes = 1_500 // of one text
	maxTexts = 20_000
)

// Alike is the cosine, 0 to 1, from which two texts count as saying the same.
const Alike = 0.3

// feature is a hashed piece of a text with its weight.
type feature struct {
	hash   uint32
	weight float64
}

// Index compares texts with those that it was made of. It does not change.
type Index struct {
	vectors [][]feature
	rarity  map[uint32]float64
	posting map[uint32][]place // by feature
}

// place is where a feature stands, and what it weighs there.
type place struct {
	text   int32
	weight float64
}

// New makes an index of up to 20,000 folded texts; what is beyond is left out.
func New(texts []string) *Index {
	texts = texts[:min(len(texts), maxTexts)]
	x := &Index{vectors: make([][]feature, len(texts)), rarity: map[uint32]float64{}, posting: map[uint32][]place{}}
	counts := make([]map[uint32]int, len(texts))
	for i, s := range texts {
		counts[i] = pieces(s)
		for h := range counts[i] {
			x.rarity[h]++
		}
	}
	for h, n := range x.rarity {
		x.rarity[h] = math.Log(1 + float64(len(texts)+1)/(n+0.5))
	}
	for i, c := range counts {
		x.vectors[i] = x.vector(c)
		for _, f := range x.vectors[i] {
			x.posting[f.hash] = append(x.posting[f.hash], place{int32(i), f.weight})
		}
	}
	return x
}

// Match is a text of an index that is like another one.
type Match struct {
	Text  int     // its place in the list that the index was made of
	Score float64 // cosine, 0 to 1
}

// Near gives the texts most like this one, at least as much as [Alike], best first.
func (x *Index) Near(text string, limit int) []Match {
	return x.near(x.vector(pieces(text)), limit, Alike)
}

func (x *Index) near(v []feature, limit int, least float64) []Match {
	scores := make([]float64, len(x.vectors))
	for _, f := range v {
		for _, p := range x.posting[f.hash] {
			scores[p.text] += f.weight * p.weight
		}
	}
	var out []Match
	for i, s := range scores {
		if s >= least {
			out = append(out, Match{i, s})
		}
	}
	slices.SortFunc(out, func(a, b Match) int {
		if a.Score != b.Score {
			if a.Score > b.Score {
				return -1
			}
			return 1
		}
		return a.Text - b.Text
	})
	return out[:min(len(out), limit)]
}

// vector weighs pieces by how rare they are and brings the whole to length 1,
// in order of the hashes. A piece that the index doesn't know is as rare as can be.
func (x *Index) vector(counts map[uint32]int) []feature {
	v := make([]feature, 0, len(counts))
	sum := 0.0
	unknown := math.Log(1 + float64(len(x.vectors)+1)/0.5)
	for h, n := range counts {
		rare, ok := x.rarity[h]
		if !ok {
			rare = unknown
		}
		v = append(v, feature{h, (1 + math.Log(float64(n))) * rare})
	}
	slices.SortFunc(v, func(a, b feature) int { return cmp.Compare(a.hash, b.hash) })
	for _, f := range v { // in one order, so that the sum is the same each time
		sum += f.weight * f.weight
	}
	norm := math.Sqrt(sum)
	for i := range v {
		v[i].weight /= norm
	}
	return v
}

// pieces counts the hashed pieces of a text.
func pieces(s string) map[uint32]int {
	out := map[uint32]int{}
	var word []rune
	var last rune
	flush := func() {
		if len(word) > 1 {
			out[hash("w", string(word[:min(len(word), 6)]))]++ // endings differ
		}
		word = word[:0]
	}
	for n := 0; s != "" && n < maxRunes; n++ {
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		switch {
		case dense(r):
			flush()
			if !unicode.Is(unicode.Hiragana, r) { // which mostly says how, not what
				out[hash("c", string(r))]++
				if last != 0 {
					out[hash("c", string([]rune{last, r}))]++
				}
			}
			last = r
			continue
		case unicode.IsLetter(r), unicode.Is(unicode.Mn, r):
			word = append(word, r)
		default: // numbers are of one order, not of a fault
			flush()
		}
		last = 0
	}
	flush()
	return out
}

// dense tells the scripts that are written without spaces.
func dense(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Katakana, unicode.Hiragana, unicode.Thai) || r == 'ー'
}

func hash(kind, s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(kind))
	h.Write([]byte(s))
	return h.Sum32()
}
