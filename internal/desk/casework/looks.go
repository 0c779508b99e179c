package casework

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// Looks is an answer as the visitor will see it. HTML is a fragment: a few plain
// elements without a style, a script or anything that loads.
type Looks struct {
	Subject string `json:"subject"`
	Body    string `json:"body"` // as typed, with what goes below it
	HTML    string `json:"html"`
	Locale  string `json:"locale"`
}

// Look shows what a text will look like as a mail: Subject and Body of the draft as
// typed, Template where they came from one. sign puts the signature below.
func Look(app core.App, d Draft, sign bool) (Looks, error) {
	typed, err := Typed(app, d.Template)
	if err != nil {
		return Looks{}, err
	}
	l := Looks{Subject: desk.OneLine(d.Subject), Body: d.Body, Locale: d.Case.Locale()}
	if l.Subject == "" {
		l.Subject = answerSubject(app, d.Case)
	}
	if sign {
		l.Body = Signed(l.Body, d.Agent)
	}
	l.HTML = mail.Fragment(mail.Source{Text: l.Body, Typed: typed})
	return l, nil
}
