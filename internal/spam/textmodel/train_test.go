package textmodel

import (
	"bytes"
	"context"
	"fmt"
	"testing"
)

func trainer(t *testing.T, n int) *Trainer {
	t.Helper()
	var tr Trainer
	for i := range n {
		rows := []Row{
			{Text: fmt.Sprintf("Cheap pills number %d, order now at pills%d.example", i, i), Label: "spam", Source: "a"},
			{Text: fmt.Sprintf("娛樂城首充%d送彩金，加賴領取", i), Label: "spam", Source: "b"},
			{Text: fmt.Sprintf("When does parcel %d arrive? Thank you", i), Label: "ham", Source: "a"},
			{Text: fmt.Sprintf("請問訂單%d何時出貨？謝謝", i), Label: "ham", Source: "c"},
		}
		for _, r := range rows {
			if err := tr.Add(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	return &tr
}

func TestTrain(t *testing.T) {
	m, report, err := trainer(t, 50).Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for text, junk := range map[string]bool{
		"Order cheap pills now": true, "加賴領取娛樂城彩金": true,
		"When does my parcel arrive?": false, "請問何時出貨？": false,
	} {
		if got := m.Score(text) > 0; got != junk {
			t.Errorf("%q: junk %v, score %v", text, got, m.Score(text))
		}
	}
	if f := report.CrossValidated.Overall(); f.N != 200 || f.Spam != 100 || f.FPR > 0.01 {
		t.Errorf("%+v", f)
	}
	again, _, err := trainer(t, 50).Train(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(m.Bytes(), again.Bytes()) {
		t.Error("the same rows make other bytes")
	}
}

func TestTrainRefuses(t *testing.T) {
	if _, _, err := trainer(t, 2).Train(context.Background()); err == nil {
		t.Error("eight rows are enough")
	}
	var tr Trainer
	if err := tr.Add(Row{Text: "x", Label: "junk"}); err == nil {
		t.Error("an unknown label is taken")
	}
}
