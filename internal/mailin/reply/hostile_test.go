package reply

import (
	"strings"
	"testing"
)

// Texts made to keep a parser busy. They are long for a mail, so that work that
// grows with the square of the length is felt at once.
func TestHostile(t *testing.T) {
	const size = 50 << 10
	for _, piece := range []string{
		"\n", " ", ">", "> \n", ">>>>>>>> x\n", "-", "-- \n", "--\n", "--\nx\n", "---\n", "---\n\n\n", "___\nx\n\n", "```\n", "```a\nb\n",
		"On ", "On \n", "On 1 Jan 2026 at 10:00 <\n", "On 1 Jan 2026 at 10:00, Bob wrote\n", "On 1 Jan 2026, a@b.example wrote:\n", "Am 1.1.2026 10:00\n\n<x\n",
		"From: a@b.example\n", "From: a@b.example\n\n", "From: a\nTo: b\nx\n", "From:::::::: To: Date: Subject: ", "寄件者：\n主旨：\n", "| From | a@b |\n",
		"Sent from my iPhone\n", "Sent from my iPhone\n\n", "從我的 iPhone 傳送\n", "x\n\nSent from my iPhone\nx\n",
		"----- Original Message -----\n", "Begin forwarded message:\n", "Begin forwarded message:\n\n\n", "reply above this line", "reply above this line\n",
		"A> \n", "＞\n", "|\n", "<", "<@", "a@b.c ", "<a@b.c>\n", "\"a@b.c\" <a@b.c> \n", "2026年11月22日 <\n", "2026-11-22 10:00 GMT+08:00 \n", "wrote:", "wrote:\n", "寫道：\n",
		"Regards,\nBob\n+1 555 0100 0100\n", "This e-mail is confidential\n\n", "Tel. 1\n", "\xff", "\u200b\n", "&nbsp;", "  \u00a0",
		"> On 1 Jan 2026, a@b.example wrote:\nx\n\n", "x\n> y\n", "x:\n> y\n",
	} {
		counts(t, piece, "Hello\n"+strings.Repeat(piece, size/len(piece))+"\nBob <b@c.example> wrote:\n> x")
	}
}

// counts checks that no line was lost, by count: a list of lines would be long.
func counts(t *testing.T, name, in string) {
	t.Helper()
	r := Cut(in)
	n := len(filledLines(r.Text)) + len(filledLines(r.Quoted)) + len(filledLines(r.Signature))
	if want := len(filledLines(in)); n != want {
		t.Errorf("%q: %d lines of %d", name, n, want)
	}
}
