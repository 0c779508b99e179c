package webhooks

import (
	"context"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Pong is how a test went.
type Pong struct {
	OK     bool   `json:"ok"`
	Code   int    `json:"code"` // of the answer; 0: there was none
	Said   string `json:"said"`
	TookMS int64  `json:"took_ms"`
}

// Ping sends a test to a webhook, whether it is on or off, and waits for the
// answer. It is kept among the deliveries, is not tried again, and says nothing
// for or against the webhook.
func (s *Station) Ping(ctx context.Context, hook string, agent *desk.Agent) (Pong, error) {
	h, err := FindHook(s.app, hook)
	if err != nil {
		return Pong{}, err
	}
	k, err := loadKeys(s.app, hook)
	if err != nil || k.Now == "" {
		return Pong{}, desk.ErrSecret
	}
	now := desk.Now(s.app)
	payload, err := s.newWriter(s.app).payload(event{typ: TypePing, at: now, actor: agent.Id}, false)
	if err != nil {
		return Pong{}, err
	}
	r, err := desk.New(s.app, desk.WebhookDeliveries)
	if err != nil {
		return Pong{}, err
	}
	r.Set("msg", "msg_"+core.GenerateDefaultRandomId())
	r.Set("payload", types.JSONRaw(payload))
	begin := time.Now()
	t := s.try(ctx, h.URL(), k.signers(now), r)
	out := Pong{t.answer.Taken(), t.answer.Status, t.said(), time.Since(begin).Milliseconds()}
	msg := r.GetString("msg")
	return out, s.commit.Do(func(tx core.App) error {
		r, err := desk.New(tx, desk.WebhookDeliveries)
		if err != nil {
			return err
		}
		r.Set("webhook", hook)
		r.Set("type", TypePing)
		r.Set("msg", msg)
		r.Set("payload", types.JSONRaw(payload))
		r.Set("status", Failed)
		if out.OK {
			r.Set("status", Sent)
			r.Set("sent_at", desk.Date(desk.Now(tx)))
		}
		r.Set("attempts", 1)
		r.Set("code", out.Code)
		r.Set("said", out.Said)
		return desk.Save(tx, r)
	})
}
