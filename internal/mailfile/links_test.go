//go:build unix

package mailfile

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

func TestLinksAndOddFilesAreNotFollowed(t *testing.T) {
	dir := put(t,
		"secret.eml", mailOf("secret"), "elsewhere/x.eml", mailOf("secret"),
		"box/ok.eml", mailOf("ok"),
		"md/cur/1.1.host", mailOf("ok"), "md/new/", "",
	)
	for link, target := range map[string]string{
		"box/link.eml": "../secret.eml", "box/abs.eml": filepath.Join(dir, "secret.eml"), "box/dir": "../elsewhere",
		"box/loop": ".", "box/dead.eml": "nowhere", "md/cur/2.2.host": "../../secret.eml", "md/.Sub": "../elsewhere",
		"way-in": "box",
	} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "box", "pipe.eml"), 0o644); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"box": "box/ok.eml: Subject: ok", "way-in": "way-in/ok.eml: Subject: ok"} {
		if got, err := walk(t, dir, path); err != nil || !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	if got, err := walk(t, dir, "md"); !slices.Equal(got, []string{"md/cur/1.1.host: Subject: ok"}) || err == nil || !strings.Contains(err.Error(), "2.2.host") {
		t.Errorf("md: %q, %v", got, err)
	}
	if _, err := walk(t, dir, "box/pipe.eml"); err == nil {
		t.Error("a pipe was read")
	}
}
