package hooks

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/noticing"
)

// maxNotices is how many notices one request may name.
const maxNotices = 200

func (p *plugin) bindNotices() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.notices",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.GET("/api/desk/notices", p.works(p.listNotices))
				e.Router.POST("/api/desk/notices/seen", p.works(p.seenNotices))
			}
			return e.Next()
		},
	})
	for id, bind := range map[string]func(...string) *hook.TaggedHook[*core.RecordRequestEvent]{
		"create": p.app.OnRecordCreateRequest, "update": p.app.OnRecordUpdateRequest,
	} {
		bind(desk.Agents).Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "pocketdesk.notify." + id, Func: checkBell})
	}
}

// checkBell refuses a choice of another shape, and keeps the system's own field.
func checkBell(e *core.RecordRequestEvent) error {
	if _, err := desk.ParseBell([]byte(e.Record.GetString("notify"))); err != nil {
		return refuse("notify", "validation_notify", "Choose {sound, desktop, private, daily, weekend}, each true or false, daily_at as HH:MM, mail {kind: now, later or off}, quiet {from, until} as HH:MM, new_cases (off, team, all) and answered (off, mine, team, all).")
	}
	if e.Record.GetString("daily_sent") != e.Record.Original().GetString("daily_sent") {
		return refuseFields([]string{"daily_sent"})
	}
	return e.Next()
}

func (p *plugin) listNotices(e *core.RequestEvent, agent *desk.Agent) error {
	q := e.Request.URL.Query()
	page, err := noticing.Page{}, error(nil)
	if line := q.Get("line"); line != "" {
		page, err = noticing.OfLine(p.app, agent, line, q.Get("cursor"))
	} else {
		page, err = noticing.List(p.app, agent, q.Get("cursor"))
	}
	if errors.Is(err, noticing.ErrQuery) {
		return e.BadRequestError("There is no such page.", nil)
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, page)
}

// seenNotices notes that notices were looked at: those named, those of a case, or all.
func (p *plugin) seenNotices(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct {
		IDs  []string `json:"ids"`
		Case string   `json:"case"`
	}
	if err := e.BindBody(&body); err != nil || len(body.IDs) > maxNotices {
		return e.BadRequestError("Name 200 notices at most.", nil)
	}
	if err := noticing.Seen(p.app, p.commit, agent, noticing.Which{IDs: body.IDs, Case: body.Case}); err != nil {
		return err
	}
	return e.NoContent(http.StatusNoContent)
}

// deskLink is the address of a case in the Desk, or of the Desk for "": superusers
// have it in the dashboard.
func (p *plugin) deskLink(agent *desk.Agent, caseID string) string {
	base, on := p.config.deskBase()
	if agent.Superuser || !on {
		base = "/_"
	}
	link := strings.TrimRight(p.app.Settings().Meta.AppURL, "/") + base + "/#/desk"
	if caseID != "" {
		link += "/c/" + url.PathEscape(caseID)
	}
	return link
}
