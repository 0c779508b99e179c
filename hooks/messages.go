package hooks

import (
	"fmt"
	"net/http"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
)

func (p *plugin) bindMessages() {
	p.app.OnRecordCreateRequest(desk.Messages).Bind(&hook.Handler[*core.RecordRequestEvent]{
		Id: "pocketdesk.messages.write", Priority: 999, Func: p.write,
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
	e.Record.Id = core.GenerateDefaultRandomId()
	written, err := p.work.Write(e.App, casework.Entry{Case: c, Agent: agent, Message: desk.AsMessage(e.Record), Status: status})
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
		return answer(err)
	}
	p.outbox.Kick()
	if err := apis.EnrichRecord(e.RequestEvent, e.Record); err != nil {
		return err
	}
	return e.JSON(http.StatusOK, e.Record)
}
