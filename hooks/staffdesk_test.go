package hooks

import (
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/ui"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/pb_dashboard"
)

func TestStaffDeskPage(t *testing.T) {
	s := newShop(t, withoutSMTP())
	a := s.Do(http.MethodGet, "/desk/", nil)
	page := string(a.Body)
	if a.Status != http.StatusOK || a.Header.Get("Content-Security-Policy") != deskRules || a.Header.Get("X-Content-Type-Options") != "nosniff" ||
		a.Header.Get("Referrer-Policy") != "no-referrer" || a.Header.Get("Permissions-Policy") == "" || a.Header.Get("Cache-Control") != "no-cache" {
		t.Fatalf("%d %v", a.Status, a.Header)
	}
	if regexp.MustCompile(`<script[^>]*>[^<]|<style|\son\w+=|\sstyle=`).MatchString(page) {
		t.Errorf("something inline: %s", page)
	}
	for _, m := range regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		path := "/desk/" + m[1]
		if up, ok := strings.CutPrefix(m[1], "../"); ok {
			path = "/" + up
		}
		if b := s.Do(http.MethodGet, path, nil); b.Status != http.StatusOK {
			t.Errorf("%s: %d", m[1], b.Status)
		}
	}
	for _, path := range []string{"/desk/", "/desk/fonts.css"} {
		first := s.Do(http.MethodGet, path, nil)
		if again := s.Do(http.MethodGet, path, nil, "If-None-Match", first.Header.Get("ETag")); again.Status != http.StatusNotModified || len(again.Body) > 0 {
			t.Errorf("%s asked for again: %d", path, again.Status)
		}
	}
	if b := s.Do(http.MethodGet, "/desk", nil); b.Status != http.StatusPermanentRedirect || b.Header.Get("Location") != "desk/" {
		t.Errorf("without the slash: %d %v", b.Status, b.Header)
	}
}

func TestStaffDeskPath(t *testing.T) {
	s := newShop(t, withoutSMTP(), withConfig(Config{DeskPath: "/in/side/"}))
	if a := s.Do(http.MethodGet, "/in/side/", nil); a.Status != http.StatusOK || !strings.Contains(string(a.Body), `src="../../_/libs/shablon/`) {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	if a := s.Do(http.MethodGet, "/desk/", nil); a.Status != http.StatusNotFound {
		t.Errorf("/desk/: %d", a.Status)
	}
	off := newShop(t, withoutSMTP(), withConfig(Config{DeskPath: "-"}))
	if a := off.Do(http.MethodGet, "/desk/", nil); a.Status != http.StatusNotFound {
		t.Errorf("switched off: %d", a.Status)
	}
	for _, bad := range []string{"/", "desk", "/api/desk", "/_/desk", "/support", "/a//b", "/../x", "/<x>"} {
		if err := checkConfig(Config{PublicPath: "/support", DeskPath: bad}); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	if err := checkConfig(Config{PublicPath: "/", DeskPath: "/desk"}); err != nil {
		t.Error(err)
	}
}

// Every icon that a module names has its sign in the dashboard's font.
func TestIconsHaveSigns(t *testing.T) {
	signs, faces := dashboardFonts(ui.DistDirFS, "/")
	if len(signs) < 1000 || len(faces) < 3 {
		t.Fatalf("%d signs, %d faces", len(signs), len(faces))
	}
	used := regexp.MustCompile(`\bicon\("([a-z0-9-]+)"|\bicon: "([a-z0-9-]+)"|\bempty\("([a-z0-9-]+)"|\bri-([a-z0-9]+(?:-[a-z0-9]+)+)\b`)
	sheet := string(fontCSS(ui.DistDirFS, pb_dashboard.Written(), "/"))
	n := 0
	err := fs.WalkDir(pb_dashboard.Written(), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".js") {
			return err
		}
		text, err := fs.ReadFile(pb_dashboard.Written(), path)
		for _, m := range used.FindAllStringSubmatch(string(text), -1) {
			name := strings.TrimPrefix(m[1]+m[2]+m[3]+m[4], "ri-")
			if n++; signs[name] == "" || !strings.Contains(sheet, ".ri-"+name+":before") {
				t.Errorf("%s: icon %q has no sign", path, name)
			}
		}
		return err
	})
	if err != nil || n < 100 {
		t.Errorf("%d icons were looked at: %v", n, err)
	}
}

func TestSignInIsBounded(t *testing.T) {
	s := newShop(t, withoutSMTP(), withApp(func(app core.App) { app.Settings().TrustedProxy.Headers = []string{"X-Forwarded-For"} }))
	_, agent := s.Agent("agent", "")
	nobody := s.Add(desk.Agents, map[string]any{"name": "Former", "email": "former@staff.example", "verified": true})
	try := func(ip, identity, password string) reply {
		body := `{"identity":"` + identity + `","password":"` + password + `"}`
		return s.Do(http.MethodPost, "/api/collections/agents/auth-with-password", strings.NewReader(body), "Content-Type", "application/json", "X-Forwarded-For", ip)
	}
	const home, elsewhere = "203.0.113.5", "203.0.113.6"
	if a := try(home, agent.Email(), staffPassword); a.Status != http.StatusOK {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	if a := try(home, nobody.Email(), staffPassword); a.Status != http.StatusForbidden {
		t.Errorf("without a role: %d %s", a.Status, a.Body)
	}
	// whether somebody exists shows nowhere on the way to the limit
	for i := range signInAsOne + 1 {
		for _, name := range []string{strings.ToUpper(agent.Email()[:1]) + agent.Email()[1:], "nobody@staff.example"} {
			want := http.StatusBadRequest
			if i == signInAsOne || i == signInAsOne-1 && name != "nobody@staff.example" { // one went in above
				want = http.StatusTooManyRequests
			}
			a := try(home, name, "wrong")
			if a.Status != want || want == http.StatusTooManyRequests && a.Header.Get("Retry-After") == "" {
				t.Errorf("attempt %d as %s: %d %s", i, name, a.Status, a.Body)
			}
		}
	}
	if a := try(home, agent.Email(), staffPassword); a.Status != http.StatusTooManyRequests {
		t.Errorf("the right password after too many: %d", a.Status)
	}
	if a := try(elsewhere, agent.Email(), staffPassword); a.Status != http.StatusOK {
		t.Errorf("from elsewhere: %d", a.Status)
	}
	s.Clock.Advance(signInRetryIn + time.Second)
	if a := try(home, agent.Email(), staffPassword); a.Status != http.StatusOK {
		t.Errorf("later: %d", a.Status)
	}
	blocked := 0
	for range signInAtAll + 5 {
		if a := try(elsewhere, desk.Agents+"@guess.example", "x"); a.Status == http.StatusTooManyRequests {
			blocked++
		}
	}
	if blocked < signInAtAll-signInAsOne {
		t.Errorf("%d were refused", blocked)
	}
}
