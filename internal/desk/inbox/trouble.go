package inbox

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Stuck is a delivery that needs a person: held, failed or unknown.
type Stuck struct {
	ID          string `json:"id"`
	Kind        string `json:"kind"`
	Recipient   string `json:"recipient"`
	Status      string `json:"status"`
	Attempts    int    `json:"attempts"`
	LastError   string `json:"last_error"`
	NextAttempt string `json:"next_attempt"`
	Created     string `json:"created"`
	Updated     string `json:"updated"`
	Message     string `json:"message"`
	Feedback    string `json:"feedback"` // of a mail about a submission that is no case; else ""
	Case        string `json:"case"`
	CaseNumber  int    `json:"case_number"`
	Subject     string `json:"subject"`
}

// Trouble is one page of the deliveries that need a person and that the agent
// may see, latest first.
func Trouble(app core.App, agent *desk.Agent, cursor string, limit int) (Page[Stuck], error) {
	page := Page[Stuck]{Items: []Stuck{}}
	if limit < 1 || limit > 100 {
		limit = 40
	}
	where, params := inTrouble(app, agent)
	q := app.RecordQuery(desk.Outbox).AndWhere(dbx.NewExp(where, params))
	rows, next, err := keyset(q, cursor, "updated", limit)
	if err != nil {
		return page, err
	}
	page.Next = next
	for _, r := range rows {
		s, visible, err := stuck(app, agent, r)
		if err != nil {
			return page, err
		}
		if visible {
			page.Items = append(page.Items, s)
		}
	}
	return page, nil
}

// inTrouble is the condition on the outbox for deliveries that need a person and
// that the agent may see, as [stuck] finds it; it goes by the index of the few that do.
func inTrouble(app core.App, agent *desk.Agent) (string, dbx.Params) {
	const needed = "([[status]] = 'failed' OR [[status]] = 'unknown' OR [[status]] = 'held')"
	if agent.Admin() {
		return needed, dbx.Params{}
	}
	outbox := "{{" + desk.Name(app, desk.Outbox) + "}}"
	seen, params := "", dbx.Params{}
	if !agent.SeesAll() {
		seen, params = " AND "+sameTeam, dbx.Params{"team": agent.Team()}
	}
	about := "EXISTS (SELECT 1 FROM {{" + desk.Name(app, desk.Messages) + "}} m JOIN {{" + desk.Name(app, desk.Cases) + "}} c ON [[c.id]] = [[m.case]]" +
		" WHERE [[m.id]] = " + outbox + ".[[message]]" + seen + ")"
	waits := outbox + ".[[message]] = '' AND EXISTS (SELECT 1 FROM {{" + desk.Name(app, desk.Verdicts) + "}} v WHERE [[v.feedback]] = " + outbox + ".[[feedback]]" +
		" AND [[v.outcome]] = 'quarantined' AND [[v.decided_at]] = '')"
	return needed + " AND (" + about + " OR " + waits + ")", params
}

func stuck(app core.App, agent *desk.Agent, r *core.Record) (Stuck, bool, error) {
	s := Stuck{
		ID: r.Id, Kind: r.GetString("kind"), Recipient: r.GetString("recipient"), Status: r.GetString("status"),
		Attempts: r.GetInt("attempts"), LastError: r.GetString("last_error"), NextAttempt: r.GetString("next_attempt"),
		Created: r.GetString("created"), Updated: r.GetString("updated"), Message: r.GetString("message"),
		Feedback: r.GetString("feedback"),
	}
	if s.Message == "" && s.Feedback != "" {
		if p, err := desk.AsDelivery(r).Payload(); err == nil {
			s.Subject = p.Subject
		}
		return s, SeesNotice(app, agent, s.Feedback), nil
	}
	if s.Message == "" { // a mail to staff
		if p, err := desk.AsDelivery(r).Payload(); err == nil {
			s.Subject = p.Subject
		}
		return s, agent.Admin(), nil
	}
	m, err := desk.FindMessage(app, s.Message)
	if err != nil {
		return s, agent.Admin(), nil // not about a case
	}
	s.Case, s.Subject = m.Case(), m.Subject()
	c, err := desk.FindCase(app, s.Case)
	if err != nil {
		return s, false, err
	}
	s.CaseNumber = c.Number()
	return s, agent.Sees(c.Team()), nil
}

// SeesNotice tells whether the agent may see a mail about a submission: all
// staff do while that waits in quarantine, where they see it too.
func SeesNotice(app core.App, agent *desk.Agent, feedback string) bool {
	v, err := desk.FindVerdictOf(app, feedback)
	return agent.Admin() || (err == nil && v.Waits())
}
