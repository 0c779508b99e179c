package hooks

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
	"github.com/pocketdesk/pocketdesk/internal/desk/outbox"
)

func (p *plugin) bindHealth() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.health",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				p.warnResting()
				e.Router.GET("/api/desk/health", p.reads(p.health))
			}
			return e.Next()
		},
	})
}

// health says what monitoring should know. It is for staff and integrations:
// queue lengths are nobody else's business.
func (p *plugin) health(e *core.RequestEvent, _ *desk.Agent) error {
	state, err := outbox.Look(p.app)
	if err != nil {
		return err
	}
	settings, err := desk.LoadSettings(p.app)
	if err != nil {
		return err
	}
	in, err := inbound.Look(p.app)
	if err != nil {
		return err
	}
	index, err := p.search.Look()
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, map[string]any{
		"outbox": state, "search": index, "inbound": in, "smtp": desk.MailOn(p.app), "llm": p.classifier.State(), "disk_free_mb": diskFree(p.app.DataDir()) >> 20,
		"model": p.door.Model().ID(), "geo": p.geoState(), "members": p.membersState(settings),
		"captcha": map[string]string{"provider": settings.Captcha.Provider, "state": p.door.CaptchaState(p.app, settings)},
	})
}

// geoState is the date of the file of countries and, if so, why a newer one is not in use.
func (p *plugin) geoState() map[string]any {
	db := p.door.Geo
	if db == nil {
		return map[string]any{"state": "off"}
	}
	state := map[string]any{"state": "on", "built": desk.Date(db.Built())}
	if err := db.Err(); err != nil {
		state["error"] = err.Error()
	}
	return state
}

// membersState tells whether the shop's site can vouch for its members.
func (p *plugin) membersState(s *desk.Settings) string {
	switch {
	case p.door.KnowsMembers():
		return "on"
	case s.Screening.MembersOnly:
		return "no_secret"
	}
	return "off"
}
