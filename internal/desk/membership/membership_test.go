package membership_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/desk/membership"
	"github.com/pocketdesk/pocketdesk/internal/liquid"
	"github.com/pocketdesk/pocketdesk/internal/memberref"
)

const memberSecret = "a secret of shop and desk"

// shop is an app with the station, as the plugin wires it.
type shop struct {
	*desktest.App
	*membership.Station
	t *testing.T
}

func newShop(t *testing.T) *shop {
	t.Helper()
	a := desktest.New(t)
	s := membership.New(a, membership.Config{
		Commit: a.Commit,
		Render: func(app core.App, l membership.Letter) (membership.Text, error) {
			p, err := a.Work.Preview(app, casework.Draft{
				Case: l.Case, Agent: l.Agent, Template: membership.Template,
				Invite: &liquid.Invite{SignupURL: l.SignupURL, Coupon: l.Coupon},
			})
			return membership.Text{Subject: p.Subject, Body: p.Body, Locale: p.Locale, Empty: p.Empty}, err
		},
		Write: func(app core.App, e membership.Entry) (membership.Saver, error) {
			return a.Work.Write(app, casework.Entry{Case: e.Case, Agent: e.Agent, Message: e.Message})
		},
	})
	a.Door = intake.New(a, intake.Config{
		Commit: a.Commit, Hits: a.Hits, MemberSecret: memberSecret,
		Prepare: func(app core.App, f *desk.Feedback) (intake.Opening, error) { return a.Work.Prepare(app, f) },
	})
	a.Door.Vouched = s.Vouched
	a.Choose(desktest.Values{"membership": map[string]any{"signup_url": "https://shop.example/join?a=b", "coupon": "HELLO100"}})
	return &shop{a, s, t}
}

// codeOf is the code of a validation error's only field.
func codeOf(t *testing.T, err error, field string) string {
	t.Helper()
	var errs validation.Errors
	if !errors.As(err, &errs) {
		t.Fatalf("%v is no validation error", err)
	}
	var one validation.Error
	if !errors.As(errs[field], &one) {
		t.Fatalf("nothing of %s in %v", field, errs)
	}
	return one.Code()
}

// invitation is one on a case, with the address that an answer goes to.
func (s *shop) invitation(c *desk.Case, agent *desk.Agent) membership.Invitation {
	s.t.Helper()
	to, err := casework.ReplyAddress(s.App, c)
	if err != nil {
		s.t.Fatal(err)
	}
	return membership.Invitation{Case: c, Agent: agent, To: to}
}

func (s *shop) invite(i membership.Invitation) *membership.Sent {
	s.t.Helper()
	sent, err := s.Invite(i)
	if err != nil {
		s.t.Fatal(err)
	}
	return sent
}

// An invitation goes out as an answer, in the visitor's language, with coupon and
// a link that names it; and it is noted when it works.
func TestInvite(t *testing.T) {
	s := newShop(t)
	agent := s.Agent("agent", "")
	c := s.Case(desktest.Values{"locale": "ja", "marketing_consent": true, "name": "山田花子"})
	i := s.invitation(c, agent)
	offer, err := s.Offer(i)
	if err != nil || offer.Stop != "" || !offer.Consent || offer.ConsentAt == "" || offer.Last != "" || offer.Locale != "ja" || offer.To != "anna@example.com" ||
		!strings.Contains(offer.Body, "HELLO100") || !strings.Contains(offer.Body, "https://shop.example/join?a=b&ref=preview") {
		t.Fatalf("%+v %v", offer, err)
	}
	if n := len(s.All(desk.Invitations, nil)); n != 0 {
		t.Fatalf("a look leaves %d invitations", n)
	}
	coupon := "SPRING7"
	i.Coupon = &coupon
	sent := s.invite(i)
	m := s.Find(desk.Messages, sent.Message)
	if m.GetString("template") != membership.Template || m.GetString("direction") != desk.Out || m.GetString("delivery") == desk.DeliveryNone ||
		!strings.Contains(m.GetString("body"), "ref="+s.Ref(sent.Invitation)) || !strings.Contains(m.GetString("body"), "SPRING7") || strings.Contains(m.GetString("body"), "HELLO100") {
		t.Errorf("message: %v", m.PublicExport())
	}
	r := s.One(desk.Invitations, desktest.Values{"id": sent.Invitation})
	if r.GetString("contact") != c.Contact() || r.GetString("case") != c.Id || r.GetString("message") != sent.Message || r.GetString("agent") != agent.Id || r.GetString("coupon") != "SPRING7" {
		t.Errorf("invitation: %v", r.PublicExport())
	}
	if after := s.Event(c.Id, membership.EventInvited); after["coupon"] != "SPRING7" || after["consent"] != true || after["asked"] != false {
		t.Errorf("event: %v", after)
	}
	s.Clock.Advance(time.Hour)
	if err := s.Mark(membership.Marking{Contact: c.Contact(), Case: c.Id, Number: "M-7", Agent: agent}); err != nil {
		t.Fatal(err)
	}
	if at := s.Find(desk.Invitations, sent.Invitation).GetDateTime("converted_at").Time(); !at.Equal(s.Clock.Now()) {
		t.Errorf("converted at %v", at)
	}
	if after := s.Event(c.Id, membership.EventConverted); after["by"] != "staff" || after["invitation"] != sent.Invitation {
		t.Errorf("event: %v", after)
	}
}

