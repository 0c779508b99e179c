package spam

import "math"

// Check looks at one message and returns what it noticed, or nothing. It must
// be safe for concurrent use.
type Check func(Message) []Signal

// Thresholds are the points from which a message is held or blocked.
type Thresholds struct {
	Quarantine float64 `json:"quarantine"` // default 5
	Block      float64 `json:"block"`      // default 20
}

const (
	defaultQuarantine = 5
	defaultBlock      = 20
)

// OrDefault fills in the defaults, 5 and 20 points, for those that are zero or less.
func (t Thresholds) OrDefault() Thresholds {
	if t.Quarantine <= 0 {
		t.Quarantine = defaultQuarantine
	}
	if t.Block <= 0 {
		t.Block = defaultBlock
	}
	return t
}

// What becomes of a sales or cooperation pitch.
const (
	PitchNormal     = "normal"     // its score decides, but it is not blocked
	PitchLow        = "low"        // accepted up to a few points above quarantine; the caller gives it a low priority
	PitchQuarantine = "quarantine" // held, whatever its score
)

// Verdict is what Screen says. Score is the sum of all weights; a block rule
// that was hit decides the Outcome whatever the Score.
type Verdict struct {
	Outcome Outcome  `json:"outcome"`
	Score   float64  `json:"score"`
	Signals []Signal `json:"signals"`
	// Pitch is true for an offer or a wish to cooperate that a person seems to
	// have sent: no hard sign (of a machine, or of a lure elsewhere), the soft
	// ones of a machine together would not hold it, no words of junk that firms
	// do not write, and a text that the model is not certain about.
	Pitch bool `json:"pitch,omitempty"`
}

// Input is all that Screen needs.
type Input struct {
	Message Message
	// Checks are run in order; see DefaultChecks. None means that only Hits count.
	Checks []Check
	// Hits are what Ruleset.Match found.
	Hits []Hit
	// Thresholds that are zero or less take their defaults.
	Thresholds Thresholds
	// Off names signals of Checks that are neither counted nor listed; see
	// Switched.
	Off map[string]bool
	// Pitch is PitchNormal, PitchLow or PitchQuarantine; "" is PitchNormal.
	Pitch string
}

// Screen runs the checks and decides. Signals come in the order hits, checks.
// An allow rule wins over everything, then a block rule; a quarantine rule
// holds what would have been accepted. A weight that is not a finite number
// counts as 0, so that a faulty check cannot decide anything. Signals that look
// at the same thing do not add up in full: see adjust.go.
func Screen(in Input) Verdict {
	in.Message.view = newView(in.Message)
	v := Verdict{Signals: []Signal{}}
	for _, h := range in.Hits {
		v.add(h.Signal)
	}
	for _, check := range in.Checks {
		for _, s := range check(in.Message) {
			if !in.Off[s.Name] {
				v.add(s)
			}
		}
	}
	v.doubtTrust()
	v.capRates(in.Message)
	th := in.Thresholds.OrDefault()
	v.Pitch = v.isPitch(th)
	uncapped, innocent := v.sum(), v.innocent(in.Message)
	v.capWords()
	if innocent {
		v.halveWords()
	}
	v.Score = v.sum()
	v.Outcome = v.outcome(in, th, uncapped)
	return v
}

func (v *Verdict) add(s Signal) {
	if math.IsNaN(s.Weight) || math.IsInf(s.Weight, 0) {
		s.Weight = 0
	}
	v.Signals = append(v.Signals, s)
}

// outcome decides. uncapped is the score in which every signal that reads the
// words counts in full.
func (v *Verdict) outcome(in Input, th Thresholds, uncapped float64) Outcome {
	hit := map[string]bool{}
	for _, h := range in.Hits {
		hit[h.Rule.Action] = true
	}
	switch {
	case hit[ActionAllow]:
		return Accepted
	case hit[ActionBlock], v.Score >= th.Block && !v.Pitch:
		return Blocked
	case hit[ActionQuarantine], v.Pitch && in.Pitch == PitchQuarantine:
		return Quarantined
	case v.Pitch && in.Pitch == PitchLow && uncapped < th.Quarantine+v.pitchRoom():
		return Accepted
	case v.Score >= th.Quarantine:
		return Quarantined
	}
	return Accepted
}

// DefaultChecks returns one check for every rule that ships, but the learned
// model's, see TextCheck. Building them reads the embedded lists: do it once
// and keep the result, which any number of goroutines may use.
func DefaultChecks() []Check {
	return []Check{
		checkMember(),
		checkMailAuth(),
		checkAuthenticated(),
		checkHoneypot(),
		checkToken(),
		checkFillTime(),
		checkPow(),
		checkCaptcha(),
		checkTyping(),
		checkUserAgent(),
		checkHeaders(),
		checkRates(),
		checkNear(),
		checkMailDomain(),
		checkPhoneCountry(),
		checkLinks(),
		checkShorteners(),
		checkChatLinks(),
		checkLinkHosts(),
		checkLinkDensity(),
		checkMarkup(),
		checkKeywords(),
		checkChatHandle(),
		checkPitch(),
		checkRepetition(),
		checkDisposable(),
		checkGibberish(),
		checkName(),
		checkFieldLinks(),
		checkScript(),
		checkHomoglyphs(),
		checkHidden(),
		checkStyled(),
	}
}
