package hooks

import (
	"errors"
	"net/http"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/escalating"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

// ruleBytes bounds a rule that is to be checked.
const ruleBytes = 64 << 10

// startRules builds the engine. What its actions need of other stations is given
// to it by them.
func (p *plugin) startRules() {
	p.rules = ruling.New(p.app, ruling.Config{
		Commit: p.commit, Change: p.work.Change,
		Letter: func(app core.App, c *desk.Case, template string) (ruling.Letter, error) {
			return p.work.PrepareAutomatic(app, c, template)
		},
		Reach: casework.ReachAutomatic,
	})
	p.rules.Kick = func() { p.outbox.Kick() }
	p.rules.Assign = p.assigning.Assign
	p.rules.Escalate = func(tx core.App, id, caseID, why string) error {
		err := p.escalations.BySystem(tx, id, caseID, why)
		for known, skip := range map[error]ruling.Skipped{
			escalating.ErrRuns: ruling.SkipRuns, escalating.ErrMany: ruling.SkipMany, escalating.ErrDone: ruling.SkipDone,
		} {
			if errors.Is(err, known) {
				return skip
			}
		}
		return err
	}
}

// bindRules lets admins write rules, which are checked, and runs them.
func (p *plugin) bindRules() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.rules",
		Func: func(e *core.ServeEvent) error {
			if !p.on() {
				return e.Next()
			}
			e.Router.GET("/api/desk/rules/fields", p.reads(p.listRuleFields))
			e.Router.POST("/api/desk/rules/check", p.administers(p.checkRule)).Bind(apis.BodyLimit(ruleBytes))
			if err := p.rules.Start(); err != nil {
				return err
			}
			return e.Next()
		},
	})
	p.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id: "pocketdesk.rules.stop",
		Func: func(e *core.TerminateEvent) error {
			if p.on() {
				p.rules.Stop()
			}
			return e.Next()
		},
	})
	p.job("pocketdesk.rules", "* * * * *", func() error { return p.rules.Tick() })
	p.job("pocketdesk.rules.prune", "21 3 * * *", func() error {
		_, err := p.rules.Prune()
		return err
	})
	p.bindRuleRecords()
}

func (p *plugin) bindRuleRecords() {
	p.app.OnRecordValidate(desk.Rules).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.check." + desk.Rules,
		Func: func(e *core.RecordEvent) error {
			if p.on() {
				if err := checkRuleRecord(e.App, e.Record); err != nil {
					return err
				}
			}
			return e.Next()
		},
	})
	p.app.OnRecordCreate(desk.Rules).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.rules.create", Func: beginRule})
	p.app.OnRecordUpdate(desk.Rules).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.rules.update", Func: beginRule})
	p.app.OnRecordDelete(desk.Rules).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.rules.delete",
		Func: func(e *core.RecordEvent) error { // one by one, as PocketBase does it, many would take minutes
			_, err := e.App.DB().Delete(desk.Name(e.App, desk.RuleRuns), dbx.HashExp{"rule": e.Record.Id}).Execute()
			if err != nil {
				return err
			}
			return e.Next()
		},
	})
	forget := func(e *core.RecordEvent) error {
		desk.Forget(e.App, desk.Rules)
		return e.Next()
	}
	p.app.OnRecordAfterCreateSuccess(desk.Rules).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.forget.create." + desk.Rules, Func: forget})
	p.app.OnRecordAfterUpdateSuccess(desk.Rules).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.forget.update." + desk.Rules, Func: forget})
	p.app.OnRecordAfterDeleteSuccess(desk.Rules).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.forget.delete." + desk.Rules, Func: forget})
}

// checkRuleRecord says what is wrong with a rule. One that can't be used any more
// can still be renamed, moved and switched off.
func checkRuleRecord(app core.App, r *core.Record) error {
	if r.IsNew() {
		n, err := app.CountRecords(desk.Rules)
		if err != nil {
			return err
		}
		if n >= ruling.MaxRules {
			return validation.Errors{"name": validation.NewError("too_many", "There are 200 rules. Delete one that is no longer used.")}
		}
	}
	switchedOn := r.GetBool("enabled") && changedIn(r, "enabled")
	if !r.IsNew() && !switchedOn && !changedIn(r, "event", "filter", "actions", "delay", "states", "since") {
		return nil
	}
	rule, err := ruling.Compile(app, ruling.DraftOf(r))
	if err == nil {
		err = rule.CheckTargets(app)
	}
	return err
}

// beginRule notes from when on a rule counts: what happened before it was switched
// on, or before it was about something else, stays as it is.
func beginRule(e *core.RecordEvent) error {
	r := e.Record
	if desk.Own(e.Context) {
		return e.Next()
	}
	if r.GetString("event") != ruling.TimePassed { // of no meaning
		r.Set("delay", "")
		r.Set("states", nil)
		r.Set("since", "")
	}
	if r.GetBool("enabled") && (r.IsNew() || changedIn(r, "enabled", "event", "filter", "delay", "states", "since")) {
		r.Set("active_from", desk.Date(desk.Now(e.App)))
		r.Set("looked_until", "")
		r.Set("looked", nil)
	}
	if changedIn(r, "enabled", "event", "filter", "delay", "states", "since", "actions") {
		r.Set("failed", "") // looked at anew
	}
	return e.Next()
}

// changedIn tells whether one of these fields differs from what is stored.
func changedIn(r *core.Record, fields ...string) bool {
	for _, name := range fields {
		if r.GetString(name) != r.Original().GetString(name) {
			return true
		}
	}
	return false
}

// listRuleFields says what filters may use, by event.
func (p *plugin) listRuleFields(e *core.RequestEvent, _ *desk.Agent) error {
	events := map[string]any{}
	for _, event := range ruling.Events() {
		fields, err := ruling.FieldsOf(p.app, event)
		if err != nil {
			return err
		}
		events[event] = fields
	}
	return e.JSON(http.StatusOK, map[string]any{"events": events, "actions": ruling.Actions()})
}

// checkRule says what is wrong with a rule before it is saved, and takes its
// filter apart for the screen to put into words.
func (p *plugin) checkRule(e *core.RequestEvent, _ *desk.Agent) error {
	var draft ruling.Draft
	if err := e.BindBody(&draft); err != nil {
		return e.BadRequestError("Send {event, filter, actions, delay, states, since}.", nil)
	}
	rule, err := ruling.Compile(p.app, draft)
	if err == nil {
		err = rule.CheckTargets(p.app)
	}
	var wrong validation.Errors
	if errors.As(err, &wrong) {
		return answer(wrong)
	}
	if err != nil {
		return err
	}
	explain, err := ruling.About(draft.Event).Explain(p.app, draft.Filter)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, map[string]any{"explain": explain})
}
