package hooks

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// trackShop is a shop with one case, and its visitor with the link at hand.
type trackShop struct {
	*shop
	id   string // of the case
	path string
}

func newTrackShop(t *testing.T, fields map[string]any, options ...shopOption) *trackShop {
	t.Helper()
	s := &trackShop{shop: newShop(t, options...)}
	c := s.CaseOf(s.Submit(fields)["id"].(string))
	s.id = c.Id
	s.path = "/support/t/" + c.TrackToken()
	return s
}

func (s *trackShop) now() *desk.Case {
	s.t.Helper()
	c, err := desk.FindCase(s.App, s.id)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

var hiddenInput = regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)">`)

// fields are what the page's form brings along; do is reply, solve or confirm.
func (s *trackShop) fields(do string) map[string]any {
	s.t.Helper()
	a := s.Do(http.MethodGet, s.path, nil)
	if a.Status != http.StatusOK {
		s.t.Fatalf("the page: %d %s", a.Status, a.Body)
	}
	for _, form := range strings.Split(string(a.Body), "<form")[1:] {
		out := map[string]any{}
		for _, m := range hiddenInput.FindAllStringSubmatch(form, -1) {
			out[m[1]] = m[2]
		}
		if out["do"] == do {
			return out
		}
	}
	s.t.Fatalf("no form %s on the page: %s", do, a.Body)
	return nil
}

// press posts a form of the page as a browser without JavaScript does.
func (s *trackShop) press(do string, change map[string]any, files ...upload) reply {
	s.t.Helper()
	fields := s.fields(do)
	for name, v := range change {
		fields[name] = v
	}
	if do == "reply" {
		return s.Multipart(s.path, fields, files)
	}
	form := url.Values{}
	for name, v := range fields {
		form.Set(name, v.(string))
	}
	return s.Do(http.MethodPost, s.path, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
}

func (s *trackShop) said() (bodies []string) {
	s.t.Helper()
	for _, r := range s.Rows(desk.Messages) {
		if m := desk.AsMessage(r); m.Case() == s.id && m.Channel() == desk.ChannelPage {
			bodies = append(bodies, m.Body())
		}
	}
	return bodies
}

// The visitor's whole way on his page: read, answer with a photo, say that it
// is solved, come back.
func TestVisitorWritesOnHisPage(t *testing.T) {
	s := newTrackShop(t, nil)
	s.Drain()
	agent, _ := s.Agent("agent", "")
	if status, a := s.Patch("/api/collections/cases/records/"+s.id, map[string]any{"subject": "words for staff"}, "Authorization", agent); status != http.StatusOK {
		t.Fatalf("%d %v", status, a)
	}
	if status, a := s.Post("/api/collections/messages/records", map[string]any{"case": s.id, "direction": "out", "channel": "email", "status": "resolved",
		"body": "請看 https://shop.example/track?no=1，謝謝。"}, "Authorization", agent); status != http.StatusOK {
		t.Fatalf("%d %v", status, a)
	}
	a := s.press("reply", map[string]any{"message": "還是沒收到\r\n<b>請再查</b>"}, upload{Name: "收據.png", Body: png()})
	where := a.Header.Get("Location")
	if a.Status != http.StatusSeeOther || where != s.path+"?ok=sent#notice" || a.Header.Get("Referrer-Policy") != "no-referrer" || a.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("%d %v %s", a.Status, a.Header, a.Body)
	}
	if c := s.now(); c.Status() != desk.Open || c.GetInt("reopened") != 1 {
		t.Errorf("the case is %s", c.Status())
	}
	html := string(s.Do(http.MethodGet, strings.TrimSuffix(where, "#notice"), nil).Body)
	for _, want := range []string{`role="status"`, "訊息已送出", "還是沒收到\n&lt;b&gt;請再查&lt;/b&gt;", "收據.png", `<img src="/support/t/`,
		`<a href="https://shop.example/track?no=1" rel="noopener noreferrer nofollow">https://shop.example/track?no=1</a>，謝謝。`, "處理中", `lang="zh-TW"`} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, inside := range []string{"words for staff", "Agent agent", desk.TrackingLink} {
		if strings.Contains(html, inside) {
			t.Errorf("the page tells %s", inside)
		}
	}
	picture := regexp.MustCompile(`<img src="([^"]*)"`).FindStringSubmatch(html)
	if f := s.Do(http.MethodGet, picture[1], nil); f.Header.Get("Content-Type") != "image/png" || !bytes.Equal(f.Body, png()) || !strings.Contains(f.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("the photo: %v", f.Header)
	}
	if a := s.press("solve", nil); a.Status != http.StatusSeeOther || s.now().Status() != desk.Resolved {
		t.Errorf("solved: %d, %s", a.Status, s.now().Status())
	}
	html = string(s.Do(http.MethodGet, s.path+"?ok=solved", nil).Body)
	if strings.Contains(html, `value="solve"`) || !strings.Contains(html, "已標示為解決") || !strings.Contains(html, "已解決") {
		t.Errorf("after that: %s", html)
	}
	if a := s.press("reply", map[string]any{"message": "又壞了"}); a.Status != http.StatusSeeOther || s.now().Status() != desk.Open {
		t.Errorf("written again: %d, %s", a.Status, s.now().Status())
	}
	if html := string(s.Do(http.MethodGet, s.path+"?ok=%3Cscript%3E", nil).Body); strings.Contains(html, `id="notice"`) || strings.Contains(html, "script>") {
		t.Error("the address writes on the page")
	}
}

