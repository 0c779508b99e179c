package topicking

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/topics"
)

// Bounds of what is learned from.
const (
	maxLessons  = 3_000
	maxFeatures = 2_000     // of one text; of a longer one an even sample
	allFeatures = 1_500_000 // of all lessons, the newest first
	readAtOnce  = 200
)

// read takes what staff decided since the last time from the audit trail: a
// category that they chose is a lesson, and so is one of the model's that they
// let stand when they answered.
func (s *Station) read(ctx context.Context) {
	for ctx.Err() == nil {
		lines, err := s.feed.Next(readAtOnce)
		if err != nil {
			s.app.Logger().Error("topics: the audit trail can't be read", "error", err)
			return
		}
		if len(lines) == 0 {
			return
		}
		taught := 0
		err = s.config.Commit.Do(func(tx core.App) error {
			taught = 0
			for _, id := range casesOf(lines) {
				new, err := s.note(tx, id)
				if err != nil {
					return err
				}
				if new {
					taught++
				}
			}
			return s.feed.Moved(tx, lines[len(lines)-1])
		})
		if err != nil {
			s.app.Logger().Error("topics: lessons can't be stored", "error", err)
			return
		}
		if taught > 0 {
			s.Kick()
		}
	}
}

// casesOf lists the cases whose category a person may have decided on.
func casesOf(lines []desk.Line) []string {
	var ids []string
	for _, l := range lines {
		if l.Case == "" || l.Actor == "" || l.Kind != "category" && l.Kind != "replied" || slices.Contains(ids, l.Case) {
			continue
		}
		ids = append(ids, l.Case)
	}
	return ids
}

// note keeps the lesson of a case as the case stands now, or removes it; changed
// tells that there is something to learn.
func (s *Station) note(tx core.App, caseID string) (changed bool, err error) {
	r, err := tx.FindRecordById(desk.Cases, caseID)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil // its lesson went with it
	}
	if err != nil {
		return false, err
	}
	c := desk.AsCase(r)
	old, err := lessonOf(tx, caseID)
	if err != nil {
		return false, err
	}
	by := c.Reasons()["category"].By
	if c.Category() == "" || by != "staff" && by != "model" || c.GetString("feedback") == "" {
		if old == nil {
			return false, nil
		}
		return true, tx.Delete(old)
	}
	f, err := desk.FindFeedback(tx, c.GetString("feedback"))
	if err != nil {
		if errors.Is(err, sql.ErrNoRows) {
			return false, nil
		}
		return false, err
	}
	if old != nil && old.GetString("category") == c.Category() {
		return false, nil
	}
	features := sample(topics.Features(textOf(f.Subject(), f.Message())))
	if len(features) == 0 {
		return false, nil
	}
	return true, saveLesson(tx, old, c, features, by == "model")
}

// saveLesson writes down what staff say a case is, and what the shipped model
// had said of it.
func saveLesson(tx core.App, r *core.Record, c *desk.Case, features topics.Vector, agreed bool) error {
	var err error
	if r == nil {
		if r, err = desk.New(tx, desk.TopicLessons); err != nil {
			return err
		}
	}
	j := topics.Base().JudgeVector(features)
	said := j.Category
	if agreed {
		said = c.Category()
	}
	r.Set("case", c.Id)
	r.Set("category", c.Category())
	r.Set("said", said)
	r.Set("sure", round2(j.P))
	r.Set("features", map[string]any{"v": features.Encode(), "agreed": agreed})
	return desk.Save(tx, r)
}

func lessonOf(tx core.App, caseID string) (*core.Record, error) {
	r := &core.Record{}
	err := tx.RecordQuery(desk.TopicLessons).AndWhere(dbx.HashExp{"case": caseID}).Limit(1).One(r)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return r, err
}

// stored is how a lesson keeps its features.
type stored struct {
	Vector string `json:"v"`
	Agreed bool   `json:"agreed"`
}

// collect reads the newest lessons, bounded by what they take of the memory.
func (s *Station) collect(ctx context.Context) ([]topics.Lesson, error) {
	var rows []*core.Record
	err := s.app.RecordQuery(desk.TopicLessons).OrderBy("created DESC", "id DESC").Limit(maxLessons).WithContext(ctx).All(&rows)
	if err != nil {
		return nil, err
	}
	left := allFeatures
	var out []topics.Lesson
	for _, r := range rows {
		var kept stored
		_ = r.UnmarshalJSONField("features", &kept)
		v, err := topics.DecodeVector(kept.Vector)
		if err != nil { // made by another version
			if v, err = s.again(r.GetString("case")); err != nil {
				return nil, err
			}
		}
		if len(v) == 0 {
			continue
		}
		if left -= len(v); left < 0 {
			break
		}
		out = append(out, topics.Lesson{Features: v, Category: r.GetString("category"), Agreed: kept.Agreed})
	}
	return out, nil
}

// again makes the features of a lesson anew from the message; nil where it is gone.
func (s *Station) again(caseID string) (topics.Vector, error) {
	r, err := s.app.FindRecordById(desk.Cases, caseID)
	if err == nil {
		var f *desk.Feedback
		if f, err = desk.FindFeedback(s.app, r.GetString("feedback")); err == nil {
			return sample(topics.Features(textOf(f.Subject(), f.Message()))), nil
		}
	}
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return nil, err
}

// sample is an even sample of features, or all of them where they are few.
func sample(all topics.Vector) topics.Vector {
	if len(all) <= maxFeatures {
		return all
	}
	out := make(topics.Vector, maxFeatures)
	for i := range out {
		out[i] = all[i*len(all)/maxFeatures]
	}
	return out
}

// Tidy removes the lessons that are beyond what is learned from.
func (s *Station) Tidy() error {
	name := desk.Name(s.app, desk.TopicLessons)
	return s.config.Commit.Do(func(tx core.App) error {
		_, err := tx.DB().NewQuery(fmt.Sprintf("DELETE FROM {{%s}} WHERE [[id]] IN (SELECT [[id]] FROM {{%s}} ORDER BY [[created]] DESC, [[id]] DESC LIMIT -1 OFFSET %d)",
			name, name, 2*maxLessons)).Execute()
		return err
	})
}
