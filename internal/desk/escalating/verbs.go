package escalating

import (
	"database/sql"
	"errors"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Call is what a person asks for: an escalation, or somebody.
type Call struct {
	Escalation string `json:"escalation"`
	To         To     `json:"to"`
	Note       string `json:"note"` // up to 1,000 characters, for whoever is told
}

// ByHand escalates a case that the agent may see. Errors: [ErrTarget],
// [ErrGone], [ErrUnseen], [ErrOutside], [ErrNote], [ErrDone], [ErrRuns],
// [ErrMany], [ErrNobody].
func (s *Station) ByHand(caseID string, agent *desk.Agent, call Call) (run *Run, err error) {
	call.Note = strings.TrimSpace(call.Note)
	if utf8.RuneCountInString(call.Note) > maxNote {
		return nil, ErrNote
	}
	err = s.config.Commit.Do(func(tx core.App) error {
		c, err := desk.FindCase(tx, caseID)
		if err != nil {
			return err
		}
		b := beginning{agent: agent, why: call.Note}
		if call.Escalation != "" {
			err = b.follow(tx, call.Escalation)
		} else {
			err = b.reach(tx, c, call.To)
		}
		if err != nil {
			return err
		}
		run, err = s.begin(tx, c, b)
		return err
	})
	return run, err
}

// follow takes the steps of an escalation that admins wrote.
func (b *beginning) follow(tx core.App, id string) error {
	r, err := tx.FindRecordById(desk.Escalations, id)
	if errors.Is(err, sql.ErrNoRows) || err == nil && (!r.GetBool("enabled") || len(stepsOf(r)) == 0) {
		return ErrGone
	}
	if err != nil {
		return err
	}
	b.escalation, b.name, b.steps = r.Id, r.GetString("name"), stepsOf(r)
	return nil
}

// reach makes the one step by which a person calls for somebody.
func (b *beginning) reach(tx core.App, c *desk.Case, to To) error {
	if to.Webhook != "" || to.check(tx) != "" {
		return ErrTarget
	}
	if to.Email != "" && !b.agent.SeesAll() {
		return ErrOutside
	}
	if to.Agent != "" {
		if serves, err := desk.Serves(tx, to.Agent, c.Team()); err != nil || !serves {
			return errors.Join(err, ErrUnseen)
		}
	}
	b.steps = []Step{{To: to}}
	return nil
}

// BySystem escalates a case for a rule, inside its transaction. One that goes on
// already, or a case that is done, is left alone: the error is [ErrRuns],
// [ErrMany] or [ErrDone], and nothing was written. It is [ErrGone] where the
// escalation is no more.
func (s *Station) BySystem(tx core.App, escalation, caseID, why string) error {
	c, err := desk.FindCase(tx, caseID)
	if err != nil {
		return err
	}
	b := beginning{why: why, by: "rule"}
	if err := b.follow(tx, escalation); err != nil {
		return err
	}
	_, err = s.begin(tx, c, b)
	return err
}

// OnDue escalates a case whose due is near (kind "warning") or over ("breach"),
// inside the transaction that notes it, by all escalations that are set off by it,
// of which a shop has 100 at most; what somebody took on at an earlier due is
// escalated anew. which is the due: first_response, next_response or resolution.
func (s *Station) OnDue(tx core.App, c *desk.Case, which, kind string) error {
	all, err := tx.FindRecordsByFilter(desk.Escalations, "enabled = true && on = {:kind}", "position,created", 0, 0, dbx.Params{"kind": kind})
	if err != nil {
		return err
	}
	for _, r := range all {
		var categories []string
		_ = r.UnmarshalJSONField("categories", &categories)
		steps := stepsOf(r)
		if len(steps) == 0 || len(categories) > 0 && !slices.Contains(categories, c.Category()) {
			continue
		}
		_, err := s.begin(tx, c, beginning{escalation: r.Id, name: r.GetString("name"), steps: steps, by: kind})
		if errors.Is(err, ErrMany) {
			err = desk.Record(tx, desk.Event{Case: c.Id, Kind: desk.EventNotEscalated, After: map[string]any{"escalation": r.GetString("name"), "by": kind}})
		}
		if err != nil && !errors.Is(err, ErrRuns) && !errors.Is(err, ErrDone) {
			return err
		}
	}
	return nil
}

// Acknowledge notes that an agent took a case on: no further step comes. The
// error is [ErrOver] where somebody did before, or it has ended.
func (s *Station) Acknowledge(id string, agent *desk.Agent) error {
	return s.settle(id, func(tx core.App, run *Run) error {
		run.Set("acknowledged_by", agent.Id)
		return s.takenOn(tx, run, agent.Id, agent.Name())
	})
}

// takenOn notes who took it on, and tells whoever escalated it.
func (s *Station) takenOn(tx core.App, run *Run, actor, name string) error {
	if run.GetString("state") != desk.EscalationOpen {
		return ErrOver
	}
	run.Set("state", desk.EscalationAcknowledged)
	run.Set("acknowledged_at", desk.Date(desk.Now(tx)))
	run.Set("next_at", "")
	if err := desk.Save(tx, run.Record); err != nil {
		return err
	}
	caseID := run.GetString("case")
	after := map[string]any{"run": run.Id, "escalation": run.GetString("name")}
	if actor == "" {
		after["name"], after["by"] = name, "outside"
	}
	if err := desk.Record(tx, desk.Event{Case: caseID, Actor: actor, Kind: desk.EventAcknowledged, After: after}); err != nil {
		return err
	}
	return desk.Notify(tx, desk.Notice{Agent: run.GetString("agent"), Kind: desk.NoticeTakenOn, Case: caseID, Actor: actor,
		Same: "taken_on:" + run.Id, Data: map[string]any{"name": run.GetString("name"), "by": name}})
}

// End ends an escalation that is not needed any more. The error is [ErrOver].
func (s *Station) End(id string, agent *desk.Agent) error {
	return s.settle(id, func(tx core.App, run *Run) error {
		if run.GetString("state") == desk.EscalationEnded {
			return ErrOver
		}
		run.Set("state", desk.EscalationEnded)
		run.Set("next_at", "")
		if err := desk.Save(tx, run.Record); err != nil {
			return err
		}
		return desk.Record(tx, desk.Event{Case: run.GetString("case"), Actor: agent.Id, Kind: desk.EventDeescalated,
			After: map[string]any{"run": run.Id, "escalation": run.GetString("name")}})
	})
}

func (s *Station) settle(id string, verb func(core.App, *Run) error) error {
	return s.config.Commit.Do(func(tx core.App) error {
		run, err := findRun(tx, id)
		if err != nil {
			return err
		}
		return verb(tx, run)
	})
}

// Tracked is where an outside tracker keeps a case.
type Tracked struct {
	Run string `json:"run"` // "" is the latest of the case
	URL string `json:"url"` // "" takes the link away
	Ref string `json:"ref"` // its name there, up to 200 characters
}

// Track notes where an outside tracker keeps a case. It has taken the case on
// thereby, so no further step comes. Errors: [ErrURL], [ErrNote].
func (s *Station) Track(caseID string, agent *desk.Agent, t Tracked) (run *Run, err error) {
	t.URL, t.Ref = strings.TrimSpace(t.URL), strings.TrimSpace(t.Ref)
	if !webAddress(t.URL) {
		return nil, ErrURL
	}
	if utf8.RuneCountInString(t.Ref) > maxName {
		return nil, ErrNote
	}
	err = s.config.Commit.Do(func(tx core.App) error {
		if run, err = s.tracked(tx, caseID, t); err != nil {
			return err
		}
		if t.URL == "" {
			t.Ref = ""
		}
		run.Set("tracker_url", t.URL)
		run.Set("tracker_ref", t.Ref)
		if err := desk.Save(tx, run.Record); err != nil {
			return err
		}
		ev := desk.Event{Case: caseID, Actor: agent.Id, Kind: desk.EventTracker, After: map[string]any{"run": run.Id, "url": t.URL, "ref": t.Ref}}
		if err := desk.Record(tx, ev); err != nil || t.URL == "" || run.GetString("state") != desk.EscalationOpen {
			return err
		}
		run.Set("acknowledged_by", agent.Id)
		return s.takenOn(tx, run, agent.Id, agent.Name())
	})
	return run, err
}

// tracked is the run that a link belongs to; a case without one gets one that is over.
func (s *Station) tracked(tx core.App, caseID string, t Tracked) (*Run, error) {
	if t.Run != "" {
		run, err := findRun(tx, t.Run)
		if err == nil && run.GetString("case") != caseID {
			err = sql.ErrNoRows
		}
		return run, err
	}
	rows, err := tx.FindRecordsByFilter(desk.CaseEscalations, "case = {:case}", "-created", 1, 0, dbx.Params{"case": caseID})
	if err != nil {
		return nil, err
	}
	if len(rows) > 0 {
		return asRun(rows[0]), nil
	}
	r, err := desk.New(tx, desk.CaseEscalations)
	if err != nil {
		return nil, err
	}
	r.Set("case", caseID)
	r.Set("state", desk.EscalationEnded)
	r.Set("took", []Taken{})
	return asRun(r), nil
}

// webAddress tells whether s is "" or the address of a page that may be linked to.
func webAddress(s string) bool {
	if s == "" {
		return true
	}
	u, err := url.Parse(s)
	return err == nil && len(s) <= 1_000 && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil
}
