package desk

import (
	"github.com/pocketbase/pocketbase/core"
)

// Kinds of notices.
const (
	NoticeMention       = "mention"
	NoticeAssigned      = "assigned"
	NoticeFollowUp      = "follow_up"
	NoticePromiseDue    = "promise_due"
	NoticePromiseBroken = "promise_broken"
)

// Notice is something that one person is told.
type Notice struct {
	Agent   string // who is told
	Kind    string
	Case    string
	Message string
	Actor   string // agent who caused it; "" is the system or the visitor
	Data    map[string]any
}

// Notify tells people. Nobody is told of what he did himself, and nobody who
// may not see the case.
func Notify(tx core.App, notices ...Notice) error {
	for _, n := range notices {
		if n.Agent == "" || n.Agent == n.Actor {
			continue
		}
		if sees, err := maySee(tx, n.Agent, n.Case); err != nil || !sees {
			if err != nil {
				return err
			}
			continue
		}
		r, err := New(tx, Notices)
		if err != nil {
			return err
		}
		r.Set("agent", n.Agent)
		r.Set("kind", n.Kind)
		r.Set("case", n.Case)
		r.Set("message", n.Message)
		r.Set("actor", n.Actor)
		if n.Data != nil {
			r.Set("data", n.Data)
		}
		if err := Save(tx, r); err != nil {
			return err
		}
	}
	return nil
}

// maySee tells whether an agent may see a case. A superuser's record has no
// role: he sees all.
func maySee(app core.App, agentID, caseID string) (bool, error) {
	r, err := app.FindRecordById(Agents, agentID)
	if err != nil {
		return false, nil // gone
	}
	if caseID == "" || r.GetString("role") == "" {
		return true, nil
	}
	c, err := FindCase(app, caseID)
	if err != nil {
		return false, err
	}
	return asAgent(r, false).Sees(c.Team()), nil
}

// tellAssignee tells a person that he got a case, whoever gave it to him.
func tellAssignee(tx core.App, ev Event) error {
	if ev.Kind != "assignee" || ev.Case == "" {
		return nil
	}
	if by, _ := ev.After["by"].(string); by == "follow_up" {
		return nil // told by the reminder
	}
	to, _ := ev.After["assignee"].(string)
	return Notify(tx, Notice{Agent: to, Kind: NoticeAssigned, Case: ev.Case, Actor: ev.Actor})
}
