package tracking_test

import (
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/tracking"
)

// tracker is the station as the plugin builds it.
func tracker(app *desktest.App) *tracking.Tracker {
	return &tracking.Tracker{Commit: app.Commit, Hear: func(tx core.App, w tracking.Word) error {
		return app.Work.Hear(tx, casework.Heard{Case: w.Case, Message: w.Message, Solved: w.Solved, Channel: desk.ChannelPage})
	}}
}

func find(t *testing.T, app *desktest.App, c *desk.Case) *tracking.Seen {
	t.Helper()
	seen, err := tracking.Find(app, app.Find(desk.Cases, c.Id).GetString("track_token"))
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

// said are the messages that came by the page.
func said(app *desktest.App, c *desk.Case) (bodies []string) {
	for _, m := range app.All(desk.Messages, desktest.Values{"case": c.Id, "channel": desk.ChannelPage}) {
		bodies = append(bodies, m.GetString("body"))
	}
	return bodies
}
