package spam

import "fmt"

// MailEvidence is what is known of a message that came by mail.
type MailEvidence struct {
	// SPF, DKIM and DMARC are results as in RFC 8601, section 2.7: pass, fail,
	// softfail …; "" where the shop's mail server said nothing.
	SPF, DKIM, DMARC string
	// ReplyTo is an address at another domain to which answers are asked for.
	ReplyTo string
}

// checkMailAuth reads what the shop's mail server found out about the sender. Where
// DMARC has decided, SPF and DKIM are part of that (RFC 7489, section 3.1), and
// forwarding breaks each of them alone.
func checkMailAuth() Check {
	return func(m Message) (out []Signal) {
		e := m.Mail
		if e == nil {
			return nil
		}
		switch {
		case e.DMARC == "pass":
			out = append(out, hit("mail_verified", 0, "The sender's mail domain vouches for this mail (DMARC).", nil)...)
		case e.DMARC == "fail":
			out = append(out, hit("mail_forged", 0, "The sender's mail domain says that this mail is not its own (DMARC).", nil)...)
		default:
			out = append(out, senderPolicy(e)...)
		}
		if e.ReplyTo != "" {
			out = append(out, hit("reply_to_other", 0, fmt.Sprintf("Answers are asked for at another domain than the sender's: %s.", clip(e.ReplyTo, 100)),
				map[string]any{"address": clip(e.ReplyTo, 100)})...)
		}
		return out
	}
}

// senderPolicy judges SPF and DKIM by themselves.
func senderPolicy(e *MailEvidence) (out []Signal) {
	switch e.SPF {
	case "softfail":
		out = append(out, hit("mail_spf", 0, "The sender's mail domain doubts the server that sent this (SPF).", nil)...)
	case "fail":
		out = append(out, hit("mail_spf", 1, "The sender's mail domain knows nothing of the server that sent this (SPF).", nil)...)
	}
	if e.DKIM == "fail" {
		out = append(out, hit("mail_dkim", 0, "The mail's signature is broken (DKIM).", nil)...)
	}
	return out
}
