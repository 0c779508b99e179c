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
	c, err := desk.FindCase(tx, l.message.Case())
	if err != nil {
		return err
	}
	p := &l.payload
	p.From = s.ReplyFrom
	if p.From == "" {
		p.From = tx.Settings().Meta.SenderAddress
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
		p.MessageID = w.signer.MessageID(mail.Ref{Token: p.Token, Kind: p.Kind, Nonce: p.Nonce, Domain: mail.Domain(p.From)})
	}
	l.message.Set("message_id", p.MessageID)
	l.message.Set("in_reply_to", p.InReplyTo)
	return desk.Save(tx, l.message.Record)
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
	return strings.TrimRight(app.Settings().Meta.AppURL, "/") + w.publicPath + "/t/" + c.TrackToken()
}

// senderName is the agent with the shop for an answer, the shop alone for what
// the system writes.
func senderName(app core.App, m *desk.Message, s *desk.Settings, locale string) string {
	shop := s.ShopName.In(locale)
	if shop == "" {
		shop = app.Settings().Meta.SenderName
	}
	if m.Author() == "" {
		return shop
	}
	r, err := app.FindRecordById(desk.Agents, m.Author())
	if err != nil || r.GetString("name") == "" {
		return shop
	}
	return r.GetString("name") + " (" + shop + ")"
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
