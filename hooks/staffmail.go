package hooks

import (
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/staffing"
)

// bindStaffLetters writes the mails about signing in in the person's language,
// and has their links lead to the page for agents: PocketBase's lead into its
// dashboard. A text that the host gave the collection stays.
func (p *plugin) bindStaffLetters() {
	usual := core.NewAuthCollection("usual")
	p.app.OnMailerRecordPasswordResetSend(desk.Agents).Bind(&hook.Handler[*core.MailerRecordEvent]{
		Id: "pocketdesk.mail.reset",
		Func: func(e *core.MailerRecordEvent) error {
			c := e.Record.Collection()
			token, _ := e.Meta["token"].(string)
			if _, on := p.config.deskBase(); !p.on() || !on || token == "" || c.ResetPasswordTemplate != usual.ResetPasswordTemplate {
				return e.Next()
			}
			return p.ownLetter(e, staffing.Letter{
				Kind: staffing.LetterReset, To: e.Record, Link: p.staffing.Link(staffing.LetterReset, token),
				Good: int(c.PasswordResetToken.DurationTime().Minutes()),
			})
		},
	})
	p.app.OnMailerRecordOTPSend(desk.Agents).Bind(&hook.Handler[*core.MailerRecordEvent]{
		Id: "pocketdesk.mail.code",
		Func: func(e *core.MailerRecordEvent) error {
			c := e.Record.Collection()
			code, _ := e.Meta["password"].(string)
			if !p.on() || code == "" || c.OTP.EmailTemplate != usual.OTP.EmailTemplate {
				return e.Next()
			}
			return p.ownLetter(e, staffing.Letter{Kind: staffing.LetterCode, To: e.Record, Code: code, Good: int(c.OTP.DurationTime().Minutes())})
		},
	})
	p.app.OnRecordRequestPasswordResetRequest(desk.Agents).Bind(&hook.Handler[*core.RecordRequestPasswordResetRequestEvent]{
		Id: "pocketdesk.signin.reset",
		Func: func(e *core.RecordRequestPasswordResetRequestEvent) error {
			from := trackFrom(e.RequestEvent)
			many := from != "" && p.signIns != nil && p.signIns.Add("reset "+from) > signInCodes
			if many || e.Record.GetString("role") == "" || strings.TrimSpace(e.Record.Email()) == "" {
				return e.NoContent(http.StatusNoContent) // as for somebody who does not exist
			}
			return e.Next()
		},
	})
}

// ownLetter puts our words in place of PocketBase's.
func (p *plugin) ownLetter(e *core.MailerRecordEvent, l staffing.Letter) error {
	l.Good = max(1, l.Good)
	m, err := p.staffing.Compose(l)
	if err != nil { // its own words are better than no mail
		p.app.Logger().Warn("PocketDesk could not word a mail to staff", "kind", l.Kind, "error", err)
		return e.Next()
	}
	m.From, m.To = e.Message.From, e.Message.To
	m.Headers, m.Attachments = e.Message.Headers, e.Message.Attachments
	e.Message = m
	return e.Next()
}
