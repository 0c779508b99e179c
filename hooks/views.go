package hooks

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
)

// bindViews checks saved views before they are kept.
func (p *plugin) bindViews() {
	p.app.OnRecordCreateRequest(desk.Views).Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "pocketdesk.views.create", Func: p.saveView})
	p.app.OnRecordUpdateRequest(desk.Views).Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "pocketdesk.views.update", Func: p.saveView})
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.views",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.POST("/api/desk/views/check", p.works(p.checkView))
			}
			return e.Next()
		},
	})
}

// viewsMost is how many views one person may keep.
const viewsMost = 50

// saveView keeps a view that can be used, of somebody who may have it so.
func (p *plugin) saveView(e *core.RecordRequestEvent) error {
	agent, err := desk.AgentOf(e.App, e.Auth)
	if err != nil {
		return e.ForbiddenError("This is for staff.", nil)
	}
	r := e.Record
	if r.IsNew() {
		if r.GetString("owner") == "" || !agent.Superuser { // who deleted another's view by mistake puts it back as it was
			r.Set("owner", agent.Id)
		}
		n, err := e.App.CountRecords(desk.Views, dbx.HashExp{"owner": agent.Id})
		if err != nil {
			return err
		}
		if n >= viewsMost {
			return refuse("name", "too_many", "You have 50 views. Delete one that you no longer use.")
		}
	} else if r.GetString("owner") != r.Original().GetString("owner") {
		return refuseFields([]string{"owner"})
	}
	if r.GetBool("shared") && !r.Original().GetBool("shared") && !agent.Admin() && agent.Role() != desk.RoleSupervisor {
		return refuse("shared", "not_allowed", "Supervisors and admins share views.")
	}
	done, err := p.viewTurn(e.Request.Context())
	if err != nil {
		return err
	}
	err = func() error {
		defer done() // also when it panics
		_, err := inbox.CheckView(e.App, agent, &inbox.View{Scope: r.GetString("scope"), Filter: r.GetString("filter"), Sort: r.GetString("sort")})
		return err
	}()
	var wrong *inbox.FilterError
	switch {
	case errors.As(err, &wrong):
		return answer(filterTrouble(wrong))
	case errors.Is(err, inbox.ErrSlow):
		return refuse("filter", "slow", "This view takes too long to find its cases. Narrow what it looks at, such as to open cases.")
	case err != nil && !errors.Is(err, inbox.ErrQuery): // PocketBase names a wrong scope itself
		return err
	}
	return e.Next()
}

// filterTrouble is what is wrong with a filter, under its field.
func filterTrouble(wrong *inbox.FilterError) validation.Errors {
	return validation.Errors{"filter": validation.NewError(wrong.Code, wrong.Error()).SetParams(map[string]any{"part": wrong.Part})}
}

// viewsAtOnce is how many saved views are read at the same time: a filter may
// look at a million cases, and the others work on.
const viewsAtOnce = 2

// viewTurn waits for a turn to read a view, as long as reading one may take.
func (p *plugin) viewTurn(ctx context.Context) (done func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	select {
	case p.viewing <- struct{}{}:
		return func() { <-p.viewing }, nil
	case <-ctx.Done():
		return nil, apis.NewTooManyRequestsError("Several views are being read. Try again in a moment.", nil)
	}
}

// checkView says what a view would find, before it is saved.
func (p *plugin) checkView(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct{ Filter, Scope, Sort string }
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	done, err := p.viewTurn(e.Request.Context())
	if err != nil {
		return err
	}
	defer done()
	found, err := inbox.CheckView(p.app, agent, &inbox.View{Scope: body.Scope, Filter: body.Filter, Sort: body.Sort})
	var wrong *inbox.FilterError
	switch {
	case errors.As(err, &wrong):
		return e.JSON(http.StatusOK, map[string]any{"error": map[string]string{"code": wrong.Code, "part": wrong.Part, "message": wrong.Error()}})
	case errors.Is(err, inbox.ErrSlow):
		return e.JSON(http.StatusOK, map[string]any{"error": map[string]string{"code": "slow", "part": "", "message": "This view takes too long."}})
	case errors.Is(err, inbox.ErrQuery):
		return e.BadRequestError("scope is open, waiting, done or all.", nil)
	case err != nil:
		return err
	}
	sample := make([]map[string]any, 0, len(found.Sample))
	for _, r := range found.Sample {
		sample = append(sample, map[string]any{"id": r.ID, "number": r.Number, "subject": r.Subject, "contact": r.Contact, "status": r.Status})
	}
	return e.JSON(http.StatusOK, map[string]any{"count": found.Count, "sample": sample})
}

func refused(message string, errs any) error { return apis.NewBadRequestError(message, errs) }
