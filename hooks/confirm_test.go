package hooks

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/logger"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
	"github.com/pocketdesk/pocketdesk/internal/memberref"
)

// newAskingShop is a shop whose guests must confirm their address first.
func newAskingShop(t *testing.T, options ...shopOption) *shop {
	logs := withApp(func(app core.App) { app.Settings().Logs.MaxDays = 1 })
	s := newShop(t, append(options, logs)...)
	s.Settings(map[string]any{
		"screening": map[string]any{"confirm_email": true}, "shop_name": map[string]string{"zh-TW": "山嵐選物", "en": "Mist"},
		"limits": map[string]any{"ip_hour": -1, "email_hour": -1, "ack_day": 3},
	})
	s.Add(desk.BlockRules, map[string]any{"kind": "keyword", "value": "held-word", "action": "quarantine"})
	s.Add(desk.BlockRules, map[string]any{"kind": "keyword", "value": "blocked-word", "action": "block"})
	desk.Forget(s.App, desk.BlockRules)
	return s
}

var confirmLink = regexp.MustCompile(`https://shop\.example(/support/c/\S+)`)

// link is the path in the n-th mail that was sent.
func (s *shop) link(n int) string {
	s.t.Helper()
	s.Drain()
	m := s.mail(n)
	found := confirmLink.FindStringSubmatch(m.Text)
	if found == nil {
		s.t.Fatalf("mail %d bears no link:\n%s", n, m.Text)
	}
	return found[1]
}

// press is the button on the page.
func (s *shop) press(path string, headers ...string) reply {
	s.t.Helper()
	return s.Do(http.MethodPost, path, strings.NewReader("locale=zh-TW"), append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)...)
}

// The whole story of a guest who must confirm his address, told once.
func TestConfirmFirst(t *testing.T) {
	s := newAskingShop(t)
	agent, _ := s.Agent("agent", "")

	// A guest writes. The answer says that a mail is on its way, and promises no time yet.
	sent := s.Submit(map[string]any{"email": "Ming@Example.com", "message": "請問茶杯缺角要怎麼換貨？謝謝您。"})
	if sent["confirm_email"] != true || sent["answer_by"] != "" || sent["receipt"] == "" {
		t.Fatalf("the answer: %v", sent)
	}
	id := sent["id"].(string)

	// No case is open. Staff see in quarantine what it waits for.
	if v := s.Verdict(id); len(s.Cases()) != 0 || !v.Waits() || !strings.Contains(v.GetString("signals"), `"unconfirmed"`) {
		t.Errorf("%d cases, verdict %s %s", len(s.Cases()), v.Outcome(), v.GetString("signals"))
	}
	if _, list := s.Get("/api/desk/quarantine", "Authorization", agent); len(list["items"].([]any)) != 1 {
		t.Errorf("quarantine: %v", list)
	}

	// One automatic mail goes to the address, in his language, without his words.
	path := s.link(0)
	asked := s.mail(0)
	if asked.envelope != "" || header(asked.View, "Auto-Submitted") != "auto-replied" || strings.Contains(asked.Text, "缺角") ||
		!strings.Contains(asked.Subject, "確認") || !strings.Contains(asked.Text, sent["receipt"].(string)) {
		t.Errorf("%q from %q:\n%s", asked.Subject, asked.envelope, asked.Text)
	}

	// To look at the page changes nothing, however often a scanner does.
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
		page := s.Do(method, path, nil)
		if page.Status != http.StatusOK || (method == http.MethodGet && !strings.Contains(string(page.Body), "確認並送出")) {
			t.Errorf("%s: %d %s", method, page.Status, page.Body)
		}
		if h := page.Header; h.Get("Referrer-Policy") != "no-referrer" || h.Get("X-Robots-Tag") != "noindex" || h.Get("Cache-Control") != "no-store" {
			t.Errorf("headers of a secret address: %v", h)
		}
	}
	if len(s.Cases()) != 0 || !s.Verdict(id).Waits() {
		t.Fatal("a look opened the case")
	}

	// The button opens it: the acknowledgement leaves, the address is proven.
	done := string(s.press(path).Body)
	if !strings.Contains(done, "確認完成") || !strings.Contains(done, sent["receipt"].(string)) || !strings.Contains(done, "<time") {
		t.Errorf("after the button:\n%s", done)
	}
	c := s.CaseOf(id)
	if c == nil || s.Verdict(id).Outcome() != desk.Accepted {
		t.Fatal("no case was opened")
	}
	for _, r := range s.Rows(desk.Identities) {
		if r.GetString("value") != "ming@example.com" || r.GetString("state") != desk.StateVerified {
			t.Errorf("identity %s is %s", r.GetString("value"), r.GetString("state"))
		}
	}
	s.Drain()
	if ack := s.mail(1); !strings.Contains(ack.Text, "/support/t/") {
		t.Errorf("the acknowledgement:\n%s", ack.Text)
	}

	// A second press, and a second look, are told kindly that all is well.
	for _, page := range []reply{s.press(path), s.Do(http.MethodGet, path, nil)} {
		if page.Status != http.StatusOK || !strings.Contains(string(page.Body), "已經確認過了") || strings.Contains(string(page.Body), "<button") {
			t.Errorf("again: %d %s", page.Status, page.Body)
		}
	}
	if s.Drain(); len(s.Cases()) != 1 || len(s.SMTP.Mails()) != 2 {
		t.Errorf("%d cases, %d mails", len(s.Cases()), len(s.SMTP.Mails()))
	}
	s.noTrace(t, path)
}

