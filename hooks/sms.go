package hooks

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/outbox"
	"github.com/pocketdesk/pocketdesk/internal/desk/texting"
	"github.com/pocketdesk/pocketdesk/internal/limit"
	"github.com/pocketdesk/pocketdesk/internal/phone"
)

const (
	// reportMinute is how many reports one address may bring in a minute.
	reportMinute = 3_000
	// testMinute is how many texts may be tried in a minute: each costs money.
	testMinute = 10
	// maxReport is how large a report may be.
	maxReport = 64 << 10
)

// textCarrier is the outbox's carrier of text messages.
type textCarrier struct{ *texting.Gateway }

var (
	_ outbox.Carrier = textCarrier{}
	_ outbox.Settler = textCarrier{}
)

// On implements [outbox.Carrier].
func (t textCarrier) On(app core.App) bool { return desk.SMSOn(app) }

// Fix implements [outbox.Carrier].
func (t textCarrier) Fix(tx core.App, l *outbox.Letter) error {
	return t.Gateway.Fix(tx, l.Delivery, l.Message, &l.Payload)
}

// Send implements [outbox.Carrier].
func (t textCarrier) Send(ctx context.Context, l *outbox.Letter) error {
	err := t.Gateway.Send(ctx, l.Delivery, l.Payload)
	if id := l.Delivery.GatewayID(); id != "" {
		l.Reply = "taken by the gateway as " + id
	}
	return err
}

// Settled implements [outbox.Settler].
func (t textCarrier) Settled(tx core.App, l *outbox.Letter) error {
	return t.Gateway.Settled(tx, l.Delivery.Id)
}

// startSMS builds the station for text messages.
func (p *plugin) startSMS(now func() time.Time) {
	p.texting = texting.New(p.app, texting.Config{Commit: p.commit, TrackingURL: p.outbox.TrackingURL})
	p.outbox.Carry(desk.BySMS, textCarrier{p.texting})
	p.work.TrackingURL = p.outbox.TrackingURL
	p.reports = limit.New(limit.Config{Window: time.Minute, Now: now})
}

func (p *plugin) bindSMS() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.sms",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.GET("/api/desk/sms", p.reads(p.showSMS))
				e.Router.POST("/api/desk/sms/secret", p.administers(p.setSMSSecret))
				e.Router.POST("/api/desk/sms/test", p.administers(p.testSMS))
				for _, method := range []string{http.MethodGet, http.MethodPost} {
					for _, path := range []string{"{token}", "{token}/{ref}"} {
						e.Router.Route(method, texting.ReportPath+path, p.takeReport).
							Bind(apis.SkipSuccessActivityLog(), apis.BodyLimit(maxReport))
					}
				}
			}
			return e.Next()
		},
	})
	p.app.OnRecordUpdateExecute(desk.SettingsID).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.sms.moved", Func: forgetMovedSecret})
	p.app.OnRecordAfterUpdateSuccess(desk.SettingsID).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.sms.release", Priority: 100, // after what was kept of the settings is dropped
		Func: func(e *core.RecordEvent) error {
			if p.on() && desk.SMSOn(e.App) {
				if err := p.outbox.Release(); err != nil {
					return err
				}
			}
			return e.Next()
		},
	})
}

// forgetMovedSecret forgets what opens the gateway when its host changes: whoever
// may write the settings could have it sent to a machine of his own. The settings
// have passed their checks, and are saved after it.
func forgetMovedSecret(e *core.RecordEvent) error {
	var before, after desk.SMS
	_ = e.Record.Original().UnmarshalJSONField("sms", &before)
	_ = e.Record.UnmarshalJSONField("sms", &after)
	if before.Host() != "" && before.Host() != after.Host() {
		if err := desk.SetSecret(e.App, desk.SecretSMS, ""); err != nil {
			return err
		}
	}
	return e.Next()
}

// smsView is what an admin sees of the gateway; other staff see its state alone.
type smsView struct {
	texting.State
	Secret    string `json:"secret,omitempty"` // env, kept, none, or lost: kept under another key
	ReportURL string `json:"report_url,omitempty"`
}

