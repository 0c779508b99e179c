package inbound

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mailin"
)

const (
	maxMessage = 20_000 // characters of a submission's message
	maxFiles   = 30     // of one mail; the mail as it came holds the others
)

// submit makes a submission of a mail and gives it to screening.
func (s *Station) submit(l *letter) error {
	f, err := s.submission(l)
	if err != nil {
		return err
	}
	return s.config.Receive(s.app, f, s.letter(l))
}

// submission is a mail in the fields of a form. What somebody writes for the first
// time is kept whole, since what he forwards belongs to it; of an answer to a mail
// of ours the new words are enough.
func (s *Station) submission(l *letter) (*desk.Feedback, error) {
	f, err := desk.NewFeedback(s.app)
	if err != nil {
		return nil, err
	}
	settings, err := desk.LoadSettings(s.app)
	if err != nil {
		return nil, err
	}
	m := l.mail
	subject := desk.Clip(desk.OneLine(plain(m.Subject)), 300)
	text := clean(m.Text)
	if l.facts.Token != NoToken {
		text = words(m)
	}
	locale := guess(subject+"\n"+words(m), m.Header.Get("Content-Language"), settings.Locale)
	files := files(m)
	text, rest := fit(text, maxMessage)
	if rest != nil {
		files = append(files, rest)
	}
	if text == "" {
		text = wordless(locale)
	}
	for name, value := range map[string]any{
		"source": desk.SourceEmail, "name": l.from.Name, "email": l.from.Addr, "subject": subject,
		"message": text, "locale": locale, "consent": false,
	} {
		f.Set(name, value)
	}
	if l.box != nil {
		f.Set("form", l.box.Form())
	}
	if len(files) > 0 {
		f.Set("attachments", files)
	}
	return f, nil
}

// letter is what a mail says beside its submission.
func (s *Station) letter(l *letter) *desk.Letter {
	out := &desk.Letter{
		SPF: l.auth.spf, DKIM: l.auth.dkim, DMARC: l.auth.dmarc, ReplyTo: elsewhere(l.mail, l.from.Addr),
		Old: l.row.Quiet(), Fill: func(m *desk.Message) { l.fill(m, nil) },
	}
	out.AckTo, out.NoAck = l.acknowledge()
	if l.box != nil {
		out.Team = l.box.Team()
	}
	if l.decision.Verb == Hold {
		out.Hold, out.Said = l.decision.Why, l.claim
		if l.decision.Why == "barred" { // screening says it by itself
			out.Hold = desk.HoldSomeoneElse
		}
		if l.facts.Token == Valid && !l.facts.Helper { // whose words are no visitor's
			out.ForCase = l.case_.Id
		}
	}
	out.Settle = func(tx core.App, r desk.Received) error {
		row, err := s.ready(tx, l)
		if err != nil {
			return err
		}
		return s.received(tx, l, row, r)
	}
	return out
}

// received notes what screening made of a mail, and that its sender can be reached.
func (s *Station) received(tx core.App, l *letter, row *desk.InboundMail, r desk.Received) error {
	row.Set("feedback", r.Feedback)
	outcome := map[string]string{desk.Accepted: desk.MailCase, desk.Quarantined: desk.MailQuarantined, desk.Blocked: desk.MailBlocked}[r.Outcome]
	if r.Case != nil {
		row.Set("case", r.Case.Id)
		if err := s.config.Raise(tx, r.Case.Contact(), l.from.Addr, l.standing()); err != nil {
			return fmt.Errorf("note the address: %w", err)
		}
	}
	return l.finish(tx, row, outcome)
}

// words are what the sender wrote anew. A mail in which the trimmer finds
// nothing new is taken whole: better too much than nothing.
func words(m *mailin.Mail) string {
	if text := clean(m.Reply); text != "" {
		return text
	}
	return clean(m.Text)
}

// clean is a text without what no person types.
func clean(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
	return strings.Trim(s, " \t\n\u3000\u00A0\u200B\uFEFF")
}

// fit cuts a text to its field; what was cut is kept whole as a file.
func fit(text string, most int) (string, *filesystem.File) {
	if len(text) <= most {
		return text, nil
	}
	cut := desk.Clip(text, most)
	if cut == text {
		return text, nil
	}
	file, err := filesystem.NewFileFromBytes([]byte(text), "message.txt")
	if err != nil {
		return cut, nil
	}
	return cut, file
}

// files are a mail's attachments as uploads. What they are is told by their
// content when they are stored; they leave as downloads only.
func files(m *mailin.Mail) []*filesystem.File {
	var out []*filesystem.File
	for i, a := range m.Attachments {
		if len(out) == maxFiles-1 && len(m.Attachments) > i+1 {
			break // one place is left for a text that is too long
		}
		name := a.Name
		if strings.TrimSpace(name) == "" {
			name = fmt.Sprintf("file-%d", i+1)
		}
		if len(a.Data) == 0 {
			continue
		}
		if f, err := filesystem.NewFileFromBytes(a.Data, name); err == nil {
			out = append(out, f)
		}
	}
	return out
}

// wordless stands for a mail without a word in it, whose files are the message.
func wordless(locale string) string {
	switch locale {
	case "zh-TW":
		return "（信中沒有文字）"
	case "zh-CN":
		return "（邮件中没有文字）"
	case "ja":
		return "（本文なし）"
	}
	return "(no text)"
}
