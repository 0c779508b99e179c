// Package topics tells what a visitor writes about: a linear model over hashed
// pieces of the folded text and over concepts in several languages, with one
// class for each category that ships. The trained weights are embedded.
//
//	j := topics.Base().Judge("subject\nmessage")
//	j.Category, j.P // "return", .87
//
// P is calibrated: of the texts with P near .8 about four in five are right. A
// shop's own corrections are learned on top of the weights: see [Model.Learn].
package topics

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"math"
	"sync"
)

//go:embed model.bin
var embedded []byte

// Base returns the model that ships.
var Base = sync.OnceValue(func() *Model {
	m, err := Read(embedded)
	if err != nil {
		panic("topics: embedded model: " + err.Error()) // held by a test
	}
	return m
})

// Model is immutable and safe for concurrent use.
type Model struct {
	id      string
	weights []row // tableSize
	bias    row
	heat    [scripts]float64 // what scores are divided by before they become probabilities
	// change is what lessons add to the weights, nil at the base, and strength
	// how much of it is applied.
	change   []row
	strength float32
}

// row holds the weights of one feature, or the scores of one text.
type row [classes]float32

const (
	// plainValue is the value of a feature that is not hashed.
	plainValue = 0.3
	// lengthPower makes each of n hashed features weigh (n+lengthRoom)^-lengthPower:
	// a long text must not win by its length, nor a short one by a single word.
	// Those that the model has never seen are not counted.
	lengthPower = 0.55
	lengthRoom  = 10
)

// Judgement is what a model says of a text.
type Judgement struct {
	Category string  `json:"category"` // "" for a text without a letter
	P        float64 `json:"p"`        // how likely that is, 0 to 1
	// All holds the probability of each of [Categories]; they add up to 1.
	All map[string]float64 `json:"all"`
}

// ID changes with the weights and with the meaning of the features.
func (m *Model) ID() string { return m.id }

// Judge tells the likeliest category of a text, `subject + "\n" + message`. The
// first 2,000 characters are read.
func (m *Model) Judge(text string) Judgement {
	x := extractors.Get().(*extractor)
	defer extractors.Put(x)
	v := x.run(text)
	if len(v) == 0 {
		return Judgement{All: map[string]float64{}}
	}
	return judgement(m.odds(v))
}

// JudgeVector is Judge for features that were extracted before.
func (m *Model) JudgeVector(v Vector) Judgement {
	if len(v) == 0 {
		return Judgement{All: map[string]float64{}}
	}
	return judgement(m.odds(v))
}

func judgement(p [classes]float64) Judgement {
	j := Judgement{All: make(map[string]float64, classes)}
	best := top(p)
	j.Category, j.P = categories[best], p[best]
	for i, v := range p {
		j.All[categories[i]] = v
	}
	return j
}

func top(p [classes]float64) int {
	best := 0
	for i, v := range p {
		if v > p[best] {
			best = i
		}
	}
	return best
}

// odds are the probabilities of the classes.
func (m *Model) odds(features []uint32) [classes]float64 {
	return m.calibrated(m.raw(features), features)
}

func (m *Model) calibrated(z row, features []uint32) [classes]float64 {
	return soften(z, m.heat[scriptIn(features)])
}

// soften makes probabilities of scores divided by a heat.
func soften(z row, heat float64) [classes]float64 {
	var out [classes]float64
	for i, v := range z {
		out[i] = float64(v) / heat
	}
	softmax(&out)
	return out
}

// raw are the scores of the classes before they are calibrated.
func (m *Model) raw(features []uint32) row {
	plain := plainOf(features)
	z := m.bias
	sum, _ := total(m.weights, features[:plain])
	z.add(&sum, plainValue)
	sum, known := total(m.weights, features[plain:])
	z.add(&sum, hashedValue(known))
	if m.change != nil {
		sum, _ = total(m.change, features[:plain])
		z.add(&sum, plainValue*m.strength)
		sum, _ = total(m.change, features[plain:])
		z.add(&sum, hashedValue(len(features)-plain)*m.strength)
	}
	return z
}

// total adds up the weights of features, and counts those that have any.
func total(weights []row, features []uint32) (sum row, known int) {
	for _, f := range features {
		w := &weights[f]
		if *w == (row{}) {
			continue
		}
		known++
		for k := range sum {
			sum[k] += w[k]
		}
	}
	return sum, known
}

func (z *row) add(sum *row, value float32) {
	for k := range sum {
		z[k] += sum[k] * value
	}
}

func softmax(z *[classes]float64) {
	most := z[0]
	for _, v := range z[1:] {
		most = max(most, v)
	}
	sum := 0.0
	for i, v := range z {
		z[i] = math.Exp(v - most)
		sum += z[i]
	}
	for i := range z {
		z[i] /= sum
	}
}

// hashedValue is the value of each of n hashed features.
func hashedValue(n int) float32 {
	if n == 0 {
		return 0
	}
	return float32(math.Pow(float64(n)+lengthRoom, -lengthPower))
}

func identify(parts ...[]byte) string {
	h := sha256.New()
	h.Write([]byte(scheme()))
	for _, p := range parts {
		h.Write(p)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}
