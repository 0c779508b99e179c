package textmodel

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// A model file is 16 bytes of mark and scheme, four float32 (bias, threshold,
// slope, and one step of the hashed weights), one float32 per place that is not
// hashed, and one signed byte per place that is. All numbers are little-endian.
const (
	fileMark = "PDtext1\n"
	headSize = len(fileMark) + 8 + 4*4
	fileSize = headSize + 4*hashedFrom + (tableSize - hashedFrom)
)

// Bytes writes the model as a file. Hashed weights lose what a step of one
// 127th of the clipped range can't hold.
func (m *Model) Bytes() []byte {
	b := make([]byte, 0, fileSize)
	b = append(b, fileMark...)
	b = append(b, scheme()...)
	step := stepOf(m.weights[hashedFrom:])
	for _, f := range []float64{m.bias, m.threshold, m.slope, step} {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(f)))
	}
	for _, w := range m.weights[:hashedFrom] {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(w))
	}
	for _, w := range m.weights[hashedFrom:] {
		q := math.Round(float64(w) / step)
		b = append(b, byte(int8(max(-127, min(127, q)))))
	}
	return b
}

// stepOf covers all weights but the few that are more than six times the usual size.
func stepOf(ws []float32) float64 {
	sum, n := 0.0, 0
	for _, w := range ws {
		if w != 0 {
			sum += float64(w) * float64(w)
			n++
		}
	}
	if n == 0 {
		return 1
	}
	return 6 * math.Sqrt(sum/float64(n)) / 127
}

// Read reads a model file.
func Read(b []byte) (*Model, error) {
	if len(b) != fileSize || string(b[:len(fileMark)]) != fileMark {
		return nil, errors.New("no model file")
	}
	if got := string(b[len(fileMark) : len(fileMark)+8]); got != scheme() {
		return nil, fmt.Errorf("trained for scheme %s, the code has %s: train it again", got, scheme())
	}
	float := func(at int) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b[at:])) }
	at := len(fileMark) + 8
	m := &Model{
		id: identify(b), weights: make([]float32, tableSize),
		bias: float64(float(at)), threshold: float64(float(at + 4)), slope: float64(float(at + 8)),
	}
	step := float(at + 12)
	for i := 0; i < 4; i++ {
		if !finite(float(at + 4*i)) {
			return nil, errors.New("a number of the model is none")
		}
	}
	for i := range hashedFrom {
		if m.weights[i] = float(headSize + 4*i); !finite(m.weights[i]) {
			return nil, errors.New("a weight is no number")
		}
	}
	for i, q := range b[headSize+4*hashedFrom:] {
		m.weights[hashedFrom+i] = float32(int8(q)) * step
	}
	return m, nil
}
