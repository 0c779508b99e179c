package topics

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Settings of training; measured in docs/topics-model.md.
const (
	trainRounds = 20
	trainRate   = 0.3
	trainDecay  = 1e-4
	trainDrop   = 0.3
	trainSeed   = 3
	crossFolds  = 5
	fewestSeen  = 2 // a feature of fewer texts is not learned from

	// Rows of small sources and of rare categories count for more: so much of
	// their share, and so many times at most.
	labelPower  = 0.5
	sourcePower = 0.0
	weightMost  = 8
	// A source of one category teaches its style rather than what it is about.
	oneSided = 0.06
	// What was written for this in Chinese draws other lines between the categories
	// than the conversations of a shop do, of which there are many more.
	ownChinese = 0.25

	fewestRows = 5 // of each category that there is
)

// example is a row made ready for training.
type example struct {
	row      Row
	features Vector
	plain    int
	class    int
	weight   float64
	offset   row // scores that it has already
	fold     int
}

func newExample(r Row, class int) example {
	v := Features(r.Text)
	return example{row: r, features: v, plain: plainOf(v), class: class, weight: 1, fold: foldOf(r.Text)}
}

// foldOf puts a text into one of the parts of cross-validation: one that is
// the same when folded, such as its conversion to other characters, into the same.
func foldOf(text string) int {
	h := uint64(seedWord)
	for _, r := range fold(text, nil) {
		if wide(r) || wordish(r) {
			h = mix(h, uint64(r))
		}
	}
	return int(h >> 20 % crossFolds)
}

// Trainer gathers rows and makes a model of them.
type Trainer struct{ rows []example }

// Add takes a row. One without a letter is passed over.
func (t *Trainer) Add(r Row) error {
	class := classOfLabel(r.Label)
	if class < 0 {
		return fmt.Errorf("label %q is no category", r.Label)
	}
	if e := newExample(r, class); len(e.features) > 0 {
		t.rows = append(t.rows, e)
	}
	return nil
}

// AddOwn takes the rows that come with the program, but those whose text is there
// already and those of sources that are left out.
func (t *Trainer) AddOwn(leaveOut []string) {
	there := make(map[string]bool, len(t.rows))
	for _, e := range t.rows {
		there[e.row.Text] = true
	}
	for _, a := range anchors() {
		if !there[a.row.Text] && !slices.Contains(leaveOut, a.row.Source) {
			t.rows = append(t.rows, a)
		}
	}
}

// TrainReport says how a training went. CrossValidated judges every row by a
// model that saw neither it nor another row with the same text.
type TrainReport struct {
	Rows           int                `json:"rows"`
	Heat           map[string]float64 `json:"heat"` // by what scores are divided, by script
	CrossValidated Evaluation         `json:"cross_validated"`
}

// Train makes the model. The same rows in the same order make the same one.
func (t *Trainer) Train(ctx context.Context) (*Model, TrainReport, error) {
	report := TrainReport{Rows: len(t.rows), Heat: map[string]float64{}}
	var count [classes]int
	for _, e := range t.rows {
		count[e.class]++
	}
	kinds := 0
	for k, n := range count {
		if n > 0 && n < fewestRows {
			return nil, report, fmt.Errorf("%d rows of %s are too few, %d are needed", n, categories[k], fewestRows)
		}
		kinds += min(n, 1)
	}
	if kinds < 2 {
		return nil, report, errors.New("rows of two categories at least are needed")
	}
	scores, err := crossValidate(ctx, t.rows)
	if err != nil {
		return nil, report, err
	}
	m, err := fit(ctx, t.rows, trainSeed)
	if err != nil {
		return nil, report, err
	}
	m.heat = heat(t.rows, scores)
	for s, name := range []string{"alphabet", "han", "kana"} {
		report.Heat[name] = math.Round(m.heat[s]*1000) / 1000
	}
	for i, e := range t.rows {
		if err := report.CrossValidated.add(e.row, m.calibrated(scores[i], e.features)); err != nil {
			return nil, report, err
		}
	}
	m, err = Read(m.Bytes()) // as it will be read
	return m, report, err
}

