package many

import (
	"database/sql"
	"errors"
	"fmt"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Refusal says why nothing was done on a case. Code is for programs, Message
// for people, Data what the sentence names.
type Refusal struct {
	Code    string         `json:"code"`
	Message string         `json:"message"`
	Data    map[string]any `json:"data,omitempty"`
}

func (r *Refusal) Error() string { return r.Message }

// Codes of refusals that this station makes itself.
const (
	CodeGone          = "gone"
	CodeChanged       = "changed"       // data: by
	CodeMerged        = "merged"        // the case was taken over by another
	CodeNoAddress     = "no_address"    // nobody to answer to
	CodeBlocked       = "blocked"       // the visitor is
	CodeUndeliverable = "undeliverable" // mail there comes back
	CodeEmpty         = "empty"         // data: names
	CodeBlank         = "blank"         // data: what; the template leaves a place open
	CodeText          = "text"          // the answer can't be rendered
	CodeTags          = "tags"          // too many
	CodeUndo          = "undo"          // the client's note can't be used
	CodeStopped       = "stopped"       // nobody waited for the answer any more
	CodeFault         = "fault"
)

func gone() error { return &Refusal{Code: CodeGone, Message: "There is no such case."} }

// changed names who was faster, where that is known: the colleague who did
// something last since a version. What rules did after him isn't in the way.
func (p *plan) changed(app core.App, c *desk.Case, since int) error {
	r := &core.Record{}
	err := app.RecordQuery(desk.Events).AndWhere(inCase(c.Id)).
		AndWhere(dbx.NewExp("[[version]] > {:since} AND [[version]] > 0 AND [[actor]] != '' AND [[actor]] != {:me}", dbx.Params{"since": since, "me": p.agent.Id})).
		OrderBy("version DESC", "rowid DESC").Limit(1).One(r)
	by := ""
	if err == nil {
		if who, err := app.FindRecordById(desk.Agents, r.GetString("actor")); err == nil {
			by = who.GetString("name")
		}
	}
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	message := "This case was changed meanwhile; look at it again."
	if by != "" {
		message = fmt.Sprintf("%s changed this case meanwhile; look at it again.", by)
	}
	return &Refusal{Code: CodeChanged, Message: message, Data: map[string]any{"by": by}}
}

// failed puts an error into words. What staff need not know of the inside is
// for the log.
func (s *Station) failed(app core.App, id string, number int, err error) Failed {
	f := Failed{ID: id, Number: number}
	var fields validation.Errors
	switch {
	case errors.As(err, &f.Refusal):
	case errors.As(err, &fields):
		f.Refusal = &Refusal{Code: CodeText}
		for _, e := range fields { // one field at most
			f.Refusal.Message = e.Error()
			if v, ok := e.(validation.Error); ok {
				f.Refusal.Code = v.Code()
			}
		}
	default:
		f.Refusal = s.Explain(err)
	}
	if f.Refusal == nil {
		app.Logger().Error("many: a case failed", "case", id, "error", err)
		f.Refusal = &Refusal{Code: CodeFault, Message: "Something went wrong. Try it again."}
	}
	return f
}
