package page

import (
	"math"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestBudget holds all that the form page loads, uncompressed, under 30 KB in every language. What other pages and
// captchas load is not among it.
func TestBudget(t *testing.T) {
	r := newRenderer(t)
	assets := 0
	for name, file := range r.assets {
		if !slices.Contains([]string{"track.css", "captcha.css", "captcha.js"}, name) {
			assets += len(file.body)
		}
	}
	for _, locale := range Locales() {
		w := httptest.NewRecorder()
		if err := r.Form(w, formView(locale)); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(w.Body.String(), "captcha") {
			t.Errorf("%s: something of a captcha is loaded", locale)
		}
		if sum := assets + w.Body.Len(); sum >= 30_000 {
			t.Errorf("%s: %d bytes of assets and %d of page are %d", locale, assets, w.Body.Len(), sum)
		}
	}
}

func TestAssets(t *testing.T) {
	r := newRenderer(t)
	get := func(url string, header ...string) *httptest.ResponseRecorder {
		req := httptest.NewRequest("GET", url, nil)
		for i := 0; i < len(header); i += 2 {
			req.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		r.Assets().ServeHTTP(w, req)
		return w
	}
	fresh := get(r.data("en", "/support/", "").Asset("form.js"))
	if fresh.Code != 200 || !strings.Contains(fresh.Header().Get("Cache-Control"), "immutable") ||
		!strings.HasPrefix(fresh.Header().Get("Content-Type"), "text/javascript") {
		t.Errorf("current version: %d %v", fresh.Code, fresh.Header())
	}
	for _, url := range []string{"/assets/form.js", "/assets/form.js?v=old"} {
		if w := get(url); w.Code != 200 || w.Header().Get("Cache-Control") != "no-cache" {
			t.Errorf("%s: %d %v", url, w.Code, w.Header())
		}
	}
	if w := get("/assets/form.js", "If-None-Match", fresh.Header().Get("Etag")); w.Code != 304 {
		t.Errorf("unchanged: %d", w.Code)
	}
	for _, url := range []string{"/assets/", "/assets/nothing.js", "/assets/..", "/assets/../embed.go", "/assets/layout.html"} {
		if w := get(url); w.Code != 404 {
			t.Errorf("%s: %d", url, w.Code)
		}
	}
}

// TestContrast computes WCAG 2.2 contrast (1.4.3 text 4.5:1, 1.4.11 edges 3:1) of the colours of both themes.
func TestContrast(t *testing.T) {
	light, dark, _ := strings.Cut(string(newRenderer(t).assets["form.css"].body), "@media (prefers-color-scheme: dark)")
	pair := regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6})`)
	for theme, text := range map[string]string{"light": light, "dark": dark} {
		colour := map[string]float64{}
		for _, m := range pair.FindAllStringSubmatch(text, -1) {
			colour[m[1]] = luminance(t, m[2])
		}
		for _, c := range []struct {
			front, back string
			least       float64
		}{
			{"ink", "ground", 7}, {"ink", "sheet", 7}, {"ink", "tint", 7}, {"soft", "ground", 4.5}, {"soft", "sheet", 4.5},
			{"soft", "tint", 4.5}, {"accent", "ground", 4.5}, {"accent", "sheet", 4.5}, {"accent", "tint", 4.5},
			{"on-accent", "accent", 4.5}, {"wrong", "sheet", 4.5}, {"wrong", "wrong-tint", 4.5}, {"edge", "sheet", 3}, {"edge", "ground", 3},
		} {
			a, b := colour[c.front], colour[c.back]
			if got := (max(a, b) + .05) / (min(a, b) + .05); got < c.least {
				t.Errorf("%s: %s on %s has %.2f:1, want %.1f", theme, c.front, c.back, got, c.least)
			}
		}
	}
}

func luminance(t *testing.T, hex string) float64 {
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		t.Fatal(err)
	}
	part := func(shift int) float64 {
		c := float64(n>>shift&255) / 255
		if c <= .04045 {
			return c / 12.92
		}
		return math.Pow((c+.055)/1.055, 2.4)
	}
	return .2126*part(16) + .7152*part(8) + .0722*part(0)
}

func TestWithoutComments(t *testing.T) {
	for in, want := range map[string]string{
		"// a\nlet x = 1; // b\n\t/** c */\nx++;": "let x = 1; // b\nx++;",
		"/* two\nlines */\na { b: c }\n":          "/* two\nlines */\na { b: c }\n",
		`const u = "http://x";`:                   `const u = "http://x";`,
		"":                                        "",
	} {
		if got := string(withoutComments([]byte(in))); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
