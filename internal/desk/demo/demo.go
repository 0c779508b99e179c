// Package demo fills a throw-away shop with sixty days of messages and answers.
// Everything goes through the line that real messages take, while the app's
// clock moves from the past to the present:
//
//	staff, err := demo.Furnish(app, demo.Setup{URL: url, SMTPHost: host, SMTPPort: port, Password: password})
//	report, err := demo.Fill(ctx, app, demo.Shop{Line: line, Staff: staff, Rows: rows, Now: time.Now()})
//
// What is said stands in the content package; here is how it happens.
package demo

import (
	"context"
	"net/netip"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Line is the way of a message through the desk: the same verbs that requests
// of visitors and staff end in.
type Line interface {
	// Fetch is a visitor who opens the form. A bot sends its puzzle back unsolved.
	Fetch(ctx context.Context, bot bool) (Form, error)
	// Receive is a visitor who sends it. The case's id is "" where none was opened.
	Receive(v Visit) (Arrival, error)
	// Write adds an answer or a note of staff to a case.
	Write(w Words) error
	// Change lets staff change fields of a case.
	Change(c Change) error
	// Deliver sends the mail that is due.
	Deliver(ctx context.Context) error
}

// Form is what a form hands to the browser that opens it.
type Form struct {
	Token string
	Pow   any // what is sent as the solution of its puzzle
}

// Visit is one message as it comes in over the network.
type Visit struct {
	Feedback       *desk.Feedback // unsaved
	Form           Form
	IP             netip.Addr
	UserAgent      string
	AcceptLanguage string
	Honeypot       string
}

// Arrival is what became of a message.
type Arrival struct {
	Outcome string // desk.Accepted, Quarantined or Blocked
	Case    string // id; "" unless accepted
}

// Words are an answer by mail or a note. Body is Liquid.
type Words struct {
	Case     string
	Agent    *desk.Agent
	Note     bool
	Template string // key of the template that an answer began from; may be ""
	Body     string
}

// Change sets fields of a case.
type Change struct {
	Case   string
	Agent  *desk.Agent
	Fields map[string]any
}
