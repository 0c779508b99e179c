package textmodel

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEmbeddedModel(t *testing.T) {
	if n := len(embedded); n > 300_000 {
		t.Errorf("the model has %d bytes", n)
	}
	m, err := Read(embedded)
	if err != nil {
		t.Fatal(err)
	}
	if m.ID() == "" || m.Delta() != nil {
		t.Errorf("id %q, delta %d bytes", m.ID(), len(m.Delta()))
	}
	again, err := Read(m.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	const text = "Guaranteed first page on Google, contact us on WhatsApp"
	if a, b := m.Score(text), again.Score(text); a-b > 0.05 || b-a > 0.05 {
		t.Errorf("written and read again it scores %v, not %v", b, a)
	}
}

func TestReadRefuses(t *testing.T) {
	broken := bytes.Clone(embedded)
	broken[len(fileMark)] ^= 1
	noBias, noWeight := bytes.Clone(embedded), bytes.Clone(embedded)
	copy(noBias[len(fileMark)+8:], "\x00\x00\x80\x7f")
	copy(noWeight[headSize+8:], "\x00\x00\xc0\x7f")
	for name, b := range map[string][]byte{"nothing": nil, "short": embedded[:100], "text": []byte(strings.Repeat("x", fileSize)), "scheme": broken, "bias": noBias, "weight": noWeight} {
		if _, err := Read(b); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}

// TestForms judges the contact-form messages that nobody trained on. The
// bounds are wide: the figures stand in docs/text-model.md.
func TestForms(t *testing.T) {
	byLang := map[string][]Judged{}
	for _, r := range formRows(t) {
		byLang[r.Lang] = append(byLang[r.Lang], Judged{Base().Score(r.Text), r.Label == "spam"})
	}
	if len(byLang) != 3 {
		t.Fatalf("%d languages", len(byLang))
	}
	for lang, list := range byLang {
		f := Judge(list)
		t.Logf("%s: %+v", lang, f)
		if f.AUC < 0.93 || f.FPR > 0.06 || f.Recall < 0.55 {
			t.Errorf("%s: AUC %.3f, false positives %.3f, recall %.3f", lang, f.AUC, f.FPR, f.Recall)
		}
	}
}

func formRows(t testing.TB) []Row {
	t.Helper()
	files, err := filepath.Glob("testdata/forms*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal("no test rows", err)
	}
	var rows []Row
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := ReadRows(f, func(r Row) error { rows = append(rows, r); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	return rows
}

func TestExplain(t *testing.T) {
	parts := Base().Explain("Hello, our CASINO gives a free bonus. 加LINE領取飆股名單", 4)
	all := strings.Join(parts, " ")
	if !strings.Contains(all, "CASINO") && !strings.Contains(all, "飆股") {
		t.Errorf("%q, not as written", parts)
	}
	if parts := Base().Explain("http://casino-loan-viagra.example/free me@casino.example", 3); len(parts) > 0 {
		t.Errorf("parts of an address explain it: %q", parts)
	}
	for _, s := range []string{"", "…", "12345 678"} {
		if parts := Base().Explain(s, 3); len(parts) > 0 {
			t.Errorf("%q is explained by %q", s, parts)
		}
	}
}

func TestReadRows(t *testing.T) {
	var got []string
	err := ReadRows(strings.NewReader("\ufeff{\"text\":\"a\"}\n\n{\"id\":\"x\",\"text\":\"b\"}"), func(r Row) error { got = append(got, r.ID+r.Text); return nil })
	if err != nil || strings.Join(got, " ") != "1a xb" {
		t.Errorf("%q, %v", got, err)
	}
	if err := ReadRows(strings.NewReader(`{"message":"a"}`), func(Row) error { return nil }); err == nil {
		t.Error("a row without a text is taken")
	}
	if err := ReadRows(strings.NewReader("{\"text\":\"\"}\n{"), func(Row) error { return nil }); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a broken line: %v", err)
	}
}

func TestJudge(t *testing.T) {
	f := Judge([]Judged{{2, true}, {1, true}, {-1, true}, {0.5, false}, {-2, false}, {-3, false}})
	b, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	// 2 of 3 found, 1 of 3 alarmed; of 9 pairs the spam at -1 stands below one ham
	want := `{"n":6,"spam":3,"precision":0.6667,"recall":0.6667,"f1":0.6667,"fpr":0.3333,"auc":0.8889,"recall_at_1pct_fpr":0.6667}`
	if string(b) != want {
		t.Errorf("%s, not %s", b, want)
	}
	if b, _ = json.Marshal(Judge([]Judged{{1, false}, {-1, false}})); !strings.Contains(string(b), `"recall":null`) || !strings.Contains(string(b), `"fpr":0.5`) {
		t.Errorf("without spam: %s", b)
	}
	if f := Judge([]Judged{{1, true}, {1, false}}); f.AUC != 0.5 || f.RecallAt1 != 0 {
		t.Errorf("equal scores: %+v", f)
	}
}

func BenchmarkScore(b *testing.B) {
	rows := formRows(b)
	n := 0
	for _, r := range rows {
		n += len(r.Text)
	}
	b.ReportAllocs()
	b.SetBytes(int64(n / len(rows)))
	for i := 0; b.Loop(); i++ {
		Base().Score(rows[i%len(rows)].Text)
	}
}
