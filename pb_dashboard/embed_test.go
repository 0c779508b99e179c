package pb_dashboard

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk/learning"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// sources gives every file that is served, by path.
func sources(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(files, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(files, path)
		out[path] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var (
	keyLine = regexp.MustCompile(`(?m)^ {4}"([^"]+)":`)
	blank   = regexp.MustCompile(`\{\w+\}`)
)

// words gives the sentences of a language: the rest of the line by key.
func words(t *testing.T, files map[string]string, lang string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for path, text := range files {
		if !strings.HasPrefix(path, "locales/"+lang+"/") {
			continue
		}
		for _, line := range strings.Split(text, "\n") {
			m := keyLine.FindStringSubmatch(line)
			if m == nil {
				continue
			}
			if _, twice := out[m[1]]; twice {
				t.Errorf("%s: %q stands there twice", path, m[1])
			}
			out[m[1]] = line[len(m[0]):]
		}
	}
	return out
}

func TestLanguagesSayTheSame(t *testing.T) {
	files := sources(t)
	en := words(t, files, "en")
	if len(en) < 300 {
		t.Fatalf("only %d English sentences were found", len(en))
	}
	for _, lang := range []string{"zh-TW", "ja"} {
		other := words(t, files, lang)
		for key, text := range en {
			said, ok := other[key]
			if !ok {
				t.Errorf("%s lacks %q", lang, key)
				continue
			}
			if a, b := blanks(text), blanks(said); !slices.Equal(a, b) {
				t.Errorf("%s: %q fills %v, English fills %v", lang, key, b, a)
			}
		}
		for key := range other {
			if _, ok := en[key]; !ok {
				t.Errorf("%s has %q, which English lacks", lang, key)
			}
		}
	}
}

// blanks gives the names that a sentence fills in, each once.
func blanks(text string) []string {
	found := blank.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestEverySentenceIsKnown(t *testing.T) {
	files := sources(t)
	en := words(t, files, "en")
	use := regexp.MustCompile(`\btr\("([^"]+)"\s*[,)]`)
	for path, text := range files {
		for _, m := range use.FindAllStringSubmatch(text, -1) {
			if _, ok := en[m[1]]; !ok {
				t.Errorf("%s says %q, which no language knows", path, m[1])
			}
		}
	}
}

func TestEverySignalHasAName(t *testing.T) {
	files := sources(t)
	en := words(t, files, "en")
	named := map[string]bool{}
	for _, w := range spam.Weights() {
		if named[w.Name] = true; en["signame."+w.Name] == "" {
			t.Errorf("signal %q has no name in the Desk", w.Name)
		}
	}
	for key := range en {
		if name, ok := strings.CutPrefix(key, "signame."); ok && !named[name] {
			t.Errorf("the Desk names signal %q, which screening does not have", name)
		}
	}
}

func TestSwitchesAreTheSignals(t *testing.T) {
	text := sources(t)["settings/signalswitches.js"]
	_, list, _ := strings.Cut(text, "export const groups = {")
	list, _, _ = strings.Cut(list, "};")
	var shown []string
	for _, m := range regexp.MustCompile(`"([a-z_]+)"`).FindAllStringSubmatch(list, -1) {
		shown = append(shown, m[1])
	}
	for _, w := range spam.Weights() {
		can := slices.Contains(spam.Names(), w.Name) && !(len(w.Points) == 1 && w.Points[0] == 0)
		if has := slices.Contains(shown, w.Name); has != can {
			t.Errorf("%s: it has a switch: %v; it can be switched off: %v", w.Name, has, can)
		}
	}
}

// What the system says in codes is said in words here.
func TestEveryRefusalHasAWord(t *testing.T) {
	en := words(t, sources(t), "en")
	for _, code := range []string{learning.Worse, learning.Failed} {
		if en["model.refused."+code] == "" {
			t.Errorf("a refusal by %q has no sentence", code)
		}
	}
}

func TestScreeningEventsHaveWords(t *testing.T) {
	en := words(t, sources(t), "en")
	for _, kind := range []string{
		"confirm_asked", "confirm_skipped", "confirm_held", "confirmed_address", "marked_spam", "unmarked_spam", "undecided",
		"rule_made", "lesson_taken_back", "model_trained", "model_refused",
	} {
		if en["event."+kind] == "" {
			t.Errorf("the timeline has no words for %q", kind)
		}
	}
}

func TestFilesKeepTheRules(t *testing.T) {
	dashboard := regexp.MustCompile(`(^|[^.\w])app\.`)
	for path, text := range sources(t) {
		if n := strings.Count(text, "\n"); n > 300 {
			t.Errorf("%s has %d lines", path, n)
		}
		if !strings.HasSuffix(text, "\n") {
			t.Errorf("%s does not end with a newline", path)
		}
		if !strings.HasSuffix(path, ".js") {
			continue
		}
		for _, bad := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s uses %s", path, bad)
			}
		}
		if path != "main.js" && path != "adapter.js" && dashboard.MatchString(text) {
			t.Errorf("%s touches the dashboard's app; only adapter.js does", path)
		}
	}
}

func TestImportsExist(t *testing.T) {
	files := sources(t)
	from := regexp.MustCompile(`(?:from|import)\s*\(?"(\.[^"]+\.js)"`)
	for path, text := range files {
		dir := ""
		if i := strings.LastIndex(path, "/"); i >= 0 {
			dir = path[:i]
		}
		for _, m := range from.FindAllStringSubmatch(text, -1) {
			want := resolve(dir, m[1])
			if _, ok := files[want]; !ok {
				t.Errorf("%s imports %s, which is not there", path, want)
			}
		}
	}
}

func resolve(dir, rel string) string {
	parts := strings.FieldsFunc(dir, func(r rune) bool { return r == '/' })
	for _, p := range strings.Split(rel, "/") {
		switch p {
		case ".":
		case "..":
			parts = parts[:len(parts)-1]
		default:
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, "/")
}

// The gateways that the Desk offers are those of the guide, to the letter.
func TestGatewaysAreTheGuides(t *testing.T) {
	_, text, _ := strings.Cut(sources(t)["settings/gateways.js"], "export const gateways = ")
	var offered map[string]map[string]any
	if err := json.Unmarshal([]byte(strings.TrimSuffix(strings.TrimSpace(text), ";")), &offered); err != nil {
		t.Fatal(err)
	}
	guide, err := os.ReadFile("../docs/sms.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```json\n(.*?)```").FindAllSubmatch(guide, -1)
	if len(blocks) != len(offered) {
		t.Fatalf("the guide has %d gateways, the Desk %d", len(blocks), len(offered))
	}
	for _, b := range blocks {
		var want map[string]any
		if err := json.Unmarshal(b[1], &want); err != nil {
			t.Fatal(err)
		}
		delete(want, "enabled") // the shop's own choices
		delete(want, "ack")
		same := func(g map[string]any) bool { return reflect.DeepEqual(g, want) }
		if !slices.ContainsFunc(slices.Collect(maps.Values(offered)), same) {
			t.Errorf("the Desk has not what the guide says of %v", want["url"])
		}
	}
}

// Why no mail went out is said in the Desk's language.
func TestReasonsHaveWords(t *testing.T) {
	en := words(t, sources(t), "en")
	said := regexp.MustCompile(`(?:\bskip = |return "", |return )"([a-z][a-z' ]+)"`)
	var n int
	for _, path := range []string{"casework/ack.go", "casework/bymail.go", "casework/text.go", "casework/confirm.go", "inbound/ackto.go"} {
		code, err := os.ReadFile("../internal/desk/" + path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range said.FindAllStringSubmatch(string(code), -1) {
			if strings.HasPrefix(m[1], "no template ") {
				continue // the page puts the template's name in
			}
			if n++; en["reason."+m[1]] == "" {
				t.Errorf("%s: %q has no words", path, m[1])
			}
		}
	}
	if n < 8 {
		t.Errorf("only %d reasons were found", n)
	}
}
