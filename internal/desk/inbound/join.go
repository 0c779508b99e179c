package inbound

import (
	"database/sql"
	"errors"
	"fmt"
	htmllib "html"
	"net/http"
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

const (
	maxBody   = 50_000  // characters of a message, and of what was cut from it
	maxHTML   = 200_000 // of a message as HTML
	maxPeople = 50      // in Cc
)

// join adds a mail to its case.
func (s *Station) join(l *letter) error {
	m, drop, err := s.message(l, l.case_.Id)
	if err != nil {
		return err
	}
	err = s.config.Commit.Do(func(tx core.App) error {
		row, err := s.ready(tx, l)
		if err != nil {
			return err
		}
		return s.add(tx, l, addition{row: row, caseID: l.case_.Id, message: m})
	})
	if err != nil {
		drop()
	}
	return err
}

// addition is a message about to be added to a case.
type addition struct {
	row     *desk.InboundMail
	caseID  string
	message *desk.Message
}

// add saves the message with the mail's record, inside the transaction.
func (s *Station) add(tx core.App, l *letter, a addition) error {
	c, err := desk.StandingCase(tx, a.caseID)
	if err != nil {
		return err
	}
	if c.Contact() == "" && c.GetString("mail_token") == "" {
		return errOtherwise // it was erased meanwhile
	}
	writer, err := writer(tx, c, l.from.Addr)
	if err != nil {
		return err
	}
	a.message.MarkAsNew() // the transaction may be run a second time
	a.message.Set("contact", writer)
	note := l.decision.Verb == Note
	if err := s.config.Hear(tx, c, a.message, note); err != nil {
		return err
	}
	a.row.Set("message", a.message.Id)
	a.row.Set("case", c.Id)
	if !note {
		if err := s.config.Raise(tx, writer, l.from.Addr, l.standing()); err != nil {
			return fmt.Errorf("note the address: %w", err)
		}
	}
	return l.finish(tx, a.row, desk.MailJoined)
}

// writer is the contact who wrote to a case: its own, or the one of a case that it
// took over, who goes on answering the mails of that one.
func writer(tx core.App, c *desk.Case, addr string) (string, error) {
	var of string
	err := tx.DB().Select("m.contact").From(desk.Name(tx, desk.Cases)+" m").
		InnerJoin(desk.Name(tx, desk.Identities)+" i", dbx.NewExp("[[i.contact]] = [[m.contact]]")).
		Where(dbx.HashExp{"i.kind": desk.KindEmail, "i.value": addr, "m.merged_into": c.Id}).
		AndWhere(dbx.NewExp("[[m.merged_into]] != ''")).Limit(1).Row(&of)
	if errors.Is(err, sql.ErrNoRows) {
		return c.Contact(), nil
	}
	return of, err
}

// message is a mail as an entry of its case, its files stored.
func (s *Station) message(l *letter, caseID string) (*desk.Message, func(), error) {
	m, err := desk.NewMessage(s.app, caseID)
	if err != nil {
		return nil, nil, err
	}
	m.Set("direction", desk.In)
	m.Set("channel", desk.ChannelEmail)
	m.Set("subject", desk.Clip(desk.OneLine(plain(l.mail.Subject)), 300))
	files := files(l.mail)
	body, rest := fit(words(l.mail), maxBody)
	if rest != nil {
		files = append(files, rest)
	}
	m.Set("body", body)
	if l.decision.Verb == Note {
		m.Set("auto", orSome(l.auto))
	}
	if len(files) > 0 {
		m.Set("attachments", files)
		desk.NameFiles(m.Record)
	}
	l.fill(m, files)
	_, drop, err := desk.StoreFiles(s.app, m.Record, "attachments")
	return m, drop, err
}

// fill puts into a message what a mail says beside its words. stored are its
// files, whose names take the place of Content-IDs in the HTML.
func (l *letter) fill(m *desk.Message, stored []*filesystem.File) {
	if m.Id == "" {
		m.Id = core.GenerateDefaultRandomId()
	}
	in := l.mail
	if html := inline(l, stored); len(html) <= maxHTML && clean(in.Reply) != "" {
		m.Set("html", html)
	}
	m.Set("quoted", desk.Clip(clean(in.Quoted), maxBody))
	m.Set("from_addr", l.from.Addr)
	m.Set("from_name", desk.Clip(desk.OneLine(plain(l.from.Name)), 200))
	m.Set("message_id", clipID(in.MessageID))
	if len(in.InReplyTo) > 0 {
		m.Set("in_reply_to", clipID(in.InReplyTo[0]))
	}
	m.Set("inbound", l.row.Id)
	var cc []map[string]string
	for _, a := range in.Cc {
		if a.Addr != "" && len(cc) < maxPeople {
			cc = append(cc, map[string]string{"name": desk.Clip(plain(a.Name), 200), "addr": desk.Clip(plain(a.Addr), 254)})
		}
	}
	if cc != nil {
		m.Set("cc", cc)
	}
}

// clipID drops an id that is longer than its field: cut short it would be another one.
func clipID(id string) string {
	if len(id) > 300 {
		return ""
	}
	return id
}

// inline is the new words as HTML, in which pictures of the mail itself are named
// by their stored files.
func inline(l *letter, stored []*filesystem.File) string {
	html := l.mail.ReplyHTML
	for _, a := range l.mail.Attachments {
		if a.ContentID == "" || !picture(a.Data) {
			continue
		}
		at := slices.IndexFunc(stored, func(f *filesystem.File) bool { return f.OriginalName == a.Name && f.Size == int64(len(a.Data)) })
		if at >= 0 {
			// up to the quote: cid:pic1 is also how cid:pic10 begins
			html = strings.ReplaceAll(html, "cid:"+htmllib.EscapeString(a.ContentID)+`"`, "cid:"+stored[at].Name+`"`)
		}
	}
	return html
}

// picture tells, by its content, a file that may be shown inside a message.
func picture(data []byte) bool {
	switch http.DetectContentType(data) {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}

// rowOf finds the mail behind a submission.
func rowOf(app core.App, feedback string) (*desk.InboundMail, error) {
	r := &core.Record{}
	err := app.RecordQuery(desk.InboundMails).AndWhere(dbx.HashExp{"feedback": feedback}).Limit(1).One(r)
	if err != nil {
		return nil, err
	}
	return desk.AsInboundMail(r), nil
}
