package hooks

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/memberref"
)

// address is an identity as it stands now.
func (s *shop) address(kind, value string) *desk.Identity {
	s.t.Helper()
	r := &core.Record{}
	if err := s.App.RecordQuery(desk.Identities).AndWhere(dbx.HashExp{"kind": kind, "value": value}).One(r); err != nil {
		s.t.Fatalf("%s %s: %v", kind, value, err)
	}
	return desk.AsIdentity(r)
}

// stands wants an identity in a state that something brought about.
func (s *shop) stands(kind, value, state, by string) {
	s.t.Helper()
	i := s.address(kind, value)
	if i.State() != state || i.GetString("raised_by") != by || i.GetDateTime("raised_at").IsZero() {
		s.t.Errorf("%s is %s by %q at %s, want %s by %q", value, i.State(), i.GetString("raised_by"), i.GetString("raised_at"), state, by)
	}
}

const ming = "ming@example.com"

// believingShop takes mail in, and believes what its own mail server says of senders.
func believingShop(t *testing.T) *shop {
	s := newShop(t)
	if err := desk.SetSecret(s.App, desk.SecretInbound, hookSecret); err != nil {
		t.Fatal(err)
	}
	s.Settings(map[string]any{"mail": map[string]any{"authserv_id": "mx.shop.example"}})
	return s
}

func results(dmarc string) string {
	return "Authentication-Results: mx.shop.example; dmarc=" + dmarc + " header.from=example.com\r\n"
}

// A form claims an address, and no more.
func TestIdentityClaimedByForm(t *testing.T) {
	s := newShop(t)
	s.Submit(map[string]any{"email": ming, "phone": "0912-345-678"})
	s.stands(desk.KindEmail, ming, desk.StateClaimed, "form")
	s.stands(desk.KindPhone, "+886912345678", desk.StateClaimed, "form")
}

// The button behind the link that was mailed there proves it.
func TestIdentityConfirmedOnPage(t *testing.T) {
	s := newTrackShop(t, map[string]any{"email": ming})
	s.Drain()
	s.press("confirm", nil)
	s.stands(desk.KindEmail, ming, desk.StateVerified, desk.RaisedConfirmed)
}

// So does the one that a guest must press before his message is let in.
func TestIdentityConfirmedByMail(t *testing.T) {
	s := newAskingShop(t)
	s.Submit(map[string]any{"email": ming})
	if a := s.press(s.link(0)); a.Status >= 400 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	s.stands(desk.KindEmail, ming, desk.StateVerified, desk.RaisedConfirmed)
}

// Who writes on the page got the link where it went: he can be reached there.
func TestIdentityReachableByPage(t *testing.T) {
	for _, do := range []string{"reply", "solve"} {
		s := newTrackShop(t, map[string]any{"email": ming})
		s.Drain()
		s.press(do, map[string]any{"message": "一件事"})
		s.stands(desk.KindEmail, ming, desk.StateReachable, desk.RaisedPage)
	}
	s := newTrackShop(t, map[string]any{"email": ming}, withoutSMTP())
	s.press("reply", map[string]any{"message": "一件事"})
	s.stands(desk.KindEmail, ming, desk.StateClaimed, "form") // no mail ever left
}

// A mail whose domain vouches for it proves its address; another one shows that
// somebody is there; and one that the domain disowns shows nothing.
func TestIdentityByMail(t *testing.T) {
	for dmarc, want := range map[string][2]string{
		"pass": {desk.StateVerified, desk.RaisedDMARC},
		"none": {desk.StateReachable, desk.RaisedMail},
	} {
		s := believingShop(t)
		s.bring(letterFrom(ming, "service@shop.example", "請問茶壺", "請問這款青瓷茶壺還有現貨嗎？想要訂購兩個。", results(dmarc)))
		s.stands(desk.KindEmail, ming, want[0], want[1])
	}
	s := believingShop(t)
	s.Submit(map[string]any{"email": ming})
	s.Drain()
	s.bring(letterFrom(ming, s.answerBox(), "Re: 茶壺", "冒名的信", results("fail")))
	s.stands(desk.KindEmail, ming, desk.StateClaimed, "form")
	s.bring(letterFrom(ming, s.answerBox(), "Re: 茶壺", "謝謝，收到了。", results("pass")))
	s.stands(desk.KindEmail, ming, desk.StateVerified, desk.RaisedDMARC)
	s.bring(letterFrom(ming, s.answerBox(), "Re: 茶壺", "還有一件事。", results("none")))
	s.stands(desk.KindEmail, ming, desk.StateVerified, desk.RaisedDMARC) // nothing lowers it
}

// answerBox is where an answer to the last mail goes.
func (s *shop) answerBox() string {
	s.t.Helper()
	return "service+c-" + s.Cases()[0].GetString("mail_token") + "@shop.example"
}

