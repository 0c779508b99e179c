package hooks

import (
	"net/http"
	"strconv"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/membership"
	"github.com/pocketdesk/pocketdesk/internal/liquid"
)

// startMembers builds the station for members, and has the door tell it of those
// for whom the shop's site vouches.
func (p *plugin) startMembers() {
	p.members = membership.New(p.app, membership.Config{
		Commit: p.commit,
		Render: func(app core.App, l membership.Letter) (membership.Text, error) {
			t, err := p.work.Preview(app, casework.Draft{
				Case: l.Case, Agent: l.Agent, Template: membership.Template,
				Invite: &liquid.Invite{SignupURL: l.SignupURL, Coupon: l.Coupon},
			})
			return membership.Text{Subject: t.Subject, Body: t.Body, Locale: t.Locale, Empty: t.Empty}, err
		},
		Write: func(app core.App, e membership.Entry) (membership.Saver, error) {
			return p.work.Write(app, casework.Entry{Case: e.Case, Agent: e.Agent, Message: e.Message, AsTyped: true})
		},
	})
	p.door.Vouched = p.members.Vouched
}

func (p *plugin) bindMembers() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.members",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.POST("/api/desk/contacts/{id}/member", p.works(p.markMember))
				e.Router.POST("/api/desk/cases/{id}/invite", p.works(p.invite))
				e.Router.GET("/api/desk/invitations/report", p.works(p.invitationReport))
				e.Router.POST("/api/desk/invitations/converted", p.reads(p.invitationConverted))
			}
			return e.Next()
		},
	})
}

// markMember notes that a contact is a member, or takes that back.
func (p *plugin) markMember(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.contactFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	var body struct {
		Member *bool  `json:"member"`
		Number string `json:"number"`
		Case   string `json:"case"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", nil)
	}
	if body.Member == nil {
		return refuse("member", "validation_required", "Say whether it is a member: true or false.")
	}
	m := membership.Marking{Contact: c.Id, Number: body.Number, Agent: agent}
	if on, err := desk.FindCase(p.app, body.Case); err == nil && agent.Sees(on.Team()) {
		m.Case = on.Id
	}
	if *body.Member {
		err = p.members.Mark(m)
	} else {
		err = p.members.Unmark(m)
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, map[string]any{})
}

// invite shows the mail that would invite the visitor of a case, or sends it.
func (p *plugin) invite(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.caseFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	var body struct {
		Preview bool    `json:"preview"`
		Coupon  *string `json:"coupon"`
		Asked   bool    `json:"asked"`
		Again   bool    `json:"again"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", nil)
	}
	to, err := casework.ReplyAddress(p.app, c)
	if err != nil {
		return err
	}
	i := membership.Invitation{Case: c, Agent: agent, Coupon: body.Coupon, Asked: body.Asked, Again: body.Again, To: to}
	if body.Preview {
		offer, err := p.members.Offer(i)
		if err != nil {
			return err
		}
		return e.JSON(http.StatusOK, offer)
	}
	sent, err := p.members.Invite(i)
	if err != nil {
		return err
	}
	p.outbox.Kick()
	return e.JSON(http.StatusOK, sent)
}

// invitationReport counts what invitations led to: an agent sees his own,
// supervisors and admins those of all.
func (p *plugin) invitationReport(e *core.RequestEvent, agent *desk.Agent) error {
	days, err := strconv.Atoi(e.Request.URL.Query().Get("days"))
	if err != nil {
		days = 30
	}
	only := agent.Id
	if agent.SeesAll() {
		only = ""
	}
	report, err := p.members.Report(min(max(days, 1), 366), only)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, report)
}

// invitationConverted takes the shop's word that somebody signed up by the link
// of an invitation.
func (p *plugin) invitationConverted(e *core.RequestEvent, _ *desk.Agent) error {
	var body struct {
		Ref    string `json:"ref"`
		Number string `json:"number"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", nil)
	}
	if len(body.Ref) > 100 || len(body.Number) > 254 {
		return e.BadRequestError("", nil)
	}
	found, err := p.members.Converted(body.Ref, body.Number)
	if err != nil {
		return err
	}
	if !found {
		return e.NotFoundError("There is no such invitation.", nil)
	}
	return e.JSON(http.StatusOK, map[string]any{})
}
