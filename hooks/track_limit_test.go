package hooks

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
)

// Every link that opens nothing gets the same answer, to reading and to writing.
func TestDeadLinksLookAlike(t *testing.T) {
	s := newTrackShop(t, nil)
	s.Settings(map[string]any{"service_email": "help@shop.example"})
	admin, _ := s.Agent("admin", "")
	kill := map[string]func(*desk.Case){
		"revoked": func(c *desk.Case) {
			if status, a := s.Post("/api/desk/cases/"+c.Id+"/link", map[string]any{"do": "revoke"}, "Authorization", admin); status != 200 || a["tracking"] != false {
				t.Errorf("revoke: %d %v", status, a)
			}
		},
		"renewed": func(c *desk.Case) {
			status, a := s.Post("/api/desk/cases/"+c.Id+"/link", map[string]any{"do": "renew"}, "Authorization", admin)
			if status != 200 || a["tracking"] != true || strings.Contains(fmt.Sprint(a), s.now().TrackToken()) {
				t.Errorf("renew: %d %v", status, a)
			}
		},
		"erased": func(c *desk.Case) {
			if _, err := privacy.Erase(s.App, "erased@example.com"); err != nil {
				t.Error(err)
			}
		},
		"expired": func(*desk.Case) { s.Clock.Advance(366 * 24 * time.Hour) }, // the last: all the others are too old then
		"unknown": func(*desk.Case) {},
	}
	paths := map[string]string{}
	for _, name := range []string{"revoked", "renewed", "erased", "expired"} {
		c := s.CaseOf(s.Submit(map[string]any{"email": name + "@example.com"})["id"].(string))
		paths[name] = "/support/t/" + c.TrackToken()
		if a := s.Do(http.MethodGet, paths[name], nil); a.Status != 200 {
			t.Fatalf("%s: %d", name, a.Status)
		}
		kill[name](c)
	}
	paths["unknown"] = "/support/t/" + strings.Repeat("k", len(s.now().TrackToken()))
	want := s.Do(http.MethodGet, "/support/t/x", nil, "Accept-Language", "ja")
	text := string(want.Body)
	if want.Status != 404 || !strings.Contains(text, "help@shop.example") || !strings.Contains(text, `href="/support/"`) || !strings.Contains(text, "このリンクはご利用いただけません") {
		t.Errorf("%d %s", want.Status, text)
	}
	for name, path := range paths {
		for what, a := range map[string]reply{
			"read": s.Do(http.MethodGet, path, nil, "Accept-Language", "ja"),
			"file": s.Do(http.MethodGet, path+"/files/aaaaaaaaaaaaaaa/x.png", nil, "Accept-Language", "ja"),
			"post": s.Do(http.MethodPost, path, strings.NewReader("do=solve"), "Accept-Language", "ja", "Content-Type", "application/x-www-form-urlencoded"),
		} {
			a.Header.Del("Date")
			want.Header.Del("Date")
			if a.Status != want.Status || !bytes.Equal(a.Body, want.Body) || fmt.Sprint(a.Header) != fmt.Sprint(want.Header) {
				t.Errorf("%s %s: %d %v\nwant %v", what, name, a.Status, a.Header, want.Header)
			}
		}
	}
}

