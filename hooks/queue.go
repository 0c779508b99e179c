package hooks

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
)

// bindQueue serves the work queue: pages of cases, their counts, and what comes next.
func (p *plugin) bindQueue() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.queue",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.GET("/api/desk/queues", p.reads(p.queues))
				e.Router.GET("/api/desk/cases", p.reads(p.listCases))
				e.Router.GET("/api/desk/next", p.works(p.next))
			}
			return e.Next()
		},
	})
	p.bindRecount()
}

// bindRecount tells the counter what changes its counts.
func (p *plugin) bindRecount() {
	changed := func(e *core.RecordEvent) error {
		if p.counter != nil {
			p.counter.Changed()
		}
		return e.Next()
	}
	for _, id := range []string{desk.Cases, desk.Views, desk.Agents, desk.Verdicts, desk.Outbox} {
		handler := func(what string) *hook.Handler[*core.RecordEvent] {
			return &hook.Handler[*core.RecordEvent]{Id: "pocketdesk.recount." + what + "." + id, Func: changed}
		}
		p.app.OnRecordAfterCreateSuccess(id).Bind(handler("create"))
		p.app.OnRecordAfterUpdateSuccess(id).Bind(handler("update"))
		p.app.OnRecordAfterDeleteSuccess(id).Bind(handler("delete"))
	}
}

func (p *plugin) queues(e *core.RequestEvent, agent *desk.Agent) error {
	tally, err := p.counter.Of(agent)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, tally)
}

func (p *plugin) listCases(e *core.RequestEvent, agent *desk.Agent) error {
	q := caseQuery(e)
	hits, err := p.foundIn(e, agent, &q)
	if err != nil {
		return err
	}
	if strings.HasPrefix(q.Queue, "view:") {
		done, err := p.viewTurn(e.Request.Context())
		if err != nil {
			return err
		}
		defer done()
	}
	list, err := inbox.Cases(p.app, agent, q)
	if err != nil {
		return viewTrouble(err)
	}
	for i := range list.Items {
		list.Items[i].Present = p.lookers(list.Items[i].ID, agent.Id)
		list.Items[i].Show(hits[list.Items[i].ID])
	}
	return e.JSON(http.StatusOK, list)
}

// caseQuery reads which queue is asked for, and what narrows it.
func caseQuery(e *core.RequestEvent) inbox.Query {
	q := e.Request.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	return inbox.Query{
		Queue: q.Get("queue"), Sort: q.Get("sort"), Unread: q.Get("unread") == "1",
		Category: q.Get("category"), Priority: q.Get("priority"), Assignee: q.Get("assignee"), Locale: q.Get("locale"),
		Status: q.Get("status"), Cursor: q.Get("cursor"), Limit: limit,
	}
}

func (p *plugin) next(e *core.RequestEvent, agent *desk.Agent) error {
	step, err := inbox.Next(p.app, agent, e.Request.URL.Query().Get("after"), func(id string) bool {
		return p.presence.Typing(id, agent.Id)
	})
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, step)
}

// lookers are the colleagues who have a case on the screen.
func (p *plugin) lookers(caseID, but string) []inbox.Looker {
	var out []inbox.Looker
	for _, l := range p.presence.Others(caseID, but) {
		out = append(out, inbox.Looker{ID: l.ID, Name: l.Name, State: string(l.State)})
	}
	return out
}

// viewTrouble says in words why a list can't be read.
func viewTrouble(err error) error {
	var wrong *inbox.FilterError
	switch {
	case errors.Is(err, inbox.ErrQuery):
		return refused("There is no such list or page of it.", nil)
	case errors.Is(err, inbox.ErrSlow):
		return refused("This view takes too long. Narrow what it looks at, such as to open cases.", nil)
	case errors.As(err, &wrong):
		return refused("The filter of this view can't be used.", filterTrouble(wrong))
	}
	return err
}
