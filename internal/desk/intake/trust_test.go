package intake_test

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/captcha/captchatest"
	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
	"github.com/pocketdesk/pocketdesk/internal/memberref"
)

const memberSecret = "a secret of shop and desk"

func TestMembers(t *testing.T) {
	app := desktest.New(t)
	ref := func(secret string, life time.Duration) string {
		return memberref.Sign([]byte(secret), "m-1", app.Clock.Now().Add(life))
	}
	for name, c := range map[string]struct {
		secret, ref string
		signal      string
		refused     bool
	}{
		"genuine":         {memberSecret, ref(memberSecret, time.Hour), "member", false},
		"none":            {memberSecret, "", "", true},
		"expired":         {memberSecret, ref(memberSecret, time.Second), "member_invalid", true},
		"of another shop": {memberSecret, ref("another secret of someone", time.Hour), "member_invalid", true},
		"no secret":       {"", ref(memberSecret, time.Hour), "", false}, // the rule rests: else nobody could write
	} {
		openDoor(app, intake.Config{MemberSecret: c.secret})
		start := app.Clock.Now()
		app.Choose(desktest.Values{"screening": map[string]any{"members_only": false}})
		s := signals(app, receive(t, app, desktest.Values{"member_ref": c.ref}, nil))
		for _, name := range []string{"member", "member_invalid"} {
			if s[name] != (c.signal == name) {
				t.Errorf("%s: signals %v", name, s)
			}
		}
		app.Choose(desktest.Values{"screening": map[string]any{"members_only": true}})
		for caller, r := range map[string]*intake.Request{"guest": {}, "staff": {Authenticated: true}, "host": nil} {
			_, err := app.Door.Receive(app, intake.Submission{Feedback: app.Feedback(desktest.Values{"member_ref": c.ref}), Request: r})
			var fields intake.FieldErrors
			refused := errors.As(err, &fields) && maps.Equal(fields, intake.FieldErrors{"member_ref": "members_only"})
			if refused != (c.refused && caller == "guest") || (err != nil && !refused) {
				t.Errorf("%s, %s: %v", name, caller, err)
			}
		}
		app.Clock.Set(start)
	}
}

// One member's reference passed on to many counts for nothing soon; another
// member's does.
func TestMemberFloods(t *testing.T) {
	app := desktest.New(t)
	openDoor(app, intake.Config{MemberSecret: memberSecret})
	sent := func(i int, member string) float64 {
		ref := memberref.Sign([]byte(memberSecret), member, app.Clock.Now().Add(time.Hour))
		r := receive(t, app, desktest.Values{"member_ref": ref, "email": fmt.Sprintf("m%d@example.com", i)}, nil)
		return weight(app, r, "member")
	}
	for i := range 7 {
		want := -6.0
		if i >= 5 { // a quarter of the 20 that one mail address may send
			want = 0
		}
		if got := sent(i, "m-1"); got != want {
			t.Errorf("message %d: %v, want %v", i+1, got, want)
		}
	}
	if got := sent(9, "m-2"); got != -6 {
		t.Errorf("another member: %v", got)
	}
	app.Clock.Advance(2 * time.Hour)
	if got := sent(10, "m-1"); got != -6 {
		t.Errorf("two hours later: %v", got)
	}
}

