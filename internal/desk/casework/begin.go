package casework

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// Bounds of what staff type of a case that they begin, in characters.
const (
	maxBegunName    = 200
	maxBegunSubject = 300
	maxBegunWords   = 10_000
)

// BegunChannels are the ways on which the words of a begun case may have come.
func BegunChannels() []string {
	return []string{desk.ChannelPhone, desk.ChannelCounter, desk.ChannelEmail, "line", "chat"}
}

// Beginning is a case that a member of staff begins: somebody called, stood at the
// counter, wrote elsewhere; or the shop writes first.
type Beginning struct {
	Agent              *desk.Agent
	ID                 string // of the case, chosen by who asks, so that asking twice makes one; "" for none
	Name, Email, Phone string // of the person; a mail address or a number is needed where the shop writes first
	Locale             string // "" is the shop's
	Category, Priority string // "" leaves them to keywords, model and category
	Subject            string // "" is the beginning of the words
	Words              string // what the person said; "" where the shop writes first
	Channel            string // of the words, one of [BegunChannels]
	First              bool   // the shop writes first: nothing is owed until the person answers
	Mine               bool   // the agent takes the case
}

// Begun is a checked beginning, ready to be saved inside a transaction.
type Begun struct {
	Beginning
	opening *Opening
}

// Begin checks a beginning and finds out all about its case. No acknowledgement
// goes out: the agent speaks with the person. The errors are validation errors.
func (w *Work) Begin(app core.App, b Beginning) (*Begun, error) {
	settings, err := desk.LoadSettings(app)
	if err != nil {
		return nil, err
	}
	if b.Locale == "" {
		b.Locale = settings.Locale
	}
	b.Name, b.Subject, b.Words = desk.OneLine(strings.TrimSpace(b.Name)), desk.OneLine(strings.TrimSpace(b.Subject)), strings.TrimSpace(b.Words)
	f, err := desk.NewFeedback(app)
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]any{
		"name": b.Name, "email": strings.TrimSpace(b.Email), "phone": strings.TrimSpace(b.Phone), "locale": b.Locale,
		"category": b.Category, "subject": b.Subject, "message": b.Words, "source": desk.SourcePhone,
	} {
		f.Set(name, value)
	}
	who := personOf(f, settings)
	if err := b.check(app, who); err != nil {
		return nil, err
	}
	o := &Opening{feedback: f, person: who, now: desk.Now(app), tokens: [2]string{mail.NewToken(), mail.NewToken()}}
	if o.sorted, err = w.sortOut(app, f); err != nil {
		return nil, err
	}
	if b.Category != "" {
		o.sorted.reasons["category"] = desk.Reason{By: "staff", Why: b.Agent.Name()}
	}
	if b.Priority != "" {
		o.sorted.priority, o.sorted.reasons["priority"] = b.Priority, desk.Reason{By: "staff", Why: b.Agent.Name()}
	}
	if b.Mine && !b.Agent.Sees(o.sorted.team) {
		o.sorted.team = b.Agent.Team()
	}
	w.Hits.Add(desk.Keywords, o.sorted.hits...)
	return &Begun{b, o}, nil
}

// recordID is how ids look that PocketBase gives.
var recordID = regexp.MustCompile(`^[a-z0-9]{15}$`)

func (b *Beginning) check(app core.App, who person) error {
	switch {
	case b.ID != "" && !recordID.MatchString(b.ID):
		return fieldError("id", "validation_id", "An id has 15 small letters and digits.")
	case utf8.RuneCountInString(b.Name) > maxBegunName:
		return fieldError("name", "validation_length", "A name has 200 characters at most.")
	case strings.TrimSpace(b.Email) != "" && who.email == "":
		return fieldError("email", "validation_email", "This is no mail address.")
	case strings.TrimSpace(b.Phone) != "" && who.phone == "":
		return fieldError("phone", "validation_phone", "This is no phone number.")
	case b.First && who.email == "" && who.phone == "":
		return fieldError("email", "validation_required", "Where shall it go? Give a mail address or a phone number.")
	case b.Name == "" && who.email == "" && who.phone == "":
		return fieldError("name", "validation_required", "Who is it? Give a name, a mail address or a phone number.")
	case desk.KnownLocale(b.Locale) == "":
		return fieldError("locale", "validation_locale", "There is no such language.")
	case utf8.RuneCountInString(b.Subject) > maxBegunSubject:
		return fieldError("subject", "validation_length", "A subject has 300 characters at most.")
	case utf8.RuneCountInString(b.Words) > maxBegunWords:
		return fieldError("words", "validation_length", "This has 10,000 characters at most.")
	case b.First && b.Words != "":
		return fieldError("words", "validation_first", "Where the shop writes first, the person has said nothing yet.")
	case b.First && b.Subject == "":
		return fieldError("subject", "validation_required", "What is it about?")
	case !b.First && b.Words == "":
		return fieldError("words", "validation_required", "What did the person say?")
	case !b.First && !slices.Contains(BegunChannels(), b.Channel):
		return fieldError("channel", "validation_channel", "It came by phone, counter, email, line or chat.")
	case b.Priority != "" && !slices.Contains([]string{"urgent", "high", "normal", "low"}, b.Priority):
		return fieldError("priority", "validation_priority", "There is no such priority.")
	case !b.Agent.Works():
		return fieldError("agent", "validation_agent", "People begin cases.")
	}
	if b.Category != "" {
		if _, known, err := desk.FindCategory(app, b.Category); err != nil || !known {
			return fieldError("category", "validation_category", "There is no such category.")
		}
	}
	return nil
}

