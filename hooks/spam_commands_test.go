package hooks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// runSpam runs a command line below "spam" and returns its standard output.
func runSpam(t *testing.T, stdin string, args ...string) (string, error) {
	t.Helper()
	root := &cobra.Command{Use: "app"}
	root.AddCommand(spamCommand())
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&bytes.Buffer{})
	root.SetIn(strings.NewReader(stdin))
	root.SetArgs(append([]string{"spam"}, args...))
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

func rowFile(t *testing.T, lines ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "rows.jsonl")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	junkRow = `{"id":"a","lang":"en","source":"x","label":"spam","text":"Guaranteed first page on Google! Cheap SEO backlinks, message me on WhatsApp for the price list"}`
	hamRow  = `{"id":"b","lang":"ja","source":"y","label":"ham","text":"先日注文した商品がまだ届きません。配送状況を教えてください。"}`
)

func TestSpamEval(t *testing.T) {
	out, err := runSpam(t, "", "eval", rowFile(t, junkRow, hamRow))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Overall  map[string]float64        `json:"overall"`
		ByLang   map[string]map[string]any `json:"by_lang"`
		BySource map[string]map[string]any `json:"by_source"`
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	for _, name := range []string{"n", "spam", "precision", "recall", "f1", "fpr", "auc", "recall_at_1pct_fpr"} {
		if _, ok := got.Overall[name]; !ok {
			t.Errorf("overall has no %s", name)
		}
	}
	if got.Overall["n"] != 2 || got.Overall["recall"] != 1 || got.Overall["fpr"] != 0 || got.ByLang["ja"]["n"] != 1.0 || got.BySource["x"]["spam"] != 1.0 {
		t.Error(out)
	}
}

// TestSpamEvalScores needs no labels, and reads standard input.
func TestSpamEvalScores(t *testing.T) {
	rows := strings.ReplaceAll(junkRow+"\n"+hamRow+"\n", `"label"`, `"other"`)
	out, err := runSpam(t, rows, "eval", "--scores", "-")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines: %s", len(lines), out)
	}
	for i, want := range []string{"spam", "ham"} {
		var row struct {
			ID, Verdict string
			Score       *float64
		}
		if err := json.Unmarshal([]byte(lines[i]), &row); err != nil || row.Score == nil {
			t.Fatalf("%v in %s", err, lines[i])
		}
		if row.Verdict != want || row.ID != string("ab"[i]) || (*row.Score > 0) != (want == "spam") {
			t.Errorf("row %d: %s", i, lines[i])
		}
	}
	if _, err := runSpam(t, rows, "eval", "-"); err == nil {
		t.Error("figures are given without labels")
	}
}

func TestSpamTrain(t *testing.T) {
	var rows, unseen []string
	for i := range 40 {
		rows = append(rows,
			fmt.Sprintf(`{"text":"Win %d prizes at the lucky wheel","label":"spam","lang":"en","source":"a"}`, i),
			fmt.Sprintf(`{"text":"Is size %d in stock again?","label":"ham","lang":"en","source":"a"}`, i))
	}
	unseen = append(unseen, `{"text":"Lucky wheel prizes","label":"spam","lang":"en","source":"b"}`)
	file, model := rowFile(t, append(rows, unseen...)...), filepath.Join(t.TempDir(), "model.bin")
	out, err := runSpam(t, "", "train", "--out", model, "--leave-out", "b", file)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		CrossValidated struct{ Overall map[string]any } `json:"cross_validated"`
		LeftOut        struct{ Overall map[string]any } `json:"left_out"`
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	if got.CrossValidated.Overall["n"] != 80.0 || got.LeftOut.Overall["n"] != 1.0 || got.LeftOut.Overall["recall"] != 1.0 {
		t.Error(out)
	}
	out, err = runSpam(t, "", "eval", "--model", model, file)
	if err != nil || !strings.Contains(out, `"recall":1,`) {
		t.Errorf("%s %v", out, err)
	}
}

func TestSpamEvalLearns(t *testing.T) {
	var lessons, rest []string
	for i := range 60 {
		row := fmt.Sprintf(`{"id":"%d","label":"spam","lang":"en","source":"x","text":"Harbour timetable bulletin %d: the ferry to island %d departs from pier %d"}`, i, i, i%7, i%9)
		if i < 30 {
			lessons = append(lessons, row)
		} else {
			rest = append(rest, row)
		}
	}
	before, err := runSpam(t, "", "eval", rowFile(t, rest...))
	if err != nil || !strings.Contains(before, `"recall":0,`) {
		t.Fatalf("%s %v", before, err)
	}
	after, err := runSpam(t, "", "eval", "--learn", rowFile(t, lessons...), rowFile(t, rest...))
	if err != nil || strings.Contains(after, `"recall":0,`) {
		t.Errorf("%s %v", after, err)
	}
}

func TestSpamCommandsFail(t *testing.T) {
	for _, args := range [][]string{
		{"eval"}, {"eval", "no such file"}, {"eval", rowFile(t, "{")}, {"train", "--out", t.TempDir(), rowFile(t, junkRow, hamRow)},
		{"eval", "--model", rowFile(t, "no model"), rowFile(t, junkRow)},
	} {
		if out, err := runSpam(t, "", args...); err == nil {
			t.Errorf("%v gives %q", args, out)
		}
	}
}
