package hooks

import (
	"errors"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/tracking"
	"github.com/pocketdesk/pocketdesk/internal/formtoken"
	"github.com/pocketdesk/pocketdesk/internal/page"
)

// What one link and one network address may post in ten minutes. Far beyond
// it nothing is read any more.
const (
	postsLink = 10
	postsFrom = 40
	postsWall = 4
)

// trackTokens signs the token that a tracking page's forms carry, bound to its
// link. Pages of this kind stay open for days, and an old token is as good: it
// says that the form is ours.
func (p *plugin) trackTokens() *formtoken.Signer {
	return &formtoken.Signer{Key: desk.Key(p.app, "tracking"), Now: func() time.Time { return desk.Now(p.app) }}
}

// postTrack takes what a visitor does on the page: do is reply, solve or confirm.
func (p *plugin) postTrack(e *core.RequestEvent) error {
	t := p.openTrack(e)
	if t == nil {
		return nil
	}
	link, from := p.posts.Add("t:"+t.seen.Case.Id), p.posts.Add(trackFrom(e))
	if link > postsWall*postsLink || from > postsWall*postsFrom {
		p.trackError(e, t, "too_many", nil)
		return nil
	}
	in := readPosted(e.Request)
	defer in.close()
	t.choose(e, in.fields["lang"])
	var done string
	var err error
	switch _, tokenErr := p.trackTokens().Check(in.fields["form_token"], t.token); {
	case len(in.errors) > 0:
		err = tracking.FieldErrors(in.errors)
	case tokenErr != nil && !errors.Is(tokenErr, formtoken.ErrExpired):
		err = tracking.FieldErrors{"": "page_stale"}
	case link > postsLink || from > postsFrom:
		err = errTooOften
	default:
		done, err = p.doTrack(t, in)
	}
	if err != nil {
		p.showTrackErrors(e, t, in, err)
		return nil
	}
	return seeTrack(e, t, done)
}

// errTooOften says that a link or an address posts too often.
var errTooOften = errors.New("too many posts to a tracking page")

func (p *plugin) doTrack(t *tracked, in *posted) (done string, err error) {
	switch in.fields["do"] {
	case "solve":
		return page.TrackSolved, p.tracker.Solve(t.seen.Case)
	case "confirm":
		return page.TrackConfirmed, p.tracker.Confirm(t.seen)
	}
	return page.TrackSent, p.tracker.Say(p.app, tracking.Said{
		Case: t.seen.Case, Body: in.fields["message"], Files: in.files, Key: in.fields["idempotency_key"],
	})
}

// showTrackErrors shows the page again with what was typed and what is wrong.
func (p *plugin) showTrackErrors(e *core.RequestEvent, t *tracked, in *posted, err error) {
	view := p.trackView(t)
	view.ReplyText = in.fields["message"]
	var fields tracking.FieldErrors
	switch {
	case errors.As(err, &fields):
		view.Errors = fields
	case errors.Is(err, errTooOften):
		e.Response.Header().Set("Retry-After", "600")
		view.Errors = map[string]string{"": "rate_limited"}
	case errors.Is(err, tracking.ErrDay):
		e.Response.Header().Set("Retry-After", "86400")
		view.Errors = map[string]string{"": "day_limit"}
	default:
		p.app.Logger().Error("tracking page", "error", err)
		view.Errors = map[string]string{"": "server"}
	}
	p.writeTrack(e, t, view)
}

// hear lets the tracking page's words take the way of all that a visitor adds.
func (p *plugin) hear(tx core.App, w tracking.Word) error {
	return p.work.Hear(tx, casework.Heard{Case: w.Case, Message: w.Message, Solved: w.Solved, Channel: desk.ChannelPage})
}
