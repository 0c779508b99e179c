package outbox

import (
	"context"
	"io"
	"mime"
	"path"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// send makes one try and leaves its outcome in the letter.
func (w *Worker) send(ctx context.Context, l *letter) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	raw, err := w.build(l)
	if err != nil {
		l.err = err
		return
	}
	server := serverOf(w.app)
	l.reply, l.err = mail.Send(ctx, server, mail.Envelope{
		From: w.envelopeFrom(l, server.Host), To: []string{l.delivery.Recipient()}, Raw: raw,
	})
}

func (w *Worker) build(l *letter) ([]byte, error) {
	p := l.payload
	m := mail.Message{
		From:      mail.Address{Name: p.FromName, Addr: p.From},
		To:        mail.Address{Name: p.ToName, Addr: l.delivery.Recipient()},
		ReplyTo:   mail.Address{Name: p.FromName, Addr: p.ReplyTo},
		Subject:   p.Subject,
		Text:      p.Text,
		HTML:      mail.TextToHTML(p.Text, p.Locale),
		MessageID: p.MessageID, InReplyTo: p.InReplyTo, References: p.References,
		Lang: p.Locale,
	}
	m.Date, _ = time.Parse(time.RFC3339, p.Date)
	if p.Automatic() {
		m.Auto = mail.AutoReplied
	}
	if l.message != nil {
		for _, name := range l.message.Files() {
			m.Attachments = append(m.Attachments, w.attachment(l.message, name))
		}
	}
	return mail.Build(m)
}

func (w *Worker) attachment(m *desk.Message, name string) mail.Attachment {
	return mail.Attachment{
		Name: desk.OriginalName(m.Record, name), Type: mime.TypeByExtension(path.Ext(name)),
		Open: func() (io.ReadCloser, error) { return openFile(w.app, m.BaseFilesPath()+"/"+name) },
	}
}

func openFile(app core.App, key string) (io.ReadCloser, error) {
	fsys, err := app.NewFilesystem()
	if err != nil {
		return nil, err
	}
	r, err := fsys.GetReader(key)
	if err != nil {
		fsys.Close()
		return nil, err
	}
	return &stored{r, fsys}, nil
}

type stored struct {
	io.ReadCloser
	fsys *filesystem.System
}

func (s *stored) Close() error {
	err := s.ReadCloser.Close()
	if closeErr := s.fsys.Close(); err == nil {
		err = closeErr
	}
	return err
}

// envelopeFrom is the null sender for automatic mail, so that nothing ever
// answers it (RFC 3834, section 3.3), unless this server is known to refuse it.
func (w *Worker) envelopeFrom(l *letter, host string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if l.payload.Automatic() && w.noNull != host {
		return ""
	}
	return l.payload.ReplyTo
}

func serverOf(app core.App) mail.Server {
	s := app.Settings().SMTP
	return mail.Server{
		Host: s.Host, Port: s.Port, Username: s.Username, Password: s.Password,
		ImplicitTLS: s.TLS, AuthMethod: s.AuthMethod, LocalName: s.LocalName, Timeout: timeout,
	}
}
