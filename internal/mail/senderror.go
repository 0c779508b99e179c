package mail

import (
	"errors"
	"fmt"
	"net/textproto"
	"regexp"
	"strings"
	"unicode"

	"github.com/emersion/go-smtp"
)

// The stages of a session, as SendError.Stage names them.
const (
	StageConnect = "connect" // dialling, the greeting, EHLO
	StageTLS     = "tls"     // STARTTLS and the handshake
	StageAuth    = "auth"
	StageMail    = "mail" // MAIL FROM
	StageRcpt    = "rcpt" // RCPT TO
	StageData    = "data" // the DATA command and the message up to its last line
	StageDone    = "done" // the final dot and the answer to it
)

// SendError is every error of Send. Exactly one of Temporary, Permanent and
// Unknown is true.
type SendError struct {
	Stage     string
	Code      int    // three-digit reply, 0 when the server gave none
	Enhanced  string // such as 5.1.1 (RFC 3463), "" when there is none
	Message   string // the server's words, one line, at most 500 characters
	Recipient string // the refused address, at StageRcpt
	Err       error  // the cause when no reply came

	null bool // the session used the null sender
}

// Error implements error. It never holds the password.
func (e *SendError) Error() string {
	out := "smtp " + e.Stage
	if e.Recipient != "" {
		out += " <" + e.Recipient + ">"
	}
	out += ":"
	if e.Code != 0 {
		out += fmt.Sprintf(" %d", e.Code)
	}
	if e.Enhanced != "" {
		out += " " + e.Enhanced
	}
	if e.Message != "" {
		out += " " + e.Message
	}
	if e.Code == 0 && e.Message == "" && e.Err != nil {
		out += " " + oneLine(e.Err.Error())
	}
	return out
}

// Unwrap gives the cause: a context's error among them.
func (e *SendError) Unwrap() error { return e.Err }

// Temporary reports that the server has not taken the mail and that the same
// bytes may pass later: 4xx replies, a connection that failed before the final
// dot, and every fault of the settings (TLS, credentials, a server that wants
// them), however final its code, so that nothing is lost while someone mends them.
func (e *SendError) Temporary() bool { return !e.Permanent() && !e.Unknown() }

// Permanent reports a 5xx reply about this mail; sending it again is pointless.
func (e *SendError) Permanent() bool { return e.Code/100 == 5 && !e.settings() }

// Unknown reports that the final dot was on its way and no clear answer came:
// the server may have taken the mail (RFC 1047).
func (e *SendError) Unknown() bool {
	return e.Stage == StageDone && e.Code/100 != 4 && e.Code/100 != 5
}

// NoMailbox reports that the server knows for good that nobody gets mail at the
// address: no such mailbox (5.1.1), no such host (5.1.2), moved without a new
// address (5.1.6), a domain that takes no mail (5.1.10), no route (5.4.4); see RFC
// 3463 and RFC 7505. Policy, spam filters and full mailboxes are another matter.
func (e *SendError) NoMailbox() bool {
	if !e.Permanent() || e.Stage != StageRcpt {
		return false
	}
	switch e.Enhanced {
	case "5.1.1", "5.1.2", "5.1.6", "5.1.10", "5.4.4":
		return true
	}
	return false
}

// NullSenderRefused reports that the server wants no mail from <>, for good: at
// MAIL FROM, or at RCPT TO with a word about the sender, since many servers
// delay that refusal. A message too large (5.3), an address or content that the
// server can't carry (5.6) and a missing login are another matter.
func (e *SendError) NullSenderRefused() bool {
	if !e.null || !e.Permanent() {
		return false
	}
	switch e.Stage {
	case StageMail:
		return e.Code != 552 && !strings.HasPrefix(e.Enhanced, "5.3.") && !strings.HasPrefix(e.Enhanced, "5.6.")
	case StageRcpt:
		// 5.1.7 and 5.1.8 are faults of the sender's address (RFC 3463, section 3.2).
		return e.Enhanced == "5.1.7" || e.Enhanced == "5.1.8" ||
			strings.Contains(strings.ToLower(e.Message), "sender address rejected")
	}
	return false
}

// settings reports a fault of our settings and not of the mail. The codes are
// those of RFC 4954, section 6.
func (e *SendError) settings() bool {
	switch e.Stage {
	case StageConnect, StageTLS, StageAuth:
		return true
	}
	return e.Code == 530 || e.Code == 534 || e.Code == 535 || e.Code == 538
}

var enhancedPattern = regexp.MustCompile(`^([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)`)

// newSendError turns what a library returned into a SendError.
func newSendError(stage string, err error) *SendError {
	out := &SendError{Stage: stage, Err: err}
	var reply *smtp.SMTPError
	var plain *textproto.Error
	switch {
	case errors.As(err, &reply):
		out.Code, out.Message, out.Err = reply.Code, reply.Message, nil
		if c := reply.EnhancedCode; c[0] >= 2 && c[0] <= 5 {
			out.Enhanced = fmt.Sprintf("%d.%d.%d", c[0], c[1], c[2])
		}
	case errors.As(err, &plain):
		out.Code, out.Message, out.Err = plain.Code, plain.Msg, nil
	}
	if m := enhancedPattern.FindStringSubmatch(out.Message); m != nil && out.Enhanced == "" {
		out.Enhanced, out.Message = m[1], out.Message[len(m[0]):]
	}
	out.Message = oneLine(out.Message)
	return out
}

// oneLine makes a server's words fit for a log and a screen.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return ' '
		}
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > 500 {
		s = string(runes[:500])
	}
	return s
}