// Whom no invitation may reach, and what has to be said first.
func TestInviteRefused(t *testing.T) {
	s := newShop(t)
	agent := s.Agent("agent", "")
	n := 0
	fresh := func(v desktest.Values) *desk.Case {
		n++
		if v == nil {
			v = desktest.Values{}
		}
		if _, ok := v["email"]; !ok {
			v["email"] = "v" + string(rune('a'+n)) + "@example.com"
		}
		v["message"] = v["email"].(string) + " asks about the teapot in the window"
		return s.Case(v)
	}
	contact := func(c *desk.Case) *core.Record { return s.Find(desk.Contacts, c.Contact()) }
	for want, prepare := range map[string]func() *desk.Case{
		membership.StopBlocked: func() *desk.Case {
			c := fresh(nil)
			s.Put(contact(c), desktest.Values{"blocked": true})
			return c
		},
		membership.StopMember: func() *desk.Case {
			c := fresh(nil)
			s.Put(contact(c), desktest.Values{"member_since": desk.Date(s.Clock.Now())})
			return c
		},
		membership.StopNoAddress: func() *desk.Case { return fresh(desktest.Values{"email": "", "phone": "0912345678"}) },
		membership.StopUndeliverable: func() *desk.Case {
			c := fresh(nil)
			s.Put(s.One(desk.Identities, desktest.Values{"contact": c.Contact()}), desktest.Values{"state": desk.StateUndeliverable})
			return c
		},
	} {
		i := s.invitation(prepare(), agent)
		i.Asked, i.Again = true, true
		if offer, err := s.Offer(i); err != nil || offer.Stop != want {
			t.Errorf("%s: %+v %v", want, offer, err)
		}
		if _, err := s.Invite(i); codeOf(t, err, "stop") != want {
			t.Errorf("%s: %v", want, err)
		}
	}
	c := fresh(nil)
	i := s.invitation(c, agent)
	if _, err := s.Invite(i); codeOf(t, err, "asked") != "consent" {
		t.Errorf("without a consent: %v", err)
	}
	i.Asked = true
	s.invite(i)
	if after := s.Event(c.Id, membership.EventInvited); after["asked"] != true || after["consent"] != false {
		t.Errorf("why it was allowed: %v", after)
	}
	s.Clock.Advance(29 * 24 * time.Hour)
	if _, err := s.Invite(i); codeOf(t, err, "again") != "again" {
		t.Errorf("twice: %v", err)
	}
	i.Again = true
	s.invite(i)
	s.Clock.Advance(31 * 24 * time.Hour)
	i.Again = false
	s.invite(i)
	bad := "A\nB"
	i.Coupon = &bad
	if _, err := s.Offer(i); codeOf(t, err, "coupon") != "coupon_invalid" {
		t.Errorf("coupon: %v", err)
	}
	s.Choose(desktest.Values{"membership": map[string]any{}})
	i.Coupon = nil
	if offer, err := s.Offer(i); err != nil || offer.Stop != membership.StopNoURL {
		t.Errorf("without a page: %+v %v", offer, err)
	}
	s.Choose(desktest.Values{"membership": map[string]any{"signup_url": "https://shop.example/join"}})
	for _, r := range s.All(desk.Templates, desktest.Values{"key": membership.Template}) {
		s.Put(r, desktest.Values{"enabled": false})
	}
	if offer, err := s.Offer(i); err != nil || offer.Stop != membership.StopNoTemplate {
		t.Errorf("without a template: %+v %v", offer, err)
	}
}

