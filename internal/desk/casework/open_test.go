package casework_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
)

func TestOpen(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(desktest.Values{"subject": "", "message": "The lid is  broken.\nPlease help."})
	if c.Number() != 1 || c.Status() != desk.Unread || c.Subject() != "The lid is broken. Please help." || c.GetInt("version") != 1 {
		t.Errorf("number %d, status %s, subject %q, version %d", c.Number(), c.Status(), c.Subject(), c.GetInt("version"))
	}
	if !slices.Equal(app.Kinds(c.Id), []string{"opened", "ack_held"}) {
		t.Errorf("events %v", app.Kinds(c.Id))
	}
	now := app.Clock.Now()
	for _, field := range []string{"waiting_since", "last_in_at", "created"} {
		if got := c.GetDateTime(field).Time(); !got.Equal(now) {
			t.Errorf("%s %v", field, got)
		}
	}
	s, err := desk.LoadSettings(app)
	if err != nil {
		t.Fatal(err)
	}
	due := c.GetDateTime("first_response_due").Time()
	if !due.Equal(s.AnswerBy(now)) || !c.GetDateTime("due_at").Time().Equal(due) || !due.After(now) {
		t.Errorf("first response due %v, next due %v", due, c.GetDateTime("due_at"))
	}
	if len(c.TrackToken()) < 22 || len(c.GetString("mail_token")) < 22 || c.TrackToken() == c.GetString("mail_token") {
		t.Error("tokens of 128 bits are needed, and two of them")
	}
	m := desk.AsMessage(app.All(desk.Messages, desktest.Values{"case": c.Id, "direction": "in"})[0])
	if m.Body() != "The lid is  broken.\nPlease help." || m.Delivery() != desk.DeliveryNone {
		t.Errorf("first message %q, %s", m.Body(), m.Delivery())
	}
}

// What is urgent is due sooner; nothing later than the visitor was promised.
func TestPriorityMakesDueSooner(t *testing.T) {
	app := desktest.New(t)
	var last time.Time
	for _, priority := range []string{"urgent", "high", "normal", "low"} {
		app.Put(app.Find(desk.Categories, "product"), desktest.Values{"default_priority": priority})
		c := app.Case(desktest.Values{"category": "product", "email": priority + "@example.com"})
		due := c.GetDateTime("first_response_due").Time()
		if c.Priority() != priority || due.Before(last) || priority != "low" && due.Equal(last) {
			t.Errorf("%s: case %s, due %v, the one before %v", priority, c.Priority(), due, last)
		}
		last = due
	}
}

func TestNumbersUnderManyOpens(t *testing.T) {
	app := desktest.New(t)
	const n = 50
	broken, err := app.Work.Prepare(app, app.Feedback(nil))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			_, err := app.Door.Receive(app, intake.Submission{Feedback: app.Feedback(desktest.Values{"email": desk.NewReceipt() + "@example.com"})})
			if err != nil {
				t.Error(err)
			}
			if i%10 == 0 { // a failure in between takes no number with it
				_ = app.Commit.Do(func(tx core.App) error {
					if _, err := broken.Save(tx); err != nil {
						return err
					}
					panic("broken")
				})
			}
		}()
	}
	wg.Wait()
	var numbers []int
	for _, r := range app.All(desk.Cases, nil) {
		numbers = append(numbers, r.GetInt("number"))
	}
	slices.Sort(numbers)
	if len(numbers) != n || numbers[0] != 1 || numbers[n-1] != n || len(slices.Compact(numbers)) != n {
		t.Errorf("numbers %v", numbers)
	}
	if acks := len(app.All(desk.Outbox, nil)); acks != n {
		t.Errorf("%d acknowledgements for %d cases", acks, n)
	}
}

