package topics

import (
	"context"
	"math"
	"math/rand/v2"
)

// solver is softmax regression by AdaGrad: weights, their squared gradients, and
// the sum of the weights over the later rounds.
type solver struct {
	w, g2 []row
	bias  row
	rate  float32
	decay float32
	fixed bool // the bias stays
	// drop is the share of the features of a text that are left out of a step,
	// others each time, so that the rest must do without them.
	drop float64
	kept []uint32
}

func newSolver(rate, decay float32) *solver {
	s := &solver{w: make([]row, tableSize), g2: make([]row, tableSize), rate: rate, decay: decay}
	for i := range s.g2 {
		for k := range s.g2[i] {
			s.g2[i][k] = 0.01
		}
	}
	return s
}

const biasRate = 0.02

// step moves the weights by one text.
func (s *solver) step(e example, rng *rand.Rand) {
	plain, hashed := float32(plainValue), hashedValue(len(e.features)-e.plain)
	features, first := e.features, e.plain
	if s.drop > 0 {
		features = s.some(features, rng)
		first = plainOf(features)
		plain, hashed = plain/float32(1-s.drop), hashed/float32(1-s.drop)
	}
	z := e.offset
	z.add(&s.bias, 1)
	sum, _ := total(s.w, features[:first])
	z.add(&sum, plain)
	sum, _ = total(s.w, features[first:])
	z.add(&sum, hashed)
	var p [classes]float64
	for k, v := range z {
		p[k] = float64(v)
	}
	softmax(&p)
	p[e.class]--
	var g row
	for k, v := range p {
		g[k] = float32(v * e.weight)
	}
	if !s.fixed {
		for k := range g {
			s.bias[k] -= biasRate * g[k]
		}
	}
	s.move(features[:first], g, plain)
	s.move(features[first:], g, hashed)
}

// some leaves out a share of features.
func (s *solver) some(features []uint32, rng *rand.Rand) []uint32 {
	s.kept = s.kept[:0]
	for _, f := range features {
		if rng.Float64() >= s.drop {
			s.kept = append(s.kept, f)
		}
	}
	return s.kept
}

func (s *solver) move(features []uint32, g row, value float32) {
	for _, f := range features {
		w, g2 := &s.w[f], &s.g2[f]
		for k := range g {
			d := g[k]*value + s.decay*w[k]
			g2[k] += d * d
			w[k] -= s.rate * d / float32(math.Sqrt(float64(g2[k])))
		}
	}
}

// run goes over the texts in shuffled order, so many rounds, and returns the
// weights averaged over the later half of them.
func (s *solver) run(ctx context.Context, rows []example, rounds int, seed uint64) ([]row, row, error) {
	rng := rand.New(rand.NewPCG(seed, 1))
	order := rng.Perm(len(rows))
	average, bias := make([]row, tableSize), row{}
	share := 1 / float32(rounds-rounds/2)
	for round := range rounds {
		if err := ctx.Err(); err != nil {
			return nil, bias, err
		}
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			s.step(rows[i], rng)
		}
		if round < rounds/2 {
			continue
		}
		for i := range s.w {
			for k, w := range s.w[i] {
				average[i][k] += w * share
			}
		}
		for k, b := range s.bias {
			bias[k] += b * share
		}
	}
	return average, bias, nil
}
