package privacy

import (
	"database/sql"
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// forgetMail takes all that a person wrote out of the record of a mail, and
// returns the folder of the mail as it came, which goes after the commit. A digest
// of its Message-ID stays: a server that hands the mail out once more must not
// bring back who was erased.
func forgetMail(tx core.App, r *core.Record) (dir string, err error) {
	if r.GetString("raw") != "" {
		dir = r.BaseFilesPath()
	}
	m := desk.AsInboundMail(r)
	m.Set("raw", "")
	m.Set("from_addr", "")
	m.Set("subject", "")
	m.Set("error", "")
	m.Set("message_id", desk.ForgottenID(tx, m.MessageID()))
	if m.Status() == desk.MailReceived || m.Status() == desk.MailFailed {
		m.Set("status", desk.MailDone)
		m.Set("outcome", desk.MailIgnored)
		m.Set("next_attempt", "")
	}
	m.Set("reason", "forgotten")
	return dir, desk.Save(tx, m.Record)
}

// mails forgets the mails of a person: those on his cases, those behind his
// submissions, and those that came from one of his addresses. Where one of these
// stands on the case of somebody else, the message goes there too.
func (e eraser) mails(p *person, cases map[string]bool) error {
	under, err := e.addresses(p)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	forget := func(where dbx.Expression, own bool) error {
		rows, err := e.tx.FindAllRecords(desk.InboundMails, where)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if seen[r.Id] || r.GetString("reason") == "forgotten" {
				continue
			}
			seen[r.Id] = true
			if own && !cases[r.GetString("case")] {
				if err := e.message(r.GetString("message")); err != nil {
					return err
				}
			}
			dir, err := forgetMail(e.tx, r)
			if err != nil {
				return err
			}
			if dir != "" {
				*e.dirs = append(*e.dirs, dir)
			}
			e.report.Mails++
		}
		return nil
	}
	for _, a := range under {
		if a.kind == desk.KindEmail {
			// as in the partial index, which is not used otherwise
			if err := forget(dbx.NewExp("[[from_addr]] = {:addr} AND [[from_addr]] != ''", dbx.Params{"addr": a.value}), true); err != nil {
				return err
			}
		}
	}
	for id := range cases {
		if err := forget(dbx.HashExp{"case": id}, false); err != nil {
			return err
		}
	}
	for _, f := range p.submissions {
		if err := forget(dbx.HashExp{"feedback": f.Id}, false); err != nil {
			return err
		}
	}
	return nil
}

// message removes an incoming message from the case of somebody else.
func (e eraser) message(id string) error {
	if id == "" {
		return nil
	}
	m, err := desk.FindMessage(e.tx, id)
	if errors.Is(err, sql.ErrNoRows) || err == nil && m.Direction() != desk.In {
		return nil
	}
	if err != nil {
		return err
	}
	e.report.Messages++
	return e.remove(m.Record)
}

// mailsOf forgets the mails behind submissions that are removed.
func mailsOf(tx core.App, feedback []string) (dirs []string, err error) {
	ids := make([]any, len(feedback))
	for i, id := range feedback {
		ids[i] = id
	}
	rows, err := tx.FindAllRecords(desk.InboundMails, dbx.In("feedback", ids...))
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		dir, err := forgetMail(tx, r)
		if err != nil {
			return nil, err
		}
		if dir != "" {
			dirs = append(dirs, dir)
		}
	}
	return dirs, nil
}

// sweepMails removes mails as they came once their time is over. What was read
// from them stays on the cases; of those that stand on no case nothing stays.
func sweepMails(app core.App, before time.Time) error {
	total := 0
	for {
		var dirs []string
		n := 0
		err := app.RunInTransaction(func(tx core.App) error {
			dirs = nil
			var rows []*core.Record
			err := tx.RecordQuery(desk.InboundMails).AndWhere(dbx.NewExp("[[raw]] != '' AND [[created]] < {:before} AND [[status]] != 'received'",
				dbx.Params{"before": desk.Date(before).String()})).OrderBy("created").Limit(part).All(&rows)
			if err != nil {
				return err
			}
			n = len(rows)
			for _, r := range rows {
				dirs = append(dirs, r.BaseFilesPath())
				if r.GetString("case") == "" {
					_, err = forgetMail(tx, r)
				} else {
					r.Set("raw", "")
					err = desk.Save(tx, r)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		total += n
		if err == nil {
			err = desk.RemoveFiles(app, dirs)
		}
		if err != nil || n < part {
			if total > 0 {
				app.Logger().Info("retention: mails as they came removed", "mails", total)
			}
			return err
		}
	}
}
