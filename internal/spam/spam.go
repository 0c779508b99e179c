// Package spam tells junk from mail that a person wrote through a public
// form. A check looks at one message and returns signals: points for or
// against, each with a sentence that staff can read. Screen adds the points up
// and compares them with two thresholds. Nothing here keeps state or asks
// anybody; what is counted or looked up elsewhere is handed in.
//
//	checks := spam.DefaultChecks()       // once
//	rules, errs := spam.CompileRules(rs) // when the rules change
//
//	v := spam.Screen(spam.Input{
//		Message: m,
//		Checks:  checks,
//		Hits:    rules.Match(m, time.Now()),
//	})
//	// v.Outcome, v.Score, v.Signals
//
// A learned model is one more Check behind the same type.
package spam

import (
	"math"
	"net/netip"
	"time"
)

// Outcome is what becomes of a message.
type Outcome string

// The outcomes, from best to worst.
const (
	Accepted    Outcome = "accepted"
	Quarantined Outcome = "quarantined" // kept aside with its reasons, for a person to look at
	Blocked     Outcome = "blocked"
)

// Signal is one thing that was noticed.
type Signal struct {
	// Name is the stable key of what was noticed, as "honeypot" or "links".
	Name string `json:"name"`
	// Weight is its points: positive for junk, negative for trust.
	Weight float64 `json:"weight"`
	// Sentence says it in plain English.
	Sentence string `json:"sentence"`
	// Data holds the values in the sentence, so that it can be said in
	// another language: strings, numbers and lists of strings.
	Data map[string]any `json:"data,omitempty"`
}

// TokenState is what the form token said. The zero value means that no token
// was asked for.
type TokenState string

// The states of a form token.
const (
	TokenMissing  TokenState = "missing"
	TokenValid    TokenState = "valid"
	TokenExpired  TokenState = "expired"
	TokenReplayed TokenState = "replayed"
	TokenInvalid  TokenState = "invalid"
)

// PowState is what the proof of work said. The zero value means that none was
// asked for.
type PowState string

// The states of a proof of work.
const (
	PowMissing PowState = "missing"
	PowValid   PowState = "valid"
	PowInvalid PowState = "invalid"
)

// Rate is how much came from one source lately, this message included.
type Rate struct {
	Count int
	// Limit is how many are normal in that time; 0 means not measured.
	Limit int
}

// Message is what is known of a message when it is screened. Everything in it
// may be hostile and of any length; checks look at the first 20,000 characters
// of the text only.
type Message struct {
	Name, Email, Phone, Subject, Text, OrderNo string

	// Locale is the language that the visitor chose and FormLocale that of
	// the page, both as BCP 47 tags ("zh-TW").
	Locale, FormLocale string

	IP                        netip.Addr
	UserAgent, AcceptLanguage string

	// Source is where the message came in: form, widget, api, import …
	Source string
	// Authenticated is true for a signed-in person or an integration with a
	// key: token, proof of work, fill time, User-Agent and the rates of
	// address and site say nothing then.
	Authenticated bool
	// Network is false when there is no request behind the message (an
	// import, a record saved by the host's own code): all that belongs to a
	// request or a form stays silent then, and only the text is judged.
	Network bool

	// Honeypot is what the field held that people do not see.
	Honeypot string
	Token    TokenState
	// FillTime is how long the form was open; 0 or less means not measured.
	FillTime time.Duration
	Pow      PowState

	// Recent messages from the same address, with the same mail address, and overall.
	IPCount, EmailCount, OverCount Rate

	// OwnHosts are the shop's own hosts ("shop.example"): links to them and
	// their subdomains count for nothing.
	OwnHosts []string

	view *view
}

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

// Verdict is what Screen says. Score is the sum of all weights; a block rule
// that was hit decides the Outcome whatever the Score.
type Verdict struct {
	Outcome Outcome  `json:"outcome"`
	Score   float64  `json:"score"`
	Signals []Signal `json:"signals"`
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
}

// Screen runs the checks and decides. Signals come in the order hits, checks.
// An allow rule wins over everything, then a block rule; a quarantine rule
// holds what would have been accepted. A weight that is not a finite number
// counts as 0, so that a faulty check cannot decide anything.
func Screen(in Input) Verdict {
	in.Message.view = newView(in.Message)
	v := Verdict{Signals: []Signal{}}
	for _, h := range in.Hits {
		v.add(h.Signal)
	}
	for _, check := range in.Checks {
		for _, s := range check(in.Message) {
			v.add(s)
		}
	}
	// Hundredths are enough, and a sum of tenths must not miss a threshold.
	v.Score = math.Round(v.Score*100) / 100
	v.Outcome = outcome(v.Score, in.Hits, in.Thresholds)
	return v
}

func (v *Verdict) add(s Signal) {
	if math.IsNaN(s.Weight) || math.IsInf(s.Weight, 0) {
		s.Weight = 0
	}
	v.Score += s.Weight
	v.Signals = append(v.Signals, s)
}

func outcome(score float64, hits []Hit, th Thresholds) Outcome {
	if th.Quarantine <= 0 {
		th.Quarantine = defaultQuarantine
	}
	if th.Block <= 0 {
		th.Block = defaultBlock
	}
	hit := map[string]bool{}
	for _, h := range hits {
		hit[h.Rule.Action] = true
	}
	switch {
	case hit[ActionAllow]:
		return Accepted
	case hit[ActionBlock], score >= th.Block:
		return Blocked
	case hit[ActionQuarantine], score >= th.Quarantine:
		return Quarantined
	}
	return Accepted
}

// DefaultChecks returns one check for every rule that ships. Building them
// reads the embedded lists: do it once and keep the result, which any number
// of goroutines may use.
func DefaultChecks() []Check {
	return []Check{
		checkAuthenticated(),
		checkHoneypot(),
		checkToken(),
		checkFillTime(),
		checkPow(),
		checkUserAgent(),
		checkRates(),
		checkLinks(),
		checkShorteners(),
		checkChatLinks(),
		checkLinkHosts(),
		checkLinkDensity(),
		checkMarkup(),
		checkKeywords(),
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
