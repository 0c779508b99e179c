package learning_test

import (
	"errors"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/learning"
)

func TestLessons(t *testing.T) {
	app := desktest.New(t)
	teamA := app.Make(desk.Teams, desktest.Values{"name": "A"}).Id
	mine := app.Agent(desk.RoleAgent, teamA)
	other := app.Agent(desk.RoleAgent, app.Make(desk.Teams, desktest.Values{"name": "B"}).Id)
	for i := range 5 {
		app.Clock.Advance(time.Minute)
		confirmed(t, app, mine, pitch(i))
	}
	app.Clock.Advance(time.Minute)
	c := released(t, app, mine, "A secret of team A.")
	app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"team": teamA})

	var seen []learning.Lesson
	cursor := ""
	for range 10 {
		page, err := learning.Lessons(app, mine, cursor, 2)
		if err != nil || len(page.Items) > 2 {
			t.Fatal(page, err)
		}
		seen = append(seen, page.Items...)
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if len(seen) != 6 {
		t.Fatalf("%d lessons, want 6", len(seen))
	}
	first := seen[0]
	if first.Spam || first.How != desk.HowRelease || first.AgentName != mine.Name() || first.Excerpt == "" || first.Used || first.Feedback != c.Feedback() {
		t.Errorf("%+v", first)
	}
	page, err := learning.Lessons(app, other, "", 0)
	if err != nil || len(page.Items) != 5 {
		t.Errorf("another team sees %d lessons, want 5; %v", len(page.Items), err)
	}
	if err := app.Delete(app.Find(desk.Feedbacks, seen[5].Feedback)); err != nil {
		t.Fatal(err)
	}
	page, err = learning.Lessons(app, other, "", 0)
	if err != nil || len(page.Items) != 5 || page.Items[4].Feedback != "" || page.Items[4].Excerpt != "" {
		t.Errorf("a lesson whose message was removed: %+v, %v", page.Items, err)
	}
	if _, err := learning.Lessons(app, mine, "nonsense", 0); !errors.Is(err, learning.ErrCursor) {
		t.Errorf("a made-up cursor: %v", err)
	}
}
