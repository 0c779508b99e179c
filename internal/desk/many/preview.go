package many

import (
	"maps"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Shown is of how many cases a preview shows what they would get.
const Shown = 20

// Would is what a case would get. Changes are {before, after} by field; those
// that change nothing are left out.
type Would struct {
	ID      string            `json:"id"`
	Number  int               `json:"number"`
	Subject string            `json:"subject"`
	Locale  string            `json:"locale"`
	Changes map[string][2]any `json:"changes"`
	Answer  *Letter           `json:"answer,omitempty"`
}

// Preview is what [Station.Run] would do now. Ready counts the cases on which
// all would be done, Items shows the first of them.
type Preview struct {
	Ready  int      `json:"ready"`
	Items  []Would  `json:"items"`
	Failed []Failed `json:"failed"`
}

// Preview writes nothing. Its errors are those of [Station.Run].
func (s *Station) Preview(app core.App, r Request) (*Preview, error) {
	p, err := s.plan(app, r)
	if err != nil {
		return nil, err
	}
	out := &Preview{Items: []Would{}, Failed: []Failed{}}
	for _, id := range unique(r.IDs) {
		if r.Context != nil && r.Context.Err() != nil {
			return nil, r.Context.Err()
		}
		t, err := s.try(app, p, id)
		if err != nil {
			number := 0
			if t.before != nil {
				number = t.before.Number()
			}
			out.Failed = append(out.Failed, s.failed(app, id, number, err))
			continue
		}
		if out.Ready++; len(out.Items) < Shown {
			out.Items = append(out.Items, t.would(p))
		}
	}
	return out, nil
}

func (t *tried) would(p *plan) Would {
	w := Would{ID: t.before.Id, Number: t.before.Number(), Subject: t.before.Subject(), Locale: t.before.Locale(), Changes: map[string][2]any{}, Answer: t.letter}
	diff := differences(t.before, t.after)
	for _, field := range slices.Sorted(maps.Keys(diff)) {
		w.Changes[field] = [2]any{diff[field], plain(t.after, field)}
	}
	if p.answer != nil && p.answer.Status != "" && p.answer.Status != t.after.Status() {
		w.Changes["status"] = [2]any{t.before.Status(), p.answer.Status}
	}
	if p.spam {
		w.Changes["status"] = [2]any{t.before.Status(), desk.Closed}
	}
	return w
}
