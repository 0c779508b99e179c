package hooks

import (
	"database/sql"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/desk/many"
)

// Bytes of a request on many cases, and of what takes one back.
const (
	manyBytes = 64 << 10
	backBytes = 2 << 20
)

func (p *plugin) bindMany() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.many",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.POST("/api/desk/cases/bulk", p.works(p.doMany)).Bind(apis.BodyLimit(manyBytes))
				e.Router.POST("/api/desk/cases/bulk/undo", p.works(p.undoMany)).Bind(apis.BodyLimit(backBytes))
			}
			return e.Next()
		},
	})
}

// startMany gives the station the verbs of the others.
func (p *plugin) startMany() {
	p.many = many.New(p.commit, many.Verbs{
		Change:    p.work.Change,
		CheckText: p.work.CheckTemplate,
		Render:    p.renderFor,
		Address:   casework.ReplyAddress,
		Write:     p.writeFor,
		Unsend: func(tx core.App, message string, agent *desk.Agent) error {
			_, err := p.work.Undo(tx, message, agent)
			return err
		},
		Spam: p.door.MarkSpam, NotSpam: p.door.UnmarkSpam,
		Explain: explain,
		Kick:    func() { p.outbox.Kick() },
	})
}

func (p *plugin) renderFor(app core.App, d many.Draft) (many.Letter, error) {
	made, err := p.work.Preview(app, casework.Draft{
		Case: d.Case, Agent: d.Agent, Template: d.Template, Locale: d.Locale, Subject: d.Subject, Body: d.Body,
	})
	// signed like an answer by hand, so that the preview shows what leaves
	return many.Letter{Subject: desk.OneLine(made.Subject), Body: casework.Signed(made.Body, d.Agent), Locale: made.Locale, Empty: made.Empty}, err
}

func (p *plugin) writeFor(app core.App, e many.Entry) (func(core.App) error, error) {
	written, err := p.work.Write(app, casework.Entry{Case: e.Case, Agent: e.Agent, Message: e.Message, Status: e.Status, Undo: e.Undo, Sure: e.Sure, AsTyped: true}) // it was rendered already
	if err != nil {
		return nil, err
	}
	return written.Save, nil
}

// explain puts refusals of other stations into words.
func explain(err error) *many.Refusal {
	switch {
	case errors.Is(err, casework.ErrCollision):
		return &many.Refusal{Code: many.CodeChanged, Message: "This case was changed meanwhile; look at it again."}
	case errors.Is(err, casework.ErrLeft):
		return &many.Refusal{Code: "left", Message: "This mail has left already."}
	case errors.Is(err, casework.ErrNotYours):
		return &many.Refusal{Code: "not_yours", Message: "Only its author or an admin takes a mail back."}
	case errors.Is(err, intake.ErrDecided):
		return &many.Refusal{Code: "decided", Message: "This case is marked as spam already."}
	case errors.Is(err, intake.ErrMessageGone):
		return &many.Refusal{Code: "message_gone", Message: "The message that opened this case was removed. Close the case instead."}
	case errors.Is(err, intake.ErrNotMarked):
		return &many.Refusal{Code: "not_marked", Message: "This case is not marked as spam."}
	case errors.Is(err, sql.ErrNoRows):
		return &many.Refusal{Code: many.CodeGone, Message: "It isn't there any more."}
	}
	var api *router.ApiError
	if errors.As(err, &api) { // of a host's hook
		return &many.Refusal{Code: "refused", Message: api.Message}
	}
	return nil
}

// doMany runs a list of actions, or a macro, on up to a hundred cases; with
// preview it only says what they would get.
func (p *plugin) doMany(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct {
		IDs      []string        `json:"ids"`
		Versions map[string]int  `json:"versions"`
		Actions  json.RawMessage `json:"actions"`
		Macro    string          `json:"macro"`
		Preview  bool            `json:"preview"`
		Key      string          `json:"key"`
		Wait     int             `json:"undo_seconds"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	r := many.Request{
		Agent: agent, IDs: body.IDs, Versions: body.Versions, Actions: body.Actions, Macro: body.Macro, Key: body.Key,
		Wait: time.Duration(body.Wait) * time.Second, Context: e.Request.Context(),
	}
	var out any
	var err error
	if body.Preview {
		out, err = p.many.Preview(p.app, r)
	} else {
		out, err = p.many.Run(p.app, r)
	}
	if errors.Is(err, many.ErrNoMacro) {
		return e.NotFoundError("There is no such macro.", nil)
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, out)
}

// undoMany takes back what doMany did, where nobody changed the case since.
func (p *plugin) undoMany(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct {
		Done []many.Done `json:"done"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	back, err := p.many.Undo(p.app, agent, body.Done)
	if err != nil {
		return err
	}
	p.outbox.Kick() // what a mark as spam had cancelled goes out
	return e.JSON(http.StatusOK, back)
}
