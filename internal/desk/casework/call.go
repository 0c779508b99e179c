package casework

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Outcomes of a phone call. A call without one counts as answered.
const (
	CallAnswered  = "answered"
	CallNoAnswer  = "no_answer"
	CallBusy      = "busy"
	CallVoicemail = "voicemail"
	CallWrong     = "wrong_number"
)

// maxSeconds is how long a call may have been: a day.
const maxSeconds = 86_400

// call is a phone call as it stands in a message.
type call struct {
	Outcome string `json:"outcome"`
	Seconds int    `json:"seconds"`

	in bool // the visitor called
}

// readCall reads what was noted of a call.
func (out *Written) readCall() error {
	m := out.entry.Message
	c := &call{in: m.Direction() == desk.In}
	out.call = c
	if raw := strings.TrimSpace(m.GetString("call")); raw != "" && raw != "null" && raw != "{}" {
		var given struct{ Outcome, Seconds any }
		d := json.NewDecoder(bytes.NewReader([]byte(raw)))
		d.UseNumber()
		if err := d.Decode(&given); err != nil {
			return fieldError("call", "validation_outcome", "A call is {outcome, seconds}.")
		}
		c.Outcome, _ = given.Outcome.(string)
		if !slices.Contains([]string{CallAnswered, CallNoAnswer, CallBusy, CallVoicemail, CallWrong}, c.Outcome) {
			return fieldError("call", "validation_outcome", "A call was answered, no_answer, busy, voicemail or wrong_number.")
		}
		if c.in && c.Outcome == CallWrong {
			return fieldError("call", "validation_outcome", "A number is wrong when you call it.")
		}
		if given.Seconds != nil {
			n, err := strconv.Atoi(fmt.Sprint(given.Seconds))
			if err != nil || n < 0 || n > maxSeconds {
				return fieldError("call", "validation_seconds", "A call took 0 to 86400 whole seconds.")
			}
			c.Seconds = n
		}
	}
	if c.Outcome == "" {
		m.Set("call", nil)
	} else {
		m.Set("call", c)
	}
	return nil
}

// reached tells whether the call counts as an answer: somebody spoke to the
// visitor, or to the machine that speaks for him. To ours he speaks in vain.
func (c *call) reached() bool {
	return c.Outcome == "" || c.Outcome == CallAnswered || c.Outcome == CallVoicemail && !c.in
}

// after is what the timeline tells of the call.
func (c *call) after(m *desk.Message) map[string]any {
	return map[string]any{"message": m.Id, "direction": m.Direction(), "outcome": c.Outcome, "seconds": c.Seconds}
}

// tell notes on the contact what the call says of him.
func (c *call) tell(tx core.App, of *desk.Case) error {
	if c.in {
		return seen(tx, of)
	}
	if c.Outcome != CallWrong && c.Outcome != CallAnswered {
		return nil
	}
	number, err := ReplyNumber(tx, of)
	if err != nil {
		return err
	}
	if c.Outcome == CallAnswered {
		return desk.RaiseAddress(tx, of.Contact(), desk.KindPhone, number, desk.StateReachable, desk.RaisedCall)
	}
	rows, err := tx.FindAllRecords(desk.Identities, dbx.HashExp{"contact": of.Contact(), "kind": desk.KindPhone})
	if err != nil {
		return err
	}
	for _, r := range rows {
		if r.GetString("value") != number && len(rows) > 1 {
			continue
		}
		if err := desk.Raise(tx, desk.AsIdentity(r), desk.StateUndeliverable, desk.RaisedWrong); err != nil {
			return err
		}
	}
	return nil
}
