package hooks

import (
	"bytes"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func TestTopicsSettings(t *testing.T) {
	s := newShop(t)
	admin, _ := s.Agent(desk.RoleAdmin, "")
	settings := "/api/collections/desk_settings/records/" + desk.SettingsRecord
	for _, c := range []struct {
		topics any
		status int
	}{
		{map[string]any{"off": true}, 200}, {map[string]any{"sure": 0.8}, 200}, {nil, 200},
		{map[string]any{"sure": 1.5}, 400}, {map[string]any{"sure": 0.1}, 400}, {map[string]any{"sure": "much"}, 400}, {[]any{1}, 400},
	} {
		if status, got := s.Patch(settings, map[string]any{"topics": c.topics}, "Authorization", admin); status != c.status {
			t.Errorf("%v: %d %v, want %d", c.topics, status, got, c.status)
		}
	}
}

func TestTryTopic(t *testing.T) {
	s := newShop(t)
	agent, _ := s.Agent(desk.RoleAgent, "")
	status, got := s.Post("/api/desk/topics/try", map[string]any{"text": "Where is my order? Tracking says shipped ten days ago."}, "Authorization", agent)
	if status != http.StatusOK || got["category"] != "order" || got["said"] != "order" || got["base"] != "order" {
		t.Errorf("%d %v", status, got)
	}
	for _, text := range []any{" ", nil, strings.Repeat("漢", maxTried+1)} {
		if status, _ := s.Post("/api/desk/topics/try", map[string]any{"text": text}, "Authorization", agent); status != http.StatusBadRequest {
			t.Errorf("%.10v: %d", text, status)
		}
	}
	if status, got := s.Get("/api/desk/topics", "Authorization", agent); status != http.StatusOK || got["base"] == "" || got["id"] != got["base"] || got["sure"] != 0.6 {
		t.Errorf("%d %v", status, got)
	}
}

// A case that nobody gave a category gets the model's, with how sure it was.
func TestTopicOfNewCase(t *testing.T) {
	s := newShop(t)
	s.Submit(map[string]any{"category": "", "subject": "Parcel", "message": "Where is my order? The tracking number says it was shipped ten days ago."})
	c := s.Cases()[0]
	if r := c.Reasons()["category"]; c.Category() != "order" || r.By != "model" || !strings.HasSuffix(r.Why, "%") {
		t.Errorf("category %q, reason %+v", c.Category(), r)
	}
}

// runTopics runs a command line below "topics" and returns its standard output.
func runTopics(t *testing.T, stdin string, args ...string) (string, error) {
	t.Helper()
	root := &cobra.Command{Use: "app"}
	root.AddCommand(topicsCommand())
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&bytes.Buffer{})
	root.SetIn(strings.NewReader(stdin))
	root.SetArgs(append([]string{"topics"}, args...))
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

const (
	orderRow  = `{"id":"a","lang":"en","source":"x","label":"order_shipping","text":"Where is my order? Tracking has not moved for a week."}`
	returnRow = `{"id":"b","lang":"ja","source":"y","label":"return_refund","text":"サイズが合わないので返品したいです。"}`
	noLabel   = `{"id":7,"text":"Could you send a quote for 300 mugs with our logo for our staff?"}`
)

func TestTopicsEval(t *testing.T) {
	out, err := runTopics(t, "", "eval", rowFile(t, orderRow, returnRow))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Overall  map[string]float64            `json:"overall"`
		ByLang   map[string]map[string]float64 `json:"by_lang"`
		BySource map[string]map[string]float64 `json:"by_source"`
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	for _, name := range []string{"n", "accuracy", "macro_f1", "coverage", "accuracy_covered"} {
		for _, f := range []map[string]float64{got.Overall, got.ByLang["ja"], got.BySource["x"]} {
			if _, ok := f[name]; !ok {
				t.Errorf("no %s in %v", name, f)
			}
		}
	}
	if got.Overall["n"] != 2 || got.Overall["accuracy"] != 1 {
		t.Errorf("%v", got.Overall)
	}
	out, err = runTopics(t, noLabel+"\n"+orderRow, "eval", "--scores", "-")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if err != nil || len(lines) != 2 {
		t.Fatalf("%s, %v", out, err)
	}
	var line struct {
		ID, Label, Category string
		P                   float64
	}
	if err := json.Unmarshal([]byte(lines[0]), &line); err != nil || line.ID != "7" || line.Label != "other" || line.Category != "bulk" || line.P <= 0 || line.P > 1 {
		t.Errorf("%s: %+v, %v", lines[0], line, err)
	}
	for _, bad := range []string{noLabel, `{"text":"x","label":"spam"}`, "{"} {
		if _, err := runTopics(t, bad, "eval", "-"); err == nil {
			t.Errorf("%s is judged", bad)
		}
	}
	if _, err := runTopics(t, "", "eval", filepath.Join(t.TempDir(), "none.jsonl")); err == nil {
		t.Error("a file that is not there")
	}
	if _, err := runTopics(t, "", "eval", "--model", rowFile(t, "x"), rowFile(t, orderRow)); err == nil {
		t.Error("a model that is none")
	}
}

func TestTopicsTrain(t *testing.T) {
	oneByOne(t)
	var rows []string
	for i, word := range []string{"blue", "old", "small", "round", "heavy", "French"} {
		for key, about := range map[string]string{
			"product_question": "colour", "order_shipping": "parcel", "return_refund": "refund", "complaint": "rude", "business_cooperation": "franchise",
			"technical_support": "crash", "account": "password", "media": "journalist", "bulk": "wholesale", "other": "weather",
		} {
			raw, _ := json.Marshal(map[string]any{"text": word + " " + about + " question", "label": key, "lang": "en", "source": []string{"a", "b"}[i/5]})
			rows = append(rows, string(raw))
		}
	}
	model := filepath.Join(t.TempDir(), "model.bin")
	out, err := runTopics(t, "", "train", "--own=false", "--out", model, "--leave-out", "b", rowFile(t, rows...))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Rows    int `json:"rows"`
		LeftOut struct {
			Overall map[string]float64 `json:"overall"`
		} `json:"left_out"`
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil || got.Rows != 50 || got.LeftOut.Overall["n"] != 10 {
		t.Errorf("%s, %v", out, err)
	}
	if out, err = runTopics(t, "the", "eval", "--model", model, rowFile(t, rows...)); err != nil || !strings.Contains(out, `"n":60`) {
		t.Errorf("%s, %v", out, err)
	}
}
