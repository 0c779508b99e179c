package hooks

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/replaying"
	"github.com/pocketdesk/pocketdesk/internal/desk/ruling"
)

// applyWithin bounds doing what a trial listed: a thousand cases take seconds.
const applyWithin = 5 * time.Minute

// startReplay builds the station that tries rules on past cases.
func (p *plugin) startReplay() { p.trials = replaying.New(p.app) }

// bindReplay lets admins try a rule, do what a trial listed, and see what a rule did.
func (p *plugin) bindReplay() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.replay",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.POST("/api/desk/rules/replay", p.administers(p.tryRule)).Bind(apis.BodyLimit(ruleBytes))
				e.Router.GET("/api/desk/rules/replay/{id}", p.administers(p.readTrial))
				e.Router.GET("/api/desk/rules/replay/{id}/letter/{case}", p.administers(p.readTrialLetter))
				e.Router.DELETE("/api/desk/rules/replay/{id}", p.administers(p.endTrial))
				e.Router.POST("/api/desk/rules/{id}/apply", p.administers(p.applyTrial)).Bind(apis.BodyLimit(4 << 10))
				e.Router.GET("/api/desk/rules/runs", p.administers(p.listRuns))
			}
			return e.Next()
		},
	})
	p.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id: "pocketdesk.replay.stop",
		Func: func(e *core.TerminateEvent) error {
			if p.on() {
				p.trials.Stop()
			}
			return e.Next()
		},
	})
}

// tryRule begins a trial of a rule as it is written, saved or not.
func (p *plugin) tryRule(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct {
		Rule ruling.Draft `json:"rule"`
		Days int          `json:"days"`
		ID   string       `json:"id"` // of the saved rule, where it is one
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("Send {rule: {event, filter, actions, delay, states, since}, days, id?}.", nil)
	}
	rule, err := ruling.Compile(p.app, body.Rule)
	if err != nil {
		return err
	}
	if err := rule.Behind(p.app, body.ID); err != nil {
		return err
	}
	tried, err := p.triedRule(rule, body.Rule)
	if err != nil {
		return err
	}
	id, err := p.trials.Start(agent.Id, tried, body.Days)
	switch {
	case errors.Is(err, replaying.ErrDays):
		return refuse("days", "out_of_range", "Ask for 1 to 90 days.")
	case errors.Is(err, replaying.ErrBusy):
		return apis.NewTooManyRequestsError("Others try rules at the moment. Wait until they are done.", nil)
	case err != nil:
		return err
	}
	return e.JSON(http.StatusOK, map[string]any{"id": id})
}

func (p *plugin) readTrial(e *core.RequestEvent, agent *desk.Agent) error {
	at, err := p.trials.Look(agent.Id, e.Request.PathValue("id"))
	if err != nil {
		return e.NotFoundError("There is no such trial any more. Start it again.", nil)
	}
	return e.JSON(http.StatusOK, at)
}

// readTrialLetter shows the answer that the rule would send on a case that its
// trial listed.
func (p *plugin) readTrialLetter(e *core.RequestEvent, agent *desk.Agent) error {
	l, err := p.trials.Letter(agent.Id, e.Request.PathValue("id"), e.Request.PathValue("case"))
	switch {
	case errors.Is(err, replaying.ErrNone):
		return e.NotFoundError("There is no such trial any more. Start it again.", nil)
	case errors.Is(err, replaying.ErrNoLetter):
		return e.NotFoundError("No answer goes to this case.", nil)
	case err != nil:
		return err
	}
	return e.JSON(http.StatusOK, l)
}

func (p *plugin) endTrial(e *core.RequestEvent, agent *desk.Agent) error {
	if err := p.trials.End(agent.Id, e.Request.PathValue("id")); err != nil {
		return e.NotFoundError("There is no such trial any more.", nil)
	}
	return e.NoContent(http.StatusNoContent)
}