// noTrace looks for a token in the log of requests and in what staff can read.
func (s *shop) noTrace(t *testing.T, path string) {
	t.Helper()
	token := path[strings.LastIndex(path, "/")+1:]
	last := core.GenerateDefaultRandomId()
	s.Get("/api/desk/forms/contact?" + last)
	if strings.Contains(s.logUntil(last), token) {
		t.Error("the log bears the token")
	}
	for _, role := range []string{"agent", "supervisor", "admin", "integration"} {
		auth, _ := s.Agent(role, "")
		for _, id := range desk.Collections() {
			a := s.Do(http.MethodGet, "/api/collections/"+desk.Name(s.App, id)+"/records?perPage=500", nil, "Authorization", auth)
			if strings.Contains(string(a.Body), token) {
				t.Errorf("%s reads the token in %s", role, id)
			}
		}
	}
}

// logUntil is the log as text once it holds what. Lines reach it in the
// background, some time after the answer.
func (s *shop) logUntil(what string) string {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		if err := s.App.Logger().Handler().(*logger.BatchHandler).WriteAll(ctx); err != nil {
			s.t.Fatal(err)
		}
		var logs []*core.Log
		if err := s.App.LogQuery().All(&logs); err != nil {
			s.t.Fatal(err)
		}
		seen := ""
		for _, l := range logs {
			seen += l.Message + l.Data.String() + "\n"
		}
		if strings.Contains(seen, what) {
			return seen
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			s.t.Fatalf("%s is not among %d lines of log", what, len(logs))
		}
	}
}

