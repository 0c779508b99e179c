package inbound

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/mailin/report"
)

// do does what was decided on a mail, together with its record, in one transaction.
func (s *Station) do(l *letter) error {
	switch l.decision.Verb {
	case Submit, Hold:
		return s.submit(l)
	case Join, Note:
		return s.join(l)
	case Inform:
		return s.inform(l)
	case Bounce:
		return s.commit(l, s.bounce)
	case Delay:
		return s.commit(l, s.delay)
	case Receipt:
		return s.commit(l, s.receipt)
	}
	return s.commit(l, func(core.App, *letter, *desk.InboundMail) error { return nil })
}

// commit settles a mail that makes no message: its effect and its record.
func (s *Station) commit(l *letter, effect func(tx core.App, l *letter, row *desk.InboundMail) error) error {
	return s.config.Commit.Do(func(tx core.App) error {
		row, err := s.ready(tx, l)
		if err != nil {
			return err
		}
		if err := effect(tx, l, row); err != nil {
			return err
		}
		return l.finish(tx, row, l.decision.Outcome)
	})
}

// describe notes what the mail says, now that it is read.
func (l *letter) describe(row *desk.InboundMail) {
	if l.from.Addr != "" {
		row.Set("from_addr", l.from.Addr)
	}
	row.Set("subject", desk.Clip(desk.OneLine(plain(l.mail.Subject)), 300))
}

// finish notes what became of a mail.
func (l *letter) finish(tx core.App, row *desk.InboundMail, outcome string) error {
	l.describe(row)
	row.Set("status", desk.MailDone)
	if l.facts.Seen {
		row.Set("status", desk.MailDuplicate)
	}
	row.Set("outcome", outcome)
	row.Set("reason", l.decision.Why)
	if row.Case() == "" {
		row.Set("case", l.caseID())
	}
	row.Set("error", "")
	row.Set("attempts", row.Attempts()+1)
	row.Set("next_attempt", "")
	return desk.Save(tx, row.Record)
}

// caseID is the case that a mail speaks of by a token or a report.
func (l *letter) caseID() string {
	switch {
	case l.case_ != nil:
		return l.case_.Id
	case l.about.found():
		return l.about.caseID
	}
	return ""
}

// bounce tells the case whose mail did not arrive. Of the addresses in the report
// only those count to which that mail went.
func (s *Station) bounce(tx core.App, l *letter, row *desk.InboundMail) error {
	a := l.about
	switch {
	case a.message == nil && a.delivery != nil:
		return s.config.Bounced(tx, Bounced{Delivery: a.delivery, Hard: l.mail.Bounce.Kind == report.Hard, Why: l.diagnosis()})
	case a.message == nil:
		return desk.Record(tx, desk.Event{Case: a.caseID, Kind: "bounced", After: map[string]any{"reason": l.diagnosis(), "inbound": row.Id}})
	}
	row.Set("message", a.message.Id)
	went := a.recipients()
	var told int
	for _, r := range l.mail.Bounce.Recipients {
		if r.Kind != report.Hard && r.Kind != report.Soft {
			continue
		}
		for _, addr := range []string{r.Original, r.Address} {
			key, err := mail.NormalizeAddress(addr)
			if err != nil || !slices.Contains(went, key) {
				continue
			}
			told++
			err = s.config.Bounced(tx, Bounced{Delivery: a.delivery, Message: a.message, Address: key, Hard: r.Kind == report.Hard, Why: because(r)})
			if err != nil {
				return fmt.Errorf("note the bounce: %w", err)
			}
			break
		}
	}
	if told > 0 {
		return nil
	}
	// it names none of them: the address was forwarded, or the report names nobody.
	// Of several nobody knows which one is dead, so that none counts as it.
	b := Bounced{Delivery: a.delivery, Message: a.message, Hard: l.mail.Bounce.Kind == report.Hard && len(went) <= 1, Why: l.diagnosis()}
	if len(went) > 0 {
		b.Address = went[0]
	}
	return s.config.Bounced(tx, b)
}

// recipients are the addresses that a mail of ours went to, as keys.
func (a about) recipients() (out []string) {
	add := func(addr string) {
		if key, err := mail.NormalizeAddress(addr); err == nil && !slices.Contains(out, key) {
			out = append(out, key)
		}
	}
	if a.delivery != nil {
		for _, addr := range strings.Split(a.delivery.Recipient(), ",") {
			add(addr)
		}
	}
	if a.message != nil {
		for _, copied := range append(a.message.Cc(), a.message.Bcc()...) {
			add(copied.Addr)
		}
	}
	return out
}

// diagnosis is what the report gives as the reason.
func (l *letter) diagnosis() string {
	for _, r := range l.mail.Bounce.Recipients {
		if why := because(r); why != "" {
			return why
		}
	}
	return desk.Clip(desk.OneLine(plain(l.mail.Subject)), 300)
}

func because(r report.Recipient) string {
	return desk.Clip(desk.OneLine(plain(strings.TrimSpace(r.Status+" "+r.Diagnostic))), 900)
}

// delay notes that another server still tries.
func (s *Station) delay(tx core.App, l *letter, row *desk.InboundMail) error {
	after := map[string]any{"reason": l.diagnosis(), "inbound": row.Id}
	if l.about.caseID == "" {
		return nil // about a submission that is no case
	}
	if m := l.about.message; m != nil {
		after["message"] = m.Id
		row.Set("message", m.Id)
	}
	return desk.Record(tx, desk.Event{Case: l.about.caseID, Kind: "mail_delayed", After: after})
}

// receipt notes that a message was shown to its reader. That it was thrown away
// unread, which a receipt may say too (RFC 8098, section 3.2.6), is none.
func (s *Station) receipt(tx core.App, l *letter, row *desk.InboundMail) error {
	m := l.about.message
	if m == nil || unread(embedded(l.mail)) {
		return nil
	}
	row.Set("message", m.Id)
	m, err := desk.FindMessage(tx, m.Id)
	if err != nil {
		return err
	}
	if m.GetDateTime("read_at").IsZero() {
		m.Set("read_at", desk.Date(desk.Now(tx)))
		if err := desk.Save(tx, m.Record); err != nil {
			return err
		}
	}
	return desk.Record(tx, desk.Event{Case: m.Case(), Kind: "read", After: map[string]any{"message": m.Id, "by": l.from.Addr}})
}

// unread tells whether a receipt says that the mail was not shown.
func unread(said string) bool {
	_, disposition, found := strings.Cut(strings.ToLower(said), "\ndisposition:")
	disposition, _, _ = strings.Cut(disposition, "\n")
	return found && !strings.Contains(disposition, "displayed")
}
