package tracking_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/tracking"
)

func TestLinkExpires(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	tr, c := tracker(app), app.Case(nil)
	token := c.TrackToken()
	opens := func(want bool, when string) {
		t.Helper()
		_, err := tracking.Find(app, token)
		if (err == nil) != want || err != nil && !errors.Is(err, tracking.ErrNotFound) {
			t.Errorf("%s: %v", when, err)
		}
		link, linkErr := tracking.LinkOf(app, desk.AsCase(app.Find(desk.Cases, c.Id)))
		if linkErr != nil || link.Tracking != want {
			t.Errorf("%s: link %+v, %v", when, link, linkErr)
		}
	}
	day := 24 * time.Hour
	app.Clock.Advance(364 * day)
	opens(true, "a day before the end")
	app.Reply(c, agent, desktest.Values{"status": desk.Resolved})
	app.Clock.Advance(364 * day)
	opens(true, "after an answer")
	app.Reply(c, agent, desktest.Values{"direction": desk.Note, "body": "who was that?"})
	app.Clock.Advance(day)
	opens(false, "a note doesn't keep it alive")
	app.Choose(desktest.Values{"retention": map[string]any{"tracking_days": 400}})
	opens(true, "the shop keeps links for longer")
	app.Clock.Advance(36 * day)
	opens(false, "and not for ever")
	link, err := tr.Renew(c.Id, agent)
	if err != nil || !link.Tracking || !link.Since.Time().Equal(app.Clock.Now()) || !link.Expires.Time().Equal(app.Clock.Now().AddDate(0, 0, 400)) {
		t.Errorf("%+v, %v", link, err)
	}
	if _, err := tracking.Find(app, token); !errors.Is(err, tracking.ErrNotFound) {
		t.Errorf("the old link: %v", err)
	}
	token = app.Find(desk.Cases, c.Id).GetString("track_token")
	opens(true, "a new link to an old case")
}

func TestRevokeAndRenew(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	tr, c := tracker(app), app.Case(nil)
	before, version := c.TrackToken(), c.GetInt("version")
	for range 2 {
		if link, err := tr.Revoke(c.Id, agent); err != nil || link != (tracking.Link{}) {
			t.Errorf("%+v, %v", link, err)
		}
	}
	if _, err := tracking.Find(app, before); !errors.Is(err, tracking.ErrNotFound) {
		t.Errorf("a revoked link: %v", err)
	}
	if link, err := tr.Renew(c.Id, agent); err != nil || !link.Tracking {
		t.Errorf("%+v, %v", link, err)
	}
	after := desk.AsCase(app.Find(desk.Cases, c.Id))
	if len(after.TrackToken()) < 26 || after.TrackToken() == before || after.GetInt("version") != version+2 {
		t.Errorf("token %q, version %d", after.TrackToken(), after.GetInt("version"))
	}
	if kinds := app.Kinds(c.Id); !slices.Equal(kinds[len(kinds)-2:], []string{tracking.EventRevoked, tracking.EventRenewed}) {
		t.Errorf("events %v", kinds)
	}
	app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"feedback": "", "track_token": ""}) // as erasing leaves it
	if _, err := tr.Renew(c.Id, agent); !errors.Is(err, tracking.ErrErased) {
		t.Errorf("erased: %v", err)
	}
	if _, err := tr.Renew("nosuchcase00000", agent); err == nil {
		t.Error("a case that is none got a link")
	}
}
