package hooks

import (
	"errors"
	"net/http"
	"strconv"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
)

func (p *plugin) bindCases() {
	p.app.OnRecordUpdateRequest(desk.Cases).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "pocketdesk.cases.change", Func: p.changeCase,
	})
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.cases",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.GET("/api/desk/queues", p.reads(p.queues))
				e.Router.GET("/api/desk/cases", p.reads(p.listCases))
				e.Router.GET("/api/desk/search", p.reads(p.listCases))
				e.Router.GET("/api/desk/cases/{id}", p.reads(p.viewCase))
				e.Router.POST("/api/desk/cases/{id}/preview", p.works(p.preview))
			}
			return e.Next()
		},
	})
}

// changeCase lets staff change what is theirs to change, with its lines of the
// audit trail in the same transaction.
func (p *plugin) changeCase(e *core.RecordRequestEvent) error {
	agent, err := desk.AgentOf(e.App, e.Auth)
	if err != nil {
		return e.ForbiddenError("This is for staff.", nil)
	}
	before, after := desk.AsCase(e.Record.Original()), desk.AsCase(e.Record)
	seen := 0
	if info, err := e.RequestInfo(); err == nil && info.Body["version"] != nil {
		seen = e.Record.GetInt("version")
	}
	after.Set("version", before.GetInt("version"))
	if names := casework.SystemChanges(before.Record, after.Record); len(names) > 0 {
		return refuseFields(names)
	}
	app := e.App
	defer func() { e.App = app }()
	err = app.RunInTransaction(func(tx core.App) error {
		now, err := desk.FindCase(tx, before.Id)
		if err != nil {
			return err
		}
		if now.GetInt("version") != before.GetInt("version") {
			return casework.ErrCollision
		}
		events, err := p.work.Change(tx, before, after, agent, seen)
		if err != nil {
			return err
		}
		e.App = tx
		if err := e.Next(); err != nil {
			return err
		}
		return desk.Record(tx, events...)
	})
	if errors.Is(err, casework.ErrCollision) {
		return conflict("Somebody changed this case meanwhile; look at it again.")
	}
	return err
}

// refuseFields names fields that only the system writes.
func refuseFields(names []string) error {
	errs := validation.Errors{}
	for _, name := range names {
		errs[name] = validation.NewError("not_writable", "Only the system writes this field.")
	}
	return answer(errs)
}

func (p *plugin) queues(e *core.RequestEvent, agent *desk.Agent) error {
	counts, err := inbox.Counts(p.app, agent)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, counts)
}

func (p *plugin) listCases(e *core.RequestEvent, agent *desk.Agent) error {
	q := e.Request.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	list, err := inbox.Cases(p.app, agent, inbox.Query{
		Queue: q.Get("queue"), Search: desk.Clip(q.Get("q"), 200), Category: q.Get("category"), Priority: q.Get("priority"),
		Assignee: q.Get("assignee"), Locale: q.Get("locale"), Status: q.Get("status"), Cursor: q.Get("cursor"), Limit: limit,
	})
	if errors.Is(err, inbox.ErrQuery) {
		return e.BadRequestError("There is no such list or page of it.", nil)
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, list)
}

func (p *plugin) viewCase(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.caseFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	view, err := inbox.CaseView(p.app, agent, c, casework.ReplyAddress)
	if err != nil {
		return err
	}
	if view.TextTo, err = casework.ReplyNumber(p.app, c); err != nil {
		return err
	}
	return e.JSON(http.StatusOK, view)
}

func (p *plugin) preview(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.caseFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	var body struct{ Template, Locale, Subject, Body string }
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	if body.Template == "" {
		if err := p.work.CheckTemplate(body.Subject, body.Body); err != nil {
			return err
		}
	}
	out, err := p.work.Preview(p.app, casework.Draft{
		Case: c, Agent: agent, Template: body.Template, Locale: body.Locale, Subject: body.Subject, Body: body.Body,
	})
	if errors.Is(err, desk.ErrNoTemplate) {
		return e.NotFoundError("There is no enabled template of this key.", nil)
	}
	if err != nil {
		return validation.Errors{"body": validation.NewError("unknown_variable", err.Error())}
	}
	return e.JSON(http.StatusOK, out)
}
