package intake

import (
	"encoding/binary"
	"encoding/hex"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/limit"
	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/phone"
)

// sender is a keyed digest of whom a message claims to be from: the mail
// address, else the phone number, else the network address. "" is nobody. It
// tells senders apart and can't be turned back into an address without the key.
type sender string

func (in *Intake) senderOf(s Submission) sender {
	f := s.Feedback
	if key, err := mail.NormalizeAddress(f.Email()); err == nil {
		return sender(desk.SenderDigest(in.senderKey, "mail", key))
	}
	if key, ok := phone.E164(f.Phone(), phone.Region(f.Locale()), "TW", "JP", "CN"); ok {
		return sender(desk.SenderDigest(in.senderKey, "phone", key))
	}
	if s.Request != nil && telling(s.Request) {
		return sender(desk.SenderDigest(in.senderKey, "ip", limit.IPKey(s.Request.IP)))
	}
	return ""
}

// number is what the index of recent texts keeps of a sender; 0 for nobody.
func (s sender) number() uint64 {
	raw, err := hex.DecodeString(string(s))
	if err != nil || len(raw) < 8 {
		return 0
	}
	return binary.BigEndian.Uint64(raw)
}
