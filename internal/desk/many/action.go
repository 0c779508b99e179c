package many

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// action is one entry of the list as it is sent and as a macro keeps it.
type action struct {
	Do    string          `json:"do"`
	Value json.RawMessage `json:"value"`
}

// letter is the value of an answer: the template of a key, or words of one's own.
type letter struct {
	Template string `json:"template"`
	Subject  string `json:"subject"`
	Body     string `json:"body"`
	Locale   string `json:"locale"` // "" is each case's own
	Status   string `json:"status"` // of the case from then on
}

// later is the value of snooze and remind.
type later struct {
	Until string `json:"until"` // RFC 3339, or a word: see [When]
	Note  string `json:"note"`
	For   string `json:"for"` // agent id, or "me"
}

// Lengths in characters.
const (
	maxTag     = 60
	maxTags    = 50
	maxNote    = 1000
	maxSubject = 300
)

// readActions decodes a list of actions and nothing else. The errors are for
// the person.
func readActions(raw json.RawMessage) ([]action, error) {
	if len(raw) > MaxBytes {
		return nil, fmt.Errorf("the actions take more than %d bytes", MaxBytes)
	}
	var list []action
	if err := decode(raw, &list); err != nil {
		return nil, errors.New(`give a list of actions: [{"do": "status", "value": "open"}]`)
	}
	if len(list) == 0 || len(list) > MaxActions {
		return nil, fmt.Errorf("give 1 to %d actions", MaxActions)
	}
	return list, nil
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

func (a action) text() (string, error) {
	var s string
	if err := decode(a.Value, &s); err != nil {
		return "", errors.New("the value is a text")
	}
	return strings.TrimSpace(s), nil
}

// words reads a list of tags, or a single one.
func (a action) words() ([]string, error) {
	var list []string
	if one, err := a.text(); err == nil {
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

func (a action) letter() (*letter, error) {
	l := &letter{}
	if err := decode(a.Value, l); err != nil {
		return nil, errors.New("the value of an answer is {template} or {subject, body}, with locale and status")
	}
	l.Body, l.Subject = strings.TrimSpace(l.Body), desk.OneLine(strings.TrimSpace(l.Subject))
	switch {
	case (l.Template == "") == (l.Body == ""):
		return nil, errors.New("an answer has a template or a body of its own, one of them")
	case utf8.RuneCountInString(l.Subject) > maxSubject:
		return nil, fmt.Errorf("a subject has %d characters at most", maxSubject)
	case l.Locale != "" && !slices.Contains(desk.Locales(), l.Locale):
		return nil, fmt.Errorf("there is no language %q", l.Locale)
	case l.Status != "" && !settable(l.Status):
		return nil, errors.New("there is no such status")
	}
	return l, nil
}

// later reads a date to come back at. It must lie ahead; "" clears a reminder.
func (a action) later(app core.App, clear bool) (later, time.Time, error) {
	l := later{}
	if until, err := a.text(); err == nil {
		l.Until = until
	} else if decode(a.Value, &l) != nil {
		return l, time.Time{}, errors.New("the value is {until, note, for}")
	}
	l.Note = strings.TrimSpace(l.Note)
	if utf8.RuneCountInString(l.Note) > maxNote {
		return l, time.Time{}, fmt.Errorf("a note has %d characters at most", maxNote)
	}
	if l.Until == "" && clear {
		return l, time.Time{}, nil
	}
	s, err := desk.LoadSettings(app)
	if err != nil {
		return l, time.Time{}, err
	}
	at, err := When(l.Until, desk.Now(app).In(s.Location), s.Calendar)
	return l, at, err
}

func (a action) note() (string, error) {
	var v struct {
		Body string `json:"body"`
	}
	body, err := a.text()
	if err != nil {
		if decode(a.Value, &v) != nil {
			return "", errors.New("the value of a note is {body}")
		}
		body = strings.TrimSpace(v.Body)
	}
	if body == "" {
		return "", errors.New("a note has words")
	}
	return body, nil
}

// settable tells the statuses that staff give; "new" is what nobody has seen.
func settable(status string) bool {
	return slices.Contains([]string{desk.Open, desk.Pending, desk.OnHold, desk.Resolved, desk.Closed}, status)
}
