package demo

import (
	"bytes"
	"fmt"
	"image"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

func TestFilePictures(t *testing.T) {
	for _, c := range []struct{ name, format, ext string }{
		{"photo.jpg", "jpeg", ".jpg"},
		{"receipt.png", "png", ".png"},
		{"screenshot.png", "png", ".png"},
	} {
		seen, names := map[string]int{}, map[string]bool{}
		for n := range 14 {
			name, data := File(c.name, n)
			m, format, err := image.Decode(bytes.NewReader(data))
			if err != nil || format != c.format {
				t.Fatalf("%s %d: %s, %v", c.name, n, format, err)
			}
			if b := m.Bounds(); b.Dx() < 300 || b.Dy() < 300 || len(data) > 60<<10 {
				t.Errorf("%s %d: %v in %d bytes", c.name, n, b, len(data))
			}
			if first, dup := seen[string(data)]; dup {
				t.Errorf("%s: %d and %d are the same picture", c.name, first, n)
			}
			seen[string(data)] = n
			if names[name] || !strings.HasSuffix(name, c.ext) {
				t.Errorf("%s %d is called %q", c.name, n, name)
			}
			names[name] = true
			if _, again := File(c.name, n); !bytes.Equal(data, again) {
				t.Errorf("%s %d differs from call to call", c.name, n)
			}
		}
	}
}

func TestFileEdges(t *testing.T) {
	if name, data := File("", 3); name != "" || data != nil {
		t.Errorf("no file gives %q and %d bytes", name, len(data))
	}
	for _, n := range []int{-1, math.MinInt, math.MaxInt} {
		if name, data := File("photo.jpg", n); len(name) > 16 || len(data) == 0 {
			t.Errorf("n = %d: %q, %d bytes", n, name, len(data))
		}
	}
	if name, data := File("notes.txt", 4); name != "notes-005.txt" || !bytes.Contains(data, []byte("0005")) {
		t.Errorf("text: %q, %q", name, data)
	}
}

// TestPDF follows the cross-reference table, as a reader does.
func TestPDF(t *testing.T) {
	name, data := File("note.pdf", 6)
	if name != "note-007.pdf" || !bytes.HasPrefix(data, []byte("%PDF-1.")) || !bytes.HasSuffix(data, []byte("%%EOF\n")) {
		t.Fatalf("%q: %q", name, data)
	}
	start, err := strconv.Atoi(string(regexp.MustCompile(`startxref\n(\d+)`).FindSubmatch(data)[1]))
	if err != nil || !bytes.HasPrefix(data[start:], []byte("xref\n")) {
		t.Fatalf("startxref %d, %v", start, err)
	}
	entries := regexp.MustCompile(`(\d{10}) 00000 n \n`).FindAllSubmatch(data[start:], -1)
	if len(entries) != 5 {
		t.Fatalf("%d objects", len(entries))
	}
	for i, e := range entries {
		at, _ := strconv.Atoi(string(e[1]))
		if !bytes.HasPrefix(data[at:], fmt.Appendf(nil, "%d 0 obj\n", i+1)) {
			t.Errorf("object %d is not at %d", i+1, at)
		}
	}
	length, _ := strconv.Atoi(string(regexp.MustCompile(`/Length (\d+)`).FindSubmatch(data)[1]))
	body := regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`).FindSubmatch(data)[1]
	if len(body) != length {
		t.Errorf("stream of %d bytes says %d", len(body), length)
	}
}
