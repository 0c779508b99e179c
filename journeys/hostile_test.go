package journeys

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// hostile is what somebody may send to see what gives way.
type hostile struct{ what, name, subject, text string }

func corpus() []hostile {
	script := `<script>window.ran=1</script><img src=x onerror="window.ran=1"><svg onload="window.ran=1"></svg><iframe srcdoc="<script>parent.ran=1</script>"></iframe>`
	return []hostile{
		{"HTML", `<b onmouseover="window.ran=1">Bob</b>`, script, script + `<form action="//evil.example"><input autofocus onfocus="window.ran=1"></form><style>*{display:none!important}</style>`},
		{"templates", "{{7*7}}", "${window.ran=1} {{constructor.constructor('window.ran=1')()}}", "{{constructor.constructor('window.ran=1')()}} {% raw %} <%= 1 %> ${window.ran=1} #{7*7} `${window.ran=1}`"},
		{"links", "Link", "javascript:window.ran=1", "javascript:window.ran=1 https://paypal.com@evil.example/login http://xn--80ak6aa92e.com/ https://аррӏе.com/ data:text/html,<script>window.ran=1</script> https://example.com/" + strings.Repeat("a", 3000)},
		{"direction", "\u202eadmin\u202c \u2067evil", "Invoice \u202egpj.exe", "\u202e\u202e\u202e" + strings.Repeat("abc \u2066", 200) + " the end"},
		{"right to left", "محمد عبد الله", "سؤال عن الطلب 1234 (عاجل)", "مرحبا، أين طلبي رقم 1234؟ https://example.com/a\nשלום, איפה ההזמנה שלי?"},
		{"unseen", "A\u200b\u200b\u200b\u2060\ufeffB\u00ad", "\u200b\u200b\u3164\u115f\u2063", "zero\u200bwidth" + strings.Repeat("\u200b", 2000) + "[31m end"},
		{"piled marks", "Z" + strings.Repeat("\u0335\u0321\u0353\u0359", 20), "a" + strings.Repeat("\u0301\u0316", 100), strings.Repeat("h"+strings.Repeat("\u0300\u0323\u0489\u033f", 30)+" ", 40)},
		{"a long word", strings.Repeat("W", 120), strings.Repeat("長", 250), strings.Repeat("W", 9500)},
		{"a long line", strings.Repeat("Name ", 30), strings.Repeat("word ", 55), strings.Repeat("word ", 1900)},
		{"many lines", "Lines", "Lines", strings.Repeat("\n", 100) + strings.Repeat("a\n", 2000)},
		{"emoji", strings.Repeat("👩‍👩‍👧‍👦", 8), strings.Repeat("🇹🇼🏴‍☠️", 20), strings.Repeat("👩🏽‍🚀🧑‍🧑‍🧒‍🧒", 500)},
		{"addresses", "Addresses", "Addresses", strings.Repeat("https://a.example/b ", 450)},
	}
}

// watchAll notes whatever runs that must not, in every document that is opened.
const watchAll = `(() => {
	window.broken = [];
	document.addEventListener("securitypolicyviolation", (e) => /script|object|frame/.test(e.effectiveDirective) && broken.push(e.effectiveDirective + " " + e.blockedURI));
	window.alert = window.confirm = window.prompt = () => { window.ran = 1; };
	return true;
})()`

// shapes gives what is wrong with the screen, a line each.
const shapes = `(() => {
	const wrong = [...(window.broken || [])];
	if (window.ran) wrong.push("a script ran");
	const clips = (el) => { for (let p = el.parentElement; p; p = p.parentElement) if (getComputedStyle(p).overflowX != "visible") return true; return false; };
	if (document.documentElement.scrollWidth > innerWidth + 1) wrong.push("the page is " + document.documentElement.scrollWidth + " wide");
	for (const pane of document.querySelectorAll(".pd-messages, .pd-list-pane, .pd-list-pane .pd-list, .pd-view-pane, .pd-case, .pd-side, .pd-case-head, .pd-msg, .pd-compose"))
		if (pane.scrollWidth > pane.clientWidth + 2) wrong.push(pane.className + " overflows: " + pane.scrollWidth + " in " + pane.clientWidth);
	for (const el of document.querySelectorAll(".pd-desk *")) {
		const r = el.getBoundingClientRect();
		if (r.width && r.height && (r.right > innerWidth + 2 || r.left < -2) && !clips(el)) wrong.push(el.tagName + "." + el.className + " lies outside");
	}
	const talk = document.querySelector(".pd-view-pane");
	if (talk?.querySelector("script, object, embed, form:not(.pd-compose):not([class*=pd-]), .pd-msg svg, .pd-msg style, .pd-msg input:not([class*=pd-])")) wrong.push("foreign markup");
	for (const a of talk?.querySelectorAll(".pd-msg a") || []) {
		if (!/^https?:/.test(a.href)) wrong.push("a link to " + a.href.slice(0, 30));
		if (!/noreferrer/.test(a.rel) || !/noopener/.test(a.rel)) wrong.push("a link tells where it comes from");
	}
	for (const el of document.querySelectorAll(".pd-row-who, .pd-row-subject, .pd-msg-head strong, .pd-case h1, .pd-visitor-name"))
		if (/[\u202a-\u202e\u2066-\u2069]/.test(el.textContent)) wrong.push(el.className + " turns the line");
	return wrong.slice(0, 12).join("\n");
})()`

