package hooks

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/learning"
)

// bindLearning lets the text model follow what staff decide.
func (p *plugin) bindLearning() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.learning",
		Func: func(e *core.ServeEvent) error {
			if !p.on() {
				return e.Next()
			}
			e.Router.GET("/api/desk/lessons", p.reads(p.listLessons))
			e.Router.GET("/api/desk/model", p.reads(p.modelState))
			if err := e.Next(); err != nil {
				return err
			}
			p.learning.Start()
			return nil
		},
	})
	p.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id: "pocketdesk.learning.stop",
		Func: func(e *core.TerminateEvent) error {
			if p.on() {
				p.learning.Stop()
			}
			return e.Next()
		},
	})
	learn := func(e *core.RecordEvent) error {
		if p.on() {
			p.learning.Kick()
		}
		return e.Next()
	}
	p.app.OnRecordAfterCreateSuccess(desk.Corrections).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.learning.taught", Func: learn})
	p.app.OnRecordAfterDeleteSuccess(desk.Corrections).Bind(&hook.Handler[*core.RecordEvent]{Id: "pocketdesk.learning.forgotten", Func: learn})
	p.app.OnRecordDeleteRequest(desk.Corrections).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "pocketdesk.learning.take_back", Func: p.takeBack,
	})
	// lessons that another process removed, as the command erase does
	p.job("pocketdesk.learning", "29 4 * * *", func() error { p.learning.Check(); return nil })
}

// takeBack removes a lesson, with its line of the audit trail in the same transaction.
func (p *plugin) takeBack(e *core.RecordRequestEvent) error {
	agent, err := desk.AgentOf(e.App, e.Auth)
	if err != nil {
		return e.ForbiddenError("This is for staff.", nil)
	}
	lesson := desk.AsCorrection(e.Record)
	app := e.App
	defer func() { e.App = app }()
	return app.RunInTransaction(func(tx core.App) error {
		e.App = tx
		if err := desk.Record(tx, desk.Event{Feedback: lesson.Feedback(), Actor: agent.Id, Kind: "lesson_taken_back",
			Before: map[string]any{"spam": lesson.Spam(), "how": lesson.How()}}); err != nil {
			return err
		}
		return e.Next()
	})
}

func (p *plugin) listLessons(e *core.RequestEvent, agent *desk.Agent) error {
	q := e.Request.URL.Query()
	limit, _ := strconv.Atoi(q.Get("limit"))
	page, err := learning.Lessons(p.app, agent, q.Get("cursor"), limit)
	if errors.Is(err, learning.ErrCursor) {
		return e.BadRequestError("There is no such page.", nil)
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, page)
}

func (p *plugin) modelState(e *core.RequestEvent, _ *desk.Agent) error {
	state, err := p.learning.State()
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, state)
}
