package ruling

import (
	"fmt"
	"strconv"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// A rule that did something on one case so often within a week rests there until
// a week went by in which it had no reason to: a slow circle of rules, or of a
// program that answers what a rule sends, comes to an end.
const (
	oftenMost   = 5
	oftenWithin = 7 * 24 * time.Hour
)

// stateRests stands in the run that says that a rule rests on a case.
const stateRests = "rests"

// resting is what is kept of a rule that rests on a case.
type resting struct {
	Since types.DateTime `json:"since"`
	Until types.DateTime `json:"until"`
}

// rests tells whether the rule rests on the case, and has it rest where it is time:
// the admins hear of it. What a person does at the Desk is no circle and counts always.
func (w *writing) rests() (bool, error) {
	r, now := w.rule, desk.Now(w.tx)
	marks, err := w.tx.FindAllRecords(desk.RuleRuns, dbx.HashExp{"rule": r.ID, "case": w.c.Id, "state": stateRests})
	if err != nil {
		return false, fmt.Errorf("whether the rule rests: %w", err)
	}
	from, rest := now.Add(-oftenWithin), resting{}
	if r.activeFrom.After(from) {
		from = r.activeFrom
	}
	if len(marks) > 0 {
		_ = marks[0].UnmarshalJSONField("again", &rest)
	}
	rested := rest.Until.Time().After(now) && !rest.Since.Time().Before(r.activeFrom)
	if !rested {
		n := 0
		err := w.tx.DB().Select("COUNT(*)").From(desk.Name(w.tx, desk.RuleRuns)).Where(dbx.HashExp{"rule": r.ID, "case": w.c.Id}).
			AndWhere(dbx.NewExp("[[state]] != {:rests} AND +[[created]] > {:from}", dbx.Params{"rests": stateRests, "from": desk.Date(from).String()})).Row(&n)
		if err != nil {
			return false, fmt.Errorf("how often the rule ran: %w", err)
		}
		if n < oftenMost {
			return false, nil
		}
	}
	if person, err := w.byPerson(); person || err != nil {
		return false, err
	}
	if !rested {
		rest.Since = desk.Date(now)
	}
	rest.Until = desk.Date(now.Add(oftenWithin))
	mark, err := w.markRest(marks, rest)
	if err != nil {
		return false, err
	}
	if err := desk.Save(w.tx, mark); err != nil || rested {
		return true, err
	}
	return true, w.tellRest()
}

func (w *writing) markRest(marks []*core.Record, rest resting) (*core.Record, error) {
	if len(marks) > 0 {
		marks[0].Set("again", rest)
		return marks[0], nil
	}
	mark, err := desk.New(w.tx, desk.RuleRuns)
	if err != nil {
		return nil, err
	}
	mark.Set("rule", w.rule.ID)
	mark.Set("case", w.c.Id)
	mark.Set("state", stateRests)
	mark.Set("did", []Deed{})
	mark.Set("failed", (&trouble{CodeOften, strconv.Itoa(w.c.Number())}).Error())
	mark.Set("again", rest)
	return mark, nil
}

// tellRest tells the admins that a rule rests on a case; of many cases in one notice.
func (w *writing) tellRest() error {
	to, err := admins(w.tx)
	if err != nil {
		return err
	}
	var notices []desk.Notice
	for _, id := range to {
		notices = append(notices, desk.Notice{Agent: id, Kind: NoticeFailed, Case: w.c.Id, Same: "rule_often " + w.rule.ID,
			Data: map[string]any{"rule": w.rule.Name, "id": w.rule.ID, "code": CodeOften, "detail": strconv.Itoa(w.c.Number())}})
	}
	return desk.Notify(w.tx, notices...)
}

// byPerson tells whether the rule follows from what a person changed at the Desk,
// and not a program.
func (w *writing) byPerson() (bool, error) {
	if w.rule.Event != StaffChanged {
		return false, nil
	}
	events, agents := "{{"+desk.Name(w.tx, desk.Events)+"}} e", "{{"+desk.Name(w.tx, desk.Agents)+"}} a"
	var roles []string
	err := w.tx.DB().Select("a.role").From(events).InnerJoin(agents, dbx.NewExp("[[a.id]] = [[e.actor]]")).
		Where(dbx.HashExp{"e.id": w.subject.Row}).Column(&roles)
	if err != nil {
		return false, fmt.Errorf("who changed the case: %w", err)
	}
	return len(roles) > 0 && roles[0] != desk.RoleIntegration, nil
}
