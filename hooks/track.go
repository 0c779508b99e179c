package hooks

import (
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/tracking"
	"github.com/pocketdesk/pocketdesk/internal/limit"
	"github.com/pocketdesk/pocketdesk/internal/page"
)

// peeksMinute is how often one address may ask for tracking pages in a minute.
const peeksMinute = 60

func (p *plugin) showTrack(e *core.RequestEvent) error {
	v, err := p.visit(e)
	if err != nil {
		return err
	}
	shop := v.settings.ShopName.In(v.locale)
	if p.tooManyPeeks(e) {
		return p.pages.Error(e.Response, page.ErrorView{Locale: v.locale, Base: p.base, ShopName: shop, Kind: "too_many", RetryAfter: time.Minute})
	}
	seen, err := tracking.Find(p.app, e.Request.PathValue("token"))
	if err != nil {
		return p.pages.Error(e.Response, page.ErrorView{Locale: v.locale, Base: p.base, ShopName: shop, Kind: "not_found", FormURL: p.base + "/"})
	}
	if e.Request.URL.Query().Get("lang") == "" && seen.Case.Locale() != "" {
		v.locale = seen.Case.Locale()
	}
	view := page.TrackView{
		Locale: v.locale, Base: p.base, ShopName: v.settings.ShopName.In(v.locale), Receipt: seen.Feedback.Receipt(),
		Status: seen.Case.Status(), Subject: seen.Case.Subject(), Opened: seen.Feedback.GetDateTime("created").Time(),
		Location: v.settings.Location,
	}
	if seen.Case.GetDateTime("first_responded_at").IsZero() && !seen.Case.Done() {
		view.AnswerBy = v.settings.AnswerBy(view.Opened)
	}
	for _, m := range seen.Messages {
		view.Messages = append(view.Messages, p.trackMessage(e, seen, m))
	}
	return p.pages.Track(e.Response, view)
}

func (p *plugin) trackMessage(e *core.RequestEvent, seen *tracking.Seen, m *desk.Message) page.TrackMessage {
	out := page.TrackMessage{
		Mine: m.Direction() == desk.In, Text: withoutLink(m.Body()), At: m.GetDateTime("created").Time(),
	}
	if r, err := p.app.FindRecordById(desk.Agents, m.Author()); err == nil {
		out.Author = r.GetString("name")
	}
	owner, names := seen.Files(m)
	for _, name := range names {
		out.Files = append(out.Files, page.TrackFile{
			Name: desk.OriginalName(owner, name), Size: desk.FileSize(p.app, owner, name),
			URL: p.base + "/t/" + e.Request.PathValue("token") + "/files/" + m.Id + "/" + url.PathEscape(name),
		})
	}
	return out
}

// serveTrackFile hands out an attachment of the conversation, as a download only.
func (p *plugin) serveTrackFile(e *core.RequestEvent) error {
	if p.tooManyPeeks(e) {
		return e.TooManyRequestsError("", nil)
	}
	seen, err := tracking.Find(p.app, e.Request.PathValue("token"))
	if err != nil {
		return e.NotFoundError("", nil)
	}
	for _, m := range seen.Messages {
		if m.Id != e.Request.PathValue("message") {
			continue
		}
		owner, names := seen.Files(m)
		for _, name := range names {
			if name == e.Request.PathValue("name") {
				return p.download(e, owner, name)
			}
		}
	}
	return e.NotFoundError("", nil)
}

func (p *plugin) download(e *core.RequestEvent, owner *core.Record, name string) error {
	fsys, err := p.app.NewFilesystem()
	if err != nil {
		return e.InternalServerError("", err)
	}
	defer fsys.Close()
	page.Headers(e.Response.Header())
	e.Response.Header().Set("Referrer-Policy", "no-referrer") // the address bears the token
	e.Response.Header().Set("X-Robots-Tag", "noindex")
	asDownload(e.Response.Header(), owner, name)
	return fsys.Serve(e.Response, e.Request, owner.BaseFilesPath()+"/"+name, name)
}

func (p *plugin) tooManyPeeks(e *core.RequestEvent) bool {
	ip, err := netip.ParseAddr(e.RealIP())
	return err == nil && !ip.IsLoopback() && !ip.IsPrivate() && p.peeks.Add(limit.IPKey(ip)) > peeksMinute
}

// withoutLink takes the mark of the tracking link out of a text: the visitor is
// on that page already.
func withoutLink(body string) string {
	lines := strings.Split(body, "\n")
	kept := lines[:0]
	for _, l := range lines {
		if strings.TrimSpace(l) != desk.TrackingLink {
			kept = append(kept, strings.ReplaceAll(l, desk.TrackingLink, ""))
		}
	}
	return strings.Join(kept, "\n")
}
