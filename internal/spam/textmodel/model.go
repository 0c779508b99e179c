// Package textmodel tells junk from mail by its words alone: a linear model
// over hashed pieces of the folded text, traits of its style and concepts in
// several languages, without cutting a text into words first. The trained
// weights are embedded.
//
//	score := textmodel.Base().Score("subject\nmessage") // > 0 reads as junk
//
// A shop's own decisions are learned on top of them: see [Model.Learn].
package textmodel

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"iter"
	"math"
	"sync"
)

//go:embed model.bin
var embedded []byte

// Base returns the model that ships.
var Base = sync.OnceValue(func() *Model {
	m, err := Read(embedded)
	if err != nil {
		panic("textmodel: embedded model: " + err.Error()) // held by a test
	}
	return m
})

// Model is immutable and safe for concurrent use.
type Model struct {
	id        string
	weights   []float32 // tableSize
	bias      float64
	threshold float64 // raw score from which a text counts as junk
	slope     float64 // raw score to log-odds
	delta     []byte  // what was learned on top of the base, as Learn wrote it
}

const (
	// plainValue is the value of a feature that is not hashed.
	plainValue = 0.15
	// lengthPower makes each of n hashed features weigh (n+lengthRoom)^-lengthPower:
	// a long text must not win by its length, nor a short one by a single word.
	lengthPower = 0.55
	lengthRoom  = 10
)

// ID changes with the weights and with the meaning of the features.
func (m *Model) ID() string { return m.id }

// Score returns the log-odds that a text is junk, shifted so that 0 is the
// threshold that ships, at about one false alarm in a hundred ordinary texts.
// Texts are `subject + "\n" + message`. A text of more than 6,000 characters is
// judged in parts, and is as bad as its worst: words can't be hidden behind others.
func (m *Model) Score(text string) float64 {
	x := extractors.Get().(*extractor)
	defer extractors.Put(x)
	worst := math.Inf(-1)
	for part := range parts(text) {
		worst = max(worst, m.raw(x.run(part)))
	}
	return m.calibrated(worst)
}

// maxParts is how many parts of a text are judged; a form takes 20,000 characters.
const maxParts = 4

// parts cuts a text after every 6,000 characters that show something.
func parts(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for n := 1; ; n++ {
			at := partEnd(text)
			if !yield(text[:at]) || at == len(text) || n == maxParts {
				return
			}
			text = text[at:]
		}
	}
}

func partEnd(text string) int {
	if len(text) <= maxRunes {
		return len(text)
	}
	n := 0
	for i, r := range text {
		if n == maxRunes {
			return i
		}
		if !hidden(r) {
			n++
		}
	}
	return len(text)
}

// ScoreVector is Score for features that were extracted before.
func (m *Model) ScoreVector(v Vector) float64 { return m.calibrated(m.raw(v)) }

func (m *Model) calibrated(raw float64) float64 { return (raw - m.threshold) * m.slope }

func (m *Model) raw(features []uint32) float64 {
	var plain, hashed float32
	n := 0
	for _, i := range features {
		if i < hashedFrom {
			plain += m.weights[i]
		} else {
			hashed += m.weights[i]
			n++
		}
	}
	return m.bias + float64(plain)*plainValue + float64(hashed)*hashedValue(n)
}

// hashedValue is the value of each of n hashed features.
func hashedValue(n int) float64 {
	if n == 0 {
		return 0
	}
	if n < len(powers()) {
		return powers()[n]
	}
	return math.Pow(float64(n)+lengthRoom, -lengthPower)
}

var powers = sync.OnceValue(func() []float64 {
	t := make([]float64, 4096)
	for n := 1; n < len(t); n++ {
		t[n] = math.Pow(float64(n)+lengthRoom, -lengthPower)
	}
	return t
})

func identify(parts ...[]byte) string {
	h := sha256.New()
	h.Write([]byte(scheme()))
	for _, p := range parts {
		h.Write(p)
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}
