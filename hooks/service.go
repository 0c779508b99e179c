package hooks

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/service"
	"github.com/pocketdesk/pocketdesk/pb_migrations/seed"
)

// startService builds the station of service levels; after those that hear of it.
func (p *plugin) startService() {
	p.service = service.New(p.app, service.Config{Commit: p.commit, Breached: p.escalations.OnDue})
	p.door.AnswerBy = p.work.AnswerBy
}

// bindService keeps service levels: what we owe, and by when.
func (p *plugin) bindService() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.service",
		Func: func(e *core.ServeEvent) error {
			if !p.on() {
				return e.Next()
			}
			e.Router.GET("/api/desk/service", p.works(p.serviceState))
			e.Router.GET("/api/desk/service/report", p.works(p.serviceReport))
			if err := e.Next(); err != nil {
				return err
			}
			p.service.Start()
			return nil
		},
	})
	p.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id: "pocketdesk.service.stop",
		Func: func(e *core.TerminateEvent) error {
			if p.on() {
				p.service.Stop()
			}
			return e.Next()
		},
	})
	p.job("pocketdesk.service", "* * * * *", func() error {
		_, err := p.service.Tick()
		p.service.Kick() // what another process changed
		return err
	})
	p.bindPolicies()
}

// bindPolicies checks policies, and has dues found anew after what they follow
// from changed.
func (p *plugin) bindPolicies() {
	p.app.OnRecordValidate(desk.SLAPolicies).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.service.check",
		Func: func(e *core.RecordEvent) error {
			if errs := service.Check(e.App, e.Record); len(errs) > 0 {
				return errs
			}
			return e.Next()
		},
	})
	p.app.OnRecordDeleteRequest(desk.SLAPolicies).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "pocketdesk.service.delete", Func: keepMeasured,
	})
	changed := func(e *core.RecordEvent) error {
		desk.Forget(e.App, e.Record.Collection().Id)
		if err := e.Next(); err != nil || !p.on() {
			return err
		}
		p.service.Kick()
		return nil
	}
	for _, id := range []string{desk.SLAPolicies, desk.Calendars, desk.Teams, desk.SettingsID} {
		p.app.OnRecordAfterCreateSuccess(id).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.service.create." + id, Func: changed})
		p.app.OnRecordAfterUpdateSuccess(id).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.service.update." + id, Func: changed})
		p.app.OnRecordAfterDeleteSuccess(id).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.service.deleted." + id, Func: changed})
	}
	p.app.OnRecordUpdate(desk.SettingsID).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.service.names", Func: p.renamed})
	p.app.OnRecordUpdate(desk.Contacts).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.service.tags", Func: p.tagged})
}

// keepMeasured refuses to delete a policy by which cases were measured: the report
// speaks of it, and every case would have to be written.
func keepMeasured(e *core.RecordRequestEvent) error {
	var one int
	err := e.App.DB().Select("(1)").From(desk.Name(e.App, desk.Cases)).Where(dbx.HashExp{"policy": e.Record.Id}).
		AndWhere(dbx.NewExp("[[policy]] != ''")).Limit(1).Row(&one)
	if err == nil {
		return e.BadRequestError("Cases were measured by this service level, and the report speaks of it. Switch it off instead.", nil)
	}
	return e.Next()
}

// renamed gives the service level and the escalation that a shop starts with, while
// nobody named them, their names in the language that the shop gets.
func (p *plugin) renamed(e *core.RecordEvent) error {
	to := e.Record.GetString("locale")
	changed := to != e.Record.Original().GetString("locale")
	if err := e.Next(); err != nil || !p.on() || !changed {
		return err
	}
	names, err := seed.Watch()
	if err != nil {
		return err
	}
	for collection, texts := range map[string]seed.Texts{desk.SLAPolicies: names.Policy, desk.Escalations: names.Escalation} {
		rows, err := e.App.FindAllRecords(collection, dbx.In("name", texts["zh-TW"], texts["zh-CN"], texts["ja"], texts["en"]))
		if err != nil {
			return err
		}
		for _, r := range rows {
			if texts[to] == "" || texts[to] == r.GetString("name") {
				continue
			}
			r.Set("name", texts[to])
			if err := desk.Save(e.App, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// tagged has the open cases of a contact reckoned anew whose tags changed: that is
// noted in the transaction that changes them.
func (p *plugin) tagged(e *core.RecordEvent) error {
	if e.Record.GetString("tags") == e.Record.Original().GetString("tags") || !p.on() {
		return e.Next()
	}
	app := e.App
	err := app.RunInTransaction(func(tx core.App) error {
		e.App = tx
		if err := service.Tagged(tx, e.Record.Id); err != nil {
			return err
		}
		return e.Next()
	})
	e.App = app
	if err == nil {
		desk.AfterCommit(app, p.service.Kick)
	}
	return err
}

// serviceState says how far finding all dues anew has come.
func (p *plugin) serviceState(e *core.RequestEvent, _ *desk.Agent) error {
	return e.JSON(http.StatusOK, p.service.State())
}

func (p *plugin) serviceReport(e *core.RequestEvent, agent *desk.Agent) error {
	days := 30
	if raw := e.Request.URL.Query().Get("days"); raw != "" {
		var err error
		if days, err = strconv.Atoi(raw); err != nil || days < 1 || days > service.MaxDays {
			return refuse("days", "out_of_range", "Give 1 to "+strconv.Itoa(service.MaxDays)+" days.")
		}
	}
	out, err := p.service.Report(e.Request.Context(), agent, days)
	if err != nil && errors.Is(e.Request.Context().Err(), err) {
		return nil // nobody waits any more
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, out)
}