// A consent counts for the address that it was given with.
func TestConsentIsOfAddress(t *testing.T) {
	s := newShop(t)
	c := s.Case(desktest.Values{"email": "a@example.com", "phone": "0912345678", "marketing_consent": true})
	other := s.Case(desktest.Values{"email": "", "phone": "0912345678", "message": "A second question, about cups this time."})
	if other.Contact() != c.Contact() {
		t.Fatal("two contacts")
	}
	i := s.invitation(c, s.Agent("agent", ""))
	i.To = "b@example.com"
	if offer, err := s.Offer(i); err != nil || offer.Consent {
		t.Errorf("another address: %+v %v", offer, err)
	}
}

func TestMark(t *testing.T) {
	s := newShop(t)
	agent := s.Agent("agent", "")
	c := s.Case(nil)
	m := membership.Marking{Contact: c.Contact(), Case: c.Id, Number: " M-7 ", Agent: agent}
	if err := s.Mark(m); err != nil {
		t.Fatal(err)
	}
	number := s.One(desk.Identities, desktest.Values{"kind": desk.KindMember})
	if number.GetString("value") != "M-7" || number.GetString("state") != desk.StateVerified || number.GetString("raised_by") != desk.RaisedStaff {
		t.Errorf("number: %v", number.PublicExport())
	}
	since := s.Find(desk.Contacts, c.Contact()).GetDateTime("member_since")
	if !since.Time().Equal(s.Clock.Now()) || s.Event(c.Id, membership.EventMarked)["number"] != "M-7" {
		t.Errorf("since %v", since)
	}
	s.Clock.Advance(time.Hour)
	if err := s.Mark(m); err != nil { // again changes nothing
		t.Fatal(err)
	}
	if again := s.Find(desk.Contacts, c.Contact()).GetDateTime("member_since"); !again.Equal(since) {
		t.Errorf("a member since %v, then since %v", since, again)
	}
	other := s.Case(desktest.Values{"email": "bob@example.com", "message": "Do you have green cups?"})
	if err := s.Mark(membership.Marking{Contact: other.Contact(), Number: "M-7", Agent: agent}); codeOf(t, err, "number") != "number_taken" {
		t.Errorf("a number of somebody else: %v", err)
	}
	if !s.Find(desk.Contacts, other.Contact()).GetDateTime("member_since").IsZero() {
		t.Error("half of it was kept")
	}
	if err := s.Mark(membership.Marking{Contact: other.Contact(), Number: strings.Repeat("m", 101), Agent: agent}); codeOf(t, err, "number") != "number_invalid" {
		t.Errorf("%v", err)
	}
}

func TestUnmark(t *testing.T) {
	s := newShop(t)
	agent := s.Agent("agent", "")
	c := s.Case(desktest.Values{"marketing_consent": true})
	sent := s.invite(s.invitation(c, agent))
	m := membership.Marking{Contact: c.Contact(), Number: "M-7", Agent: agent}
	for _, step := range []func(membership.Marking) error{s.Mark, s.Unmark, s.Unmark} {
		s.Clock.Advance(time.Minute)
		if err := step(m); err != nil {
			t.Fatal(err)
		}
	}
	if !s.Find(desk.Contacts, c.Contact()).GetDateTime("member_since").IsZero() || len(s.All(desk.Identities, desktest.Values{"kind": desk.KindMember})) != 0 {
		t.Error("still a member")
	}
	if !s.Find(desk.Invitations, sent.Invitation).GetDateTime("converted_at").IsZero() {
		t.Error("the invitation still counts as one that worked")
	}
	kinds := s.Kinds(c.Id)
	if n := len(slices.DeleteFunc(kinds, func(k string) bool { return k != membership.EventUnmarked })); n != 1 {
		t.Errorf("%d lines say so", n)
	}
}

