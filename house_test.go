package main_test

import (
	"bytes"
	"encoding/json"
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/pocketdesk/pocketdesk"

// TestImportsRunOneWay holds the order of the house: main, hooks, desk and its
// stations, leaves. It reads what the compiler would read, tests left out.
func TestImportsRunOneWay(t *testing.T) {
	all := listPackages(t)
	for path, p := range all {
		for _, imported := range p.Imports {
			if inside(imported) && !mayImport(short(path), short(imported)) {
				t.Errorf("%s imports %s", short(path), short(imported))
			}
		}
		if leaf(short(path)) == "" {
			continue
		}
		for _, dep := range p.Deps {
			if strings.HasPrefix(dep, "github.com/pocketbase/") {
				t.Errorf("%s is a leaf and depends on %s", short(path), dep)
			}
		}
	}
	for _, must := range []string{"", "hooks", "internal/desk", "internal/spam", "pb_migrations"} {
		if _, ok := all[strings.TrimSuffix(module+"/"+must, "/")]; !ok {
			t.Errorf("go list does not know %q: this test looks at the wrong place", must)
		}
	}
}

// TestImportRules makes sure that the rules above can say no.
func TestImportRules(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     bool
	}{
		{"", "hooks", true},
		{"", "internal/desk", false},
		{"hooks", "internal/desk/intake", true},
		{"hooks", "internal/spam", true},
		{"hooks", "", false},
		{"internal/desk", "internal/calendar", true},
		{"internal/desk", "internal/desk/intake", false},
		{"internal/desk", "hooks", false},
		{"internal/desk/intake", "internal/desk", true},
		{"internal/desk/intake", "internal/spam", true},
		{"internal/desk/intake", "internal/desk/casework", false},
		{"internal/desk/inbox", "internal/desk/filtering", true},
		{"internal/desk/filtering", "internal/desk/inbox", false},
		{"internal/desk/desktest", "internal/desk/intake", true},
		{"internal/desk/intake", "internal/desk/desktest", false},
		{"hooks", "internal/desk/desktest", false},
		{"internal/spam", "internal/phone", false},
		{"internal/spam", "internal/desk", false},
		{"internal/mail/mailtest", "internal/mail", true},
		{"internal/mail/mailtest", "internal/llm", false},
		{"pb_migrations", "internal/desk", true},
		{"pb_migrations", "pb_migrations/seed", true},
		{"pb_migrations", "internal/liquid", false},
		{"pb_migrations/seed", "internal/desk", false},
		{"pb_public", "internal/page", false},
		{"examples/embed", "hooks", true},
		{"examples/embed", "internal/desk", false},
	} {
		if got := mayImport(c.from, c.to); got != c.want {
			t.Errorf("%q imports %q: got %v, want %v", c.from, c.to, got, c.want)
		}
	}
}

// mayImport tells whether one package of the module may import another. Paths
// stand without the module; "" is the binary.
func mayImport(from, to string) bool {
	switch {
	case to == testApp: // for tests, which are not looked at
		return false
	case from == testApp:
		return leaf(to) != "" || strings.HasPrefix(to, "internal/desk") || to == "pb_migrations"
	case from == "":
		return to == "hooks"
	case strings.HasPrefix(from, "examples/"):
		return to == "hooks" || strings.HasPrefix(to, from+"/")
	case from == "hooks":
		return strings.HasPrefix(to, "internal/") || strings.HasPrefix(to, "pb_")
	case from == "internal/desk" || strings.HasPrefix(from, "scripts/"):
		return leaf(to) != "" || (from != to && to == "internal/desk")
	case strings.HasPrefix(from, "internal/desk/"):
		return leaf(to) != "" || to == "internal/desk" || to == filters && from != filters
	case leaf(from) != "":
		return leaf(to) == leaf(from)
	case from == "pb_migrations":
		return to == "internal/desk" || to == "pb_migrations/seed"
	}
	return false
}

// filters is no station: views and rules read their filters with it.
const filters = "internal/desk/filtering"

// testApp builds apps for the tests of the stations.
const testApp = "internal/desk/desktest"

// leaf is the name of the leaf that a package belongs to; "" for the rest.
func leaf(path string) string {
	rest, ok := strings.CutPrefix(path, "internal/")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, "/")
	if name == "desk" {
		return ""
	}
	return name
}

func inside(path string) bool { return path == module || strings.HasPrefix(path, module+"/") }

func short(path string) string { return strings.TrimPrefix(strings.TrimPrefix(path, module), "/") }

type listed struct {
	ImportPath    string
	Imports, Deps []string
}

func listPackages(t *testing.T) map[string]listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports,Deps", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	all := map[string]listed{}
	for d := json.NewDecoder(bytes.NewReader(out)); d.More(); {
		var p listed
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all[p.ImportPath] = p
	}
	return all
}

// TestGofmt formats every Go file and looks for a difference.
func TestGofmt(t *testing.T) {
	for path, text := range files(t) {
		if filepath.Ext(path) != ".go" {
			continue
		}
		want, err := format.Source(text)
		if err != nil {
			t.Errorf("%s: %v", path, err)
		} else if !bytes.Equal(want, text) {
			t.Errorf("%s: run gofmt -w on it", path)
		}
	}
}

// What is true on one machine only, and hosts that a build gets by itself.
var (
	machinePath  = regexp.MustCompile(`(?:^|[\s"'(=:])/(?:work|tmp|root|home|farm|Users)/[\w.]`)
	registryHost = regexp.MustCompile(`(?:proxy|sum)\.golang\.org|registry\.npmjs\.|(?:deb|security)\.debian\.|pypi\.org|rubygems\.org`)
)

func TestNoMachineInTheTree(t *testing.T) {
	for path, text := range files(t) {
		for n, line := range bytes.Split(text, []byte("\n")) {
			for _, bad := range []*regexp.Regexp{machinePath, registryHost} {
				if found := bad.Find(line); found != nil {
					t.Errorf("%s:%d: %q belongs to a machine, not to the project", path, n+1, found)
				}
			}
		}
	}
	for _, bad := range []string{`"/` + `tmp/x"`, " /" + "home/me", "https://proxy." + "golang.org/x"} {
		if !machinePath.MatchString(bad) && !registryHost.MatchString(bad) {
			t.Errorf("%q passes", bad)
		}
	}
}

// TestReadmeBegins holds the two commands on the first screen.
func TestReadmeBegins(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	first := strings.Join(lines[:min(len(lines), 40)], "\n")
	for _, command := range []string{"go run . serve", "go test ./..."} {
		if !strings.Contains(first, command) {
			t.Errorf("the first 40 lines of README.md do not show %q", command)
		}
	}
}

// files reads all text files of the checkout. Data folders, built binaries and
// pictures are not its business.
func files(t *testing.T) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains([]string{".git", "pb_data"}, d.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		info, err := d.Info()
		if err != nil || !info.Mode().IsRegular() || info.Size() > 4<<20 {
			return err
		}
		text, err := os.ReadFile(path)
		if err == nil && bytes.IndexByte(text, 0) < 0 {
			all[path] = text
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
