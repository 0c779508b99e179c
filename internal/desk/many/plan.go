package many

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/pocketbase/dbx"
	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// plan is a checked list of actions, the same for every case.
type plan struct {
	agent    *desk.Agent
	versions map[string]int
	own      bool   // he takes back what he did himself, so he may see it
	macro    string // id
	name     string // of the macro
	wait     time.Duration
	changes  []change
	fields   []string // that these set; tags are added to and taken from what is there
	answer   *letter
	note     string
	spam     bool
}

// change sets fields of a case in memory.
type change func(c *desk.Case) error

// plan checks a request. A macro's actions are checked again: a template or a
// colleague that it names may be gone by now.
func (s *Station) plan(app core.App, r Request) (*plan, error) {
	if len(r.IDs) == 0 || len(r.IDs) > MaxCases {
		return nil, fault("ids", "out_of_range", fmt.Sprintf("Give 1 to %d ids.", MaxCases))
	}
	if len(r.Key) > 64 {
		return nil, fault("key", "out_of_range", "A key has 64 bytes at most.")
	}
	if r.Wait < 0 || r.Wait > MaxWait {
		return nil, fault("undo_seconds", "out_of_range", "An answer may be taken back for 0 to 60 seconds.")
	}
	p := &plan{agent: r.Agent, versions: r.Versions, wait: cmp.Or(r.Wait, Wait)}
	raw := r.Actions
	if r.Macro != "" {
		if len(raw) > 0 {
			return nil, fault("macro", "either_or", "Give actions or a macro, not both.")
		}
		m, err := findMacro(app, r.Macro, r.Agent)
		if err != nil {
			return nil, err
		}
		p.macro, p.name, raw = m.Id, m.GetString("name"), json.RawMessage(m.GetString("actions"))
	}
	return p, s.fill(app, p, raw)
}

// fill checks actions and adds them to a plan. The error names the action by its position.
func (s *Station) fill(app core.App, p *plan, raw json.RawMessage) error {
	list, err := readActions(raw)
	if err != nil {
		return fault("actions", "actions_wrong", sentence(err))
	}
	for i, a := range list {
		if err := s.add(app, p, a); err != nil {
			return fault("actions", "actions_wrong", fmt.Sprintf("Action %d (%s): %s", i+1, desk.Clip(desk.OneLine(a.Do), 30), sentence(err)))
		}
	}
	if p.spam && (p.answer != nil || p.note != "") {
		return fault("actions", "actions_wrong", "Spam gets no answer and no note.")
	}
	return nil
}

func (s *Station) add(app core.App, p *plan, a action) error {
	switch a.Do {
	case "assign", "team", "category":
		return p.addNamed(app, a)
	case "status", "priority":
		return p.addChoice(a)
	case "add_tags", "remove_tags":
		tags, err := a.words()
		p.changes = append(p.changes, func(c *desk.Case) error { return setTags(c, tags, a.Do == "add_tags") })
		return err
	case "snooze", "remind":
		return p.addLater(app, a)
	case "answer":
		return s.addAnswer(app, p, a)
	case "note":
		if p.note != "" {
			return errors.New("one note is enough")
		}
		var err error
		p.note, err = a.note()
		return err
	case "spam":
		p.spam = true
		p.fields = append(p.fields, "status")
		return nil
	}
	return errors.New("there is no such action")
}

func (p *plan) set(field string, value any) {
	p.fields = append(p.fields, field)
	p.changes = append(p.changes, func(c *desk.Case) error {
		c.Set(field, value)
		return nil
	})
}

// addNamed checks that there is such an agent, team or category; "" is none.
func (p *plan) addNamed(app core.App, a action) error {
	id, err := a.text()
	if err != nil {
		return err
	}
	switch a.Do {
	case "assign":
		id, err = p.person(app, id)
		a.Do = "assignee"
	case "team":
		if id != "" {
			if _, err = app.FindRecordById(desk.Teams, id); err != nil {
				err = errors.New("there is no such team")
			}
		}
	case "category":
		if _, known, findErr := desk.FindCategory(app, id); id != "" && (findErr != nil || !known) {
			err = errors.New("there is no such category")
		}
	}
	p.set(a.Do, id)
	return err
}

