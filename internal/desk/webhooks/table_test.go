package webhooks_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk/webhooks"
)

// Every type has a name in every language of the Desk, and its own one; each field
// is described.
func TestCatalogue(t *testing.T) {
	name := regexp.MustCompile(`^[a-z_]+\.[a-z_]+$`) // as the specification wants it
	seen := map[string]bool{}
	for _, lang := range []string{"en", "zh-TW", "ja"} {
		words, err := os.ReadFile(filepath.Join("..", "..", "..", "pb_dashboard", "locales", lang, "webhooks.js"))
		if err != nil {
			t.Fatal(err)
		}
		for _, typ := range webhooks.Catalogue() {
			if !strings.Contains(string(words), `"webhooks.type.`+typ.Name+`":`) || !strings.Contains(string(words), `"webhooks.group.`+typ.Group+`":`) {
				t.Errorf("%s has no name in %s", typ.Name, lang)
			}
		}
	}
	for _, typ := range webhooks.Catalogue() {
		if seen[typ.Name] || !name.MatchString(typ.Name) || typ.About == "" {
			t.Errorf("%+v", typ)
		}
		seen[typ.Name] = true
		for _, f := range typ.Fields {
			if f.Name == "" || f.Kind == "" || f.About == "" || f.Name == "case" || f.Name == "actor" || f.Name == "by" {
				t.Errorf("%s: %+v", typ.Name, f)
			}
		}
	}
}
