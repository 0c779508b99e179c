package hooks

import (
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
)

// topicRead tells the other screens of the same person what was read: {case,
// unread}; case is "" for many.
const topicRead = ourTopics + "read"

// bindReads keeps what each person has read.
func (p *plugin) bindReads() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.reads",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.POST("/api/desk/cases/{id}/read", p.works(p.readCase))
				e.Router.POST("/api/desk/cases/{id}/unread", p.works(p.unreadCase))
				e.Router.POST("/api/desk/reads/all", p.works(p.readAll))
			}
			return e.Next()
		},
	})
}

func (p *plugin) readCase(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.caseFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if err := p.reading.Read(agent, c.Id); err != nil {
		return err
	}
	p.tellRead(agent, c.Id, false)
	return e.NoContent(http.StatusNoContent)
}

func (p *plugin) unreadCase(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.caseFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if err := p.reading.Unread(agent, c.Id); err != nil {
		return err
	}
	p.tellRead(agent, c.Id, true)
	return e.NoContent(http.StatusNoContent)
}

func (p *plugin) tellRead(agent *desk.Agent, caseID string, unread bool) {
	p.tell(topicRead, map[string]any{"case": caseID, "unread": unread}, func(a *desk.Agent) bool { return a.Id == agent.Id })
}

// readAllMost bounds how many unread cases of one queue a request marks.
const readAllMost = 500

// readAll marks all that is unread, or what is unread of one queue.
func (p *plugin) readAll(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct{ Queue string }
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	if body.Queue == "" {
		if err := p.reading.ReadAll(agent); err != nil {
			return err
		}
		p.tellRead(agent, "", false)
		return e.NoContent(http.StatusNoContent)
	}
	if strings.HasPrefix(body.Queue, "view:") {
		done, err := p.viewTurn(e.Request.Context())
		if err != nil {
			return err
		}
		defer done()
	}
	var ids []string
	for q := (inbox.Query{Queue: body.Queue, Unread: true, Limit: 100}); len(ids) < readAllMost; {
		page, err := inbox.Cases(p.app, agent, q)
		if err != nil {
			return viewTrouble(err)
		}
		for _, r := range page.Items {
			ids = append(ids, r.ID)
		}
		if q.Cursor = page.Next; q.Cursor == "" {
			break
		}
	}
	if err := p.reading.ReadSome(agent, ids); err != nil {
		return err
	}
	p.tellRead(agent, "", false)
	return e.NoContent(http.StatusNoContent)
}
