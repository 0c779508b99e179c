package desk

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Kinds of notices. Their data: sla_* {due, which}, escalated {name, step, note},
// unassigned {count}, handed_over {from, count}, rule {rule, text}, rule_failed
// {rule, why}, webhook_disabled {webhook, why}, problem {title}, questions
// {questions, templates}: how many; new_case and answered {code: "more"} where the
// notice stands for many without a case.
const (
	NoticeMention       = "mention"
	NoticeAssigned      = "assigned"
	NoticeFollowUp      = "follow_up"
	NoticePromiseDue    = "promise_due"
	NoticePromiseBroken = "promise_broken"

	NoticeSLAWarning      = "sla_warning"
	NoticeSLABreached     = "sla_breached"
	NoticeSLALate         = "sla_late" // cases became late because a service level changed: {count}
	NoticeEscalated       = "escalated"
	NoticeUnassigned      = "unassigned"
	NoticeHandedOver      = "handed_over"
	NoticeRule            = "rule"
	NoticeRuleFailed      = "rule_failed"
	NoticeWebhookDisabled = "webhook_disabled"
	NoticeQuestions       = "questions"    // the week's news of what would save work
	NoticeTakenOn         = "taken_on"     // what the person escalated was acknowledged: {name, by}
	NoticeOutsideNote     = "outside_note" // somebody outside answered the mail that asked him for help: {name, by}
	NoticeNewCase         = "new_case"     // a visitor's message opened a case
	NoticeAnswered        = "answered"     // a visitor wrote on a case
)

// maxSame is how long the key of equal notices may be.
const maxSame = 100

// Notice is something that one person is told.
type Notice struct {
	Agent   string // who is told
	Kind    string
	Case    string
	Message string
	Actor   string // agent who caused it; "" is the system or the visitor
	Data    map[string]any

	// Same is the key under which equal ones are one, up to 100 bytes: while the
	// person has not looked at the first, another raises its count and takes its
	// place with its own case and data. "" is like no other.
	Same string
}

// Notify tells people. Nobody is told of what he did himself, and nobody who
// may not see the case. What a person wants by mail leaves in time if he has not
// looked at it by then; see [Bell].
func Notify(tx core.App, notices ...Notice) error {
	for _, n := range notices {
		if n.Agent == "" || n.Agent == n.Actor {
			continue
		}
		agent, err := listener(tx, n.Agent, n.Case)
		if err != nil {
			return err
		}
		if agent == nil {
			continue
		}
		if err := tell(tx, agent, n); err != nil {
			return err
		}
	}
	return nil
}

// tell writes one notice, or counts it with its equal.
func tell(tx core.App, agent *Agent, n Notice) error {
	if len(n.Same) > maxSame {
		n.Same = shortened(n.Same)
	}
	r, err := equal(tx, n)
	if err != nil {
		return err
	}
	now := Now(tx)
	mailAt, err := mailAt(tx, agent, n.Kind, now)
	if err != nil {
		return err
	}
	if r == nil {
		if r, err = New(tx, Notices); err != nil {
			return err
		}
		r.Id = core.GenerateDefaultRandomId()
		if err := line(tx, r, n); err != nil {
			return err
		}
		r.Set("agent", n.Agent)
		r.Set("kind", n.Kind)
		r.Set("same", n.Same)
		r.Set("count", 1)
		r.Set("mail_at", Date(mailAt))
	} else {
		r.Set("count", max(r.GetInt("count"), 1)+1)
		r.SetRaw("created", Date(now)) // it comes to the top of the list again
		if r.GetDateTime("mail_at").IsZero() && !mailAt.IsZero() {
			// he was told by mail and has not looked: not every time anew
			r.Set("mail_at", Date(later(mailAt, now.Add(mailAgain))))
		}
	}
	if r.GetString("kind") != n.Kind { // of one case it is the latest that counts
		r.Set("kind", n.Kind)
		r.Set("alike", n.alike())
	}
	r.Set("case", n.Case)
	r.Set("message", n.Message)
	r.Set("actor", n.Actor)
	if n.Data != nil {
		r.Set("data", n.Data)
	}
	return Save(tx, r)
}

