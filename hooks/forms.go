package hooks

import (
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/page"
)

func (p *plugin) bindForms() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.forms",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.GET("/api/desk/forms/{slug}", p.formData)
			}
			return e.Next()
		},
	})
}

// formData is all that a page of the shop's own needs to show a form and to submit it.
func (p *plugin) formData(e *core.RequestEvent) error {
	f, err := desk.FindForm(p.app, e.Request.PathValue("slug"))
	switch {
	case errors.Is(err, desk.ErrFormOff):
		return e.ForbiddenError("This form is disabled.", nil)
	case errors.Is(err, desk.ErrNoForm):
		return e.NotFoundError("There is no such form.", nil)
	case err != nil:
		return e.InternalServerError("", err)
	}
	s, err := desk.LoadSettings(p.app)
	if err != nil {
		return e.InternalServerError("", err)
	}
	locale := page.Locale(e.Request.URL.Query().Get("lang"), "", e.Request.Header.Get("Accept-Language"), s.Locale)
	type category struct {
		Key    string    `json:"key"`
		Label  string    `json:"label"`
		Labels desk.Text `json:"labels"`
	}
	categories := make([]category, 0, len(f.Categories))
	for _, c := range f.Categories {
		categories = append(categories, category{c.Key, c.Labels.In(locale), c.Labels})
	}
	labels := map[string]string{}
	for name, t := range f.Texts {
		labels[name] = t.In(locale)
	}
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.JSON(http.StatusOK, map[string]any{
		"slug": f.Slug, "locale": locale, "labels": labels, "categories": categories,
		"shop_name": s.ShopName.In(locale), "form_token": p.door.Tokens.Issue(f.ID), "pow": p.door.Pow.Issue(),
		"captcha": p.captchaFor(s),
	})
}

// captchaFor tells a page which captcha to show; with "pow" it is the puzzle alone.
func (p *plugin) captchaFor(s *desk.Settings) map[string]string {
	if !p.door.AsksCaptcha(p.app, s) {
		return map[string]string{"provider": desk.CaptchaPow}
	}
	return map[string]string{"provider": s.Captcha.Provider, "site_key": s.Captcha.SiteKey}
}
