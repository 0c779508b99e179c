package hooks

import (
	"errors"
	"net/http"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/tracking"
)

// bindLinks adds what staff do with the link to a tracking page.
func (p *plugin) bindLinks() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.links",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.POST("/api/desk/cases/{id}/link", p.works(p.relink))
			}
			return e.Next()
		},
	})
}

// relink renews or revokes a case's link, or with do "look" says how it stands.
// The link itself stays in mails.
func (p *plugin) relink(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.caseFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	var body struct {
		Do string `json:"do"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	var link tracking.Link
	switch body.Do {
	case "look":
		link, err = tracking.LinkOf(p.app, c)
	case "renew":
		link, err = p.tracker.Renew(c.Id, agent)
	case "revoke":
		link, err = p.tracker.Revoke(c.Id, agent)
	default:
		return refuse("do", "validation_do", "Send renew, revoke or look.")
	}
	if errors.Is(err, tracking.ErrErased) {
		return conflict("The message that opened this case was removed; there is nothing to show.")
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, link)
}
