package tracking_test

import (
	"slices"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/tracking"
)

// What a visitor reads of each kind of message. A canary that is on no list is
// a word of staff that got out.
func TestShown(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(desktest.Values{"message": "first"})
	for _, v := range []desktest.Values{
		{"direction": "in", "channel": "email", "body": "by mail"},
		{"direction": "in", "channel": "email", "body": "out of office", "auto": "auto-submitted"},
		{"direction": "in", "channel": "sms", "body": "by SMS"},
		{"direction": "in", "channel": "page", "body": "by page"},
		{"direction": "out", "channel": "sms", "body": "our SMS", "delivery": "sent"},
		{"direction": "out", "channel": "email", "body": "our mail that failed", "delivery": "failed", "author": agent.Id},
		{"direction": "out", "channel": "email", "body": "cancelled", "delivery": "none", "delivery_note": desk.NotSent},
		{"direction": "note", "channel": "email", "body": "a note"},
		{"direction": "out", "channel": "system", "body": "acknowledged", "delivery": "sent"},
		{"direction": "out", "channel": "phone", "body": "said on the phone", "author": agent.Id, "call": map[string]any{"outcome": "answered"}},
		{"direction": "out", "channel": "phone", "body": "rude word", "author": agent.Id, "call": map[string]any{"outcome": "no_answer"}},
		{"direction": "out", "channel": "phone", "body": "somebody else", "author": agent.Id, "call": map[string]any{"outcome": "wrong_number"}},
		{"direction": "in", "channel": "phone", "body": "he shouted", "author": agent.Id, "call": map[string]any{"outcome": "answered", "seconds": 90}},
	} {
		v["case"] = c.Id
		app.Make(desk.Messages, v)
	}
	var got []string
	for _, m := range find(t, app, c).Messages {
		if line := tracking.LineOf(m); line != tracking.LineWords {
			got = append(got, "("+string(line)+")")
		} else {
			got = append(got, m.Body())
		}
	}
	want := []string{"first", "by mail", "by SMS", "by page", "our SMS", "our mail that failed", "(called)", "(missed)", "(came)"}
	if !slices.Equal(got, want) {
		t.Errorf("the visitor reads %q", got)
	}
}

// Whose words a mail on the case is: the visitor's from each address that is
// known as his, else somebody else's.
func TestOther(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(desktest.Values{"email": "anna+shop@example.com"})
	app.Make(desk.Identities, desktest.Values{"contact": c.Contact(), "kind": desk.KindEmail, "value": "anna@work.example", "state": desk.StateVerified})
	app.Case(desktest.Values{"email": "ben@example.com"}) // known, but as somebody else
	for _, from := range []string{"anna@example.com", "Anna@work.example", "", "ben@example.com", "carl@family.example"} {
		app.Make(desk.Messages, desktest.Values{"case": c.Id, "direction": "in", "channel": "email", "body": from, "from_addr": from})
	}
	app.Make(desk.Messages, desktest.Values{"case": c.Id, "direction": "out", "channel": "email", "body": "ours", "delivery": "sent"})
	seen := find(t, app, c)
	var others []string
	for _, m := range seen.Messages {
		if seen.Other(m) {
			others = append(others, m.Body())
		}
	}
	if !slices.Equal(others, []string{"ben@example.com", "carl@family.example"}) {
		t.Errorf("of others: %q", others)
	}
}

func TestLongConversation(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(desktest.Values{"message": "first", "attachments": []any{app.File("photo.txt", "a photo")}})
	for range 500 {
		app.Clock.Advance(time.Second)
		app.Make(desk.Messages, desktest.Values{"case": c.Id, "direction": "in", "channel": "email", "body": "more"})
	}
	seen := find(t, app, c)
	if len(seen.Messages) != 500 || !seen.Cut || seen.Messages[0].Body() != "more" {
		t.Errorf("%d messages, cut %v", len(seen.Messages), seen.Cut)
	}
	if _, names := seen.Files(seen.Messages[0]); len(names) != 0 {
		t.Errorf("the first message's files stand with another: %v", names)
	}
}
