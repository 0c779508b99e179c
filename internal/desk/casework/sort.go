package casework

import (
	"fmt"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/keyword"
)

// sorting is where a new case goes and how soon, with the reasons.
type sorting struct {
	category string
	priority string
	team     string
	tags     []string
	reasons  map[string]desk.Reason
	hits     []string

	teamByWord bool // a keyword gave the team
}

// sortOut reads the visitor's choice and the shop's keywords, and asks the model
// where both say nothing of the category. The visitor's word on it counts more
// than a keyword's.
func (w *Work) sortOut(app core.App, f *desk.Feedback) (sorting, error) {
	s := sorting{category: f.Category(), reasons: map[string]desk.Reason{}}
	if s.category != "" {
		s.reasons["category"] = desk.Reason{By: "visitor"}
	}
	set, err := keywords(app)
	if err != nil {
		return s, err
	}
	for _, h := range set.Match(f.Subject() + "\n" + f.Message()) {
		if h.Row.Effect == "category" {
			if _, known, err := desk.FindCategory(app, h.Row.Value); err != nil || !known {
				continue // a word whose category is gone must not keep another one out
			}
		}
		s.apply(h)
	}
	if err := w.suggest(app, f, &s); err != nil {
		return s, err
	}
	c, known, err := desk.FindCategory(app, s.category)
	if err != nil {
		return s, err
	}
	if !known {
		s.category = ""
		delete(s.reasons, "category")
	}
	if s.team == "" {
		s.team = c.Team
	}
	if s.priority == "" && c.Priority != "" && c.Priority != "normal" {
		s.priority = c.Priority
		s.reasons["priority"] = desk.Reason{By: "rule", Why: "category " + c.Key}
	}
	if s.priority == "" {
		s.priority = "normal"
	}
	return s, nil
}

// suggest takes the model's word on the category where it is sure.
func (w *Work) suggest(app core.App, f *desk.Feedback, s *sorting) error {
	if s.category != "" || w.Topic == nil {
		return nil
	}
	category, p, err := w.Topic(app, f.Subject(), f.Message())
	if err != nil || category == "" {
		return err
	}
	s.category = category
	s.reasons["category"] = desk.Reason{By: "model", Why: fmt.Sprintf("%.0f%%", 100*min(p, .99))} // never certain
	return nil
}

func (s *sorting) apply(h keyword.Hit) {
	why := "“" + h.Word + "”"
	if h.Row.Note != "" {
		why += ": " + h.Row.Note
	}
	reason := desk.Reason{By: "keyword", Why: why}
	s.hits = append(s.hits, h.Row.ID)
	switch h.Row.Effect {
	case "priority":
		if urgency(h.Row.Value) > urgency(s.priority) {
			s.priority, s.reasons["priority"] = h.Row.Value, reason
		}
	case "category":
		if s.category == "" {
			s.category, s.reasons["category"] = h.Row.Value, reason
		}
	case "tag":
		if !slices.Contains(s.tags, h.Row.Value) {
			s.tags = append(s.tags, h.Row.Value)
		}
	case "team":
		if s.team == "" {
			s.team, s.teamByWord = h.Row.Value, true
		}
	}
}

// urgency orders priorities; an unknown one is 0.
func urgency(priority string) int {
	return 1 + slices.Index([]string{"low", "normal", "high", "urgent"}, priority)
}
