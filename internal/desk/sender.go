package desk

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/mail"
	"github.com/pocketdesk/pocketdesk/internal/phone"
)

// SenderKey is the key of [SenderDigest] on this app.
func SenderKey(app core.App) []byte { return Key(app, "sender") }

// SenderDigest is a keyed digest, 64 hexadecimal digits, of an address of a
// sender: kind is mail, phone or ip. It tells senders apart and can't be turned
// back into an address without the key.
func SenderDigest(key []byte, kind, address string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(kind + ":" + address))
	return hex.EncodeToString(mac.Sum(nil))
}

// MailboxDigest is the keyed digest by which mail to one mailbox is counted,
// whatever +tag its address bears.
func MailboxDigest(app core.App, address string) string {
	return SenderDigest(SenderKey(app), "mailbox", mail.Mailbox(address))
}

// digestOf is the digest of an identity; "" for a kind that no form asks for.
func digestOf(app core.App, kind, value string) string {
	switch kind {
	case KindEmail:
		return SenderDigest(SenderKey(app), "mail", value)
	case KindPhone:
		return SenderDigest(SenderKey(app), "phone", value)
	}
	return ""
}

// regions are where a phone number without a country code may be from, the one
// of the visitor's language first.
func regions(locale string) []string { return []string{phone.Region(locale), "TW", "JP", "CN"} }

// AddressesOf are the keys under which a submission's mail address and phone
// number are known, as identities hold them; "" for what is missing or none.
func AddressesOf(f *Feedback) (email, number string) {
	if key, err := mail.NormalizeAddress(f.Email()); err == nil {
		email = key
	}
	if key, ok := phone.E164(f.Phone(), regions(f.Locale())...); ok {
		number = key
	}
	return email, number
}

// sendersOf are the digests of both addresses of a submission, with a space between.
func sendersOf(app core.App, f *Feedback) string {
	email, number := AddressesOf(f)
	var out []string
	if email != "" {
		out = append(out, digestOf(app, KindEmail, email))
	}
	if number != "" {
		out = append(out, digestOf(app, KindPhone, number))
	}
	return strings.Join(out, " ")
}
