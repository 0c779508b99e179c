package noticing

import (
	"fmt"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/tools/types"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// letter is what the daily mail is written with.
type letter struct {
	words words
	now   time.Time // in the shop's zone
	shop  string
	link  func(caseID string) string
}

// shownLines is how many cases of a list are written out.
const shownLines = 20

// compose writes the mail: subject and plain text.
func compose(d due, l letter) (subject, text string) {
	w := l.words
	late := len(d.late)
	for _, p := range append(append([]line{}, d.promised...), d.followUps...) {
		if at(p).Before(l.now) {
			late++
		}
	}
	all := len(d.promised) + len(d.followUps) + len(d.late) + len(d.today)
	subject = w.subject(late, all-late, d.unassigned)
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", w.day(l.now))
	for _, part := range []struct {
		title string
		lines []line
	}{{w.promised, d.promised}, {w.late, d.late}, {w.today, d.today}, {w.followUps, d.followUps}} {
		if len(part.lines) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n%s\n", w.count(part.title, len(part.lines)))
		for i, one := range part.lines {
			if i == shownLines {
				fmt.Fprintf(&b, "%s\n", w.more(len(part.lines)-shownLines))
				break
			}
			l.write(&b, one)
		}
	}
	if d.unassigned > 0 {
		fmt.Fprintf(&b, "\n%s\n", w.unassigned(d.unassigned, d.unassigned >= mostUnassigned))
	}
	fmt.Fprintf(&b, "\n%s\n%s\n\n%s\n", w.open, l.link(""), w.why(l.shop))
	return subject, b.String()
}

// write writes a case in two lines, or three with its note. What a visitor wrote
// stands on one line, whatever is in it.
func (l letter) write(b *strings.Builder, one line) {
	subject := desk.Clip(desk.OneLine(one.Subject), 100)
	if subject == "" {
		subject = l.words.nothing
	}
	fmt.Fprintf(b, "- %s  #%d  %s\n", l.words.moment(at(one).In(l.now.Location()), l.now), one.Number, subject)
	if note := desk.Clip(desk.OneLine(one.Note), 200); note != "" {
		fmt.Fprintf(b, "  %s\n", note)
	}
	fmt.Fprintf(b, "  %s\n", l.link(one.ID))
}

func at(l line) time.Time {
	d, _ := types.ParseDateTime(l.At)
	return d.Time()
}
