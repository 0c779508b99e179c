package textmodel

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
)

// A delta is the scheme, the base's id, two float32 (one step of the changes,
// and the change of the bias), and for each changed weight, in rising order, the
// distance from the last place as a varint and a signed byte of steps.

// with returns the base with a share of a change.
func (m *Model) with(change map[uint32]float32, share, shift float64) *Model {
	places := make([]uint32, 0, len(change))
	for i := range change {
		places = append(places, i)
	}
	slices.Sort(places)
	largest := 0.0
	for _, w := range change {
		largest = max(largest, math.Abs(float64(w)*share))
	}
	step := max(largest/127, 1e-6)
	b := append([]byte(scheme()), m.id...)
	b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(step)))
	b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(-shift)))
	var last uint32
	for _, i := range places {
		q := int8(math.Round(float64(change[i]) * share / step))
		if q == 0 {
			continue
		}
		b = binary.AppendUvarint(b, uint64(i-last))
		b = append(b, byte(q))
		last = i
	}
	learned, err := m.WithDelta(b)
	if err != nil {
		panic("textmodel: own delta: " + err.Error()) // was just written
	}
	return learned
}

// Delta is what was learned on top of the base, to be stored; nil for a base.
func (m *Model) Delta() []byte { return m.delta }

// ErrBase says that a delta was learned on top of another base.
var ErrBase = errors.New("learned on top of another model")

// WithDelta returns the base with what [Model.Delta] gave.
func (m *Model) WithDelta(delta []byte) (*Model, error) {
	head := scheme() + m.id
	if len(delta) < len(head)+8 {
		return nil, errors.New("delta: too short")
	}
	if string(delta[:len(head)]) != head {
		return nil, ErrBase
	}
	step := math.Float32frombits(binary.LittleEndian.Uint32(delta[len(head):]))
	bias := math.Float32frombits(binary.LittleEndian.Uint32(delta[len(head)+4:]))
	if !finite(step) || !finite(bias) {
		return nil, errors.New("delta: not a number")
	}
	learned := *m
	learned.bias += float64(bias)
	learned.weights = slices.Clone(m.weights)
	learned.delta = slices.Clone(delta)
	learned.id = identify([]byte(m.id), delta)
	var at uint64
	for b := delta[len(head)+8:]; len(b) > 0; {
		d, n := binary.Uvarint(b)
		if n <= 0 || len(b) <= n || d >= tableSize || at+d >= tableSize {
			return nil, errors.New("delta: broken")
		}
		at += d
		learned.weights[at] += float32(int8(b[n])) * step
		b = b[n+1:]
	}
	return &learned, nil
}

func finite(f float32) bool { return !math.IsNaN(float64(f)) && !math.IsInf(float64(f), 0) }
