package hooks

import (
	"cmp"
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
				e.Router.POST("/api/desk/messages/{id}/redact", p.works(p.redact))
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
	entry, err := entryOf(e.Record, info.Body)
	if err != nil {
		return err
	}
	entry.Case, entry.Agent, entry.Status = c, agent, status
	if err := casework.Stamp(e.App, entry, keyOf(e.Request, info.Body)); err != nil {
		return p.again(e, err)
	}
	e.Record.Id = core.GenerateDefaultRandomId()
	written, err := p.work.Write(e.App, entry)
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
		return p.again(e, err)
	}
	p.outbox.Kick()
	return shown(e, e.Record)
}

// entryOf reads what stands beside a message in its request.
func entryOf(r *core.Record, body map[string]any) (casework.Entry, error) {
	entry := casework.Entry{Message: desk.AsMessage(r), Sign: said(body["sign"])}
	var ok bool
	if entry.Undo, ok = undoSeconds(body["undo_seconds"]); !ok {
		return entry, refuse("undo_seconds", "validation_undo", "A mail may be taken back for 0 to 60 seconds.")
	}
	entry.Seen, _ = body["seen"].(string)
	entry.Sure = said(body["anyway"])
	entry.AsTyped = entry.Sure || body["anyway"] == "liquid"
	var err error
	entry.Vow, err = vowOf("promise", body["promise"], body["promise_text"])
	return entry, err
}

// keyOf is the key of a try that may be repeated: a field, or the header.
func keyOf(r *http.Request, body map[string]any) string {
	key, _ := body["key"].(string)
	return cmp.Or(key, r.Header.Get("Idempotency-Key"))
}

// shown hands a message out as the API shows it.
func shown(e *core.RecordRequestEvent, r *core.Record) error {
	if err := apis.EnrichRecord(e.RequestEvent, r); err != nil {
		return err
	}
	return e.JSON(http.StatusOK, r)
}

// again answers a try whose key came before with what stands since then; where
// it brought something else it is refused. Other errors pass through.
func (p *plugin) again(e *core.RecordRequestEvent, err error) error {
	var before *casework.Repeated
	if !errors.As(err, &before) {
		return answer(meanwhile(err))
	}
	if before.Changed {
		refusal := router.NewApiError(http.StatusUnprocessableEntity, "This key came before with another text.", nil)
		refusal.Data = map[string]any{"answered": before.Own(e.App)}
		return refusal
	}
	return shown(e, before.Message.Record)
}

// meanwhile turns words that came between, a colleague's or the visitor's, into a
// conflict that shows them.
func meanwhile(err error) error {
	var by *casework.Answered
	if !errors.As(err, &by) {
		return err
	}
	e := conflict("A colleague answered meanwhile.").(*router.ApiError)
	if by.Direction == desk.In {
		e.Message = "The visitor wrote meanwhile."
	}
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

// redact takes a passage, a file or a whole note away for good.
func (p *plugin) redact(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct {
		Text, File string
		All        bool
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	m, err := desk.FindMessage(p.app, e.Request.PathValue("id"))
	if err != nil {
		return e.NotFoundError("There is no such message.", nil)
	}
	if _, err := p.caseFor(e, agent, m.Case()); err != nil {
		return err
	}
	id := m.Id
	err = p.commit.Do(func(tx core.App) (err error) {
		m, err = p.work.Redact(tx, casework.Redaction{Message: id, Agent: agent, Text: body.Text, File: body.File, All: body.All})
		return err
	})
	switch {
	case errors.Is(err, casework.ErrNotRedactable):
		return e.ForbiddenError("Only its author, for ten minutes, or an admin takes something out of a message.", nil)
	case errors.Is(err, casework.ErrWaits):
		return conflict("This mail has not left yet. Take it back instead.")
	case err != nil:
		return answer(err)
	}
	if err := apis.EnrichRecord(e, m.Record); err != nil {
		return err
	}
	return e.JSON(http.StatusOK, m.Record)
}
