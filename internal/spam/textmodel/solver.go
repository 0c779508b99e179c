package textmodel

import "math"

// solver holds weights and their squared gradients.
type solver struct {
	w, g2       []float64
	bias, bias2 float64
	rate        float64
	hashedDecay float64
	plainDecay  float64
	fixed       bool // the bias stays
}

func newSolver(rate, hashedDecay, plainDecay float64) *solver {
	s := &solver{w: make([]float64, tableSize), g2: make([]float64, tableSize), bias2: 1, rate: rate, hashedDecay: hashedDecay, plainDecay: plainDecay}
	for i := range s.g2 {
		s.g2[i] = 0.01
	}
	return s
}

// step moves the weights by one text; offset is a score that others gave it.
func (s *solver) step(plain, hashed []uint32, offset float64, spam bool, weight float64) {
	value := hashedValue(len(hashed))
	sum := 0.0
	for _, i := range hashed {
		sum += s.w[i]
	}
	z := offset + s.bias + sum*value
	sum = 0
	for _, i := range plain {
		sum += s.w[i]
	}
	z += sum * plainValue
	g := 1 / (1 + math.Exp(-z))
	if spam {
		g--
	}
	g *= weight
	s.move(hashed, g*value, s.hashedDecay)
	s.move(plain, g*plainValue, s.plainDecay)
	if s.fixed {
		return
	}
	s.bias2 += g * g
	s.bias -= s.rate * g / math.Sqrt(s.bias2)
}

func (s *solver) move(features []uint32, g, decay float64) {
	for _, i := range features {
		d := g + decay*s.w[i]
		s.g2[i] += d * d
		s.w[i] -= s.rate * d / math.Sqrt(s.g2[i])
	}
}
