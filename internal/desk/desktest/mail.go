package desktest

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
)

// NewMail is one more station for mail in on the same data; change, if set,
// changes what it is made of.
func (a *App) NewMail(change func(*inbound.Config)) *inbound.Station {
	c := inbound.Config{
		Commit: a.Commit, Raise: casework.Raise, Unwelcome: a.Door.Unwelcome,
		Receive: func(app core.App, f *desk.Feedback, l *desk.Letter) error {
			_, err := a.Door.Receive(app, intake.Submission{Feedback: f, Letter: l})
			var fields intake.FieldErrors
			if errors.As(err, &fields) {
				return fmt.Errorf("%w: %w", inbound.ErrUnusable, err)
			}
			return err
		},
		Hear: func(tx core.App, c *desk.Case, m *desk.Message, auto bool) error {
			return a.Work.Hear(tx, casework.Heard{Case: c, Message: m, Auto: auto})
		},
		Bounced: func(tx core.App, b inbound.Bounced) error {
			return a.Work.Bounced(tx, casework.Bounced(b))
		},
	}
	if change != nil {
		change(&c)
	}
	return inbound.New(a, c)
}

// Letter is a mail as it comes in, from Anna to the shop, with these headers
// changed; "" takes a header out.
func Letter(body string, headers map[string]string) []byte {
	order := []string{"Return-Path", "From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"}
	all := map[string]string{
		"Return-Path": "<anna@example.com>", "From": "Anna Berg <anna@example.com>", "To": "desk@shop.example",
		"Subject": "A question about cups", "Date": "Mon, 16 Nov 2026 09:00:00 +0800", "Message-ID": "<" + core.GenerateDefaultRandomId() + "@mailer.example>",
		"MIME-Version": "1.0", "Content-Type": "text/plain; charset=utf-8",
	}
	for name, value := range headers {
		if _, known := all[name]; !known {
			order = append(order, name)
		}
		all[name] = value
	}
	var b strings.Builder
	for _, name := range order {
		if all[name] != "" {
			b.WriteString(name + ": " + all[name] + "\r\n")
		}
	}
	return []byte(b.String() + "\r\n" + strings.ReplaceAll(body, "\n", "\r\n"))
}

// Take takes a mail in by the webhook and has it read. It returns its record.
func (a *App) Take(raw []byte) *desk.InboundMail {
	a.t.Helper()
	id, _, err := a.Mail.Take(inbound.Raw{Source: desk.FromWebhook, Data: raw})
	if err != nil {
		a.t.Fatal(err)
	}
	if _, err := a.Mail.Drain(a.t.Context()); err != nil {
		a.t.Fatal(err)
	}
	return desk.AsInboundMail(a.Find(desk.InboundMails, id))
}

// AnswerTo is where an answer on a case goes: the desk's address with its token.
func AnswerTo(c *desk.Case) string { return "desk+c-" + c.GetString("mail_token") + "@shop.example" }
