package merging_test

import (
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/merging"
	"github.com/pocketdesk/pocketdesk/internal/desk/tracking"
)

// said adds a word of the visitor's by his page.
func (b *bench) said(c *desk.Case, body string) string {
	b.Helper()
	b.Clock.Advance(time.Minute)
	if err := b.tracker.Say(b, tracking.Said{Case: c, Body: body}); err != nil {
		b.Fatal(err)
	}
	return b.One(desk.Messages, desktest.Values{"case": c.Id, "body": body}).Id
}

// Anna asks about something else under an old matter: it becomes a case of its own.
func TestSplit(t *testing.T) {
	b := newBench(t)
	c := b.Case(desktest.Values{"attachments": b.File("a.txt", "a")})
	b.Reply(c, b.agent, desktest.Values{"status": desk.Resolved})
	id := b.said(c, "By the way: do you sell cups too?")
	b.said(c, "Red ones, that is.")
	out, err := b.station.Split(b.agent, merging.Splitting{Message: id, Later: true, Subject: "Red cups"})
	if err != nil {
		t.Fatal(err)
	}
	made := desk.AsCase(b.Find(desk.Cases, out.Case))
	if made.Subject() != "Red cups" || made.Number() != c.Number()+1 || made.Contact() != c.Contact() || made.TrackToken() == c.TrackToken() || made.TrackToken() == "" {
		t.Errorf("the new case: %v", made.PublicExport())
	}
	if got := b.words(made); len(got) != 2 || len(b.words(c)) != 2 {
		t.Errorf("words %q and %q", got, b.words(c))
	}
	if made.GetString("waiting_since") == "" || b.again(c).GetString("waiting_since") != "" {
		t.Error("who waits for an answer is the new case alone")
	}
	seen, err := tracking.Find(b, made.TrackToken())
	if err != nil || len(seen.Messages) != 2 {
		t.Fatalf("its page: %v, %v", seen, err)
	}
	if _, files := seen.Files(seen.Messages[0]); len(files) != 0 {
		t.Error("the new case shows the old one's file")
	}
	b.Clock.Advance(time.Minute)
	if row := b.Take(desktest.Letter("Thank you!", map[string]string{"To": desktest.AnswerTo(made)})); row.Case() != made.Id {
		t.Error("an answer went to another case")
	}
	left := b.undo(out.Merge).Left
	if len(left) == 0 {
		t.Error("what came since is not told")
	}
	if got := b.words(b.again(made)); len(got) != 1 || got[0] != "Thank you!" || b.again(made).MergedInto() != "" {
		t.Errorf("the new case has %q", got)
	}
	if got := b.words(c); len(got) != 4 {
		t.Errorf("the old case has %q", got)
	}
}

// Undone at once, nothing is left of a split but a closed number that leads back.
func TestSplitUndone(t *testing.T) {
	b := newBench(t)
	c := b.Case(nil)
	b.Reply(c, b.agent, nil)
	id := b.said(c, "Another matter: cups.")
	before := b.rows()
	out, err := b.station.Split(b.agent, merging.Splitting{Message: id})
	if err != nil {
		t.Fatal(err)
	}
	if got := b.again(desk.AsCase(b.Find(desk.Cases, out.Case))).Subject(); got != "Another matter: cups." {
		t.Errorf("subject %q", got)
	}
	if left := b.undo(out.Merge).Left; len(left) != 0 {
		t.Errorf("left %v", left)
	}
	b.same(before, b.rows(), out.Case)
	made := desk.AsCase(b.Find(desk.Cases, out.Case))
	if made.MergedInto() != c.Id || made.Status() != desk.Closed {
		t.Errorf("the case is %s into %q", made.Status(), made.MergedInto())
	}
	if row := b.Take(desktest.Letter("Late.", map[string]string{"To": desktest.AnswerTo(made)})); row.Case() != c.Id {
		t.Error("an answer to the split case went astray")
	}
	if got := b.page(made); len(got) != 4 {
		t.Errorf("its link shows %q", got)
	}
}

func TestSplitRefused(t *testing.T) {
	b := newBench(t)
	c := b.Case(nil)
	out := b.Reply(c, b.agent, nil)
	later := b.said(c, "One thing more.")
	first := b.All(desk.Messages, desktest.Values{"case": c.Id, "direction": desk.In})[0]
	for id, code := range map[string]string{first.Id: merging.First, out.Id: merging.NotTheirs, "nothing": merging.Gone} {
		_, err := b.station.Split(b.agent, merging.Splitting{Message: id})
		b.refused(err, code)
	}
	team := b.Make(desk.Teams, desktest.Values{"name": "A"})
	b.Put(b.Find(desk.Cases, c.Id), desktest.Values{"team": team.Id})
	_, err := b.station.Split(b.Agent(desk.RoleAgent, ""), merging.Splitting{Message: later})
	b.refused(err, merging.Gone)
}

// What another case brought along is its own person's when it is split off again.
func TestSplitOfMerged(t *testing.T) {
	b := newBench(t)
	anna := b.Case(nil)
	b.Clock.Advance(time.Hour)
	ben := b.Case(desktest.Values{"email": "ben@example.com", "name": "Ben", "message": "Ben asks about his cup, good day."})
	said := b.said(ben, "Ben has a second word to say.")
	b.merge(desk.MergeCase, ben.Id, anna.Id)
	late := b.Take(desktest.Letter("Ben writes later.", map[string]string{"To": desktest.AnswerTo(ben), "From": "ben@example.com", "Return-Path": "<ben@example.com>"}))
	for _, id := range []string{said, late.GetString("message")} {
		out, err := b.station.Split(b.agent, merging.Splitting{Message: id})
		if err != nil {
			t.Fatal(err)
		}
		made := desk.AsCase(b.Find(desk.Cases, out.Case))
		if made.Contact() != ben.Contact() || made.Feedback() != ben.Feedback() {
			t.Errorf("an answer on the new case goes to somebody else: %v", made.PublicExport())
		}
	}
}
