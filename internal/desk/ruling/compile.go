package ruling

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/filtering"
)

// Compile checks a rule. The error is a validation.Errors by field whose
// sentences say how to mend it, or the database's. What actions point to, such as
// a template, may be gone: [CheckTargets] looks for that.
func Compile(app core.App, d Draft) (*Rule, error) {
	r := &Rule{Event: d.Event, Filter: strings.TrimSpace(d.Filter), States: d.States, Since: d.Since}
	if !slices.Contains(Events(), d.Event) {
		return nil, fault("event", "unknown", "Choose what the rule is about: case_opened, visitor_wrote, staff_changed or time_passed.")
	}
	errs := validation.Errors{}
	_, err := About(d.Event).Compile(app, r.Filter)
	var wrong *filtering.Error
	switch {
	case errors.As(err, &wrong):
		errs["filter"] = validation.NewError(wrong.Code, wrong.Error()).SetParams(map[string]any{"part": wrong.Part, "at": wrong.At, "how": wrong.How, "near": wrong.Near})
	case err != nil:
		return nil, err
	}
	r.look()
	if r.steps, err = readSteps(d.Actions); err != nil {
		errs["actions"] = validation.NewError("actions_wrong", sentence(err))
	}
	r.stop = slices.ContainsFunc(r.steps, func(s step) bool { return s.do == "stop" })
	if d.Event == TimePassed {
		r.readTime(d, errs)
	} else {
		r.States, r.Since = nil, ""
	}
	if len(errs) > 0 {
		return nil, errs
	}
	return r, nil
}

// look notes what the filter looks at.
func (r *Rule) look() {
	for _, name := range filtering.Names(r.Filter) {
		r.eachChange = r.eachChange || r.Event == StaffChanged && name == "changed"
		if r.Event == VisitorWrote {
			var ofCase bool
			if name, ofCase = strings.CutPrefix(name, "case."); !ofCase {
				continue
			}
		}
		name, _, _ = strings.Cut(name, ".")
		r.looksAt = append(r.looksAt, name)
	}
}

func (r *Rule) readTime(d Draft, errs validation.Errors) {
	var err error
	if r.Delay, err = calendar.ParseAmount(d.Delay); err != nil {
		errs["delay"] = validation.NewError("delay", "Give the working time in the state: 30m, 8h or 3d.")
	}
	if d.Since != "" && d.Since != SinceNudged {
		errs["since"] = validation.NewError("since", `Say from when the time counts: "" since the case has its status, "nudged" since a rule's mail reminded the visitor.`)
	}
	known := []string{desk.Unread, desk.Open, desk.Pending, desk.OnHold, desk.Resolved, desk.Closed}
	if len(r.States) == 0 || len(r.States) > len(known) || slices.ContainsFunc(r.States, func(s string) bool { return !slices.Contains(known, s) }) {
		errs["states"] = validation.NewError("states", "Choose the statuses in which a case waits: "+strings.Join(known, ", ")+".")
		return
	}
	slices.Sort(r.States)
	r.States = slices.Compact(r.States)
}

// CheckTargets tells whether all that the rule's actions point to is there. The
// error is a validation.Errors, or the database's.
func (r *Rule) CheckTargets(app core.App) error {
	for i, s := range r.steps {
		t, err := s.missing(app)
		if err != nil {
			return err
		}
		if t != nil {
			return fault("actions", "actions_wrong", sentence(named(i, s.do, errors.New(t.sentence()))))
		}
	}
	return nil
}

// missing says what an action points to that isn't there; nil where all is.
func (s step) missing(app core.App) (*trouble, error) {
	gone := func(id, collection, code string) (*trouble, error) {
		r, err := find(app, collection, id)
		there := r != nil
		switch {
		case err != nil:
			return nil, err
		case there && collection == desk.Agents:
			there = r.GetString("role") != desk.RoleIntegration
		case there && (collection == desk.Webhooks || collection == desk.Escalations):
			there = r.GetBool("enabled")
		}
		if there {
			return nil, nil
		}
		return &trouble{code, id}, nil
	}
	switch {
	case s.do == "team" && s.value != "":
		return gone(s.value, desk.Teams, CodeNoTeam)
	case s.do == "category" && s.value != "":
		if _, known, err := desk.FindCategory(app, s.value); err != nil || !known {
			return &trouble{CodeNoCategory, s.value}, err
		}
	case s.do == "assign" && !slices.Contains([]string{"", "lead", "auto"}, s.value),
		s.do == "notify" && !slices.Contains([]string{"lead", "team", "assignee"}, s.value):
		return gone(s.value, desk.Agents, CodeNoAgent)
	case (s.do == "remind" || s.do == "snooze") && s.whom != "":
		return gone(s.whom, desk.Agents, CodeNoAgent)
	case s.do == "webhook":
		return gone(s.value, desk.Webhooks, CodeNoWebhook)
	case s.do == "escalate":
		return gone(s.value, desk.Escalations, CodeNoEscalation)
	case s.do == "answer":
		t, err := desk.FindTemplate(app, s.value)
		if errors.Is(err, desk.ErrNoTemplate) {
			return &trouble{CodeNoTemplate, s.value}, nil
		}
		if err == nil && !slices.Contains([]string{"", "reply", "snippet", "ack", "system"}, t.Kind) {
			return &trouble{CodeNoLetter, s.value}, nil
		}
		if err != nil {
			return nil, err
		}
		return s.open(app)
	}
	return nil, nil
}

// open tells whether a template leaves a place to whoever writes, in any language:
// nobody reads what a rule sends before it leaves.
func (s step) open(app core.App) (*trouble, error) {
	for _, locale := range desk.Locales() {
		t, err := desk.FindTemplate(app, s.value, locale)
		if err != nil {
			return nil, err
		}
		if desk.Blank(t.Subject+"\n"+t.Body) != "" {
			return &trouble{CodeBlank, s.value}, nil
		}
	}
	return nil, nil
}

func fault(field, code, sentence string) error {
	return validation.Errors{field: validation.NewError(code, sentence)}
}

// sentence begins with a capital and ends with a stop.
func sentence(err error) string {
	text := []rune(strings.TrimRight(err.Error(), "."))
	return string(unicode.ToUpper(text[0])) + string(text[1:]) + "."
}
