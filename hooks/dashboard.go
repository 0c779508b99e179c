package hooks

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/pb_dashboard"
)

func (p *plugin) bindDashboard() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.dashboard",
		Func: func(e *core.ServeEvent) error {
			if !p.on() {
				return e.Next()
			}
			files := pb_dashboard.FS()
			if p.app.IsDev() {
				files = pb_dashboard.Written() // an error names the line that somebody wrote
			}
			e.UIExtensions = append(e.UIExtensions, core.UIExtension{Name: pb_dashboard.Name, FS: files})
			e.Router.Bind(freshExtensions(files))
			e.Router.POST("/api/desk/me", p.works(p.me))
			return e.Next()
		},
	})
}

// freshExtensions has browsers ask for the Desk's files each time, so that an
// upgrade is seen at once; PocketBase would let them keep a file for 14 days.
func freshExtensions(files fs.FS) *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id: "pocketdesk.dashboard.fresh", Priority: apis.DefaultRateLimitMiddlewarePriority - 10,
		Func: func(e *core.RequestEvent) error {
			path := e.Request.URL.Path
			if e.Request.Method != http.MethodGet || !strings.HasPrefix(path, "/_/extensions") {
				return e.Next()
			}
			e.Response.Header().Set("Cache-Control", "no-cache")
			if etag := extensionTag(files, path); etag != "" {
				e.Response.Header().Set("ETag", etag)
				if e.Request.Header.Get("If-None-Match") == etag {
					return e.NoContent(http.StatusNotModified)
				}
			}
			return e.Next()
		},
	}
}

// extensionTag is the ETag of one of our embedded files; "" for what others may add to.
func extensionTag(files fs.FS, path string) string {
	name, ours := strings.CutPrefix(path, "/_/extensions/"+pb_dashboard.Name+"/")
	if !ours {
		return ""
	}
	b, err := fs.ReadFile(files, name)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(b)
	return `"` + hex.EncodeToString(sum[:12]) + `"`
}

// me is who works here and all that the screens need to begin with.
func (p *plugin) me(e *core.RequestEvent, agent *desk.Agent) error {
	if err := p.reading.Begin(agent); err != nil {
		return err
	}
	if err := p.staffing.Seen(agent); err != nil {
		return err
	}
	s, err := desk.LoadSettings(p.app)
	if err != nil {
		return err
	}
	categories, err := desk.LoadCategories(p.app)
	if err != nil {
		return err
	}
	names := map[string]string{}
	for _, id := range desk.Collections() {
		names[desk.BaseName(id)] = desk.Name(p.app, id)
	}
	agents, err := p.app.FindAllRecords(desk.Agents)
	if err != nil {
		return err
	}
	teams, err := p.app.FindAllRecords(desk.Teams)
	if err != nil {
		return err
	}
	people, err := desk.People(p.app)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, map[string]any{
		"agent": map[string]any{"id": agent.Id, "name": agent.Name(), "email": agent.Email(), "role": agent.Role(),
			"team": agent.Team(), "locale": agent.GetString("locale"), "signature": agent.Signature(), "notify": agent.Bell()},
		"superuser": agent.Superuser, "can": map[string]bool{"admin": agent.Admin()},
		"collections": names, "locales": desk.Locales(), "categories": categoryRows(categories),
		"shop": map[string]any{"name": s.ShopName, "locale": s.Locale, "timezone": s.Location.String(),
			"email": s.ServiceEmail, "phone": s.ServicePhone, "open": openAhead(s.Calendar, desk.Now(p.app))},
		"agents": agentRows(agents), "teams": teamRows(teams),
		"smtp": desk.MailOn(p.app), "public_path": p.base, "settings_id": desk.SettingsRecord, "llm": p.classifier.On(),
		"telling": map[string]any{"usual": desk.MailUsually(), "quiet": s.Telling.Quiet(), "minutes": s.Telling.DigestMinutes, "hears": desk.HearingUsually(len(people))},
		"lookup":  s.Lookup.Enabled && s.Lookup.Missing(p.app) == "",
	})
}

func categoryRows(list []desk.Category) []map[string]any {
	out := make([]map[string]any, 0, len(list))
	for _, c := range list {
		out = append(out, map[string]any{"id": c.Key, "labels": c.Labels, "default_priority": c.Priority,
			"checklist": c.Checklist, "enabled": c.Enabled, "position": c.Position})
	}
	return out
}

func agentRows(list []*core.Record) []map[string]any {
	out := make([]map[string]any, 0, len(list))
	for _, r := range list {
		if r.GetString("role") != desk.RoleIntegration {
			out = append(out, map[string]any{"id": r.Id, "name": r.GetString("name"), "role": r.GetString("role"), "team": r.GetString("team")})
		}
	}
	return out
}

func teamRows(list []*core.Record) []map[string]any {
	out := make([]map[string]any, 0, len(list))
	for _, r := range list {
		out = append(out, map[string]any{"id": r.Id, "name": r.GetString("name")})
	}
	return out
}
