package intake_test

import (
	"encoding/json"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// tagsOf are a case's tags.
func tagsOf(t *testing.T, app *desktest.App, id string) (tags []string) {
	t.Helper()
	if err := json.Unmarshal([]byte(app.Find(desk.Cases, id).GetString("tags")), &tags); err != nil {
		t.Fatal(err)
	}
	return tags
}

// A message that became a case turns out to be junk, and then to be none.
func TestMarkSpamAndBack(t *testing.T) {
	app := desktest.New(t)
	app.UseSMTP(mailtest.NewServer(t, mailtest.Script{}))
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	app.Put(c.Record, desktest.Values{"tags": []string{"vip"}, "status": desk.Pending})
	if d := app.Delivery(c.Id, "ack"); d.Status() != desk.Queued {
		t.Fatalf("the acknowledgement is %s", d.Status())
	}

	if err := app.Door.MarkSpam(app, c.Id, agent); err != nil {
		t.Fatal(err)
	}
	got := desk.AsCase(app.Find(desk.Cases, c.Id))
	if got.Status() != desk.Closed || got.GetDateTime("resolved_at").IsZero() || !got.GetDateTime("due_at").IsZero() || got.GetInt("version") != c.GetInt("version")+1 {
		t.Errorf("case %v", got)
	}
	if tags := tagsOf(t, app, c.Id); !slices.Equal(tags, []string{"vip", "spam"}) {
		t.Errorf("tags %v", tags)
	}
	if d := app.Delivery(c.Id, "ack"); d.Status() != desk.Cancelled {
		t.Errorf("the acknowledgement is %s", d.Status())
	}
	app.Clock.Advance(time.Hour)
	if n, err := app.Outbox.Drain(t.Context()); n != 0 || err != nil {
		t.Errorf("%d mails were sent to junk; %v", n, err)
	}
	if v := app.One(desk.Verdicts, nil); v.GetString("outcome") != desk.Blocked || v.GetString("decided_by") != agent.Id {
		t.Errorf("verdict %v", v)
	}
	if l := app.One(desk.Corrections, nil); !l.GetBool("spam") || l.GetString("how") != desk.HowCaseSpam || l.GetString("agent") != agent.Id || l.GetString("features") == "" {
		t.Errorf("lesson %v", l)
	}
	if err := app.Door.MarkSpam(app, c.Id, agent); !errors.Is(err, intake.ErrDecided) {
		t.Errorf("a second time: %v", err)
	}

	if err := app.Door.UnmarkSpam(app, c.Id, agent); err != nil {
		t.Fatal(err)
	}
	got = desk.AsCase(app.Find(desk.Cases, c.Id))
	if got.Status() != desk.Pending || !got.GetDateTime("resolved_at").IsZero() || got.GetInt("reopened") != 0 {
		t.Errorf("case %v", got)
	}
	if tags := tagsOf(t, app, c.Id); !slices.Equal(tags, []string{"vip"}) {
		t.Errorf("tags %v", tags)
	}
	if v := app.One(desk.Verdicts, nil); v.GetString("outcome") != desk.Accepted {
		t.Errorf("verdict %v", v)
	}
	if l := app.One(desk.Corrections, nil); l.GetBool("spam") || l.GetString("how") != desk.HowCaseHam {
		t.Errorf("lesson %v", l)
	}
	if n, err := app.Outbox.Drain(t.Context()); n != 1 || err != nil || app.Delivery(c.Id, "ack").Status() != desk.Sent {
		t.Errorf("%d mails were sent, %v", n, err)
	}
	if err := app.Door.UnmarkSpam(app, c.Id, agent); !errors.Is(err, intake.ErrNotMarked) {
		t.Errorf("a second time: %v", err)
	}
	if kinds := app.Kinds(c.Id); !slices.Equal(kinds, []string{"opened", "acknowledged", "marked_spam", "unmarked_spam", "sent"}) {
		t.Errorf("events %v", kinds)
	}
	// and it may be junk after all
	if err := app.Door.MarkSpam(app, c.Id, agent); err != nil || app.Delivery(c.Id, "ack").Status() != desk.Sent {
		t.Errorf("%v; what was sent is %s", err, app.Delivery(c.Id, "ack").Status())
	}
}

// What staff did on the case meanwhile is not undone with it.
func TestUnmarkKeepsWork(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c := app.Case(nil)
	if err := app.Door.MarkSpam(app, c.Id, agent); err != nil {
		t.Fatal(err)
	}
	app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"status": desk.Open, "tags": []string{"spam", "later"}})
	if err := app.Door.UnmarkSpam(app, c.Id, agent); err != nil {
		t.Fatal(err)
	}
	if s := app.Find(desk.Cases, c.Id).GetString("status"); s != desk.Open {
		t.Errorf("status %s", s)
	}
	if tags := tagsOf(t, app, c.Id); !slices.Equal(tags, []string{"later"}) {
		t.Errorf("tags %v", tags)
	}
	if d := app.Delivery(c.Id, "ack"); d.Status() != desk.Held {
		t.Errorf("without a mail server the acknowledgement is %s", d.Status())
	}
}

