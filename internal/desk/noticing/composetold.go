package noticing

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// toldLetter is what a mail of notices is written with.
type toldLetter struct {
	words toldWords
	daily words // those that both mails say
	now   time.Time
	shop  string
	link  func(caseID string) string
	name  func(agent string) string // "" where there is none
}

// shortSubject is how much of what a visitor wrote leaves by such a mail, in
// characters.
const shortSubject = 40

// composeTold writes the mail: subject and plain text.
func composeTold(items []Item, more int, l toldLetter) (subject, text string) {
	subject = l.said(items[0])
	if items[0].Number != 0 {
		subject += fmt.Sprintf("  #%d", items[0].Number)
	}
	if others := len(items) + more - 1; others > 0 {
		subject = l.words.andMore(subject, others)
	}
	var b strings.Builder
	for _, i := range items {
		l.write(&b, i)
	}
	if more > 0 {
		fmt.Fprintf(&b, "%s\n", l.daily.more(more))
	}
	fmt.Fprintf(&b, "\n%s\n%s\n\n%s\n", l.daily.open, l.link(""), l.words.why(l.shop))
	return desk.Clip(desk.OneLine(subject), 150), b.String()
}

// write writes a notice: what happened and when, which case, and what a colleague
// says of it.
func (l toldLetter) write(b *strings.Builder, i Item) {
	created, _ := types.ParseDateTime(i.Created)
	fmt.Fprintf(b, "- %s  %s\n", l.daily.moment(created.Time().In(l.now.Location()), l.now), l.said(i))
	if i.Number != 0 {
		subject := desk.Clip(desk.OneLine(i.Subject), shortSubject)
		if subject == "" {
			subject = l.daily.nothing
		}
		fmt.Fprintf(b, "  #%d  %s\n", i.Number, subject)
	}
	if note := dataOf(i).text("note"); note != "" && i.Kind == desk.NoticeEscalated {
		fmt.Fprintf(b, "  %s\n", desk.Clip(note, 300))
	}
	if i.Case != "" {
		fmt.Fprintf(b, "  %s\n", l.link(i.Case))
	}
}

// said is what happened, in a sentence without a case's number.
func (l toldLetter) said(i Item) string {
	d := dataOf(i)
	form := l.words.kinds[i.Kind]
	if form == "" {
		form = l.words.other
	}
	if i.Kind == desk.NoticeAssigned && i.Name == "" {
		form = l.words.assignedBySystem
	}
	if i.Kind == desk.NoticeEscalated && d.text("name") == "" {
		form = l.words.escalatedByHand
	}
	if more := l.words.kinds[i.Kind+"."+d.text("code")]; more != "" {
		form = more
	}
	count := max(d.number("count"), 1)
	if i.Kind == desk.NoticeUnassigned {
		count = max(count, i.Count)
	}
	out := strings.NewReplacer(
		"{who}", l.who(i), "{name}", d.text("name"), "{by}", d.text("by"), "{from}", l.colleague(d.text("from")), "{rule}", d.text("rule"),
		"{text}", d.text("text"), "{webhook}", d.text("webhook"), "{title}", d.text("title"),
		"{which}", l.words.which[d.text("which")], "{due}", l.due(d), "{n}", l.words.cases(count),
		"{count}", strconv.Itoa(max(i.Count, 1)), "{questions}", strconv.Itoa(d.number("questions")), "{templates}", strconv.Itoa(d.number("templates")),
	).Replace(form)
	out = strings.TrimRight(strings.TrimSpace(out), ":： ")
	if i.Count > 1 && d.text("code") != "more" && i.Kind != desk.NoticeUnassigned && i.Kind != desk.NoticeSLALate && i.Kind != desk.NoticeQuestions { // which say so themselves, or are of the latest week
		out += fmt.Sprintf(" (×%d)", i.Count)
	}
	return out
}

func (l toldLetter) who(i Item) string {
	if i.Name != "" {
		return i.Name
	}
	return l.words.system
}

// colleague is the name of an agent's id; what is none stands as it is.
func (l toldLetter) colleague(id string) string {
	if l.name != nil {
		if name := l.name(id); name != "" {
			return name
		}
	}
	return id
}

func (l toldLetter) due(d facts) string {
	at, err := types.ParseDateTime(d.text("due"))
	if err != nil || at.IsZero() {
		return ""
	}
	return l.daily.moment(at.Time().In(l.now.Location()), l.now)
}

// facts are what a notice's sentence needs.
type facts map[string]any

func dataOf(i Item) facts {
	f := facts{}
	_ = json.Unmarshal(i.Data, &f)
	return f
}

func (f facts) text(name string) string {
	s, _ := f[name].(string)
	return desk.Clip(desk.OneLine(s), 300)
}

func (f facts) number(name string) int {
	n, _ := f[name].(float64)
	return int(n)
}
