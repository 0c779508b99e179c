package hooks

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	html "html/template"
	"net/http"
	"strings"
	"sync"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/ui"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/pb_dashboard"
)

// deskRules is the Content-Security-Policy of the page for staff: programs and
// styles of this server alone, nothing inline, in nobody's frame.
const deskRules = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob: data:; " +
	"connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

//go:embed staffdesk.html
var deskHTML string

// bindStaffDesk serves the Desk to agents, who are no superusers: the same
// modules as in the dashboard, on a page of their own at Config.DeskPath.
func (p *plugin) bindStaffDesk() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.staffdesk",
		Func: func(e *core.ServeEvent) error {
			base, ok := p.config.deskBase()
			if !p.on() || !ok {
				return e.Next()
			}
			if ui.DistDirFS == nil { // built with the tag no_ui: the libraries and the font are not there either
				e.Router.GET(base+"/{$}", func(e *core.RequestEvent) error {
					return e.NotFoundError("This program was built without PocketBase's dashboard (tag no_ui), whose libraries the Desk runs on.", nil)
				})
				return e.Next()
			}
			// made when they are first asked for: a shop without agents needs neither
			page := sync.OnceValues(func() (asset, error) { return newShell(base) })
			fonts := sync.OnceValue(func() asset {
				return asset{kind: "text/css; charset=utf-8", body: fontCSS(ui.DistDirFS, pb_dashboard.Written(), upFrom(base))}.tagged()
			})
			e.Router.GET(base+"/{$}", func(e *core.RequestEvent) error {
				shell, err := page()
				if err != nil {
					return err
				}
				return shell.serve(e)
			})
			e.Router.GET(base+"/fonts.css", func(e *core.RequestEvent) error { return fonts().serve(e) })
			e.Router.GET(base, func(e *core.RequestEvent) error { // relative, so that a proxy may put a path before it
				e.Response.Header().Set("Location", base[strings.LastIndexByte(base, '/')+1:]+"/")
				e.Response.WriteHeader(http.StatusPermanentRedirect)
				return nil
			})
			return e.Next()
		},
	})
}

// deskBase is where the Desk for agents lives, without a slash at its end; false
// where the host switched it off.
func (c Config) deskBase() (string, bool) {
	switch c.DeskPath {
	case "-":
		return "", false
	case "":
		return "/desk", true
	}
	return strings.TrimRight(c.DeskPath, "/"), true
}

// asset is a small file that is made at the start and stays as it is.
type asset struct {
	kind, tag string
	body      []byte
}

func (a asset) tagged() asset {
	sum := sha256.Sum256(a.body)
	a.tag = `"` + hex.EncodeToString(sum[:12]) + `"`
	return a
}

// serve has browsers ask each time, as for all files of the Desk.
func (a asset) serve(e *core.RequestEvent) error {
	h := e.Response.Header()
	h.Set("Content-Security-Policy", deskRules)
	h.Set("Cache-Control", "no-cache")
	h.Set("ETag", a.tag)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin-allow-popups") // signing in with OAuth2 opens one
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	if e.Request.Header.Get("If-None-Match") == a.tag {
		return e.NoContent(http.StatusNotModified)
	}
	return e.Blob(http.StatusOK, a.kind, a.body)
}

// newShell writes the page. It holds no word of anybody and no secret: who is
// nobody's agent learns from it that there is a Desk.
func newShell(base string) (asset, error) {
	t, err := html.New("").Parse(deskHTML)
	if err != nil {
		return asset{}, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, map[string]any{
		"Root":    upFrom(base),
		"Agents":  desk.Agents,
		"Modules": pb_dashboard.FirstLook("staff/page.js", "staff/host.js"),
	})
	return asset{kind: "text/html; charset=utf-8", body: out.Bytes()}.tagged(), err
}

// upFrom is the way from a file under base to the server's root.
func upFrom(base string) string { return strings.Repeat("../", strings.Count(base, "/")) }