// The message was removed after its time: what was learned is turned round all
// the same. A case without a message teaches nothing.
func TestMessageGone(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	c, never := app.Case(nil), app.Case(desktest.Values{"email": "other@example.com"})
	if err := app.Door.MarkSpam(app, c.Id, agent); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{c.Id, never.Id} {
		if err := app.Delete(app.Find(desk.Feedbacks, app.Find(desk.Cases, id).GetString("feedback"))); err != nil {
			t.Fatal(err)
		}
	}
	features := app.One(desk.Corrections, nil).GetString("features")
	if err := app.Door.UnmarkSpam(app, c.Id, agent); err != nil {
		t.Fatal(err)
	}
	if l := app.One(desk.Corrections, nil); l.GetBool("spam") || l.GetString("features") != features || l.GetString("feedback") != "" {
		t.Errorf("lesson %v", l)
	}
	if s := app.Find(desk.Cases, c.Id).GetString("status"); s != desk.Unread {
		t.Errorf("status %s", s)
	}
	if err := app.Door.MarkSpam(app, never.Id, agent); !errors.Is(err, intake.ErrMessageGone) {
		t.Errorf("a case without its message: %v", err)
	}
}

// A later decision takes the place of the earlier one.
func TestOneLessonAMessage(t *testing.T) {
	app := desktest.New(t)
	agent := app.Agent(desk.RoleAgent, "")
	r := app.Hold(nil)
	if err := app.Door.Confirm(app, r.Feedback.Id, agent); err != nil {
		t.Fatal(err)
	}
	if l := app.One(desk.Corrections, nil); !l.GetBool("spam") || l.GetString("how") != desk.HowConfirm {
		t.Errorf("lesson %v", l)
	}
	c, err := app.Door.Release(app, r.Feedback.Id, agent)
	if err != nil {
		t.Fatal(err)
	}
	if l := app.One(desk.Corrections, nil); l.GetBool("spam") || l.GetString("how") != desk.HowRelease {
		t.Errorf("lesson %v", l)
	}
	const n = 4
	var wg sync.WaitGroup
	errs := make([]error, n)
	for i := range n {
		wg.Add(1)
		go func() { defer wg.Done(); errs[i] = app.Door.MarkSpam(app, c.Id, agent) }()
	}
	wg.Wait()
	marked := 0
	for _, err := range errs {
		if err == nil {
			marked++
		} else if !errors.Is(err, intake.ErrDecided) {
			t.Error(err)
		}
	}
	if l := app.One(desk.Corrections, nil); marked != 1 || l.GetString("how") != desk.HowCaseSpam {
		t.Errorf("marked %d times, lesson %v", marked, l)
	}
}
