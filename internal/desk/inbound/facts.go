package inbound

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"golang.org/x/text/unicode/norm"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/mailin"
	"github.com/pocketdesk/pocketdesk/internal/mailin/report"
)

// letter is one mail on its way through a round.
type letter struct {
	row  *desk.InboundMail
	mail *mailin.Mail
	err  error // of reading it

	from     mailin.Address // who wrote it; Addr as a key, "" where there is none
	auto     string         // why it is automatic; "" a person wrote it
	auth     authentication
	box      *desk.Mailbox // nil where none was named
	facts    Facts
	decision Decision
	case_    *desk.Case // with a valid token, or that a claim is about
	about    about      // what a report is about
	asked    Asked      // what the sender was asked for help with
	claim    string     // what it claims to belong to
}

// authentication are the results that the shop's mail server wrote.
type authentication struct{ spf, dkim, dmarc string }

// examine finds out all that decides where a mail goes. It changes nothing.
func (s *Station) examine(app core.App, l *letter) error {
	settings, err := desk.LoadSettings(app)
	if err != nil {
		return err
	}
	own, err := desk.OwnAddresses(app)
	if err != nil {
		return err
	}
	m, f := l.mail, &l.facts
	*f = Facts{}
	if id := l.row.Mailbox(); id != "" {
		if l.box, err = desk.FindMailbox(app, id); err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
	}
	l.identify(own, settings.Mail.AuthservID)
	l.auto = automatic(m, own)
	f.Bounced = m.Bounce.Kind == report.Hard || m.Bounce.Kind == report.Soft
	f.Delayed = m.Bounce.Kind == report.Delayed
	f.Read = m.Receipt
	f.Own = s.own(m, l.from.Addr, own, settings.Mail)
	f.Auto = l.auto != ""
	f.Machine = m.NullPath || machine(l.from.Addr)
	f.Forged = l.auth.dmarc == "fail"
	if f.Bounced || f.Delayed || f.Read {
		if l.about, err = s.about(app, m); err != nil {
			return fmt.Errorf("what the report is about: %w", err)
		}
		f.Ours = l.about.found()
	}
	if err := s.claims(app, l); err != nil {
		return err
	}
	if f.Seen, err = s.seen(app, l); err != nil {
		return err
	}
	l.decision = Route(*f)
	return nil
}

// identify finds out who wrote a mail, and what vouches for that. A pass of a list of
// our own vouches for the list, not for the person whom it names.
func (l *letter) identify(own []string, authserv string) {
	var listed bool
	l.from, listed = author(l.mail, own)
	l.auth = resultsOf(l.mail, authserv)
	if listed && l.auth.dmarc == "pass" {
		l.auth.dmarc = "none"
	}
}

// claims finds the case that a mail says it belongs to, and who its sender is there.
func (s *Station) claims(app core.App, l *letter) (err error) {
	f := &l.facts
	found, forged := s.marks(l.mail)
	l.case_, l.asked = nil, Asked{}
	var opened *desk.Case
	strange := false // it answers what somebody else was asked
	for _, k := range found {
		if opened, l.case_, err = caseOf(app, k.token); err != nil {
			return err
		}
		if l.case_ != nil {
			break
		}
		if l.asked, err = s.config.Asked(app, k.token, l.from.Addr); err != nil {
			return err
		}
		if l.asked.Known {
			return s.helper(app, l)
		}
		strange = strange || l.asked.Run != ""
	}
	switch {
	case l.case_ != nil:
		f.Token = Valid
		if f.Known, err = takesPart(app, l.case_, l.from.Addr); err == nil && !f.Known && opened.Id != l.case_.Id {
			f.Known, err = takesPart(app, opened, l.from.Addr) // it was merged into another one since
		}
		if err != nil {
			return err
		}
	case strange || slices.ContainsFunc(found, func(k mark) bool { return k.signed }):
		f.Token = Stale
	case len(found) > 0 || forged:
		f.Token, l.claim = Bogus, "token"
	default:
		return s.numbers(app, l)
	}
	if f.Token == Valid && f.Known {
		f.Barred, err = s.barred(app, l)
	}
	return err
}

// barred asks screening whether staff want to hear from the sender at all.
func (s *Station) barred(app core.App, l *letter) (bool, error) {
	f, err := desk.NewFeedback(app)
	if err != nil {
		return false, err
	}
	f.Set("source", desk.SourceEmail)
	f.Set("email", l.from.Addr)
	f.Set("name", l.from.Name)
	f.Set("subject", desk.Clip(l.mail.Subject, 300))
	f.Set("message", words(l.mail))
	return s.config.Unwelcome(app, f)
}

