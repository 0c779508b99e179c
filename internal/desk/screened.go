package desk

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"
)

// Screened is one message as reports count it.
type Screened struct {
	ID       string // of the verdict
	Feedback string
	Created  string // as stored
	First    string // what screening said: accepted, quarantined or blocked
	Outcome  string // what holds now
	Score    float64
	Signals  []string // each name once
	Fixed    bool     // the thresholds don't decide; see [Scores]
	Pitch    bool     // the shop's choice for pitches tells whether they do
	Answered bool     // staff answered its case
}

// At is when the message came; the zero time where the date can't be read.
func (s Screened) At() time.Time {
	d, err := types.ParseDateTime(s.Created)
	if err != nil {
		return time.Time{}
	}
	return d.Time()
}

// counts say what became of one message.
func (s Screened) counts() (c Counts) {
	switch s.First {
	case Accepted:
		c.Accepted = 1
	case Quarantined:
		c.Held = 1
	default:
		c.Blocked = 1
	}
	switch {
	case s.First != Accepted && s.Outcome == Accepted:
		c.Released = 1
	case s.First == Quarantined && s.Outcome == Blocked:
		c.Confirmed = 1
	case s.First == Accepted && s.Outcome == Blocked:
		c.Marked = 1
	}
	return c
}

// bin is the message's state. A message is in one of these.
func (s Screened) bin() (b Bin) {
	c := s.counts()
	switch {
	case c.Released > 0:
		b.Released = 1
	case c.Confirmed > 0:
		b.Confirmed = 1
	case c.Marked > 0:
		b.Marked = 1
	case c.Held > 0:
		b.Waiting = 1
	case c.Blocked > 0:
		b.Blocked = 1
	default:
		b.Accepted = 1
		if s.Answered {
			b.Answered = 1
		}
	}
	return b
}

// State is the message's state in the words of [Bin]; "answered" for those accepted that were.
func (s Screened) State() string {
	switch b := s.bin(); {
	case b.Released > 0:
		return "released"
	case b.Confirmed > 0:
		return "confirmed"
	case b.Marked > 0:
		return "marked_spam"
	case b.Waiting > 0:
		return "held_waiting"
	case b.Blocked > 0:
		return "blocked"
	case b.Answered > 0:
		return "answered"
	}
	return "accepted"
}

// screenedRow is what the database knows of a message.
type screenedRow struct {
	ID       string  `db:"id"`
	Feedback string  `db:"feedback"`
	Created  string  `db:"created"`
	Outcome  string  `db:"outcome"`
	Score    float64 `db:"score"`
	Signals  string  `db:"signals"`
	Pitch    bool    `db:"pitch"`
	Decided  bool    `db:"decided"`
	ByStaff  bool    `db:"by_staff"`
	First    string  `db:"first"`
	Answered bool    `db:"answered"`
}

// screenedColumns read a [screenedRow] of verdicts v. What screening said first
// stands in the audit trail, which is asked for the few that were decided. The
// plus keeps SQLite from the index of kinds, which is worse the longer the trail.
func screenedColumns(app core.App) string {
	return `[[v.id]], [[v.feedback]], [[v.created]], [[v.outcome]], [[v.score]], COALESCE([[v.signals]], '') [[signals]], [[v.pitch]], ` +
		`[[v.decided_at]] != '' [[decided]], [[v.decided_by]] != '' [[by_staff]], ` +
		`CASE WHEN [[v.decided_at]] = '' THEN '' ELSE COALESCE((SELECT [[e.kind]] FROM {{` + Name(app, Events) + `}} e ` +
		`WHERE [[e.feedback]] = [[v.feedback]] AND +[[e.kind]] IN ('quarantined', 'blocked') LIMIT 1), '') END [[first]], ` +
		`CASE WHEN [[v.outcome]] = 'accepted' THEN EXISTS (SELECT 1 FROM {{` + Name(app, Cases) + `}} c ` +
		`WHERE [[c.feedback]] = [[v.feedback]] AND [[c.first_responded_at]] != '') ELSE FALSE END [[answered]]`
}

func (r screenedRow) read() Screened {
	s := Screened{
		ID: r.ID, Feedback: r.Feedback, Created: r.Created, Outcome: r.Outcome, Score: r.Score, Answered: r.Answered,
		First: r.Outcome, Pitch: r.Pitch,
	}
	byVisitor := r.Decided && !r.ByStaff && r.Outcome == Accepted
	if r.Decided && !byVisitor {
		if s.First = r.First; s.First == "" {
			s.First = Accepted
		}
	}
	var signals []struct{ Name string }
	_ = json.Unmarshal([]byte(r.Signals), &signals) // what is no list of signals has none
	for _, one := range signals {
		switch one.Name {
		case "rule", "country": // a rule of the shop, of either sort
			s.Fixed = true
		case "unconfirmed":
			s.Fixed = s.Fixed || !byVisitor
		}
		if one.Name != "" && !slices.Contains(s.Signals, one.Name) {
			s.Signals = append(s.Signals, Clip(one.Name, 100))
		}
	}
	return s
}

// screenedPart is how many messages one query reads.
const screenedPart = 2_000

// ScreenedBetween calls f for every message that came from one time up to
// another, both as stored, in parts by an index, so that no query holds the
// database for long.
func ScreenedBetween(app core.App, from, to string, f func(Screened)) error {
	for _, outcome := range []string{Accepted, Quarantined, Blocked} {
		at, after := from, ""
		for {
			var rows []screenedRow
			err := screenedQuery(app).Bind(dbx.Params{"outcome": outcome, "at": at, "after": after, "to": to, "part": screenedPart}).All(&rows)
			if err != nil {
				return err
			}
			for _, r := range rows {
				f(r.read())
			}
			if len(rows) < screenedPart {
				break
			}
			last := rows[len(rows)-1]
			at, after = last.Created, last.ID
		}
	}
	return nil
}

func screenedQuery(app core.App) *dbx.Query {
	return app.DB().NewQuery("SELECT " + screenedColumns(app) + " FROM {{" + Name(app, Verdicts) + "}} v " +
		"WHERE [[v.outcome]] = {:outcome} AND ([[v.created]], [[v.id]]) > ({:at}, {:after}) AND [[v.created]] < {:to} " +
		"ORDER BY [[v.created]], [[v.id]] LIMIT {:part}")
}

// ScreenedOf reads the messages with these feedback ids.
func ScreenedOf(app core.App, feedback []string) ([]Screened, error) {
	var out []Screened
	for part := range slices.Chunk(feedback, 200) {
		params, marks := dbx.Params{}, make([]string, len(part))
		for i, id := range part {
			name := "f" + strconv.Itoa(i)
			params[name], marks[i] = id, "{:"+name+"}"
		}
		var rows []screenedRow
		err := app.DB().NewQuery("SELECT " + screenedColumns(app) + " FROM {{" + Name(app, Verdicts) + "}} v " +
			"WHERE [[v.feedback]] IN (" + strings.Join(marks, ", ") + ")").Bind(params).All(&rows)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out = append(out, r.read())
		}
	}
	return out, nil
}
