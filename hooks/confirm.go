package hooks

import (
	"database/sql"
	"errors"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/page"
)

// maxConfirm is enough for a button.
const maxConfirm = 4 << 10

// askToConfirm queues the mail with the link, and sends it once it is committed.
func (p *plugin) askToConfirm(tx core.App, f *desk.Feedback) error {
	if err := p.work.AskToConfirm(tx, f); err != nil {
		return err
	}
	desk.AfterCommit(tx, p.outbox.Kick)
	return nil
}

// mayAskToConfirm tells whether some visitors must confirm their address, so
// that the form page brings along what it then says.
func (p *plugin) mayAskToConfirm(s *desk.Settings) bool {
	return s.Screening.ConfirmEmail && desk.MailOn(p.app)
}

// showConfirm shows the button. It changes nothing: mail scanners follow links.
func (p *plugin) showConfirm(e *core.RequestEvent) error {
	return p.confirmPage(e, func(feedback string) (*intake.Receipt, error) {
		return nil, p.door.Confirmable(p.app, feedback)
	})
}

// postConfirm is the press on the button. PocketBase's own limit on bodies is off
// for it: that one would write the address into the log.
func (p *plugin) postConfirm(e *core.RequestEvent) error {
	e.Request.Body = http.MaxBytesReader(nil, e.Request.Body, maxConfirm)
	return p.confirmPage(e, func(feedback string) (*intake.Receipt, error) {
		return p.door.Confirmed(p.app, feedback)
	})
}

// confirmPage shows how a submission stands after act. A fault is logged here,
// without the address, which is a secret.
func (p *plugin) confirmPage(e *core.RequestEvent, act func(feedback string) (*intake.Receipt, error)) error {
	v, err := p.visit(e)
	if err != nil {
		p.app.Logger().Error("confirm", "error", err)
		return p.pages.Error(e.Response, page.ErrorView{Base: p.base, Kind: "server"})
	}
	shop := v.settings.ShopName
	if p.tooManyPeeks(e) {
		return p.pages.Error(e.Response, page.ErrorView{Locale: v.locale, Base: p.base, ShopName: shop.In(v.locale), Kind: "too_many", RetryAfter: time.Minute})
	}
	view := page.ConfirmView{Base: p.base, State: page.ConfirmGone, Location: v.settings.Location, FormURL: p.base + "/"}
	var f *desk.Feedback
	id, ok := desk.ReadConfirmation(p.app, e.Request.PathValue("token"))
	if ok {
		f, err = desk.FindFeedback(p.app, id)
	}
	var receipt *intake.Receipt
	if f != nil {
		v.locale = p.localeOf(e, v, f)
		receipt, err = act(f.Id)
	}
	view.State = confirmState(f, receipt, err)
	switch {
	case view.State == "":
		p.app.Logger().Error("confirm", "error", err)
		return p.pages.Error(e.Response, page.ErrorView{Locale: v.locale, Base: p.base, ShopName: shop.In(v.locale), Kind: "server"})
	case receipt != nil:
		view.Receipt, view.AnswerBy = f.Receipt(), receipt.AnswerBy
	case view.State == page.ConfirmAgain:
		view.Receipt = f.Receipt()
	}
	view.Locale, view.ShopName = v.locale, shop.In(v.locale)
	return p.pages.Confirm(e.Response, view)
}

// confirmState is what the page shows; "" for a fault of ours.
func confirmState(f *desk.Feedback, receipt *intake.Receipt, err error) string {
	switch {
	case errors.Is(err, intake.ErrDecided):
		return page.ConfirmAgain
	case errors.Is(err, sql.ErrNoRows), err == nil && f == nil: // removed, or no link of ours
		return page.ConfirmGone
	case err != nil:
		return ""
	case receipt != nil:
		return page.ConfirmDone
	}
	return page.ConfirmAsk
}

// localeOf is the language in which the visitor wrote, unless he chose another.
func (p *plugin) localeOf(e *core.RequestEvent, v visit, f *desk.Feedback) string {
	if f.Locale() == "" || e.Request.URL.Query().Get("lang") != "" || e.Request.Method == http.MethodPost {
		return v.locale
	}
	return f.Locale()
}
