package page

import (
	"net/http"
	"time"
)

// States of the page that asks somebody outside to take a case on.
const (
	EscalationAsk   = "ask"   // a button by which he does
	EscalationDone  = "done"  // it was pressed now
	EscalationAgain = "again" // somebody pressed it before
	EscalationOver  = "over"  // nobody is needed any more
	EscalationGone  = "gone"  // the link is unknown or too old
)

// EscalationView is the page behind the link by which somebody outside takes a
// case on. Number 0 leaves the case out.
type EscalationView struct {
	Locale, Base, ShopName string
	State                  string // one of the states above; anything else is gone
	Number                 int
	Subject, Category      string
	Priority               string // low, normal, high or urgent
	Opened, Due            time.Time
	Location               *time.Location // nil is UTC
	Note, Summary          string         // plain text; line breaks are kept
	From                   string         // who asks; blank: the shop
	Press                  string         // the token in the button
	Again                  bool           // it was pressed with a token that is none, or too old
}

// Escalation writes the page by which somebody outside takes a case on: 200, or
// 404 if the link is gone. Its address is a secret, as that of [Renderer.Track] is.
func (r *Renderer) Escalation(w http.ResponseWriter, v EscalationView) error {
	status := http.StatusOK
	switch v.State {
	case EscalationAsk, EscalationDone, EscalationAgain:
	case EscalationOver:
		v.Number = 0
	default:
		v, status = EscalationView{Locale: v.Locale, Base: v.Base, ShopName: v.ShopName, State: EscalationGone}, http.StatusNotFound
	}
	p := r.data(v.Locale, v.Base, v.ShopName)
	switch v.Priority {
	case "low", "normal", "high", "urgent":
	default:
		v.Priority = ""
	}
	p.V, p.Heading, p.Text, p.location = v, p.T("escalation."+v.State), "escalation."+v.State+"_text", v.Location
	if v.State == EscalationAsk && v.From != "" {
		p.Text = "escalation.ask_by"
	}
	p.Links = localeLinks(p.Locale)
	p.secret = true
	return r.write(w, "escalation", status, p)
}
