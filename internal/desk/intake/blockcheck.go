package intake

import (
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// A rule is tried on what the shop accepted lately, up to so many messages.
const (
	triedDays = 30
	maxTried  = 2_000
)

// BlockCheck says what a rule would be, and whom it would have kept out.
type BlockCheck struct {
	Kind, Value string
	// Accepted counts the messages of the last 30 days that became a case, of
	// the newest 2,000 of them, which the rule would have blocked. Only phrases
	// and domains are tried: the others are one sender or his neighbours.
	Accepted int
}

// CheckBlock says what [Intake.Block] would block, and changes nothing. Its
// errors are those of Block.
func (in *Intake) CheckBlock(app core.App, feedback string, q BlockRequest, agent *desk.Agent) (*BlockCheck, error) {
	if err := mayBlock(q.Days, agent); err != nil {
		return nil, err
	}
	_, rule, err := ruleFor(app, feedback, q, agent)
	if err != nil {
		return nil, err
	}
	check := &BlockCheck{Kind: rule.Kind, Value: rule.Value}
	if q.Kind == BlockPhrase || q.Kind == BlockDomain {
		check.Accepted, err = acceptedHits(app, rule)
	}
	return check, err
}

// ruleFor is the rule that somebody asks for, if he may, with the submission that
// it is made from.
func ruleFor(app core.App, feedback string, q BlockRequest, agent *desk.Agent) (*desk.Feedback, spam.Rule, error) {
	f, err := desk.FindFeedback(app, feedback)
	if err != nil {
		return nil, spam.Rule{}, err
	}
	v, err := desk.FindVerdictOf(app, feedback)
	if err != nil {
		return nil, spam.Rule{}, err
	}
	if err := mayJudge(app, v, agent); err != nil { // first: what a refusal says of the message is not for everybody
		return nil, spam.Rule{}, err
	}
	rule, err := findRule(app, f, v, q)
	return f, rule, err
}

// acceptedHits counts the accepted messages that a rule would have blocked. They
// are read row by row: each may be long.
func acceptedHits(app core.App, rule spam.Rule) (int, error) {
	set, faults := spam.CompileRules([]spam.Rule{rule})
	if len(faults) > 0 {
		return 0, faults[0]
	}
	now := desk.Now(app)
	rows, err := acceptedSince(app, now.AddDate(0, 0, -triedDays), rule.Kind)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var m spam.Message
		if err := rows.Scan(&m.Name, &m.Email, &m.Subject, &m.Text); err != nil {
			return n, err
		}
		if len(set.Match(m, now)) > 0 {
			n++
		}
	}
	return n, rows.Err()
}

// acceptedSince reads what a rule of this kind looks at, newest first.
func acceptedSince(app core.App, since time.Time, kind string) (*dbx.Rows, error) {
	columns := []string{"f.name", "f.email", "f.subject", "f.message"}
	if kind != spam.KindKeyword {
		columns = []string{"('')", "f.email", "('')", "('')"} // texts are long
	}
	return app.DB().Select(columns...).From(desk.Name(app, desk.Verdicts)+" v").
		InnerJoin(desk.Name(app, desk.Feedbacks)+" f", dbx.NewExp("[[f.id]] = [[v.feedback]]")).
		Where(dbx.NewExp("[[v.outcome]] = {:outcome} AND [[v.created]] >= {:since}",
			dbx.Params{"outcome": desk.Accepted, "since": desk.Date(since).String()})).
		OrderBy("v.created DESC").Limit(maxTried).Rows()
}
