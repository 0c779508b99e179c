package staffing

import (
	"fmt"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// What somebody is to the Desk.
const (
	StateActive      = "active"
	StateInvited     = "invited"     // was sent a link and has not used it
	StateSuperuser   = "superuser"   // signs in to the dashboard
	StateDeactivated = "deactivated" // has no role
)

// Person is one member of staff, as admins see him.
type Person struct {
	ID            string         `json:"id"`
	Name          string         `json:"name"`
	Email         string         `json:"email"`
	Role          string         `json:"role"`
	Team          string         `json:"team"`
	Locale        string         `json:"locale"`
	State         string         `json:"state"`
	Verified      bool           `json:"verified"` // the mail address has been proven
	LastSeen      types.DateTime `json:"last_seen"`
	InvitedAt     types.DateTime `json:"invited_at"`
	DeactivatedAt types.DateTime `json:"deactivated_at"`
	MFA           bool           `json:"mfa"`      // is asked for a second step
	Accounts      []string       `json:"accounts"` // signs in with these, too: google, oidc
}

// People are all members of staff, those who may sign in first, by name.
func (s *Station) People() ([]Person, error) {
	var rows []*core.Record
	if err := s.app.RecordQuery(desk.Agents).OrderBy("name", "id").All(&rows); err != nil {
		return nil, fmt.Errorf("people: %w", err)
	}
	accounts, err := s.accounts()
	if err != nil {
		return nil, err
	}
	in, out := []Person{}, []Person{}
	for _, r := range rows {
		p := s.person(r)
		p.Accounts = append(p.Accounts, accounts[r.Id]...)
		if p.State == StateDeactivated {
			out = append(out, p)
		} else {
			in = append(in, p)
		}
	}
	return append(in, out...), nil
}

// Person is one of them. Error: [ErrNobody].
func (s *Station) Person(id string) (*Person, error) {
	r, err := s.app.FindRecordById(desk.Agents, id)
	if err != nil {
		return nil, ErrNobody
	}
	p := s.person(r)
	return &p, nil
}

func (s *Station) person(r *core.Record) Person {
	return Person{
		ID: r.Id, Name: r.GetString("name"), Email: r.Email(), Role: r.GetString("role"), Team: r.GetString("team"),
		Locale: r.GetString("locale"), State: s.state(r), Verified: r.Verified(), LastSeen: r.GetDateTime("last_seen"),
		InvitedAt: r.GetDateTime("invited_at"), DeactivatedAt: r.GetDateTime("deactivated_at"), MFA: s.second(r), Accounts: []string{},
	}
}

func (s *Station) state(r *core.Record) string {
	if r.GetString("role") != "" {
		if !r.Verified() && !r.GetDateTime("invited_at").IsZero() {
			return StateInvited
		}
		return StateActive
	}
	if _, err := s.app.FindAuthRecordByEmail(core.CollectionNameSuperusers, r.Email()); err == nil {
		return StateSuperuser
	}
	return StateDeactivated
}

// second tells whether signing in takes two steps for somebody: PocketBase may
// ask it of all, or by a rule.
func (s *Station) second(r *core.Record) bool {
	mfa := r.Collection().MFA
	if !mfa.Enabled || mfa.Rule == "" {
		return mfa.Enabled
	}
	asked, err := s.app.CanAccessRecord(r, &core.RequestInfo{Context: core.RequestInfoContextPasswordAuth}, &mfa.Rule)
	return err == nil && asked
}

// accounts are the names of the providers by person.
func (s *Station) accounts() (map[string][]string, error) {
	var rows []struct {
		Person   string `db:"recordRef"`
		Provider string `db:"provider"`
	}
	err := s.app.DB().Select("recordRef", "provider").From(core.CollectionNameExternalAuths).
		Where(dbx.HashExp{"collectionRef": desk.Agents}).OrderBy("provider").All(&rows)
	if err != nil {
		return nil, fmt.Errorf("accounts of people: %w", err)
	}
	out := map[string][]string{}
	for _, row := range rows {
		out[row.Person] = append(out[row.Person], row.Provider)
	}
	return out, nil
}
