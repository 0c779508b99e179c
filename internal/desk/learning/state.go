package learning

import (
	"encoding/json"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

// Shipped is the state of the model in use while nothing was learned on top of it.
const Shipped = "shipped"

// State is how the text model stands.
type State struct {
	ID      string          `json:"id"`      // of the model that judges
	Base    string          `json:"base"`    // of the shipped one under it
	Status  string          `json:"status"`  // shipped or in_use
	Lessons int             `json:"lessons"` // that the model in use has learned
	Trained *types.DateTime `json:"trained"` // when it did; null while it is the shipped one
	Report  json.RawMessage `json:"report"`  // what was measured then; null likewise
	Pending bool            `json:"pending"` // a training is asked for or under way
	Taught  int64           `json:"taught"`  // lessons that there are
	Refused *Refusal        `json:"refused,omitempty"`
}

// Refusal is a training, later than the one of the model in use, whose model was
// not taken.
type Refusal struct {
	At      types.DateTime  `json:"at"`
	Lessons int             `json:"lessons"`
	Code    string          `json:"code"`   // worse or failed
	Reason  string          `json:"reason"` // in English, for the log's readers
	Report  json.RawMessage `json:"report"`
}

// State tells how the model stands.
func (w *Worker) State() (State, error) {
	s := State{ID: w.Model().ID(), Base: textmodel.Base().ID(), Status: Shipped, Pending: w.Pending()}
	var err error
	if s.Taught, err = w.app.CountRecords(desk.Corrections); err != nil {
		return s, err
	}
	// one that was learned on another shipped model rests until the next training
	used, err := latest(w.app, InUse)
	if err != nil {
		return s, err
	}
	if used != nil && s.ID != s.Base {
		at := used.GetDateTime("created")
		s.Status, s.Lessons, s.Trained, s.Report = InUse, used.GetInt("lessons"), &at, report(used)
	}
	last, err := latest(w.app, InUse, Refused)
	if err != nil || last == nil || last.GetString("status") != Refused {
		return s, err
	}
	s.Refused = &Refusal{
		At: last.GetDateTime("created"), Lessons: last.GetInt("lessons"),
		Code: last.GetString("code"), Reason: last.GetString("note"), Report: report(last),
	}
	return s, nil
}

func report(r *core.Record) json.RawMessage {
	if raw := json.RawMessage(r.GetString("report")); json.Valid(raw) {
		return raw
	}
	return nil
}
