package webhooks

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// maxText bounds one text of a payload, in bytes: the specification wants
// payloads below some 20 kB.
const maxText = 12_000

// event is one thing that webhooks are told of.
type event struct {
	typ    string
	msg    string // the webhook-id, the same for all webhooks
	at     time.Time
	caseID string
	actor  string // agent id; "" is the system or the visitor
	by     string // what of the system did it, such as rule

	facts map[string]any
	texts map[string]string // sent only with_text
}

// envelope is the shape of every payload, as the specification recommends it.
type envelope struct {
	Type      string         `json:"type"`
	Timestamp string         `json:"timestamp"` // when it happened, RFC 3339
	Data      map[string]any `json:"data"`
}

// caseFacts is what a payload says of its case.
type caseFacts struct {
	ID       string   `json:"id"`
	Number   int      `json:"number"`
	Status   string   `json:"status"`
	Priority string   `json:"priority"`
	Category string   `json:"category"`
	Team     string   `json:"team"`
	Assignee string   `json:"assignee"`
	Tags     []string `json:"tags"`
	Contact  string   `json:"contact"`
	Locale   string   `json:"locale"`
	URL      string   `json:"url"` // in the Desk
}

// person is a member of staff as a payload names him.
type person struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// writer makes payloads; what it looks up is kept for one batch.
type writer struct {
	app    core.App
	link   func(caseID string) string
	cases  map[string]*desk.Case // nil: there is none
	agents map[string]*person
}

func (s *Station) newWriter(app core.App) *writer {
	return &writer{app: app, link: s.config.Link, cases: map[string]*desk.Case{}, agents: map[string]*person{}}
}

// payload is what is sent of an event.
func (w *writer) payload(ev event, withText bool) ([]byte, error) {
	data := maps.Clone(ev.facts)
	if data == nil {
		data = map[string]any{}
	}
	if ev.caseID != "" {
		c, err := w.findCase(ev.caseID)
		if err != nil {
			return nil, err
		}
		if c == nil {
			data["case"] = caseFacts{ID: ev.caseID, Tags: []string{}}
		} else {
			data["case"] = w.facts(c)
		}
		if withText {
			for name, text := range ev.texts {
				data[name] = safeText(text, c)
			}
		}
	}
	who, err := w.person(ev.actor)
	if err != nil {
		return nil, err
	}
	data["actor"], data["by"] = who, ev.by
	b, err := json.Marshal(envelope{ev.typ, ev.at.UTC().Format("2006-01-02T15:04:05.000Z"), data})
	if err != nil {
		return nil, fmt.Errorf("payload of %s: %w", ev.typ, err)
	}
	return b, nil
}

func (w *writer) facts(c *desk.Case) caseFacts {
	tags := c.GetStringSlice("tags")
	if tags == nil {
		tags = []string{}
	}
	return caseFacts{
		ID: c.Id, Number: c.Number(), Status: c.Status(), Priority: c.Priority(), Category: c.Category(), Team: c.Team(),
		Assignee: c.Assignee(), Tags: tags, Contact: c.Contact(), Locale: c.Locale(), URL: w.link(c.Id),
	}
}

// findCase is nil for a case that is gone.
func (w *writer) findCase(id string) (*desk.Case, error) {
	if c, ok := w.cases[id]; ok {
		return c, nil
	}
	c, err := desk.FindCase(w.app, id)
	if errors.Is(err, sql.ErrNoRows) {
		c, err = nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("case of an event: %w", err)
	}
	w.cases[id] = c
	return c, nil
}

// person is nil for the system, and nameless for who is gone.
func (w *writer) person(id string) (*person, error) {
	if id == "" {
		return nil, nil
	}
	if p, ok := w.agents[id]; ok {
		return p, nil
	}
	p := &person{ID: id}
	r, err := w.app.FindRecordById(desk.Agents, id)
	if err == nil {
		p.Name = r.GetString("name")
	} else if !errors.Is(err, sql.ErrNoRows) {
		return nil, fmt.Errorf("who did it: %w", err)
	}
	w.agents[id] = p
	return p, nil
}

// secretPath is the end of a link that opens a page to whoever has it.
var secretPath = regexp.MustCompile(`/(t|c|s|e)/[A-Za-z0-9_.~%-]{16,}`)

// safeText is a text without what opens something, such as the link to the
// tracking page that a visitor's mail quotes, and of bounded length.
func safeText(s string, c *desk.Case) string {
	if c != nil {
		for _, field := range []string{"track_token", "mail_token"} {
			if token := c.GetString(field); token != "" {
				s = strings.ReplaceAll(s, token, "…")
			}
		}
	}
	s = strings.NewReplacer(desk.TrackingLink, "…", desk.EscalationLink, "…").Replace(s)
	s = secretPath.ReplaceAllString(s, "/$1/…")
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= maxText {
		return s
	}
	cut := maxText
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
