package escalating

import (
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// maxSubject is how much of what a visitor wrote leaves for somebody outside, in
// characters.
const maxSubject = 40

// Sheet is what somebody outside is told of a case: facts, and of the visitor's
// words no more than a short subject.
type Sheet struct {
	Number   int
	Subject  string
	Category desk.Text
	Priority string
	Opened   time.Time
	Due      time.Time // by when somebody should answer; zero: not said
	Note     string    // of our people
	Summary  string    // of the case, on the page alone
	From     string    // who asks; "" is the shop
	State    string    // of the escalation
	Step     int       // from 0
	Locale   string    // in which he was written to
}

// write queues the mail to somebody outside.
func (s *Station) write(tx core.App, c *desk.Case, run *Run, i int) ([]Told, error) {
	settings, err := desk.LoadSettings(tx)
	if err != nil {
		return nil, err
	}
	to := run.Took[i].To
	locale := to.locale(settings)
	sheet, err := sheetOf(tx, c, run, i)
	if err != nil {
		return nil, err
	}
	shop := settings.ShopName.In(locale)
	if shop == "" {
		shop = tx.Settings().Meta.SenderName
	}
	subject, text := compose(sheet, letter{wordsOf(locale), locale, shop, settings.Location})
	d, err := desk.NewDigest(tx, "escalated:"+run.Id+":"+strconv.Itoa(i), to.Email, desk.Payload{
		Kind: desk.KindEscalated, Token: run.mailToken(), Nonce: security.RandomStringWithAlphabet(12, "abcdefghijkmnpqrstuvwxyz"),
		Locale: locale, Subject: subject, Draft: text, Run: run.Id, Step: i,
	})
	if err != nil {
		return nil, err
	}
	if err := desk.Save(tx, d.Record); err != nil {
		return nil, err
	}
	if s.config.Mailed != nil {
		desk.AfterCommit(tx, s.config.Mailed)
	}
	return []Told{{Name: to.Email}}, nil
}

// locale is the language of somebody outside, who chose none himself.
func (t To) locale(s *desk.Settings) string {
	if t.Locale != "" {
		return t.Locale
	}
	return s.Locale
}

func sheetOf(app core.App, c *desk.Case, run *Run, i int) (Sheet, error) {
	out := Sheet{
		Number: c.Number(), Subject: desk.Clip(desk.OneLine(c.Subject()), maxSubject), Priority: c.Priority(),
		Opened: c.GetDateTime("created").Time(), Due: c.GetDateTime("due_at").Time(),
		Note: noteOf(run, i), Summary: c.GetString("summary"), State: run.GetString("state"), Step: i,
	}
	if id := c.Category(); id != "" {
		r, err := app.FindRecordById(desk.Categories, id)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return out, err
		}
		if err == nil {
			_ = r.UnmarshalJSONField("labels", &out.Category)
		}
	}
	if id := run.GetString("agent"); id != "" {
		if a, err := desk.FindAgent(app, id); err == nil {
			out.From = a.Name()
		}
	}
	return out, nil
}

// ErrLink says that a link opens nothing: it is not ours, too old, or what it was
// about is gone.
var ErrLink = errors.New("this link opens nothing")

// Open reads what a secret link shows; it changes nothing. The error is [ErrLink].
func (s *Station) Open(token string) (Sheet, string, error) {
	id, step, ok := desk.ReadEscalationToken(s.app, token)
	if !ok {
		return Sheet{}, "", ErrLink
	}
	run, err := findRun(s.app, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Sheet{}, "", ErrLink
	}
	if err != nil {
		return Sheet{}, "", err
	}
	if step >= len(run.Took) || run.Took[step].At == "" || run.Took[step].To.Email == "" {
		return Sheet{}, "", ErrLink
	}
	c, err := desk.FindCase(s.app, run.GetString("case"))
	if errors.Is(err, sql.ErrNoRows) {
		return Sheet{}, "", ErrLink
	}
	if err != nil {
		return Sheet{}, "", err
	}
	sheet, err := sheetOf(s.app, c, run, step)
	if err != nil {
		return sheet, "", err
	}
	settings, err := desk.LoadSettings(s.app)
	if err != nil {
		return sheet, "", err
	}
	sheet.Locale = run.Took[step].To.locale(settings)
	return sheet, run.Id, nil
}

// TakeOn notes that somebody outside, to whom a link was sent, took the case on:
// under the name that he gives, else his address. Errors: [ErrLink], [ErrOver].
func (s *Station) TakeOn(token, name string) error {
	sheet, id, err := s.Open(token)
	if err != nil {
		return err
	}
	name = desk.Clip(desk.OneLine(name), 100)
	return s.settle(id, func(tx core.App, run *Run) error {
		who := run.Took[sheet.Step].To.Email
		if name != "" {
			who = name + " <" + who + ">"
		}
		run.Set("acknowledged_name", desk.Clip(who, maxName))
		return s.takenOn(tx, run, "", desk.Clip(who, maxName))
	})
}

// letter is what the mail is written with.
type letter struct {
	words  words
	locale string
	shop   string
	zone   *time.Location
}

// compose writes the mail: subject and plain text.
func compose(s Sheet, l letter) (subject, text string) {
	w := l.words
	number := "#" + strconv.Itoa(s.Number)
	fill := strings.NewReplacer("{n}", number, "{shop}", l.shop, "{who}", s.From)
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			b.WriteString(name + w.colon + value + "\n")
		}
	}
	asks := w.asks
	if s.From != "" {
		asks = w.asksBy
	}
	b.WriteString(fill.Replace(asks) + "\n\n")
	if s.Note != "" {
		b.WriteString(s.Note + "\n\n")
	}
	line(w.subject, s.Subject)
	line(w.category, s.Category.In(l.locale))
	line(w.priority, w.priorities[s.Priority])
	line(w.opened, w.moment(s.Opened, l.zone))
	line(w.due, w.moment(s.Due, l.zone))
	b.WriteString("\n" + w.press + "\n" + desk.EscalationLink + "\n\n" + w.otherwise + "\n")
	return fill.Replace(w.title), b.String()
}