// person finds a member of staff: "me" is whoever asks.
func (p *plan) person(app core.App, id string) (string, error) {
	switch id {
	case "":
		return "", nil
	case "me":
		if p.agent == nil { // a macro is being saved
			return "", nil
		}
		return p.agent.Id, nil
	}
	r, err := app.FindRecordById(desk.Agents, id)
	if err != nil || r.GetString("role") == desk.RoleIntegration {
		return "", errors.New("there is no such colleague")
	}
	return r.Id, nil
}

func (p *plan) addChoice(a action) error {
	value, err := a.text()
	if err != nil {
		return err
	}
	known := settable(value)
	if a.Do == "priority" {
		known = slices.Contains([]string{"low", "normal", "high", "urgent"}, value)
	}
	if !known {
		return fmt.Errorf("there is no such %s", a.Do)
	}
	p.set(a.Do, value)
	return nil
}

// addLater puts a case off, or only has it come back: snooze takes it out of
// the queue until then.
func (p *plan) addLater(app core.App, a action) error {
	l, at, err := a.later(app, a.Do == "remind")
	if err != nil {
		return err
	}
	whom, err := p.person(app, l.For)
	if err != nil {
		return err
	}
	p.fields = append(p.fields, "follow_up_at", "follow_up_note", "follow_up_for")
	if a.Do == "snooze" {
		p.fields = append(p.fields, "status")
	}
	p.changes = append(p.changes, func(c *desk.Case) error {
		if a.Do == "snooze" {
			c.Set("status", desk.OnHold)
		}
		c.Set("follow_up_at", desk.Date(at))
		c.Set("follow_up_note", l.Note)
		c.Set("follow_up_for", whom)
		return nil
	})
	return nil
}

func (s *Station) addAnswer(app core.App, p *plan, a action) error {
	if p.answer != nil {
		return errors.New("one answer is enough")
	}
	l, err := a.letter()
	if err != nil {
		return err
	}
	p.answer = l
	p.fields = append(p.fields, "subject", "status") // it bears the one and moves the other
	if l.Template == "" {
		return s.CheckText(l.Subject, l.Body)
	}
	t, err := desk.FindTemplate(app, l.Template)
	if errors.Is(err, desk.ErrNoTemplate) {
		return fmt.Errorf("there is no enabled template %q", desk.Clip(l.Template, 60))
	}
	if err == nil && !slices.Contains([]string{"", "reply", "snippet"}, t.Kind) {
		return fmt.Errorf("template %q is no answer by mail", desk.Clip(l.Template, 60))
	}
	return err
}

func setTags(c *desk.Case, tags []string, add bool) error {
	list := slices.DeleteFunc(c.Tags(), func(t string) bool { return slices.Contains(tags, t) })
	if add {
		list = c.Tags()
		for _, t := range tags {
			if !slices.Contains(list, t) {
				list = append(list, t)
			}
		}
	}
	if raw, err := json.Marshal(list); err != nil || len(list) > maxTags || len(raw) > 4_000 {
		return &Refusal{Code: CodeTags, Message: fmt.Sprintf("A case has %d tags at most.", maxTags)}
	}
	if list == nil {
		list = []string{}
	}
	c.Set("tags", list)
	return nil
}

func fault(field, code, sentence string) error {
	return validation.Errors{field: validation.NewError(code, sentence)}
}

// sentence begins with a capital and ends with a stop.
func sentence(err error) string {
	var fields validation.Errors
	if errors.As(err, &fields) {
		for _, e := range fields {
			return e.Error()
		}
	}
	text := []rune(strings.TrimRight(err.Error(), "."))
	if len(text) == 0 {
		return "It can't be used."
	}
	return string(unicode.ToUpper(text[0])) + string(text[1:]) + "."
}

func inCase(id string) dbx.HashExp { return dbx.HashExp{"case": id} }