// line puts a notice into one line of the bell with those that are alike and of
// which the person has not looked at all.
func line(tx core.App, r *core.Record, n Notice) error {
	alike := n.alike()
	if alike == "" {
		return nil
	}
	r.Set("alike", alike)
	if n.ofVisitor() {
		return nil
	}
	var of []string
	// literals, as in the partial index
	err := tx.DB().Select("line").From(Name(tx, Notices)).
		Where(dbx.NewExp("[[agent]] = {:agent} AND [[alike]] = {:alike} AND [[alike]] != '' AND [[seen_at]] = ''", dbx.Params{"agent": n.Agent, "alike": alike})).
		Limit(1).Column(&of)
	if err != nil {
		return fmt.Errorf("notices alike: %w", err)
	}
	r.Set("line", r.Id)
	if len(of) > 0 && of[0] != "" {
		r.Set("line", of[0])
	}
	return nil
}

// alike is what makes notices one line whose cases differ: of the kinds that come
// in storms. "" is like no other.
func (n Notice) alike() string {
	word := func(name string) string { s, _ := n.Data[name].(string); return s }
	switch n.Kind {
	case NoticeNewCase, NoticeAnswered:
		if n.Case != "" {
			return n.Kind // each is a line of its own: only their number matters
		}
	case NoticeRule:
		return shortened(n.Kind + "|" + word("id") + "|" + word("rule") + "|" + word("text"))
	case NoticeSLAWarning, NoticeSLABreached:
		return n.Kind + "|" + shortened(word("which"))
	case NoticeAssigned:
		return n.Kind + "|" + n.Actor
	case NoticeEscalated:
		if word("name") != "" {
			return n.Kind + "|" + shortened(word("name"))
		}
	}
	return ""
}

// equal is the notice that this one is one with, or nil.
func equal(tx core.App, n Notice) (*core.Record, error) {
	if n.Same == "" {
		return nil, nil
	}
	r := &core.Record{}
	// literals, so that the index over what nobody looked at serves
	err := tx.RecordQuery(Notices).
		AndWhere(dbx.NewExp("[[agent]] = {:agent} AND [[same]] = {:same} AND [[same]] != '' AND [[seen_at]] = ''", dbx.Params{"agent": n.Agent, "same": n.Same})).
		Limit(1).One(r)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("equal notices: %w", err)
	}
	return r, nil
}

// shortened stands for a key that is too long.
func shortened(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// listener is the agent if he may hear of the case, else nil. A superuser's
// record has no role: he sees all.
func listener(app core.App, agentID, caseID string) (*Agent, error) {
	r, err := app.FindRecordById(Agents, agentID)
	if err != nil {
		return nil, nil // gone
	}
	agent := asAgent(r, r.GetString("role") == "")
	if caseID == "" {
		return agent, nil
	}
	c, err := FindCase(app, caseID)
	if err != nil {
		return nil, err
	}
	if !agent.Sees(c.Team()) {
		return nil, nil
	}
	return agent, nil
}

// tellAssignee tells a person that he got a case, whoever gave it to him.
func tellAssignee(tx core.App, ev Event) error {
	if ev.Kind != "assignee" || ev.Case == "" {
		return nil
	}
	if by, _ := ev.After["by"].(string); by == "follow_up" {
		return nil // told by the reminder
	}
	if why, _ := ev.After["why"].(string); why == "leave" || why == "handover" {
		return nil // told once of all that he got
	}
	to, _ := ev.After["assignee"].(string)
	if err := notNewTo(tx, to, ev.Case); err != nil {
		return err
	}
	return Notify(tx, Notice{Agent: to, Kind: NoticeAssigned, Case: ev.Case, Actor: ev.Actor})
}
