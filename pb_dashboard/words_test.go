package pb_dashboard

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	saidKey = regexp.MustCompile("[\"`]([a-zA-Z_]+\\.[a-zA-Z_.0-9 ]*)([\"`$])")
	awaits  = regexp.MustCompile(`(?m)^await (?:words|loadWords)\(([^)]*)\)`)
	asks    = regexp.MustCompile(`(?m)^ *await (?:words|loadWords)\(([^)]*)\)`)
)

// areas gives the file in which each sentence stands.
func areas(t *testing.T, files map[string]string) map[string]string {
	out := map[string]string{}
	for name, text := range files {
		if dir, file := path.Split(name); dir == "locales/en/" {
			for _, m := range keyLine.FindAllStringSubmatch(text, -1) {
				out[m[1]] = strings.TrimSuffix(file, ".js")
			}
		}
	}
	if len(out) < 300 {
		t.Fatalf("only %d sentences were found", len(out))
	}
	return out
}

// A module says only words that are loaded: those of the first look, and those of
// the areas that it waits for. A key that is put together counts by its beginning
// where all that begin so stand in one area.
func TestWordsAreLoaded(t *testing.T) {
	files := sources(t)
	area := areas(t, files)
	for name, text := range files {
		if !strings.HasSuffix(name, ".js") || strings.HasPrefix(name, "locales/") || name == "main.js" {
			continue
		}
		loaded := map[string]bool{}
		for _, m := range quotedNames(files["lib/i18n.js"], "export const core = [") {
			loaded[m] = true
		}
		for _, m := range asks.FindAllStringSubmatch(text, -1) {
			for _, a := range strings.Split(m[1], ",") {
				loaded[strings.Trim(a, ` "`)] = true
			}
		}
		for _, m := range saidKey.FindAllStringSubmatch(text, -1) {
			where := area[m[1]]
			if m[2] == "$" || strings.HasSuffix(m[1], ".") {
				where = only(area, m[1])
			}
			if where != "" && !loaded[where] {
				t.Errorf("%s says %q, whose words (%s) it does not wait for", name, m[1], where)
			}
		}
	}
}

// only is the area in which all keys that begin so stand, or "".
func only(area map[string]string, start string) string {
	found := map[string]bool{}
	for key, a := range area {
		if strings.HasPrefix(key, start) {
			found[a] = true
		}
	}
	if len(found) != 1 {
		return ""
	}
	return slices.Collect(maps.Keys(found))[0]
}

// quotedNames gives the strings of the list that begins so.
func quotedNames(text, start string) (out []string) {
	_, list, _ := strings.Cut(text, start)
	list, _, _ = strings.Cut(list, "];")
	for _, m := range regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(list, -1) {
		out = append(out, m[1])
	}
	return out
}

// Every module of the first look loads no words of its own: it would wait for them.
func TestFirstLookWaitsForNothing(t *testing.T) {
	files := sources(t)
	first := FirstLook("staff/page.js", "staff/host.js")
	for name, in := range map[string]bool{
		"desk/list.js": true, "desk/composer.js": true, "lib/dom.js": true, "staff/realtime.js": true,
		"desk/writing.js": false, "desk/side.js": false, "desk/undo.js": false, "staff/signin.js": false,
	} {
		if slices.Contains(first, name) != in {
			t.Errorf("%s is of the first look: %v", name, !in)
		}
	}
	for _, name := range first {
		if awaits.MatchString(files[name]) {
			t.Errorf("%s waits for words", name)
		}
	}
}

// The dashboard and the page for agents offer the same settings.
func TestSettingsAreTheSame(t *testing.T) {
	files := sources(t)
	named := quotedNames(files["start.js"], "settingsNames = [")
	_, list, _ := strings.Cut(files["main.js"], "const settings = {")
	list, _, _ = strings.Cut(list, "};")
	var main []string
	for _, m := range regexp.MustCompile(`(?m)^ +"([^"]*)": \["(\w+)", "ri-([\w-]+)"`).FindAllStringSubmatch(list, -1) {
		main = append(main, m[2]+" "+m[1]+" "+m[3])
	}
	_, list, _ = strings.Cut(files["staff/settings.js"], "const links = [")
	list, _, _ = strings.Cut(list, "];")
	var staff []string
	for _, m := range regexp.MustCompile(`\["(\w+)", "([^"]*)", "([\w-]+)"\]`).FindAllStringSubmatch(list, -1) {
		staff = append(staff, m[1]+" "+m[2]+" "+m[3])
	}
	if len(main) < 10 || !slices.Equal(main, staff) {
		t.Errorf("the dashboard offers\n%s\nthe page for agents\n%s", strings.Join(main, "\n"), strings.Join(staff, "\n"))
	}
	for i, name := range named {
		if i >= len(main) || !strings.HasPrefix(main[i], name+" ") {
			t.Errorf("start.js names %v, main.js %v", named, main)
			break
		}
	}
}

// Both pages keep the same promise to the screens.
func TestHostsAreAlike(t *testing.T) {
	files := sources(t)
	for _, m := range regexp.MustCompile(`@property \{.*\} (\w+)`).FindAllStringSubmatch(files["adapter.js"], -1) {
		for _, host := range []string{"adapter.js", "staff/host.js"} {
			if !regexp.MustCompile(`(?m)^        (?:async )?` + m[1] + `\b`).MatchString(files[host]) {
				t.Errorf("%s has no %s", host, m[1])
			}
		}
	}
}

// No words lie where no module ever fetches them.
func TestEveryAreaIsLoaded(t *testing.T) {
	files := sources(t)
	fetched := map[string]bool{}
	for _, m := range quotedNames(files["lib/i18n.js"], "export const core = [") {
		fetched[m] = true
	}
	for _, text := range files {
		for _, m := range asks.FindAllStringSubmatch(text, -1) {
			for _, a := range strings.Split(m[1], ",") {
				fetched[strings.Trim(a, ` "`)] = true
			}
		}
	}
	for key, a := range areas(t, files) {
		if !fetched[a] {
			t.Errorf("%q stands in %s.js, which no module asks for", key, a)
		}
	}
}
