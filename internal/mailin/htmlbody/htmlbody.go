// Package htmlbody reads the HTML body of a mail: what is new in it, what it says as plain text, and what of
// it is safe to show.
//
//	fresh, quoted := htmlbody.Split(body)   // the new part and the quoted tail, both HTML
//	show := htmlbody.Clean(fresh)           // safe to put into a page; loads nothing
//	text, rest := htmlbody.Reply(body)      // the new words as plain text, and the rest
//	all := htmlbody.Text(body)              // the whole mail as plain text
//
// Mail programs mark what they quote in many ways: by classes and ids (Gmail, Outlook, Yahoo, Thunderbird,
// Proton, Zimbra), by <blockquote type="cite">, by a rule and the head of the old mail (Outlook, QQ,
// Foxmail), or only by words ("On … wrote:", "…のメール:", "寫道："). So the body is read into the lines that a
// person would see; each line knows its nodes and where they stand. The lines are sorted into new and quoted,
// and the tree is cut along them.
//
// Every function takes any input, however broken or hostile, in time and memory in line with its size: of a
// body the first 1 MB, 50,000 nodes, 5,000 lines and 200 levels are read.
package htmlbody

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/pocketdesk/pocketdesk/internal/mailin/reply"
)

// Split cuts a mail's HTML into the new part and the rest: quotes with their introductions ("On … wrote:"),
// wherever they stand. A forwarded mail is kept, since it is what the person sends; so are a signature and
// quotes with answers between them. Both parts are well-formed, of elements and attributes that this package
// knows, and as untrusted as the input: show them only after Clean. A part without content is "".
func Split(body string) (fresh, quoted string) {
	root := parse(body)
	c := sortLines(readLines(root, false))
	kept, rest := map[*html.Node]bool{}, map[*html.Node]bool{}
	for i := range c.lines {
		side := rest
		if c.keeps(i) {
			side = kept
		}
		for _, n := range c.lines[i].nodes {
			side[n] = true
		}
	}
	return render(root, c.trim(kept)), render(root, rest)
}

// trim takes the empty lines off both ends of the new part.
func (c *cutter) trim(kept map[*html.Node]bool) map[*html.Node]bool {
	drop := func(i int) bool {
		if c.keeps(i) && c.class[i] != empty {
			return false
		}
		for _, n := range c.lines[i].nodes {
			delete(kept, n)
		}
		return true
	}
	for i := 0; i < len(c.lines) && drop(i); i++ {
	}
	for i := len(c.lines) - 1; i >= 0 && drop(i); i-- {
	}
	return kept
}

// Text gives the whole body as plain text: lines as they are seen, an empty line between paragraphs, items
// with "- " or their number, cells of a row with a tab between, quotes with "> ", and behind a link where it
// leads, if its words say something else. What a mail program would not show is left out. Of a body that is
// nothing but pictures it gives what stands for them, in brackets.
func Text(body string) string {
	lines := readLines(parse(body), true)
	all := func(int) bool { return true }
	text := join(lines, all, func(i int) string { return strings.Repeat("> ", lines[i].at.depth) })
	if text != "" {
		return text
	}
	var alts []string
	for i := range lines {
		if lines[i].alt != "" {
			alts = append(alts, lines[i].alt)
		}
	}
	return strings.Join(alts, "\n")
}

// Reply gives the new words of a body as plain text, and the rest: quotes, introductions, signatures. Quotes
// that answers stand between are kept, with "> ". Where links lead is not written out; it stands in Text and in
// the HTML. The text is "" where the person wrote nothing.
func Reply(body string) (text, quoted string) {
	c := sortLines(readLines(parse(body), false))
	sign := signatures(c.lines, func(i int) bool { return c.keeps(i) && !c.forward })
	keeps := func(i int) bool { return c.keeps(i) && !sign[i] }
	cited := func(i int) string {
		if c.class[i] != context {
			return ""
		}
		return strings.Repeat("> ", max(1, c.lines[i].at.depth))
	}
	text = join(c.lines, keeps, cited)
	if text == "" {
		// Some people write into their signature.
		for i := range sign {
			if c.lines[i].at.sign && !reply.Device(c.lines[i].text) {
				delete(sign, i)
			}
		}
		text = join(c.lines, keeps, cited)
	}
	rest := join(c.lines, func(i int) bool { return !keeps(i) }, func(int) string { return "" })
	if c.forward || c.inline {
		return text, rest
	}
	return byWords(text, rest)
}

// byWords cuts once more, by the rules for plain text: what no client marked and no markup shows.
func byWords(text, rest string) (string, string) {
	r := reply.CutForward(text)
	if strings.TrimSpace(r.Text) == "" {
		return text, rest
	}
	parts := slices.DeleteFunc([]string{r.Signature, r.Quoted, rest}, func(s string) bool { return s == "" })
	return r.Text, strings.Join(parts, "\n\n")
}

// join writes the lines that are wanted, with one empty line at most between two.
func join(lines []line, wanted func(int) bool, prefix func(int) string) string {
	var b strings.Builder
	gap := false
	for i := range lines {
		l := &lines[i]
		if !wanted(i) {
			gap = true
			continue
		}
		gap = gap || l.gap || l.text == ""
		if l.text == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
			if gap {
				b.WriteByte('\n')
			}
		}
		gap = false
		b.WriteString(prefix(i))
		b.WriteString(l.prefix)
		b.WriteString(l.text)
	}
	return b.String()
}
