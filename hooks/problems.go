package hooks

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/problems"
	"github.com/pocketdesk/pocketdesk/internal/liquid"
)

// problemBytes is how long a request about a problem may be: a letter of 20,000
// characters, each of which JSON may write as twelve bytes.
const problemBytes = 256 << 10

func (p *plugin) startProblems() {
	p.problems = problems.New(p.app, problems.Config{
		Commit: p.commit,
		Render: func(app core.App, d problems.Draft) (problems.Letter, error) {
			made, err := p.work.Preview(app, casework.Draft{
				Case: d.Case, Agent: d.Agent, Template: d.Template, Subject: d.Subject, Body: d.Body, Problem: liquid.Problem{Reward: d.Reward},
			})
			return problems.Letter{Subject: desk.OneLine(made.Subject), Body: casework.Signed(made.Body, d.Agent), Locale: made.Locale, Empty: made.Empty}, err
		},
		Address: casework.ReplyAddress,
		Write: func(app core.App, e problems.Entry) (func(core.App) error, error) {
			written, err := p.work.Write(app, casework.Entry{Case: e.Case, Agent: e.Agent, Message: e.Message, Status: e.Status, Leave: true, AsTyped: true})
			if err != nil {
				return nil, err
			}
			return written.Save, nil
		},
		Kick: func() { p.outbox.Kick() },
	})
}

func (p *plugin) bindProblems() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.problems",
		Func: func(e *core.ServeEvent) error {
			if p.on() {
				e.Router.GET("/api/desk/problems", p.works(p.listProblems))
				e.Router.GET("/api/desk/problems/{id}", p.works(p.oneProblem))
				e.Router.POST("/api/desk/problems/{id}/cases", p.works(p.linkProblem)).Bind(apis.BodyLimit(problemBytes))
				e.Router.POST("/api/desk/problems/{id}/fix", p.works(p.fixProblem)).Bind(apis.BodyLimit(problemBytes))
				e.Router.GET("/api/desk/problems/suggestions", p.works(p.suggestProblems))
				e.Router.GET("/api/desk/problems/questions", p.works(p.openQuestions))
				e.Router.GET("/api/desk/problems/templates", p.works(p.editedTemplates))
				e.Router.GET("/api/desk/cases/{id}/problems", p.works(p.problemsNear))
			}
			return e.Next()
		},
	})
	p.app.OnRecordValidate(desk.Problems).Bind(&hook.Handler[*core.RecordEvent]{
		Id: "pocketdesk.problems.check",
		Func: func(e *core.RecordEvent) error {
			if err := problems.CheckReward([]byte(e.Record.GetString("reward"))); err != nil {
				return err
			}
			if e.Record.GetString("state") != problems.Fixed { // it came back, or never was
				e.Record.Set("fixed_at", "")
			}
			return e.Next()
		},
	})
	for _, on := range []*hook.TaggedHook[*core.RecordRequestEvent]{p.app.OnRecordCreateRequest(desk.Problems), p.app.OnRecordUpdateRequest(desk.Problems)} {
		on.Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "pocketdesk.problems.state", Func: keepState})
	}
	p.app.OnRecordEnrich(desk.Problems).Bind(&hook.Handler[*core.RecordEnrichEvent]{Id: "pocketdesk.problems.reward", Func: showReward})
	p.app.OnRecordDeleteRequest(desk.Problems).Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "pocketdesk.guard.problems", Func: keepProblem})
	p.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id: "pocketdesk.problems.stop",
		Func: func(e *core.TerminateEvent) error {
			if p.on() {
				p.problems.Stop()
			}
			return e.Next()
		},
	})
	// letters that a restart cut off go on
	p.job("pocketdesk.problems", "* * * * *", func() error {
		p.problems.TellSoon()
		return nil
	})
	p.job("pocketdesk.problems.weekly", "*/10 * * * *", func() error {
		_, err := p.problems.Weekly()
		return err
	})
}

// keepProblem refuses to delete what cases report: each of them would change, and
// say no longer what it was about.
func keepProblem(e *core.RecordRequestEvent) error {
	n, err := problems.Linked(e.App, e.Record.Id)
	if err != nil {
		return err
	}
	if n > 0 {
		return e.BadRequestError("Cases report this problem. Dismiss it instead, or take them away from it first.", nil)
	}
	return e.Next()
}

// keepState lets people open and dismiss a problem; mended it is by fix alone. Who
// got which code is not theirs to write.
func keepState(e *core.RecordRequestEvent) error {
	before, now := e.Record.Original().GetString("state"), e.Record.GetString("state")
	if now == "" {
		e.Record.Set("state", problems.Open)
	}
	if now != before && now == problems.Fixed {
		return refuse("state", "not_writable", "POST /api/desk/problems/{id}/fix says that it is mended, and writes to those who reported it.")
	}
	if err := takeReward(e); err != nil {
		return err
	}
	problems.KeepGiven(e.Record.Original(), e.Record)
	return e.Next()
}

