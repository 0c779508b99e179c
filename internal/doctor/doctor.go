// Package doctor looks at what a desk depends on and can't see from inside: the
// DNS records that make its mail credible, the clock, the disk. It gives
// findings; whoever shows them has the words.
//
//	found := doctor.SPF(ctx, net.DefaultResolver, "example.com", "smtp.gmail.com")
//	text, cure := doctor.Words(found, "en")
package doctor

// States of a finding.
const (
	OK   = "ok"
	Warn = "warn" // it works, and will disappoint
	Fail = "fail" // it doesn't work
	Off  = "off"  // not set up, or can't be looked at from here
)

// Finding is what one look found.
type Finding struct {
	Check string // what was looked at, such as spf
	State string
	ID    string            // which sentence, such as spf_missing
	With  map[string]string // what the sentence names; never a secret
}

// New is a finding; with are names and values in turn.
func New(check, state, id string, with ...string) Finding {
	f := Finding{Check: check, State: state, ID: id, With: map[string]string{}}
	for i := 0; i+1 < len(with); i += 2 {
		f.With[with[i]] = with[i+1]
	}
	return f
}
