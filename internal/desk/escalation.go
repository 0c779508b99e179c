package desk

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/formtoken"
)

// States of an escalation on a case.
const (
	EscalationOpen         = "open"         // goes on to its next step in time
	EscalationAcknowledged = "acknowledged" // somebody took it on
	EscalationEnded        = "ended"        // the case is done, or somebody ended it
)

// Events of escalations. After, of each: escalation (its name, "" for one by
// hand). Of escalated also step (from 1), to (names), by and note; of
// acknowledged name (who took it on, outside the Desk); of ended by; of tracker
// url and ref.
const (
	EventEscalated    = "escalated"
	EventAcknowledged = "escalation_acknowledged"
	EventDeescalated  = "escalation_ended"
	EventNotEscalated = "escalation_skipped" // left out, since three others go on: {escalation, by}
	EventTracker      = "tracker"
	EventOutsideNote  = "outside_note" // somebody outside answered the mail: {message, from}
)

// EscalationLink stands in a stored text where the mail bears the secret link by
// which somebody outside takes a case on. Only the outbox puts the link in.
const EscalationLink = "⟦escalation-link⟧"

// EscalationLife is how long the link works, from when its mail was made.
const EscalationLife = 30 * 24 * time.Hour

// stepDigits is how the number of a step stands in a token.
const stepDigits = 2

func escalationSigner(app core.App) formtoken.Signer {
	return formtoken.Signer{Key: Key(app, "escalation"), Life: EscalationLife, Now: func() time.Time { return Now(app) }}
}

// NewEscalationToken opens the page of one step (0 to 99) of an escalation to
// whoever outside was told of it: the record's id and the step, then time of
// issue and a random part under an HMAC-SHA256 with a key of its own. Nothing of
// it is stored.
func NewEscalationToken(app core.App, run string, step int) string {
	s := escalationSigner(app)
	about := run + fmt.Sprintf("%0*d", stepDigits, step)
	return about + s.Issue(about)
}

// ReadEscalationToken is what a token opens; false for any that is not genuine or
// older than [EscalationLife].
func ReadEscalationToken(app core.App, token string) (run string, step int, ok bool) {
	const size = core.DefaultIdLength + stepDigits
	if len(token) <= size {
		return "", 0, false
	}
	s := escalationSigner(app)
	about := token[:size]
	if _, err := s.Check(token[size:], about); err != nil {
		return "", 0, false
	}
	step, err := strconv.Atoi(about[core.DefaultIdLength:])
	return about[:core.DefaultIdLength], step, err == nil
}

// pressLife is how long a page that was opened may be pressed.
const pressLife = 24 * time.Hour

func pressSigner(app core.App) formtoken.Signer {
	return formtoken.Signer{Key: Key(app, "escalation-press"), Life: pressLife, Now: func() time.Time { return Now(app) }}
}

// NewEscalationPress is the token in the button of the page that a token opens:
// who presses it has seen the page, and did not just send something to its address.
func NewEscalationPress(app core.App, token string) string {
	s := pressSigner(app)
	return s.Issue(token)
}

// PressesEscalation tells whether a button's token is one of the page that a token
// opens, from the last 24 hours.
func PressesEscalation(app core.App, token, press string) bool {
	s := pressSigner(app)
	_, err := s.Check(press, token)
	return err == nil
}

// endEscalations ends what goes on about a case that is done. What goes on about one
// that is merged into another is moved by the merge.
func endEscalations(tx core.App, ev Event) error {
	if ev.Kind != "status" || ev.Case == "" {
		return nil
	}
	if to, _ := ev.After["status"].(string); to != Resolved && to != Closed {
		return nil
	}
	return EndEscalations(tx, ev.Case, "done")
}

// EndEscalations ends all that goes on about a case; by is why, for the audit trail.
func EndEscalations(tx core.App, caseID, by string) error {
	runs, err := tx.FindAllRecords(CaseEscalations, dbx.HashExp{"case": caseID}, dbx.In("state", EscalationOpen, EscalationAcknowledged))
	if err != nil {
		return fmt.Errorf("escalations of a case: %w", err)
	}
	var errs error
	for _, r := range runs {
		r.Set("state", EscalationEnded)
		r.Set("next_at", "")
		errs = errors.Join(errs, Save(tx, r), Record(tx, Event{Case: caseID, Kind: EventDeescalated,
			After: map[string]any{"run": r.Id, "escalation": r.GetString("name"), "by": by}}))
	}
	return errs
}

// EscalationUnheard has the next step of an escalation come at once, if it waits for
// an answer to a mail that did not arrive. Of other mails it does nothing.
func EscalationUnheard(tx core.App, d *Delivery) error {
	p, err := d.Payload()
	if err != nil || p.Kind != KindEscalated {
		return nil // of what can't be read nobody was told
	}
	_, err = tx.DB().Update(Name(tx, CaseEscalations), dbx.Params{"next_at": Date(Now(tx)).String()},
		dbx.And(dbx.HashExp{"id": p.Run, "state": EscalationOpen, "step": p.Step + 1}, dbx.NewExp("[[next_at]] != ''"))).Execute()
	if err != nil {
		return fmt.Errorf("an escalation that did not arrive: %w", err)
	}
	return nil
}
