package hooks

import (
	"bytes"
	"embed"
	htmltemplate "html/template"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	content "github.com/pocketdesk/pocketdesk/internal/demo"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/page"
)

const (
	mailPath  = "/demo/mail"
	mailsPage = 50 // mails on one page
)

//go:embed demo_mail.html demo_mail.css
var demoFiles embed.FS

// mailPages show what the demo's mail server caught.
type mailPages struct {
	demo      *demo
	templates *htmltemplate.Template
	style     []byte
	zone      *time.Location
}

// bindMail adds the mail pages to the demo's app; no other app has them.
func (d *demo) bindMail() {
	d.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.demo.mail",
		Func: func(e *core.ServeEvent) error {
			m := &mailPages{demo: d, zone: time.UTC}
			var err error
			if m.templates, err = htmltemplate.ParseFS(demoFiles, "demo_mail.html"); err != nil {
				return err
			}
			if m.style, err = demoFiles.ReadFile("demo_mail.css"); err != nil {
				return err
			}
			if zone, err := time.LoadLocation(content.Shop().Timezone); err == nil {
				m.zone = zone
			}
			e.Router.GET(mailPath, local(m.list))
			e.Router.GET(mailPath+"/{n}", local(m.show))
			e.Router.GET("/demo/mail.css", local(m.css))
			return e.Next()
		},
	})
}

// local keeps a page to this machine: by where the request comes from, and by
// the name it asks for, so that no web site reads it through a name of its own
// that leads here.
func local(next func(*core.RequestEvent) error) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		from, err := netip.ParseAddrPort(e.Request.RemoteAddr)
		if err != nil || !from.Addr().Unmap().IsLoopback() || !localName(e.Request.Host) {
			return e.ForbiddenError("The demo's mail is shown on its own machine only.", nil)
		}
		return next(e)
	}
}

func localName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return strings.EqualFold(host, "localhost") || err == nil && ip.IsLoopback()
}

// mailRow is a mail in the list.
type mailRow struct {
	Number            int
	Subject, From, To string
	At, Stamp         string
}

// mailSpan is a part of a mail's text; Link is set for an address of the shop.
type mailSpan struct{ Words, Link string }

// mailView is what the templates see.
type mailView struct {
	Title, Base, Shop string

	Mails                []mailRow
	Count, Kept, Dropped int
	Older                int // number of the first mail of the page before; 0 for none

	Mail       mailRow
	Text       []mailSpan
	Files      []mail.File
	Headers    []mail.Field
	Sender     string
	Recipients []string
	Fault      string
}

func (m *mailPages) view(title string) mailView {
	shop := content.Shop().Name["en"]
	return mailView{Title: title + " · " + shop, Base: m.demo.plugin.base, Shop: shop}
}

func (m *mailPages) list(e *core.RequestEvent) error {
	all := m.demo.catcher.Mails()
	v := m.view("Mail")
	v.Kept = len(all)
	if v.Kept > 0 {
		v.Count = all[v.Kept-1].Number
		v.Dropped = v.Count - v.Kept
	}
	before, err := strconv.Atoi(e.Request.URL.Query().Get("before"))
	for _, c := range slices.Backward(all) {
		if err == nil && c.Number >= before {
			continue
		}
		if len(v.Mails) == mailsPage {
			v.Older = v.Mails[mailsPage-1].Number
			break
		}
		row, _, _ := m.row(c)
		v.Mails = append(v.Mails, row)
	}
	return m.write(e, http.StatusOK, "list", v)
}

// row is a mail's line; a mail that can't be read still has its envelope.
func (m *mailPages) row(c mail.Caught) (mailRow, mail.View, error) {
	r := mailRow{
		Number: c.Number, From: c.From, To: strings.Join(c.To, ", "),
		At: c.At.In(m.zone).Format("2006-01-02 15:04"), Stamp: c.At.UTC().Format(time.RFC3339),
	}
	seen, err := mail.ParseCaught(c.Raw)
	if err == nil {
		r.Subject, r.From, r.To = seen.Subject, seen.From, seen.To
	}
	return r, seen, err
}

func (m *mailPages) show(e *core.RequestEvent) error {
	n, _ := strconv.Atoi(e.Request.PathValue("n"))
	all := m.demo.catcher.Mails()
	at := slices.IndexFunc(all, func(c mail.Caught) bool { return c.Number == n })
	if at < 0 {
		return m.write(e, http.StatusNotFound, "gone", m.view("Mail"))
	}
	row, seen, err := m.row(all[at])
	v := m.view(row.Subject)
	v.Mail, v.Files, v.Headers = row, seen.Files, seen.Headers
	v.Sender, v.Recipients = all[at].From, all[at].To
	v.Text = m.spans(seen.Text)
	if err != nil {
		v.Fault = "This mail can't be shown: " + err.Error()
	}
	return m.write(e, http.StatusOK, "mail", v)
}

// spans makes links of the shop's own addresses, such as that of the tracking
// page. Others stay text: visitors may have written them.
func (m *mailPages) spans(text string) []mailSpan {
	var out []mailSpan
	end := 0
	for _, at := range regexp.MustCompile(`https?://[^\s<>"]+`).FindAllStringIndex(text, -1) {
		u, err := url.Parse(text[at[0]:at[1]])
		if err != nil || u.Scheme+"://"+u.Host != m.demo.url {
			continue
		}
		out = append(out, mailSpan{Words: text[end:at[0]]}, mailSpan{Link: text[at[0]:at[1]]})
		end = at[1]
	}
	return append(out, mailSpan{Words: text[end:]})
}

func (m *mailPages) css(e *core.RequestEvent) error {
	m.headers(e)
	return e.Blob(http.StatusOK, "text/css; charset=utf-8", m.style)
}

func (m *mailPages) headers(e *core.RequestEvent) {
	h := e.Response.Header()
	page.Headers(h)
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
}

func (m *mailPages) write(e *core.RequestEvent, status int, name string, v mailView) error {
	var b bytes.Buffer
	if err := m.templates.ExecuteTemplate(&b, name, v); err != nil {
		return e.InternalServerError("", err)
	}
	m.headers(e)
	return e.Blob(status, "text/html; charset=utf-8", b.Bytes())
}