// ErrIDTaken says that another case bears the id that was asked for.
var ErrIDTaken = errors.New("another case has this id")

// Save opens the case inside the caller's transaction; it may be called again
// after a rollback. Where the agent began the case of this id before, it is that
// one, and fresh is false; the id of any other case gives [ErrIDTaken].
func (b *Begun) Save(tx core.App) (c *desk.Case, fresh bool, err error) {
	if b.ID != "" {
		if c, err := desk.FindCase(tx, b.ID); err == nil {
			n, err := tx.CountRecords(desk.Events, dbx.HashExp{"case": c.Id, "kind": "opened", "actor": b.Agent.Id})
			if err == nil && n == 0 {
				err = ErrIDTaken
			}
			return c, false, err
		}
	}
	c, err = b.open(tx)
	return c, true, err
}

func (b *Begun) open(tx core.App) (*desk.Case, error) {
	o := b.opening
	m, err := findOrMake(tx, o.person)
	if err != nil {
		return nil, err
	}
	c, err := o.newCase(tx, m)
	if err != nil {
		return nil, err
	}
	c.Set("begun_email", o.person.email)
	c.Set("begun_phone", o.person.phone)
	if b.ID != "" {
		c.Id = b.ID
	}
	if b.Mine {
		c.Set("assignee", b.Agent.Id)
	}
	if b.First {
		c.Set("status", desk.Pending)
		c.Set("first_responded_at", desk.Date(o.now))
		c.Set("waiting_since", "")
		c.Set("last_in_at", "")
	}
	if err := desk.Save(tx, c.Record); err != nil {
		return nil, err
	}
	if !b.First {
		if err := b.saveWords(tx, c); err != nil {
			return nil, err
		}
	}
	opened := map[string]any{
		"number": c.Number(), "category": c.Category(), "priority": c.Priority(), "reasons": o.sorted.reasons, "source": b.source(),
	}
	events := []desk.Event{{Case: c.Id, Actor: b.Agent.Id, Kind: "opened", After: opened}}
	if m.duplicate != "" {
		events = append(events, desk.Event{Case: c.Id, Kind: "possible_duplicate", After: map[string]any{"contact": m.duplicate, "same": m.why}})
	}
	return c, desk.Record(tx, events...)
}

// source is how the case came, for the audit trail: its channel, or that the shop
// wrote first.
func (b *Begun) source() string {
	if b.First {
		return "staff"
	}
	return b.Channel
}

// saveWords keeps what the person said, as the agent wrote it down.
func (b *Begun) saveWords(tx core.App, c *desk.Case) error {
	m, err := desk.NewMessage(tx, c.Id)
	if err != nil {
		return err
	}
	m.Set("direction", desk.In)
	m.Set("channel", b.Channel)
	m.Set("contact", c.Contact())
	m.Set("author", b.Agent.Id)
	m.Set("subject", b.Subject)
	m.Set("body", b.Words)
	m.Set("delivery", desk.DeliveryNone)
	return desk.Save(tx, m.Record)
}

// Acquaintance is somebody who is reached at an address already.
type Acquaintance struct {
	Contact string `json:"id"`
	Name    string `json:"name"`
	Locale  string `json:"locale"`
	Cases   int    `json:"cases"`
}

// Known is who is reached at a mail address, else at a phone number; nil for nobody.
func (w *Work) Known(app core.App, address, number, locale string) (*Acquaintance, error) {
	settings, err := desk.LoadSettings(app)
	if err != nil {
		return nil, err
	}
	f, err := desk.NewFeedback(app)
	if err != nil {
		return nil, err
	}
	f.Set("email", strings.TrimSpace(address))
	f.Set("phone", strings.TrimSpace(number))
	f.Set("locale", locale)
	who := personOf(f, settings)
	by, err := findIdentity(app, desk.KindEmail, who.email)
	if err == nil && by == nil {
		by, err = findIdentity(app, desk.KindPhone, who.phone)
	}
	if err != nil || by == nil {
		return nil, err
	}
	r, err := app.FindRecordById(desk.Contacts, by.contact)
	if err != nil {
		return nil, err
	}
	n, err := app.CountRecords(desk.Cases, dbx.HashExp{"contact": by.contact})
	c := desk.AsContact(r)
	return &Acquaintance{c.Id, c.Name(), c.Locale(), int(n)}, err
}
