package screening

import (
	"database/sql"
	"errors"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

const (
	// maxExamples is how many messages a replay shows.
	maxExamples = 20
	// maxRead is how many are looked at for them in one range of scores.
	maxRead = 2_000
)

// Example is one message that would fare differently.
type Example struct {
	Feedback string  `json:"feedback"` // id
	Case     string  `json:"case"`     // id; "" where none was opened
	Created  string  `json:"created"`
	Score    float64 `json:"score"`
	From     string  `json:"from"` // accepted, quarantined or blocked
	To       string  `json:"to"`
	// Staff is the message's state: accepted, answered, held_waiting, released,
	// confirmed, blocked or marked_spam.
	Staff   string `json:"staff"`
	Name    string `json:"name"`
	Subject string `json:"subject"` // else the message's beginning
}

// search looks for examples.
type search struct {
	pair
	since string // dates as stored
	sees  func(team string) bool
}

// examples are messages between the old and the new thresholds, the highest
// scores first, from both pairs in turn.
func examples(app core.App, s search) ([]*Example, error) {
	var found [2][]*Example
	for i, pair := range [][2]desk.Half{{s.now.quarantine, s.then.quarantine}, {s.now.block, s.then.block}} {
		var err error
		if found[i], err = s.between(app, min(pair[0], pair[1]), max(pair[0], pair[1])); err != nil {
			return nil, err
		}
	}
	out := []*Example{}
	for i := range maxExamples {
		for _, list := range found {
			if i < len(list) && len(out) < maxExamples && !slices.ContainsFunc(out, func(e *Example) bool { return e.Feedback == list[i].Feedback }) {
				out = append(out, list[i])
			}
		}
	}
	return out, nil
}

// examplesSQL goes from one score that occurs to the next lower one, so that
// among a million messages of the same score those of the last days are found
// at once.
func examplesSQL(app core.App) string {
	verdicts := "{{" + desk.Name(app, desk.Verdicts) + "}}"
	return "WITH RECURSIVE s([[at]]) AS (" +
		"SELECT MAX([[score]]) FROM " + verdicts + " WHERE [[score]] < {:below} UNION ALL " +
		"SELECT (SELECT MAX([[score]]) FROM " + verdicts + " WHERE [[score]] < s.[[at]]) FROM s WHERE s.[[at]] >= {:from}) " +
		"SELECT [[v.feedback]], COALESCE([[k.id]], '') [[case]], COALESCE([[k.team]], '') [[team]] " +
		"FROM s CROSS JOIN " + verdicts + " v ON [[v.score]] = s.[[at]] AND [[v.created]] >= {:since} " +
		"LEFT JOIN {{" + desk.Name(app, desk.Cases) + "}} k ON [[k.feedback]] = [[v.feedback]] " +
		"WHERE s.[[at]] >= {:from} LIMIT {:most}"
}

type candidate struct {
	Feedback string `db:"feedback"`
	Case     string `db:"case"`
	Team     string `db:"team"`
}

// between looks at scores from one half point up to another.
func (s search) between(app core.App, from, below desk.Half) ([]*Example, error) {
	if from == below {
		return nil, nil
	}
	params := dbx.Params{"from": from.Points(), "below": below.Points(), "since": s.since, "most": maxRead}
	if below > desk.HighestHalf {
		params["below"] = 1e300
	}
	var rows []candidate
	if err := app.DB().NewQuery(examplesSQL(app)).Bind(params).All(&rows); err != nil {
		return nil, err
	}
	cases := map[string]string{}
	var ids []string
	for _, r := range rows {
		if r.Case != "" && s.sees != nil && !s.sees(r.Team) {
			continue
		}
		cases[r.Feedback] = r.Case
		ids = append(ids, r.Feedback)
	}
	var out []*Example
	for part := range slices.Chunk(ids, 4*maxExamples) {
		screened, err := desk.ScreenedOf(app, part)
		if err != nil {
			return nil, err
		}
		for _, m := range screened {
			if m.Fixed || len(out) == maxExamples {
				continue
			}
			half := desk.HalfOf(m.Score)
			e := &Example{
				Feedback: m.Feedback, Case: cases[m.Feedback], Created: m.Created, Score: m.Score,
				From: s.now.outcome(half), To: s.then.outcome(half), Staff: m.State(),
			}
			if m.Pitch {
				e.From, e.To = s.now.pitch(half), s.then.pitch(half)
			}
			if m.Pitch && !s.pitches || e.From == e.To {
				continue
			}
			out = append(out, e)
		}
		if len(out) == maxExamples {
			break
		}
	}
	slices.SortStableFunc(out, func(a, b *Example) int { return slices.Index(ids, a.Feedback) - slices.Index(ids, b.Feedback) })
	return out, describe(app, out)
}

// describe adds what a list shows of a message, unless it was removed at this moment.
func describe(app core.App, list []*Example) error {
	for _, e := range list {
		f, err := desk.FindFeedback(app, e.Feedback)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return err
		}
		e.Name, e.Subject = f.Name(), f.Title()
	}
	return nil
}
