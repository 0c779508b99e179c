package page

import (
	"net/http"
	"strings"
)

// policy lets a page load its own files and talk to its own server, nothing else, and be framed by nobody.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// Headers sets what every visitor's page is sent with: the Content-Security-Policy, no sniffing, the
// referrer for our own pages only, no device features, no storing. The pages of [Renderer] have them already;
// it is for what a host writes beside them, such as a redirect.
func Headers(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// policyWith is policy with the sources of a captcha's provider, and no others.
func policyWith(c Captcha) string {
	text := policy
	for directive, sources := range map[string][]string{"script-src": c.Script, "style-src": c.Style, "connect-src": c.Connect} {
		own := directive + " 'self'"
		text = strings.Replace(text, own, strings.Join(append([]string{own}, sources...), " "), 1)
	}
	if len(c.Frame) > 0 {
		text += "; frame-src " + strings.Join(c.Frame, " ")
	}
	return text
}
