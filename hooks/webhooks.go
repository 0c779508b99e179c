package hooks

import (
	"database/sql"
	"errors"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/webhooks"
	"github.com/pocketdesk/pocketdesk/internal/limit"
)

// pingMinute is how many tests of webhooks one person may send in a minute.
const pingMinute = 20

// startWebhooks builds the station that tells other systems what happens. Rules
// and escalations send by it.
func (p *plugin) startWebhooks(now func() time.Time) {
	p.webhooks = webhooks.New(p.app, webhooks.Config{
		Commit: p.commit, Private: p.config.WebhookPrivate,
		Link: func(id string) string { return p.deskLink(&desk.Agent{}, id) },
	})
	p.pings = limit.New(limit.Config{Window: time.Minute, Now: now})
	p.rules.Webhook = func(tx core.App, id, caseID, rule string) error {
		return p.forward(tx, webhooks.Parcel{Webhook: id, Case: caseID, By: "rule", Data: map[string]any{"rule": rule}})
	}
}

// forward sends a case to one webhook. One that is off meanwhile is no reason to
// leave the rest of a rule or an escalation undone.
func (p *plugin) forward(tx core.App, parcel webhooks.Parcel) error {
	parcel.Type = webhooks.TypeForwarded
	err := p.webhooks.Send(tx, parcel)
	if errors.Is(err, webhooks.ErrOff) {
		return nil
	}
	return err
}

// forwardEscalated sends a case to an outside tracker.
func (p *plugin) forwardEscalated(tx core.App, id, caseID string, data map[string]any) error {
	return p.forward(tx, webhooks.Parcel{Webhook: id, Case: caseID, By: "escalation", Data: data})
}

func (p *plugin) bindWebhooks() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.webhooks",
		Func: func(e *core.ServeEvent) error {
			if !p.on() {
				return e.Next()
			}
			e.Router.GET("/api/desk/webhooks", p.administers(p.listWebhooks))
			e.Router.GET("/api/desk/webhooks/events", p.administers(p.showEvents))
			e.Router.POST("/api/desk/webhooks/{id}/secret", p.administers(p.newWebhookSecret))
			e.Router.POST("/api/desk/webhooks/{id}/ping", p.administers(p.pingWebhook))
			e.Router.GET("/api/desk/webhooks/{id}/deliveries", p.administers(p.listDeliveries))
			e.Router.POST("/api/desk/webhooks/{id}/replay", p.administers(p.replayDeliveries))
			e.Router.Bind(&hook.Handler[*core.RequestEvent]{Id: "pocketdesk.webhooks.own", Priority: -2000, Func: p.refuseOwn})
			if err := e.Next(); err != nil {
				return err
			}
			p.webhooks.Start()
			return nil
		},
	})
	p.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id: "pocketdesk.webhooks.stop",
		Func: func(e *core.TerminateEvent) error {
			if p.on() {
				p.webhooks.Stop()
			}
			return e.Next()
		},
	})
	p.job("pocketdesk.webhooks", "41 3 * * *", func() error { return webhooks.Forget(p.app, p.commit) })
	p.bindWebhookRecords()
}

// refuseOwn ends a webhook that leads back to this desk by whatever name: an event
// that makes an event would never end. The answer switches it off.
func (p *plugin) refuseOwn(e *core.RequestEvent) error {
	if from := e.Request.Header.Get(webhooks.HeaderOrigin); from != "" && from == webhooks.Origin(p.app) {
		return e.Error(http.StatusGone, "This webhook leads to the desk that sends it.", nil)
	}
	return e.Next()
}

// listWebhooks gives an admin all webhooks with what is known of each.
func (p *plugin) listWebhooks(e *core.RequestEvent, _ *desk.Agent) error {
	rows, err := p.app.FindRecordsByFilter(desk.Webhooks, "", "name,created", webhooks.MaxHooks, 0)
	if err != nil {
		return err
	}
	items := make([]map[string]any, 0, len(rows))
	for _, r := range rows {
		one := r.PublicExport()
		state, until := p.webhooks.SecretState(r.Id)
		one["secret"], one["old_until"] = state, desk.Date(until)
		queued, failed, err := webhooks.Counts(p.app, r.Id)
		if err != nil {
			return err
		}
		one["queued"], one["given_up"] = queued, failed
		items = append(items, one)
	}
	return e.JSON(http.StatusOK, map[string]any{"items": items, "most": webhooks.MaxHooks, "private": p.config.WebhookPrivate})
}

