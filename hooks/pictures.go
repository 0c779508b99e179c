package hooks

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/remoteimage"
	"github.com/pocketdesk/pocketdesk/internal/safehttp"
)

// bindPictures lets staff see the pictures that a visitor's mail has elsewhere.
func (p *plugin) bindPictures() {
	p.far = safehttp.New(safehttp.Config{Timeout: 10 * time.Second})
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.pictures",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.GET("/api/desk/messages/{id}/picture", p.picture)
			}
			return e.Next()
		},
	})
}

// picture hands out the n-th remote picture of a message's HTML: only what a
// mail asked for is fetched, and its server doesn't learn who looks. An <img>
// can't send a header, so that the token is that of files, in the URL.
func (p *plugin) picture(e *core.RequestEvent) error {
	q := e.Request.URL.Query()
	person, err := p.app.FindAuthRecordByToken(q.Get("token"), core.TokenTypeFile)
	if err != nil {
		return e.UnauthorizedError("Sign in first.", nil)
	}
	agent, err := desk.ReaderOf(p.app, person)
	if errors.Is(err, desk.ErrNotStaff) || err == nil && !agent.Works() {
		return e.ForbiddenError("This is for people who work here.", nil)
	}
	if err != nil {
		return e.InternalServerError("", err)
	}
	none := e.NotFoundError("There is no such picture.", nil)
	m, err := desk.FindMessage(p.app, e.Request.PathValue("id"))
	if err != nil {
		return none
	}
	if _, err := p.caseFor(e, agent, m.Case()); err != nil {
		return none
	}
	sources := remoteimage.Sources(m.GetString("html"))
	n, err := strconv.Atoi(q.Get("n"))
	if err != nil || n < 0 || n >= len(sources) {
		return none
	}
	kind, data, err := remoteimage.Fetch(e.Request.Context(), p.far, sources[n])
	if err != nil {
		return none
	}
	h := e.Response.Header()
	h.Set("Cache-Control", "private, max-age=3600")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	return e.Blob(http.StatusOK, kind, data)
}
