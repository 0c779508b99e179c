package mailfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// put writes files into a fresh folder: name, content, name, content …
func put(t *testing.T, files ...string) string {
	t.Helper()
	dir := t.TempDir()
	for i := 0; i < len(files); i += 2 {
		path := filepath.Join(dir, files[i])
		if strings.HasSuffix(files[i], "/") {
			if err := os.MkdirAll(path, 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[i+1]), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// walk lists what Walk gives as "name: first line".
func walk(t *testing.T, dir, path string) (got []string, err error) {
	t.Helper()
	err = Walk(filepath.Join(dir, path), func(name string, raw []byte) error {
		short, _ := filepath.Rel(dir, name)
		line, _, _ := strings.Cut(string(raw), "\n")
		got = append(got, filepath.ToSlash(short)+": "+strings.TrimSpace(line))
		return nil
	})
	return got, err
}

func mailOf(n string) string { return "Subject: " + n + "\n\ntext\n" }

func mboxOf(ns ...string) string {
	var all string
	for _, n := range ns {
		all += "From a@b.test Thu Jan  1 00:00:00 2026\n" + mailOf(n) + "\n"
	}
	return all
}

func TestWalk(t *testing.T) {
	dir := put(t,
		"one.eml", mailOf("1"),
		"odd.EML", "From someone Thu Jan  1 00:00:00 2026\n"+mailOf("with the line of an mbox"),
		"noname", mailOf("2"),
		"box", mboxOf("3", "4"),
		"empty.mbox", "",
		"folder/b.eml", mailOf("b"),
		"folder/a.eml", mailOf("a"),
		"folder/10/x.Eml", mailOf("x"),
		"folder/c.txt", "no mail",
		"folder/all.mbox", mboxOf("m", "n"),
		"folder/empty/", "",
		"md/new/1700000003.M1P1.host", mailOf("c"),
		"md/cur/1700000001.M900P1.host:2,S", mailOf("a"),
		"md/cur/1700000001.M1000P1.host:2,S", mailOf("b"),
		"md/cur/999999999.x.host:2,", mailOf("first"),
		"md/cur/.hidden", mailOf("hidden"),
		"md/tmp/1.1.host", mailOf("half a mail"),
		"md/dovecot.eml", mailOf("no mail of a Maildir"),
		"md/.客服/cur/5.5.host:2,", mailOf("sub"),
		"md/.客服/new/", "",
		"nothing/x.txt", "no mail",
	)
	for path, want := range map[string][]string{
		"one.eml": {"one.eml: Subject: 1"},
		"odd.EML": {"odd.EML: From someone Thu Jan  1 00:00:00 2026"},
		"noname":  {"noname: Subject: 2"},
		"box":     {"box#1: Subject: 3", "box#2: Subject: 4"},
		"folder": {
			"folder/10/x.Eml: Subject: x", "folder/a.eml: Subject: a", "folder/all.mbox#1: Subject: m",
			"folder/all.mbox#2: Subject: n", "folder/b.eml: Subject: b",
		},
		"md": {
			"md/cur/999999999.x.host:2,: Subject: first", "md/cur/1700000001.M900P1.host:2,S: Subject: a",
			"md/cur/1700000001.M1000P1.host:2,S: Subject: b", "md/new/1700000003.M1P1.host: Subject: c",
			"md/.客服/cur/5.5.host:2,: Subject: sub",
		},
	} {
		if got, err := walk(t, dir, path); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %v\n got %q\nwant %q", path, err, got, want)
		}
	}
	for _, path := range []string{"empty.mbox", "nothing"} {
		if got, err := walk(t, dir, path); !errors.Is(err, ErrNone) || got != nil {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	if _, err := walk(t, dir, "missing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing path: %v", err)
	}
}

func TestSeveral(t *testing.T) {
	line := "From a@b.test Thu Jan  1 00:00:00 2026\n"
	dir := put(t, "two", mboxOf("1", "2"), "bom", "\xef\xbb\xbf"+mboxOf("1", "2"), "x.mbox", mboxOf("1", "2", "3"), "one", mboxOf("1"), "one.mbox", mboxOf("1"),
		"two.eml", mboxOf("1", "2"), "mail", mailOf("1")+"\n"+line+mailOf("2"), "empty", "", "quoted", line+"Subject: 1\n\ntext\n\n>"+line+"Subject: 2\n",
		"big", mboxOf("1")+line+"Subject: 2\n\n"+strings.Repeat(strings.Repeat("x", 99)+"\n", MaxMail/100+1))
	for name, want := range map[string]bool{"two": true, "bom": true, "x.mbox": true, "big": true, "one": false, "one.mbox": false, "two.eml": false,
		"mail": false, "empty": false, "quoted": false, "": false} {
		if got, err := Several(filepath.Join(dir, name)); got != want || err != nil {
			t.Errorf("%q: %v, %v", name, got, err)
		}
	}
	if _, err := Several(filepath.Join(dir, "missing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
}

func TestTooDeep(t *testing.T) {
	deep := strings.Repeat("d/", 40)
	dir := put(t, deep+"x.eml", mailOf("x"), "a.eml", mailOf("a"))
	got, err := walk(t, dir, "")
	if len(got) != 1 || err == nil || !strings.Contains(err.Error(), "too many folders") {
		t.Errorf("%q, %v", got, err)
	}
}

func TestErrors(t *testing.T) {
	dir := put(t, "box", mboxOf("1", "2", "3"))
	full := errors.New("disk full")
	for _, c := range []struct{ err, want error }{{full, full}, {fs.SkipAll, nil}} {
		calls := 0
		err := Walk(filepath.Join(dir, "box"), func(string, []byte) error {
			if calls++; calls == 2 {
				return c.err
			}
			return nil
		})
		if err != c.want || calls != 2 {
			t.Errorf("after %d calls: %v, want %v", calls, err, c.want)
		}
	}
}

func TestTooLargeIsToldAndPassedOver(t *testing.T) {
	big := "Subject: film\n\n" + strings.Repeat(strings.Repeat("x", 99)+"\n", MaxMail/100+1)
	exact := "Subject: just\n\n" + strings.Repeat("y", MaxMail-len("Subject: just\n\n")-1) + "\n"
	line := "From a@b.test Thu Jan  1 00:00:00 2026\n"
	dir := put(t,
		"box", line+mailOf("1")+"\n"+line+big+"\n"+line+exact+"\n"+line+mailOf("3")+"\n",
		"f/a.eml", mailOf("a"), "f/b.eml", big, "f/c.eml", exact,
	)
	for path, want := range map[string][]string{
		"box": {"box#1: Subject: 1", "box#3: Subject: just", "box#4: Subject: 3"},
		"f":   {"f/a.eml: Subject: a", "f/c.eml: Subject: just"},
	} {
		got, err := walk(t, dir, path)
		if !slices.Equal(got, want) || !errors.Is(err, ErrTooLarge) || !strings.Contains(err.Error(), map[string]string{"box": "box#2", "f": "b.eml"}[path]) {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
}

func TestManyErrorsAreCounted(t *testing.T) {
	w := &walker{}
	for n := range 250 {
		w.skip(fmt.Sprint(n), ErrTooLarge)
	}
	if text := w.result().Error(); strings.Count(text, "\n") != maxSkipped || !strings.Contains(text, "150 more") {
		t.Errorf("%d lines: %s", strings.Count(text, "\n"), text[len(text)-60:])
	}
}
