package hooks

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
	"github.com/pocketbase/pocketbase/tools/router"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
)

func (p *plugin) bindMessages() {
	p.app.OnRecordCreateRequest(desk.Messages).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "pocketdesk.messages.write", Priority: 999, Func: p.write,
	})
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.messages.undo",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.POST("/api/desk/messages/{id}/undo", p.works(p.undo))
			}
			return e.Next()
		},
	})
}

// write takes an answer or a note of staff: saved, and a mail queued with it.
func (p *plugin) write(e *core.RecordRequestEvent) error {
	agent, err := desk.AgentOf(e.App, e.Auth)
	if err != nil {
		return e.ForbiddenError("This is for staff.", nil)
	}
	c, err := desk.FindCase(e.App, e.Record.GetString("case"))
	if err != nil || !agent.Sees(c.Team()) {
		return refuse("case", "validation_missing_rel_records", "There is no such case.")
	}
	info, err := e.RequestInfo()
	if err != nil {
		return err
	}
	status, _ := info.Body["status"].(string)
	if status != "" && !agent.Works() {
		return e.ForbiddenError("An integration reads and creates; it doesn't change a case.", nil)
	}
	wait, ok := undoSeconds(info.Body["undo_seconds"])
	if !ok {
		return refuse("undo_seconds", "validation_undo", "A mail may be taken back for 0 to 60 seconds.")
	}
	seen, _ := info.Body["seen"].(string)
	if said(info.Body["anyway"]) {
		seen = ""
	}
	vow, err := vowOf("promise", info.Body["promise"], info.Body["promise_text"])
	if err != nil {
		return err
	}
	e.Record.Id = core.GenerateDefaultRandomId()
	written, err := p.work.Write(e.App, casework.Entry{
		Case: c, Agent: agent, Message: desk.AsMessage(e.Record), Status: status, Undo: wait, Sign: said(info.Body["sign"]), Seen: seen, Vow: vow,
	})
	if err != nil {
		return answer(err)
	}
	if err := e.App.Validate(e.Record); err != nil {
		return answer(err)
	}
	desk.NameFiles(e.Record)
	_, drop, err := desk.StoreFiles(e.App, e.Record, "attachments")
	if err != nil {
		return fmt.Errorf("store files: %w", err)
	}
	if e.App.IsTransactional() {
		e.App.TxInfo().OnComplete(func(txErr error) error {
			if txErr != nil {
				drop()
			}
			return nil
		})
		err = written.Save(e.App)
	} else {
		err = p.commit.Do(written.Save)
	}
	if err != nil {
		drop()
		return answer(meanwhile(err))
	}
	p.outbox.Kick()
	if err := apis.EnrichRecord(e.RequestEvent, e.Record); err != nil {
		return err
	}
	return e.JSON(http.StatusOK, e.Record)
}

// meanwhile turns a colleague's answer that came between into a conflict that
// shows it.
func meanwhile(err error) error {
	var by *casework.Answered
	if !errors.As(err, &by) {
		return err
	}
	e := conflict("A colleague answered meanwhile.").(*router.ApiError)
	e.Data = map[string]any{"answered": by}
	return e
}

// said reads a yes: true, or its word in a form.
func said(v any) bool { return v == true || v == "true" }

// undoSeconds reads for how long a mail may be taken back: a number, or its
// digits in a form.
func undoSeconds(v any) (time.Duration, bool) {
	if v == nil || v == "" {
		return 0, true
	}
	n, err := strconv.Atoi(fmt.Sprint(v))
	return time.Duration(n) * time.Second, err == nil && n >= 0 && n <= 60
}

// undo takes an answer back that has not left yet, and hands out what was written.
func (p *plugin) undo(e *core.RequestEvent, agent *desk.Agent) error {
	m, err := desk.FindMessage(p.app, e.Request.PathValue("id"))
	if err != nil {
		return e.NotFoundError("There is no such message.", nil)
	}
	if _, err := p.caseFor(e, agent, m.Case()); err != nil {
		return err
	}
	var out *casework.Unsent
	err = p.commit.Do(func(tx core.App) (err error) {
		out, err = p.work.Undo(tx, m.Id, agent)
		return err
	})
	switch {
	case errors.Is(err, casework.ErrNotYours):
		return e.ForbiddenError("Only its author or an admin takes a mail back.", nil)
	case errors.Is(err, casework.ErrLeft):
		return conflict("This mail has left already.")
	case errors.Is(err, sql.ErrNoRows):
		return e.NotFoundError("There is no such message.", nil)
	case err != nil:
		return err
	}
	return e.JSON(http.StatusOK, out)
}
