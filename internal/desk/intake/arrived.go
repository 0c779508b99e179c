package intake

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// arrival is a case that a submission opened.
type arrival struct {
	opened   *desk.Case
	feedback *desk.Feedback
	letter   *desk.Letter // nil for none
	by       string       // agent who let it in or entered it
}

// arrived tells of a case that a visitor's message opened.
func (in *Intake) arrived(tx core.App, a arrival) error {
	if in.Arrived == nil || a.letter != nil && a.letter.Old {
		return nil
	}
	if slices.Contains([]string{desk.SourceImport, desk.SourceDemo, desk.SourcePhone}, a.feedback.Source()) {
		return nil
	}
	if err := in.Arrived(tx, a.opened, a.by); err != nil {
		return fmt.Errorf("tell of the case: %w", err)
	}
	return nil
}

// agent is the member of staff who entered the submission, or "".
func (s Submission) agent() string {
	if s.Request == nil {
		return ""
	}
	id, ok := strings.CutPrefix(s.Request.Caller, desk.Agents+"/")
	if !ok {
		return ""
	}
	return id
}
