package desktest

import (
	"context"
	"net/netip"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/outbox"
	"github.com/pocketdesk/pocketdesk/internal/desk/texting"
	"github.com/pocketdesk/pocketdesk/internal/safehttp"
)

func (a *App) newTexting() *texting.Gateway {
	g := texting.New(a, texting.Config{
		Commit: a.Commit, TrackingURL: a.Outbox.TrackingURL,
		Client: safehttp.New(safehttp.Config{Allow: func(to netip.AddrPort) bool { return to.Addr().IsLoopback() }}),
	})
	a.Outbox.Carry(desk.BySMS, texts{g})
	return g
}

// texts carries text messages as the plugin does.
type texts struct{ *texting.Gateway }

func (t texts) On(app core.App) bool { return desk.SMSOn(app) }

func (t texts) Fix(tx core.App, l *outbox.Letter) error {
	return t.Gateway.Fix(tx, l.Delivery, l.Message, &l.Payload)
}

func (t texts) Send(ctx context.Context, l *outbox.Letter) error {
	return t.Gateway.Send(ctx, l.Delivery, l.Payload)
}

func (t texts) Settled(tx core.App, l *outbox.Letter) error {
	return t.Gateway.Settled(tx, l.Delivery.Id)
}

// UseGateway sets an SMS gateway up; what is missing of its choices are those of
// a form with the fields to and text.
func (a *App) UseGateway(url string, v Values) {
	a.t.Helper()
	sms := Values{
		"enabled": true, "url": url, "body": "to={{ to | url_encode }}&text={{ text | url_encode }}&ref={{ id | url_encode }}",
		"id": `id=(\w+)`, "report": Values{"id": "id", "status": "status", "delivered": "ok", "failed": "bad"},
	}
	for name, value := range v {
		sms[name] = value
	}
	a.Choose(Values{"sms": sms})
}
