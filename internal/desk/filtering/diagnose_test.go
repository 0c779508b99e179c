package filtering_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/filtering"
)

// A filter that can't be read is refused with where, what and how to mend it.
func TestUnreadable(t *testing.T) {
	app := desktest.New(t)
	for filter, want := range map[string]filtering.Error{
		`priority = `:                                {How: "value", Part: "=", At: 10},
		`priority = && locale = "ja"`:                {How: "value", Part: "=", At: 10},
		`(priority = ) && number > 1`:                {How: "value", Part: "=", At: 11},
		`priority = "high`:                           {How: "quote", Part: `"high`, At: 12},
		`subject = "茶壺" && (locale = "ja"`:           {How: "open", Part: "(", At: 19},
		`locale = "ja")`:                             {How: "close", Part: ")", At: 14},
		`locale == "ja"`:                             {How: "sign", Part: "==", At: 8},
		`locale "ja"`:                                {How: "sign", Part: `"ja"`, At: 8},
		`locale`:                                     {How: "sign", Part: "locale", At: 1},
		`locale = "ja" and number = 1`:               {How: "join", Part: "and", At: 15},
		`locale = "ja" number = 1`:                   {How: "join", Part: "number", At: 15},
		`locale = "ja" & number = 1`:                 {How: "join", Part: "&", At: 15},
		`locale = "ja" &&`:                           {How: "end", Part: "&&", At: 15},
		`subject = 茶壺`:                               {How: "unquoted", Part: "茶壺", At: 11},
		`subject ~ tea pot`:                          {How: "unquoted", Part: "tea pot", At: 11},
		`DROP TABLE cases`:                           {How: "sign", Part: "TABLE", At: 6},
		`number > 1 || (locale = "en" && status = )`: {How: "value", Part: "=", At: 40},
	} {
		_, err := about().Compile(app, filter)
		var got *filtering.Error
		if !errors.As(err, &got) {
			t.Errorf("%s: %v", filter, err)
			continue
		}
		if got.Code != "syntax" || got.How != want.How || got.Part != want.Part || got.At != want.At {
			t.Errorf("%s: %s %q at %d, want %s %q at %d", filter, got.How, got.Part, got.At, want.How, want.Part, want.At)
		}
		if text := got.Error(); !strings.HasPrefix(text, "The filter can't be read at character ") || !strings.HasSuffix(text, `such as priority = "high" && locale = "ja".`) {
			t.Errorf("%s: %s", filter, text)
		}
	}
}

// A name that can't be used is told with the one that may be meant, or with the
// quotes that it lacks.
func TestUnusable(t *testing.T) {
	app := desktest.New(t)
	for filter, want := range map[string]filtering.Error{
		`number = 1 && priorty = "high"`: {Near: "priority", Part: "priorty", At: 15},
		`priority = high`:                {How: "unquoted", Part: "high", At: 12},
		`nonsense_of_all = 1`:            {Part: "nonsense_of_all", At: 1},
	} {
		_, err := about().Compile(app, filter)
		var got *filtering.Error
		if !errors.As(err, &got) || got.Code != "field" || got.How != want.How || got.Part != want.Part || got.At != want.At || got.Near != want.Near {
			t.Errorf("%s: %+v", filter, err)
		}
	}
}

// Whatever somebody writes, it is read or refused with a reason, and never stops the desk.
func FuzzUnreadable(f *testing.F) {
	for _, filter := range []string{`priority = `, `a = "b\`, `((`, `strftime('%Y', created) = "2026"`, `a ?= 'x' || b !~ "y"`, "// x\na = 1", `geoDistance(1,2,`, "=", "&&&", "茶"} {
		f.Add(filter)
	}
	f.Fuzz(func(t *testing.T, filter string) {
		how, at := filtering.Diagnose(filter)
		if at < 0 || at > len([]rune(filter)) {
			t.Errorf("%q: %s at %d", filter, how, at)
		}
	})
}
