package intake

import (
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// holdUnconfirmed makes an accepted message of a guest, or of the sender of a mail,
// wait until he confirms his mail address, where the shop wants that. Whom a rule of
// the shop lets through need not.
func (in *Intake) holdUnconfirmed(app core.App, s Submission, v *screened, settings *desk.Settings) {
	if v.Outcome != spam.Accepted || v.rules == ruledIn || !in.asksConfirmation(app, s, settings) {
		return
	}
	if slices.Contains([]string{desk.SourcePhone, desk.SourceImport}, s.Feedback.Source()) {
		return
	}
	v.Outcome, v.unconfirmed = spam.Quarantined, true
	v.Signals = append(v.Signals, spam.Noticed("unconfirmed", "The visitor has not confirmed the mail address yet.", nil))
}
