package merging

import (
	"slices"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// Splitting makes a case of its own out of a message.
type Splitting struct {
	Message string
	Subject string // of the new case; "" takes the message's
	Later   bool   // what came after the message goes along
}

// Parted is a case that was split off.
type Parted struct {
	Case   string `json:"case"`
	Number int    `json:"number"`
	Merge  string `json:"merge"` // to undo it
}

// maxSubject is how long the subject of a case may be.
const maxSubject = 300

// Split gives a visitor's message a case of its own, with a number and a link of
// its own. Its person, category and team stay; its mails go to the same address.
// The message that opened a case stays with it.
func (s *Station) Split(agent *desk.Agent, r Splitting) (out *Parted, err error) {
	err = s.Commit.Do(func(tx core.App) error {
		m, err := desk.FindMessage(tx, r.Message)
		if err != nil {
			return refuse(Gone)
		}
		c, err := desk.FindCase(tx, m.Case())
		if err != nil || !agent.Sees(c.Team()) {
			return refuse(Gone)
		}
		out, err = split(tx, agent, parting{Splitting: r, message: m, from: c})
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// parting is a split under way.
type parting struct {
	Splitting
	message *desk.Message
	from    *desk.Case
	made    *desk.Case
	openers map[string]string
}

func split(tx core.App, agent *desk.Agent, p parting) (*Parted, error) {
	moved, err := p.gather(tx)
	if err != nil {
		return nil, err
	}
	before := map[string]desk.Fields{p.from.Id: fields(p.from.Record, caseFields())}
	if err := p.make(tx); err != nil {
		return nil, err
	}
	if err := carry(tx, moved, p.from.Id, p.made.Id); err != nil {
		return nil, err
	}
	if err := p.turns(tx, len(moved.Promises) > 0); err != nil {
		return nil, err
	}
	for _, c := range []*desk.Case{p.from, p.made} {
		c.Touch()
		if err := desk.Save(tx, c.Record); err != nil {
			return nil, err
		}
	}
	before[p.made.Id] = fields(p.made.Record, caseFields())
	moved.note(before, caseFields(), p.from.Record, p.made.Record)
	done, err := keep(tx, agent, desk.MergeSplit, *moved, Request{Source: p.from.Id, Target: p.made.Id})
	if err != nil {
		return nil, err
	}
	line := func(of, other *desk.Case, role string) desk.Event {
		return desk.Event{Case: of.Id, Actor: agent.Id, Kind: desk.EventSplit,
			After: map[string]any{"merge": done.ID, "role": role, "case": other.Id, "number": other.Number()}}
	}
	return &Parted{p.made.Id, p.made.Number(), done.ID}, desk.Record(tx, line(p.from, p.made, "source"), line(p.made, p.from, "target"))
}

// gather lists what goes to the new case.
func (p *parting) gather(tx core.App) (*moving, error) {
	if p.message.Direction() != desk.In {
		return nil, refuse(NotTheirs)
	}
	if p.from.MergedInto() != "" {
		return nil, refuse(Merged)
	}
	all, err := idsOf(tx, desk.Messages, "case", p.from.Id, MaxMessages)
	if err != nil {
		return nil, err
	}
	family, err := familyOf(tx, p.from)
	if err != nil {
		return nil, err
	}
	at := slices.Index(all, p.message.Id)
	if at < 0 {
		return nil, refuse(Gone)
	}
	if family.Openers[p.message.Id] == p.from.Feedback() && p.from.Feedback() != "" || at == 0 {
		return nil, refuse(First)
	}
	m := &moving{}
	m.Messages = []string{p.message.Id}
	if p.Later {
		m.Messages = all[at:]
	}
	m.Openers, p.openers = map[string]string{}, family.Openers
	for _, id := range m.Messages {
		if f := family.Openers[id]; f != "" {
			m.Openers[id] = f
		}
		if family.Hidden[id] {
			m.Hidden = append(m.Hidden, id)
		}
	}
	if m.Events, err = about(tx, p.from.Id, m.Messages); err != nil {
		return nil, err
	}
	var promises []struct{ ID, Message string }
	err = tx.DB().Select("id", "message").From(desk.Name(tx, desk.Promises)).Where(dbx.HashExp{"case": p.from.Id}).All(&promises)
	for _, one := range promises {
		if slices.Contains(m.Messages, one.Message) {
			m.Promises = append(m.Promises, one.ID)
		}
	}
	return m, err
}

// make saves the new case. Of a merged case it may be the words of another
// submission: then it is that one's again.
func (p *parting) make(tx core.App) error {
	c, err := desk.NewCase(tx)
	if err != nil {
		return err
	}
	n, err := desk.NextNumber(tx)
	if err != nil {
		return err
	}
	feedback, contact, err := p.whose(tx)
	if err != nil {
		return err
	}
	came := p.message.GetDateTime("created")
	for field, value := range map[string]any{
		"number": n, "contact": contact, "feedback": feedback, "subject": p.subject(),
		"category": p.from.Category(), "team": p.from.Team(), "assignee": p.from.Assignee(), "locale": p.from.Locale(),
		"priority": "normal", "status": desk.Open, "track_token": mail.NewToken(), "mail_token": mail.NewToken(),
		"tags": []string{}, "reasons": map[string]any{}, "track_since": desk.Date(desk.Now(tx)), "last_in_at": came,
	} {
		c.Set(field, value)
	}
	if feedback == p.from.Feedback() && contact == p.from.Contact() { // not what another case brought along
		c.Set("begun_email", p.from.GetString("begun_email"))
		c.Set("begun_phone", p.from.GetString("begun_phone"))
	}
	p.made = c
	return desk.Save(tx, c.Record)
}

// whose is the submission and the contact of the message. What another case
// brought along is of that one: an answer must go to whoever wrote it.
func (p *parting) whose(tx core.App) (feedback, contact string, err error) {
	contact = p.message.GetString("contact")
	if contact == "" {
		contact = p.from.Contact()
	}
	if own := p.openers[p.message.Id]; own != "" {
		return own, contact, nil
	}
	c := p.from
	for {
		before := c
		list, err := desk.MergesInto(tx, c.Id)
		if err != nil {
			return "", "", err
		}
		for _, m := range list {
			moved, err := m.Moved()
			if err != nil {
				return "", "", err
			}
			if m.Kind() == desk.MergeCase && slices.Contains(moved.Messages, p.message.Id) {
				if c, err = desk.FindCase(tx, m.Source()); err != nil {
					return "", "", err
				}
				break
			}
		}
		if c == before {
			break
		}
	}
	if c.Contact() == contact {
		return c.Feedback(), contact, nil
	}
	var of []string // he wrote after his case was merged
	err = tx.DB().Select("feedback").From(desk.Name(tx, desk.Cases)).Where(dbx.HashExp{"merged_into": c.Id, "contact": contact}).
		AndWhere(dbx.NewExp("[[merged_into]] != ''")).Limit(1).Column(&of)
	if len(of) == 1 {
		feedback = of[0]
	}
	return feedback, contact, err
}

// subject is what the agent called it, else what the message calls itself.
func (p *parting) subject() string {
	for _, s := range []string{p.Subject, p.message.Subject(), p.message.Body()} {
		if s = desk.OneLine(s); strings.TrimSpace(s) != "" {
			return desk.Clip(s, min(maxSubject, max(80, len([]rune(desk.OneLine(p.Subject))))))
		}
	}
	return p.from.Subject()
}

// turns finds out anew on both cases since when the visitor waits, and what is
// promised where promises moved.
func (p *parting) turns(tx core.App, promises bool) error {
	for _, c := range []*desk.Case{p.from, p.made} {
		since, last, answered, err := waitsSince(tx, c.Id)
		if err != nil {
			return err
		}
		if c == p.made {
			c.Set("waiting_since", since)
			c.Set("first_responded_at", answered)
			c.Set("last_in_at", last)
		} else if since.IsZero() && !c.GetDateTime("waiting_since").IsZero() {
			c.Set("waiting_since", "")
			c.Set("next_response_due", "")
		}
		if !promises {
			continue
		}
		open, err := openPromise(tx, c.Id)
		if err != nil {
			return err
		}
		c.Set("promised_at", open)
	}
	return nil
}

// waitsSince tells since when a visitor waits for an answer of staff, when his
// last word came, and when staff first answered.
func waitsSince(tx core.App, caseID string) (since, last, answered types.DateTime, err error) {
	var rows []struct {
		Direction string         `db:"direction"`
		Author    string         `db:"author"`
		Auto      string         `db:"auto"`
		Created   types.DateTime `db:"created"`
	}
	err = tx.DB().Select("direction", "author", "auto", "created").From(desk.Name(tx, desk.Messages)).
		Where(dbx.HashExp{"case": caseID}).OrderBy("created", "rowid").All(&rows)
	for _, r := range rows {
		switch {
		case r.Direction == desk.In && r.Auto == "":
			if last = r.Created; since.IsZero() {
				since = r.Created
			}
		case r.Direction == desk.Out && r.Author != "":
			if since = (types.DateTime{}); answered.IsZero() {
				answered = r.Created
			}
		}
	}
	return since, last, answered, err
}
