package hooks

import (
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func (p *plugin) bindMacros() {
	p.app.OnRecordValidate(desk.Macros).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.macros.check",
		Func: func(e *core.RecordEvent) error {
			if p.on() {
				if err := p.many.CheckMacro(e.App, e.Record.GetString("actions")); err != nil {
					return err
				}
			}
			return e.Next()
		},
	})
	p.app.OnRecordCreateRequest(desk.Macros).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "pocketdesk.macros.create", Func: keepOwner,
	})
	p.app.OnRecordUpdateRequest(desk.Macros).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "pocketdesk.macros.update", Func: keepOwner,
	})
}

// keepOwner gives a new record to whoever makes it, leaves it with him later,
// and lets only supervisors and admins share one with all.
func keepOwner(e *core.RecordRequestEvent) error {
	agent, err := desk.AgentOf(e.App, e.Auth)
	if err != nil || !agent.Works() {
		return e.ForbiddenError("This is for people who work cases.", nil)
	}
	before := e.Record.Original()
	if e.Record.IsNew() {
		e.Record.Set("owner", agent.Id)
	} else if e.Record.GetString("owner") != before.GetString("owner") {
		return refuse("owner", "not_writable", "It stays with whoever made it.")
	}
	if e.Record.GetBool("shared") && (e.Record.IsNew() || !before.GetBool("shared")) && !agent.SeesAll() {
		return refuse("shared", "not_writable", "Supervisors and admins share with all.")
	}
	return e.Next()
}
