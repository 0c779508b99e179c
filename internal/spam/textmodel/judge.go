package textmodel

import (
	"encoding/json"
	"math"
	"slices"
)

// Figures say how well scores tell junk from mail. Those that can't be known,
// such as the recall where there is no spam, are null in JSON.
type Figures struct {
	N         int
	Spam      int
	Precision float64
	Recall    float64
	F1        float64
	FPR       float64 // share of ham above the threshold
	AUC       float64 // area under the ROC curve
	// RecallAt1 is the recall at the best threshold with a false positive rate of at most 1 %.
	RecallAt1 float64
}

// MarshalJSON writes the names that are usual, four digits, and null for NaN.
func (f Figures) MarshalJSON() ([]byte, error) {
	round := func(v float64) any {
		if math.IsNaN(v) {
			return nil
		}
		return math.Round(v*1e4) / 1e4
	}
	return json.Marshal(struct {
		N         int `json:"n"`
		Spam      int `json:"spam"`
		Precision any `json:"precision"`
		Recall    any `json:"recall"`
		F1        any `json:"f1"`
		FPR       any `json:"fpr"`
		AUC       any `json:"auc"`
		RecallAt1 any `json:"recall_at_1pct_fpr"`
	}{f.N, f.Spam, round(f.Precision), round(f.Recall), round(f.F1), round(f.FPR), round(f.AUC), round(f.RecallAt1)})
}

// Judged is the score of a row whose label is known.
type Judged struct {
	Score float64
	Spam  bool
}

// Judge counts at the threshold 0.
func Judge(list []Judged) Figures {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Judged) int {
		switch {
		case a.Score > b.Score:
			return -1
		case a.Score < b.Score:
			return 1
		}
		return 0
	})
	var tp, fp, spam float64
	for _, j := range list {
		if j.Spam {
			spam++
		}
		switch {
		case j.Score > 0 && j.Spam:
			tp++
		case j.Score > 0:
			fp++
		}
	}
	ham := float64(len(list)) - spam
	f := Figures{
		N: len(list), Spam: int(spam), Precision: tp / (tp + fp), Recall: tp / spam,
		F1: 2 * tp / (tp + fp + spam), FPR: fp / ham,
	}
	f.AUC, f.RecallAt1 = curve(list, spam, ham)
	return f
}

// curve walks the ROC curve; equal scores are one step.
func curve(sorted []Judged, spam, ham float64) (area, recall float64) {
	if spam == 0 || ham == 0 {
		return math.NaN(), math.NaN()
	}
	var tp, fp float64
	for i := 0; i < len(sorted); {
		beforeTP, beforeFP := tp, fp
		j := i
		for ; j < len(sorted) && sorted[j].Score == sorted[i].Score; j++ {
			if sorted[j].Spam {
				tp++
			} else {
				fp++
			}
		}
		i = j
		area += (fp - beforeFP) * (tp + beforeTP) / 2
		if fp <= ham/100 {
			recall = tp / spam
		}
	}
	return area / spam / ham, recall
}
