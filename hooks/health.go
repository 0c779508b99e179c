package hooks

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/outbox"
)

func (p *plugin) bindHealth() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.health",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
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
	return e.JSON(http.StatusOK, map[string]any{
		"outbox": state, "smtp": desk.MailOn(p.app), "llm": p.classifier.State(), "disk_free_mb": diskFree(p.app.DataDir()) >> 20,
	})
}
