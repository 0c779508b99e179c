package desk

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// RuleMail is the condition for a message m that a rule sent and that left. Nobody
// else sends as it does but the system itself, whose acknowledgement reminds nobody:
// they are told apart by how the outbox, whose table is given, names its mails.
func RuleMail(outbox string) string {
	return "[[m.direction]] = 'out' AND [[m.channel]] = 'system' AND [[m.author]] = '' AND [[m.delivery]] = 'sent'" +
		" AND EXISTS (SELECT 1 FROM {{" + outbox + "}} o WHERE [[o.dedupe_key]] = '" + KindRule + ":' || [[m.id]] AND [[o.dedupe_key]] != '')"
}

// Nudged notes inside the transaction that a mail of a rule left, on the case that
// waits since before the mail was written: from then on rules may count the time.
func Nudged(tx core.App, m *Message) error {
	_, err := tx.DB().Update(Name(tx, Cases), dbx.Params{"nudged_at": Date(Now(tx)).String()},
		dbx.NewExp("[[id]] = {:id} AND [[status_since]] <= {:written}", dbx.Params{"id": m.Case(), "written": m.GetString("created")})).Execute()
	if err != nil {
		return fmt.Errorf("that the visitor was reminded: %w", err)
	}
	return nil
}

// nudgedSince is when a rule's mail was written last since a case has its status,
// for a case that gets back an earlier one; "" where there was none.
func nudgedSince(app core.App, caseID, since string) (string, error) {
	var rows []string
	err := app.DB().Select("m.created").From("{{" + Name(app, Messages) + "}} m").
		Where(dbx.NewExp("[[m.case]] = {:case} AND "+RuleMail(Name(app, Outbox))+" AND [[m.created]] >= {:since}", dbx.Params{"case": caseID, "since": since})).
		OrderBy("m.created DESC").Limit(1).Column(&rows)
	if err != nil {
		return "", fmt.Errorf("whether the visitor was reminded: %w", err)
	}
	if len(rows) == 0 {
		return "", nil
	}
	return rows[0], nil
}
