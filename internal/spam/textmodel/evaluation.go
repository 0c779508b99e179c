package textmodel

import (
	"encoding/json"
	"fmt"
)

// Evaluation gathers judged rows and gives figures for all, by language and by
// source.
type Evaluation struct {
	all              []Judged
	byLang, bySource map[string][]Judged
}

// Add takes a row with its label and the score that a model gave it.
func (e *Evaluation) Add(r Row, score float64) error {
	if r.Label != "spam" && r.Label != "ham" {
		return fmt.Errorf("label %q is neither spam nor ham", r.Label)
	}
	if e.byLang == nil {
		e.byLang, e.bySource = map[string][]Judged{}, map[string][]Judged{}
	}
	j := Judged{Score: score, Spam: r.Label == "spam"}
	e.all = append(e.all, j)
	e.byLang[r.Lang] = append(e.byLang[r.Lang], j)
	e.bySource[r.Source] = append(e.bySource[r.Source], j)
	return nil
}

// Overall gives the figures of all rows.
func (e Evaluation) Overall() Figures { return Judge(e.all) }

// MarshalJSON writes {overall, by_lang, by_source}.
func (e Evaluation) MarshalJSON() ([]byte, error) {
	group := func(m map[string][]Judged) map[string]Figures {
		out := make(map[string]Figures, len(m))
		for k, list := range m {
			out[k] = Judge(list)
		}
		return out
	}
	return json.Marshal(struct {
		Overall  Figures            `json:"overall"`
		ByLang   map[string]Figures `json:"by_lang"`
		BySource map[string]Figures `json:"by_source"`
	}{e.Overall(), group(e.byLang), group(e.bySource)})
}
