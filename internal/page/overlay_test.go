package page

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/pocketdesk/pocketdesk/pb_public"
)

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func TestOverlay(t *testing.T) {
	disk := t.TempDir()
	embedded := fstest.MapFS{"a/one": {Data: []byte("embedded one")}, "a/two": {Data: []byte("embedded two")}, "b/x": {}}
	write(t, disk, "a/one", "disk one")
	write(t, disk, "a/three", "disk three")
	layered := Overlay(disk, embedded)
	if err := fstest.TestFS(layered, "a/one", "a/two", "a/three", "b/x"); err != nil {
		t.Error(err)
	}
	for name, want := range map[string]string{"a/one": "disk one", "a/two": "embedded two", "a/three": "disk three"} {
		if got, err := fs.ReadFile(layered, name); string(got) != want || err != nil {
			t.Errorf("%s = %q, %v", name, got, err)
		}
	}
	if err := fstest.TestFS(Overlay(filepath.Join(disk, "missing"), embedded), "a/one"); err != nil {
		t.Errorf("missing folder: %v", err)
	}
}

func TestOverlayStaysInside(t *testing.T) {
	outside := t.TempDir()
	disk := filepath.Join(outside, "pages")
	write(t, outside, "secret", "secret")
	write(t, disk, "locales/keep", "")
	for link, target := range map[string]string{
		"up": "../secret", "absolute": filepath.Join(outside, "secret"), "folder": "..", "locales/deep": "../../secret",
	} {
		if err := os.Symlink(target, filepath.Join(disk, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(disk, "pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	layered := Overlay(disk, fstest.MapFS{})
	for _, name := range []string{"../secret", "/secret", "a/../../secret", "./up", "", "up", "absolute", "folder/secret",
		"folder", "locales/deep", "pipe", `..\secret`, "up\x00"} {
		if text, err := fs.ReadFile(layered, name); err == nil || strings.Contains(string(text), "secret") {
			t.Errorf("%q: read %q, %v", name, text, err)
		}
	}
	if _, err := fs.ReadDir(layered, "folder"); err == nil {
		t.Error("listed a folder outside")
	}
}

func TestOverlaidPage(t *testing.T) {
	disk := t.TempDir()
	write(t, disk, "assets/form.css", "a { color: red }")
	write(t, disk, "assets/notes.txt", "not served")
	plain := newRenderer(t)
	r, err := New(Overlay(disk, pb_public.Files()))
	if err != nil {
		t.Fatal(err)
	}
	if string(r.assets["form.css"].body) != "a { color: red }" || len(r.assets) != len(plain.assets) {
		t.Errorf("assets %d, want %d", len(r.assets), len(plain.assets))
	}
	if r.version == plain.version {
		t.Error("another style sheet, the same version")
	}
}
