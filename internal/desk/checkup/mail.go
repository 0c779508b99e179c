package checkup

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/doctor"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// smtp logs in to the server that takes our mail.
func (c *Checkup) smtp(ctx context.Context, _ *desk.Settings) []doctor.Finding {
	if !desk.MailOn(c.App) {
		return one("smtp", doctor.Fail, "smtp_off")
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	server := c.server()
	secure, err := c.SMTP(ctx, server)
	var fault *mail.SendError
	switch {
	case err == nil && secure:
		return one("smtp", doctor.OK, "smtp_ok", "host", server.Host)
	case err == nil:
		return one("smtp", doctor.Warn, "smtp_plain", "host", server.Host)
	case errors.As(err, &fault) && fault.Stage == mail.StageTLS:
		return one("smtp", doctor.Fail, "smtp_tls", "host", server.Host, "reason", reason(err))
	case errors.As(err, &fault) && fault.Stage == mail.StageAuth:
		return one("smtp", doctor.Fail, "smtp_login", "host", server.Host, "reason", reason(err))
	}
	return one("smtp", doctor.Fail, "smtp_connect", "host", server.Host, "reason", reason(err))
}

func (c *Checkup) server() mail.Server {
	s := c.App.Settings().SMTP
	return mail.Server{
		Host: s.Host, Port: s.Port, Username: s.Username, Password: s.Password,
		ImplicitTLS: s.TLS, AuthMethod: s.AuthMethod, LocalName: s.LocalName, Timeout: limit,
	}
}

// reason is an error in one line. None of those that come here holds a secret.
func reason(err error) string { return desk.Clip(desk.OneLine(err.Error()), 300) }

// from is the address that mail leaves with; "" where none was chosen.
func (c *Checkup) from(s *desk.Settings) string {
	from := s.ReplyFrom
	if from == "" {
		from = c.App.Settings().Meta.SenderAddress
	}
	if from == "support@example.com" { // PocketBase's own default
		return ""
	}
	return from
}

func (c *Checkup) sender(_ context.Context, s *desk.Settings) []doctor.Finding {
	from := c.from(s)
	if from == "" {
		return one("sender", doctor.Fail, "sender_missing")
	}
	return one("sender", doctor.OK, "sender_ok", "address", from)
}

// dns looks at what the sender's domain says of itself.
func (c *Checkup) dns(ctx context.Context, s *desk.Settings) []doctor.Finding {
	domain := mail.Domain(c.from(s))
	if domain == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	return []doctor.Finding{
		doctor.MX(ctx, c.Resolver, domain),
		doctor.SPF(ctx, c.Resolver, domain, c.App.Settings().SMTP.Host),
		c.dkim(ctx, domain),
		doctor.DMARC(ctx, c.Resolver, domain),
	}
}

func (c *Checkup) dkim(ctx context.Context, domain string) doctor.Finding {
	if c.DKIM == nil {
		return doctor.NoDKIM(domain)
	}
	key, err := c.DKIM()
	switch {
	case err != nil:
		return doctor.New("dkim", doctor.Fail, "dkim_key", "reason", reason(err))
	case key == nil:
		return doctor.NoDKIM(domain)
	}
	return doctor.DKIM(ctx, c.Resolver, key.Name(), key.Record())
}

// mailboxes logs in to each that is fetched, to all at the same time: one whose
// server is silent takes nothing from the others.
func (c *Checkup) mailboxes(ctx context.Context, _ *desk.Settings) []doctor.Finding {
	rows, err := c.App.FindRecordsByFilter(desk.Mailboxes, "enabled = true", "name", 0, 0)
	if err != nil {
		return one("mailbox", doctor.Fail, "mailbox_failed", "name", "", "reason", reason(err))
	}
	rows = slices.DeleteFunc(rows, func(r *core.Record) bool { return !desk.AsMailbox(r).Fetched() })
	if len(rows) == 0 || c.Mailbox == nil {
		return one("mailbox", doctor.Off, "mailbox_off")
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	out := make([]doctor.Finding, len(rows))
	var wg sync.WaitGroup
	for i, r := range rows {
		wg.Go(func() { out[i] = c.mailbox(ctx, desk.AsMailbox(r)) })
	}
	wg.Wait()
	return out
}

func (c *Checkup) mailbox(ctx context.Context, box *desk.Mailbox) doctor.Finding {
	if err := c.Mailbox(ctx, box); err != nil {
		return doctor.New("mailbox", doctor.Fail, "mailbox_failed", "name", box.Name(), "reason", reason(err))
	}
	return doctor.New("mailbox", doctor.OK, "mailbox_ok", "name", box.Name())
}

// believed looks at who is believed about the senders of mail: without anybody a
// forged sender looks like the visitor himself.
func (c *Checkup) believed(_ context.Context, s *desk.Settings) []doctor.Finding {
	in, err := c.takesMail()
	switch {
	case err != nil || !in:
		return nil
	case s.Mail.AuthservID == "":
		return one("authserv", doctor.Warn, "authserv_missing")
	}
	return one("authserv", doctor.OK, "authserv_ok", "server", s.Mail.AuthservID)
}
