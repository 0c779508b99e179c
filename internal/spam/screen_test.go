package spam

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"testing"
)

// says is a check that always says the same.
func says(weights ...float64) Check {
	return func(Message) []Signal {
		var out []Signal
		for _, w := range weights {
			out = append(out, Signal{Name: "said", Weight: w})
		}
		return out
	}
}

func ruleHit(action string) Hit {
	r := Rule{ID: "r1", Kind: KindKeyword, Value: "x", Action: action}
	return Hit{r, r.signal()}
}

func TestScreen(t *testing.T) {
	tests := []struct {
		name   string
		checks []Check
		hits   []Hit
		th     Thresholds
		want   Outcome
		score  float64
	}{
		{"nothing", nil, nil, Thresholds{}, Accepted, 0},
		{"below", []Check{says(4.9)}, nil, Thresholds{}, Accepted, 4.9},
		{"at the threshold", []Check{says(2), says(3)}, nil, Thresholds{}, Quarantined, 5},
		{"tenths add up", []Check{says(0.1, 0.1, 0.1, 0.7, 4)}, nil, Thresholds{}, Quarantined, 5},
		{"trust counts", []Check{says(6), says(-2)}, nil, Thresholds{}, Accepted, 4},
		{"blocked", []Check{says(20)}, nil, Thresholds{}, Blocked, 20},
		{"own thresholds", []Check{says(4)}, nil, Thresholds{2, 4}, Blocked, 4},
		{"one own threshold", []Check{says(4)}, nil, Thresholds{Quarantine: 3}, Quarantined, 4},
		{"not a number", []Check{says(math.NaN(), math.Inf(-1), 6)}, nil, Thresholds{}, Quarantined, 6},
		{"block rule", nil, []Hit{ruleHit(ActionBlock)}, Thresholds{}, Blocked, 20},
		{"block rule at any threshold and trust", []Check{says(-50)}, []Hit{ruleHit(ActionBlock)}, Thresholds{99, 999}, Blocked, -30},
		{"quarantine rule", nil, []Hit{ruleHit(ActionQuarantine)}, Thresholds{}, Quarantined, 5},
		{"quarantine rule and trust", []Check{says(-50)}, []Hit{ruleHit(ActionQuarantine)}, Thresholds{}, Quarantined, -45},
		{"quarantine rule and much junk", []Check{says(15)}, []Hit{ruleHit(ActionQuarantine)}, Thresholds{}, Blocked, 20},
		{"allow rule", []Check{says(90)}, []Hit{ruleHit(ActionAllow)}, Thresholds{}, Accepted, 70},
		{"allow wins over block", nil, []Hit{ruleHit(ActionBlock), ruleHit(ActionAllow)}, Thresholds{}, Accepted, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := Screen(Input{Checks: tt.checks, Hits: tt.hits, Thresholds: tt.th})
			if v.Outcome != tt.want || v.Score != tt.score {
				t.Errorf("got %s with %v, want %s with %v", v.Outcome, v.Score, tt.want, tt.score)
			}
		})
	}
}

func TestVerdictJSON(t *testing.T) {
	out, err := json.Marshal(Screen(Input{Checks: []Check{says(math.NaN())}}))
	want := `{"outcome":"accepted","score":0,"signals":[{"name":"said","weight":0,"sentence":""}]}`
	if err != nil || string(out) != want {
		t.Errorf("got %s, %v", out, err)
	}
	if out, _ = json.Marshal(Screen(Input{})); string(out) != `{"outcome":"accepted","score":0,"signals":[]}` {
		t.Errorf("got %s", out)
	}
}

// A check is called by Screen with what it needs made ready, or by itself.
func TestCheckAlone(t *testing.T) {
	m := Message{Text: "see https://junk.example/a", Name: "www.junk.example"}
	for i, check := range DefaultChecks() {
		v := Screen(Input{Message: m, Checks: []Check{check}})
		if got := check(m); len(got) != len(v.Signals) {
			t.Errorf("check %d says %d signals alone and %d in Screen", i, len(got), len(v.Signals))
		}
	}
}

// named says one signal of each name and weight.
func named(weights map[string]float64) Check {
	return func(Message) (out []Signal) {
		for _, name := range slices.Sorted(maps.Keys(weights)) {
			out = append(out, Signal{Name: name, Weight: weights[name], Sentence: "x"})
		}
		return out
	}
}

func TestWordsAreCapped(t *testing.T) {
	tests := []struct {
		name    string
		weights map[string]float64
		want    float64
	}{
		{"below", map[string]float64{"text": 4, "keyword": 3}, 7},
		{"at the cap", map[string]float64{"text": 5, "keyword": 3}, 8},
		{"above", map[string]float64{"text": 7, "keyword": 7}, 8},
		{"many", map[string]float64{"text": 7, "keyword": 7, "chat_handle": 2, "link_chat": 1, "link_shortener": 2}, 8},
		{"trust is not capped", map[string]float64{"text": -1, "keyword": 7}, 6},
		{"other kinds add up", map[string]float64{"text": 7, "keyword": 7, "honeypot": 8, "links": 2}, 18},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := Screen(Input{Checks: []Check{named(tt.weights)}})
			sum := 0.0
			for _, s := range v.Signals {
				if sum += s.Weight; s.Weight == 0 || math.Abs(s.Weight) > math.Abs(tt.weights[s.Name])+0.01 {
					t.Errorf("%s weighs %v", s.Name, s.Weight)
				}
			}
			if math.Abs(v.Score-tt.want) > 0.02 || math.Abs(sum-v.Score) > 0.005 || len(v.Signals) != len(tt.weights) {
				t.Errorf("score %v, sum %v, want %v: %+v", v.Score, sum, tt.want, v.Signals)
			}
		})
	}
}

func TestOff(t *testing.T) {
	m := browser(Message{Text: "online casino https://a.top/x", Honeypot: "x"})
	all := Screen(Input{Message: m, Checks: DefaultChecks()})
	for _, s := range all.Signals {
		v := Screen(Input{Message: m, Checks: DefaultChecks(), Off: Switched([]string{s.Name})})
		if len(v.Signals) != len(all.Signals)-1 || math.Abs(all.Score-s.Weight-v.Score) > 0.01 {
			t.Errorf("without %s: %v and %d signals, with it %v and %d", s.Name, v.Score, len(v.Signals), all.Score, len(all.Signals))
		}
		for _, left := range v.Signals {
			if left.Name == s.Name {
				t.Errorf("%s is still listed", s.Name)
			}
		}
	}
	if v := Screen(Input{Hits: []Hit{ruleHit(ActionBlock)}, Off: map[string]bool{"rule": true}}); v.Outcome != Blocked || len(v.Signals) != 1 {
		t.Errorf("a rule was switched off: %+v", v)
	}
}
