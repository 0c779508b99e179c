package webhooks

import (
	"database/sql"
	"errors"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/safehttp"
	"github.com/pocketdesk/pocketdesk/internal/webhook"
)

// takenEvery is how often it is noted on a webhook that it works.
const takenEvery = time.Minute

// settle writes down how a try went, on the delivery and on its webhook.
func (s *Station) settle(tx core.App, id string, t attempt) error {
	r, err := tx.FindRecordById(desk.WebhookDeliveries, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // erased meanwhile
	}
	if err != nil {
		return err
	}
	h, err := FindHook(tx, r.GetString("webhook"))
	if err != nil {
		return err
	}
	now := desk.Now(tx)
	tries := r.GetInt("attempts") + 1
	r.Set("attempts", tries)
	r.Set("code", t.answer.Status)
	r.Set("said", t.said())
	if t.answer.Taken() {
		r.Set("status", Sent)
		r.Set("sent_at", desk.Date(now))
		r.Set("next_attempt", "")
		return errors.Join(desk.Save(tx, r), h.taken(tx, now))
	}
	wait, again := webhook.Delay(tries, s.config.Jitter())
	if again && !t.answer.Gone() {
		r.Set("next_attempt", desk.Date(now.Add(max(wait, t.answer.Wait))))
	} else {
		r.Set("status", Failed)
		r.Set("next_attempt", "")
	}
	return errors.Join(desk.Save(tx, r), h.refused(tx, t, now))
}

// said is the answer's beginning, or what went wrong.
func (t attempt) said() string {
	switch {
	case errors.Is(t.err, safehttp.ErrForbidden):
		return "Refused: this address lies inside this machine or its network."
	case t.err != nil:
		return desk.Clip(desk.OneLine(t.err.Error()), 500)
	}
	return t.answer.Said
}

// taken notes that the webhook works.
func (h *Hook) taken(tx core.App, now time.Time) error {
	if !h.Failing() && h.GetString("failed") == "" && now.Sub(h.GetDateTime("delivered_at").Time()).Abs() < takenEvery {
		return nil
	}
	h.Set("delivered_at", desk.Date(now))
	h.Set("failing_since", "")
	h.Set("failed", "")
	return desk.Save(tx, h.Record)
}

// refused notes that the webhook fails, and switches it off where it wants no more
// or has failed for three days.
func (h *Hook) refused(tx core.App, t attempt, now time.Time) error {
	if !h.Failing() {
		h.Set("failing_since", desk.Date(now))
	}
	h.Set("failed", faultOf(t))
	if h.Enabled() {
		why := ""
		if t.answer.Gone() {
			why = WhyGone
		} else if now.Sub(h.GetDateTime("failing_since").Time()) >= patience {
			why = WhyFailing
		}
		if why != "" {
			if err := switchOff(tx, h, why); err != nil {
				return err
			}
		}
	}
	return desk.Save(tx, h.Record)
}

func faultOf(t attempt) string {
	if t.err != nil {
		return t.said()
	}
	text := "HTTP " + strconv.Itoa(t.answer.Status)
	if t.answer.Said != "" {
		text += ": " + t.answer.Said
	}
	return desk.Clip(text, 500)
}

// noteFault keeps on a webhook why nothing is sent to it.
func (s *Station) noteFault(h *Hook, why string) error {
	if h.GetString("failed") == why {
		return nil
	}
	return s.commit.Do(func(tx core.App) error {
		h, err := FindHook(tx, h.Id)
		if err != nil {
			return err
		}
		h.Set("failed", why)
		return desk.Save(tx, h.Record)
	})
}
