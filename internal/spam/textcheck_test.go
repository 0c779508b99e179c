package spam

import (
	"math"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

func TestTextWeight(t *testing.T) {
	for score, want := range map[float64]float64{
		-1000: -1, -4: -1, -3: -0.75, -2: -0.5, -1: 1.25, 0: 3, 0.5: 4.5, 1: 6, 2.5: 6.5, 4: 7, 1000: 7,
	} {
		if got := TextWeight(score); math.Abs(got-want) > 1e-9 {
			t.Errorf("TextWeight(%v) = %v, want %v", score, got, want)
		}
	}
	for score, want := range map[float64]float64{math.NaN(): 0, math.Inf(1): 7, math.Inf(-1): -1} {
		if got := TextWeight(score); got != want {
			t.Errorf("TextWeight(%v) = %v, want %v", score, got, want)
		}
	}
	last := TextWeight(-6)
	for score := -6.0; score < 6; score += 0.01 {
		if w := TextWeight(score); w < last {
			t.Fatalf("the weight falls at %v", score)
		} else {
			last = w
		}
	}
}

// What the weights of the text are made for: a customer at the very edge gets
// through, clear junk is held by its words alone.
func TestTextAlone(t *testing.T) {
	edge, clear := TextWeight(0), TextWeight(1)
	work, noWork, odd := points("pow_valid", 0), points("pow_missing", 0), points("headers", 0)
	if edge+work >= defaultQuarantine || edge+noWork+odd >= defaultQuarantine {
		t.Error("a customer at the edge is held")
	}
	if clear+work < defaultQuarantine {
		t.Error("clear junk with a proof of work is accepted")
	}
	if TextWeight(1000) >= defaultBlock {
		t.Error("the text alone blocks")
	}
}

func TestTextCheck(t *testing.T) {
	if got := TextCheck(nil)(Message{Text: "online casino"}); got != nil {
		t.Errorf("without a model: %+v", got)
	}
	if got := TextCheck(func() *textmodel.Model { return nil })(Message{Text: "online casino"}); got != nil {
		t.Errorf("with a nil model: %+v", got)
	}
	check := TextCheck(textmodel.Base)
	for _, text := range []string{"", " ", "!", "😭😭"} {
		if got := check(Message{Text: text}); got != nil {
			t.Errorf("%q: %+v", text, got)
		}
	}
	for _, m := range []Message{
		{Subject: "Hello", Text: "Best online casino bonus, free spins, no deposit"},
		{Text: "請問這款保溫瓶還有現貨嗎？我想買兩個，謝謝。"},
		{Text: strings.Repeat("買最好的手錶 ", 10_000)},
	} {
		want := hundredths(TextWeight(textmodel.Base().Score(TextOf(m.Subject, clip(m.Text, maxText)))))
		got := check(m)
		if math.Abs(want) < textSilent {
			if got != nil {
				t.Errorf("%.20q: %+v, want silence", m.Text, got)
			}
			continue
		}
		if len(got) != 1 || got[0].Name != "text" || got[0].Weight != want || got[0].Sentence == "" {
			t.Fatalf("%.20q: %+v, want weight %v", m.Text, got, want)
		}
		percent, ok := got[0].Data["percent"].(int)
		if !ok || percent < 0 || percent > 100 {
			t.Errorf("%.20q: percent is %v", m.Text, got[0].Data["percent"])
		}
	}
}
