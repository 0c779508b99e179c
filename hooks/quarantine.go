package hooks

import (
	"database/sql"
	"errors"
	"net/http"
	"strconv"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
)

func (p *plugin) bindQuarantine() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.quarantine",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.GET("/api/desk/quarantine", p.reads(p.listQuarantine))
				e.Router.POST("/api/desk/feedback/{id}/release", p.works(p.release))
				e.Router.POST("/api/desk/feedback/{id}/confirm", p.works(p.confirm))
			}
			return e.Next()
		},
	})
}

func (p *plugin) listQuarantine(e *core.RequestEvent, _ *desk.Agent) error {
	q := e.Request.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	page, err := inbox.Quarantine(p.app, q.Get("outcome") == desk.Blocked, q.Get("cursor"), limit)
	if errors.Is(err, inbox.ErrQuery) {
		return e.BadRequestError("There is no such page.", nil)
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, page)
}

func (p *plugin) release(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.door.Release(p.app, e.Request.PathValue("id"), agent)
	if err != nil {
		return decisionFault(e, err)
	}
	return e.JSON(http.StatusOK, map[string]any{"case": c.Id, "number": c.Number()})
}

func (p *plugin) confirm(e *core.RequestEvent, agent *desk.Agent) error {
	if err := p.door.Confirm(p.app, e.Request.PathValue("id"), agent); err != nil {
		return decisionFault(e, err)
	}
	return e.JSON(http.StatusOK, map[string]any{})
}

func decisionFault(e *core.RequestEvent, err error) error {
	switch {
	case errors.Is(err, intake.ErrDecided):
		return conflict("Somebody decided this message already.")
	case errors.Is(err, sql.ErrNoRows):
		return e.NotFoundError("There is no such message.", nil)
	}
	return err
}
