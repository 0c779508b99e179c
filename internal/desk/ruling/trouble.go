package ruling

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Why a rule, or one of its actions, can't be used. They stand before a colon in
// "failed" of rules and of what they did, with what is concerned after it:
// "no_template: nudge".
const (
	CodeNoTemplate   = "no_template"
	CodeBlank        = "blank"     // the template leaves a place to whoever writes
	CodeNoLetter     = "no_letter" // the template is no mail
	CodeTemplate     = "template"  // it can't be rendered
	CodeNoTeam       = "no_team"
	CodeNoCategory   = "no_category"
	CodeNoAgent      = "no_agent"
	CodeNoWebhook    = "no_webhook"
	CodeNoEscalation = "no_escalation"
	CodeFilter       = "filter"   // a field that it names is gone
	CodeSlow         = "slow"     // the filter takes too long
	CodeRule         = "rule"     // something else of the rule can't be used any more
	CodeLoop         = "loop"     // it ran too often on one case, whose number follows
	CodeOften        = "often"    // it did something on one case too often within a week, and rests there
	CodeSlowOff      = "slow_off" // it was too slow again and again, and is switched off
	CodeRefused      = "refused"
	CodeError        = "error" // the server's log tells more
)

// trouble says why a rule can't be used.
type trouble struct{ code, detail string }

// Error is what is kept: code and detail.
func (t *trouble) Error() string {
	if t.detail == "" {
		return t.code
	}
	return desk.Clip(t.code+": "+t.detail, 900)
}

// sentence tells the person who saves the rule how to mend it.
func (t *trouble) sentence() string {
	what := desk.Clip(t.detail, 60)
	switch t.code {
	case CodeNoTemplate:
		return fmt.Sprintf("there is no enabled template %q; enable it, or choose another one", what)
	case CodeNoLetter:
		return fmt.Sprintf("template %q is no answer by mail; choose another one", what)
	case CodeBlank:
		return fmt.Sprintf("template %q leaves a place open for whoever writes, and nobody reads it before it leaves; fill that in, or choose another one", what)
	case CodeNoTeam:
		return fmt.Sprintf("there is no team %q; choose one that is there", what)
	case CodeNoCategory:
		return fmt.Sprintf("there is no category %q; choose one that is there", what)
	case CodeNoAgent:
		return fmt.Sprintf("there is no colleague %q; choose somebody else", what)
	case CodeNoWebhook:
		return fmt.Sprintf("there is no webhook %q in use; enable it, or choose another one", what)
	case CodeNoEscalation:
		return fmt.Sprintf("there is no escalation %q in use; enable it, or choose another one", what)
	}
	return "it can't be used"
}

// find finds a record; nil where there is none.
func find(app core.App, collection, id string) (*core.Record, error) {
	r, err := app.FindRecordById(collection, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return r, err
}

// readTrouble reads what [trouble.Error] wrote.
func readTrouble(s string) *trouble {
	code, detail, _ := strings.Cut(s, ": ")
	return &trouble{code, detail}
}
