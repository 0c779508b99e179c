package problems

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Question is something that is asked often and answered by hand each time.
type Question struct {
	Together
	Answers []Answer `json:"answers"` // what was answered, latest first; at most 3
}

// Answer is what a colleague wrote.
type Answer struct {
	Case string `db:"case" json:"case"`
	Body string `db:"body" json:"body"`
	At   string `db:"created" json:"at"`
}

// maxDays bounds how far lists look back.
const maxDays = 90

func past(days int) (time.Duration, error) {
	if days < 1 || days > maxDays {
		return 0, fault("days", "out_of_range", fmt.Sprintf("Give 1 to %d days.", maxDays))
	}
	return time.Duration(days) * 24 * time.Hour, nil
}

// Questions are what different people asked in so many days, three or more of
// them, and was answered without a template: a template would save work. The
// latest 2,000 such cases are looked at. No agent (nil) sees all.
func (s *Station) Questions(agent *desk.Agent, days int) ([]Question, error) {
	since, err := past(days)
	if err != nil {
		return nil, err
	}
	messages := desk.Name(s.app, desk.Messages)
	answered := func(with string) string {
		return "EXISTS (SELECT 1 FROM {{" + messages + "}} m WHERE [[m.case]] = [[c.id]] AND [[m.direction]] = 'out' AND [[m.author]] != '' AND [[m.template]] " + with + " '')"
	}
	rows, err := s.since(agent, since, dbx.NewExp("+[[c.problem]] = '' AND [[c.first_responded_at]] != ''"), dbx.NewExp(answered("=")), dbx.NewExp("NOT "+answered("!=")))
	if err != nil {
		return nil, err
	}
	out := []Question{}
	for _, t := range s.together(rows, 3) {
		q := Question{Together: t, Answers: []Answer{}}
		ids := make([]any, len(t.IDs))
		for i, id := range t.IDs {
			ids[i] = id
		}
		err := s.app.DB().Select("case", "body", "created").From(messages).
			Where(dbx.In("case", ids...)).AndWhere(dbx.HashExp{"direction": desk.Out}).AndWhere(dbx.NewExp("[[author]] != ''")).
			OrderBy("created DESC", "id DESC").Limit(3).All(&q.Answers)
		if err != nil {
			return nil, fmt.Errorf("answers: %w", err)
		}
		for i := range q.Answers {
			q.Answers[i].Body = desk.Clip(q.Answers[i].Body, 1_000)
		}
		out = append(out, q)
	}
	return out, nil
}
