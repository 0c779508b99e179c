package outbox

import (
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// maxReferences keeps the header short; the first and the latest count.
const maxReferences = 20

// fix settles what this and every later try sends. Sender and public address
// may have been unknown when the mail was queued.
func (w *Worker) fix(tx core.App, l *letter) error {
	s, err := desk.LoadSettings(tx)
	if err != nil {
		return err
	}
	p := &l.payload
	p.From = s.ReplyFrom
	if p.From == "" {
		p.From = tx.Settings().Meta.SenderAddress
	}
	if l.message == nil {
		w.fixNotice(tx, l, s)
		return nil
	}
	c, err := desk.FindCase(tx, l.message.Case())
	if err != nil {
		return err
	}
	p.FromName = senderName(tx, l.message, s, p.Locale)
	p.ReplyTo = mail.PlusAddress(replyBase(s, p.From), p.Token)
	p.Subject = l.message.Subject()
	p.Text = strings.ReplaceAll(l.message.Body(), desk.TrackingLink, w.TrackingURL(tx, c))
	if p.Date == "" {
		p.Date = desk.Now(tx).Format(time.RFC3339)
	}
	if p.MessageID == "" {
		if err := thread(tx, l, c.Id); err != nil {
			return err
		}
		p.MessageID = w.messageID(*p)
	}
	l.message.Set("message_id", p.MessageID)
	l.message.Set("in_reply_to", p.InReplyTo)
	return desk.Save(tx, l.message.Record)
}

// fixNotice is fix for a mail about a submission. Its link is made anew each
// time, so that its life begins when the mail can leave. An answer to it goes to
// the shop's mailbox and to no case.
func (w *Worker) fixNotice(tx core.App, l *letter, s *desk.Settings) {
	p := &l.payload
	p.FromName = shopName(tx, s, p.Locale)
	p.ReplyTo = replyBase(s, p.From)
	p.Text = strings.ReplaceAll(p.Draft, desk.ConfirmationLink, w.pageURL(tx, "c", desk.NewConfirmation(tx, l.delivery.Feedback())))
	if p.Date == "" {
		p.Date = desk.Now(tx).Format(time.RFC3339)
	}
	if p.MessageID == "" {
		p.MessageID = w.messageID(*p)
	}
}

func (w *Worker) messageID(p desk.Payload) string {
	return w.signer.MessageID(mail.Ref{Token: p.Token, Kind: p.Kind, Nonce: p.Nonce, Domain: mail.Domain(p.From)})
}

// replyBase is the mailbox that answers go to.
func replyBase(s *desk.Settings, from string) string {
	if s.ReplyFrom == "" && s.ServiceEmail != "" {
		return s.ServiceEmail
	}
	return from
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

// thread hangs the mail on those of the case that went before it (RFC 5322, section 3.6.4).
func thread(tx core.App, l *letter, caseID string) error {
	var ids []string
	err := tx.DB().Select("message_id").From(desk.Name(tx, desk.Messages)).
		Where(dbx.HashExp{"case": caseID}).
		AndWhere(dbx.NewExp("[[message_id]] != '' AND [[id]] != {:id}", dbx.Params{"id": l.message.Id})).
		OrderBy("created", "rowid").Column(&ids)
	if err != nil || len(ids) == 0 {
		return err
	}
	l.payload.InReplyTo = ids[len(ids)-1]
	if len(ids) > maxReferences {
		ids = append(ids[:1:1], ids[len(ids)-maxReferences+1:]...)
	}
	l.payload.References = ids
	return nil
}