func TestCaptcha(t *testing.T) {
	app := desktest.New(t)
	srv := captchatest.NewServer(t, captchatest.Config{Provider: "turnstile"})
	openDoor(app, intake.Config{Captcha: intake.CaptchaKeys{Secret: srv.Secret, VerifyURL: srv.URL}})
	choose := func(provider string) {
		app.Choose(desktest.Values{"captcha": map[string]any{"provider": provider, "site_key": "site"}})
	}
	state := func() string {
		s, err := desk.LoadSettings(app)
		if err != nil {
			t.Fatal(err)
		}
		return app.Door.CaptchaState(app, s)
	}
	if state() != intake.CaptchaOff {
		t.Errorf("at first: %s", state())
	}
	choose("turnstile")
	for name, c := range map[string]struct {
		token string
		pow   bool
		want  []string
	}{
		"solved":              {srv.Token(captchatest.Valid), false, []string{"captcha_valid"}},
		"solved, and the sum": {srv.Token(captchatest.Valid), true, []string{"captcha_valid"}},
		"not solved":          {"", false, []string{"captcha_missing"}},
		"wrong":               {"made-up", false, []string{"captcha_invalid"}},
		"wrong, but the sum":  {"made-up", true, []string{"captcha_invalid"}},
		"none, but the sum":   {"", true, []string{"captcha_missing"}},
		"used before":         {srv.Token(captchatest.Duplicate), false, []string{"captcha_duplicate"}},
		"down":                {srv.Token(captchatest.Error500), false, []string{"captcha_down"}},
		"down, and the sum":   {srv.Token(captchatest.Error500), true, []string{"captcha_down", "pow_valid"}},
	} {
		s := signals(app, receive(t, app, nil, func(r *intake.Request) {
			r.Captcha = c.token
			if !c.pow {
				r.Pow = nil
			}
		}))
		got := map[string]bool{}
		for n := range s {
			if len(n) > 3 && (n[:3] == "cap" || n[:3] == "pow") {
				got[n] = true
			}
		}
		want := map[string]bool{}
		for _, n := range c.want {
			want[n] = true
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	receive(t, app, nil, func(r *intake.Request) { r.Captcha = srv.Token(captchatest.Garbage) })
	if state() != intake.CaptchaDown {
		t.Errorf("after garbage: %s", state())
	}

	// In a transaction nobody can be asked, which says nothing of the provider.
	receive(t, app, nil, func(r *intake.Request) { r.Captcha = srv.Token(captchatest.Valid) })
	for _, token := range []string{"", srv.Token(captchatest.Valid)} {
		asked := len(srv.Requests())
		err := app.RunInTransaction(func(tx core.App) error {
			r := visit(t, app)
			r.Captcha = token
			_, err := app.Door.Receive(tx, intake.Submission{Feedback: app.Feedback(desktest.Values{"email": "batch@example.com"}), Request: r})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		all := app.All(desk.Verdicts, nil)
		if got := all[len(all)-1].GetString("signals"); !strings.Contains(got, `"captcha_missing"`) || strings.Contains(got, `"pow_valid"`) || state() != intake.CaptchaOn || len(srv.Requests()) != asked {
			t.Errorf("in a transaction, token %q: %s, %s", token, got, state())
		}
	}

	// Nobody is asked about staff. About bots and what a rule decides they are: a
	// sooner answer would tell who sent it.
	app.Make(desk.BlockRules, desktest.Values{"kind": "email", "value": "bad@example.com", "action": "block"})
	asked := len(srv.Requests())
	receive(t, app, nil, func(r *intake.Request) { r.Captcha, r.Authenticated = "token", true })
	if n := len(srv.Requests()); n != asked {
		t.Errorf("%d questions about staff", n-asked)
	}
	receive(t, app, desktest.Values{"email": "bad@example.com"}, func(r *intake.Request) { r.Captcha = "token" })
	receive(t, app, nil, func(r *intake.Request) { r.Captcha, r.Honeypot = "token", "x" })
	if n := len(srv.Requests()); n != asked+2 {
		t.Errorf("%d questions about a blocked sender and a bot, want 2", n-asked)
	}

	// a choice that can't work leaves the proof of work
	choose("no-such-provider")
	if s := signals(app, receive(t, app, nil, nil)); !s["pow_valid"] || s["captcha_missing"] || state() != intake.CaptchaFaulty {
		t.Errorf("a faulty choice: %v, %s", s, state())
	}
	openDoor(app, intake.Config{})
	choose("turnstile")
	if s := signals(app, receive(t, app, nil, nil)); !s["pow_valid"] || s["captcha_missing"] || state() != intake.CaptchaNoSecret {
		t.Errorf("without a secret: %v, %s", s, state())
	}
}

// Whoever must confirm his address first waits; the one who is told of it works
// inside the same transaction.
func TestUnconfirmed(t *testing.T) {
	app := desktest.New(t)
	openDoor(app, intake.Config{MemberSecret: memberSecret})
	app.Choose(desktest.Values{"screening": map[string]any{"confirm_email": true}})
	if r := receive(t, app, nil, nil); r.Outcome != desk.Accepted {
		t.Fatalf("nobody to tell: %s", r.Outcome)
	}
	var told []string
	app.Door.Unconfirmed = func(core.App, *desk.Feedback) error { return nil }
	if r := receive(t, app, nil, nil); r.Outcome != desk.Accepted {
		t.Fatalf("no mail server: %s", r.Outcome)
	}
	app.UseSMTP(mailtest.NewServer(t, mailtest.Script{}))
	app.Door.Unconfirmed = func(tx core.App, f *desk.Feedback) error {
		if !tx.IsTransactional() {
			t.Error("told outside the transaction")
		}
		if _, err := desk.FindVerdictOf(tx, f.Id); err != nil {
			t.Errorf("told before the verdict: %v", err)
		}
		told = append(told, f.Id)
		return nil
	}
	app.Make(desk.BlockRules, desktest.Values{"kind": "email", "value": "friend@example.com", "action": "allow"})
	ref := memberref.Sign([]byte(memberSecret), "m-1", app.Clock.Now().Add(time.Hour))
	for name, c := range map[string]struct {
		v       desktest.Values
		request bool
		staff   bool
		want    bool
	}{
		"guest":           {nil, true, false, true},
		"guest by phone":  {desktest.Values{"email": "", "phone": "+886912345678"}, true, false, false},
		"member":          {desktest.Values{"member_ref": ref}, true, false, false},
		"friend by rule":  {desktest.Values{"email": "friend@example.com"}, true, false, false},
		"staff":           {nil, true, true, false},
		"the host's save": {nil, false, false, false},
	} {
		told = nil
		var r *intake.Receipt
		if c.request {
			r = receive(t, app, c.v, func(r *intake.Request) { r.Authenticated = c.staff })
		} else {
			r = app.Submit(c.v)
		}
		held := r.Outcome == desk.Quarantined && len(told) == 1 && told[0] == r.Feedback.Id && signals(app, r)["unconfirmed"]
		if held != c.want || (len(told) > 0) != c.want {
			t.Errorf("%s: %s, told %v, %v", name, r.Outcome, told, signals(app, r))
		}
	}
	app.Door.Unconfirmed = func(core.App, *desk.Feedback) error { return errors.New("no room") }
	before := len(app.All(desk.Feedbacks, nil))
	if _, err := app.Door.Receive(app, intake.Submission{Feedback: app.Feedback(nil), Request: visit(t, app)}); err == nil || len(app.All(desk.Feedbacks, nil)) != before {
		t.Errorf("a message was stored although nobody can be asked to confirm it: %v", err)
	}
}
