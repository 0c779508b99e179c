package escalating

import (
	"encoding/json"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// To is whom a step tells: one of them.
type To struct {
	Agent   string `json:"agent,omitempty"`
	Team    string `json:"team,omitempty"`    // all of it
	Lead    bool   `json:"lead,omitempty"`    // who answers for the case's team
	Email   string `json:"email,omitempty"`   // somebody outside
	Locale  string `json:"locale,omitempty"`  // of that mail; "" is the shop's
	Webhook string `json:"webhook,omitempty"` // an outside tracker
}

// Step is one rung of an escalation.
type Step struct {
	After string `json:"after,omitempty"` // working time since the step before: 30m, 4h, 2d; "" is at once
	To    To     `json:"to"`
	Note  string `json:"note,omitempty"` // what whoever is told should do
}

// maxSteps is how many steps an escalation has at most.
const maxSteps = 10

// StepError says what is wrong with the steps of an escalation.
type StepError struct {
	Step int    // from 1; 0: all of them
	Why  string // a sentence that says how to mend it
}

func (e *StepError) Error() string {
	if e.Step == 0 {
		return e.Why
	}
	return fmt.Sprintf("step %d: %s", e.Step, e.Why)
}

// ParseSteps reads the steps of an escalation and checks that they can be taken.
// The error is a [*StepError].
func ParseSteps(app core.App, raw []byte) ([]Step, error) {
	var steps []Step
	if err := json.Unmarshal(raw, &steps); err != nil || len(steps) == 0 || len(steps) > maxSteps {
		return nil, &StepError{0, "Give 1 to 10 steps as [{after, to, note}]."}
	}
	for i := range steps {
		if why := steps[i].check(app, i > 0); why != "" {
			return nil, &StepError{i + 1, why}
		}
	}
	return steps, nil
}

// check tells in a sentence what is wrong with a step; "" is nothing.
func (s *Step) check(app core.App, further bool) string {
	if s.After != "" {
		if a, err := calendar.ParseAmount(s.After); err != nil || a.N <= 0 {
			return "Write working time as 30m, 4h or 2d."
		}
	} else if further {
		return "Say after how much working time it comes: 30m, 4h or 2d."
	}
	if utf8.RuneCountInString(s.Note) > maxNote {
		return "A note has up to 1,000 characters."
	}
	return s.To.check(app)
}

func (t *To) check(app core.App) string {
	n := 0
	for _, named := range []bool{t.Agent != "", t.Team != "", t.Lead, t.Email != "", t.Webhook != ""} {
		if named {
			n++
		}
	}
	if n != 1 {
		return "Name one of agent, team, lead, email and webhook."
	}
	exists := func(collection, id string) bool {
		_, err := app.FindRecordById(collection, id)
		return err == nil
	}
	switch {
	case t.Agent != "":
		if serves, err := desk.Serves(app, t.Agent, ""); err != nil || !serves {
			return "There is no such colleague."
		}
	case t.Team != "" && !exists(desk.Teams, t.Team):
		return "There is no such team."
	case t.Webhook != "" && !exists(desk.Webhooks, t.Webhook):
		return "There is no such webhook."
	case t.Email != "":
		addr, err := mail.NormalizeAddress(t.Email)
		if err != nil || len(t.Email) > 254 {
			return "This is no mail address."
		}
		t.Email = addr
	}
	if t.Locale != "" && !slices.Contains(desk.Locales(), t.Locale) {
		return "Use zh-TW, zh-CN, ja or en."
	}
	return ""
}

// steps are those of an escalation's record, as far as they can be read.
func stepsOf(r *core.Record) []Step {
	var steps []Step
	_ = r.UnmarshalJSONField("steps", &steps)
	if len(steps) > maxSteps {
		steps = steps[:maxSteps]
	}
	return steps
}
