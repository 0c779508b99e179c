// Package staffing keeps the people who work here: who may sign in, how somebody
// new comes in, and how somebody leaves.
//
//	s := staffing.New(app, staffing.Config{Commit: commit, Page: "https://help.example.com/desk/"})
//	r, err := s.Add(staffing.Newcomer{Name: "林佳蓉", Email: "lin@example.com", Role: desk.RoleAgent})
//	sent, err := s.Invite(r.Id)
package staffing

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// seenEvery is how exact it is kept when somebody was last here.
const seenEvery = 5 * time.Minute

var (
	// ErrNobody says that there is no such person.
	ErrNobody = errors.New("there is no such person")
	// ErrNoAccess says that the person has no role, or is a program: nobody is
	// there who could choose a password.
	ErrNoAccess = errors.New("this one does not sign in with a password")
	// ErrTooSoon says that a link was sent less than a minute ago.
	ErrTooSoon = errors.New("a link has just been sent")
)

// Config is what the station needs of the world around it.
type Config struct {
	Commit *desk.Committer
	// Page gives the address of the page on which staff sign in, with a slash at
	// its end; "" where there is none.
	Page func() string
	// Send sends one mail now. Nil uses PocketBase's mail settings.
	Send func(m *mailer.Message) error
}

// Station holds no people, only when each was last noted as seen.
type Station struct {
	app core.App
	c   Config

	mu   sync.Mutex
	seen map[string]time.Time
}

// New makes the station.
func New(app core.App, c Config) *Station {
	if c.Send == nil {
		c.Send = func(m *mailer.Message) error { return app.NewMailClient().Send(m) }
	}
	return &Station{app: app, c: c, seen: map[string]time.Time{}}
}

// Newcomer is somebody who is to work here.
type Newcomer struct {
	Name     string
	Email    string
	Role     string // one of desk's roles
	Team     string // id, or ""
	Locale   string // en, zh-TW, ja, or "" for the shop's
	Password string // "" leaves it to the person, who is sent a link
}

// Add makes the record of somebody new. Errors are validation errors by field.
func (s *Station) Add(n Newcomer) (*core.Record, error) {
	if n.Role == "" {
		return nil, validation.Errors{"role": validation.NewError("validation_required", "Say what this person may do.")}
	}
	r, err := desk.New(s.app, desk.Agents)
	if err != nil {
		return nil, err
	}
	r.Set("name", strings.TrimSpace(n.Name))
	r.Set("role", n.Role)
	r.Set("team", n.Team)
	r.Set("locale", n.Locale)
	r.SetEmail(strings.TrimSpace(n.Email))
	r.SetEmailVisibility(true)
	if n.Password == "" {
		n.Password = security.RandomString(40) // nobody knows it
	}
	r.SetPassword(n.Password) // hashed here: that takes too long for a transaction
	if err := s.c.Commit.Do(func(tx core.App) error { return tx.Save(r) }); err != nil {
		return nil, err
	}
	return r, nil
}

// Deactivate takes the role away: the person's sessions end at once. Whose role is
// gone already stays so. may is asked in the same transaction.
func (s *Station) Deactivate(id string, may func(tx core.App) error) error {
	return s.c.Commit.Do(func(tx core.App) error {
		r, err := tx.FindRecordById(desk.Agents, id)
		if err != nil {
			return ErrNobody
		}
		if r.GetString("role") == "" {
			return nil
		}
		if err := may(tx); err != nil {
			return err
		}
		r.Set("role", "")
		return tx.Save(r)
	})
}

// Left notes on a record that is about to be saved that its role was taken away,
// or given again. Whoever lost it loses every session with it.
func Left(app core.App, r *core.Record) {
	before, now := r.Original().GetString("role"), r.GetString("role")
	switch {
	case before != "" && now == "":
		r.Set("deactivated_at", desk.Date(desk.Now(app)))
		r.RefreshTokenKey()
	case before == "" && now != "":
		r.Set("deactivated_at", "")
	}
}

// OtherAdmin tells whether somebody else than this person is an admin who may
// sign in at the Desk.
func OtherAdmin(app core.App, than string) (bool, error) {
	n, err := app.CountRecords(desk.Agents, dbx.HashExp{"role": desk.RoleAdmin}, dbx.NewExp("[[id]] != {:id}", dbx.Params{"id": than}))
	if err != nil {
		return false, fmt.Errorf("admins: %w", err)
	}
	return n > 0, nil
}

// Seen notes that somebody uses the Desk, at most every few minutes. No hook runs
// and nobody is told: it is no change of the person.
func (s *Station) Seen(agent *desk.Agent) error {
	now := desk.Now(s.app)
	s.mu.Lock()
	fresh := now.Sub(s.seen[agent.Id]) < seenEvery && !now.Before(s.seen[agent.Id])
	if !fresh {
		s.seen[agent.Id] = now
	}
	s.mu.Unlock()
	if fresh {
		return nil
	}
	return s.c.Commit.Do(func(tx core.App) error {
		_, err := tx.DB().Update(desk.Name(tx, desk.Agents), dbx.Params{"last_seen": desk.Date(now).String()}, dbx.HashExp{"id": agent.Id}).Execute()
		return err
	})
}