func (p *plugin) showSMS(e *core.RequestEvent, agent *desk.Agent) error {
	state, err := p.texting.State()
	if err != nil {
		return err
	}
	view := smsView{State: state}
	if agent.Admin() {
		view.ReportURL = p.texting.ReportURL()
		view.Secret = "none"
		if kept, err := desk.Secret(p.app, desk.SecretSMS); err != nil {
			view.Secret = "lost"
		} else if desk.FromEnv(p.app, desk.SecretSMS) != "" {
			view.Secret = "env"
		} else if kept != "" {
			view.Secret = "kept"
		}
	}
	return e.JSON(http.StatusOK, view)
}

// setSMSSecret keeps what opens the gateway; empty forgets it.
func (p *plugin) setSMSSecret(e *core.RequestEvent, _ *desk.Agent) error {
	var body struct {
		Secret string `json:"secret"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", nil)
	}
	if desk.FromEnv(p.app, desk.SecretSMS) != "" {
		return conflict("The secret comes from the environment (POCKETDESK_SMS_SECRET). Change it there.")
	}
	if len(body.Secret) > 4_000 || strings.ContainsAny(body.Secret, "\r\n\x00") {
		return refuse("secret", "characters", "A secret is one line.")
	}
	if err := desk.SetSecret(p.app, desk.SecretSMS, body.Secret); err != nil {
		return err
	}
	if desk.SMSOn(p.app) {
		if err := p.outbox.Release(); err != nil {
			return err
		}
	}
	return e.JSON(http.StatusOK, map[string]any{})
}

// testSMS sends a text to a number of the admin's own and tells what the gateway said.
func (p *plugin) testSMS(e *core.RequestEvent, _ *desk.Agent) error {
	var body struct {
		To string `json:"to"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", nil)
	}
	s, err := desk.LoadSettings(p.app)
	if err != nil {
		return err
	}
	number, ok := phone.E164(body.To, s.Region(), "TW", "JP", "CN")
	if !ok {
		return refuse("to", "phone_invalid", "This is no phone number.")
	}
	if p.reports.Add("test") > testMinute {
		return e.TooManyRequestsError("Wait a minute: each text costs money.", nil)
	}
	answer := map[string]any{"ok": false, "id": "", "error": ""}
	switch s.SMS.Missing(p.app) { // it may be tried before it is switched on
	case desk.SMSNoURL:
		answer["error"] = "Give the gateway's address first."
		return e.JSON(http.StatusOK, answer)
	case desk.SMSNoSecret:
		answer["error"] = "Give the gateway's secret first."
		return e.JSON(http.StatusOK, answer)
	}
	id, err := p.texting.Test(e.Request.Context(), number)
	if err != nil {
		answer["error"] = desk.Clip(desk.OneLine(err.Error()), 500)
	} else {
		answer["ok"], answer["id"] = true, id
	}
	return e.JSON(http.StatusOK, answer)
}

// takeReport takes what the gateway reports. Whoever asks learns nothing: neither
// whether the token is right nor whether there is such a text.
func (p *plugin) takeReport(e *core.RequestEvent) error {
	if p.reports.Add("report "+p.keyOf(e)) > reportMinute {
		return e.TooManyRequestsError("", nil)
	}
	answer, err := p.texting.Report(texting.Report{
		Request: e.Request, Token: e.Request.PathValue("token"), Ref: e.Request.PathValue("ref"),
	})
	if errors.Is(err, texting.ErrReport) {
		p.app.Logger().Warn("sms: a report can't be read", "error", err)
	} else if err != nil {
		return e.InternalServerError("", err) // the gateway may report again
	}
	e.Response.Header().Set("X-Content-Type-Options", "nosniff")
	e.Response.Header().Set("Cache-Control", "no-store")
	return e.Blob(http.StatusOK, "text/plain; charset=utf-8", []byte(answer))
}
