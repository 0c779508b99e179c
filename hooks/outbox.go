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
	"github.com/pocketdesk/pocketdesk/internal/desk/outbox"
)

func (p *plugin) bindOutbox() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.outbox",
		Func: func(e *core.ServeEvent) error {
			if !p.on() {
				return e.Next()
			}
			e.Router.GET("/api/desk/outbox", p.reads(p.listTrouble))
			e.Router.POST("/api/desk/outbox/{id}/retry", p.works(p.retry))
			e.Router.GET("/api/desk/dkim", p.administers(p.showDKIM))
			e.Router.POST("/api/desk/dkim", p.administers(p.makeDKIM))
			if err := e.Next(); err != nil {
				return err
			}
			p.outbox.Start()
			p.classifier.Start()
			return p.outbox.Release()
		},
	})
	p.app.OnSettingsReload().Bind(&hook.Handler[*core.SettingsReloadEvent]{
		Id: "pocketdesk.outbox.settings",
		Func: func(e *core.SettingsReloadEvent) error {
			if err := e.Next(); err != nil || !p.on() {
				return err
			}
			return p.outbox.Release()
		},
	})
	p.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id: "pocketdesk.stop",
		Func: func(e *core.TerminateEvent) error {
			if p.on() {
				p.outbox.Stop()
				p.classifier.Stop()
				if err := p.hits.Flush(p.app); err != nil {
					p.app.Logger().Warn("hits", "error", err)
				}
			}
			return e.Next()
		},
	})
}

func (p *plugin) listTrouble(e *core.RequestEvent, agent *desk.Agent) error {
	limit, _ := strconv.Atoi(e.Request.URL.Query().Get("limit"))
	page, err := inbox.Trouble(p.app, agent, e.Request.URL.Query().Get("cursor"), limit)
	if errors.Is(err, inbox.ErrQuery) {
		return e.BadRequestError("There is no such page.", nil)
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, page)
}

func (p *plugin) retry(e *core.RequestEvent, agent *desk.Agent) error {
	id := e.Request.PathValue("id")
	if !p.mayRetry(agent, id) {
		return e.NotFoundError("There is no such mail.", nil)
	}
	err := p.outbox.Retry(id, agent)
	switch {
	case errors.Is(err, outbox.ErrNotStuck):
		return conflict("This mail was sent or is on its way.")
	case errors.Is(err, sql.ErrNoRows):
		return e.NotFoundError("There is no such mail.", nil)
	case err != nil:
		return err
	}
	return e.JSON(http.StatusOK, map[string]any{})
}

func (p *plugin) mayRetry(agent *desk.Agent, id string) bool {
	r, err := p.app.FindRecordById(desk.Outbox, id)
	if err != nil {
		return false
	}
	if f := r.GetString("feedback"); f != "" {
		return inbox.SeesNotice(p.app, agent, f)
	}
	m, err := desk.FindMessage(p.app, r.GetString("message"))
	if err != nil {
		return agent.Admin()
	}
	c, err := desk.FindCase(p.app, m.Case())
	return err == nil && agent.Sees(c.Team())
}