// applyTrial does what a trial listed on the cases that are open. It goes on when
// whoever asked leaves.
func (p *plugin) applyTrial(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct {
		Replay string `json:"replay"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("Send {replay}.", nil)
	}
	record, err := p.app.FindRecordById(desk.Rules, e.Request.PathValue("id"))
	if errors.Is(err, sql.ErrNoRows) {
		return e.NotFoundError("There is no such rule.", nil)
	}
	if err != nil {
		return err
	}
	rule, err := ruling.FindRule(p.app, record.Id)
	if err == nil {
		err = rule.CheckTargets(p.app)
	}
	if err != nil {
		return err
	}
	tried, err := p.triedRule(rule, ruling.DraftOf(record))
	if err != nil {
		return err
	}
	ctx, done := context.WithTimeout(context.WithoutCancel(e.Request.Context()), applyWithin)
	defer done()
	out, err := p.trials.Apply(ctx, agent.Id, body.Replay, tried)
	switch {
	case errors.Is(err, replaying.ErrNone):
		return e.NotFoundError("There is no such trial any more. Try the rule again first.", nil)
	case errors.Is(err, replaying.ErrRunning):
		return refuse("replay", "running", "The trial is still under way. Wait until it is done.")
	case errors.Is(err, replaying.ErrOther):
		return refuse("replay", "other", "The rule was changed since it was tried. Try it again first.")
	case err != nil:
		return err
	}
	return e.JSON(http.StatusOK, out)
}

// listRuns tells what a rule did, the latest first.
func (p *plugin) listRuns(e *core.RequestEvent, _ *desk.Agent) error {
	query := e.Request.URL.Query()
	rows, next, err := replaying.Runs(p.app, query.Get("rule"), query.Get("cursor"))
	if errors.Is(err, replaying.ErrCursor) {
		return e.BadRequestError("The cursor is wrong; begin without one.", nil)
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, map[string]any{"items": rows, "next": next})
}

// tried is a rule of the engine as a trial sees it.
type tried struct {
	*ruling.Rule
	engine  *ruling.Engine
	trial   *ruling.Trial
	draft   ruling.Draft
	actions []replaying.Action
}

var _ replaying.Rule = (*tried)(nil)

// triedRule takes a checked rule together with what it was read from.
func (p *plugin) triedRule(rule *ruling.Rule, draft ruling.Draft) (*tried, error) {
	t := &tried{Rule: rule, engine: p.rules, trial: p.rules.Trial(rule), draft: draft}
	var all []replaying.Action
	if err := json.Unmarshal(draft.Actions, &all); err != nil {
		return nil, err
	}
	for _, a := range all {
		if a.Do != "stop" { // it does nothing by itself
			t.actions = append(t.actions, a)
		}
	}
	return t, nil
}

// Print is part of [replaying.Rule].
func (t *tried) Print() string {
	var actions any
	_ = json.Unmarshal(t.draft.Actions, &actions) // it was read before
	raw, _ := json.Marshal([]any{t.Rule.Event, t.Filter, actions, t.Delay.String(), t.States, t.Since})
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// Event is part of [replaying.Rule].
func (t *tried) Event() string { return t.Rule.Event }

// Actions is part of [replaying.Rule].
func (t *tried) Actions() []replaying.Action { return t.actions }

// Rows is part of [replaying.Rule].
func (t *tried) Rows(app core.App) (*dbx.SelectQuery, error) { return t.Rule.Rows(app) }

// Kinds is part of [replaying.Rule].
func (t *tried) Kinds() []string { return ruling.StaffKinds() }

// Waits is part of [replaying.Rule].
func (t *tried) Waits(app core.App) ([]string, time.Time, error) {
	until, err := t.Until(app)
	return t.States, until, err
}

// Prepare is part of [replaying.Rule].
func (t *tried) Prepare(app core.App, cases []*desk.Case, rows []replaying.Row) error {
	lines := make([]string, len(rows))
	for i, r := range rows {
		lines[i] = r.Row
	}
	return t.trial.Prepare(app, cases, lines)
}

// Would is part of [replaying.Rule].
func (t *tried) Would(app core.App, c *desk.Case, row replaying.Row) ([]replaying.Deed, error) {
	deeds, err := t.trial.Would(app, c, row.Row)
	out := make([]replaying.Deed, len(deeds))
	for i, d := range deeds {
		out[i] = replaying.Deed{Does: d.Does(), Failed: d.Failed, Skip: d.Skip, Was: d.Was, Locale: d.Locale}
	}
	return out, err
}

// Letter is part of [replaying.Rule].
func (t *tried) Letter(app core.App, c *desk.Case) (*replaying.Letter, error) {
	l, err := t.trial.Letter(app, c)
	a, ok := l.(*casework.Automatic)
	if err != nil || !ok {
		return nil, err
	}
	out := replaying.Letter(a.Text())
	return &out, nil
}

// Do is part of [replaying.Rule].
func (t *tried) Do(row replaying.Row) (bool, error) {
	result, err := t.engine.Run(t.Rule, ruling.Subject{Event: row.Event, Case: row.Case, Row: row.Row})
	return result.Fired, err
}