// A visitor learns nothing of what screening made of his message.
func TestConfirmAnswersAreTheSame(t *testing.T) {
	s := newAskingShop(t)
	s.Add(desk.BlockRules, map[string]any{"kind": "keyword", "value": "welcome-word", "action": "allow"})
	desk.Forget(s.App, desk.BlockRules)
	pages := map[string]string{}
	for _, text := range []string{"請問我的訂單什麼時候會寄出？", "請問 held-word 什麼時候會寄出？", "請問 blocked-word 什麼時候會寄出？",
		"請問 welcome-word 什麼時候會寄出？"} { // the last is let in at once, and must not learn that there is such a rule
		answer := s.Submit(map[string]any{"message": text, "email": "rest@example.com"})
		if answer["confirm_email"] != true || answer["answer_by"] != "" {
			t.Errorf("%s: %v", text, answer)
		}
		token, _ := s.Form()
		page := s.Multipart("/support/f/contact", map[string]any{"form_token": token, "name": "王小明", "email": "form@example.com",
			"message": text, "consent": "true", "locale": "zh-TW"}, nil)
		body := regexp.MustCompile(`[A-Z0-9]{4}-[A-Z0-9]{4}`).ReplaceAllString(string(page.Body), "")
		if page.Status != http.StatusOK || !strings.Contains(body, "請留意您的信箱") || strings.Contains(body, "<time") {
			t.Errorf("%s: %d %s", text, page.Status, body)
		}
		pages[body] = text
	}
	if len(pages) != 1 {
		t.Errorf("%d different pages: %v", len(pages), slices.Collect(maps.Values(pages)))
	}
	s.Drain()
	for _, m := range s.SMTP.Mails() {
		if !slices.Contains([]string{"rest@example.com", "form@example.com"}, m.To[0]) {
			t.Errorf("mail to %v", m.To)
		}
	}
	asked := 0
	for i := range s.SMTP.Mails() {
		if strings.Contains(s.mail(i).Text, "/support/c/") {
			asked++
		}
	}
	if asked != 2 || len(s.Cases()) != 2 {
		t.Errorf("%d mails that ask, %d cases; for two good messages, four bad ones and two that a rule lets in", asked, len(s.Cases()))
	}
	// who gives no address is not told of a mail
	byPhone := s.Submit(map[string]any{"email": "", "phone": "0912345678"})
	if byPhone["confirm_email"] != nil || byPhone["answer_by"] == "" || s.CaseOf(byPhone["id"].(string)) == nil {
		t.Errorf("by phone: %v", byPhone)
	}
}

// For whom the shop's site vouches is let in at once, and told so.
func TestConfirmNotAskedOfMembers(t *testing.T) {
	s := newAskingShop(t, withConfig(Config{MemberSecret: memberSecret}))
	ref := memberref.Sign([]byte(memberSecret), "m-1", s.Clock.Now().Add(time.Hour))
	a := s.Submit(map[string]any{"member_ref": ref})
	if a["confirm_email"] != nil || a["answer_by"] == "" || s.CaseOf(a["id"].(string)) == nil {
		t.Errorf("a member: %v", a)
	}
}

// Links that are too old, made up, or lead to what was removed, all show the same page.
func TestConfirmLinksThatAreGone(t *testing.T) {
	s := newAskingShop(t)
	s.Submit(map[string]any{"email": "one@example.com"})
	second := s.Submit(map[string]any{"email": "two@example.com"})
	s.Drain()
	one, two := s.link(0), s.link(1)
	if strings.Contains(one, second["id"].(string)) {
		one, two = two, one
	}
	const base = "/support/c/"
	token := strings.TrimPrefix(one, base)
	gone := map[string]bool{}
	check := func(name, path string) {
		t.Helper()
		for _, a := range []reply{s.Do(http.MethodGet, path, nil, "Accept-Language", "en"), s.press(path)} {
			if a.Status != http.StatusNotFound || a.Header.Get("Referrer-Policy") != "no-referrer" {
				t.Errorf("%s: %d %v", name, a.Status, a.Header)
			}
			gone[string(a.Body)] = true
		}
	}
	for name, path := range map[string]string{
		"short": base + "x", "cut off": one[:len(one)-1], "longer": one + "A", "another's": base + second["id"].(string) + token[15:],
		"the id alone": base + token[:15], "a form's token": base + token[:15] + s.formToken(), "no text": base + "%ff%00", "huge": base + strings.Repeat("a", 3000),
	} {
		check(name, path)
	}
	s.Clock.Advance(7*24*time.Hour + time.Minute)
	check("too old", one)
	if len(s.Cases()) != 0 {
		t.Fatal("a link that is gone opened a case")
	}

	// Retention removes what nobody confirmed, with its mail.
	s.Clock.Advance(24 * 24 * time.Hour)
	if err := privacy.Sweep(s.App); err != nil {
		t.Fatal(err)
	}
	if n := len(s.Rows(desk.Feedbacks)) + len(s.Rows(desk.Outbox)); n != 0 {
		t.Errorf("%d records are left", n)
	}
	fresh := base + desk.NewConfirmation(s.App, second["id"].(string))
	check("removed", fresh)
	if len(gone) != 2 { // one in English, one in Chinese
		t.Errorf("%d different pages", len(gone))
	}
}

