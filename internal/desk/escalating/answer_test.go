package escalating_test

import (
	"encoding/base64"
	"net/mail"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/escalating"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbound"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// head is shorthand for headers.
type head = map[string]string

// asked is a shop that asked a plant outside for help, and the mail as the plant
// got it over SMTP.
func asked(t *testing.T) (*shop, mail.Header) {
	s := newShop(t)
	s.Mail = s.NewMail(func(c *inbound.Config) {
		c.Asked = func(app core.App, token, addr string) (inbound.Asked, error) {
			a, err := s.station.Asked(app, token, addr)
			return inbound.Asked(a), err
		}
		c.Answered = s.station.Answered
	})
	srv := mailtest.NewServer(t, mailtest.Script{})
	s.UseSMTP(srv)
	s.call(escalating.Call{Escalation: s.escalation("", escalating.Step{To: escalating.To{Email: "Plant@maker.example", Locale: "en"}, Note: "Please check lot 7."}).Id})
	if _, err := s.Outbox.Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := mail.ReadMessage(strings.NewReader(string(srv.Mails()[0].Raw)))
	if err != nil {
		t.Fatal(err)
	}
	return s, got.Header
}

// answer is a mail of the plant, with headers changed.
func answer(words string, h head) []byte {
	all := head{"From": "Plant <plant@maker.example>", "Return-Path": "<plant@maker.example>", "Subject": "Re: Please take on case #1"}
	for k, v := range h {
		all[k] = v
	}
	return desktest.Letter(words, all)
}

func (s *shop) notes() []*core.Record {
	return s.All(desk.Messages, desktest.Values{"case": s.c.Id, "direction": desk.Note})
}

func (s *shop) informed(agent *desk.Agent) int {
	return len(s.All(desk.Notices, desktest.Values{"agent": agent.Id, "kind": desk.NoticeOutsideNote}))
}

// Whoever outside answers the mail instead of pressing the button is heard: as a
// note for staff, which is no word of the visitor's and takes nothing on.
func TestAnswerOfTheOutside(t *testing.T) {
	for name, to := range map[string]func(mail.Header) head{
		"to its address":       func(h mail.Header) head { return head{"To": h.Get("Reply-To")} },
		"by what it answers":   func(h mail.Header) head { return head{"In-Reply-To": h.Get("Message-ID")} },
		"by what it refers to": func(h mail.Header) head { return head{"References": "<a@b.example> " + h.Get("Message-ID")} },
	} {
		s, h := asked(t)
		before := s.Find(desk.Cases, s.c.Id)
		m := s.Take(answer("Lot 7 was fired too cold.\nWe call you tomorrow.", to(h)))
		if m.Outcome() != desk.MailJoined || m.Case() != s.c.Id || m.GetString("reason") != "outside" {
			t.Fatalf("%s: %s (%s), case %q", name, m.Outcome(), m.GetString("reason"), m.Case())
		}
		notes := s.notes()
		if len(notes) != 1 || m.GetString("message") != notes[0].Id {
			t.Fatalf("%s: %d notes", name, len(notes))
		}
		n := notes[0]
		if n.GetString("body") != "Lot 7 was fired too cold.\nWe call you tomorrow." || n.GetString("from_addr") != "plant@maker.example" ||
			n.GetString("author")+n.GetString("contact")+n.GetString("message_id")+n.GetString("quoted") != "" {
			t.Errorf("%s: note %v", name, n.PublicExport())
		}
		after := s.Find(desk.Cases, s.c.Id)
		for _, field := range []string{"status", "contact", "last_in_at", "waiting_since", "first_responded_at", "next_response_due", "reopened"} {
			if before.GetString(field) != after.GetString(field) {
				t.Errorf("%s: %s was %q and is %q", name, field, before.GetString(field), after.GetString(field))
			}
		}
		if kinds := s.Kinds(s.c.Id); slices.Contains(kinds, "visitor_wrote") || !slices.Contains(kinds, desk.EventOutsideNote) {
			t.Errorf("%s: events %v", name, kinds)
		}
		if r := s.One(desk.CaseEscalations, nil); r.GetString("state") != desk.EscalationOpen {
			t.Errorf("%s: it is %s", name, r.GetString("state"))
		}
		if s.informed(s.me) != 1 || s.informed(s.chief) != 0 {
			t.Errorf("%s: told %d times, the supervisor %d", name, s.informed(s.me), s.informed(s.chief))
		}
		if len(s.All(desk.Cases, nil)) != 1 || len(s.All(desk.Identities, desktest.Values{"value": "plant@maker.example"})) != 0 {
			t.Errorf("%s: it made a case or a contact", name)
		}
	}
}

// Somebody else who knows the address gets no further than any stranger.
func TestAnswerOfSomebodyElse(t *testing.T) {
	s, h := asked(t)
	for name, change := range map[string]head{
		"another address":   {"From": "eve@else.example", "To": h.Get("Reply-To")},
		"another one again": {"From": "eve@else.example", "In-Reply-To": h.Get("Message-ID")},
		"the visitor":       {"From": "v@example.com", "To": h.Get("Reply-To")},
		"a made-up address": {"To": strings.Replace(h.Get("Reply-To"), "+c-", "+c-aaaa", 1)},
	} {
		m := s.Take(answer("I take the case on, trust me: "+name, change))
		if m.Case() == s.c.Id || m.Outcome() == desk.MailJoined {
			t.Errorf("%s: %s on case %q", name, m.Outcome(), m.Case())
		}
	}
	s.Choose(desktest.Values{"mail": map[string]any{"authserv_id": "mx.shop.example"}})
	m := s.Take(answer("Forged", head{"To": h.Get("Reply-To"), "Authentication-Results": "mx.shop.example; dmarc=fail header.from=maker.example"}))
	if m.Outcome() != desk.MailQuarantined {
		t.Errorf("forged: %s", m.Outcome())
	}
	if n := len(s.notes()); n != 0 || s.informed(s.me) != 0 {
		t.Errorf("%d notes, told %d times", n, s.informed(s.me))
	}
}

// What no person wrote is filed: an absence is no answer.
func TestAbsenceOfTheOutside(t *testing.T) {
	s, h := asked(t)
	for name, change := range map[string]head{
		"a vacation": {"To": h.Get("Reply-To"), "Auto-Submitted": "auto-replied"},
		"a list":     {"In-Reply-To": h.Get("Message-ID"), "Precedence": "bulk"},
		"ourselves":  {"To": h.Get("Reply-To"), "From": "desk@shop.example"},
	} {
		if m := s.Take(answer("I am away until Monday.", change)); m.Outcome() != desk.MailAuto {
			t.Errorf("%s: %s (%s)", name, m.Outcome(), m.GetString("reason"))
		}
	}
	if n := len(s.All(desk.Messages, desktest.Values{"case": s.c.Id})); n != 1 || s.informed(s.me) != 0 {
		t.Errorf("%d messages, told %d times", n, s.informed(s.me))
	}
}

// Files stay with the note, the same mail counts once, and what comes after the
// case is done or merged is kept where people find it, and opens nothing.
func TestAnswerWithFilesAndLate(t *testing.T) {
	s, h := asked(t)
	png := base64.StdEncoding.EncodeToString([]byte("\x89PNG\r\n\x1a\n" + strings.Repeat("x", 100)))
	raw := answer("--b\nContent-Type: text/plain; charset=utf-8\n\nThe report is attached.\n"+
		"--b\nContent-Type: image/png; name=\"lot7.png\"\nContent-Disposition: attachment; filename=\"lot7.png\"\nContent-Transfer-Encoding: base64\n\n"+png+"\n--b--\n",
		head{"To": h.Get("Reply-To"), "Content-Type": "multipart/mixed; boundary=b", "Message-ID": "<one@maker.example>"})
	s.Take(raw)
	s.Take(raw)
	notes := s.notes()
	if len(notes) != 1 || len(desk.AsMessage(notes[0]).Files()) != 1 || s.StoredFiles() < 1 {
		t.Fatalf("%d notes", len(notes))
	}
	other := s.App.Case(desktest.Values{"email": "w@example.com"})
	s.Put(s.Find(desk.Cases, s.c.Id), desktest.Values{"status": desk.Closed, "merged_into": other.Id})
	s.Put(s.Find(desk.Cases, other.Id), desktest.Values{"status": desk.Closed, "team": s.team.Id})
	s.Take(answer("One more thing.", head{"In-Reply-To": h.Get("Message-ID")}))
	late := s.All(desk.Messages, desktest.Values{"case": other.Id, "direction": desk.Note})
	if len(late) != 1 || s.Find(desk.Cases, other.Id).GetString("status") != desk.Closed {
		t.Errorf("%d late notes, the case is %s", len(late), s.Find(desk.Cases, other.Id).GetString("status"))
	}
	// where nobody escalated by hand and nobody works on it, those hear of it who lead
	s.Put(s.One(desk.CaseEscalations, nil), desktest.Values{"agent": ""})
	s.Take(answer("And another.", head{"In-Reply-To": h.Get("Message-ID")}))
	if s.informed(s.lead) != 1 {
		t.Errorf("the lead was told %d times", s.informed(s.lead))
	}
}
