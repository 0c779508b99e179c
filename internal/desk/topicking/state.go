package topicking

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/topics"
)

// State is how the model stands.
type State struct {
	ID         string          `json:"id"`   // of the model that judges
	Base       string          `json:"base"` // of the shipped one
	Off        bool            `json:"off"`
	Sure       float64         `json:"sure"`
	Categories []string        `json:"categories"` // that the model knows
	Pending    bool            `json:"pending"`    // a training is asked for or under way
	Trained    *types.DateTime `json:"trained"`    // when the model learned; null: the shipped one judges
	Refused    string          `json:"refused"`    // worse or failed, of the last training
	Report     *topics.Report  `json:"report"`     // of the last training
	Lessons    int             `json:"lessons"`    // that there are
	Days       int             `json:"days"`       // that Counts covers
	Counts     Counts          `json:"counts"`
	Confusion  []Cell          `json:"confusion"` // of the newest 3,000 lessons
}

// Counts say who gave the cases of the last days their category.
type Counts struct {
	Cases   int `json:"cases"`
	Visitor int `json:"visitor"`
	Keyword int `json:"keyword"` // or a rule
	Model   int `json:"model"`
	Staff   int `json:"staff"`
	Other   int `json:"other"`
	None    int `json:"none"`
}

// Cell counts lessons: the shipped model said one thing, and staff another or the same.
type Cell struct {
	Said     string `db:"said" json:"said"`
	Category string `db:"category" json:"category"`
	Count    int    `db:"n" json:"count"`
}

// countDays and countMost bound what is counted.
const (
	countDays = 30
	countMost = 20_000
)

// State tells how the model stands.
func (s *Station) State() (State, error) {
	settings, err := desk.LoadSettings(s.app)
	if err != nil {
		return State{}, err
	}
	out := State{
		ID: s.Model().ID(), Base: topics.Base().ID(), Off: settings.Topics.Off, Sure: settings.Topics.Sure,
		Categories: topics.Categories(), Pending: s.Pending(), Days: countDays, Confusion: []Cell{},
	}
	if m := s.mind.Load(); m != nil {
		out.Report, out.Refused = &m.report, m.refused
		if m.model != nil {
			at := m.at
			out.Trained = &at
		}
	}
	n, err := s.app.CountRecords(desk.TopicLessons)
	if err != nil {
		return out, err
	}
	out.Lessons = int(n)
	lessons := desk.Name(s.app, desk.TopicLessons)
	err = s.app.DB().NewQuery(fmt.Sprintf("SELECT [[said]], [[category]], COUNT(*) AS n FROM (SELECT [[said]], [[category]] FROM {{%s}} ORDER BY [[created]] DESC, [[id]] DESC LIMIT %d) GROUP BY [[said]], [[category]] ORDER BY n DESC LIMIT 400",
		lessons, maxLessons)).All(&out.Confusion)
	if err != nil {
		return out, fmt.Errorf("confusion: %w", err)
	}
	out.Counts, err = s.counts()
	return out, err
}

// counts looks at who gave the newest cases of the last days their category.
func (s *Station) counts() (c Counts, err error) {
	var rows []struct {
		By string `db:"who"`
		N  int    `db:"n"`
	}
	err = s.app.DB().NewQuery(fmt.Sprintf(`SELECT COALESCE(who, '') AS who, COUNT(*) AS n FROM (
		SELECT CASE WHEN [[category]] = '' THEN '' ELSE CASE WHEN json_valid([[reasons]]) THEN json_extract([[reasons]], '$.category.by') END END AS who
		FROM {{%s}} WHERE [[created]] >= {:since} ORDER BY [[created]] DESC LIMIT %d) GROUP BY 1`, desk.Name(s.app, desk.Cases), countMost)).
		Bind(dbx.Params{"since": desk.Date(desk.Now(s.app).Add(-countDays * 24 * time.Hour)).String()}).All(&rows)
	if err != nil {
		return c, fmt.Errorf("who gave the category: %w", err)
	}
	for _, r := range rows {
		c.Cases += r.N
		switch r.By {
		case "visitor":
			c.Visitor += r.N
		case "keyword", "rule":
			c.Keyword += r.N
		case "model":
			c.Model += r.N
		case "staff":
			c.Staff += r.N
		case "":
			c.None += r.N
		default:
			c.Other += r.N
		}
	}
	return c, nil
}

// Tried is what the model makes of a text.
type Tried struct {
	Category string             `json:"category"` // that would be suggested; "" for none
	Said     string             `json:"said"`     // the likeliest
	P        float64            `json:"p"`
	All      map[string]float64 `json:"all"`
	Base     string             `json:"base"` // what the shipped model says
	BaseP    float64            `json:"base_p"`
}

// Try judges a text as if it came in, and changes nothing.
func (s *Station) Try(text string) (Tried, error) {
	category, _, err := s.Suggest(s.app, "", text)
	if err != nil {
		return Tried{}, err
	}
	j, b := s.Model().Judge(textOf("", text)), topics.Base().Judge(textOf("", text))
	for k, p := range j.All {
		j.All[k] = round2(p)
	}
	return Tried{Category: category, Said: j.Category, P: round2(j.P), All: j.All, Base: b.Category, BaseP: round2(b.P)}, nil
}