func TestVisitorConfirmsHisAddress(t *testing.T) {
	s := newTrackShop(t, map[string]any{"email": "ming@example.com"}, withoutSMTP())
	if strings.Contains(string(s.Do(http.MethodGet, s.path, nil).Body), `value="confirm"`) {
		t.Error("asked before any mail left")
	}
	s.UseSMTP()
	s.Drain()
	html := string(s.Do(http.MethodGet, s.path, nil).Body)
	if !strings.Contains(html, "m•••@example.com") || strings.Contains(html, "ming@example.com") {
		t.Errorf("the address is shown whole, or not at all: %s", html)
	}
	state := func() string { return s.Rows(desk.Identities)[0].GetString("state") }
	if state() == desk.StateVerified {
		t.Error("a GET confirmed the address")
	}
	if a := s.press("confirm", nil); a.Status != http.StatusSeeOther || state() != desk.StateVerified {
		t.Errorf("%d, %s", a.Status, state())
	}
	if strings.Contains(string(s.Do(http.MethodGet, s.path, nil).Body), `value="confirm"`) {
		t.Error("asked again")
	}
}

// What can't be taken is told in words, and the visitor's words stay.
func TestTrackingPageRefuses(t *testing.T) {
	s := newTrackShop(t, map[string]any{"locale": "en"})
	large := make([]byte, 11<<20)
	copy(large, png())
	for name, tt := range map[string]struct {
		change map[string]any
		files  []upload
		status int
		want   string
	}{
		"nothing":       {map[string]any{"message": " "}, nil, 422, "Please write your message"},
		"too long":      {map[string]any{"message": "kept-words " + strings.Repeat("長", 20_000)}, nil, 422, "too long"},
		"too large":     {nil, []upload{{Name: "a.png", Body: large}}, 422, "up to 10 MB"},
		"all too large": {nil, []upload{{Name: "a.png", Body: large}, {Name: "b.png", Body: large}, {Name: "c.png", Body: large}, {Name: "d.png", Body: large}}, 422, "up to"},
		"four files":    {nil, []upload{{Name: "a.png", Body: png()}, {Name: "b.png", Body: png()}, {Name: "c.png", Body: png()}, {Name: "d.png", Body: png()}}, 422, "up to 3 files"},
		"a program":     {nil, []upload{{Name: "a.png", Body: []byte("MZ\x90\x00")}}, 422, "type of file"},
		"an empty file": {nil, []upload{{Name: "a.png"}}, 422, "Please check it"},
		"no token":      {map[string]any{"form_token": ""}, nil, 422, "open for a long time"},
		"forged token":  {map[string]any{"form_token": strings.Repeat("A", 70)}, nil, 422, "open for a long time"},
	} {
		t.Run(name, func(t *testing.T) {
			s.Clock.Advance(11 * time.Minute) // the limit of posts is another test's
			change := map[string]any{"message": "kept-words"}
			for k, v := range tt.change {
				change[k] = v
			}
			said, stored := len(s.said()), len(s.stored())
			a := s.press("reply", change, tt.files...)
			if a.Status != tt.status || !strings.Contains(string(a.Body), tt.want) {
				t.Errorf("%d, want %d with %q", a.Status, tt.status, tt.want)
			}
			if name != "nothing" && !strings.Contains(string(a.Body), "kept-words") {
				t.Error("the visitor's words are gone")
			}
			if !strings.Contains(string(a.Body), `id="errors" role="group" aria-labelledby="errors-title" tabindex="-1" autofocus`) {
				t.Error("the summary of errors is not where a screen reader begins")
			}
			if len(s.said()) != said || len(s.stored()) != stored {
				t.Errorf("kept %d messages and %d files", len(s.said())-said, len(s.stored())-stored)
			}
		})
	}
	// a token is bound to its link: another case's is of no use
	other := s.CaseOf(s.Submit(map[string]any{"email": "other@example.com"})["id"].(string))
	mine := s.fields("reply")["form_token"]
	theirs := &trackShop{s.shop, other.Id, "/support/t/" + other.TrackToken()}
	if a := theirs.press("solve", map[string]any{"form_token": mine}); a.Status != 422 || theirs.now().Done() {
		t.Errorf("another link's token: %d", a.Status)
	}
	// a page that stayed open for a week is as good as new
	fields := s.fields("reply")
	s.Clock.Advance(7 * 24 * time.Hour)
	fields["message"] = "a week later"
	for range 2 { // and its button pressed twice
		if a := s.Multipart(s.path, fields, nil); a.Status != http.StatusSeeOther {
			t.Errorf("a week later: %d", a.Status)
		}
	}
	if got := s.said(); len(got) != 1 || got[0] != "a week later" {
		t.Errorf("kept %q", got)
	}
}

