package inbox

import (
	"encoding/json"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// File is an attachment as a screen shows it; its bytes are PocketBase's to serve.
type File struct {
	Name       string `json:"name"`
	Title      string `json:"title"`
	Collection string `json:"collection"`
	Record     string `json:"record"`
}

// Entry is one message of a case: its record, which bears what goes with a mail
// (cc, bcc, from_addr, auto, quoted, delivery_note, undo_until, read_at …).
type Entry struct {
	*core.Record
	AuthorName string
	Files      []File
	Delivery   string // id of its delivery where that is in trouble and may be tried again; else ""
	HasRaw     bool   // the mail as it came is still kept
	Writer     string // name of the person it is of, where that is not the case's
}

// MarshalJSON adds to the record what stands elsewhere, and leaves out what is
// long and seldom looked at: has_html and has_quoted say that it is there, and
// the record itself has it. formatted is how a mail of ours looked whose text has
// marks of formatting: see [mail.Source].
func (e Entry) MarshalJSON() ([]byte, error) {
	m := e.Record.PublicExport()
	m["author_name"], m["files"], m["outbox"], m["has_raw"] = e.AuthorName, e.Files, e.Delivery, e.HasRaw
	if e.Writer != "" {
		m["contact_name"] = e.Writer
	}
	m["has_html"], m["has_quoted"] = e.GetString("html") != "", e.GetString("quoted") != ""
	if e.GetString("body") != "" { // else the words stand in the HTML alone
		delete(m, "html")
	}
	if body := e.GetString("body"); e.GetString("direction") == desk.Out && (e.GetString("channel") == desk.ChannelEmail || e.GetString("channel") == desk.ChannelSystem) && len(body) <= maxFormatted && mail.HasMarks(body) {
		m["formatted"] = mail.Fragment(mail.Source{Text: body, Typed: e.GetBool("typed")})
	}
	if len(e.GetString("quoted")) > maxQuoted {
		delete(m, "quoted")
	}
	return json.Marshal(m)
}

// Line is one event of a case.
type Line struct {
	*core.Record
	ActorName string
}

// MarshalJSON adds the actor's name to the record.
func (l Line) MarshalJSON() ([]byte, error) {
	m := l.Record.PublicExport()
	m["actor_name"] = l.ActorName
	return json.Marshal(m)
}

// Duplicate is a contact that may be the same person.
type Duplicate struct {
	Contact Person `json:"contact"`
	Why     string `json:"why"`
}

// CaseScreen is one case with all that belongs to it.
type CaseScreen struct {
	Case               *core.Record `json:"case"`
	Contact            *Card        `json:"contact"`
	Messages           []Entry      `json:"messages"` // the latest of them, oldest first
	Earlier            int          `json:"earlier"`  // how many came before them; see [Earlier]
	Events             []Line       `json:"events"`
	Verdict            *core.Record `json:"verdict"`
	Feedback           *core.Record `json:"feedback"`
	ReplyTo            string       `json:"reply_to"`
	TextTo             string       `json:"sms_to"` // number to which a text goes; set by the caller
	Tracking           bool         `json:"tracking"`
	SeenAt             string       `json:"seen_at"` // up to when the agent has read the case; "" is never
	PossibleDuplicates []Duplicate  `json:"possible_duplicates"`
	Merged             *Joined      `json:"merged"` // the case that took this one over; null for one that stands
	Merges             []Joined     `json:"merges"` // what was merged into it or split off, of the case and of its person, latest first
}

// Card is the person of a case.
type Card struct {
	*core.Record
	Identities []*core.Record
	Cases      []CaseLine
}

// MarshalJSON adds identities and earlier cases to the record.
func (c Card) MarshalJSON() ([]byte, error) {
	m := c.Record.PublicExport()
	m["identities"], m["cases"] = c.Identities, c.Cases
	return json.Marshal(m)
}

// CaseLine is another case of the same person.
type CaseLine struct {
	ID      string `db:"id" json:"id"`
	Number  int    `db:"number" json:"number"`
	Subject string `db:"subject" json:"subject"`
	Status  string `db:"status" json:"status"`
	Created string `db:"created" json:"created"`
}

// Limits of what one view holds; the conversation shows its latest part.
const (
	maxMessages = 50
	maxEvents   = 300
	maxCases    = 50
	maxQuoted   = 2_000

	maxFormatted = 20_000 // bytes of a text whose look is shown
)

// CaseView gathers one case for its screen. replyTo finds where an answer goes.
func CaseView(app core.App, agent *desk.Agent, c *desk.Case, replyTo func(core.App, *desk.Case) (string, error)) (*CaseScreen, error) {
	v := &CaseScreen{Case: c.Record, Tracking: c.TrackToken() != "", PossibleDuplicates: []Duplicate{}}
	names, err := agentNames(app)
	if err != nil {
		return nil, err
	}
	if f, err := desk.FindFeedback(app, c.Feedback()); err == nil {
		v.Feedback = f.Record
	}
	if verdict, err := desk.FindVerdictOf(app, c.Feedback()); err == nil {
		v.Verdict = verdict.Record
	}
	if v.Messages, v.Earlier, err = entries(app, c, v.Feedback, names, nil); err != nil {
		return nil, err
	}
	if v.SeenAt, err = seenAt(app, agent, c); err != nil {
		return nil, err
	}
	if v.Events, err = lines(app, c, names); err != nil {
		return nil, err
	}
	if v.Contact, err = card(app, agent, c); err != nil {
		return nil, err
	}
	v.addDuplicates(app)
	if err := v.addMerges(app, agent, c, names); err != nil {
		return nil, err
	}
	v.ReplyTo, err = replyTo(app, c)
	return v, err
}

func agentNames(app core.App) (map[string]string, error) {
	var rows []Person
	if err := app.DB().Select("id", "name").From(desk.Name(app, desk.Agents)).All(&rows); err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, r := range rows {
		names[r.ID] = r.Name
	}
	return names, nil
}

func lines(app core.App, c *desk.Case, names map[string]string) ([]Line, error) {
	rows, err := latest(app, desk.Events, c.Id, maxEvents, nil)
	out := make([]Line, len(rows))
	for i, r := range rows {
		out[i] = Line{Record: r, ActorName: names[r.GetString("actor")]}
	}
	return out, err
}

func card(app core.App, agent *desk.Agent, c *desk.Case) (*Card, error) {
	r, err := app.FindRecordById(desk.Contacts, c.Contact())
	if err != nil {
		return nil, nil // erased
	}
	out := &Card{Record: r, Cases: []CaseLine{}}
	if out.Identities, err = app.FindAllRecords(desk.Identities, dbx.HashExp{"contact": r.Id}); err != nil {
		return nil, err
	}
	q := app.DB().Select("c.id", "c.number", "c.subject", "c.status", "c.created").From(desk.Name(app, desk.Cases) + " c").
		Where(dbx.HashExp{"c.contact": r.Id}).AndWhere(dbx.Not(dbx.HashExp{"c.id": c.Id})).OrderBy("c.created DESC").Limit(maxCases)
	if team := ofTeam(agent); team != nil {
		q.AndWhere(team)
	}
	return out, q.All(&out.Cases)
}

func (v *CaseScreen) addDuplicates(app core.App) {
	for _, l := range v.Events {
		if l.GetString("kind") != "possible_duplicate" {
			continue
		}
		var after struct{ Contact, Same string }
		_ = l.UnmarshalJSONField("after", &after)
		if r, err := app.FindRecordById(desk.Contacts, after.Contact); err == nil {
			v.PossibleDuplicates = append(v.PossibleDuplicates, Duplicate{Person{r.Id, r.GetString("name")}, after.Same})
		}
	}
}
