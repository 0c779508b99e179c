package desk

import (
	"github.com/pocketbase/pocketbase/core"
)

// Outcomes of screening.
const (
	Accepted    = "accepted"
	Quarantined = "quarantined"
	Blocked     = "blocked"
)

// NetworkKept is the condition of verdicts that still tell from where or from
// whom a message came. There is an index with exactly these words.
const NetworkKept = "([[ip]] != '' OR [[user_agent]] != '' OR [[sender]] != '')"

// Verdict is what screening said of a submission.
type Verdict struct{ core.BaseRecordProxy }

// AsVerdict wraps a record of the verdicts collection.
func AsVerdict(r *core.Record) *Verdict {
	v := &Verdict{}
	v.SetProxyRecord(r)
	return v
}

// NewVerdict is a blank verdict on a submission.
func NewVerdict(app core.App, feedback string) (*Verdict, error) {
	r, err := New(app, Verdicts)
	if err != nil {
		return nil, err
	}
	r.Set("feedback", feedback)
	return AsVerdict(r), nil
}

// FindVerdictOf finds the verdict on a submission.
func FindVerdictOf(app core.App, feedback string) (*Verdict, error) {
	r, err := app.FindFirstRecordByData(Verdicts, "feedback", feedback)
	if err != nil {
		return nil, err
	}
	return AsVerdict(r), nil
}

func (v *Verdict) Feedback() string { return v.GetString("feedback") }
func (v *Verdict) Outcome() string  { return v.GetString("outcome") }

// ForCase is the case that a held mail answers; "" for all others.
func (v *Verdict) ForCase() string { return v.GetString("for_case") }

// Pitch tells whether it is a sales or cooperation pitch.
func (v *Verdict) Pitch() bool { return v.GetBool("pitch") }

// Decided tells whether a person has judged it.
func (v *Verdict) Decided() bool { return !v.GetDateTime("decided_at").IsZero() }

// Waits tells whether it waits in quarantine for a person.
func (v *Verdict) Waits() bool { return v.Outcome() == Quarantined && !v.Decided() }
