package casework_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// faraway is a gateway that nothing is sent to here: texts are queued.
const faraway = "https://gateway.example/send"

func phoneCase(app *desktest.App, v desktest.Values) *desk.Case {
	all := desktest.Values{"email": "", "phone": "0912-345-678", "locale": "zh-TW"}
	for k, x := range v {
		all[k] = x
	}
	return app.Case(all)
}

func TestWriteText(t *testing.T) {
	app := desktest.New(t)
	app.UseGateway(faraway, nil)
	agent := app.Agent(desk.RoleAgent, "")
	c := phoneCase(app, nil)
	m := app.Reply(c, agent, desktest.Values{"channel": desk.ChannelSMS, "subject": "x", "body": " 今天出貨。 " + desk.TrackingLink + "\n", "cc": []string{"a@example.com"}})
	d := desk.AsDelivery(app.One(desk.Outbox, desktest.Values{"message": m.Id}))
	if d.Kind() != desk.BySMS || d.Recipient() != "+886912345678" || d.Status() != desk.Queued || m.Delivery() != desk.DeliveryQueued {
		t.Errorf("%s to %s: %s, %s", d.Kind(), d.Recipient(), d.Status(), m.Delivery())
	}
	if m.Subject() != "" || m.Body() != "今天出貨。 "+desk.TrackingLink || len(m.Cc()) != 0 {
		t.Errorf("%q %q %v", m.Subject(), m.Body(), m.Cc())
	}
	after := desk.AsCase(app.Find(desk.Cases, c.Id))
	if after.Status() != desk.Open || after.GetDateTime("first_responded_at").IsZero() || !after.GetDateTime("waiting_since").IsZero() {
		t.Error("a text is no answer")
	}
}

func TestWriteTextFaults(t *testing.T) {
	app := desktest.New(t)
	app.UseGateway(faraway, desktest.Values{"max_parts": 2})
	agent := app.Agent(desk.RoleAgent, "")
	c, byMail := phoneCase(app, nil), app.Case(nil)
	app.Make(desk.Templates, desktest.Values{"key": "there", "locale": "zh-TW", "kind": "sms", "enabled": true, "body": "到貨了：{{ tracking_url }}"})
	link := len([]rune(app.Outbox.TrackingURL(app, c)))
	for name, one := range map[string]struct {
		c     *desk.Case
		v     desktest.Values
		field string
	}{
		"no number":         {byMail, nil, "channel"},
		"empty":             {c, desktest.Values{"body": " "}, "body"},
		"too long":          {c, desktest.Values{"body": strings.Repeat("好", 135)}, "body"},
		"as long as may be": {c, desktest.Values{"body": strings.Repeat("好", 134)}, ""},
		"with the link":     {c, desktest.Values{"body": strings.Repeat("好", 134-link) + desk.TrackingLink}, ""},
		"beyond it":         {c, desktest.Values{"body": strings.Repeat("好", 135-link) + desk.TrackingLink}, "body"},
		"files":             {c, desktest.Values{"attachments": []any{app.File("a.txt", "a")}}, "attachments"},
		"a template":        {c, desktest.Values{"body": "", "template": "there"}, ""},
		"no template":       {c, desktest.Values{"body": "", "template": "nowhere"}, "template"},
		"undo":              {c, desktest.Values{"undo": 2 * time.Minute}, "undo_seconds"},
	} {
		v := desktest.Values{"channel": desk.ChannelSMS, "body": "Hello"}
		for k, x := range one.v {
			v[k] = x
		}
		if _, err := app.Write(one.c, agent, v); faulty(err) != one.field {
			t.Errorf("%s: %v", name, err)
		}
	}
	if m := app.One(desk.Messages, desktest.Values{"template": "there"}); m.GetString("body") != "到貨了："+desk.TrackingLink {
		t.Errorf("by template: %q", m.GetString("body"))
	}
}

// A number that another form claimed is a stranger's, until it is verified.
func TestReplyNumber(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(nil)
	phone := app.Make(desk.Identities, desktest.Values{"contact": c.Contact(), "kind": desk.KindPhone, "value": "+886987654321", "state": desk.StateClaimed})
	if n, err := casework.ReplyNumber(app, c); n != "" || err != nil {
		t.Errorf("claimed: %q %v", n, err)
	}
	app.Put(phone, desktest.Values{"state": desk.StateVerified})
	if n, err := casework.ReplyNumber(app, c); n != "+886987654321" || err != nil {
		t.Errorf("verified: %q %v", n, err)
	}
	typed := app.Case(desktest.Values{"phone": "0912345678", "subject": "Another"})
	if n, err := casework.ReplyNumber(app, typed); n != "+886912345678" || err != nil {
		t.Errorf("typed: %q %v", n, err)
	}
}

