package ruling

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Lengths in characters.
const (
	maxTag    = 60
	maxTags   = 50
	maxRemark = 1_000
)

// Action is one entry of a rule's list as it is written.
type Action struct {
	Do    string          `json:"do"`
	Value json.RawMessage `json:"value"`
}

// step is a checked action. Which of its members count depends on what it does.
type step struct {
	do    string
	value string // id, key, word or working time
	tags  []string
	text  string // of a note, of what people are told, of a reminder
	whom  string // of a reminder: agent id
	even  bool   // of team and assign: also where somebody is at work on it
	after calendar.Amount
}

// Actions lists what a rule may do.
func Actions() []string {
	return []string{
		"category", "priority", "status", "team", "assign", "add_tags", "remove_tags",
		"answer", "note", "notify", "webhook", "escalate", "remind", "snooze", "stop",
	}
}

// readSteps decodes a list of actions. The errors are for the person who wrote
// it: they name the action by its position.
func readSteps(raw json.RawMessage) ([]step, error) {
	if len(raw) > MaxBytes {
		return nil, fmt.Errorf("the actions take more than %d bytes", MaxBytes)
	}
	var list []Action
	if err := decode(raw, &list); err != nil {
		return nil, errors.New(`give a list of actions: [{"do": "priority", "value": "high"}]`)
	}
	if len(list) == 0 || len(list) > MaxActions {
		return nil, fmt.Errorf("give 1 to %d actions", MaxActions)
	}
	steps := make([]step, 0, len(list))
	for i, a := range list {
		s, err := a.read()
		if err != nil {
			return nil, named(i, a.Do, err)
		}
		if slices.Contains([]string{"answer", "category", "priority", "status", "team", "assign", "remind", "snooze", "stop"}, s.do) &&
			slices.ContainsFunc(steps, func(o step) bool { return o.do == s.do }) {
			return nil, named(i, a.Do, errors.New("it is there twice; keep one of them"))
		}
		steps = append(steps, s)
	}
	return steps, nil
}

func named(i int, do string, err error) error {
	return fmt.Errorf("action %d (%s): %w", i+1, desk.Clip(desk.OneLine(do), 30), err)
}

// decode is strict: a member that nobody knows is a slip that would go unseen.
func decode(raw json.RawMessage, to any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows")
	}
	return nil
}

func (a Action) read() (step, error) {
	s := step{do: a.Do}
	var err error
	switch a.Do {
	case "category":
		s.value, err = a.word(100)
	case "team":
		err = a.readHolder(&s, "id")
	case "assign":
		err = a.readHolder(&s, "to")
	case "priority":
		s.value, err = a.choice("low", "normal", "high", "urgent")
	case "status":
		s.value, err = a.choice(desk.Open, desk.Pending, desk.OnHold, desk.Resolved, desk.Closed)
	case "add_tags", "remove_tags":
		s.tags, err = a.tags()
	case "answer":
		s.value, err = a.member("template", 60)
	case "webhook", "escalate":
		s.value, err = a.member("id", 60)
	case "note":
		s.text, err = a.member("body", MaxText)
	case "notify":
		err = a.readNotify(&s)
	case "remind", "snooze":
		err = a.readLater(&s)
	case "stop":
	default:
		err = fmt.Errorf("there is no such action; there are %s", strings.Join(Actions(), ", "))
	}
	return s, err
}

func (a Action) word(most int) (string, error) {
	var s string
	if err := decode(a.Value, &s); err != nil {
		return "", errors.New("the value is a text")
	}
	if s = strings.TrimSpace(s); utf8.RuneCountInString(s) > most {
		return "", fmt.Errorf("the value has %d characters at most", most)
	}
	return s, nil
}

func (a Action) choice(words ...string) (string, error) {
	s, err := a.word(100)
	if err != nil || !slices.Contains(words, s) {
		return "", fmt.Errorf("the value is one of %s", strings.Join(words, ", "))
	}
	return s, nil
}

// member reads {name: text}, or the text alone.
func (a Action) member(name string, most int) (string, error) {
	s, err := a.word(most)
	if err != nil {
		var m map[string]string
		if decode(a.Value, &m) != nil || len(m) != 1 {
			return "", fmt.Errorf(`the value is {%q: "…"} with %d characters at most`, name, most)
		}
		s = strings.TrimSpace(m[name])
	}
	if s == "" || utf8.RuneCountInString(s) > most {
		return "", fmt.Errorf("%s has 1 to %d characters", name, most)
	}
	return s, nil
}

// tags reads a list of words, or a single one.
func (a Action) tags() ([]string, error) {
	var list []string
	if one, err := a.word(maxTag); err == nil {
		list = []string{one}
	} else if decode(a.Value, &list) != nil {
		return nil, errors.New("the value is a list of words")
	}
	out := []string{}
	for _, word := range list {
		word = desk.OneLine(strings.TrimSpace(word))
		if n := utf8.RuneCountInString(word); n == 0 || n > maxTag {
			return nil, fmt.Errorf("a tag has 1 to %d characters", maxTag)
		}
		if !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	if len(out) == 0 || len(out) > maxTags {
		return nil, fmt.Errorf("give 1 to %d tags", maxTags)
	}
	return out, nil
}

// readHolder reads whose a case becomes: an id, or with the word that it is so
// even where somebody is at work on it: {to: id, even: true}.
func (a Action) readHolder(s *step, name string) (err error) {
	if s.value, err = a.word(100); err == nil {
		return nil
	}
	var v struct {
		To   *string `json:"to"`
		ID   *string `json:"id"`
		Even bool    `json:"even"`
	}
	if decode(a.Value, &v) == nil {
		if given := map[string]*string{"to": v.To, "id": v.ID}; given[name] != nil && (v.To == nil || v.ID == nil) {
			s.value, s.even = strings.TrimSpace(*given[name]), v.Even
		} else {
			name = ""
		}
		if name != "" && utf8.RuneCountInString(s.value) <= 100 {
			return nil
		}
	}
	return fmt.Errorf(`the value is an id, or {"%s": id, "even": true} with 100 characters at most`, map[string]string{"team": "id", "assign": "to"}[a.Do])
}

func (a Action) readNotify(s *step) error {
	var v struct {
		To   string `json:"to"`
		Text string `json:"text"`
	}
	if err := decode(a.Value, &v); err != nil {
		return errors.New(`the value is {"to": "lead", "text": "…"}; to is lead, team, assignee or the id of a colleague`)
	}
	s.value, s.text = strings.TrimSpace(v.To), strings.TrimSpace(v.Text)
	if s.value == "" || len(s.value) > 60 {
		return errors.New("say who is told: lead, team, assignee or the id of a colleague")
	}
	if utf8.RuneCountInString(s.text) > maxRemark {
		return fmt.Errorf("the text has %d characters at most", maxRemark)
	}
	return nil
}

func (a Action) readLater(s *step) (err error) {
	var v struct {
		After string `json:"after"`
		Note  string `json:"note"`
		For   string `json:"for"`
	}
	if v.After, err = a.word(10); err != nil && decode(a.Value, &v) != nil {
		return errors.New(`the value is {"after": "2d", "note": "…", "for": "the id of a colleague"}`)
	}
	s.text, s.whom = strings.TrimSpace(v.Note), strings.TrimSpace(v.For)
	if utf8.RuneCountInString(s.text) > maxRemark || len(s.whom) > 60 {
		return fmt.Errorf("a note has %d characters at most", maxRemark)
	}
	s.after, err = calendar.ParseAmount(v.After)
	s.value = v.After
	return err
}
