package desk

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// ofVisitor tells whether the notice is about what a visitor did.
func (n Notice) ofVisitor() bool { return n.Kind == NoticeNewCase || n.Kind == NoticeAnswered }

// SameVisitor is the key of notices about what the visitor of a case did.
func SameVisitor(caseID string) string { return "visitor:" + caseID }

// notNewTo notes for whoever gets a case that he need not be told that it is new.
func notNewTo(tx core.App, agent, caseID string) error {
	_, err := tx.DB().Update(Name(tx, Notices), dbx.Params{"seen_at": Date(Now(tx)).String(), "mail_at": ""},
		dbx.NewExp("[[agent]] = {:agent} AND [[same]] = {:same} AND [[same]] != '' AND [[seen_at]] = '' AND [[kind]] = {:kind}",
			dbx.Params{"agent": agent, "same": SameVisitor(caseID), "kind": NoticeNewCase})).Execute()
	if err != nil {
		return fmt.Errorf("notice of a new case: %w", err)
	}
	return nil
}

// attended takes the bell from those who were told of what a visitor did, once
// somebody has answered or is done with the case. Whoever has the case himself still
// finds what a colleague answered.
func attended(tx core.App, ev Event) error {
	if ev.Case == "" || ev.Actor == "" {
		return nil
	}
	to, _ := ev.After["status"].(string)
	done := ev.Kind == EventMarkedSpam || ev.Kind == "status" && (to == Resolved || to == Closed)
	if ev.Kind != "replied" && !done {
		return nil
	}
	var rows []*core.Record
	err := tx.RecordQuery(Notices).
		AndWhere(dbx.HashExp{"case": ev.Case, "seen_at": ""}).AndWhere(dbx.In("kind", NoticeNewCase, NoticeAnswered)).All(&rows)
	if err != nil || len(rows) == 0 {
		return err
	}
	c, err := FindCase(tx, ev.Case)
	if err != nil {
		return err
	}
	for _, r := range rows {
		if agent := r.GetString("agent"); agent == c.Assignee() && agent != ev.Actor && !done {
			continue
		}
		r.Set("seen_at", Date(Now(tx)))
		r.Set("mail_at", "")
		if err := Save(tx, r); err != nil {
			return err
		}
	}
	return nil
}
