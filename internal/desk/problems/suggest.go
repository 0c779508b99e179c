package problems

import (
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/likeness"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// Bounds of what is compared.
const (
	recentCases = 2_000
	lookedAt    = 20_000 // cases that are searched for them
	recentTime  = 30 * 24 * time.Hour
	groupsShown = 20
	casesShown  = 20 // of one group
	nearShown   = 5
	nearLooked  = 50
	nearFresh   = time.Minute // for how long what was compared serves
	maxWords    = 600         // characters of a first message: a fault is told at its beginning
)

// Reported is a case as a list of suggestions shows it.
type Reported struct {
	ID      string `db:"id" json:"id"`
	Number  int    `db:"number" json:"number"`
	Subject string `db:"subject" json:"subject"`
	Status  string `db:"status" json:"status"`
	Created string `db:"created" json:"created"`
	Locale  string `db:"locale" json:"locale"`
	Text    string `db:"text" json:"text"` // its beginning
	ToldAt  string `db:"problem_told_at" json:"told_at,omitempty"`

	Contact string `db:"contact" json:"-"`
	Problem string `db:"problem" json:"-"`
	Team    string `db:"team" json:"-"`
	whole   string
}

// Together is a group of cases that say much the same.
type Together struct {
	Count int        `json:"count"`
	Score float64    `json:"score"` // how alike, 0 to 1
	Cases []Reported `json:"cases"` // the one most like the others first; at most 20
	IDs   []string   `json:"ids"`   // all, at most 100
}

// recent are the latest cases of 30 days that the agent may see, with the
// visitor's first words.
func (s *Station) recent(agent *desk.Agent, narrow ...dbx.Expression) ([]Reported, error) {
	return s.since(agent, recentTime, narrow...)
}

// since are the latest cases of so long; nil is an agent who sees all. What is
// spam is left out, and so is what was merged into another case. The + keeps
// indexes out that would have a million rows sorted.
func (s *Station) since(agent *desk.Agent, past time.Duration, narrow ...dbx.Expression) ([]Reported, error) {
	from, err := s.oldest(past)
	if err != nil {
		return nil, err
	}
	var rows []Reported
	q := s.app.DB().Select("c.id", "c.number", "c.subject", "c.status", "c.created", "c.locale", "c.contact", "c.problem", "c.team",
		fmt.Sprintf("substr([[f.message]], 1, %d) AS text", maxWords)).
		From(desk.Name(s.app, desk.Cases)+" c").
		InnerJoin(desk.Name(s.app, desk.Feedbacks)+" f", dbx.NewExp("[[f.id]] = [[c.feedback]]")).
		Where(dbx.NewExp("[[c.created]] >= {:since}", dbx.Params{"since": from})).
		AndWhere(dbx.NewExp("+[[c.merged_into]] = '' AND COALESCE([[c.tags]], '') NOT LIKE {:spam}", dbx.Params{"spam": `%"` + desk.SpamTag + `"%`})).
		OrderBy("c.created DESC", "c.id DESC").Limit(recentCases)
	if seen := visible(agent); seen != nil {
		q.AndWhere(seen)
	}
	for _, e := range narrow {
		q.AndWhere(e)
	}
	if err := q.All(&rows); err != nil {
		return nil, fmt.Errorf("recent cases: %w", err)
	}
	for i := range rows {
		rows[i].whole = spam.Fold(rows[i].Subject + " " + rows[i].Text)
		rows[i].Text = desk.Clip(desk.OneLine(rows[i].Text), 160)
	}
	return rows, nil
}

// visible is true of the cases c that an agent may see; nil where that is all.
func visible(agent *desk.Agent) dbx.Expression {
	if agent == nil || agent.SeesAll() {
		return nil
	}
	return dbx.NewExp("(+[[c.team]] = '' OR +[[c.team]] = {:team})", dbx.Params{"team": agent.Team()})
}

// oldest is from when on cases are looked at: so long ago, but no further back
// than the latest 20,000 go.
func (s *Station) oldest(past time.Duration) (string, error) {
	from := desk.Date(desk.Now(s.app).Add(-past)).String()
	var at []string
	err := s.app.DB().Select("created").From(desk.Name(s.app, desk.Cases)).Where(dbx.NewExp("[[created]] >= {:since}", dbx.Params{"since": from})).
		OrderBy("created DESC", "id DESC").Offset(lookedAt).Limit(1).Column(&at)
	if err != nil {
		return "", fmt.Errorf("recent cases: %w", err)
	}
	return append(at, from)[0], nil
}

func words(rows []Reported) []string {
	out := make([]string, len(rows))
	for i, r := range rows {
		out[i] = r.whole
	}
	return out
}

// Suggest groups the cases of the last 30 days, 2,000 at most, that report no
// problem yet and say much the same. least is how many different people a group
// has to hold.
func (s *Station) Suggest(agent *desk.Agent, least int) ([]Together, error) {
	rows, err := s.recent(agent, dbx.NewExp("+[[c.problem]] = ''"))
	if err != nil {
		return nil, err
	}
	return s.together(rows, max(least, 2)), nil
}

// together groups rows; one person who writes ten times is one. That takes a
// second or two of computing, so that one is at it at a time.
func (s *Station) together(rows []Reported, least int) []Together {
	s.grouping.Lock()
	defer s.grouping.Unlock()
	out := []Together{}
	for _, g := range likeness.Group(words(rows), likeness.Options{Size: least}) {
		people := map[string]bool{}
		t := Together{Count: len(g.Texts), Score: g.Score, Cases: []Reported{rows[g.Best]}}
		for _, i := range g.Texts {
			people[rows[i].Contact] = true
			if len(t.IDs) < maxLinked {
				t.IDs = append(t.IDs, rows[i].ID)
			}
			if i != g.Best && len(t.Cases) < casesShown {
				t.Cases = append(t.Cases, rows[i])
			}
		}
		if len(people) >= least && len(out) < groupsShown {
			out = append(out, t)
		}
	}
	return out
}

// Known is a problem that a case may report, and how many do.
type Known struct {
	ID    string  `json:"id"`
	Title string  `json:"title"`
	State string  `json:"state"`
	Cases int     `json:"cases"`
	Score float64 `json:"score"`
}

// Near is what a case may belong to: problems that cases like it report, and
// cases like it that report none.
type Near struct {
	Problems []Known    `json:"problems"`
	Cases    []Reported `json:"cases"`
}

// NearTo compares a case with those of the last 30 days, as they stood a minute
// ago at most.
func (s *Station) NearTo(c *desk.Case, agent *desk.Agent) (*Near, error) {
	l, err := s.latest()
	if err != nil {
		return nil, err
	}
	near := &Near{Problems: []Known{}, Cases: []Reported{}}
	text, err := firstWords(s.app, c)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, m := range l.index.Near(text, nearLooked) {
		r := l.rows[m.Text]
		now, err := desk.FindCase(s.app, r.ID)
		if err != nil || now.Id == c.Id || !agent.Sees(now.Team()) || now.MergedInto() != "" || now.Feedback() == "" {
			continue // not for this agent; or gone, merged or erased meanwhile
		}
		problem := now.GetString("problem")
		switch {
		case problem == "" && len(near.Cases) < nearShown:
			r.Subject, r.Status = now.Subject(), now.Status()
			near.Cases = append(near.Cases, r)
		case problem != "" && !seen[problem] && len(near.Problems) < nearShown:
			seen[problem] = true
			if k, err := s.known(problem); err == nil {
				k.Score = m.Score
				near.Problems = append(near.Problems, k)
			}
		}
	}
	return near, nil
}

// looked are recent cases, ready to be compared with others.
type looked struct {
	at    time.Time
	rows  []Reported
	index *likeness.Index
}

// latest makes ready the latest cases of all teams, once a minute: it is asked for
// whenever somebody opens a case.
func (s *Station) latest() (*looked, error) {
	s.nearing.Lock()
	defer s.nearing.Unlock()
	now := desk.Now(s.app)
	if s.near != nil && !now.Before(s.near.at) && now.Sub(s.near.at) < nearFresh {
		return s.near, nil
	}
	rows, err := s.recent(nil)
	if err != nil {
		return nil, err
	}
	s.near = &looked{now, rows, likeness.New(words(rows))}
	for i := range rows {
		rows[i].whole = "" // it is in the index
	}
	return s.near, nil
}

func (s *Station) known(id string) (Known, error) {
	p, err := find(s.app, id)
	if err != nil {
		return Known{}, err
	}
	n, err := Linked(s.app, id)
	return Known{ID: id, Title: p.GetString("title"), State: p.GetString("state"), Cases: int(n)}, err
}

func firstWords(app core.App, c *desk.Case) (string, error) {
	f, err := app.FindRecordById(desk.Feedbacks, c.Feedback())
	if err != nil {
		return spam.Fold(c.Subject()), nil // erased, or none
	}
	return spam.Fold(c.Subject() + " " + desk.Clip(f.GetString("message"), maxWords)), nil
}
