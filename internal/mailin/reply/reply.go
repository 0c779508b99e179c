// Package reply finds what a person newly wrote in the plain text of a mail:
// without the mail they answer, the line that introduces it ("On … wrote:",
// "… 於 … 寫道：", an Outlook header block) and their signature.
//
//	r := reply.Cut("Yes, please.\n\nOn Nov 22, 2026, at 10:00, Desk <desk@example.com> wrote:\n> Blue?\n")
//	// r.Text == "Yes, please."
//
// The work grows with the length of the text and no faster: each line is
// looked at a bounded number of times, through patterns without backtracking,
// and below the first 50 KB or 3,000 lines only quote marks are looked at.
package reply

import "strings"

// Reply is a plain text mail in three parts. Every line of the mail that is
// not blank stands in exactly one of them, in its old order, with white space
// cut off at its end. Nothing else is changed, so that staff can always be
// shown the whole.
type Reply struct {
	// Text is what the person wrote. Quoted passages stay in it where the
	// answers stand between them, since they would mean nothing alone. It is
	// empty when the mail holds a quote or a signature only.
	Text string
	// Quoted is the mail that was answered or passed on, with its headers.
	Quoted string
	// Signature is what mail programs, companies and list servers append:
	// "-- " and after (RFC 3676, section 4.3), "Sent from my iPhone",
	// closing words with a business card, a legal notice.
	Signature string
}

// Cut takes a mail's text apart. Its lines may end in LF, CRLF or CR; bytes
// that are no UTF-8 do no harm. It is meant for one plain text body as it was
// decoded, before format=flowed (RFC 3676) joins lines.
func Cut(text string) Reply {
	ls := marked(text)
	arrange(ls)
	return parts(ls)
}

// CutForward is Cut for a mail whose reader wants to see all that was sent: a
// mail that the person passes on stays in Text, with its headers, where their
// program says so ("---------- Forwarded message ---------").
func CutForward(text string) Reply {
	ls := marked(text)
	arrange(ls[:handedOn(ls)])
	return parts(ls)
}

func marked(text string) []line {
	ls := split(text)
	markCode(ls)
	markHeaders(ls)
	markQuotes(ls)
	return ls
}

func parts(ls []line) Reply {
	return Reply{
		Text:      join(ls, partText),
		Quoted:    join(ls, partQuoted),
		Signature: join(ls, partSignature),
	}
}

// join gives the lines of one part. Blank lines go along with the part of the
// line before them; those at both ends fall away.
func join(ls []line, p part) string {
	var b strings.Builder
	blanks, last := 0, partText
	for i := range ls {
		l := &ls[i]
		if l.kind == blank {
			if last == p || l.part == p {
				blanks++
			}
			continue
		}
		last = l.part
		if l.part != p {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(strings.Repeat("\n", blanks+1))
		}
		blanks = 0
		b.WriteString(l.raw)
	}
	return b.String()
}
