package webhooks

import (
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// MaxHooks is how many webhooks a shop may have.
const MaxHooks = 50

// Hook is an address that is told what happens.
type Hook struct{ core.BaseRecordProxy }

// AsHook wraps a record of the webhooks collection.
func AsHook(r *core.Record) *Hook {
	h := &Hook{}
	h.SetProxyRecord(r)
	return h
}

// FindHook finds a webhook by id.
func FindHook(app core.App, id string) (*Hook, error) {
	r, err := app.FindRecordById(desk.Webhooks, id)
	if err != nil {
		return nil, err
	}
	return AsHook(r), nil
}

func (h *Hook) Name() string     { return h.GetString("name") }
func (h *Hook) URL() string      { return h.GetString("url") }
func (h *Hook) Enabled() bool    { return h.GetBool("enabled") }
func (h *Hook) WithText() bool   { return h.GetBool("with_text") }
func (h *Hook) Failing() bool    { return !h.GetDateTime("failing_since").IsZero() }
func (h *Hook) since() string    { return h.GetString("since") }
func (h *Hook) Events() []string { return h.GetStringSlice("events") }

// Wants tells whether the webhook asks for a type. No choice means all.
func (h *Hook) Wants(name string) bool {
	chosen := h.Events()
	return len(chosen) == 0 || slices.Contains(chosen, name)
}

// Switched keeps what belongs to being on: from when events are sent, and that
// nothing is known against the address. Call it before a webhook is saved.
func Switched(app core.App, before, after *core.Record) {
	if !after.GetBool("enabled") || before != nil && before.GetBool("enabled") {
		return
	}
	after.Set("since", desk.Date(desk.Now(app)))
	for _, field := range []string{"disabled_why", "failing_since", "failed"} {
		after.Set(field, "")
	}
}

// enabled are the webhooks that are on.
func enabled(app core.App) ([]*Hook, error) {
	rows, err := app.FindAllRecords(desk.Webhooks, dbx.HashExp{"enabled": true})
	if err != nil {
		return nil, fmt.Errorf("webhooks: %w", err)
	}
	out := make([]*Hook, 0, len(rows))
	for _, r := range rows {
		out = append(out, AsHook(r))
	}
	slices.SortFunc(out, func(a, b *Hook) int { return a.GetDateTime("created").Time().Compare(b.GetDateTime("created").Time()) })
	return out, nil
}

// Why a webhook was switched off by the system.
const (
	WhyGone    = "gone"    // it answered 410
	WhyFailing = "failing" // nothing was taken for three days
)

// patience is for how long a webhook may fail.
const patience = 72 * time.Hour

// switchOff ends a webhook and tells the admins. What waits for it goes on waiting,
// and leaves should somebody switch it on again.
func switchOff(tx core.App, h *Hook, why string) error {
	h.Set("enabled", false)
	h.Set("disabled_why", why)
	admins, err := adminIDs(tx)
	if err != nil {
		return err
	}
	notices := make([]desk.Notice, len(admins))
	for i, id := range admins {
		notices[i] = desk.Notice{Agent: id, Kind: desk.NoticeWebhookDisabled, Data: map[string]any{"webhook": h.Name(), "id": h.Id, "why": why}}
	}
	return desk.Notify(tx, notices...)
}

// adminIDs are the admins, or who answers for all where there is none.
func adminIDs(app core.App) ([]string, error) {
	var ids []string
	err := app.DB().Select("id").From(desk.Name(app, desk.Agents)).Where(dbx.HashExp{"role": desk.RoleAdmin}).OrderBy("created", "id").Limit(20).Column(&ids)
	if err != nil || len(ids) > 0 {
		return ids, err
	}
	return desk.Chiefs(app, "")
}