// Whatever a visitor writes, the list and the case keep their shape and nothing
// of it runs: at a desk and on a phone.
func TestHostileContent(t *testing.T) {
	s := openShop(t)
	ids := s.receive(corpus())
	for _, size := range [][2]int{{1440, 900}, {390, 800}} {
		ctx := browser(t, "en", size[0], size[1])
		do(t, ctx, chromedp.EmulateViewport(int64(size[0]), int64(size[1])))
		signIn(t, ctx, s)
		do(t, ctx, chromedp.Navigate(s.url+"/_/#/desk?queue=open"), chromedp.WaitVisible(".pd-row[data-id]"), until(watchAll))
		check := func(what string) {
			t.Helper()
			if wrong := get(t, ctx, chromedp.Evaluate[string](shapes)); wrong != "" {
				shot(t, ctx, fmt.Sprintf("hostile-%d-%s", size[0], strings.ReplaceAll(what, " ", "-")))
				t.Errorf("%d px, %s:\n%s", size[0], what, wrong)
			}
		}
		check("the list")
		shot(t, ctx, fmt.Sprintf("hostile-%d-list", size[0]))
		for i, h := range corpus() {
			if ids[i] == "" {
				t.Fatalf("%s opened no case", h.what)
			}
			do(t, ctx,
				until(fmt.Sprintf(`(location.hash = "#/desk/c/%s?queue=open", true)`, ids[i])),
				until(fmt.Sprintf(`location.hash.includes(%q) && !!document.querySelector(".pd-msg.is-in .pd-text")`, ids[i])),
				until(fmt.Sprintf(`document.querySelector(".pd-case-number")?.textContent == "#%d"`, i+1)),
			)
			if h.what == "links" || h.what == "piled marks" {
				shot(t, ctx, fmt.Sprintf("hostile-%d-%s", size[0], strings.ReplaceAll(h.what, " ", "-")))
			}
			check(h.what)
			if h.what == "links" {
				warned(t, ctx)
			}
			do(t, ctx, until(`(document.querySelector(".pd-fold > button")?.click(), true)`))
			check(h.what + ", unfolded")
		}
	}
}

// warned checks that links which deceive say so.
func warned(t *testing.T, ctx context.Context) {
	t.Helper()
	marks := value[[]string](t, ctx, `[...document.querySelectorAll(".pd-msg .pd-host.is-odd")].map((el) => el.textContent)`)
	if len(marks) != 3 || !strings.Contains(marks[0], "evil.example") || !strings.Contains(marks[1], "xn--80ak6aa92e.com") || !strings.Contains(marks[2], "xn--") {
		t.Errorf("links that deceive: %q", marks)
	}
}

// receive hands messages in and gives the ids of their cases; what screening held is released.
func (s *shop) receive(all []hostile) []string {
	s.t.Helper()
	ids := make([]string, len(all))
	for i, h := range all {
		subject := []rune(h.subject)
		f := s.call(http.MethodPost, "/api/collections/feedback/records", map[string]any{
			"name": h.name, "email": fmt.Sprintf("v%d@visitor%d.example", i, i), "locale": "en", "subject": string(subject[:min(len(subject), 290)]), "message": h.text, "consent": true,
		})
		id, _ := f["id"].(string)
		find := func() string {
			rows := s.items("/api/collections/cases/records?filter=" + "feedback%3D%22" + id + "%22")
			if len(rows) == 0 {
				return ""
			}
			return rows[0]["id"].(string)
		}
		if ids[i] = find(); ids[i] == "" {
			s.call(http.MethodPost, "/api/desk/feedback/"+id+"/release", map[string]any{})
			ids[i] = find()
		}
	}
	return ids
}

