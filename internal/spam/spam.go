// Package spam tells junk from mail that a person wrote through a public
// form. A check looks at one message and returns signals: points for or
// against, each with a sentence that staff can read. Screen adds the points up
// and compares them with two thresholds. No check keeps state or asks
// anybody: what is counted or looked up elsewhere, also in Recent, is handed in. All weights stand in one table, see
// Weights; the score is their sum, as natural log-odds around Probability.
//
//	checks := spam.DefaultChecks()       // once
//	rules, errs := spam.CompileRules(rs) // when the rules change
//
//	v := spam.Screen(spam.Input{
//		Message: m,
//		Checks:  checks,
//		Hits:    rules.Match(m, time.Now()),
//	})
//	// v.Outcome, v.Score, v.Signals, v.Pitch
//
// The learned model is one more Check, see TextCheck. Recent finds the same text
// from many senders:
//
//	if hash, ok := spam.SimHash(spam.TextOf(m.Subject, m.Text)); ok {
//		m.Near = recent.Find(hash, sender)                              // before
//		recent.Add(spam.Entry{Hash: hash, Sender: sender, At: t, ID: id}) // after
//	}
package spam

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
