package many

import (
	"fmt"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// render fills an answer in for one case. A letter with a hole in it is none:
// nobody reads a hundred letters before they leave.
func (s *Station) render(app core.App, p *plan, c *desk.Case) (*Letter, error) {
	to, err := s.Address(app, c)
	if err != nil {
		return nil, err
	}
	if to == "" {
		return nil, &Refusal{Code: CodeNoAddress, Message: "This visitor left no mail address; phone instead."}
	}
	if err := reaches(app, c, to); err != nil {
		return nil, err
	}
	a := p.answer
	out, err := s.Render(app, Draft{Case: c, Agent: p.agent, Template: a.Template, Subject: a.Subject, Body: a.Body, Locale: a.Locale})
	if err != nil {
		return nil, &Refusal{Code: CodeText, Message: sentence(err)}
	}
	out.To = to
	if len(out.Empty) > 0 {
		names := strings.Join(out.Empty, ", ")
		return &out, &Refusal{Code: CodeEmpty, Message: fmt.Sprintf("The answer would have a hole: there is no %s on this case.", names), Data: map[string]any{"names": names}}
	}
	if hole := desk.Blank(out.Subject + "\n" + out.Body); hole != "" {
		return &out, &Refusal{Code: CodeBlank, Message: fmt.Sprintf("The template leaves %s to whoever writes; answer this case by hand.", desk.Clip(hole, 80)), Data: map[string]any{"what": desk.Clip(hole, 80)}}
	}
	if strings.TrimSpace(out.Body) == "" {
		return &out, &Refusal{Code: CodeText, Message: "Nothing is left of the answer for this case."}
	}
	return &out, nil
}

// reaches refuses whom no list of answers should write to: somebody who is
// blocked, and an address from which mail comes back. By hand it can still be tried.
func reaches(app core.App, c *desk.Case, to string) error {
	if r, err := app.FindRecordById(desk.Contacts, c.Contact()); err == nil && r.GetBool("blocked") {
		return &Refusal{Code: CodeBlocked, Message: "This visitor is blocked; answer by hand if you want to."}
	}
	i, err := desk.MailIdentity(app, c.Contact(), to)
	if err == nil && i != nil && i.State() == desk.StateUndeliverable {
		return &Refusal{Code: CodeUndeliverable, Message: "Mail to this address comes back; phone instead."}
	}
	return err
}
