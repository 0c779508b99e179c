package hooks

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/assigning"
)

// Bounds of what a person knows.
const (
	maxSkills     = 100
	maxSkill      = 60
	maxCapacity   = 10_000
	handoverBytes = 4 << 10
)

// startAssigning builds the station that gives cases to people.
func (p *plugin) startAssigning() {
	p.assigning = assigning.New(p.app, assigning.Config{Commit: p.commit})
}

func (p *plugin) bindAssigning() {
	p.app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{
		Id: "pocketdesk.assigning",
		Func: func(e *core.ServeEvent) error {
			if !p.on() {
				return e.Next()
			}
			e.Router.GET("/api/desk/assignment", p.reads(p.assignment))
			e.Router.POST("/api/desk/agents/{id}/handover", p.works(p.handOver)).Bind(apis.BodyLimit(handoverBytes))
			if err := e.Next(); err != nil {
				return err
			}
			p.assigning.Start()
			return nil
		},
	})
	p.app.OnTerminate().Bind(&hook.Handler[*core.TerminateEvent]{
		Id: "pocketdesk.assigning.stop",
		Func: func(e *core.TerminateEvent) error {
			if p.on() {
				p.assigning.Stop()
			}
			return e.Next()
		},
	})
	for id, check := range map[string]func(core.App, *core.Record) validation.Errors{desk.Teams: checkTeam, desk.Agents: checkAgent, desk.SettingsID: checkAssignment} {
		p.app.OnRecordValidate(id).Bind(&hook.Handler[*core.RecordEvent]{
			Id: "pocketdesk.assigning.check." + id,
			Func: func(e *core.RecordEvent) error {
				if errs := check(e.App, e.Record); len(errs) > 0 {
					return errs
				}
				return e.Next()
			},
		})
	}
	p.job("pocketdesk.assigning", "* * * * *", func() error {
		_, err := p.assigning.Tick()
		return err
	})
}

// assignment is who has how much, and who is away.
func (p *plugin) assignment(e *core.RequestEvent, agent *desk.Agent) error {
	view, err := p.assigning.Look(agent)
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, view)
}

// handOver gives somebody's open cases to others now, or tells where they would go.
func (p *plugin) handOver(e *core.RequestEvent, agent *desk.Agent) error {
	var body struct {
		To      string `json:"to"`
		Preview bool   `json:"preview"`
	}
	if err := e.BindBody(&body); err != nil {
		return e.BadRequestError("", err)
	}
	out, err := p.assigning.HandOver(assigning.Handover{Agent: agent, Of: e.Request.PathValue("id"), To: body.To, Preview: body.Preview})
	if errors.Is(err, assigning.ErrNobody) {
		return e.NotFoundError("There is no such person.", nil)
	}
	if err != nil {
		return err
	}
	return e.JSON(http.StatusOK, out)
}

// checkTeam checks how a team's cases find somebody.
func checkTeam(_ core.App, r *core.Record) validation.Errors {
	errs := validation.Errors{}
	if fault := (desk.Assignment{AlarmAfter: r.GetString("alarm_after")}).Fault(); fault != "" {
		errs["alarm_after"] = validation.NewError("amount_invalid", fault)
	}
	return errs
}

// checkAssignment checks the same of the cases without a team.
func checkAssignment(_ core.App, r *core.Record) validation.Errors {
	raw := r.GetString("assignment")
	if raw == "" || raw == "null" {
		return nil
	}
	var a desk.Assignment
	if err := strictly(raw, &a); err != nil {
		return validation.Errors{"assignment": validation.NewError("shape", "This is {mode, by_skill, same_agent, alarm_after}.")}
	}
	if fault := a.Fault(); fault != "" {
		return validation.Errors{"assignment": validation.NewError("assignment_invalid", fault)}
	}
	return nil
}

// checkAgent checks a person's absence, skills and capacity.
func checkAgent(app core.App, r *core.Record) validation.Errors {
	errs := validation.Errors{}
	from, until := r.GetDateTime("away_from"), r.GetDateTime("away_until")
	switch {
	case from.IsZero() && !until.IsZero():
		errs["away_from"] = validation.NewError("away_from_missing", "Say from when the absence is.")
	case !until.IsZero() && !until.After(from):
		errs["away_until"] = validation.NewError("away_until_early", "An absence ends after it began.")
	}
	if to := r.GetString("substitute"); to != "" && to != r.Original().GetString("substitute") {
		if serves, err := desk.Serves(app, to, ""); to == r.Id || err != nil || !serves {
			errs["substitute"] = validation.NewError("substitute_invalid", "Name somebody else who works cases.")
		}
	}
	if n := r.GetInt("capacity"); n < 0 || n > maxCapacity {
		errs["capacity"] = validation.NewError("out_of_range", "Use 1 to 10000 cases; 0 for no limit.")
	}
	if err := checkSkills(r.GetString("skills")); err != nil {
		errs["skills"] = validation.NewError("skills_invalid", err.Error())
	}
	return errs
}

func checkSkills(raw string) error {
	if raw == "" || raw == "null" {
		return nil
	}
	var s assigning.Skills
	if strictly(raw, &s) != nil {
		return errors.New(`Skills are {"categories": […], "languages": […]}.`)
	}
	if len(s.Categories) > maxSkills || len(s.Languages) > maxSkills {
		return errors.New("Name 100 categories and languages at most.")
	}
	for _, key := range s.Categories {
		if key == "" || utf8.RuneCountInString(key) > maxSkill {
			return errors.New("A category is named by its key, such as product.")
		}
	}
	for _, l := range s.Languages {
		if !slices.Contains(desk.Locales(), l) {
			return errors.New("Languages are zh-TW, zh-CN, ja and en.")
		}
	}
	return nil
}

// strictly decodes an object and nothing else: a member that nobody knows is a
// slip that would go unseen.
func strictly(raw string, to any) error {
	d := json.NewDecoder(strings.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(to)
}
