package hooks

import (
	"net"
	"net/url"
	"strings"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/webhooks"
	"github.com/pocketdesk/pocketdesk/internal/safehttp"
)

// bindWebhookRecords checks webhooks as they are saved, and keeps what belongs to
// them: the secret, and what is known of the address.
func (p *plugin) bindWebhookRecords() {
	p.app.OnRecordValidate(desk.Webhooks).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.check." + desk.Webhooks,
		Func: func(e *core.RecordEvent) error {
			if errs := p.checkWebhook(e.App, e.Record, ""); len(errs) > 0 {
				return errs
			}
			return e.Next()
		},
	})
	request := func(e *core.RecordRequestEvent) error {
		if errs := p.checkWebhook(e.App, e.Record, e.Request.Host); len(errs) > 0 {
			return answer(errs)
		}
		return e.Next()
	}
	p.app.OnRecordCreateRequest(desk.Webhooks).Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "pocketdesk.check.create." + desk.Webhooks, Func: request})
	p.app.OnRecordUpdateRequest(desk.Webhooks).Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "pocketdesk.check.update." + desk.Webhooks, Func: request})
	p.app.OnRecordCreate(desk.Webhooks).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.webhooks.create",
		Func: func(e *core.RecordEvent) error {
			webhooks.Switched(e.App, nil, e.Record)
			if err := e.Next(); err != nil {
				return err
			}
			return webhooks.EnsureSecret(e.App, e.Record.Id)
		},
	})
	p.app.OnRecordUpdate(desk.Webhooks).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.webhooks.update",
		Func: func(e *core.RecordEvent) error {
			webhooks.Switched(e.App, e.Record.Original(), e.Record)
			return e.Next()
		},
	})
	changed := func(e *core.RecordEvent) error {
		if p.on() {
			p.webhooks.Kick()
		}
		return e.Next()
	}
	p.app.OnRecordAfterUpdateSuccess(desk.Webhooks).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.webhooks.changed", Func: changed})
	p.app.OnRecordDelete(desk.Webhooks).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.webhooks.delete",
		Func: func(e *core.RecordEvent) error {
			if err := e.Next(); err != nil {
				return err
			}
			return webhooks.ForgetSecret(e.App, e.Record.Id)
		},
	})
}

// checkWebhook says what is wrong with a webhook; host is where the request came
// to, "" where there is none.
func (p *plugin) checkWebhook(app core.App, r *core.Record, host string) validation.Errors {
	errs := validation.Errors{}
	if code, said := p.webhookURLFault(r.GetString("url"), host); code != "" {
		errs["url"] = validation.NewError(code, said)
	}
	var events []string
	if err := r.UnmarshalJSONField("events", &events); err != nil {
		errs["events"] = validation.NewError("events_invalid", "Give a list of event types, or an empty one for all.")
	}
	seen := map[string]bool{}
	for _, name := range events {
		if !webhooks.Choosable(name) || seen[name] {
			errs["events"] = validation.NewError("events_invalid", "Choose from the types that GET webhooks/events lists, each once: "+desk.Clip(desk.OneLine(name), 60)+" is none.")
			break
		}
		seen[name] = true
	}
	if strings.TrimSpace(r.GetString("name")) == "" {
		errs["name"] = validation.NewError("validation_required", "Give it a name.")
	}
	if r.IsNew() {
		if n, err := app.CountRecords(desk.Webhooks); err == nil && n >= webhooks.MaxHooks {
			errs["name"] = validation.NewError("too_many", "There are 50 webhooks already. Remove one first.")
		}
	}
	return errs
}

func (p *plugin) webhookURLFault(raw, host string) (code, said string) {
	raw = strings.TrimSpace(raw)
	private := p.config.WebhookPrivate
	switch {
	case !webAddress(raw):
		return "url_invalid", "Give an address that begins with https:// and holds no user, no password and no #."
	case !private && !strings.HasPrefix(strings.ToLower(raw), "https://"):
		return "url_plain", "It must begin with https://, since it carries what happens on cases."
	case !private && (safehttp.Check(raw) != nil || insideName(raw)):
		return "url_private", "It lies inside this machine or its network. Whoever runs the server allows that with POCKETDESK_WEBHOOK_PRIVATE=1."
	case p.leadsHere(raw, host):
		return "url_own", "This is PocketDesk's own address. Give that of the system which is to be told."
	}
	return "", ""
}

// insideName tells whether a name is one that only means something inside.
func insideName(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return true
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if net.ParseIP(host) != nil {
		return false
	}
	for _, end := range []string{"localhost", "local", "internal", "lan", "home.arpa"} {
		if host == end || strings.HasSuffix(host, "."+end) {
			return true
		}
	}
	return !strings.Contains(host, ".")
}

// leadsHere tells whether an address is one that PocketDesk itself serves: on a
// host's own site that is not the whole of it.
func (p *plugin) leadsHere(raw, host string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	own := []string{host}
	if app, err := url.Parse(p.app.Settings().Meta.AppURL); err == nil {
		own = append(own, app.Host)
	}
	for _, h := range own {
		if h == "" || !strings.EqualFold(strings.TrimSuffix(h, ":443"), strings.TrimSuffix(u.Host, ":443")) {
			continue
		}
		staff, _ := p.config.deskBase()
		for _, base := range []string{p.base, staff, "/api", "/_"} {
			if p.base == "" || strings.HasPrefix(u.Path+"/", base+"/") {
				return true
			}
		}
	}
	return false
}
