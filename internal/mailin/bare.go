package mailin

import (
	"context"
	"fmt"
	"strings"

	"github.com/pocketdesk/pocketdesk/internal/mailin/charset"
	"github.com/pocketdesk/pocketdesk/internal/mailin/reply"
)

// Body reads a bare body, without a mail around it: kind is "text" or "html".
// What matters in the result is Reply and Quoted; headers are empty. Of a text,
// Reply has the new words alone, without a mail that is handed on. It errs for
// another kind and as Parse does.
func Body(ctx context.Context, body []byte, kind string) (*Mail, error) {
	if kind != "text" && kind != "html" {
		return &Mail{}, fmt.Errorf("a body is text or html, not %q", kind)
	}
	if len(body) > MaxSize {
		return &Mail{Errors: []string{ErrTooLarge.Error()}}, ErrTooLarge
	}
	return guarded(ctx, limit, func(_ context.Context, m *Mail, keep func()) error {
		p := &part{kind: "text/plain", decoded: body}
		label := ""
		if kind == "html" {
			p.kind, label = "text/html", metaCharset(body)
		}
		s, note := charset.Decode(body[:min(len(body), maxText*4)], label)
		m.mended(note)
		p.decoded = []byte(strings.TrimPrefix(s, "\ufeff"))
		p.params = map[string]string{"charset": "utf-8"}
		texts := m.compose(sortParts(p))
		m.Reply = m.Text
		keep()
		m.fillText(texts)
		if kind == "text" {
			r := reply.Cut(unsigned(m.Text))
			m.Reply, m.Quoted = r.Text, join(r.Quoted, r.Signature, "\n\n")
			return nil
		}
		m.cut()
		return nil
	})
}
