package topics

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// A model file is a mark, the scheme, and then compressed (deflate, RFC 1951):
// float32 for the bias of each class, for the heat of each script and for one
// step of the weights, and one signed byte of steps for each class of each place
// of the table, class by class. All numbers are little-endian.
const (
	fileMark = "PDtopic1"
	headSize = 4 * (classes + scripts + 1)
	bodySize = headSize + classes*tableSize

	// steps is how many steps a weight has on either side: few, since a text has
	// a hundred features and what rounding does to them evens out.
	steps = 15
)

// Bytes writes the model as a file. Weights lose what a step can't hold.
func (m *Model) Bytes() []byte {
	body := make([]byte, 0, bodySize)
	float := func(f float64) { body = binary.LittleEndian.AppendUint32(body, math.Float32bits(float32(f))) }
	for _, b := range m.bias {
		float(float64(b))
	}
	for _, h := range m.heat {
		float(h)
	}
	step := m.step()
	float(step)
	for k := range classes {
		for _, w := range m.weights {
			q := math.Round(float64(w[k]) / step)
			body = append(body, byte(int8(max(-127, min(127, q)))))
		}
	}
	var out bytes.Buffer
	out.WriteString(fileMark)
	out.WriteString(scheme())
	z, err := flate.NewWriter(&out, flate.BestCompression)
	if err == nil {
		_, err = z.Write(body)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		panic("topics: " + err.Error()) // a buffer takes everything
	}
	return out.Bytes()
}

// step is of such a size that four times the usual weight takes all steps;
// those beyond have more.
func (m *Model) step() float64 {
	sum, n := 0.0, 0
	for _, w := range m.weights {
		for _, v := range w {
			if v != 0 {
				sum += float64(v) * float64(v)
				n++
			}
		}
	}
	if n == 0 {
		return 1
	}
	return 4 * math.Sqrt(sum/float64(n)) / steps
}

// Read reads a model file.
func Read(b []byte) (*Model, error) {
	head := len(fileMark) + len(scheme())
	if len(b) < head || string(b[:len(fileMark)]) != fileMark {
		return nil, errors.New("no model file")
	}
	if got := string(b[len(fileMark):head]); got != scheme() {
		return nil, fmt.Errorf("trained for scheme %s, the code has %s: train it again", got, scheme())
	}
	body, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(b[head:])), int64(bodySize)+1))
	if err != nil {
		return nil, fmt.Errorf("model file: %w", err)
	}
	if len(body) != bodySize {
		return nil, errors.New("model file: of another size")
	}
	m := &Model{id: identify(b), weights: make([]row, tableSize)}
	at := 0
	float := func() float32 {
		f := math.Float32frombits(binary.LittleEndian.Uint32(body[at:]))
		at += 4
		if math.IsNaN(float64(f)) || math.IsInf(float64(f), 0) {
			err = errors.New("model file: a number is none")
		}
		return f
	}
	for k := range m.bias {
		m.bias[k] = float()
	}
	for s := range m.heat {
		if m.heat[s] = float64(float()); m.heat[s] < 0.05 {
			err = errors.New("model file: it has no calibration")
		}
	}
	step := float()
	if err != nil {
		return nil, err
	}
	for k := range classes {
		for i := range m.weights {
			m.weights[i][k] = float32(int8(body[at])) * step
			at++
		}
	}
	return m, nil
}
