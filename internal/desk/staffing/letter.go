package staffing

import (
	"fmt"
	"html"
	"net/mail"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/mailer"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Kinds of letter.
const (
	LetterWelcome = "welcome" // a link with which somebody new chooses a password
	LetterReset   = "reset"   // the same for who forgot it
	LetterCode    = "code"    // a code to sign in with
)

// Letter is a mail about signing in.
type Letter struct {
	Kind string
	To   *core.Record // a record of agents
	Link string       // of LetterWelcome and LetterReset
	Code string       // of LetterCode
	By   string       // who invites; ""
	Good int          // for how many days, or minutes of a reset and a code, it works
}

// Compose writes a letter in the person's language, else in the shop's. The sender
// is that of PocketBase's other mails.
func (s *Station) Compose(l Letter) (*mailer.Message, error) {
	settings, err := desk.LoadSettings(s.app)
	if err != nil {
		return nil, err
	}
	locale := desk.StaffLocale(l.To.GetString("locale"), settings.Locale)
	shop := settings.ShopName.In(locale)
	if shop == "" {
		shop = s.app.Settings().Meta.AppName
	}
	w := wordsOf(locale, l.Kind)
	fill := strings.NewReplacer("{shop}", shop, "{name}", l.To.GetString("name"), "{by}", l.By, "{n}", fmt.Sprint(l.Good), "{code}", l.Code, "{mail}", l.To.Email())
	lead := w.lead
	if l.By == "" && w.leadAlone != "" {
		lead = w.leadAlone
	}
	meta := s.app.Settings().Meta
	m := &mailer.Message{
		From:    mail.Address{Name: meta.SenderName, Address: meta.SenderAddress},
		To:      []mail.Address{{Name: desk.OneLine(l.To.GetString("name")), Address: l.To.Email()}},
		Subject: desk.Clip(desk.OneLine(fill.Replace(w.subject)), 150),
	}
	greeting, text, act, end := fill.Replace(w.greeting), fill.Replace(lead), fill.Replace(w.act), fill.Replace(w.end)
	if l.Kind == LetterCode {
		m.Text = fmt.Sprintf("%s\n\n%s\n\n%s\n\n%s\n", greeting, text, l.Code, end)
		m.HTML = page(locale, greeting, text, `<span style="font-size:24px;letter-spacing:4px"><strong>`+html.EscapeString(l.Code)+`</strong></span>`, end)
		return m, nil
	}
	m.Text = fmt.Sprintf("%s\n\n%s\n\n%s\n%s\n\n%s\n", greeting, text, act, l.Link, end)
	link := html.EscapeString(l.Link)
	m.HTML = page(locale, greeting, text, `<a href="`+link+`">`+html.EscapeString(act)+`</a>`, end)
	return m, nil
}

// page is the same as plain HTML; middle is markup already.
func page(locale, greeting, text, middle, end string) string {
	e := html.EscapeString
	return fmt.Sprintf("<!doctype html><html lang=%q><body><p>%s</p><p>%s</p><p>%s</p><p>%s</p></body></html>", locale, e(greeting), e(text), middle, e(end))
}
