package htmlbody

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func seeds(f *testing.F) {
	for _, s := range samples(f) {
		f.Add(s.body)
	}
	for _, s := range []string{
		`<table><a href=x><tr><td></a><p></table>`, `<b><p></b><i></p></i>`, `<svg><p><style><!--</style><img src=x onerror=1>-->`,
		`<a href="https://x.example/%zz">`, `<a href="http://a b/">x`, `<img src="cid:%41 b">`, `<p style="color:red;color:url(x)">`,
		`<select><option><svg></select><img src=//x>`, `<li><ul></li><td><dd><li>`, "<pre>\n\n a\r\n</pre>",
		`&lt;b&gt;&amp;amp;&#0;&#x1F600;`, `<blockquote>&gt; a<hr>From: b@c.example<br>Date: 2024<br>Subject: d`,
	} {
		f.Add(s)
	}
}

// FuzzClean looks for anything that gets through, as a browser reads it.
func FuzzClean(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body string) { checkClean(t, body) })
}

// FuzzReply looks for panics, and for parts that hold what isn't there.
func FuzzReply(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body string) {
		text, rest := Reply(body)
		fresh, quoted := Split(body)
		for _, s := range []string{text, rest, fresh, quoted, Text(body)} {
			if !utf8.ValidString(s) || len(s) > 40*len(body)+1000 {
				t.Errorf("%d bytes from %d: %.200q", len(s), len(body), s)
			}
		}
		if strings.TrimSpace(text) != text {
			t.Errorf("space around %q", text)
		}
	})
}
