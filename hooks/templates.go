package hooks

import (
	"net/http"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/liquid"
)

func (p *plugin) bindTemplates() {
	p.app.OnRecordValidate(desk.Templates).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.templates.check",
		Func: func(e *core.RecordEvent) error {
			if p.on() {
				if err := p.work.CheckTemplate(e.Record.GetString("subject"), e.Record.GetString("body")); err != nil {
					return err
				}
			}
			return e.Next()
		},
	})
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.templates",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.GET("/api/desk/variables", p.reads(listVariables))
				e.Router.POST("/api/desk/templates/check", p.works(p.checkTemplate))
			}
			return e.Next()
		},
	})
}

func listVariables(e *core.RequestEvent, _ *desk.Agent) error {
	type variable struct {
		Name    string            `json:"name"`
		Example string            `json:"example"`
		Labels  map[string]string `json:"labels"`
	}
	list := []variable{}
	for _, v := range liquid.Variables() {
		list = append(list, variable{v.Name, v.Example, v.Labels})
	}
	return e.JSON(http.StatusOK, list)
}

// checkTemplate shows what a template would say, with made-up values.
func (p *plugin) checkTemplate(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct{ Subject, Body, Locale string }
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	if err := p.work.CheckTemplate(body.Subject, body.Body); err != nil {
		return err
	}
	v, err := p.work.Example(p.app, agent, body.Locale)
	if err != nil {
		return err
	}
	subject, err := p.work.Liquid.Render(body.Subject, v)
	if err != nil {
		return err
	}
	text, err := p.work.Liquid.Render(body.Body, v)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, map[string]any{"subject": subject, "body": text})
}
