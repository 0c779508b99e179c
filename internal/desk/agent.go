package desk

import (
	"errors"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
)

// Roles of an agent.
const (
	RoleAgent       = "agent"
	RoleSupervisor  = "supervisor"
	RoleAdmin       = "admin"
	RoleIntegration = "integration"
)

// Agent is a member of staff, or a program that acts for the shop.
type Agent struct {
	core.BaseRecordProxy
	Superuser bool
}

// ErrNotStaff is what a guest, or somebody of the host's own collections, gets.
var ErrNotStaff = errors.New("only staff may do this")

// AgentOf is who acts with this authentication. A superuser gets an agents
// record with the same mail address, made on first use, so that all that he
// writes has an author.
func AgentOf(app core.App, auth *core.Record) (*Agent, error) {
	switch {
	case auth == nil:
		return nil, ErrNotStaff
	case auth.IsSuperuser():
		return agentOfSuperuser(app, auth)
	case auth.Collection().Id == Agents && auth.GetString("role") != "":
		return asAgent(auth, false), nil
	}
	return nil, ErrNotStaff
}

// ReaderOf is AgentOf for a request that changes nothing: a superuser without a
// record is not given one.
func ReaderOf(app core.App, auth *core.Record) (*Agent, error) {
	if auth == nil || !auth.IsSuperuser() {
		return AgentOf(app, auth)
	}
	if r, err := app.FindAuthRecordByEmail(Agents, auth.Email()); err == nil {
		return asAgent(r, true), nil
	}
	r, err := New(app, Agents)
	if err != nil {
		return nil, err
	}
	r.Id = "-" // nothing is assigned to it
	return asAgent(r, true), nil
}

func asAgent(r *core.Record, superuser bool) *Agent {
	a := &Agent{Superuser: superuser}
	a.SetProxyRecord(r)
	return a
}

func agentOfSuperuser(app core.App, auth *core.Record) (*Agent, error) {
	if r, err := app.FindAuthRecordByEmail(Agents, auth.Email()); err == nil {
		return asAgent(r, true), nil
	}
	r, err := New(app, Agents)
	if err != nil {
		return nil, err
	}
	name, _, _ := strings.Cut(auth.Email(), "@")
	r.SetEmail(auth.Email())
	r.Set("name", name)
	// Without a role nobody can sign in with this record: the superuser signs in
	// as such, and loses the Desk together with the dashboard.
	r.SetPassword(security.RandomString(40))
	if err := app.Save(r); err != nil {
		// another request of the same superuser may have been faster
		if again, findErr := app.FindAuthRecordByEmail(Agents, auth.Email()); findErr == nil {
			return asAgent(again, true), nil
		}
		return nil, err
	}
	return asAgent(r, true), nil
}

func (a *Agent) Name() string      { return a.GetString("name") }
func (a *Agent) Team() string      { return a.GetString("team") }
func (a *Agent) Signature() string { return a.GetString("signature") }

// Role is admin for every superuser.
func (a *Agent) Role() string {
	if a.Superuser {
		return RoleAdmin
	}
	return a.GetString("role")
}

// Admin tells whether the agent keeps rules, templates and settings.
func (a *Agent) Admin() bool { return a.Role() == RoleAdmin }

// Works tells whether the agent is a person who works cases.
func (a *Agent) Works() bool { return a.Role() != RoleIntegration }

// SeesAll tells whether cases of every team are the agent's to see.
func (a *Agent) SeesAll() bool { return a.Role() != RoleAgent }

// Sees tells whether the agent may see a case of this team.
func (a *Agent) Sees(team string) bool {
	return a.SeesAll() || team == "" || team == a.Team()
}

// FindAgent finds a member of staff by id. Records without a role are of
// superusers, who see all.
func FindAgent(app core.App, id string) (*Agent, error) {
	r, err := app.FindRecordById(Agents, id)
	if err != nil {
		return nil, err
	}
	return asAgent(r, r.GetString("role") == ""), nil
}

// StaffLocale is the language of a mail to staff: the person's, else the shop's, of
// those that the Desk speaks.
func StaffLocale(own, shop string) string {
	for _, l := range []string{own, shop} {
		switch low := strings.ToLower(l); {
		case strings.HasPrefix(low, "zh"):
			return "zh-TW"
		case strings.HasPrefix(low, "ja"):
			return "ja"
		case strings.HasPrefix(low, "en"):
			return "en"
		}
	}
	return "en"
}
