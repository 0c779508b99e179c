package casework

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// AskToConfirm queues, inside the caller's transaction, the mail that asks the
// sender of a held submission to confirm his address. Where none may be sent the
// submission waits for staff, and the audit trail says why.
func (w *Work) AskToConfirm(tx core.App, f *desk.Feedback) error {
	s, err := desk.LoadSettings(tx)
	if err != nil {
		return err
	}
	to := personOf(f, s).email
	n, skip, err := w.confirmation(tx, f, s)
	if err != nil {
		return err
	}
	if skip == "" {
		skip, err = refuses(tx, to, s)
	}
	if err != nil {
		return err
	}
	if skip != "" {
		return desk.Record(tx, desk.Event{Feedback: f.Id, Kind: "confirm_skipped", After: map[string]any{"reason": skip}})
	}
	d, err := desk.NewNotice(tx, f.Id, to, n)
	if err != nil {
		return err
	}
	if err := desk.Save(tx, d.Record); err != nil {
		return err
	}
	return desk.Record(tx, desk.Event{Feedback: f.Id, Kind: "confirm_asked", After: map[string]any{"template": "confirm"}})
}

// confirmation renders the mail; skip says why there is none. Nothing of what
// the visitor wrote goes into it.
func (w *Work) confirmation(tx core.App, f *desk.Feedback, s *desk.Settings) (p desk.Payload, skip string, err error) {
	t, err := desk.FindTemplate(tx, desk.KindConfirm, f.Locale(), s.Locale)
	if errors.Is(err, desk.ErrNoTemplate) {
		return p, "no template confirm", nil
	}
	if err != nil {
		return p, "", err
	}
	name, _ := mail.SafeName(desk.OneLine(f.Name()))
	v := shopVars(s, t.Locale)
	v.Contact.Name, v.Contact.Locale = name, f.Locale()
	v.Case.Reference = f.Receipt()
	v.Now, v.ConfirmURL = desk.Now(tx), desk.ConfirmationLink
	p = desk.Payload{Kind: desk.KindConfirm, Token: mail.NewToken(), Nonce: nonce(), ToName: name, Locale: f.Locale()}
	if p.Subject, err = w.Liquid.Render(t.Subject, v); err == nil {
		p.Draft, err = w.Liquid.Render(t.Body, v)
	}
	if err != nil {
		return p, fmt.Sprintf("template confirm (%s): %v", t.Locale, err), nil
	}
	p.Subject = desk.OneLine(p.Subject)
	if !strings.Contains(p.Draft, desk.ConfirmationLink) { // a mail without it would be of no use
		p.Draft = strings.TrimRight(p.Draft, "\n") + "\n\n" + desk.ConfirmationLink
	}
	return p, "", nil
}

// confirmDay is how many such mails a mailbox gets in a day where the settings
// set no limit for acknowledgements.
const confirmDay = 3

// refuses says why an address gets no such mail; "" where it does.
func refuses(tx core.App, to string, s *desk.Settings) (string, error) {
	switch {
	case to == "":
		return "no mail address", nil
	case automatic(to):
		return "nobody reads mail at this address", nil
	}
	if dead, err := desk.Undeliverable(tx, to); dead || err != nil {
		return "mail to this address comes back", err
	}
	perDay := s.Limits.AckDay
	if perDay < 0 { // a stranger chooses to whom these go: there is always a limit
		perDay = confirmDay
	}
	capped, err := dayCap{to, desk.KindConfirm, perDay}.reached(tx)
	if capped {
		return "this address had its mails for today", err
	}
	return "", err
}

// automatic tells whether an address belongs to a program: nobody would press a
// button there, and mail to it may go round in circles (RFC 3834, section 2).
func automatic(addr string) bool {
	local, _, _ := strings.Cut(addr, "@")
	local, _, _ = strings.Cut(local, "+")
	local = strings.NewReplacer("-", "", "_", "", ".", "").Replace(local)
	names := []string{"noreply", "donotreply", "dontreply", "mailerdaemon", "postmaster", "bounce", "bounces", "autoreply", "autoresponder", "noresponse"}
	return slices.Contains(names, local)
}
