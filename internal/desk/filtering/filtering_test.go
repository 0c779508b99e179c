package filtering_test

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/filtering"
)

func TestMain(m *testing.M) { os.Exit(desktest.Main(m)) }

func about() *filtering.About {
	return &filtering.About{Collection: desk.Cases, Alias: "c", Word: "cases", Reach: filtering.OfCase(), Wild: 2,
		Extra: []filtering.Extra{{Name: "loud", Type: "text", SQL: func(_ core.App, column func(string) (string, error)) (string, error) {
			s, err := column("subject")
			return "UPPER(" + s + ")", err
		}}}}
}

// One query tells of many filters; one that is wrong spoils no other.
func TestSet(t *testing.T) {
	app := desktest.New(t)
	c := app.Case(desktest.Values{"subject": "Teapot"})
	filters := []string{"", `loud = "TEAPOT"`, `contact.name ~ "anna"`, "nope = 1", `tags !~ '"vip"'`, `tags ~ '"vip"'`, `loud:lower = "teapot" && locale = "en"`}
	set, err := about().CompileAll(app, filters)
	if err != nil {
		t.Fatal(err)
	}
	var met []int
	for i, where := range set.Where {
		if (set.Err[i] != nil) != (filters[i] == "nope = 1") {
			t.Errorf("%s: %v", filters[i], set.Err[i])
		}
		if where == nil {
			continue
		}
		q := app.DB().Select("c.id").From("{{cases}} c").Where(where)
		set.Join(q)
		var ids []string
		if err := q.Column(&ids); err != nil {
			t.Errorf("%s: %v", filters[i], err)
		}
		if slices.Contains(ids, c.Id) {
			met = append(met, i)
		}
	}
	if want := []int{1, 2, 4, 6}; !slices.Equal(met, want) {
		t.Errorf("met %v, want %v", met, want)
	}
}

func TestPatterns(t *testing.T) {
	app := desktest.New(t)
	for filter, ok := range map[string]bool{
		`subject ~ "a"`: true, `subject ~ "%a%"`: true, `subject !~ "%a%b%"`: false, `subject ~ locale`: false, `subject ~ @now`: false,
		`subject = "%%%%%%"`: true, `(number = 1 || (subject ~ "%%%"))`: false, `number ~ 1`: true,
	} {
		_, err := about().Compile(app, filter)
		var wrong *filtering.Error
		if ok != (err == nil) || err != nil && (!errors.As(err, &wrong) || wrong.Code != "pattern") {
			t.Errorf("%s: %v", filter, err)
		}
	}
}

// && binds closer than ||, as in the database, and each operand says what it is.
func TestExplain(t *testing.T) {
	app := desktest.New(t)
	for filter, want := range map[string]string{
		"":                  `null`,
		`priority = "high"`: `{"left":{"kind":"field","value":"priority","field":{"name":"priority","type":"select","values":["low","normal","high","urgent"]}},"op":"=","right":{"kind":"text","value":"high"}}`,
		`number > 1 && 2 != number || due_at < @now`: `{"join":"or","parts":[{"join":"and","parts":[{"left":{"kind":"field","value":"number","field":{"name":"number","type":"number"}},"op":"\u003e","right":{"kind":"number","value":"1"}},{"left":{"kind":"number","value":"2"},"op":"!=","right":{"kind":"field","value":"number","field":{"name":"number","type":"number"}}}]},{"left":{"kind":"field","value":"due_at","field":{"name":"due_at","type":"date"}},"op":"\u003c","right":{"kind":"time","value":"@now"}}]}`,
		`loud:lower ~ "x" && (team.name = null)`:     `{"join":"and","parts":[{"left":{"kind":"field","value":"loud","lower":true,"field":{"name":"loud","type":"text"}},"op":"~","right":{"kind":"text","value":"x"}},{"left":{"kind":"field","value":"team.name","field":{"name":"team.name","type":"text"}},"op":"=","right":{"kind":"word","value":"null"}}]}`,
	} {
		node, err := about().Explain(app, filter)
		if err != nil {
			t.Errorf("%s: %v", filter, err)
			continue
		}
		raw, err := json.Marshal(node)
		if err != nil || string(raw) != want {
			t.Errorf("%s:\n%s\nwant\n%s", filter, raw, want)
		}
	}
	if _, err := about().Explain(app, "a ="); err == nil {
		t.Error("no error")
	}
}

func TestNames(t *testing.T) {
	got := filtering.Names(`a = 1 && (b.c:lower ~ "x" || @now > d) && geoDistance(e, 1, 2, 3) > a`)
	if want := []string{"a", "b.c", "d", "e"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := filtering.Names("a ="); got != nil {
		t.Errorf("%q", got)
	}
}

// FuzzCompile holds that no text makes the reader of filters fall, and that what it
// takes the database takes too.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{"", `priority = "high"`, `tags ~ '"vip"' && (number > 1 || team.name = null)`, "((((", "@now < due_at", `subject ~ "%%%"`} {
		f.Add(seed)
	}
	app := desktest.New(f)
	f.Fuzz(func(t *testing.T, text string) {
		filter, err := about().Compile(app, text)
		if err != nil || filter.Where == nil {
			return
		}
		q := app.DB().Select("c.id").From("{{cases}} c").Where(filter.Where)
		filter.Join(q)
		var ids []string
		if err := q.Column(&ids); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if _, err := about().Explain(app, text); err != nil {
			t.Errorf("%q can't be explained: %v", text, err)
		}
	})
}
