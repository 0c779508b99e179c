package hooks

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/escalating"
	"github.com/pocketdesk/pocketdesk/internal/page"
)

// escalationWindow is how long one link's posts are counted together.
const escalationWindow = 10 * time.Minute

// showEscalation shows the button. It changes nothing: mail scanners follow links.
func (p *plugin) showEscalation(e *core.RequestEvent) error {
	return p.escalationPage(e, nil)
}

// postEscalation is the press on the button. PocketBase's own limit on bodies is
// off for it: that one would write the address into the log.
func (p *plugin) postEscalation(e *core.RequestEvent) error {
	e.Request.Body = http.MaxBytesReader(nil, e.Request.Body, maxConfirm)
	return p.escalationPage(e, func(token string) error {
		if !desk.PressesEscalation(p.app, token, e.Request.PostFormValue("press")) {
			return errPress
		}
		return p.escalations.TakeOn(token, e.Request.PostFormValue("name"))
	})
}

// errPress says that what was sent does not come from a page that was opened, or
// from one that was opened long ago.
var errPress = errors.New("no press on the button")

// escalationPage shows how an escalation stands, after act where there is one. A
// fault is logged here, without the address, which is a secret.
func (p *plugin) escalationPage(e *core.RequestEvent, act func(token string) error) error {
	v, err := p.visit(e)
	if err != nil {
		p.app.Logger().Error("escalation page", "error", err)
		return p.pages.Error(e.Response, page.ErrorView{Base: p.base, Kind: "server", Secret: true})
	}
	token := e.Request.PathValue("token")
	if p.tooManyPeeks(e) || act != nil && p.tooManyTaken(e, token) {
		return p.pages.Error(e.Response, page.ErrorView{Locale: v.locale, Base: p.base, ShopName: v.shop(), Kind: "too_many", RetryAfter: escalationWindow, Secret: true})
	}
	sheet, _, err := p.escalations.Open(token)
	state, again := escalationState(sheet, err), false
	v.readBy(e, sheet)
	if act != nil && state == page.EscalationAsk {
		switch err = act(token); {
		case err == nil:
			state = page.EscalationDone
		case errors.Is(err, errPress):
			again, err = true, nil
		case errors.Is(err, escalating.ErrOver): // somebody was faster
			sheet, _, err = p.escalations.Open(token)
			state = escalationState(sheet, err)
		}
	}
	if err != nil && !errors.Is(err, escalating.ErrLink) {
		p.app.Logger().Error("escalation page", "error", err)
		return p.pages.Error(e.Response, page.ErrorView{Locale: v.locale, Base: p.base, ShopName: v.shop(), Kind: "server", Secret: true})
	}
	return p.pages.Escalation(e.Response, page.EscalationView{
		Locale: v.locale, Base: p.base, ShopName: v.shop(), State: state, Location: v.settings.Location,
		Number: sheet.Number, Subject: sheet.Subject, Category: sheet.Category.In(v.locale), Priority: sheet.Priority,
		Opened: sheet.Opened, Due: sheet.Due, Note: sheet.Note, Summary: sheet.Summary, From: sheet.From,
		Press: p.pressOf(token, state), Again: again,
	})
}

// pressOf is the token in the button, where there is one.
func (p *plugin) pressOf(token, state string) string {
	if state != page.EscalationAsk {
		return ""
	}
	return desk.NewEscalationPress(p.app, token)
}

// readBy has the page speak the language in which its reader was written to,
// unless he chose another one on it.
func (v *visit) readBy(e *core.RequestEvent, sheet escalating.Sheet) {
	chosen := e.Request.URL.Query().Get("lang")
	if e.Request.Method == http.MethodPost {
		chosen = e.Request.PostFormValue("locale")
	}
	if chosen == "" && sheet.Locale != "" {
		v.locale = sheet.Locale
	}
}

// escalationState is what the page shows of an escalation that was looked up.
func escalationState(s escalating.Sheet, err error) string {
	switch {
	case err != nil:
		return page.EscalationGone
	case s.State == desk.EscalationOpen:
		return page.EscalationAsk
	case s.State == desk.EscalationAcknowledged:
		return page.EscalationAgain
	}
	return page.EscalationOver
}

// tooManyTaken counts the presses of one link and of one network address.
func (p *plugin) tooManyTaken(e *core.RequestEvent, token string) bool {
	link := 0
	if run, step, ok := desk.ReadEscalationToken(p.app, token); ok {
		link = p.posts.Add("e:" + run + ":" + strconv.Itoa(step))
	}
	from := 0
	if at := trackFrom(e); at != "" {
		from = p.posts.Add("e:" + at)
	}
	return link > postsLink || from > postsFrom
}

// shop is the shop's name in the language of the page.
func (v visit) shop() string { return v.settings.ShopName.In(v.locale) }
