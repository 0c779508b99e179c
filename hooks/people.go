package hooks

import (
	"errors"
	"net/http"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/assigning"
	"github.com/pocketdesk/pocketdesk/internal/desk/staffing"
)

const personBytes = 16 << 10

// startStaffing makes the station of the people who work here.
func (p *plugin) startStaffing() {
	p.staffing = staffing.New(p.app, staffing.Config{Commit: p.commit, Page: p.signInPage})
}

// signInPage is where agents sign in, as a whole address.
func (p *plugin) signInPage() string {
	base, on := p.config.deskBase()
	if !on {
		return strings.TrimRight(p.app.Settings().Meta.AppURL, "/") + "/_/"
	}
	return strings.TrimRight(p.app.Settings().Meta.AppURL, "/") + base + "/"
}

// bindPeople keeps who works here.
func (p *plugin) bindPeople() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.people",
		Func: func(e *core.ServeEvent) error {
			if !p.on() {
				return e.Next()
			}
			e.Router.GET("/api/desk/people", p.administers(p.people))
			e.Router.POST("/api/desk/people", p.administers(p.addPerson)).Bind(apis.BodyLimit(personBytes))
			e.Router.POST("/api/desk/people/{id}/invite", p.administers(p.invitePerson)).Bind(apis.BodyLimit(personBytes))
			e.Router.POST("/api/desk/people/{id}/deactivate", p.administers(p.deactivatePerson)).Bind(apis.BodyLimit(personBytes))
			return e.Next()
		},
	})
	p.bindPeopleGuards()
	p.bindSignedOut()
	p.bindStaffLetters()
	p.bindOtherAccounts()
}

func (p *plugin) people(e *core.RequestEvent, agent *desk.Agent) error {
	list, err := p.staffing.People()
	if err != nil {
		return err
	}
	c, err := p.app.FindCachedCollectionByNameOrId(desk.Agents)
	if err != nil {
		return err
	}
	_, on := p.config.deskBase()
	return e.JSON(http.StatusOK, map[string]any{
		"people": list, "me": agent.Id, "page": p.signInPage(), "desk": on, "mail": desk.MailOn(p.app),
		"ways": map[string]bool{"password": c.PasswordAuth.Enabled, "code": c.OTP.Enabled, "accounts": c.OAuth2.Enabled, "two_steps": c.MFA.Enabled},
	})
}

// addPerson makes somebody new and, where no password was given, sends the link to
// choose one.
func (p *plugin) addPerson(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct {
		Name     string `json:"name"`
		Email    string `json:"email"`
		Role     string `json:"role"`
		Team     string `json:"team"`
		Locale   string `json:"locale"`
		Password string `json:"password"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	r, err := p.staffing.Add(staffing.Newcomer(body))
	if err != nil {
		return err
	}
	out := map[string]any{}
	if body.Password == "" && body.Role != desk.RoleIntegration {
		// whoever exists stays, even where the link can't be sent: it can be sent again
		if out["invitation"], err = p.staffing.Invite(agent, r.Id); err != nil {
			return err
		}
	}
	if out["person"], err = p.staffing.Person(r.Id); err != nil {
		return err
	}
	return e.JSON(http.StatusOK, out)
}

// invitePerson sends the link again.
func (p *plugin) invitePerson(e *core.RequestEvent, agent *desk.Agent) error {
	sent, err := p.staffing.Invite(agent, e.Request.PathValue("id"))
	switch {
	case errors.Is(err, staffing.ErrNobody):
		return nobodyThere(e)
	case errors.Is(err, staffing.ErrNoAccess):
		return refuse("role", "no_access", "Somebody without a role, and a program, signs in with no password. Give a role first.")
	case errors.Is(err, staffing.ErrTooSoon):
		e.Response.Header().Set("Retry-After", "60")
		return e.TooManyRequestsError("A link has just been sent. Wait a minute.", nil)
	case err != nil:
		return err
	}
	return e.JSON(http.StatusOK, sent)
}

// deactivatePerson takes the role away, and gives the open cases to others; with
// preview it only tells where they would go.
func (p *plugin) deactivatePerson(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct {
		To      string `json:"to"`
		Preview bool   `json:"preview"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	who := assigning.Handover{Agent: agent, Of: e.Request.PathValue("id"), To: body.To, Preview: true}
	would, err := p.assigning.HandOver(who) // refuses who is unknown or can't take them, before anything is done
	if errors.Is(err, assigning.ErrNobody) {
		return nobodyThere(e)
	}
	if err != nil || body.Preview {
		return orJSON(e, would, err)
	}
	may := func(tx core.App) error { return p.mayRemove(tx, agent, who.Of) }
	if err := p.staffing.Deactivate(who.Of, may); err != nil {
		return err
	}
	who.Preview = false
	done, err := p.assigning.HandOver(who)
	if err == nil && (done.Kept > 0 || done.More) { // what the one named may not see goes as an absence's does
		who.To = ""
		var rest *assigning.Handed
		if rest, err = p.assigning.HandOver(who); err == nil {
			done = together(done, rest)
		}
	}
	return orJSON(e, done, err)
}

func orJSON(e *core.RequestEvent, v any, err error) error {
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, v)
}

func nobodyThere(e *core.RequestEvent) error { return e.NotFoundError("There is no such person.", nil) }

// together adds up two handovers of the same person.
func together(a, b *assigning.Handed) *assigning.Handed {
	out := &assigning.Handed{To: append([]assigning.Share{}, a.To...), Full: append([]assigning.Share{}, b.Full...), Queue: a.Queue + b.Queue, Kept: b.Kept, More: b.More}
	for _, share := range b.To {
		found := false
		for i := range out.To {
			if out.To[i].ID == share.ID {
				out.To[i].Count, found = out.To[i].Count+share.Count, true
			}
		}
		if !found {
			out.To = append(out.To, share)
		}
	}
	return out
}