// givesRewards tells whether somebody reads and writes codes, which are money.
func givesRewards(auth *core.Record) bool {
	return auth != nil && (auth.IsSuperuser() ||
		auth.Collection().Id == desk.Agents && slices.Contains([]string{desk.RoleSupervisor, desk.RoleAdmin}, auth.GetString("role")))
}

func showReward(e *core.RecordEnrichEvent) error {
	if e.RequestInfo != nil && givesRewards(e.RequestInfo.Auth) {
		e.Record.Unhide("reward")
	}
	return e.Next()
}

// takeReward takes codes from those who may write them: a hidden field is taken
// from superusers alone otherwise.
func takeReward(e *core.RecordRequestEvent) error {
	if e.HasSuperuserAuth() {
		return nil
	}
	body := map[string]any{} // as it came: the request's info lacks hidden fields by now
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", nil)
	}
	if _, sent := body["telling"]; sent {
		return refuseFields([]string{"telling"})
	}
	codes, sent := body["reward"]
	if !sent {
		return nil
	}
	if !givesRewards(e.Auth) {
		return refuse("reward", "not_writable", "Supervisors and admins give codes.")
	}
	e.Record.Set("reward", codes)
	return nil
}

func (p *plugin) listProblems(e *core.RequestEvent, _ *desk.Agent) error {
	q := e.Request.URL.Query()
	page, err := problems.List(p.app, q.Get("state"), q.Get("cursor"))
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, page)
}

func (p *plugin) oneProblem(e *core.RequestEvent, agent *desk.Agent) error {
	out, err := problems.One(p.app, e.Request.PathValue("id"), agent)
	return answerProblem(e, out, err)
}

// answerProblem answers with what a verb gave.
func answerProblem(e *core.RequestEvent, out any, err error) error {
	if errors.Is(err, problems.ErrNone) {
		return e.NotFoundError("There is no such problem.", nil)
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, out)
}

// linkProblem says which cases report a problem, or no longer do.
func (p *plugin) linkProblem(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct {
		Cases  []string `json:"cases"`
		Remove bool     `json:"remove"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", nil)
	}
	id, verb := e.Request.PathValue("id"), p.problems.Link
	if body.Remove {
		verb = p.problems.Unlink
	}
	return answerProblem(e, map[string]any{}, verb(id, body.Cases, agent))
}

// fixProblem writes to all who reported a problem; with preview it only tells
// what it would do.
func (p *plugin) fixProblem(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct {
		Preview bool   `json:"preview"`
		Subject string `json:"subject"`
		Body    string `json:"body"`
		Resolve bool   `json:"resolve"`
		Again   bool   `json:"again"`
		Codes   bool   `json:"codes"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", nil)
	}
	f := problems.Fixing{Problem: e.Request.PathValue("id"), Agent: agent, Subject: body.Subject, Body: body.Body, Resolve: body.Resolve, Again: body.Again, Codes: body.Codes}
	if body.Preview {
		out, err := p.problems.Preview(f)
		return answerProblem(e, out, err)
	}
	if err := p.problems.Fix(f); err != nil {
		return answerProblem(e, nil, err)
	}
	p.problems.TellSoon()
	return e.JSON(http.StatusOK, map[string]any{})
}

func (p *plugin) suggestProblems(e *core.RequestEvent, agent *desk.Agent) error {
	least, _ := strconv.Atoi(e.Request.URL.Query().Get("least"))
	groups, err := p.problems.Suggest(agent, least)
	return answerProblem(e, map[string]any{"groups": groups}, err)
}

func (p *plugin) problemsNear(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.caseFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	near, err := p.problems.NearTo(c, agent)
	return answerProblem(e, near, err)
}

func (p *plugin) openQuestions(e *core.RequestEvent, agent *desk.Agent) error {
	list, err := p.problems.Questions(agent, daysOf(e, 7))
	return answerProblem(e, map[string]any{"questions": list}, err)
}

func (p *plugin) editedTemplates(e *core.RequestEvent, agent *desk.Agent) error {
	list, err := p.problems.EditedTemplates(agent, daysOf(e, 30))
	return answerProblem(e, map[string]any{"templates": list}, err)
}

func daysOf(e *core.RequestEvent, usual int) int {
	if raw := e.Request.URL.Query().Get("days"); raw != "" {
		n, _ := strconv.Atoi(raw)
		return n
	}
	return usual
}
