package staffing

import (
	"errors"
	"fmt"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

const (
	welcomeDays = 7                // how long a link of an invitation works
	sendPause   = time.Minute      // between two links to one person
	sendWait    = 20 * time.Second // how long a mail server may take while an admin waits
)

// Sent tells what became of a link to choose a password.
type Sent struct {
	Mailed bool `json:"mailed"`
	// Link is there only where no mail could leave, so that the admin hands it on.
	Link    string `json:"link,omitempty"`
	Problem string `json:"problem,omitempty"` // why none left: no_mail_server, or the server's words
}

// Invite sends somebody a link with which he chooses his password: for 7 days as
// long as he has never proven his address, else as long as PocketBase's own.
// Errors: [ErrNobody], [ErrNoAccess], [ErrTooSoon].
func (s *Station) Invite(by *desk.Agent, id string) (*Sent, error) {
	r, err := s.app.FindRecordById(desk.Agents, id)
	if err != nil {
		return nil, ErrNobody
	}
	if role := r.GetString("role"); role == "" || role == desk.RoleIntegration {
		return nil, ErrNoAccess
	}
	if err := s.mark(id); err != nil {
		return nil, err
	}
	kind, good, lasts := LetterWelcome, welcomeDays, welcomeDays*24*time.Hour
	if r.Verified() {
		lasts = r.Collection().PasswordResetToken.DurationTime()
		kind, good = LetterReset, max(1, int(lasts.Minutes()))
	}
	token, err := token(r, lasts)
	if err != nil {
		return nil, err
	}
	link := s.Link(kind, token)
	if !desk.MailOn(s.app) {
		return &Sent{Link: link, Problem: "no_mail_server"}, nil
	}
	m, err := s.Compose(Letter{Kind: kind, To: r, Link: link, By: by.Name(), Good: good})
	if err != nil {
		return nil, err
	}
	if err := s.send(m); err != nil {
		return &Sent{Link: link, Problem: desk.Clip(desk.OneLine(err.Error()), 300)}, nil
	}
	return &Sent{Mailed: true}, nil
}

// mark notes that a link is sent, unless one has just been.
func (s *Station) mark(id string) error {
	return s.c.Commit.Do(func(tx core.App) error {
		r, err := tx.FindRecordById(desk.Agents, id)
		if err != nil {
			return ErrNobody
		}
		now := desk.Now(tx)
		if last := r.GetDateTime("invited_at").Time(); !last.IsZero() && now.Sub(last) < sendPause && !now.Before(last) {
			return ErrTooSoon
		}
		_, err = tx.DB().Update(desk.Name(tx, desk.Agents), dbx.Params{"invited_at": desk.Date(now).String()}, dbx.HashExp{"id": id}).Execute()
		return err
	})
}

// Link is the page on which a password is chosen. The token stands behind the #,
// which browsers send to nobody.
func (s *Station) Link(kind, token string) string {
	what := "password"
	if kind == LetterWelcome {
		what = "welcome"
	}
	return s.c.Page() + "#/" + what + "/" + token
}

// token is PocketBase's own for choosing a password, good for another time. It is
// bound to the password of now, so it works once.
func token(r *core.Record, lasts time.Duration) (string, error) {
	c := r.Collection()
	claims := map[string]any{
		core.TokenClaimType: core.TokenTypePasswordReset, core.TokenClaimId: r.Id,
		core.TokenClaimCollectionId: c.Id, core.TokenClaimEmail: r.Email(),
	}
	out, err := security.NewJWT(claims, r.TokenKey()+c.PasswordResetToken.Secret, lasts)
	if err != nil {
		return "", fmt.Errorf("link: %w", err)
	}
	return out, nil
}

// send waits for the mail server, but not for ever.
func (s *Station) send(m *mailer.Message) error {
	done := make(chan error, 1)
	go func() { done <- s.c.Send(m) }()
	select {
	case err := <-done:
		return err
	case <-time.After(sendWait):
		return errors.New("the mail server did not answer in time")
	}
}