// The shop's own site vouches for its member, for the number and not for what he typed.
func TestIdentityByMemberRef(t *testing.T) {
	s := newShop(t, withConfig(Config{MemberSecret: memberSecret}))
	ref := memberref.Sign([]byte(memberSecret), "m-1024", s.Clock.Now().Add(time.Hour))
	s.Submit(map[string]any{"email": ming, "member_ref": ref})
	s.stands(desk.KindMember, "m-1024", desk.StateVerified, desk.RaisedMember)
	s.stands(desk.KindEmail, ming, desk.StateClaimed, "form")
	// the same member under another address is offered as the same person
	s.Submit(map[string]any{"email": "other@example.com", "name": "Other", "message": "另一個問題，請幫忙看一下。", "member_ref": memberref.Sign([]byte(memberSecret), "m-1024", s.Clock.Now().Add(time.Hour))})
	token, _ := s.Agent("agent", "")
	_, found := s.Get("/api/desk/cases/"+s.Cases()[1].Id+"/duplicates", "Authorization", token)
	list, _ := found["contacts"].([]any)
	if len(list) != 1 {
		t.Fatalf("offered %v", found)
	}
}

// Mail that comes back for good makes an address undeliverable, whatever it was;
// a mail from there lifts that again.
func TestIdentityBounced(t *testing.T) {
	s := believingShop(t)
	s.Submit(map[string]any{"email": ming})
	s.Drain()
	s.bring(letterFrom(ming, s.answerBox(), "Re: 茶壺", "謝謝，收到了。", results("pass")))
	s.stands(desk.KindEmail, ming, desk.StateVerified, desk.RaisedDMARC)
	sent := header(s.mail(0).View, "Message-ID")
	report := "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.com\r\nTo: " + s.answerBox() + "\r\nSubject: Undelivered Mail Returned to Sender\r\n" +
		"Message-ID: <b1@mx.example.com>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n" +
		"--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n" +
		"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n" +
		"Final-Recipient: rfc822; " + ming + "\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n" +
		"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nFrom: service@shop.example\r\nTo: " + ming + "\r\nMessage-ID: " + sent + "\r\n\r\n--b--\r\n"
	s.bring([]byte(report))
	s.stands(desk.KindEmail, ming, desk.StateUndeliverable, desk.RaisedBounced)
	s.bring(letterFrom(ming, s.answerBox(), "Re: 茶壺", "我的信箱好了。", results("none")))
	s.stands(desk.KindEmail, ming, desk.StateReachable, desk.RaisedMail)
}

// A text that arrived shows that the number works.
func TestIdentityByText(t *testing.T) {
	s, g, c := newTextShop(t)
	token, _ := s.Agent(desk.RoleAgent, "")
	if status, m := s.textOf(c, token, nil); status != http.StatusOK {
		t.Fatalf("%d %v", status, m)
	}
	s.Drain()
	s.stands(desk.KindPhone, "+886912345678", desk.StateClaimed, "form") // sent says nothing
	address := strings.TrimPrefix(g.Forms()[0].Get("cb"), "https://shop.example")
	s.Do("GET", address+"?mid=G-7&st=OK", nil)
	s.stands(desk.KindPhone, "+886912345678", desk.StateReachable, desk.RaisedSMS)
}

// A call tells, too: who answers is there, and a wrong number is somebody else's.
func TestIdentityByCall(t *testing.T) {
	s := newShop(t)
	s.Submit(map[string]any{"email": "", "phone": "0912-345-678"})
	token, _ := s.Agent("agent", "")
	for _, step := range []struct{ outcome, state, by string }{
		{"no_answer", desk.StateClaimed, "form"},
		{"voicemail", desk.StateClaimed, "form"}, // whose machine it is nobody knows
		{"answered", desk.StateReachable, desk.RaisedCall},
		{"wrong_number", desk.StateUndeliverable, desk.RaisedWrong},
		{"answered", desk.StateReachable, desk.RaisedCall},
	} {
		status, m := s.Post("/api/collections/messages/records", map[string]any{"case": s.Cases()[0].Id, "direction": "out", "channel": "phone", "body": "說了什麼",
			"call": map[string]any{"outcome": step.outcome}}, "Authorization", token)
		if status != http.StatusOK {
			t.Fatalf("%d %v", status, m)
		}
		s.stands(desk.KindPhone, "+886912345678", step.state, step.by)
	}
}

// Staff say that nobody is there, or that it is worth another try. They prove nothing.
func TestIdentityByStaff(t *testing.T) {
	s := newTrackShop(t, map[string]any{"email": ming})
	s.Drain()
	s.press("confirm", nil)
	token, _ := s.Agent("agent", "")
	say := func(state string, want int) {
		t.Helper()
		if status, a := s.Post("/api/desk/identities/"+s.address(desk.KindEmail, ming).Id+"/state", map[string]any{"state": state}, "Authorization", token); status != want {
			t.Errorf("%s: %d %v", state, status, a)
		}
	}
	say("verified", http.StatusBadRequest)
	say("reachable", http.StatusBadRequest)
	say("claimed", http.StatusOK)
	s.stands(desk.KindEmail, ming, desk.StateVerified, desk.RaisedConfirmed) // nobody lowers what was proven
	say("undeliverable", http.StatusOK)
	s.stands(desk.KindEmail, ming, desk.StateUndeliverable, desk.RaisedStaff)
	say("claimed", http.StatusOK)
	s.stands(desk.KindEmail, ming, desk.StateClaimed, desk.RaisedStaff)
	if status, _ := s.Post("/api/desk/identities/nothing/state", map[string]any{"state": "claimed"}, "Authorization", token); status != http.StatusNotFound {
		t.Errorf("nothing: %d", status)
	}
}