func (s *shop) formToken() string { token, _ := s.Form(); return token }

// What staff decide first holds; the link then says that all is well.
func TestConfirmAfterStaff(t *testing.T) {
	s := newAskingShop(t)
	agent, _ := s.Agent("agent", "")
	first, second := s.Submit(nil)["id"].(string), s.Submit(map[string]any{"email": "two@example.com"})["id"].(string)
	paths := []string{"/support/c/" + desk.NewConfirmation(s.App, first), "/support/c/" + desk.NewConfirmation(s.App, second)}
	if status, answer := s.Post("/api/desk/feedback/"+first+"/release", nil, "Authorization", agent); status != http.StatusOK {
		t.Fatalf("release: %d %v", status, answer)
	}
	if status, answer := s.Post("/api/desk/feedback/"+second+"/confirm", nil, "Authorization", agent); status != http.StatusOK {
		t.Fatalf("confirm: %d %v", status, answer)
	}
	for _, path := range paths {
		for _, a := range []reply{s.Do(http.MethodGet, path, nil), s.press(path)} {
			if a.Status != http.StatusOK || !strings.Contains(string(a.Body), "已經確認過了") {
				t.Errorf("%d %s", a.Status, a.Body)
			}
		}
	}
	if len(s.Cases()) != 1 || s.Verdict(second).Outcome() != desk.Blocked {
		t.Errorf("%d cases, junk is %s", len(s.Cases()), s.Verdict(second).Outcome())
	}
}

func TestConfirmCaps(t *testing.T) {
	s := newAskingShop(t, withProxy())
	for range 5 {
		if a := s.Submit(map[string]any{"email": "victim@example.com"}); a["confirm_email"] != true {
			t.Errorf("the answer tells of the cap: %v", a)
		}
	}
	s.Drain()
	if n := len(s.SMTP.Mails()); n != 3 {
		t.Errorf("%d mails to one address in a day", n)
	}

	path := s.link(0)
	for i := range peeksMinute + 1 {
		want := http.StatusOK
		if i == peeksMinute {
			want = http.StatusTooManyRequests
		}
		if a := s.Do(http.MethodGet, path, nil, "X-Real-IP", "203.0.113.7"); a.Status != want {
			t.Fatalf("visit %d: %d, want %d", i+1, a.Status, want)
		}
	}
	if a := s.press(path, "X-Real-IP", "203.0.113.7"); a.Status != http.StatusTooManyRequests || len(s.Cases()) != 0 {
		t.Errorf("the button past the limit: %d", a.Status)
	}
	if a := s.press(path, "X-Real-IP", "203.0.113.8"); a.Status != http.StatusOK || len(s.Cases()) != 1 {
		t.Errorf("another address: %d", a.Status)
	}
	s.noTrace(t, path)
}

// Without a mail server nobody could be asked, so the rule rests.
func TestConfirmRestsWithoutMail(t *testing.T) {
	s := newAskingShop(t, withoutSMTP())
	a := s.Submit(nil)
	if a["confirm_email"] != nil || s.CaseOf(a["id"].(string)) == nil {
		t.Errorf("%v", a)
	}
	if page := s.page("/support/"); strings.Contains(page, `id="confirm"`) {
		t.Error("the page brings along what it can't say")
	}
}

// Two presses at the same moment open one case.
func TestConfirmAtTheSameMoment(t *testing.T) {
	s := newAskingShop(t)
	s.Submit(nil)
	path := s.link(0)
	errs := make(chan error, 8)
	for range cap(errs) {
		go func() {
			a, err := s.try(http.MethodPost, path, strings.NewReader("locale=zh-TW"), "Content-Type", "application/x-www-form-urlencoded")
			if err == nil && a.Status != http.StatusOK {
				err = fmt.Errorf("status %d", a.Status)
			}
			errs <- err
		}()
	}
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if len(s.Cases()) != 1 {
		t.Errorf("%d cases", len(s.Cases()))
	}
}
