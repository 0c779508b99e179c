package mailin

import (
	"strings"
	"testing"
)

// TestReply holds from which part of a mail the new words come.
func TestReply(t *testing.T) {
	gmail := `<div dir="ltr">好的，請寄到公司。</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">小店 &lt;shop@example.com&gt; 於 2024年3月5日 週二 下午1:00寫道：<br></div><blockquote class="gmail_quote">請問要寄到哪裡？</blockquote></div>`
	for _, c := range []struct{ name, raw, want string }{
		{"text alone", "\n好的\n\nOn Tue, Mar 5, 2024 at 1:00 PM Shop <shop@example.com> wrote:\n> where?\n", "好的"},
		{"html alone", "Content-Type: text/html; charset=utf-8\n\n" + gmail, "好的，請寄到公司。"},
		{"both", mixed("alternative", "\n\n好的，請寄到公司。\n\n小店 <shop@example.com> 於 2024年3月5日 週二 下午1:00寫道：\n\n> 請問要寄到哪裡？", "Content-Type: text/html; charset=utf-8\n\n"+gmail), "好的，請寄到公司。"},
		{"a quote that only the html marks", mixed("alternative", "\n\n好的，請寄到公司。\n\nзаписка от магазина\nгде?", "Content-Type: text/html; charset=utf-8\n\n"+gmail), "好的，請寄到公司。"},
		{"a text part that is none", mixed("alternative", "\n\nNo text.", "Content-Type: text/html; charset=utf-8\n\n<p>The parcel came, but the box was empty when I opened it this morning.</p>"), "The parcel came, but the box was empty when I opened it this morning."},
		{"clear-signed", "\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n- -- dashes\nhello\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n", "-- dashes\nhello"},
	} {
		m := parse(t, "From: a@example.com\nSubject: x\n"+c.raw)
		if c.name == "clear-signed" {
			if got := strings.TrimSpace(unsigned(m.Text)); got != c.want {
				t.Errorf("%s: %q", c.name, got)
			}
			continue
		}
		if m.Reply != c.want {
			t.Errorf("%s: reply %q, want %q", c.name, m.Reply, c.want)
		}
	}
}

func TestEndOf(t *testing.T) {
	for _, c := range []struct {
		text, words string
		want        int
	}{
		{"yes, please\n\nold words", "yes please", 11},
		{"yes, please!\nold", "yes, please!", 12},
		{"yes, please", "yes, please", -1},
		{"yes, please and more", "yes, please", -1},
		{"other words", "yes", -1},
		{"好的。\n舊的", "好的。", len("好的。")},
	} {
		if got := endOf(c.text, c.words); got != c.want {
			t.Errorf("%q in %q: %d, want %d", c.words, c.text, got, c.want)
		}
	}
}

// TestHandedOn: a mail that is handed on reads the same, plain and as HTML.
func TestHandedOn(t *testing.T) {
	const (
		head   = "From: Ann <ann@example.com>\nSent: Tuesday, 5 March 2024 10:00\nTo: bob@example.com\nSubject: broken\n\nIt fell apart."
		page   = `<div>Is this real?</div><hr><div id="divRplyFwdMsg"><b>From:</b> Ann &lt;ann@example.com&gt;<br><b>Sent:</b> Tuesday, 5 March 2024 10:00<br><b>To:</b> bob@example.com<br><b>Subject:</b> broken</div><br><div>It fell apart.</div>`
		gmail  = "---------- Forwarded message ---------\nFrom: Ann <ann@example.com>\nDate: Tue, Mar 5, 2024 at 10:00 AM\nSubject: broken\nTo: <bob@example.com>\n\nIt fell apart."
		gmailH = `<div dir="ltr">Is this real?<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>From: <b>Ann</b> &lt;ann@example.com&gt;<br>Date: Tue, Mar 5, 2024 at 10:00 AM<br>Subject: broken<br>To: &lt;bob@example.com&gt;<br></div><br>It fell apart.</div></div>`
	)
	for _, c := range []struct {
		name, subject, text, page string
		whole                     bool
	}{
		{"subject", "FW: broken", head, page, true},
		{"subject in Chinese", "轉寄： broken", head, page, true},
		{"subject in Japanese", "[転送: broken]", head, page, true},
		{"the program's line", "broken", gmail, gmailH, true},
		{"an answer", "RE: FW: broken", head, page, false},
		{"no sign", "broken", head, page, false},
	} {
		plain := parse(t, "From: a@example.com\nContent-Type: text/plain; charset=utf-8\nSubject: "+c.subject+"\n\nIs this real?\n\n"+c.text)
		rich := parse(t, "From: a@example.com\nContent-Type: text/html; charset=utf-8\nSubject: "+c.subject+"\n\n"+c.page)
		both := parse(t, "From: a@example.com\nSubject: "+c.subject+"\n"+mixed("alternative", "Content-Type: text/plain; charset=utf-8\n\nIs this real?\n\n"+c.text, "Content-Type: text/html; charset=utf-8\n\n"+c.page))
		want := "Is this real?"
		if c.whole {
			want += "\n\n" + c.text
		}
		for _, m := range []*Mail{plain, rich, both} {
			if squeeze(m.Reply) != squeeze(want) {
				t.Errorf("%s: reply %q, want %q", c.name, m.Reply, want)
			}
		}
		for _, m := range []*Mail{rich, both} {
			if strings.Contains(m.ReplyHTML, "It fell apart.") != c.whole {
				t.Errorf("%s: page %s", c.name, m.ReplyHTML)
			}
		}
	}
}

// squeeze takes white space and brackets out, which plain text and HTML set
// differently.
func squeeze(s string) string {
	return strings.NewReplacer("<", "", ">", "").Replace(strings.Join(strings.Fields(s), ""))
}
