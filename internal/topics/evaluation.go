package topics

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// SureFrom is from which probability on a judgement counts as covered.
const SureFrom = 0.6

// Figures are the usual ones of a classifier. Covered are the rows that it is
// sure of, with P of [SureFrom] or more.
type Figures struct {
	N               int     `json:"n"`
	Accuracy        float64 `json:"accuracy"`
	MacroF1         float64 `json:"macro_f1"` // mean over the labels that occur
	Coverage        float64 `json:"coverage"`
	AccuracyCovered float64 `json:"accuracy_covered"`
}

// Evaluation gathers judged rows and gives figures for all, by language and by
// source.
type Evaluation struct {
	all              tally
	byLang, bySource map[string]*tally
}

// Add takes a row with its label and judges it by the model. Labels are compared
// in the data sets' words, where press and bulk orders are other; a row with one
// of those two labels asks for just that.
func (e *Evaluation) Add(m *Model, r Row) error {
	return e.add(r, m.oddsOf(r.Text))
}

// oddsOf are the probabilities for a text; a text without a letter is other.
func (m *Model) oddsOf(text string) [classes]float64 {
	if v := Features(text); len(v) > 0 {
		return m.odds(v)
	}
	var p [classes]float64
	p[classOf("other")] = 1
	return p
}

func (e *Evaluation) add(r Row, p [classes]float64) error {
	truth := classOfLabel(r.Label)
	if truth < 0 {
		return fmt.Errorf("label %q is no category", r.Label)
	}
	if dataWords[categories[truth]] != "other" {
		p = merged(p)
	}
	if e.byLang == nil {
		e.byLang, e.bySource = map[string]*tally{}, map[string]*tally{}
	}
	said := top(p)
	for _, t := range []*tally{&e.all, of(e.byLang, r.Lang), of(e.bySource, r.Source)} {
		t.take(truth, said, p[said])
	}
	return nil
}

// merged is the same in the data sets' words.
func merged(p [classes]float64) [classes]float64 {
	other := classOf("other")
	for k, key := range categories {
		if dataWords[key] == "other" {
			p[other] += p[k]
			p[k] = 0
		}
	}
	return p
}

func of(m map[string]*tally, key string) *tally {
	if m[key] == nil {
		m[key] = &tally{}
	}
	return m[key]
}

// Overall gives the figures of all rows.
func (e Evaluation) Overall() Figures { return e.all.figures() }

// Source gives the figures of one source.
func (e Evaluation) Source(name string) Figures { return e.bySource[name].figures() }

// Confusion counts for each label the categories that were said of its rows.
func (e Evaluation) Confusion() map[string]map[string]int {
	out := map[string]map[string]int{}
	for truth, row := range e.all.said {
		for said, n := range row {
			if n == 0 {
				continue
			}
			if out[categories[truth]] == nil {
				out[categories[truth]] = map[string]int{}
			}
			out[categories[truth]][categories[said]] = n
		}
	}
	return out
}

// MarshalJSON writes {overall, by_lang, by_source}.
func (e Evaluation) MarshalJSON() ([]byte, error) {
	group := func(m map[string]*tally) map[string]Figures {
		out := make(map[string]Figures, len(m))
		for k, t := range m {
			out[k] = t.figures()
		}
		return out
	}
	return json.Marshal(struct {
		Overall  Figures            `json:"overall"`
		ByLang   map[string]Figures `json:"by_lang"`
		BySource map[string]Figures `json:"by_source"`
	}{e.Overall(), group(e.byLang), group(e.bySource)})
}

// tally counts what was said of rows, by their label.
type tally struct {
	said           [classes][classes]int
	n, right       int
	covered, sound int // sound: covered and right
}

func (t *tally) take(truth, said int, p float64) {
	t.n++
	t.said[truth][said]++
	if truth == said {
		t.right++
	}
	if p >= SureFrom {
		t.covered++
		if truth == said {
			t.sound++
		}
	}
}

func (t *tally) figures() Figures {
	if t == nil || t.n == 0 {
		return Figures{}
	}
	f := Figures{N: t.n, Accuracy: share(t.right, t.n), Coverage: share(t.covered, t.n), AccuracyCovered: share(t.sound, t.covered)}
	sum, labels := 0.0, 0
	for k := range classes {
		var rows, said int
		for j := range classes {
			rows += t.said[k][j]
			said += t.said[j][k]
		}
		if rows > 0 {
			labels++
			sum += 2 * float64(t.said[k][k]) / float64(rows+said)
		}
	}
	f.MacroF1 = math.Round(sum/float64(labels)*1e4) / 1e4
	return f
}

func share(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return math.Round(float64(a)/float64(b)*1e4) / 1e4
}

// Score is what a model says of a row: the label in the data sets' words with its
// probability, and the key of the category.
type Score struct {
	ID       string  `json:"id"`
	Label    string  `json:"label"`
	P        float64 `json:"p"`
	Category string  `json:"category"`
}

// ScoreOf judges a row, which needs no label.
func (m *Model) ScoreOf(r Row) Score {
	p := m.oddsOf(r.Text)
	q := merged(p)
	best := top(q)
	return Score{ID: r.ID, Label: label(best), P: math.Round(q[best]*1e4) / 1e4, Category: categories[top(p)]}
}

// Sources lists the sources that were judged, in order.
func (e Evaluation) Sources() []string {
	var out []string
	for k := range e.bySource {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
