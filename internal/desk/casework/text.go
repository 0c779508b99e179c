package casework

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/phone"
	"github.com/pocketdesk/pocketdesk/internal/sms"
)

// writeText checks an answer by SMS and finds out where it goes.
func (w *Work) writeText(app core.App, out *Written) error {
	c, m := out.entry.Case, out.entry.Message
	if len(m.GetUnsavedFiles("attachments")) > 0 {
		return fieldError("attachments", "validation_sms", "A text message carries no files. Send a mail, or the link to the tracking page.")
	}
	if err := w.fillIn(app, out); err != nil {
		return err
	}
	m.Set("subject", "")
	m.Set("body", strings.TrimSpace(m.Body()))
	s, err := desk.LoadSettings(app)
	if err != nil {
		return err
	}
	if out.to.addr, err = ReplyNumber(app, c); err != nil {
		return err
	}
	if out.to.addr == "" {
		return fieldError("channel", "validation_no_phone", "This visitor left no phone number; write a mail instead.")
	}
	if n := w.parts(app, c, m.Body()); n > s.SMS.MaxParts {
		return fieldError("body", "validation_parts", fmt.Sprintf("This text takes %d messages; %d are the most.", n, s.SMS.MaxParts))
	}
	return nil
}

// parts is how many messages a text takes with its link.
func (w *Work) parts(app core.App, c *desk.Case, text string) int {
	if w.TrackingURL != nil {
		text = strings.ReplaceAll(text, desk.TrackingLink, w.TrackingURL(app, c))
	}
	return sms.Measure(text).Parts
}

// ackText is the key of the template that acknowledges by SMS.
const ackText = "ack_sms"

// goByText has the acknowledgement go to a phone. Texts cost the shop money, and
// anybody can type a number: none goes to a landline or abroad, and there is
// always a limit a day.
func (a *ack) goByText(w *Work, number string, s *desk.Settings) {
	a.to, a.by = number, desk.BySMS
	if a.perDay < 0 {
		a.perDay = mailDay
	}
	if _, home := phone.National(number, s.Region()); !home || !phone.Mobile(number) {
		a.skip = "no mobile number of this country"
	}
	a.tooLong = func(app core.App, c *desk.Case) string {
		if n := w.parts(app, c, strings.TrimSpace(a.body)); n > s.SMS.MaxParts {
			return fmt.Sprintf("the text takes %d messages; %d are the most", n, s.SMS.MaxParts)
		}
		return ""
	}
}

// ReplyNumber is the number, in E.164, to which a text on the case goes: the one
// typed with it, else one of the contact's that is verified; see [ReplyAddress].
// "" where there is none.
func ReplyNumber(app core.App, c *desk.Case) (string, error) {
	s, err := desk.LoadSettings(app)
	if err != nil {
		return "", err
	}
	if f, err := desk.FindFeedback(app, c.Feedback()); err == nil {
		if number := personOf(f, s).phone; number != "" {
			return number, nil
		}
	}
	if number := c.GetString("begun_phone"); number != "" {
		return number, nil
	}
	rows, err := app.FindAllRecords(desk.Identities, dbx.HashExp{
		"contact": c.Contact(), "kind": desk.KindPhone, "state": desk.StateVerified,
	})
	if err != nil || len(rows) == 0 {
		return "", err
	}
	return desk.AsIdentity(rows[0]).Value(), nil
}
