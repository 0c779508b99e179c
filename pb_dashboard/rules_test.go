package pb_dashboard

import (
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/pb_migrations/seed"
)

// The Desk knows the rules that a shop starts with by the names that their records
// have, and names them in each of its languages.
func TestStarterRulesAreNamed(t *testing.T) {
	rows, err := seed.Triage()
	if err != nil {
		t.Fatal(err)
	}
	files := sources(t)
	en := words(t, files, "en")
	for _, r := range rows.Rules {
		if en["rules.starter."+r.Key] == "" {
			t.Errorf("%s has no name in the Desk", r.Key)
		}
		for locale, name := range r.Names {
			if !strings.Contains(files["settings/starters.js"], `"`+name+`"`) {
				t.Errorf("%s in %s: %q is not known", r.Key, locale, name)
			}
		}
	}
}
