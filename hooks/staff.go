package hooks

import (
	"errors"
	"net/http"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// staffHandler is a route for staff.
type staffHandler func(e *core.RequestEvent, agent *desk.Agent) error

// reads lets every member of staff and every integration through, to look.
func (p *plugin) reads(h staffHandler) func(*core.RequestEvent) error {
	return staffRoute(desk.ReaderOf, h)
}

// works lets people through who work cases, and no integration.
func (p *plugin) works(h staffHandler) func(*core.RequestEvent) error {
	return staffRoute(desk.AgentOf, func(e *core.RequestEvent, agent *desk.Agent) error {
		if !agent.Works() {
			return e.ForbiddenError("An integration reads and creates; this is for people.", nil)
		}
		return h(e, agent)
	})
}

func staffRoute(who func(core.App, *core.Record) (*desk.Agent, error), h staffHandler) func(*core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		agent, err := who(e.App, e.Auth)
		if errors.Is(err, desk.ErrNotStaff) {
			return staffOnly(e)
		}
		if err != nil {
			return e.InternalServerError("", err)
		}
		e.Response.Header().Set("Cache-Control", "no-store")
		return answer(h(e, agent))
	}
}

func staffOnly(e *core.RequestEvent) error {
	if e.Auth == nil {
		return e.UnauthorizedError("Sign in first.", nil)
	}
	return e.ForbiddenError("This is for staff.", nil)
}

// answer turns a verb's error into an answer: validation errors by field, the
// rest as a fault that says nothing of the inside.
func answer(err error) error {
	var api *router.ApiError
	var fields validation.Errors
	switch {
	case err == nil:
		return nil
	case errors.As(err, &api):
		return api
	case errors.As(err, &fields):
		return apis.NewBadRequestError("Some fields can't be taken as they are.", fields)
	}
	return apis.NewInternalServerError("", err)
}

// caseFor finds a case that the agent may see; to others it does not exist.
func (p *plugin) caseFor(e *core.RequestEvent, agent *desk.Agent, id string) (*desk.Case, error) {
	c, err := desk.FindCase(p.app, id)
	if err != nil || !agent.Sees(c.Team()) {
		return nil, e.NotFoundError("There is no such case.", nil)
	}
	return c, nil
}

func conflict(message string) error { return apis.NewApiError(http.StatusConflict, message, nil) }
