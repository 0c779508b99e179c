package hooks

import (
	"errors"
	"net/http"
	"unicode/utf8"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

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
				e.Router.GET("/api/desk/cases/{id}", p.reads(p.viewCase))
				e.Router.GET("/api/desk/cases/{id}/messages", p.reads(p.earlier))
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
		desk.CopyClock(now, before)
		desk.CopyClock(now, after)
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
		return stale(app, before, seen)
	}
	return err
}

// stale refuses a change that was made to an older version, and says what
// others changed since. Without a version it is the one that this request read.
func stale(app core.App, before *desk.Case, seen int) error {
	if seen == 0 {
		seen = before.GetInt("version")
	}
	changed, err := casework.ChangedSince(app, before.Id, seen)
	if err != nil {
		return answer(err)
	}
	e := conflict("Somebody changed this case meanwhile; look at it again.").(*router.ApiError)
	e.Data = map[string]any{"changed": changed}
	return e
}

// refuseFields names fields that only the system writes.
func refuseFields(names []string) error {
	errs := validation.Errors{}
	for _, name := range names {
		errs[name] = validation.NewError("not_writable", "Only the system writes this field.")
	}
	return answer(errs)
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

// earlier is the part of a conversation before the message that is named.
func (p *plugin) earlier(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.caseFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	talk, err := inbox.Earlier(p.app, c, e.Request.URL.Query().Get("before"))
	if errors.Is(err, inbox.ErrQuery) {
		return e.NotFoundError("There is no such message on this case.", nil)
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, talk)
}

// maxBody is how many characters a text may have that is previewed, as one that is sent.
const maxBody = 50_000

// preview shows a template, or words with variables, with a case's values; or as
// "mail" what is typed as it will look.
func (p *plugin) preview(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.caseFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	var body struct {
		Template, Locale, Subject, Body, As string
		Sign                                bool
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	if utf8.RuneCountInString(body.Body) > maxBody || utf8.RuneCountInString(body.Subject) > maxBody {
		return refuse("body", "validation_max_text_constraint", "A text may have 50,000 characters.")
	}
	if body.As == "mail" {
		look, err := casework.Look(p.app, casework.Draft{Case: c, Agent: agent, Template: body.Template, Subject: body.Subject, Body: body.Body}, body.Sign)
		if err != nil {
			return err
		}
		return e.JSON(http.StatusOK, look)
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
