package page

import "time"

// What a visitor just did on the tracking page.
const (
	TrackSent      = "sent"
	TrackSolved    = "solved"
	TrackConfirmed = "confirmed"
)

// TrackView is the conversation that a visitor opens by the secret link of a mail.
type TrackView struct {
	Locale, Base, ShopName, Receipt string
	Status                          string // new, open, pending, on_hold, resolved or closed
	Subject                         string
	Opened                          time.Time
	AnswerBy                        time.Time      // by when we said we'd answer; zero: not shown
	Late                            bool           // that time is over: the page says so instead
	Promised                        bool           // a person of the shop gave his word for that time
	Location                        *time.Location // nil is UTC
	Messages                        []TrackMessage // oldest first, without internal notes
	Cut                             bool           // earlier messages are left out
	Notice                          string         // one of [TrackSent] … or ""
	// PostURL is where the page's forms are posted: do is "reply" (message, attachments), "solve" or "confirm";
	// form_token, idempotency_key and lang go along. A blank one leaves the forms out.
	PostURL                   string
	FormToken, IdempotencyKey string
	Lang                      string            // the language if the visitor chose one
	Address                   string            // the masked address that he may confirm; blank: none
	ReplyText                 string            // kept after an error
	Errors                    map[string]string // as in [FormView], of the fields message and attachments
}

// TrackMessage is one entry of the conversation. Text is plain; its line breaks are kept, and addresses of web
// pages in what the shop wrote become links.
type TrackMessage struct {
	Mine  bool   // the visitor wrote it
	Other bool   // neither he nor the shop did; nobody's name is shown
	Line  string // "called", "missed" or "came": a line about a call in place of a text
	SMS   bool   // it went by text message
	Text  string
	At    time.Time
	Files []TrackFile
}

// TrackFile is one attachment. Size is in bytes.
type TrackFile struct {
	Name, URL string
	Size      int64
	Picture   bool // shown small above its name
}

// Done tells whether nobody has to act any more.
func (v TrackView) Done() bool { return v.Status == "resolved" || v.Status == "closed" }

// Intro is the key of the sentence below the subject; "" leaves that to the status. Who was given a
// word reads that, and who was let down reads that we know it.
func (v TrackView) Intro() string {
	switch {
	case v.Late && v.Promised:
		return "track.promise_late"
	case v.Late:
		return "track.late"
	case v.Promised && !v.AnswerBy.IsZero():
		return "track.promise"
	}
	return ""
}

// Long tells whether the way to the reply form is a long one.
func (v TrackView) Long() bool { return v.PostURL != "" && len(v.Messages) > 3 }