// claimed finds the number of a case in a subject: [#42], [Case 42], case #42,
// 案件 42, 工單 #42, 受付番号：42. A bare #42 is an order as often. Cases and tickets
// are wares as well ("iPhone case 15", ケース15, チケット5枚), so there a sign or a
// word for number must stand between, or the subject be nothing else.
var claimed = regexp.MustCompile(`(?i)\[\s*(?:case|ticket)?\s*#?\s*(\d{1,9})\s*\]` +
	`|\b(?:case|ticket)(?:\s*[#:]\s*#?|\s+(?:no\.?|number|id)\s*[#:]?\s*)(\d{1,9})\b` +
	`|^\s*(?:(?:re|fwd?|aw|wg)\s*:\s*)*(?:case|ticket)\s+(\d{1,9})\s*$` +
	`|(?:ケース|チケット)(?:番号\s*[:#]?\s*#?|\s*[:#]\s*#?)(\d{1,9})` +
	`|(?:案件|工單|工单|個案|个案|受付番号|問い合わせ番号)(?:編號|编号|番号|號碼|号码)?\s*[:#]?\s*#?(\d{1,9})`)

// numbers notices a subject with the number of a case in which the sender has no
// part. Numbers are for staff: who writes one has guessed, or got it from them.
func (s *Station) numbers(app core.App, l *letter) error {
	for _, hit := range claimed.FindAllStringSubmatch(norm.NFKC.String(l.mail.Subject), 3) {
		n, _ := strconv.Atoi(strings.Join(hit[1:], ""))
		r := &core.Record{}
		err := app.RecordQuery(desk.Cases).AndWhere(dbx.HashExp{"number": n}).Limit(1).One(r)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return err
		}
		known, err := takesPart(app, desk.AsCase(r), l.from.Addr)
		if err != nil {
			return err
		}
		if !known {
			l.facts.Number, l.claim = true, "#"+strconv.Itoa(n)
			return nil
		}
	}
	return nil
}

// takesPart tells whether an address has a part in a case: it is one of the
// contact's, it was typed in the message that opened the case, staff wrote to it
// there, or staff let a mail of it onto the case.
func takesPart(app core.App, c *desk.Case, addr string) (bool, error) {
	if addr == "" {
		return false, nil
	}
	who := mail.Mailbox(addr) // a visitor who typed ann+shop@ answers as ann@
	rows, err := app.FindAllRecords(desk.Identities, dbx.HashExp{"contact": c.Contact(), "kind": desk.KindEmail})
	if err != nil {
		return false, err
	}
	for _, r := range rows {
		if mail.Mailbox(r.GetString("value")) == who && c.Contact() != "" {
			return true, nil
		}
	}
	if f, err := desk.FindFeedback(app, c.Feedback()); err == nil && f.Email() != "" && mail.Mailbox(f.Email()) == who {
		return true, nil
	}
	return letIn(app, c.Id, who)
}

// letIn tells whether a message of the case lets a mailbox in. Only what names
// addresses is read, and each once: a case may have thousands of messages.
func letIn(app core.App, caseID, who string) (bool, error) {
	rows, err := app.DB().Select("from_addr", "direction", "cc", "bcc").Distinct(true).From(desk.Name(app, desk.Messages)).
		Where(dbx.HashExp{"case": caseID}).
		AndWhere(dbx.NewExp("([[direction]] = 'in' AND [[auto]] = '' AND [[from_addr]] != '' OR [[direction]] = 'out' AND [[author]] != '')")).Rows()
	if err != nil {
		return false, err
	}
	defer rows.Close()
	for rows.Next() {
		var from, direction, cc, bcc sql.NullString
		if err := rows.Scan(&from, &direction, &cc, &bcc); err != nil {
			return false, err
		}
		list := []string{from.String}
		if direction.String == desk.Out {
			list = append(addresses(cc.String), addresses(bcc.String)...)
		}
		if slices.ContainsFunc(list, func(a string) bool { return mail.Mailbox(a) == who }) {
			return true, nil
		}
	}
	return false, rows.Err()
}

// addresses are those of a list of [desk.Addressee] as it is stored; what is no list has none.
func addresses(stored string) (out []string) {
	var list []desk.Addressee
	_ = json.Unmarshal([]byte(stored), &list)
	for _, a := range list {
		out = append(out, a.Addr)
	}
	return out
}

// seen tells whether the mail stands on its case already or came by another
// mailbox of the shop, be it that its sender was erased since.
func (s *Station) seen(app core.App, l *letter) (bool, error) {
	id := l.mail.MessageID
	if l.case_ != nil && id != "" && !l.mail.MissingID {
		// by the index of ids, whose condition must be repeated; the plus keeps SQLite from that of cases
		n, err := app.CountRecords(desk.Messages, dbx.NewExp("[[message_id]] = {:id} AND [[message_id]] != '' AND +[[case]] = {:case}",
			dbx.Params{"id": id, "case": l.case_.Id}))
		if n > 0 || err != nil {
			return n > 0, err
		}
	}
	n, err := app.CountRecords(desk.InboundMails, dbx.NewExp("[[message_id]] IN ({:id}, {:forgotten}) AND +[[status]] = 'done' AND [[id]] != {:own}",
		dbx.Params{"id": l.row.MessageID(), "forgotten": desk.ForgottenID(app, l.row.MessageID()), "own": l.row.Id}))
	return n > 0, err
}