func TestAckSkipped(t *testing.T) {
	for name, c := range map[string]struct {
		settings, template, visitor desktest.Values
		reason                      string
	}{
		"switched off":    {settings: desktest.Values{"ack_enabled": false}, reason: "switched off"},
		"no mail address": {visitor: desktest.Values{"email": "", "phone": "+886912345678"}, reason: "no mail address"},
		"no template":     {template: desktest.Values{"enabled": false}, reason: "no template"},
		"broken template": {template: desktest.Values{"body": "{{ nothing.known }}"}, reason: "nothing.known"},
		"broken subject":  {template: desktest.Values{"subject": "{{ nothing.known }}"}, reason: "nothing.known"},
	} {
		t.Run(name, func(t *testing.T) {
			app := desktest.New(t)
			if c.settings != nil {
				app.Choose(c.settings)
			}
			if c.template != nil {
				for _, r := range app.All(desk.Templates, desktest.Values{"key": "ack"}) {
					app.Put(r, c.template)
				}
			}
			opened := app.Case(c.visitor)
			if !slices.Equal(app.Kinds(opened.Id), []string{"opened", "ack_skipped"}) {
				t.Fatalf("events %v", app.Kinds(opened.Id))
			}
			if reason, _ := app.Event(opened.Id, "ack_skipped")["reason"].(string); !strings.Contains(reason, c.reason) {
				t.Errorf("reason %q", reason)
			}
			if n := len(app.All(desk.Outbox, nil)); n != 0 {
				t.Errorf("%d mails queued", n)
			}
		})
	}
}

func TestAckCap(t *testing.T) {
	app := desktest.New(t)
	count := func(email string) int { return len(app.All(desk.Outbox, desktest.Values{"recipient": email})) }
	agent := app.Agent(desk.RoleAgent, "")
	for i := range 5 {
		c := app.Case(desktest.Values{"email": []string{"anna@example.com", "ANNA@example.com", " anna@EXAMPLE.com"}[i%3]})
		if i == 0 {
			app.Reply(c, agent, nil) // an answer of staff is no automatic mail
		}
	}
	if n := count("anna@example.com"); n != 4 {
		t.Errorf("%d mails, want three acknowledgements and one answer", n)
	}
	app.Case(desktest.Values{"email": "ben@example.com"})
	if count("ben@example.com") != 1 {
		t.Error("another address is capped too")
	}
	app.Clock.Advance(25 * time.Hour)
	app.Case(nil)
	if n := count("anna@example.com"); n != 5 {
		t.Errorf("%d mails the day after", n)
	}
	app.Choose(desktest.Values{"limits": map[string]any{"ack_day": -1}})
	for range 5 {
		app.Case(nil)
	}
	if n := count("anna@example.com"); n != 10 {
		t.Errorf("%d mails without a limit", n)
	}
}

// Two openings for one address meet in one transaction that is rolled back: the
// first run's cap must not hold in the second one.
func TestAckCapAfterRollback(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"limits": map[string]any{"ack_day": 1}})
	var openings []intake.Opening
	for range 2 {
		f := app.Feedback(nil)
		f.Set("receipt", desk.NewReceipt())
		if err := desk.Save(app, f.Record); err != nil {
			t.Fatal(err)
		}
		o, err := app.Work.Prepare(app, f)
		if err != nil {
			t.Fatal(err)
		}
		openings = append(openings, o)
	}
	_ = app.RunInTransaction(func(tx core.App) error {
		for _, o := range openings {
			if _, err := o.Save(tx); err != nil {
				t.Error(err)
			}
		}
		return errors.New("roll back")
	})
	var second *desk.Case
	err := app.RunInTransaction(func(tx core.App) (err error) {
		second, err = openings[1].Save(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(app.Kinds(second.Id), "ack_held") {
		t.Errorf("events %v", app.Kinds(second.Id))
	}
}

func TestAckRepeatsNoUnsafeName(t *testing.T) {
	app := desktest.New(t)
	for name, safe := range map[string]bool{
		"王小明": true, "María del Carmen": true,
		"http://evil.example": false, "免費點擊 evil.example": false, "Call 0800 123": false, "a@b.example": false,
	} {
		c := app.Case(desktest.Values{"name": name, "email": desk.NewReceipt() + "@example.com"})
		d := app.Delivery(c.Id, "ack")
		m := desk.AsMessage(app.Find(desk.Messages, d.Message()))
		p, err := d.Payload()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(m.Body()+m.Subject(), name); got != safe {
			t.Errorf("%q repeated in the text: %v", name, got)
		}
		if got := p.ToName == name; got != safe {
			t.Errorf("%q repeated in the address: %q", name, p.ToName)
		}
	}
}
