package desk

import (
	"github.com/pocketbase/pocketbase/core"
)

// Letter is what a mail says beside the submission that was made of it.
type Letter struct {
	// SPF, DKIM and DMARC are results as in RFC 8601 (pass, fail, softfail …) of
	// the server whose word counts; "" where it said nothing.
	SPF, DKIM, DMARC string
	// ReplyTo is an address at another domain than the sender's to which answers
	// are asked for; "" for none. Nothing is sent there.
	ReplyTo string

	// Hold makes it wait in quarantine whatever its score: the name of the signal
	// that says why, [HoldSomeoneElse], [HoldForged] or [HoldClaim]. Said is
	// what the claim was, for staff.
	Hold, Said string
	// ForCase is the case that it answers.
	ForCase string

	Old   bool   // imported: nobody is written to because of it
	Team  string // of the case, unless a keyword gives another
	AckTo string // where the acknowledgement goes; "" to the sender
	NoAck string // why none is sent; "" sends one

	// Fill puts into the first message of the case what the submission has no
	// field for.
	Fill func(m *Message)
	// Settle is called inside the transaction, at its end. An error rolls it back.
	Settle func(tx core.App, r Received) error
}

// Received is what became of a letter.
type Received struct {
	Feedback string
	Outcome  string // accepted, quarantined or blocked
	Case     *Case  // nil unless accepted
}

// Why a letter is held whatever its score.
const (
	HoldSomeoneElse = "someone_else"  // it answers a case, and its sender has no part in that
	HoldForged      = "forged_sender" // it answers a case, and its sender is not who he says
	HoldClaim       = "bogus_claim"   // it says that it belongs to a case, and does not
)
