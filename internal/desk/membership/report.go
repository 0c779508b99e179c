package membership

import (
	"time"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Report says how many invitations worked. Rate is from 0 to 1.
type Report struct {
	Days      int       `json:"days"`
	Sent      int       `json:"sent"`
	Converted int       `json:"converted"`
	Rate      float64   `json:"rate"`
	ByAgent   []OfAgent `json:"by_agent"`
}

// OfAgent is the share of one member of staff; an agent who is gone has no name.
type OfAgent struct {
	Agent     string  `db:"agent" json:"agent"`
	Name      string  `db:"name" json:"name"`
	Sent      int     `db:"sent" json:"sent"`
	Converted int     `db:"converted" json:"converted"`
	Rate      float64 `db:"-" json:"rate"`
}

// Report counts the invitations that were sent in the last days; only is an
// agent's id, or "" for all.
func (s *Station) Report(days int, only string) (*Report, error) {
	since := desk.Date(desk.Now(s.app).Add(-time.Duration(days) * 24 * time.Hour)).String()
	q := s.app.DB().Select("i.agent", "COALESCE(a.name, '') AS name", "COUNT(*) AS sent", "SUM([[i.converted_at]] != '') AS converted").
		From(desk.Name(s.app, desk.Invitations)+" i").
		LeftJoin(desk.Name(s.app, desk.Agents)+" a", dbx.NewExp("[[a.id]] = [[i.agent]]")).
		Where(dbx.NewExp("[[i.created]] > {:since}", dbx.Params{"since": since})).
		GroupBy("i.agent").OrderBy("sent DESC", "name")
	if only != "" {
		q.AndWhere(dbx.HashExp{"i.agent": only})
	}
	r := &Report{Days: days, ByAgent: []OfAgent{}}
	if err := q.All(&r.ByAgent); err != nil {
		return nil, err
	}
	for i, a := range r.ByAgent {
		r.Sent += a.Sent
		r.Converted += a.Converted
		r.ByAgent[i].Rate = rate(a.Converted, a.Sent)
	}
	r.Rate = rate(r.Converted, r.Sent)
	return r, nil
}

func rate(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