func TestSpamCaseTakesWordsQuietly(t *testing.T) {
	s := newTrackShop(t, nil)
	agent, _ := s.Agent("agent", "")
	if status, a := s.Post("/api/desk/cases/"+s.id+"/spam", nil, "Authorization", agent); status != 200 {
		t.Fatalf("%d %v", status, a)
	}
	a := s.press("reply", map[string]any{"message": "buy now"})
	if a.Status != http.StatusSeeOther || s.now().Status() != desk.Closed || len(s.said()) != 1 {
		t.Errorf("%d, %s, %v", a.Status, s.now().Status(), s.said())
	}
}

func TestTrackingPageLanguage(t *testing.T) {
	s := newTrackShop(t, map[string]any{"locale": "ja"})
	for query, want := range map[string]string{"": "ja", "?lang=en": "en", "?lang=zh-HK": "zh-TW", "?lang=%3Cx%3E": "ja"} {
		a := s.Do(http.MethodGet, s.path+query, nil, "Accept-Language", "en")
		if a.Header.Get("Content-Language") != want || !strings.Contains(string(a.Body), `<html lang="`+want+`">`) {
			t.Errorf("%q: %s", query, a.Header.Get("Content-Language"))
		}
	}
	if a := s.press("reply", map[string]any{"message": "こんにちは", "lang": "en"}); a.Header.Get("Location") != s.path+"?lang=en&ok=sent#notice" {
		t.Errorf("the chosen language is lost: %s", a.Header.Get("Location"))
	}
	if a := s.press("reply", map[string]any{"message": "", "lang": "//evil.example"}); a.Status != 422 || a.Header.Get("Content-Language") != "ja" {
		t.Errorf("%d %v", a.Status, a.Header)
	}
}

func TestLinkByRole(t *testing.T) {
	w := newWorld(t)
	for role, want := range map[string]int{"guest": 401, "agent": 200, "other": 404, "supervisor": 200, "admin": 200, "integration": 403} {
		for _, do := range []string{"look", "renew", "revoke"} {
			if status, a := w.Post("/api/desk/cases/"+w.caseID+"/link", map[string]any{"do": do}, w.auth(role)...); status != want {
				t.Errorf("%s %s: %d %v", role, do, status, a)
			}
		}
	}
	for _, body := range []any{map[string]any{"do": "destroy"}, map[string]any{}, map[string]any{"do": 1}} {
		if status, _ := w.Post("/api/desk/cases/"+w.caseID+"/link", body, w.auth("agent")...); status != 400 {
			t.Errorf("%v: %d", body, status)
		}
	}
	// the fields behind it are the system's
	for _, field := range []string{"track_since", "next_response_due"} {
		if status, _ := w.Patch("/api/collections/cases/records/"+w.caseID, map[string]any{field: "2030-01-01 00:00:00.000Z"}, w.auth("admin")...); status != 400 {
			t.Errorf("%s: %d", field, status)
		}
	}
}
