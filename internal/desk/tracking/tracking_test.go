package tracking_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/tracking"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

func TestFind(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(desktest.Values{"message": "the visitor's words", "attachments": []any{app.File("photo.txt", "a photo")}})
	app.Case(desktest.Values{"email": "ben@example.com", "message": "another visitor's words"})
	app.Clock.Advance(time.Minute)
	app.Reply(c, agent, desktest.Values{"direction": desk.Note, "body": "an inner note"})
	app.Reply(c, agent, desktest.Values{"channel": desk.ChannelPhone, "body": "what was said on the phone"})
	app.Reply(c, agent, desktest.Values{"body": "the answer", "attachments": []any{app.File("label.txt", "a label")}})
	app.Clock.Advance(time.Minute)
	app.Reply(c, agent, desktest.Values{"body": "the second answer"})
	app.Reply(c, agent, desktest.Values{"body": "an answer that may still be taken back", "undo": 10 * time.Second})

	seen, err := tracking.Find(app, c.TrackToken())
	if err != nil || seen.Case.Id != c.Id || seen.Feedback.Id != c.Feedback() {
		t.Fatalf("%+v, %v", seen, err)
	}
	var bodies []string
	for _, m := range seen.Messages {
		if tracking.LineOf(m) != tracking.LineWords {
			bodies = append(bodies, "("+string(tracking.LineOf(m))+")")
			continue
		}
		bodies = append(bodies, m.Body())
	}
	if !slices.Equal(bodies, []string{"the visitor's words", "(called)", "the answer", "the second answer"}) {
		t.Errorf("the visitor reads %q", bodies)
	}
	app.Clock.Advance(10 * time.Second)
	if later, err := tracking.Find(app, c.TrackToken()); err != nil || len(later.Messages) != len(seen.Messages)+1 {
		t.Errorf("after the time to take it back: %v", err)
	}
	for i, want := range []string{"photo.txt", "", "label.txt", ""} {
		owner, names := seen.Files(seen.Messages[i])
		got := ""
		if len(names) == 1 {
			got = desk.OriginalName(owner, names[0])
		}
		if got != want || (i == 0) != (owner.Id == c.Feedback()) {
			t.Errorf("files of message %d: %v of %s", i, names, owner.Id)
		}
	}
}

func TestFindNothing(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	token := c.TrackToken()
	other := app.Case(desktest.Values{"email": "ben@example.com"})
	for name, guess := range map[string]string{
		"empty": "", "short": token[:10], "nearly whole": token[:len(token)-1], "longer": token + "a", "very long": strings.Repeat(token, 100),
		"unknown": mail.NewToken(), "upper case": strings.ToUpper(token), "case id": c.Id, "mail token": c.GetString("mail_token"),
		"pattern": "%%%%%%%%%%%%%%%%%%%%%%%%%%", "spaces": " " + token, "injection": "' OR track_token != '' -- ......",
		"receipt": app.Find(desk.Feedbacks, c.Feedback()).GetString("receipt"), "blanks": strings.Repeat(" ", 26), "zero": strings.Repeat("\x00", 26),
	} {
		if seen, err := tracking.Find(app, guess); !errors.Is(err, tracking.ErrNotFound) || seen != nil {
			t.Errorf("%s: %+v, %v", name, seen, err)
		}
	}
	// revoked by an admin, and erased
	app.Put(c.Record, desktest.Values{"track_token": ""})
	for _, guess := range []string{token, ""} {
		if _, err := tracking.Find(app, guess); !errors.Is(err, tracking.ErrNotFound) {
			t.Errorf("revoked: %v", err)
		}
	}
	app.Put(other.Record, desktest.Values{"feedback": ""})
	if _, err := tracking.Find(app, other.TrackToken()); !errors.Is(err, tracking.ErrNotFound) {
		t.Errorf("erased: %v", err)
	}
}
