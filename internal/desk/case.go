package desk

import (
	"time"

	"github.com/pocketbase/pocketbase/core"
)

// Statuses of a case. Unread and Open are our turn, Pending is the visitor's,
// OnHold somebody else's.
const (
	Unread   = "new"
	Open     = "open"
	Pending  = "pending"
	OnHold   = "on_hold"
	Resolved = "resolved"
	Closed   = "closed"
)

// Case is a unit of work.
type Case struct{ core.BaseRecordProxy }

// AsCase wraps a record of the cases collection.
func AsCase(r *core.Record) *Case {
	c := &Case{}
	c.SetProxyRecord(r)
	return c
}

// NewCase is a blank case.
func NewCase(app core.App) (*Case, error) {
	r, err := New(app, Cases)
	if err != nil {
		return nil, err
	}
	return AsCase(r), nil
}

// FindCase finds a case by id.
func FindCase(app core.App, id string) (*Case, error) {
	r, err := app.FindRecordById(Cases, id)
	if err != nil {
		return nil, err
	}
	return AsCase(r), nil
}

func (c *Case) Number() int        { return c.GetInt("number") }
func (c *Case) Contact() string    { return c.GetString("contact") }
func (c *Case) Feedback() string   { return c.GetString("feedback") }
func (c *Case) Subject() string    { return c.GetString("subject") }
func (c *Case) Category() string   { return c.GetString("category") }
func (c *Case) Priority() string   { return c.GetString("priority") }
func (c *Case) Status() string     { return c.GetString("status") }
func (c *Case) Assignee() string   { return c.GetString("assignee") }
func (c *Case) Team() string       { return c.GetString("team") }
func (c *Case) Locale() string     { return c.GetString("locale") }
func (c *Case) TrackToken() string { return c.GetString("track_token") }

// Done tells whether nobody has to act any more.
func (c *Case) Done() bool { return c.Status() == Resolved || c.Status() == Closed }

// Reason says who set a value of the case and why.
type Reason struct {
	By  string `json:"by"` // staff, visitor, keyword, rule, model or llm
	Why string `json:"why,omitempty"`
}

// Reasons are kept by field: category and priority.
func (c *Case) Reasons() map[string]Reason {
	m := map[string]Reason{}
	_ = c.UnmarshalJSONField("reasons", &m)
	return m
}

// SetReason notes who set a field. Whoever stands lower than the present one
// must not call it; see [Outranks].
func (c *Case) SetReason(field string, r Reason) {
	m := c.Reasons()
	m[field] = r
	c.Set("reasons", m)
}

// Outranks tells whether a may overrule b: staff, visitor, rule or keyword,
// embedded model, language model, in this order. Nobody's word ("") is
// overruled by all; equals don't overrule each other, but staff do.
func Outranks(a, b string) bool {
	return rank(a) > rank(b) || a == "staff"
}

func rank(by string) int {
	switch by {
	case "staff":
		return 5
	case "visitor":
		return 4
	case "rule", "keyword":
		return 3
	case "model":
		return 2
	case "llm":
		return 1
	}
	return 0
}

// Touch raises the version and finds the next of all dues again.
func (c *Case) Touch() {
	c.Set("version", c.GetInt("version")+1)
	c.Set("due_at", Date(c.nextDue()))
}

func (c *Case) nextDue() time.Time {
	if c.Done() {
		return time.Time{}
	}
	var next time.Time
	consider := func(t time.Time) {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	if c.runs() { // while others have their turn our dues rest
		consider(c.AnswerDue())
		consider(c.GetDateTime("resolution_due").Time())
	}
	consider(c.GetDateTime("promised_at").Time())
	consider(c.GetDateTime("follow_up_at").Time())
	return next
}
