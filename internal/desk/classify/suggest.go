package classify

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/llm"
)

// Classify asks the model about one case and notes what it says. That the model
// fails is no error here: it is a line on the case's timeline.
func (c *Classifier) Classify(ctx context.Context, caseID string) error {
	s, err := desk.LoadSettings(c.app)
	if err != nil {
		return err
	}
	cs, err := desk.FindCase(c.app, caseID)
	if err != nil {
		return err
	}
	f, err := desk.FindFeedback(c.app, cs.Feedback())
	if err != nil {
		return err
	}
	in := llm.Input{Subject: f.Subject(), Text: f.Message(), Locale: f.Locale(), ShopLocale: s.Locale}
	categories, err := desk.LoadCategories(c.app)
	if err != nil {
		return err
	}
	for _, one := range categories {
		if one.Enabled {
			in.Categories = append(in.Categories, llm.Category{Key: one.Key, Labels: one.Labels})
		}
	}
	said, err := c.current(s).Classify(ctx, in)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return c.commit.Do(func(tx core.App) error {
			return desk.Record(tx, desk.Event{Case: caseID, Kind: "classify_failed", After: map[string]any{"reason": llm.Kind(err)}})
		})
	}
	return c.commit.Do(func(tx core.App) error { return apply(tx, caseID, said) })
}

// apply fills what is empty. Staff, the visitor and the shop's own rules
// outrank the model; see [desk.Outranks].
func apply(tx core.App, caseID string, said llm.Suggestion) error {
	c, err := desk.FindCase(tx, caseID)
	if err != nil {
		return err
	}
	if c.Feedback() == "" {
		return nil // erased meanwhile: nothing of it may come back
	}
	applied := map[string]any{}
	reasons := c.Reasons()
	fill := func(field, value string) {
		if value != "" && value != c.GetString(field) && desk.Outranks("llm", reasons[field].By) {
			applied[field] = value
			c.Set(field, value)
			c.SetReason(field, desk.Reason{By: "llm", Why: said.Reason})
		}
	}
	fill("category", said.Category)
	fill("priority", said.Priority)
	if c.GetString("sentiment") == "" {
		c.Set("sentiment", said.Sentiment)
	}
	if c.GetString("summary") == "" {
		c.Set("summary", said.Summary)
	}
	c.Set("suggestion", map[string]any{
		"language": said.Language, "category": said.Category, "priority": said.Priority, "sentiment": said.Sentiment,
		"spam": said.Spam, "summary": said.Summary, "reason": said.Reason, "model": said.Model,
	})
	c.Touch()
	if err := desk.Save(tx, c.Record); err != nil {
		return err
	}
	return desk.Record(tx, desk.Event{Case: caseID, Kind: "classified", After: map[string]any{
		"by": "llm", "applied": applied, "reason": said.Reason, "spam": said.Spam, "summary": said.Summary, "model": said.Model,
	}})
}
