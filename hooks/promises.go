package hooks

import (
	"database/sql"
	"errors"
	"net/http"
	"strconv"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/promising"
	"github.com/pocketdesk/pocketdesk/internal/promise"
)

func (p *plugin) bindPromises() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.promises",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.POST("/api/desk/promises/find", p.works(p.findPromises))
				e.Router.POST("/api/desk/cases/{id}/promise", p.works(p.makePromise))
				e.Router.POST("/api/desk/promises/{id}/withdraw", p.works(p.withdrawPromise))
				e.Router.GET("/api/desk/promises", p.works(p.listPromises))
				e.Router.GET("/api/desk/promises/report", p.works(p.reportPromises))
			}
			return e.Next()
		},
	})
}

// foundPromise is a promise in a text; its offsets count UTF-16 units, as a browser does.
type foundPromise struct {
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
	Due   string `json:"due"`
}

// findPromises reads a text that is being written.
func (p *plugin) findPromises(e *core.RequestEvent, _ *desk.Agent) error {
	var body struct{ Text, Locale string }
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	s, err := desk.LoadSettings(p.app)
	if err != nil {
		return err
	}
	out, at, units := []foundPromise{}, 0, 0
	until := func(n int) int {
		units += utf16Length(body.Text[at:n])
		at = n
		return units
	}
	options := promise.Options{Now: desk.Now(p.app), Zone: s.Location, Locale: desk.Clip(body.Locale, 20), Working: worksOn(s.Calendar), Closes: closesOn(s.Calendar)}
	for _, f := range promise.Find(body.Text, options) {
		start := until(f.Start)
		out = append(out, foundPromise{Start: start, End: until(f.End), Text: f.Text, Due: f.Due.UTC().Format(time.RFC3339)})
	}
	return e.JSON(http.StatusOK, map[string]any{"found": out})
}

func utf16Length(s string) (n int) {
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		n += max(1, utf16.RuneLen(r))
		s = s[size:]
	}
	return n
}

// vowOf reads a promise of a request; nil where there is none. The error is the
// field's.
func vowOf(field string, due, text any) (*desk.Vow, error) {
	value, _ := due.(string)
	if value == "" {
		return nil, nil
	}
	at, err := types.ParseDateTime(value)
	if err != nil || at.IsZero() {
		return nil, refuse(field, "validation_due", "Give the date by which you answer, such as 2026-11-25T10:00:00Z.")
	}
	words, _ := text.(string)
	return &desk.Vow{Due: at.Time(), Text: words}, nil
}

func (p *plugin) makePromise(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.caseFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	var body struct {
		Due     string `json:"due_at"`
		Text    string `json:"text"`
		Message string `json:"message"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	vow, err := vowOf("due_at", body.Due, body.Text)
	if err != nil {
		return err
	}
	if vow == nil {
		vow = &desk.Vow{} // refused as a date that is missing
	}
	if vow.Agent = agent.Id; body.Message != "" {
		m, err := desk.FindMessage(p.app, body.Message)
		if err != nil || m.Case() != c.Id {
			return refuse("message", "validation_missing_rel_records", "There is no such message on this case.")
		}
		vow.Message = m.Id
	}
	made, err := p.promises.Vow(c.Id, *vow)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, map[string]any{"id": made.Id, "due_at": made.GetString("due_at")})
}

func (p *plugin) withdrawPromise(e *core.RequestEvent, agent *desk.Agent) error {
	made, err := desk.FindPromise(p.app, e.Request.PathValue("id"))
	if err != nil {
		return e.NotFoundError("There is no such promise.", nil)
	}
	if _, err := p.caseFor(e, agent, made.Case()); err != nil {
		return e.NotFoundError("There is no such promise.", nil)
	}
	err = p.promises.Retract(made.Id, agent)
	switch {
	case errors.Is(err, promising.ErrSettled):
		return conflict("This promise was settled meanwhile.")
	case errors.Is(err, sql.ErrNoRows):
		return e.NotFoundError("There is no such promise.", nil)
	case err != nil:
		return err
	}
	return e.NoContent(http.StatusNoContent)
}

func (p *plugin) listPromises(e *core.RequestEvent, agent *desk.Agent) error {
	q := e.Request.URL.Query()
	page, err := promising.List(p.app, agent, promising.Query{State: q.Get("state"), Agent: q.Get("agent"), Cursor: q.Get("cursor")})
	if errors.Is(err, promising.ErrQuery) {
		return e.BadRequestError("There is no such list or page of it.", nil)
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, page)
}

func (p *plugin) reportPromises(e *core.RequestEvent, agent *desk.Agent) error {
	days, _ := strconv.Atoi(e.Request.URL.Query().Get("days"))
	report, err := promising.ReportFor(p.app, agent, days)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, report)
}
