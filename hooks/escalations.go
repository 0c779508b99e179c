package hooks

import (
	"database/sql"
	"errors"
	"net/http"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/escalating"
)

// mostEscalations is how many a shop may have, and how many of a case are shown.
const mostEscalations = 100

// startEscalations builds the station that takes cases to people who can help.
func (p *plugin) startEscalations() {
	p.escalations = escalating.New(p.app, escalating.Config{Commit: p.commit, Mailed: p.outbox.Kick, Webhook: p.forwardEscalated})
}

// bindEscalations serves escalations by hand and the page for those outside, and
// goes on every minute with what nobody took on.
func (p *plugin) bindEscalations() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.escalations",
		Func: func(e *core.ServeEvent) error {
			if !p.on() {
				return e.Next()
			}
			r := e.Router
			r.GET("/api/desk/cases/{id}/escalations", p.reads(p.listEscalations))
			r.POST("/api/desk/cases/{id}/escalate", p.works(p.escalate))
			r.POST("/api/desk/cases/{id}/tracker", staffRoute(desk.AgentOf, p.trackOutside))
			r.POST("/api/desk/escalations/{id}/acknowledge", p.works(p.acknowledge))
			r.POST("/api/desk/escalations/{id}/end", p.works(p.endEscalation))
			// its address is a secret, and stays out of the log of requests
			r.GET(p.base+"/e/{token}", p.showEscalation).Bind(apis.SkipSuccessActivityLog())
			r.POST(p.base+"/e/{token}", p.postEscalation).Bind(apis.SkipSuccessActivityLog(), apis.BodyLimit(0))
			return e.Next()
		},
	})
	for id, bind := range map[string]func(...string) *hook.TaggedHook[*core.RecordRequestEvent]{
		"create": p.app.OnRecordCreateRequest, "update": p.app.OnRecordUpdateRequest,
	} {
		bind(desk.Escalations).Bind(&hook.Handler[*core.RecordRequestEvent]{Id: "pocketdesk.escalations." + id, Func: checkEscalation})
	}
	p.job("pocketdesk.escalations", "* * * * *", p.goOnEscalating)
}

// goOnEscalating is one round; while one is under way the next is left out.
func (p *plugin) goOnEscalating() error {
	if !p.escalating.TryLock() {
		return nil
	}
	defer p.escalating.Unlock()
	_, err := p.escalations.Tick()
	return err
}

// checkEscalation refuses steps that could not be taken.
func checkEscalation(e *core.RecordRequestEvent) error {
	r, errs := e.Record, validation.Errors{}
	steps, err := escalating.ParseSteps(e.App, []byte(r.GetString("steps")))
	if err != nil {
		errs["steps"] = validation.NewError("validation_steps", err.Error())
	} else {
		r.Set("steps", steps) // addresses as they are compared
	}
	var categories []string
	if raw := r.GetString("categories"); raw != "" && raw != "null" && r.UnmarshalJSONField("categories", &categories) != nil || len(categories) > mostEscalations {
		errs["categories"] = validation.NewError("validation_categories", "Give a list of up to 100 keys of categories; empty: all.")
	}
	for _, key := range categories {
		if _, err := e.App.FindRecordById(desk.Categories, key); err != nil {
			errs["categories"] = validation.NewError("validation_categories", "There is no category "+desk.Clip(key, 40)+".")
			break
		}
	}
	if r.IsNew() {
		if n, err := e.App.CountRecords(desk.Escalations); err != nil || n >= mostEscalations {
			errs["name"] = validation.NewError("validation_many", "There are 100 escalations already; delete one first.")
		}
	}
	if len(errs) > 0 {
		return answer(errs)
	}
	return e.Next()
}

// escalationView is an escalation of a case as the Desk shows it.
type escalationView struct {
	ID         string             `json:"id"`
	Name       string             `json:"name"`
	Agent      string             `json:"agent"`
	Why        string             `json:"why"`
	State      string             `json:"state"`
	Step       int                `json:"step"`
	Took       []escalating.Taken `json:"took"`
	NextAt     string             `json:"next_at"`
	By         string             `json:"acknowledged_by"`
	ByName     string             `json:"acknowledged_name"`
	At         string             `json:"acknowledged_at"`
	TrackerURL string             `json:"tracker_url"`
	TrackerRef string             `json:"tracker_ref"`
	Created    string             `json:"created"`
}

