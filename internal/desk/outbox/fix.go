package outbox

import (
	"slices"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// maxReferences keeps the header short; the first and the latest count.
const maxReferences = 20

// Fix settles what this and every later try sends. Sender and public address may
// have been unknown when the mail was queued.
func (w post) Fix(tx core.App, l *Letter) error {
	if l.Payload.MessageID != "" && l.Payload.From != "" {
		return nil // at an earlier try
	}
	s, err := desk.LoadSettings(tx)
	if err != nil {
		return err
	}
	p := &l.Payload
	p.From = s.ReplyFrom
	if p.From == "" {
		p.From = tx.Settings().Meta.SenderAddress
	}
	p.ReturnPath = w.returnPath(l, s)
	if l.Message == nil {
		w.fixNotice(tx, l, s)
		return nil
	}
	c, err := desk.FindCase(tx, l.Message.Case())
	if err != nil {
		return err
	}
	p.FromName = senderName(tx, l.Message, s, p.Locale)
	p.ReplyTo = s.AnswerBox(p.From)
	if s.Mail.PlusAddresses() {
		p.ReplyTo = mail.PlusAddress(p.ReplyTo, p.Token)
	}
	p.Subject = l.Message.Subject()
	opened, err := desk.CaseOfToken(tx, p.Token, c)
	if err != nil {
		return err
	}
	p.Text = withLink(l.Message, w.TrackingURL(tx, opened), p)
	if p.Date == "" {
		p.Date = desk.Now(tx).Format(time.RFC3339)
	}
	if p.MessageID == "" {
		if err := thread(tx, l, c.Id); err != nil {
			return err
		}
		p.MessageID = w.messageID(*p)
	}
	l.Message.Set("message_id", p.MessageID)
	l.Message.Set("in_reply_to", p.InReplyTo)
	return desk.Save(tx, l.Message.Record)
}

// fixNotice is fix for a mail about a submission. Its link is made anew each
// time, so that its life begins when the mail can leave. An answer to it goes to
// the shop's mailbox and to no case, but for one that asks somebody outside for
// help: his answer stands on the case as a note.
func (w post) fixNotice(tx core.App, l *Letter, s *desk.Settings) {
	p := &l.Payload
	p.FromName = shopName(tx, s, p.Locale)
	p.ReplyTo = s.AnswerBox(p.From)
	if p.Kind == desk.KindEscalated && s.Mail.PlusAddresses() { // whom it asks for help may answer it
		p.ReplyTo = mail.PlusAddress(p.ReplyTo, p.Token)
	}
	p.Text = w.withSecrets(tx, l)
	if p.Date == "" {
		p.Date = desk.Now(tx).Format(time.RFC3339)
	}
	if p.MessageID == "" {
		p.MessageID = w.messageID(*p)
	}
}

// withSecrets is the text of a mail that no message stands for, with the secret
// link that its mark stands for.
func (w post) withSecrets(tx core.App, l *Letter) string {
	p := l.Payload
	if p.Run != "" {
		return strings.ReplaceAll(p.Draft, desk.EscalationLink, w.pageURL(tx, "e", desk.NewEscalationToken(tx, p.Run, p.Step))+"?lang="+p.Locale)
	}
	return strings.ReplaceAll(p.Draft, desk.ConfirmationLink, w.pageURL(tx, "c", desk.NewConfirmation(tx, l.Delivery.Feedback())))
}

func (w post) messageID(p desk.Payload) string {
	return w.signer.MessageID(mail.Ref{Token: p.Token, Kind: p.Kind, Nonce: p.Nonce, Domain: mail.Domain(p.From)})
}

// returnPath is where a bounce of the mail comes back to; "" for where answers go.
func (w post) returnPath(l *Letter, s *desk.Settings) string {
	base := s.AnswerBox(l.Payload.From)
	if !s.Mail.PlusAddresses() {
		return base
	}
	return w.signer.ReturnPath(base, l.Delivery.Id)
}

// TrackingURL is the secret page of a case; "" where it was revoked.
func (w *Worker) TrackingURL(app core.App, c *desk.Case) string {
	if c.TrackToken() == "" {
		return ""
	}
	return w.pageURL(app, "t", c.TrackToken())
}

// pageURL is the address of a visitor's page with a token.
func (w *Worker) pageURL(app core.App, page, token string) string {
	return strings.TrimRight(app.Settings().Meta.AppURL, "/") + w.publicPath + "/" + page + "/" + token
}

// senderName is the agent with the shop for an answer, the shop alone for what
// the system writes.
func senderName(app core.App, m *desk.Message, s *desk.Settings, locale string) string {
	shop := shopName(app, s, locale)
	if m.Author() == "" {
		return shop
	}
	r, err := app.FindRecordById(desk.Agents, m.Author())
	if err != nil || r.GetString("name") == "" {
		return shop
	}
	return r.GetString("name") + " (" + shop + ")"
}

func shopName(app core.App, s *desk.Settings, locale string) string {
	if shop := s.ShopName.In(locale); shop != "" {
		return shop
	}
	return app.Settings().Meta.SenderName
}

// thread hangs the mail on those of the case that went before it (RFC 5322,
// section 3.6.4): it answers the visitor's latest one, or else our own.
func thread(tx core.App, l *Letter, caseID string) error {
	var rows []struct {
		ID        string `db:"message_id"`
		Direction string `db:"direction"`
	}
	err := tx.DB().Select("message_id", "direction").From(desk.Name(tx, desk.Messages)).
		Where(dbx.HashExp{"case": caseID}).
		AndWhere(dbx.NewExp("[[contact]] IN ('', {:contact})", dbx.Params{"contact": l.Message.GetString("contact")})). // a merged case has several people's
		AndWhere(dbx.NewExp("[[message_id]] != '' AND [[id]] != {:id}", dbx.Params{"id": l.Message.Id})).
		OrderBy("created", "rowid").All(&rows)
	if err != nil {
		return err
	}
	var ids []string
	parent := ""
	for _, r := range rows {
		if strings.HasSuffix(r.ID, missingID) {
			continue
		}
		ids = append(ids, r.ID)
		if r.Direction == desk.In {
			parent = r.ID
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if parent == "" {
		parent = ids[len(ids)-1]
	}
	ids = append(slices.DeleteFunc(ids, func(id string) bool { return id == parent }), parent)
	if len(ids) > maxReferences {
		ids = append(ids[:1:1], ids[len(ids)-maxReferences+1:]...)
	}
	l.Payload.InReplyTo, l.Payload.References = parent, ids
	return nil
}

// missingID ends the id that stands for a mail which came without one: nobody
// else knows it.
const missingID = "@missing>"
