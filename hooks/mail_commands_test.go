package hooks

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

func TestMailCommands(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	one := file("one.eml", letterFrom("anna@example.com", "service@shop.example", "Cups", "Do you have blue cups?"))
	two := file("two.eml", letterFrom("bob@example.net", "service@shop.example", "Saucers", "Do you have saucers?"))
	inspect := func(args ...string) (string, error) {
		cmd := mailInspectCommand()
		var out bytes.Buffer
		cmd.SetOut(&out)
		cmd.SetErr(io.Discard)
		cmd.SetArgs(args)
		err := cmd.ExecuteContext(context.Background())
		return out.String(), err
	}
	out, err := inspect(one, two)
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if err != nil || len(lines) != 2 || !strings.Contains(lines[0], `"subject":"Cups"`) || !strings.Contains(lines[1], `"subject":"Saucers"`) {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = inspect(one, filepath.Join(dir, "missing.eml"), two)
	if err == nil || strings.Count(out, "\n") != 3 {
		t.Errorf("a file that isn't there: %v\n%s", err, out)
	}
	mbox := func(name string, mails ...[]byte) string {
		var all []byte
		for _, m := range mails {
			all = append(append(append(all, "From a@b.example Mon Nov 16 01:00:00 2026\r\n"...), m...), "\r\n"...)
		}
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, all, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	cups, saucers := letterFrom("anna@example.com", "service@shop.example", "Cups", "Blue?"), letterFrom("bob@example.net", "service@shop.example", "Saucers", "Any?")
	for path, want := range map[string][]string{
		mbox("old.mbox", cups, saucers):   {`old.mbox#1","subject":"Cups"`, `old.mbox#2","subject":"Saucers"`},
		mbox("single.mbox", cups):         {`single.mbox","subject":"Cups"`},
		mbox("export.eml", cups, saucers): {`export.eml","subject":"Cups"`},
	} {
		out, err := inspect(path)
		lines := strings.Split(strings.TrimSpace(out), "\n")
		if err != nil || len(lines) != len(want) {
			t.Errorf("%s: %v\n%s", path, err, out)
			continue
		}
		for i := range want {
			if !strings.Contains(lines[i], want[i]) {
				t.Errorf("%s: line %d is %s", path, i+1, lines[i])
			}
		}
	}
	body := file("body.txt", []byte("New words.\n\nOn Mon, Nov 16, 2026 at 9:00 AM Shop <a@b.example> wrote:\n> old words\n"))
	if out, err = inspect("--body", "text", body); err != nil || !strings.Contains(out, `"reply":"New words."`) {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err = inspect("--body", "pdf", body); err == nil {
		t.Error("a body of an unknown kind")
	}
	root := &cobra.Command{Use: "x"}
	root.AddCommand((&plugin{}).mailCommand())
	if !RunsAlone(root, []string{"mail", "inspect", one}) || RunsAlone(root, []string{"mail", "import", one}) {
		t.Error("inspect alone runs without an app")
	}

	s := newShop(t)
	for i, want := range []string{`"taken":2,"known":0`, `"taken":0,"known":2`} {
		cmd := s.plugin.mailImportCommand()
		var out bytes.Buffer
		cmd.SetOut(&out)
		cmd.SetErr(io.Discard)
		cmd.SetArgs([]string{dir})
		if i == 0 {
			if err := os.Remove(body); err != nil {
				t.Fatal(err)
			}
		}
		if err := cmd.ExecuteContext(t.Context()); err != nil || !strings.Contains(out.String(), want) {
			t.Errorf("import: %v %s", err, out.String())
		}
	}
	s.Drain()
	if len(s.Cases()) != 2 || len(s.SMTP.Mails()) != 0 {
		t.Errorf("%d cases, %d mails out", len(s.Cases()), len(s.SMTP.Mails()))
	}
}
