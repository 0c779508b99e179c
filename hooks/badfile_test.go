package hooks

import (
	"maps"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"
)

// Files are judged by content; a message with one that can't be taken is
// refused as a whole.
func TestFiles(t *testing.T) {
	s := newShop(t, withoutSMTP())
	page := []byte("<!DOCTYPE html><html><body><script>alert(1)</script></body></html>")
	for name, tt := range map[string]struct {
		files []upload
		code  string
	}{
		"a picture":               {[]upload{{Name: "a.png", Body: png()}}, ""},
		"three":                   {[]upload{{Name: "a.png", Body: png()}, {Name: "b.png", Body: png()}, {Name: "c.txt", Body: []byte("hello")}}, ""},
		"four":                    {[]upload{{Name: "a.png", Body: png()}, {Name: "b.png", Body: png()}, {Name: "c.png", Body: png()}, {Name: "d.png", Body: png()}}, "file_count"},
		"HTML as a picture":       {[]upload{{Name: "photo.png", Type: "image/png", Body: page}}, "file_type"},
		"SVG as a picture":        {[]upload{{Name: "photo.png", Type: "image/png", Body: []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`)}}, "file_type"},
		"a program":               {[]upload{{Name: "invoice.pdf", Type: "application/pdf", Body: append([]byte("MZ\x90\x00"), make([]byte, 200)...)}}, "file_type"},
		"an archive":              {[]upload{{Name: "a.docx", Body: append([]byte("PK\x05\x06"), make([]byte, 18)...)}}, "file_type"},
		"too large":               {[]upload{{Name: "a.png", Body: append(png(), make([]byte, 10<<20)...)}}, "file_size"},
		"one good, one bad":       {[]upload{{Name: "a.png", Body: png()}, {Name: "b.png", Body: page}}, "file_type"},
		"a name that climbs":      {[]upload{{Name: "../../../etc/passwd.png", Body: png()}}, ""},
		"a name that turns round": {[]upload{{Name: "photo\u202egnp.exe", Body: png()}}, ""},
		"a long name":             {[]upload{{Name: strings.Repeat("長", 400) + ".png", Body: png()}}, ""},
	} {
		for _, path := range []string{submitPath, formPath} {
			before := s.counts()
			a := s.Multipart(path, map[string]any{"name": "Ann", "email": "ann@example.com", "message": "hello " + name, "consent": "true", "locale": "en"}, tt.files)
			after := s.counts()
			switch {
			case tt.code == "":
				if a.Status != http.StatusOK || after["files"]-before["files"] != len(tt.files) {
					t.Errorf("%s to %s: %d, %d files more: %.300s", name, path, a.Status, after["files"]-before["files"], a.Body)
				}
				continue
			case path == submitPath:
				s.refused(t, name, a.Status, a.JSON(), "attachments", tt.code)
			case a.Status != http.StatusUnprocessableEntity || !strings.Contains(string(a.Body), "hello "+name):
				t.Errorf("%s to the page: %d %.300s", name, a.Status, a.Body)
			}
			if !maps.Equal(before, after) {
				t.Errorf("%s: refused, and yet stored: %v, before %v", name, after, before)
			}
		}
	}
	for _, path := range s.stored() {
		rel, _ := filepath.Rel(filepath.Join(s.App.DataDir(), core.LocalStorageDirName), path)
		if parts := strings.Split(filepath.ToSlash(rel), "/"); len(parts) != 3 || strings.ContainsFunc(rel, func(r rune) bool { return r < ' ' || r == '\u202e' || r == 0x7f }) {
			t.Errorf("a file is stored as %q", rel)
		}
	}
}

// More than the server reads is told, in the visitor's language on the page.
func TestOversizeBody(t *testing.T) {
	s := newShop(t, withoutSMTP())
	before := s.counts()
	files := []upload{}
	for range 5 {
		files = append(files, upload{Name: "a.png", Body: append(png(), make([]byte, 9<<20)...)})
	}
	for _, path := range []string{submitPath, formPath} {
		a := s.Multipart(path, map[string]any{"email": "ann@example.com", "message": "hello"}, files, "Accept-Language", "ja")
		if a.Status < 400 || a.Status >= 500 {
			t.Errorf("%s: %d %.200s", path, a.Status, a.Body)
		}
		if path == formPath && a.Header.Get("Content-Language") != "ja" {
			t.Errorf("the page answers a visitor with %.200s", a.Body)
		}
	}
	if after := s.counts(); !maps.Equal(before, after) {
		t.Errorf("stored: %v, before %v", after, before)
	}
}