func viewEscalation(r *core.Record) escalationView {
	v := escalationView{
		ID: r.Id, Name: r.GetString("name"), Agent: r.GetString("agent"), Why: r.GetString("why"), State: r.GetString("state"), Step: r.GetInt("step"),
		NextAt: r.GetString("next_at"), By: r.GetString("acknowledged_by"), ByName: r.GetString("acknowledged_name"), At: r.GetString("acknowledged_at"),
		TrackerURL: r.GetString("tracker_url"), TrackerRef: r.GetString("tracker_ref"), Created: r.GetString("created"), Took: []escalating.Taken{},
	}
	_ = r.UnmarshalJSONField("took", &v.Took)
	return v
}

// listEscalations tells what became of a case's escalations, latest first.
func (p *plugin) listEscalations(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.caseFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	rows, err := p.app.FindRecordsByFilter(desk.CaseEscalations, "case = {:case}", "-created", mostEscalations, 0, dbx.Params{"case": c.Id})
	if err != nil {
		return err
	}
	items := []escalationView{}
	for _, r := range rows {
		items = append(items, viewEscalation(r))
	}
	return e.JSON(http.StatusOK, map[string]any{"items": items})
}

func (p *plugin) escalate(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.caseFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	var call escalating.Call
	if err := e.BindBody(&call); err != nil {
		return e.BadRequestError("Send {escalation} or {to: {agent, team, lead or email}}, and a note.", nil)
	}
	run, err := p.escalations.ByHand(c.Id, agent, call)
	if err != nil {
		return escalationTrouble(e, err)
	}
	return e.JSON(http.StatusOK, viewEscalation(run.Record))
}

// trackOutside notes where an outside tracker keeps a case.
func (p *plugin) trackOutside(e *core.RequestEvent, agent *desk.Agent) error {
	c, err := p.caseFor(e, agent, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	var at escalating.Tracked
	if err := e.BindBody(&at); err != nil {
		return e.BadRequestError("Send {url, ref}.", nil)
	}
	run, err := p.escalations.Track(c.Id, agent, at)
	if err != nil {
		return escalationTrouble(e, err)
	}
	return e.JSON(http.StatusOK, viewEscalation(run.Record))
}

func (p *plugin) acknowledge(e *core.RequestEvent, agent *desk.Agent) error {
	return p.settleEscalation(e, agent, p.escalations.Acknowledge)
}

func (p *plugin) endEscalation(e *core.RequestEvent, agent *desk.Agent) error {
	return p.settleEscalation(e, agent, p.escalations.End)
}

// settleEscalation does something with an escalation of a case that the agent may see.
func (p *plugin) settleEscalation(e *core.RequestEvent, agent *desk.Agent, verb func(string, *desk.Agent) error) error {
	none := e.NotFoundError("There is no such escalation.", nil)
	r, err := p.app.FindRecordById(desk.CaseEscalations, e.Request.PathValue("id"))
	if err != nil {
		return none
	}
	if _, err := p.caseFor(e, agent, r.GetString("case")); err != nil {
		return none
	}
	if err := verb(r.Id, agent); err != nil {
		return escalationTrouble(e, err)
	}
	if r, err = p.app.FindRecordById(desk.CaseEscalations, r.Id); err != nil {
		return none
	}
	return e.JSON(http.StatusOK, viewEscalation(r))
}

// escalationTrouble says what stands in the way as its answer.
func escalationTrouble(e *core.RequestEvent, err error) error {
	for _, known := range []error{escalating.ErrRuns, escalating.ErrMany, escalating.ErrOver, escalating.ErrDone} {
		if errors.Is(err, known) {
			return conflict(sentenceOf(known))
		}
	}
	if errors.Is(err, escalating.ErrNobody) {
		said := sentenceOf(escalating.ErrNobody)
		return e.BadRequestError(said, validation.Errors{"to": validation.NewError("nobody", said)})
	}
	for _, known := range []error{escalating.ErrGone, escalating.ErrTarget, escalating.ErrUnseen, escalating.ErrURL, escalating.ErrNote} {
		if errors.Is(err, known) {
			return e.BadRequestError(sentenceOf(known), nil)
		}
	}
	if errors.Is(err, escalating.ErrOutside) {
		return e.ForbiddenError(sentenceOf(err), nil)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return e.NotFoundError("There is no such escalation.", nil)
	}
	return err
}

// sentenceOf is what an error says, as a sentence.
func sentenceOf(err error) string {
	s := err.Error()
	first, size := utf8.DecodeRuneInString(s)
	if first >= 'a' && first <= 'z' {
		first -= 'a' - 'A'
	}
	return string(first) + s[size:] + "."
}