// crossValidate returns for each row the scores by a model that was not trained on it.
func crossValidate(ctx context.Context, rows []example) ([]row, error) {
	scores := make([]row, len(rows))
	for k := range crossFolds {
		var rest []example
		for _, e := range rows {
			if e.fold != k {
				rest = append(rest, e)
			}
		}
		m, err := fit(ctx, rest, trainSeed+uint64(k)+1)
		if err != nil {
			return nil, err
		}
		for i, e := range rows {
			if e.fold == k {
				scores[i] = m.raw(e.features)
			}
		}
	}
	return scores, nil
}

// fit trains on rows without calibrating.
func fit(ctx context.Context, rows []example, seed uint64) (*Model, error) {
	rows = prune(slices.Clone(rows))
	weigh(rows)
	s := newSolver(trainRate, trainDecay)
	s.drop = trainDrop
	w, bias, err := s.run(ctx, rows, trainRounds, seed)
	if err != nil {
		return nil, err
	}
	return &Model{weights: w, bias: bias, heat: [scripts]float64{1, 1, 1}}, nil
}

// prune drops the features that too few rows have: they would learn a single
// text by heart.
func prune(rows []example) []example {
	count := make([]uint32, tableSize)
	for _, e := range rows {
		for _, f := range e.features {
			count[f]++
		}
	}
	for i, e := range rows {
		kept := make(Vector, 0, len(e.features))
		for _, f := range e.features {
			if count[f] >= fewestSeen {
				kept = append(kept, f)
			}
		}
		rows[i].features, rows[i].plain = kept, plainOf(kept)
	}
	return rows
}

// weigh gives rows of rare categories and small sources more weight, so that none
// of the large ones decides alone.
func weigh(rows []example) {
	kind := func(e example) string { return e.row.Source + "\n" + categories[e.class] }
	kinds, sources := map[string]float64{}, map[string]float64{}
	for _, e := range rows {
		kinds[kind(e)]++
		sources[e.row.Source]++
	}
	total := 0.0
	for i, e := range rows {
		if kinds[kind(e)] == sources[e.row.Source] {
			rows[i].weight = oneSided
			total += oneSided
			continue
		}
		w := math.Pow(kinds[kind(e)]/500, -labelPower) * math.Pow(sources[e.row.Source]/2000, -sourcePower)
		if strings.HasPrefix(e.row.Source, "own_zh") {
			w *= ownChinese
		}
		rows[i].weight = min(weightMost, w)
		total += rows[i].weight
	}
	for i := range rows {
		rows[i].weight *= float64(len(rows)) / total
	}
}

// heat finds for each script by what scores must be divided, so that the
// probabilities made of them hold. Every source counts the same, and what was
// written for this twice: it stands for shops that nobody has seen. Scores are
// never sharpened, as on the messages of such shops a model is surer than it
// is right.
func heat(rows []example, scores []row) [scripts]float64 {
	sources := map[string]float64{}
	for _, e := range rows {
		sources[e.row.Source]++
	}
	var out [scripts]float64
	for s := range out {
		loss := func(t float64) (sum float64) {
			for i, e := range rows {
				if scriptIn(e.features) != s {
					continue
				}
				w := 1 / sources[e.row.Source]
				if strings.HasPrefix(e.row.Source, "own_") {
					w *= 2
				}
				p := soften(scores[i], t)
				sum -= w * math.Log(max(1e-9, p[e.class]))
			}
			return sum
		}
		out[s] = max(1, lowest(loss, 0.3, 4))
	}
	return out
}

// lowest finds where a function with one valley is lowest, by golden sections.
func lowest(f func(float64) float64, from, to float64) float64 {
	const ratio = 0.6180339887498949
	a, b := to-ratio*(to-from), from+ratio*(to-from)
	fa, fb := f(a), f(b)
	for range 30 {
		if fa < fb {
			to, b, fb = b, a, fa
			a = to - ratio*(to-from)
			fa = f(a)
		} else {
			from, a, fa = a, b, fb
			b = from + ratio*(to-from)
			fb = f(b)
		}
	}
	return (from + to) / 2
}