func TestTrackingPageLimits(t *testing.T) {
	s := newTrackShop(t, map[string]any{"locale": "en"})
	var a reply
	for i := range postsLink + 1 {
		if a = s.press("reply", map[string]any{"message": fmt.Sprint("kept-words ", i)}); i < postsLink && a.Status != http.StatusSeeOther {
			t.Fatalf("post %d: %d", i, a.Status)
		}
	}
	if a.Status != 429 || a.Header.Get("Retry-After") == "" || !strings.Contains(string(a.Body), "kept-words 10") || len(s.said()) != postsLink {
		t.Errorf("%d, %d kept: %s", a.Status, len(s.said()), a.Body)
	}
	if a := s.press("solve", nil); a.Status != 429 || s.now().Done() {
		t.Errorf("solve: %d", a.Status)
	}
	for range postsWall * postsLink {
		a = s.Do(http.MethodPost, s.path, strings.NewReader("do=solve"), "Content-Type", "application/x-www-form-urlencoded")
	}
	if a.Status != 429 || strings.Contains(string(a.Body), "<textarea") {
		t.Errorf("behind the wall: %d", a.Status)
	}
	// a case takes so much a day, whoever writes from wherever
	for len(s.said()) < 50 {
		s.Clock.Advance(11 * time.Minute)
		for range min(postsLink, 50-len(s.said())) {
			if a := s.press("reply", map[string]any{"message": fmt.Sprint("word ", len(s.said()))}); a.Status != http.StatusSeeOther {
				t.Fatalf("%d after %d", a.Status, len(s.said()))
			}
		}
	}
	s.Clock.Advance(11 * time.Minute)
	if a := s.press("reply", map[string]any{"message": "kept-words"}); a.Status != 429 || !strings.Contains(string(a.Body), "tomorrow") || !strings.Contains(string(a.Body), "kept-words") {
		t.Errorf("the 51st of a day: %d", a.Status)
	}
}

// One address reads so many pages a minute, behind whatever proxy.
func TestTrackingPageReadLimit(t *testing.T) {
	s := newTrackShop(t, nil, withApp(func(app core.App) { app.Settings().TrustedProxy.Headers = []string{"X-Forwarded-For"} }))
	from := []string{"X-Forwarded-For", "203.0.113.9"}
	for i := range peeksMinute {
		if a := s.Do(http.MethodGet, "/support/t/"+strings.Repeat("q", 26), nil, from...); a.Status != 404 {
			t.Fatalf("guess %d: %d", i, a.Status)
		}
	}
	for _, path := range []string{s.path, "/support/t/x", s.path + "/files/aaaaaaaaaaaaaaa/x"} {
		if a := s.Do(http.MethodGet, path, nil, from...); a.Status != 429 || a.Header.Get("Retry-After") != "60" || a.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %d %v", path, a.Status, a.Header)
		}
	}
	if a := s.Do(http.MethodGet, s.path, nil, "X-Forwarded-For", "203.0.113.10"); a.Status != 200 {
		t.Errorf("another address: %d", a.Status)
	}
}

// The address of the page is a secret that the log must not keep, whatever went wrong.
func TestLogKeepsNoTrackingLink(t *testing.T) {
	s := newTrackShop(t, nil, withApp(func(app core.App) { app.Settings().Logs.MaxDays = 1 }))
	token := strings.TrimPrefix(s.path, "/support/t/")
	s.press("reply", map[string]any{"message": "hello"}, upload{Name: "a.png", Body: png()})
	s.press("reply", map[string]any{"message": ""})
	s.Do(http.MethodGet, s.path+"/files/aaaaaaaaaaaaaaa/x.png", nil)
	s.Do(http.MethodPost, s.path, strings.NewReader("%%%"), "Content-Type", "application/x-www-form-urlencoded")
	s.Do(http.MethodPost, s.path, strings.NewReader("--x\r\nbroken"), "Content-Type", "multipart/form-data; boundary=x")
	html := string(s.Do(http.MethodGet, s.path, nil).Body)
	for _, name := range s.stored() { // a file that storage lost
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	picture := regexp.MustCompile(`<img src="([^"]*)"`).FindStringSubmatch(html)
	if a := s.Do(http.MethodGet, picture[1], nil); a.Status != 404 || a.Header.Get("Content-Disposition") != "" {
		t.Errorf("a lost file: %d %v", a.Status, a.Header)
	}
	s.Get("/api/desk/cases") // refused, and so in the log: the last line
	if log := s.logUntil("/api/desk/cases"); strings.Contains(log, token) {
		t.Errorf("the log holds the link:\n%s", log)
	}
}
