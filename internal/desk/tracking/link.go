package tracking

import (
	"errors"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// Events on the link of a case, by staff.
const (
	EventRenewed = "link_renewed"
	EventRevoked = "link_revoked"
)

// ErrErased says that nothing is left of a case that a visitor could read.
var ErrErased = errors.New("the message that opened this case was removed")

// Link is how the link to a case's tracking page stands.
type Link struct {
	Tracking bool           `json:"tracking"` // it opens the page
	Since    types.DateTime `json:"since"`    // when this link was made
	Expires  types.DateTime `json:"expires"`  // when it ends unless something happens on the case
}

// Expires is when the link to a case ends: so many days after the last thing
// that happened between visitor and shop, or after the link was made. No case is
// none that could be opened.
func Expires(app core.App, c *desk.Case) (time.Time, error) {
	s, err := desk.LoadSettings(app)
	if err != nil {
		return time.Time{}, err
	}
	id := ""
	if c != nil {
		id = c.Id
	}
	var last string
	err = app.DB().Select("COALESCE(MAX([[created]]), '')").From(desk.Name(app, desk.Messages)).
		Where(dbx.HashExp{"case": id}).AndWhere(dbx.NewExp("[[direction]] != 'note'")).Row(&last)
	if err != nil || c == nil {
		return time.Time{}, err
	}
	at := c.GetDateTime("created").Time()
	spoken, _ := types.ParseDateTime(last)
	for _, other := range []types.DateTime{spoken, c.GetDateTime("resolved_at"), c.GetDateTime("track_since")} {
		if other.Time().After(at) {
			at = other.Time()
		}
	}
	return at.AddDate(0, 0, s.Retention.TrackingDays), nil
}

// LinkOf tells how the link stands.
func LinkOf(app core.App, c *desk.Case) (Link, error) {
	l := Link{Since: c.GetDateTime("track_since")}
	if c.TrackToken() == "" {
		return Link{}, nil
	}
	if l.Since.IsZero() {
		l.Since = c.GetDateTime("created")
	}
	expires, err := Expires(app, c)
	l.Expires = desk.Date(expires)
	l.Tracking = desk.Now(app).Before(expires)
	return l, err
}

// Renew gives a case a new link. The one in the mails sent so far opens nothing
// any more; the next mail bears the new one.
func (t *Tracker) Renew(caseID string, agent *desk.Agent) (Link, error) {
	return t.relink(caseID, agent, mail.NewToken(), EventRenewed)
}

// Revoke ends the link of a case. Mails from then on bear none.
func (t *Tracker) Revoke(caseID string, agent *desk.Agent) (Link, error) {
	return t.relink(caseID, agent, "", EventRevoked)
}

func (t *Tracker) relink(caseID string, agent *desk.Agent, token, kind string) (link Link, err error) {
	err = t.Commit.Do(func(tx core.App) error {
		c, err := desk.FindCase(tx, caseID)
		if err != nil {
			return err
		}
		if c.Feedback() == "" {
			return ErrErased
		}
		if token == "" && c.TrackToken() == "" { // revoked twice
			return nil
		}
		c.Set("track_token", token)
		c.Set("track_since", "")
		if token != "" {
			c.Set("track_since", desk.Date(desk.Now(tx)))
		}
		c.Touch()
		if err := desk.Save(tx, c.Record); err != nil {
			return err
		}
		if link, err = LinkOf(tx, c); err != nil {
			return err
		}
		return desk.Record(tx, desk.Event{Case: c.Id, Actor: agent.Id, Kind: kind})
	})
	return link, err
}
