package hooks

import (
	"errors"
	"net/http"
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

// maxPicture is up to which size a picture is shown on the page itself.
const maxPicture = 4 << 20

// tracked is a request for a tracking page that the token opened.
type tracked struct {
	settings *desk.Settings
	seen     *tracking.Seen
	locale   string
	lang     string // the language if the visitor chose one
	token    string
	url      string // of the page
}

// choose takes the visitor's choice of a language; without one the page speaks
// as his case does.
func (t *tracked) choose(e *core.RequestEvent, lang string) {
	if t.lang = desk.KnownLocale(lang); t.lang != "" {
		t.locale = t.lang
	} else if l := desk.KnownLocale(t.seen.Case.Locale()); l != "" {
		t.locale = l
	}
}

func (t *tracked) shop() string { return t.settings.ShopName.In(t.locale) }

// openTrack finds what a request's token opens. Without anything it has written
// the answer and returns nil. Faults are logged here, without the address,
// which is a secret.
func (p *plugin) openTrack(e *core.RequestEvent) *tracked {
	token := e.Request.PathValue("token")
	t := &tracked{token: token, url: p.base + "/t/" + token, settings: &desk.Settings{}}
	s, err := desk.LoadSettings(p.app)
	if err != nil {
		p.trackError(e, t, "server", err)
		return nil
	}
	t.settings = s
	lang := e.Request.URL.Query().Get("lang")
	t.locale = page.Locale(lang, "", e.Request.Header.Get("Accept-Language"), s.Locale)
	if p.tooManyPeeks(e) {
		p.trackError(e, t, "too_many", nil)
		return nil
	}
	t.seen, err = tracking.Find(p.app, token)
	switch {
	case errors.Is(err, tracking.ErrNotFound):
		p.trackError(e, t, "gone", nil)
		return nil
	case errors.Is(err, tracking.ErrJoined):
		p.trackError(e, t, "joined", nil)
		return nil
	case err != nil:
		p.trackError(e, t, "server", err)
		return nil
	}
	t.choose(e, lang)
	return t
}

// trackError writes a page that says what went wrong. One answer stands for
// every link that opens nothing.
func (p *plugin) trackError(e *core.RequestEvent, t *tracked, kind string, err error) {
	if err != nil {
		p.app.Logger().Error("tracking page", "error", err)
	}
	v := page.ErrorView{Locale: t.locale, Base: p.base, ShopName: t.shop(), Kind: kind, Secret: true}
	switch kind {
	case "too_many":
		v.RetryAfter = time.Minute
	case "gone", "joined":
		v.FormURL, v.Email = p.base+"/", t.settings.ServiceEmail
	}
	if err := p.pages.Error(e.Response, v); err != nil {
		p.app.Logger().Warn("tracking page", "error", err)
	}
}

func (p *plugin) showTrack(e *core.RequestEvent) error {
	t := p.openTrack(e)
	if t == nil {
		return nil
	}
	view := p.trackView(t)
	switch said := e.Request.URL.Query().Get("ok"); said {
	case page.TrackSent, page.TrackSolved, page.TrackConfirmed:
		view.Notice = said
	}
	p.writeTrack(e, t, view)
	return nil
}

func (p *plugin) writeTrack(e *core.RequestEvent, t *tracked, view page.TrackView) {
	if err := p.pages.Track(e.Response, view); err != nil {
		p.app.Logger().Error("tracking page", "error", err)
	}
}

// trackView is the page of a case.
func (p *plugin) trackView(t *tracked) page.TrackView {
	c := t.seen.Case
	view := page.TrackView{
		Locale: t.locale, Base: p.base, ShopName: t.shop(), Receipt: t.seen.Feedback.Receipt(),
		// as he wrote it: staff may have noted something else in the case's
		Status: c.Status(), Subject: desk.Clip(desk.OneLine(t.seen.Feedback.Subject()), 200), Opened: t.seen.Feedback.GetDateTime("created").Time(),
		Location: t.settings.Location, Cut: t.seen.Cut, Lang: t.lang, PostURL: t.url,
		FormToken: p.trackTokens().Issue(t.token), IdempotencyKey: core.GenerateDefaultRandomId() + core.GenerateDefaultRandomId(),
	}
	now := desk.Now(p.app)
	if promised := c.GetDateTime("promised_at").Time(); !c.Done() && !promised.IsZero() {
		view.AnswerBy, view.Promised = promised, true
	} else if since := t.seen.Waits(); !since.IsZero() {
		var err error
		if view.AnswerBy, err = desk.AnswerBy(p.app, c, since); err != nil {
			p.app.Logger().Warn("tracking page", "error", err)
		}
	}
	if view.Late = !view.AnswerBy.IsZero() && !view.AnswerBy.After(now); view.Late {
		view.AnswerBy = time.Time{}
	}
	addr, err := tracking.Confirmable(p.app, t.seen)
	if err != nil {
		p.app.Logger().Warn("tracking page", "error", err)
	}
	view.Address = tracking.Mask(addr)
	for _, m := range t.seen.Messages {
		view.Messages = append(view.Messages, p.trackMessage(t, m))
	}
	return view
}

func (p *plugin) trackMessage(t *tracked, m *desk.Message) page.TrackMessage {
	other := t.seen.Other(m)
	out := page.TrackMessage{
		Mine: m.Direction() == desk.In && !other, Other: other, Line: string(tracking.LineOf(m)), SMS: m.Channel() == desk.ChannelSMS,
		Text: withoutLink(m.Body()), At: m.GetDateTime("created").Time(),
	}
	owner, names := t.seen.Files(m)
	for _, name := range names {
		f := page.TrackFile{
			Name: desk.OriginalName(owner, name), Size: desk.FileSize(p.app, owner, name),
			URL: t.url + "/files/" + m.Id + "/" + url.PathEscape(name),
		}
		f.Picture = picture(name) && f.Size <= maxPicture
		out.Files = append(out.Files, f)
	}
	return out
}

// picture tells of a stored name whether browsers show the file as an image.
// What is none in truth is not shown: it is sent with its own type and nosniff.
func picture(name string) bool {
	for _, ending := range []string{".png", ".jpg", ".jpeg", ".gif", ".webp"} {
		if strings.HasSuffix(strings.ToLower(name), ending) {
			return true
		}
	}
	return false
}

// serveTrackFile hands out an attachment of the conversation, as a download only.
func (p *plugin) serveTrackFile(e *core.RequestEvent) error {
	t := p.openTrack(e)
	if t == nil {
		return nil
	}
	for _, m := range t.seen.Messages {
		if m.Id != e.Request.PathValue("message") {
			continue
		}
		owner, names := t.seen.Files(m)
		for _, name := range names {
			if name == e.Request.PathValue("name") {
				p.download(e, t, owner, name)
				return nil
			}
		}
	}
	p.trackError(e, t, "not_found", nil)
	return nil
}

func (p *plugin) download(e *core.RequestEvent, t *tracked, owner *core.Record, name string) {
	fsys, err := p.app.NewFilesystem()
	if err != nil {
		p.trackError(e, t, "server", err)
		return
	}
	defer fsys.Close()
	h := e.Response.Header()
	page.Headers(h)
	h.Set("Referrer-Policy", "no-referrer") // the address bears the token
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	asDownload(h, owner, name)
	if err := fsys.Serve(e.Response, e.Request, owner.BaseFilesPath()+"/"+name, name); err != nil {
		h.Del("Content-Disposition")
		p.trackError(e, t, "not_found", err)
	}
}

func (p *plugin) tooManyPeeks(e *core.RequestEvent) bool {
	from := trackFrom(e)
	return from != "" && p.peeks.Add(from) > peeksMinute
}

// trackFrom is whom requests are counted under; "" for this machine and the
// shop's own network, of which some servers know no other address.
func trackFrom(e *core.RequestEvent) string {
	ip, err := netip.ParseAddr(e.RealIP())
	if err != nil || ip.IsLoopback() || ip.IsPrivate() {
		return ""
	}
	return limit.IPKey(ip)
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
	return strings.TrimRight(strings.Join(kept, "\n"), "\n ")
}

// seeTrack leads back to the page after something was done there.
func seeTrack(e *core.RequestEvent, t *tracked, done string) error {
	q := url.Values{"ok": {done}}
	if t.lang != "" {
		q.Set("lang", t.lang)
	}
	h := e.Response.Header()
	page.Headers(h)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Location", t.url+"?"+q.Encode()+"#notice")
	e.Response.WriteHeader(http.StatusSeeOther)
	return nil
}
