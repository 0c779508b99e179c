package hooks

import (
	"database/sql"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
)

func (p *plugin) bindQuarantine() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.quarantine",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.GET("/api/desk/quarantine", p.reads(p.listQuarantine))
				e.Router.POST("/api/desk/feedback/{id}/release", p.works(p.release))
				e.Router.POST("/api/desk/quarantine/{id}/release", p.works(p.release))
				e.Router.POST("/api/desk/feedback/{id}/confirm", p.works(p.confirm))
				e.Router.POST("/api/desk/feedback/{id}/undecide", p.works(p.undecide))
				e.Router.POST("/api/desk/feedback/{id}/block", p.works(p.block))
				e.Router.POST("/api/desk/quarantine/bulk", p.works(p.decideMany))
				e.Router.POST("/api/desk/cases/{id}/spam", p.works(p.markSpam))
				e.Router.POST("/api/desk/cases/{id}/not-spam", p.works(p.unmarkSpam))
			}
			return e.Next()
		},
	})
}

func (p *plugin) listQuarantine(e *core.RequestEvent, agent *desk.Agent) error {
	q := e.Request.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	page, err := inbox.Quarantine(p.app, inbox.HeldQuery{
		Agent: agent, Blocked: q.Get("outcome") == desk.Blocked, Cursor: q.Get("cursor"), Limit: limit,
	})
	if errors.Is(err, inbox.ErrQuery) {
		return e.BadRequestError("There is no such page.", nil)
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, page)
}

// release lets a held message through: as a case of its own, or, a mail that
// answers one, into that case, which is the default for those.
func (p *plugin) release(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct {
		Into string `json:"into"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	if !slices.Contains([]string{"", "case", "new"}, body.Into) {
		return refuse("into", "value_unknown", "Release it into its case or as a new one: case or new.")
	}
	c, err := p.letIn(e.Request.PathValue("id"), body.Into, agent)
	if err != nil {
		return decisionFault(e, err)
	}
	return e.JSON(http.StatusOK, map[string]any{"case": c.Id, "number": c.Number()})
}

// letIn releases a held message into "case" or as "new"; "" leaves it to whether it answers one.
func (p *plugin) letIn(id, into string, agent *desk.Agent) (*desk.Case, error) {
	if into == "" {
		if v, err := desk.FindVerdictOf(p.app, id); err == nil && v.ForCase() != "" && v.Waits() {
			into = "case"
		}
	}
	if into == "case" {
		return p.door.ReleaseInto(p.app, id, agent)
	}
	return p.door.Release(p.app, id, agent)
}

func (p *plugin) confirm(e *core.RequestEvent, agent *desk.Agent) error {
	if err := p.door.Confirm(p.app, e.Request.PathValue("id"), agent); err != nil {
		return decisionFault(e, err)
	}
	return e.JSON(http.StatusOK, map[string]any{})
}

// undecide takes confirm back.
func (p *plugin) undecide(e *core.RequestEvent, agent *desk.Agent) error {
	if err := p.door.Undecide(p.app, e.Request.PathValue("id"), agent); err != nil {
		return decisionFault(e, err)
	}
	return e.JSON(http.StatusOK, map[string]any{})
}

// block makes a rule of what staff no longer want, and confirms the message as
// junk. With check it only says what the rule would be.
func (p *plugin) block(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct {
		Kind  string `json:"kind"`
		Value string `json:"value"`
		Days  int    `json:"days"`
		Check bool   `json:"check"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	id, ask := e.Request.PathValue("id"), intake.BlockRequest{Kind: body.Kind, Value: body.Value, Days: body.Days}
	check, err := p.door.CheckBlock(p.app, id, ask, agent)
	if err != nil {
		return decisionFault(e, err)
	}
	if body.Check {
		return e.JSON(http.StatusOK, map[string]any{"kind": check.Kind, "value": check.Value, "accepted_matches": check.Accepted})
	}
	rule, err := p.door.Block(p.app, id, ask, agent)
	if err != nil {
		return decisionFault(e, err)
	}
	return e.JSON(http.StatusOK, map[string]any{
		"rule": rule.ID, "made": rule.Made, "kind": rule.Kind, "value": rule.Value, "expires": desk.Date(rule.Expires), "accepted_matches": check.Accepted,
	})
}

// markSpam takes a case for junk that came through.
func (p *plugin) markSpam(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.caseFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if err := p.door.MarkSpam(p.app, c.Id, agent); err != nil {
		return decisionFault(e, err)
	}
	return e.JSON(http.StatusOK, map[string]any{})
}

// unmarkSpam takes markSpam back, and the mail that it cancelled goes out.
func (p *plugin) unmarkSpam(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.caseFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	if err := p.door.UnmarkSpam(p.app, c.Id, agent); err != nil {
		return decisionFault(e, err)
	}
	p.outbox.Kick()
	return e.JSON(http.StatusOK, map[string]any{})
}

func decisionFault(e *core.RequestEvent, err error) error {
	var refused *intake.BlockError
	switch {
	case errors.As(err, &refused):
		return refuse(refused.Field, refused.Code, refused.Sentence)
	case errors.Is(err, intake.ErrNoNetwork):
		return e.NotFoundError("The network address of this message is not kept any more. Block its sender or a phrase instead.", nil)
	case errors.Is(err, intake.ErrNotConfirmed):
		return conflict("This message is not confirmed as spam, or not any more.")
	case errors.Is(err, intake.ErrNotMarked):
		return conflict("This case is not marked as spam.")
	case errors.Is(err, intake.ErrNoCase):
		return conflict("The case that it answers is gone. Release it as a new one.")
	case errors.Is(err, intake.ErrMessageGone):
		return conflict("The message that opened this case was removed. Close the case instead.")
	case errors.Is(err, intake.ErrDecided):
		return conflict("Somebody decided this already.")
	case errors.Is(err, sql.ErrNoRows):
		return e.NotFoundError("There is no such message.", nil)
	}
	return err
}
