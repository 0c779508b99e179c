package textmodel

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
)

// Settings of training; found by leaving whole sources out (docs/text-model.md).
const (
	trainSeed   = 20261122
	epochs      = 8
	rate        = 0.5
	hashedDecay = 1e-4
	plainDecay  = 1e-5
	sourcePower = 0.5   // a source's rows weigh (rows/1000)^-sourcePower …
	sourceMost  = 5     // … but no more than this
	ownMore     = 1.5   // texts of this project, which are of many kinds, weigh more
	hideHashed  = 0.1   // share of steps that see traits and concepts only
	falseAlarms = 0.008 // wanted on ordinary texts, by cross-validation
	crossFolds  = 5
)

// example is a labelled text with its features.
type example struct {
	features []uint32 // those that are not hashed first
	plain    int
	spam     bool
	row      Row // without its text
	weight   float64
}

// Trainer gathers rows and makes a model of them. The same rows in the same
// order make the same bytes.
type Trainer struct{ rows []example }

// Add takes one labelled row.
func (t *Trainer) Add(r Row) error {
	if r.Label != "spam" && r.Label != "ham" {
		return fmt.Errorf("label %q is neither spam nor ham", r.Label)
	}
	v := Features(r.Text)
	t.rows = append(t.rows, example{features: v, plain: v.plain(), spam: r.Label == "spam", row: Row{Label: r.Label, Lang: r.Lang, Source: r.Source}})
	return nil
}

// TrainReport says how the model did on rows that it had not seen.
type TrainReport struct {
	Threshold      float64    `json:"threshold"`
	Slope          float64    `json:"slope"`
	CrossValidated Evaluation `json:"cross_validated"`
}

// Train makes the model. The threshold comes from cross-validation on the rows:
// each is judged by models that have not seen it.
func (t *Trainer) Train(ctx context.Context) (*Model, TrainReport, error) {
	spam := 0
	for _, r := range t.rows {
		if r.spam {
			spam++
		}
	}
	if spam < 10 || len(t.rows)-spam < 10 {
		return nil, TrainReport{}, errors.New("ten rows of each label are needed")
	}
	scores, err := crossValidate(ctx, t.rows)
	if err != nil {
		return nil, TrainReport{}, err
	}
	m, err := fit(ctx, t.rows, trainSeed)
	if err != nil {
		return nil, TrainReport{}, err
	}
	m.threshold = threshold(t.rows, scores)
	m.slope = slope(t.rows, scores, m.threshold)
	report := TrainReport{Threshold: m.threshold, Slope: m.slope}
	for i, r := range t.rows {
		if err := report.CrossValidated.Add(r.row, scores[i]-m.threshold); err != nil {
			return nil, report, err
		}
	}
	m, err = Read(m.Bytes()) // as it will be read
	return m, report, err
}

// crossValidate returns for each row the score by a model that was not trained on it.
func crossValidate(ctx context.Context, rows []example) ([]float64, error) {
	scores := make([]float64, len(rows))
	folds := rand.New(rand.NewPCG(trainSeed, 2))
	fold := make([]int, len(rows))
	for i := range fold {
		fold[i] = folds.IntN(crossFolds)
	}
	for k := range crossFolds {
		var rest []example
		for i, r := range rows {
			if fold[i] != k {
				rest = append(rest, r)
			}
		}
		m, err := fit(ctx, rest, trainSeed+uint64(k)+1)
		if err != nil {
			return nil, err
		}
		for i, r := range rows {
			if fold[i] == k {
				scores[i] = m.raw(r.features)
			}
		}
	}
	return scores, nil
}

// threshold is the lowest score at which the share of false alarms is as
// wanted, and not below even odds.
func threshold(rows []example, scores []float64) float64 {
	var ham []float64
	for i, r := range rows {
		if !r.spam {
			ham = append(ham, scores[i])
		}
	}
	slices.Sort(ham)
	return max(0, ham[len(ham)-1-int(falseAlarms*float64(len(ham)))]+1e-6)
}

// slope fits the factor that turns distances from the threshold into log-odds
// (logistic regression with one parameter, by Newton's method).
func slope(rows []example, scores []float64, threshold float64) float64 {
	a := 1.0
	for range 50 {
		var g, h float64
		for i, r := range rows {
			d := scores[i] - threshold
			p := 1 / (1 + math.Exp(-a*d))
			y := 0.0
			if r.spam {
				y = 1
			}
			g += (p - y) * d
			h += p * (1 - p) * d * d
		}
		step := g / (h + 1e-9)
		a = max(0.05, min(20, a-step))
		if math.Abs(step) < 1e-6 {
			break
		}
	}
	return a
}

// weigh gives rows of small sources more weight, so that no source decides alone.
func weigh(rows []example) {
	type kind struct {
		source string
		spam   bool
	}
	count := map[kind]float64{}
	for _, r := range rows {
		count[kind{r.row.Source, r.spam}]++
	}
	total := 0.0
	for i := range rows {
		n := count[kind{rows[i].row.Source, rows[i].spam}]
		rows[i].weight = min(sourceMost, math.Pow(n/1000, -sourcePower))
		if strings.HasPrefix(rows[i].row.Source, "own_") {
			rows[i].weight *= ownMore
		}
		total += rows[i].weight
	}
	for i := range rows {
		rows[i].weight *= float64(len(rows)) / total
	}
}

// fit is logistic regression by AdaGrad, averaged over the later half.
func fit(ctx context.Context, rows []example, seed uint64) (*Model, error) {
	rng := rand.New(rand.NewPCG(seed, 1))
	rows = slices.Clone(rows)
	weigh(rows)
	s := newSolver(rate, hashedDecay, plainDecay)
	order := rng.Perm(len(rows))
	average, bias := make([]float64, tableSize), 0.0
	for epoch := range epochs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			r := rows[i]
			hashed := r.features[r.plain:]
			if rng.Float64() < hideHashed {
				hashed = nil
			}
			s.step(r.features[:r.plain], hashed, 0, r.spam, r.weight)
		}
		if epoch < epochs/2 {
			continue
		}
		for i, w := range s.w {
			average[i] += w / float64(epochs-epochs/2)
		}
		bias += s.bias / float64(epochs-epochs/2)
	}
	m := &Model{weights: make([]float32, tableSize), bias: bias, slope: 1}
	for i, w := range average {
		m.weights[i] = float32(w)
	}
	return m, nil
}