func TestUndoText(t *testing.T) {
	app := desktest.New(t)
	app.UseGateway(faraway, nil)
	agent := app.Agent(desk.RoleAgent, "")
	c := phoneCase(app, nil)
	m := app.Reply(c, agent, desktest.Values{"channel": desk.ChannelSMS, "body": "Hello", "undo": 10 * time.Second})
	if n, err := app.Outbox.Drain(t.Context()); n != 0 || err != nil {
		t.Fatalf("%d left at once, %v", n, err)
	}
	back, err := app.Work.Undo(app, m.Id, agent)
	if err != nil || back.Channel != desk.ChannelSMS || back.Body != "Hello" {
		t.Errorf("%+v %v", back, err)
	}
	if n := len(app.All(desk.Outbox, desktest.Values{"kind": desk.BySMS})); n != 0 {
		t.Errorf("%d texts are left", n)
	}
}

func TestAckByText(t *testing.T) {
	for name, one := range map[string]struct {
		sms, settings, v desktest.Values
		skip             string
	}{
		"by default":      {nil, nil, nil, "no mail address"},
		"on":              {desktest.Values{"ack": true}, nil, nil, ""},
		"not by mail":     {desktest.Values{"ack": true}, desktest.Values{"ack_enabled": false}, nil, ""},
		"landline":        {desktest.Values{"ack": true}, nil, desktest.Values{"phone": "02-2712-3456"}, "no mobile number of this country"},
		"abroad":          {desktest.Values{"ack": true}, nil, desktest.Values{"phone": "+819012345678"}, "no mobile number of this country"},
		"too long":        {desktest.Values{"ack": true, "max_parts": 1}, nil, nil, "the text takes 2 messages; 1 are the most"},
		"with an address": {desktest.Values{"ack": true}, nil, desktest.Values{"email": "anna@example.com"}, "mail"},
	} {
		t.Run(name, func(t *testing.T) {
			app := desktest.New(t)
			app.UseGateway(faraway, one.sms)
			app.Choose(desktest.Values{"timezone": "Asia/Taipei"})
			app.Choose(one.settings)
			c := phoneCase(app, one.v)
			texts := app.All(desk.Outbox, desktest.Values{"kind": desk.BySMS})
			switch {
			case one.skip == "mail":
				if len(texts) != 0 || !slices.Contains(app.Kinds(c.Id), "ack_held") {
					t.Errorf("%d texts, %v", len(texts), app.Kinds(c.Id))
				}
				return
			case one.skip != "":
				if got := app.Event(c.Id, "ack_skipped")["reason"]; got != one.skip || len(texts) != 0 {
					t.Errorf("skipped for %v, %d texts", got, len(texts))
				}
				return
			}
			d := desk.AsDelivery(app.One(desk.Outbox, desktest.Values{"kind": desk.BySMS}))
			m, err := desk.FindMessage(app, d.Message())
			if err != nil || d.Recipient() != "+886912345678" || d.Status() != desk.Queued || m.Channel() != desk.ChannelSystem {
				t.Fatalf("to %s: %s, %v", d.Recipient(), d.Status(), err)
			}
			if !strings.Contains(m.Body(), desk.TrackingLink) || !strings.Contains(m.Body(), "受理編號") {
				t.Errorf("%q", m.Body())
			}
		})
	}
}

// A stranger who types somebody's number can't fill his phone, nor empty the shop's purse.
func TestAckByTextIsCapped(t *testing.T) {
	app := desktest.New(t)
	app.UseGateway(faraway, desktest.Values{"ack": true})
	app.Choose(desktest.Values{"timezone": "Asia/Taipei", "limits": map[string]any{"ack_day": -1}})
	for i := range 5 {
		phoneCase(app, desktest.Values{"subject": strings.Repeat("x", i+1)})
	}
	if n := len(app.All(desk.Outbox, desktest.Values{"kind": desk.BySMS})); n != 3 {
		t.Errorf("%d texts to one number", n)
	}
	app.Put(app.One(desk.Identities, desktest.Values{"kind": desk.KindPhone}), desktest.Values{"state": desk.StateUndeliverable})
	app.Clock.Advance(48 * time.Hour)
	c := phoneCase(app, desktest.Values{"subject": "two days later"})
	if !slices.Contains(app.Kinds(c.Id), "ack_skipped") {
		t.Errorf("a text to a wrong number: %v", app.Kinds(c.Id))
	}
}
