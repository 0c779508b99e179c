package spam

import (
	"fmt"
	"math"
	"strings"
	"unicode"

	"github.com/pocketdesk/pocketdesk/internal/spam/textmodel"
)

// maxParts is how many fragments of the text a signal shows.
const maxParts = 5

// TextCheck judges the words by the learned model that the function returns at
// that time, so that a newer one can take its place. It is not among
// DefaultChecks; put it after them. A nil function or model says nothing.
func TextCheck(model func() *textmodel.Model) Check {
	return func(m Message) []Signal {
		text := TextOf(clip(m.Subject, maxField), clip(m.Text, maxText))
		if model == nil || letters(text, 2) < 2 {
			return nil
		}
		tm := model()
		if tm == nil {
			return nil
		}
		score := tm.Score(text)
		w := hundredths(min(TextWeight(score), mostFor(letters(text, 2))))
		if math.Abs(w) < textSilent {
			return nil
		}
		percent := min(99, int(math.Round(100*logistic(score)))) // nothing is certain
		data := map[string]any{"percent": percent}
		sentence := "The text reads like what customers write."
		if w > 0 {
			sentence = fmt.Sprintf("The text reads like junk by %d %%.", percent)
			if parts := tm.Explain(text, maxParts); len(parts) > 0 {
				data["parts"] = parts
				sentence = fmt.Sprintf("The text reads like junk by %d %%, most of all: %s.", percent, strings.Join(parts, ", "))
			}
		}
		return []Signal{{Name: "text", Weight: w, Sentence: sentence, Data: data}}
	}
}

// mostFor is the most that a text of so many letters may weigh: one word has
// too few of them to hold a message ("hello" stands in many a scam).
func mostFor(letters int) float64 {
	switch {
	case letters < 8:
		return 1
	case letters < 20:
		return 2.5
	}
	return math.Inf(1)
}

// TextWeight is the weight of signal "text" for a score of the model, before
// what says too little is left out. A score that is not a number weighs nothing.
func TextWeight(score float64) float64 {
	first, last := textCurve[0], textCurve[len(textCurve)-1]
	switch {
	case math.IsNaN(score):
		return 0
	case score <= first.score:
		return first.weight
	case score >= last.score:
		return last.weight
	}
	for i := 1; ; i++ {
		a, b := textCurve[i-1], textCurve[i]
		if score <= b.score {
			return a.weight + (score-a.score)*(b.weight-a.weight)/(b.score-a.score)
		}
	}
}

// letters counts letters and digits of a text; East Asian ones, of which each
// says as much as a syllable, count as many times as told.
func letters(s string, eastAsian int) int {
	n := 0
	for _, r := range s {
		switch {
		case r < 0x80:
			if isAlnum(byte(r)) {
				n++
			}
		case isCJK(r) || unicode.Is(unicode.Hangul, r):
			n += eastAsian
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			n++
		}
	}
	return n
}
