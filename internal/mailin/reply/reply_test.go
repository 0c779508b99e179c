package reply

import (
	"slices"
	"strings"
	"testing"
)

// tail is what a client puts below an answer.
type tail struct{ name, text string }

// below puts the tail under a letter, with and without a blank line between
// and with both kinds of line ends, and wants the letter back.
func (tl tail) below(t *testing.T, letter string) {
	t.Helper()
	for _, in := range []string{
		letter + "\n\n" + tl.text,
		letter + "\n\n\n" + tl.text + "\n\n",
		strings.ReplaceAll(letter+"\n\n"+tl.text+"\n", "\n", "\r\n"),
	} {
		if got := Cut(in); got.Text != letter {
			t.Errorf("%s:\n%q\ngot  %q\nwant %q", tl.name, in, got.Text, letter)
			return
		}
	}
}

// own wants a text back as it is.
func own(t *testing.T, s string) {
	t.Helper()
	if got := Cut(s); got.Text != s {
		t.Errorf("changed:\n%s\n--- got\n%s\n--- quoted\n%s\n--- signature\n%s", s, got.Text, got.Quoted, got.Signature)
	}
}

func TestParts(t *testing.T) {
	const in = "Hi,\n\nblue, please.\n\n-- \nBob\n\nOn Sun, Nov 22, 2026 at 10:00 AM Desk <desk@shop.example> wrote:\n\n> Which colour?\n"
	got := Cut(in)
	want := Reply{
		Text:      "Hi,\n\nblue, please.",
		Quoted:    "On Sun, Nov 22, 2026 at 10:00 AM Desk <desk@shop.example> wrote:\n\n> Which colour?",
		Signature: "--\nBob", // white space at the end of a line goes
	}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Where answers and quotes mix, quotes stay only if they are answered one by one.
func TestPosition(t *testing.T) {
	const head = "On Sun, Nov 22, 2026 at 10:00 AM Desk <desk@shop.example> wrote:\n"
	for _, c := range []struct{ name, in, want string }{
		{"below the quote", head + "> Which colour?\n> Which size?\n\nBlue, 42.", "Blue, 42."},
		{"below an unmarked header", head + "\nBlue, 42.", "Blue, 42."},
		{"between", head + "> Which colour?\n\nBlue.\n\n> Which size?\n\n42.", "> Which colour?\n\nBlue.\n\n> Which size?\n\n42."},
		{"greeting above, answer below", "Hi,\n" + head + "> Which colour?\n\nBlue.", "Hi,\n> Which colour?\n\nBlue."},
		{"closing below", "Blue.\n\n" + head + "> Which colour?\n\nRegards,\nBob", "Blue.\n\nRegards,\nBob"},
		{"between, rest of quote below", "See below.\n\n" + head + "> Which colour?\nBlue.\n> Thank you\n> Desk", "See below.\n\n> Which colour?\nBlue."},
		{"quote in a quote", "Blue.\n\n" + head + "> Which?\n> On Sat, Nov 21, 2026 at 9:00 AM Bob <bob@home.example> wrote:\n>> Hello", "Blue."},
		{"quote broken by a gateway", "Blue.\n\n" + head + "> a line that was so long that some gateway on its way had to break\nit in two\n> end", "Blue."},
		{"forwarded only", "---------- Forwarded message ---------\nFrom: Desk <desk@shop.example>\nDate: Sun, Nov 22, 2026\nSubject: Order\nTo: <bob@home.example>\n\nShipped.", "Shipped."},
		{"quote only", head + "> Which colour?", ""},
		{"signature only", "Sent from my iPhone", ""},
		{"empty", "", ""},
		{"blank", " \r\n\t\n\u00a0", ""},
		{"mark of the writer's own", "Hm.\n\n" + head + "--] Which\n--] colour?\n\nBlue.\n\n--] Size?\n\n42.", "Hm.\n\n--] Which\n--] colour?\n\nBlue.\n\n--] Size?\n\n42."},
		{"marked quote below a header block", "Hi,\n\n----- Original Message -----\nFrom: Desk <desk@shop.example>\n> Which colour?\n\nBlue.", "Hi,\n\n> Which colour?\n\nBlue."},
		{"text right above a short attribution", "look at gentoo 0.11.31\nor at 3 May 2026\nBob wrote:\n> x", "look at gentoo 0.11.31\nor at 3 May 2026"},
		{"quote without a header", "Blue.\n\n> Which colour?\n> Which size?", "Blue."},
		{"marker below its attribution", "Blue.\n\n" + head + "\n## Reply above this line ##\n\nWhich colour?", "Blue."},
		{"list below dashes", "My questions:\n--\n1. Where is it?\n2. Which size", "My questions:\n--\n1. Where is it?\n2. Which size"},
		{"question below dashes", "Hello.\n\n--\nIs it blue?", "Hello.\n\n--\nIs it blue?"},
		{"box", "Hi,\n\n-----\nOrder 123\n-----\nThanks", "Hi,\n\n-----\nOrder 123\n-----\nThanks"},
		{"how a thing was sent", "How did it travel?\n\nSent by mail", "How did it travel?\n\nSent by mail"},
		{"marker on top", "## Reply above this line ##\n\nBlue.", "## Reply above this line ##\n\nBlue."},
	} {
		if got := Cut(c.in); got.Text != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got.Text, c.want)
		}
	}
}

// keeps checks what Reply promises: every line in one part, in order.
func keeps(t *testing.T, in string) {
	t.Helper()
	r := Cut(in)
	want := map[string]int{}
	for _, l := range split(in) {
		if l.kind != blank {
			want[l.raw]++
		}
	}
	for _, p := range []string{r.Text, r.Quoted, r.Signature} {
		if p != "" && strings.Trim(p, "\n") != p {
			t.Fatalf("blank lines around %q of %q", p, in)
		}
		for _, l := range split(p) {
			if l.kind != blank {
				want[l.raw]--
			}
		}
		if !subsequence(filledLines(p), filledLines(in)) {
			t.Fatalf("%q: lines out of order in %q", in, p)
		}
	}
	for l, n := range want {
		if n != 0 {
			t.Fatalf("line %q: %d lost in %q -> %+v", l, n, in, r)
		}
	}
}

func filledLines(s string) []string {
	var out []string
	for _, l := range split(s) {
		if l.kind != blank {
			out = append(out, l.raw)
		}
	}
	return out
}

func subsequence(part, whole []string) bool {
	for _, l := range part {
		i := slices.Index(whole, l)
		if i < 0 {
			return false
		}
		whole = whole[i+1:]
	}
	return true
}

func allTails() []tail {
	return slices.Concat(taiwanTails, mainlandTails, japaneseTails, westernTails)
}

func TestNothingLost(t *testing.T) {
	for _, tl := range allTails() {
		for _, letter := range slices.Concat(chineseLetters, japaneseLetters, westernLetters) {
			keeps(t, letter+"\n\n"+tl.text)
			keeps(t, tl.text+"\n\n"+letter)
			keeps(t, tl.text+"\n"+letter+"\n"+tl.text)
		}
	}
}

func FuzzCut(f *testing.F) {
	for _, tl := range allTails() {
		f.Add("Hello\n\n" + tl.text)
	}
	f.Add("> a\r\n\xff\u200b\n```\n-- \n")
	f.Fuzz(func(t *testing.T, in string) { keeps(t, in) })
}
