package desk_test

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func TestHalfOf(t *testing.T) {
	for _, c := range []struct {
		score float64
		text  string
	}{
		{5, "5"}, {4.99, "4.5"}, {4.5, "4.5"}, {0, "0"}, {-0.01, "-0.5"}, {-10, "-10"}, {-10.01, "-10.5"}, {-400, "-10.5"},
		{39.99, "39.5"}, {40, "40"}, {900, "40"}, {math.Inf(1), "40"}, {math.Inf(-1), "-10.5"}, {math.NaN(), "-10.5"},
	} {
		h := desk.HalfOf(c.score)
		b, err := h.MarshalText()
		if err != nil || string(b) != c.text {
			t.Errorf("%g: %s, %v, want %s", c.score, b, err, c.text)
		}
		var back desk.Half
		if err := back.UnmarshalText(b); err != nil || back != h {
			t.Errorf("%s: %d, %v, want %d", b, back, err, h)
		}
	}
	for _, bad := range []string{"", "x", "0.25", "-11", "40.5", "NaN", "1e999"} {
		var h desk.Half
		if err := h.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q was read as %d", bad, h)
		}
	}
}

// Every message is in one of the first three counts and in one state.
func TestTallyCounts(t *testing.T) {
	for _, c := range []struct {
		first, now string
		answered   bool
		want       desk.Counts
		bin        desk.Bin
		state      string
	}{
		{desk.Accepted, desk.Accepted, false, desk.Counts{Accepted: 1}, desk.Bin{Accepted: 1}, "accepted"},
		{desk.Accepted, desk.Accepted, true, desk.Counts{Accepted: 1}, desk.Bin{Accepted: 1, Answered: 1}, "answered"},
		{desk.Accepted, desk.Blocked, true, desk.Counts{Accepted: 1, Marked: 1}, desk.Bin{Marked: 1}, "marked_spam"},
		{desk.Quarantined, desk.Quarantined, false, desk.Counts{Held: 1}, desk.Bin{Waiting: 1}, "held_waiting"},
		{desk.Quarantined, desk.Accepted, true, desk.Counts{Held: 1, Released: 1}, desk.Bin{Released: 1}, "released"},
		{desk.Quarantined, desk.Blocked, false, desk.Counts{Held: 1, Confirmed: 1}, desk.Bin{Confirmed: 1}, "confirmed"},
		{desk.Blocked, desk.Blocked, false, desk.Counts{Blocked: 1}, desk.Bin{Blocked: 1}, "blocked"},
		{desk.Blocked, desk.Accepted, false, desk.Counts{Blocked: 1, Released: 1}, desk.Bin{Released: 1}, "released"},
	} {
		s := desk.Screened{First: c.first, Outcome: c.now, Answered: c.answered, Score: 7.3, Signals: []string{"links", "text"}}
		var one desk.Tally
		one.Count(s)
		if one.Counts != c.want || one.Scores.Bins[14] != c.bin || c.bin.All() != 1 || s.State() != c.state || one.Scores.Fixed != (desk.Counts{}) {
			t.Errorf("%s, then %s: %s, %s", c.first, c.now, one, s.State())
		}
		if n := one.Signals["links"]; n.N != 1 || n.Held != c.want.Held || n.Released != c.want.Released || len(one.Signals) != 2 {
			t.Errorf("%s, then %s: signals %v", c.first, c.now, one.Signals)
		}
		s.Fixed = true
		var fixed desk.Tally
		fixed.Count(s)
		if fixed.Counts != c.want || fixed.Scores.Fixed != c.want || len(fixed.Scores.Bins) != 0 {
			t.Errorf("by a rule: %s", fixed)
		}
		// twice as a sum is what JSON keeps
		one.Add(fixed)
		var back desk.Tally
		if err := json.Unmarshal([]byte(one.String()), &back); err != nil || back.String() != one.String() {
			t.Errorf("%s became %s, %v", one, back, err)
		}
		if one.Counts.Accepted+one.Counts.Held+one.Counts.Blocked != 2 || one.Signals["text"].N != 2 {
			t.Errorf("the sum: %s", one)
		}
	}
}
