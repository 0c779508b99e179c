package mail_test

import (
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

func TestItalic(t *testing.T) {
	tests := []struct{ text, want string }{
		{"an _important_ word, (_really_).", "<p>an <em>important</em> word, (<em>really</em>).</p>\n"},
		{"請_務必_回覆", "<p>請<em>務必</em>回覆</p>\n"},
		{"_**both**_ and **_both_**", "<p><em><strong>both</strong></em> and <strong><em>both</em></strong></p>\n"},
		{"_[page](https://a.example/x_y_z)_", "<p><em><a href=\"https://a.example/x_y_z\">page</a></em></p>\n"},
		{"- _one_\n> _two_", "<ul>\n<li><em>one</em></li>\n</ul>\n<blockquote>\n<p><em>two</em></p>\n</blockquote>\n"},

		{"_over\nlines_", "<p>_over<br>\nlines_</p>\n"},
		{"snake_case_name, a_b@example.com, x_ y_ _z", "<p>snake_case_name, a_b@example.com, x_ y_ _z</p>\n"},
		{"https://a.example/_x_/y?_b_=1 /srv/_data_/f", "<p><a href=\"https://a.example/_x_/y?_b_=1\">https://a.example/_x_/y?_b_=1</a> /srv/_data_/f</p>\n"},
		{"(>_<) T_T ^_^ m(_ _)m ¯\\_(ツ)_/¯ 姓名____ 電話 ____", "<p>(&gt;_&lt;) T_T ^_^ m(_ _)m ¯\\_(ツ)_/¯ 姓名____ 電話 ____</p>\n"},
		{"__init__ ___ _ _", "<p>__init__ ___ _ _</p>\n"},
	}
	for _, tt := range tests {
		if got := mail.Fragment(mail.Source{Text: tt.text}); got != tt.want {
			t.Errorf("%q\ngot  %q\nwant %q", tt.text, got, tt.want)
		}
	}
}

// What somebody typed by hand has no headings and no rules, but lists and quotes.
func TestTyped(t *testing.T) {
	const text = "# 1 first\n# Not a heading\n---\n***\n## 2\n- item\n> quote\n> # no\n**bold**"
	const want = "<p># 1 first<br>\n# Not a heading<br>\n---<br>\n***<br>\n## 2</p>\n<ul>\n<li>item</li>\n</ul>\n<blockquote>\n<p>quote<br>\n# no</p>\n</blockquote>\n<p><strong>bold</strong></p>\n"
	if got := mail.Fragment(mail.Source{Text: text, Typed: true}); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for _, tt := range []struct {
		text           string
		headings, mark bool
	}{
		{"Hello\nplain words - with 3 * 4 and #5", false, false},
		{"a\n# b", true, true},
		{"a\r\n---\r\nb", true, true},
		{"> ## b", true, true},
		{"a\n***", true, true},
		{"a **b**", false, true},
		{"- a", false, true},
		{"see [x](https://a.example)", false, true},
	} {
		if mail.HasHeadings(tt.text) != tt.headings || mail.HasMarks(tt.text) != tt.mark {
			t.Errorf("%q: headings %v, marks %v", tt.text, mail.HasHeadings(tt.text), mail.HasMarks(tt.text))
		}
	}
}
