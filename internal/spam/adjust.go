package spam

import (
	"math"
	"slices"
)

// sum adds up what the signals weigh. Hundredths are enough, and a sum of
// tenths must not miss a threshold.
func (v *Verdict) sum() (sum float64) {
	for _, s := range v.Signals {
		sum += s.Weight
	}
	return hundredths(sum)
}

func hundredths(x float64) float64 { return math.Round(x*100) / 100 }

func (v *Verdict) has(names ...string) bool {
	return slices.ContainsFunc(v.Signals, func(s Signal) bool { return slices.Contains(names, s.Name) })
}

// hard reports whether there is a sign that the table calls hard.
func (v *Verdict) hard() bool {
	return slices.ContainsFunc(v.Signals, func(s Signal) bool { return rows[s.Name].isHard(s.Weight) })
}

// doubtTrust leaves out the model's trust where there is little text that it
// could have read: random letters and links say nothing to it.
func (v *Verdict) doubtTrust() {
	if v.has("gibberish_text", "link_density", "links") {
		v.Signals = slices.DeleteFunc(v.Signals, func(s Signal) bool { return s.Name == "text" && s.Weight < 0 })
	}
}

// capRates keeps one flood from counting twice, and somebody's flood under the
// mail address of another from counting in full against that other.
func (v *Verdict) capRates(m Message) {
	ip, network := v.weight("rate_ip"), v.weight("rate_network")
	for i, s := range v.Signals {
		if s.Name == "rate_network" && network <= ip || s.Name == "rate_ip" && ip < network {
			v.Signals[i].Weight = 0
		}
	}
	here := 0.0
	for name, r := range map[string]Rate{
		"rate_email": {m.EmailHere, m.EmailCount.Limit}, "sender_texts": {m.TextsHere, m.SenderTexts.Limit},
	} {
		if v.has(name) {
			here += points(name, rateGrade(r))
		}
	}
	v.capSum(max(senderMost, here), func(s Signal) bool { return s.Name == "rate_email" || s.Name == "sender_texts" })
}

func (v *Verdict) weight(name string) float64 {
	for _, s := range v.Signals {
		if s.Name == name {
			return s.Weight
		}
	}
	return 0
}

// capWords keeps the signals that read the words from counting them several times.
func (v *Verdict) capWords() {
	v.capSum(wordsMost, func(s Signal) bool { return rows[s.Name].Group == groupWords })
}

// capSum makes the positive weights of some signals smaller in proportion where
// they add up to more.
func (v *Verdict) capSum(most float64, of func(Signal) bool) {
	sum := 0.0
	for _, s := range v.Signals {
		if of(s) {
			sum += max(0, s.Weight)
		}
	}
	if sum <= most {
		return
	}
	left := most
	for i, s := range v.Signals {
		if of(s) && s.Weight > 0 {
			w := min(max(0.01, hundredths(s.Weight*most/sum)), left)
			v.Signals[i].Weight = hundredths(w)
			left -= w
		}
	}
}

// innocent reports whether somebody asks if something is from the shop: whoever
// does repeats the words and links of the junk that he got. Not where a machine
// asks, an id is to be added, or there are three links.
func (v *Verdict) innocent(m Message) bool {
	return m.seen().asksGenuine() && !slices.ContainsFunc(v.Signals, func(s Signal) bool {
		row := rows[s.Name]
		repeated := row.Group == groupLinks && s.Name != "links" || row.Group == groupWords && s.Name != "chat_handle"
		return !repeated && row.isHard(s.Weight)
	})
}

// halveWords takes half the points from words and links.
func (v *Verdict) halveWords() {
	for i, s := range v.Signals {
		if g := rows[s.Name].Group; (g == groupWords || g == groupLinks) && s.Weight > 0 {
			v.Signals[i].Weight = hundredths(s.Weight / 2)
		}
	}
}

// isPitch reports whether a pitch was noticed that keeps its privilege. It goes
// by weights before capWords.
func (v *Verdict) isPitch(th Thresholds) bool {
	machine := 0.0
	for _, s := range v.Signals {
		if topic, ok := s.Data["topic"].(string); ok && s.Name == "keyword" && !oneOf(pitchTopics, topic) {
			return false
		}
		switch rows[s.Name].Group {
		case groupSender, groupForm, groupNetwork:
			machine += max(0, s.Weight)
		}
	}
	return v.has("pitch") && !v.hard() && machine < th.Quarantine
}

// pitchRoom is by how many points a pitch may pass the threshold of quarantine
// and still be accepted: by none when it sells what is offered to every site.
func (v *Verdict) pitchRoom() float64 {
	for _, s := range v.Signals {
		topic, _ := s.Data["topic"].(string)
		topics, _ := s.Data["topics"].([]string)
		if s.Name == "keyword" && oneOf(massTopics, topic) || s.Name == "pitch" && slices.Contains(topics, "web") {
			return 0
		}
	}
	return pitchRoom
}
