package mailin

import (
	"encoding/base64"
	"strings"
	"testing"
)

// TestPasted: a picture that stands in the HTML itself becomes a file.
func TestPasted(t *testing.T) {
	png := base64.StdEncoding.EncodeToString([]byte("\x89PNG\r\n\x1a\n a screenshot"))
	src := "data:image/png;base64," + png
	quote := `<blockquote type="cite"><img src="data:image/gif;base64,R0lGODdh"></blockquote>`
	for _, c := range []struct {
		name, page string
		files      int
	}{
		{"pasted", `<p>here</p><img src="` + src + `">`, 1},
		{"twice", `<p>here</p><img src="` + src + `"><img src='` + src + `'>`, 1},
		{"folded", `<p>here</p><img alt="" src = "data:image/png;charset=x;base64,` + png[:8] + "\n" + png[8:] + `">`, 1},
		{"percent", `<p>here</p><img src="data:image/png;base64,` + strings.ReplaceAll(png, "=", "%3D") + `">`, 1},
		{"quoted only", `<p>here</p>` + quote, 0},
		{"drawing", `<p>here</p><img src="data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=">`, 0},
		{"page", `<p>here</p><a href="data:text/html;base64,PGI+">x</a>`, 0},
		{"link to a picture", `<p>here</p><a href="` + src + `">x</a>`, 0},
		{"no code", `<p>here</p><img src="data:image/png;base64,">`, 0},
		{"no end", `<p>here</p><img src="data:image/png;base64,AAAA`, 0},
	} {
		m := parse(t, "From: a@example.com\nContent-Type: text/html; charset=utf-8\n\n"+c.page)
		if len(m.Attachments) != c.files {
			t.Errorf("%s: %d files, want %d", c.name, len(m.Attachments), c.files)
			continue
		}
		if !strings.HasPrefix(m.Reply, "here") {
			t.Errorf("%s: reply %q", c.name, m.Reply)
		}
		if c.files == 0 {
			continue
		}
		a := m.Attachments[0]
		if a.Name != "image-1.png" || a.Type != "image/png" || !a.Inline || string(a.Data) != "\x89PNG\r\n\x1a\n a screenshot" {
			t.Errorf("%s: %+v", c.name, a)
		}
		if !strings.Contains(m.ReplyHTML, `src="cid:`+a.ContentID+`"`) || strings.Contains(m.HTML, png[:8]) {
			t.Errorf("%s: the page does not name it: %s", c.name, m.ReplyHTML)
		}
	}
}

// TestPastedLarge: a screenshot must not take the room of the words behind it.
func TestPastedLarge(t *testing.T) {
	code := strings.Repeat("iVBORw0K", maxText/4)
	m := parse(t, "From: a@example.com\nContent-Type: text/html\n\n<img src=\"data:image/png;base64,"+code+"\"><p>words behind it</p>")
	if len(m.Attachments) != 1 || len(m.Attachments[0].Data) != len(code)/4*3 || m.Reply != "words behind it" {
		t.Errorf("%d files, reply %q", len(m.Attachments), m.Reply)
	}
}

// TestShownIDs: pictures that the page names are shown inside the text.
func TestShownIDs(t *testing.T) {
	ids := shownIDs(`<img src="cid:a1@x"><img src='cid:b%40x'>url(cid:c) cid: cid:d`)
	for _, id := range []string{"a1@x", "b@x", "c", "d"} {
		if !ids[id] {
			t.Errorf("%s is not found", id)
		}
	}
	if ids["a1"] || ids[""] {
		t.Errorf("ids: %v", ids)
	}
}