// showEvents is the catalogue.
func (p *plugin) showEvents(e *core.RequestEvent, _ *desk.Agent) error {
	type line struct {
		webhooks.Type
		Choosable bool `json:"choosable"`
	}
	list := []line{}
	for _, t := range webhooks.Catalogue() {
		list = append(list, line{t, webhooks.Choosable(t.Name)})
	}
	return e.JSON(http.StatusOK, map[string]any{"types": list})
}

// newWebhookSecret makes a secret and tells it, this once.
func (p *plugin) newWebhookSecret(e *core.RequestEvent, _ *desk.Agent) error {
	var body struct {
		Now bool `json:"now"` // the old one ends at once
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", nil)
	}
	secret, until, err := p.webhooks.NewSecret(e.Request.PathValue("id"), body.Now)
	if err != nil {
		return hookFault(e, err)
	}
	return e.JSON(http.StatusOK, map[string]any{"secret": secret, "old_until": desk.Date(until)})
}

func (p *plugin) pingWebhook(e *core.RequestEvent, agent *desk.Agent) error {
	if p.pings.Add(agent.Id) > pingMinute {
		return e.TooManyRequestsError("Wait a minute before you test more.", nil)
	}
	pong, err := p.webhooks.Ping(e.Request.Context(), e.Request.PathValue("id"), agent)
	if err != nil {
		return hookFault(e, err)
	}
	return e.JSON(http.StatusOK, pong)
}

func (p *plugin) listDeliveries(e *core.RequestEvent, _ *desk.Agent) error {
	id, q := e.Request.PathValue("id"), e.Request.URL.Query()
	if _, err := webhooks.FindHook(p.app, id); err != nil {
		return hookFault(e, err)
	}
	page, err := webhooks.List(p.app, id, q.Get("status"), q.Get("cursor"))
	if errors.Is(err, webhooks.ErrSpan) {
		return e.BadRequestError("There is no such page.", nil)
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, page)
}

// replayDeliveries sends one delivery again, or a part of a span of time.
func (p *plugin) replayDeliveries(e *core.RequestEvent, _ *desk.Agent) error {
	var body struct {
		Delivery string    `json:"delivery"`
		From     time.Time `json:"from"`
		To       time.Time `json:"to"`
		What     string    `json:"what"`
		After    string    `json:"after"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("Give delivery, or from, to (RFC 3339) and what (failed, all or missed).", nil)
	}
	id := e.Request.PathValue("id")
	if body.Delivery != "" {
		if err := p.webhooks.Replay(id, body.Delivery); err != nil {
			return hookFault(e, err)
		}
		return e.JSON(http.StatusOK, webhooks.Replayed{Count: 1})
	}
	done, err := p.webhooks.ReplaySpan(webhooks.Span{Hook: id, From: body.From, To: body.To, What: body.What, After: body.After})
	if err != nil {
		return hookFault(e, err)
	}
	return e.JSON(http.StatusOK, done)
}

func hookFault(e *core.RequestEvent, err error) error {
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return e.NotFoundError("There is no such webhook or delivery.", nil)
	case errors.Is(err, webhooks.ErrOff):
		return conflict("This webhook is switched off. Switch it on first.")
	case errors.Is(err, webhooks.ErrUnderWay):
		return conflict("This delivery is on its way already.")
	case errors.Is(err, desk.ErrSecret):
		return conflict("The secret can't be read. Make a new one first.")
	case errors.Is(err, webhooks.ErrSpan):
		return refuse("from", "span_invalid", "Give from and to, from before to, at most 30 days back.")
	case errors.Is(err, webhooks.ErrNoReplay):
		return refuse("what", "what_invalid", "Choose failed, all or missed.")
	}
	return err
}
