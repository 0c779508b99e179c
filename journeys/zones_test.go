package journeys

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// inZone has a browser stand elsewhere.
func inZone(t *testing.T, ctx context.Context, zone string) {
	t.Helper()
	do(t, ctx, func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, target, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: zone})
		return chromedp.Void{}, err
	})
}

// An owner who travels reads and types every time by his own clock; the shop's
// stands in the title. At the shop nothing more is said.
func TestTimesAreThePersonsOwn(t *testing.T) {
	byway(t)
	s, email, caseID, _ := teamShop(t)
	s.call(http.MethodPatch, "/api/collections/desk_settings/records/desk_settings00", map[string]any{"timezone": "Asia/Taipei"})
	due := time.Now().UTC().Add(72 * time.Hour).Truncate(24 * time.Hour).Add(10*time.Hour + 17*time.Minute)
	s.call(http.MethodPost, "/api/desk/cases/"+caseID+"/promise", map[string]any{"due_at": due.Format(time.RFC3339)})
	clock := func(zone string) string {
		l, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		return due.In(l).Format("15:04")
	}
	for _, zone := range []string{"Europe/Paris", "Asia/Taipei"} {
		own, shops := clock(zone), clock("Asia/Taipei")
		ctx := browser(t, "en", 1440, 900)
		inZone(t, ctx, zone)
		deskFor(t, ctx, s, "#/desk/c/"+caseID)
		do(t, ctx, typePassword(email, password)...)
		do(t, ctx,
			until(`document.querySelector(".pd-promise")?.innerText.includes("`+own+`")`),
			until(`document.querySelector('.pd-fact[data-fact="promise"]')?.innerText.includes("`+own+`")`),
		)
		seen := value[string](t, ctx, `document.body.innerText`)
		title := value[string](t, ctx, `document.querySelector(".pd-promise").title`)
		if own != shops && (strings.Contains(seen, shops) || !strings.Contains(title, "In the shop: ")) {
			t.Errorf("%s: two clocks on one screen, or the shop's is missing in %q", zone, title)
		}
		if own == shops && strings.Contains(title, "In the shop") {
			t.Errorf("at the shop: %q", title)
		}
		shot(t, ctx, "zone-"+strings.ReplaceAll(zone, "/", "-"))
		typed := due.AddDate(0, 0, 2).Format("2006-01-02") + "T09:05"
		do(t, ctx,
			chromedp.Click(`.pd-fact[data-fact="promise"] button`),
			chromedp.WaitVisible(".pd-remind input[type=datetime-local]"),
			until(`document.querySelector(".pd-remind input[type=datetime-local]").value.endsWith("`+own+`") && document.querySelector(".pd-remind .pd-field label").innerText.includes("GMT") == `+fmt.Sprint(own != shops)),
			chromedp.Evaluate[chromedp.Void](`document.querySelector(".pd-remind input[type=datetime-local]").value = "`+typed+`"`),
			chromedp.Click(".pd-remind .pd-btn-primary"),
			until(`document.querySelector(".pd-promise")?.innerText.includes("09:05")`),
		)
		l, _ := time.LoadLocation(zone)
		want, err := time.ParseInLocation("2006-01-02T15:04", typed, l)
		if err != nil {
			t.Fatal(err)
		}
		c := s.call(http.MethodGet, "/api/desk/cases/"+caseID, nil)["case"].(map[string]any)
		if got := c["promised_at"].(string); !strings.HasPrefix(got, want.UTC().Format("2006-01-02 15:04")) {
			t.Errorf("%s typed in %s was kept as %s", typed, zone, got)
		}
		s.call(http.MethodPost, "/api/desk/cases/"+caseID+"/promise", map[string]any{"due_at": due.Format(time.RFC3339)})
	}
}

// A mail in its own dress is shown as it is, and the rules of the page have nothing
// to stop: what they would stop was put aside before the browser reads it.
func TestDressedMailKeepsTheRules(t *testing.T) {
	byway(t)
	s, email, caseID, _ := teamShop(t)
	ctx := browser(t, "en", 1440, 900)
	deskFor(t, ctx, s, "#/desk/c/"+caseID)
	do(t, ctx, typePassword(email, password)...)
	do(t, ctx,
		chromedp.WaitVisible(".pd-msg"),
		until(`(import("/_/extensions/pocketdesk/desk/htmlview.js").then((m) => window.mod = m), true)`),
		until(`!!window.mod`),
		until(`(() => {
			const html = '<p style="color:rgb(1, 2, 3);text-align:center" title="1 &lt; 2">Dear <b style="font-size:20px">shop</b>, style=&#34;none&#34;</p><table width="200"><tr><td style="padding:4px">x</td></tr></table><p data-style="color:red">plain</p>';
			const desk = { host: { origin: location.origin, fileURL: async () => "/nowhere", pictureURL: async () => "/nowhere" } };
			document.querySelector(".pd-msg .pd-msg-body").append(mod.htmlView(desk, { id: "x", html, files: [] }));
			return true;
		})()`),
		until(`document.querySelector("iframe.pd-html")?.contentDocument?.querySelector("b")`),
		until(`((d) => getComputedStyle(d.querySelector("p")).color == "rgb(1, 2, 3)" && getComputedStyle(d.querySelector("b")).fontSize == "20px" && d.body.textContent.includes('style="none"'))(document.querySelector("iframe.pd-html").contentDocument)`),
	)
	if color := value[string](t, ctx, `((d) => getComputedStyle([...d.querySelectorAll("p")].at(-1)).color)(document.querySelector("iframe.pd-html").contentDocument)`); color == "rgb(255, 0, 0)" {
		t.Error("a style that the server did not look through is put on")
	}
	nothingStopped(t, ctx, "a dressed mail")
}
