package topics

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"testing"
)

// A shop of one trade uses a word that elsewhere means nothing.
func TestLearn(t *testing.T) {
	base := Base()
	var lessons []Lesson
	text := func(i int) string {
		return fmt.Sprintf("The zorble on my kiln number %d wobbles, does the workshop want to see it", i)
	}
	was := base.Judge(text(1)).Category
	want := "cooperation"
	if was == want {
		t.Fatal("nothing to learn")
	}
	for i := range 12 {
		lessons = append(lessons, Lesson{Features: Features(text(i)), Category: want})
	}
	lessons = append(lessons, Lesson{Features: Features("x"), Category: "a key of the shop"})
	m, report, err := base.Learn(t.Context(), lessons)
	if err != nil {
		t.Fatal(err)
	}
	if report.Lessons != 12 || report.RightBefore != 0 || report.RightAfter != 12 || report.AnchorsAfter < report.AnchorsBefore-report.Anchors/50 {
		t.Errorf("%+v", report)
	}
	if j := m.Judge("The zorble on the kiln wobbles again"); j.Category != want {
		t.Errorf("%+v", j)
	}
	if j := base.Judge(text(1)); j.Category != was {
		t.Error("the base has changed")
	}
	if m.ID() == base.ID() {
		t.Error("one id for two models")
	}
	if _, _, err := m.Learn(t.Context(), lessons); err == nil {
		t.Error("learned on top of what was learned")
	}
	if m, _, err := base.Learn(t.Context(), nil); err != nil || m != base {
		t.Errorf("nothing to learn: %v", err)
	}
}

// Corrections that contradict what everybody says must not spoil the rest.
func TestLearnKeepsTheRest(t *testing.T) {
	var lessons []Lesson
	for _, a := range anchors() {
		if len(lessons) < 600 {
			lessons = append(lessons, Lesson{Features: a.features, Category: categories[(a.class+1)%classes]})
		}
	}
	_, report, err := Base().Learn(t.Context(), lessons)
	if err == nil && report.AnchorsAfter < report.AnchorsBefore-report.Anchors*anchorsLost/100 {
		t.Errorf("%+v", report)
	}
	if err != nil && !errors.Is(err, ErrWorse) {
		t.Error(err)
	}
}

func TestLearnStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Base().Learn(ctx, []Lesson{{Features: Features("one two"), Category: "order"}}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func trainer(t *testing.T, n int) *Trainer {
	t.Helper()
	about := []string{"blue", "old", "small", "round", "heavy", "second", "French", "cheap", "wooden", "spare", "new", "last", "long", "soft", "red", "dark", "wet", "warm", "thin", "odd"}
	words := []string{"colour", "parcel", "refund", "rude", "franchise", "crash", "password", "journalist", "wholesale", "weather"}
	var tr Trainer
	for i := range n {
		for k, w := range words {
			r := Row{Text: fmt.Sprintf("the %s %s, a %s question", about[i], w, w), Label: categories[k], Source: "a", Lang: "en"}
			if err := tr.Add(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	return &tr
}

func TestTrain(t *testing.T) {
	m, report, err := trainer(t, 20).Train(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if f := report.CrossValidated.Overall(); f.N != 200 || f.Accuracy < .95 {
		t.Errorf("%+v", f)
	}
	if j := m.Judge("the wholesale one"); j.Category != "bulk" {
		t.Errorf("%+v", j)
	}
	for s, h := range m.heat {
		if h < 1 {
			t.Errorf("script %d is made surer than it is: %v", s, h)
		}
	}
	again, _, err := trainer(t, 20).Train(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(m.Bytes(), again.Bytes()) {
		t.Error("the same rows make other bytes")
	}
	if _, _, err := trainer(t, 2).Train(t.Context()); err == nil {
		t.Error("two rows of each are enough")
	}
	var one Trainer
	for i := range 9 {
		if err := one.Add(Row{Text: fmt.Sprintf("parcel %c", 'a'+i), Label: "order"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := one.Train(t.Context()); err == nil {
		t.Error("one category is enough")
	}
	one.AddOwn([]string{"own_ja"})
	n := len(one.rows)
	if one.AddOwn([]string{"own_ja"}); n < 2_000 || len(one.rows) != n {
		t.Errorf("%d rows, then %d", n, len(one.rows))
	}
	var tr Trainer
	if err := tr.Add(Row{Text: "x", Label: "spam"}); err == nil {
		t.Error("an unknown label is taken")
	}
	// a data set's word for a category is the category
	for _, l := range []string{"order_shipping", "product_question", "return_refund", "business_cooperation", "technical_support", "bulk", "media"} {
		if err := tr.Add(Row{Text: "text", Label: l}); err != nil {
			t.Error(err)
		}
	}
}

// The rows that were written for this are trained on and must be in order.
func TestOwnRows(t *testing.T) {
	seen, count := map[string]bool{}, map[string]int{}
	for _, a := range anchors() {
		if a.class < 0 || len(a.features) == 0 {
			t.Fatalf("%q has label %q", a.row.Text, a.row.Label)
		}
		key := a.row.Lang + a.row.Text
		if seen[key] {
			t.Errorf("%q stands twice", a.row.Text)
		}
		seen[key] = true
		count[a.row.Lang+" "+a.row.Label]++
	}
	for _, lang := range []string{"en", "ja", "zh", "zh-Hant"} {
		for _, c := range Categories() {
			if count[lang+" "+c] < 20 {
				t.Errorf("%d rows of %s in %s", count[lang+" "+c], c, lang)
			}
		}
	}
}

func TestConcepts(t *testing.T) {
	l := concepts()
	if len(l.names) > conceptMax {
		t.Fatalf("%d concepts", len(l.names))
	}
	found := func(text string) (out []string) {
		x := new(extractor)
		x.run(text)
		for _, id := range x.found {
			out = append(out, l.names[id])
		}
		return out
	}
	for text, want := range map[string]string{
		"I forgot my passwords": "password", "忘記密碼": "password", "パスワードを忘れました": "password", "want my money back": "refund", "返金してください": "refund",
	} {
		ok := false
		for _, c := range found(text) {
			ok = ok || c == want
		}
		if !ok {
			t.Errorf("%q: %v, want %s", text, found(text), want)
		}
	}
}

func BenchmarkLearn(b *testing.B) {
	var lessons []Lesson
	for i := range 3_000 {
		lessons = append(lessons, Lesson{Features: Features(fmt.Sprintf("question %d about order %d and refund %d of the blue parcel", i, i*7, i%13)), Category: categories[i%classes]})
	}
	for b.Loop() {
		if _, _, err := Base().Learn(context.Background(), lessons); err != nil && !errors.Is(err, ErrWorse) {
			b.Fatal(err)
		}
	}
}