// An invited guest signs up and writes again while signed in at the shop.
func TestConvertedBySite(t *testing.T) {
	s := newShop(t)
	c := s.Case(desktest.Values{"marketing_consent": true})
	sent := s.invite(s.invitation(c, s.Agent("agent", "")))
	s.Clock.Advance(time.Hour)
	s.Case(desktest.Values{"message": "I have signed up. Where is my coupon?", "member_ref": memberref.Sign([]byte("not the shop's secret"), "m-1", s.Clock.Now().Add(time.Hour))})
	if !s.Find(desk.Invitations, sent.Invitation).GetDateTime("converted_at").IsZero() {
		t.Fatal("anybody's word counts")
	}
	ref := memberref.Sign([]byte(memberSecret), "m-1", s.Clock.Now().Add(time.Hour))
	stranger := s.Case(desktest.Values{"message": "I have signed up, or typed his address.", "member_ref": ref})
	if stranger.Contact() == c.Contact() || !s.Find(desk.Invitations, sent.Invitation).GetDateTime("converted_at").IsZero() {
		t.Fatal("any member's word counts for an address that he only typed")
	}
	s.Clock.Advance(time.Minute)
	number := s.One(desk.Identities, desktest.Values{"kind": desk.KindMember})
	s.Put(number, desktest.Values{"contact": c.Contact()}) // staff found out that they are one person
	again := s.Case(desktest.Values{"message": "I have signed up, really!", "member_ref": ref})
	if again.Contact() != c.Contact() {
		t.Fatal("two contacts")
	}
	if at := s.Find(desk.Invitations, sent.Invitation).GetDateTime("converted_at").Time(); !at.Equal(s.Clock.Now()) {
		t.Errorf("converted at %v", at)
	}
	if s.Event(c.Id, membership.EventConverted)["by"] != "member_ref" || s.Find(desk.Contacts, c.Contact()).GetDateTime("member_since").IsZero() {
		t.Error("no line says so, or the contact is no member")
	}
}

// The shop reports a sign-up by the ref of the link.
func TestConvertedByRef(t *testing.T) {
	s := newShop(t)
	c := s.Case(desktest.Values{"marketing_consent": true})
	sent := s.invite(s.invitation(c, s.Agent("agent", "")))
	for _, ref := range []string{"", sent.Invitation, sent.Invitation + ".", sent.Invitation + "." + strings.Repeat("0", 24), s.Ref("nosuchinvitatio")} {
		if found, err := s.Converted(ref, "m-9"); found || err != nil {
			t.Errorf("%q: %v %v", ref, found, err)
		}
	}
	for range 2 {
		if found, err := s.Converted(s.Ref(sent.Invitation), "m-9"); !found || err != nil {
			t.Fatalf("%v %v", found, err)
		}
	}
	number := s.One(desk.Identities, desktest.Values{"kind": desk.KindMember})
	if number.GetString("contact") != c.Contact() || number.GetString("value") != "m-9" || number.GetString("raised_by") != desk.RaisedMember {
		t.Errorf("number: %v", number.PublicExport())
	}
	if s.Find(desk.Invitations, sent.Invitation).GetDateTime("converted_at").IsZero() {
		t.Error("not noted")
	}
}

func TestReport(t *testing.T) {
	s := newShop(t)
	ann, bob := s.Agent("agent", ""), s.Agent("supervisor", "")
	for n, agent := range []*desk.Agent{ann, ann, bob} {
		c := s.Case(desktest.Values{"email": string(rune('a'+n)) + "@example.com", "message": "Question " + strings.Repeat("x", n+1), "marketing_consent": true})
		s.invite(s.invitation(c, agent))
		if n == 0 {
			if err := s.Mark(membership.Marking{Contact: c.Contact(), Agent: ann}); err != nil {
				t.Fatal(err)
			}
		}
	}
	r, err := s.Report(30, "")
	if err != nil || r.Sent != 3 || r.Converted != 1 || r.Rate < 0.33 || r.Rate > 0.34 || len(r.ByAgent) != 2 || r.ByAgent[0].Agent != ann.Id || r.ByAgent[0].Rate != 0.5 {
		t.Errorf("%+v %v", r, err)
	}
	if r, err := s.Report(30, bob.Id); err != nil || r.Sent != 1 || len(r.ByAgent) != 1 {
		t.Errorf("his own: %+v %v", r, err)
	}
	s.Clock.Advance(31 * 24 * time.Hour)
	if r, err := s.Report(30, ""); err != nil || r.Sent != 0 || r.Rate != 0 || r.ByAgent == nil {
		t.Errorf("later: %+v %v", r, err)
	}
}
