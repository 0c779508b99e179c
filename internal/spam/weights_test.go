package spam

import (
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range Weights() {
		if seen[w.Name] {
			t.Errorf("%s stands there twice", w.Name)
		}
		seen[w.Name] = true
		if len(w.Points) == 0 || len(w.Why) < 15 || w.Group == "" {
			t.Errorf("%s is not complete: %+v", w.Name, w)
		}
		if w.hard > len(w.Points) {
			t.Errorf("%s is hard from grade %d on and has %d", w.Name, w.hard, len(w.Points))
		}
		if w.Group != groupStaff && !slices.IsSorted(w.Points) {
			t.Errorf("%s: the grades do not rise: %v", w.Name, w.Points)
		}
	}
}

// Every signal that the source files name is in the table, and the other way
// round; so no weight can be set elsewhere without being seen.
func TestTableIsComplete(t *testing.T) {
	used := map[string]bool{"text": true, "keyword": true, "rule": true, "country": true, "contact_blocked": true, "unconfirmed": true, "files_dropped": true,
		"someone_else": true, "forged_sender": true, "bogus_claim": true}
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if fun, ok := call.Fun.(*ast.Ident); !ok || fun.Name != "hit" && fun.Name != "rate" {
				return true
			}
			if lit, ok := call.Args[0].(*ast.BasicLit); ok {
				name, _ := strconv.Unquote(lit.Value)
				used[name] = true
			}
			return true
		})
	}
	for name := range used {
		if _, ok := rows[name]; !ok {
			t.Errorf("signal %q is not in the table", name)
		}
	}
	for _, w := range table {
		if !used[w.Name] {
			t.Errorf("no check gives signal %q", w.Name)
		}
	}
}

// The guide lists what holds a message alone.
func TestGuideNamesWhatHoldsAlone(t *testing.T) {
	guide, err := os.ReadFile("../../docs/admin.md")
	if err != nil {
		t.Fatal(err)
	}
	_, alone, ok := strings.Cut(string(guide), "Alone, only these hold one:")
	alone, _, end := strings.Cut(alone, "and rules.")
	if !ok || !end {
		t.Fatal("the guide has no such list")
	}
	for _, w := range table {
		if w.Name == "rule" || w.Name == "country" {
			continue
		}
		if holds := slices.Max(w.Points) >= defaultQuarantine; holds != strings.Contains(alone, "`"+w.Name+"`") {
			t.Errorf("%s weighs up to %v; that the guide lists it: %v", w.Name, slices.Max(w.Points), !holds)
		}
	}
}

func TestNames(t *testing.T) {
	names := Names()
	for _, name := range []string{"text", "near_duplicate", "sender_texts", "rate_network", "rate_country", "language_mismatch",
		"domain_no_mail", "headers", "pasted", "chat_handle", "phone_country", "member", "member_invalid", "captcha_valid", "captcha_missing",
		"captcha_invalid", "captcha_duplicate", "captcha_wrong_host", "captcha_low_score", "captcha_down", "pitch", "honeypot"} {
		if !slices.Contains(names, name) {
			t.Errorf("%s is missing", name)
		}
	}
	for _, name := range []string{"rule", "country", "contact_blocked", "unconfirmed"} {
		if slices.Contains(names, name) {
			t.Errorf("%s could be switched off", name)
		}
	}
	off := Switched([]string{"links", "rule", "nothing", ""})
	if len(off) != 1 || !off["links"] {
		t.Errorf("switched off: %v", off)
	}
	names[0] = "changed"
	Weights()[0].Points[0] = 99
	if Names()[0] == "changed" || Weights()[0].Points[0] == 99 {
		t.Error("a caller changed the table")
	}
}

func TestProbability(t *testing.T) {
	for score, want := range map[float64]float64{3: 0.5, 5: 0.881, 20: 1, -20: 0, 1: 0.119, math.Inf(1): 1, math.Inf(-1): 0} {
		if got := Probability(score); math.Abs(got-want) > 0.001 {
			t.Errorf("Probability(%v) = %v, want %v", score, got, want)
		}
	}
}

func TestNoticed(t *testing.T) {
	s := Noticed("contact_blocked", "Blocked.", nil)
	if s.Name != "contact_blocked" || s.Weight != 10 || s.Sentence != "Blocked." {
		t.Errorf("got %+v", s)
	}
	if s := Noticed("something", "x", nil); s.Weight != 0 {
		t.Errorf("an unknown signal weighs %v", s.Weight)
	}
}

func TestGrade(t *testing.T) {
	for n, want := range map[int]int{0: -1, 1: 0, 2: 0, 3: 1, 9: 1, 10: 2, 1000: 2} {
		if got := grade(n, 1, 3, 10); got != want {
			t.Errorf("grade(%d) = %d, want %d", n, got, want)
		}
	}
	if points("links", 99) != 0 || points("links", -1) != 0 || points("none", 0) != 0 {
		t.Error("a grade that does not exist weighs something")
	}
}