// A mail in its own dress, with five hundred names of files beside it.
func TestHostileMail(t *testing.T) {
	byway(t)
	s := openShop(t)
	id, _ := s.taken("mei@example.org", "Lid", "The lid is cracked. May I send it back?")
	names := make([]string, 500)
	for i := range names {
		names[i] = fmt.Sprintf("%d-%s\u202egpj.exe", i, strings.Repeat("長", 80))
	}
	ctx := browser(t, "en", 390, 800)
	do(t, ctx, chromedp.EmulateViewport(390, 800))
	signIn(t, ctx, s)
	openCase(t, ctx, s, id)
	do(t, ctx,
		until(watchAll),
		until(`(Promise.all(["desk/entry.js", "desk/files.js", "desk/htmlview.js", "desk/preview.js"].map((f) => import("/_/extensions/pocketdesk/" + f))).then((m) => window.mods = m), true)`),
		until(`!!window.mods`),
		// the mail stands in the page as any other does
		until(`(() => {
			const names = `+fmt.Sprintf("%q", strings.Join(names, "|"))+`.split("|");
			const desk = { host: { origin: location.origin, fileURL: async () => "/nowhere", pictureURL: async () => "/nowhere", toast: { error() {} } }, names: { agent: () => "" }, me: {}, api: {} };
			const html = '<p onclick="parent.ran=1">hi <a href="https://evil.example/x">https://bank.example</a> <a href="javascript:parent.ran=1">press</a></p><script>parent.ran=1</scr'+'ipt><img src=x onerror="parent.ran=1"><svg><script>parent.ran=1</scr'+'ipt></svg><meta http-equiv="refresh" content="0;url=//evil.example"><base href="//evil.example"><div style="position:fixed;width:9000px">wide</div>';
			const box = document.querySelector(".pd-msg.is-in .pd-msg-body");
			box.append(mods[1].fileList(desk, names.map((title, i) => ({ name: i + ".png", title, collection: "x", record: "y" }))));
			box.append(mods[2].htmlView(desk, { id: "x", html, files: [] }));
			return true;
		})()`),
		until(`document.querySelectorAll(".pd-msg .pd-file").length == 12`),
		until(`document.querySelector("iframe.pd-html")?.contentDocument?.body?.textContent.includes("⟶ evil.example")`),
	)
	frame := value[[]int](t, ctx, `((d) => [d.querySelectorAll("script, base[href], meta[http-equiv=refresh], [onclick], [onerror]").length, d.querySelectorAll("a[href^=javascript]").length])(document.querySelector("iframe.pd-html").contentDocument)`)
	if frame[0] != 0 || frame[1] != 0 {
		t.Errorf("scripts and the like: %d, links that run: %d", frame[0], frame[1])
	}
	do(t, ctx, click(`[...document.querySelectorAll(".pd-files .pd-btn")].find((b) => b.textContent.includes("500"))`), until(`document.querySelectorAll(".pd-msg .pd-file").length == 500`))
	do(t, ctx, until(`(broken.length = 0, true)`)) // that the browser refuses handlers as it reads the mail is as it should be
	if wrong := get(t, ctx, chromedp.Evaluate[string](shapes)); wrong != "" {
		shot(t, ctx, "hostile-mail")
		t.Error(wrong)
	}
	// kinds are told by bytes, not by names
	for kind, bytes := range map[string]string{
		`image/png 1 1`: "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00",
		`none`:          `<svg xmlns="http://www.w3.org/2000/svg" onload="window.ran=1"/>`,
		`none `:         `<html><script>window.ran=1</script></html>      `,
		`image/gif 2 3`: "GIF89a\x02\x00\x03\x00" + strings.Repeat("\x00", 20),
	} {
		list := make([]string, len(bytes))
		for i := range bytes {
			list[i] = fmt.Sprint(bytes[i])
		}
		got := value[string](t, ctx, `((k) => k ? k.type + " " + k.width + " " + k.height : "none")(mods[3].pictureKind(new Uint8Array([`+strings.Join(list, ",")+`])))`)
		if got != strings.TrimSpace(kind) {
			t.Errorf("%q is %s", bytes[:10], got)
		}
	}
}
