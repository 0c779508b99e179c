package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"io"
	"strings"
)

const (
	bounceMark = "+b-"
	// 10 bytes, 80 bits, the least that RFC 2104, section 5, allows: the local
	// part has 64 octets for all.
	bounceMACBytes  = 10
	bounceMACLength = 16
	maxDelivery     = 20
)

// ReturnPath is base with the id of a delivery in it, signed: an envelope sender
// of its own for every mail, so that a bounce says which mail it is about
// whatever it leaves out (VERP). The local part is LOCAL+b-DELIVERY-MAC. It is
// "" when the key is short, base is no address, the id isn't 1 to 20 of a-z and
// 0-9, or the local part would pass the 64 octets of RFC 5321, section 4.5.3.1.1.
func (s Signer) ReturnPath(base, delivery string) string {
	local, domain, err := splitAddress(base)
	if err != nil || len(s.Key) < 16 || !validDelivery(delivery) {
		return ""
	}
	local += bounceMark + delivery + "-" + s.bounceMAC(delivery)
	if len(local) > maxLocal {
		return ""
	}
	return local + "@" + domain
}

// ParseReturnPath gives the delivery in an address that ReturnPath made of base,
// in any case of letters, bare or in angle brackets. It says false for any that
// this key did not sign.
func (s Signer) ParseReturnPath(base, addr string) (delivery string, ok bool) {
	baseLocal, baseDomain, err := splitAddress(base)
	if err != nil || len(s.Key) < 16 {
		return "", false
	}
	addr = strings.TrimSpace(addr)
	if strings.HasPrefix(addr, "<") && strings.HasSuffix(addr, ">") {
		addr = addr[1 : len(addr)-1]
	}
	local, domain, err := splitAddress(addr)
	if err != nil || !strings.EqualFold(domain, baseDomain) || len(local) <= len(baseLocal) {
		return "", false
	}
	head, tail := local[:len(baseLocal)], strings.ToLower(local[len(baseLocal):])
	signed, found := strings.CutPrefix(tail, bounceMark)
	delivery, mac, split := strings.Cut(signed, "-")
	if !strings.EqualFold(head, baseLocal) || !found || !split || !validDelivery(delivery) || len(mac) != bounceMACLength {
		return "", false
	}
	if !hmac.Equal([]byte(mac), []byte(s.bounceMAC(delivery))) {
		return "", false
	}
	return delivery, true
}

func (s Signer) bounceMAC(delivery string) string {
	h := hmac.New(sha256.New, s.Key)
	io.WriteString(h, "return-path\x00"+delivery)
	return base32Text(h.Sum(nil)[:bounceMACBytes])
}

func validDelivery(id string) bool {
	for i := 0; i < len(id); i++ {
		if (id[i] < 'a' || id[i] > 'z') && (id[i] < '0' || id[i] > '9') {
			return false
		}
	}
	return id != "" && len(id) <= maxDelivery
}
