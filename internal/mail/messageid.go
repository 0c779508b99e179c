package mail

import (
	"crypto/hmac"
	"crypto/sha256"
	"io"
	"strings"
	"unicode"
)

// Of the HMAC 15 bytes are kept: 120 bits, and exactly 24 characters of base32,
// so that there is one spelling only. RFC 2104, section 5, asks for 80 bits or more.
const (
	macBytes  = 15
	macLength = 24
	idPrefix  = "desk-"
)

// Signer makes and knows again the Message-IDs of the desk. Key is secret; 32
// random bytes are right, under 16 it refuses to sign and to verify.
type Signer struct{ Key []byte }

// Ref is what a Message-ID stands for.
type Ref struct {
	Token  string // of the case, as NewToken makes it
	Kind   string // one word of a-z such as ack or reply; "mail" when empty
	Nonce  string // sets apart the mails of one case; the id of the queued row keeps it fixed. Random when empty
	Domain string // right side; "localhost" when empty or not a domain
}

// MessageID is a Message-ID that carries the token of a case and proves that we
// wrote it: <desk-KIND-NONCE.TOKEN.MAC@DOMAIN>. Equal refs with a nonce give
// equal ids. It is "" when the key is short or the token isn't one, and Build
// refuses that. Only characters that survive a change of case are used, and
// words stand beside the random parts, since identifiers of bare digits, hex and
// dots count as a mark of junk mailers in common filters.
func (s Signer) MessageID(r Ref) string {
	token := strings.ToLower(r.Token)
	if len(s.Key) < 16 || !validToken(token) {
		return ""
	}
	head := idPrefix + kindWord(r.Kind) + "-" + nonceWord(r.Nonce)
	return "<" + head + "." + token + "." + s.mac(head, token) + "@" + idDomain(r.Domain) + ">"
}

// ParseMessageID gives the token in an id of ours. It forgives a change of case,
// lost angle brackets and white space from folding, and says false for any id
// that this key did not sign. The domain isn't signed: a shop that moves still
// knows its old mail.
func (s Signer) ParseMessageID(id string) (token string, ok bool) {
	if len(s.Key) < 16 || len(id) > 1000 {
		return "", false
	}
	id = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		if r >= 'A' && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, id)
	left, right, found := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(id, "<"), ">"), "@")
	parts := strings.Split(left, ".")
	if !found || right == "" || strings.ContainsAny(right, "@<>") || len(parts) != 3 {
		return "", false
	}
	head, token, mac := parts[0], parts[1], parts[2]
	if !strings.HasPrefix(head, idPrefix) || !validToken(token) || len(mac) != macLength {
		return "", false
	}
	if !hmac.Equal([]byte(mac), []byte(s.mac(head, token))) {
		return "", false
	}
	return token, true
}

// mac signs both parts; neither can hold the zero byte that keeps them apart.
func (s Signer) mac(head, token string) string {
	h := hmac.New(sha256.New, s.Key)
	io.WriteString(h, "message-id\x00"+head+"\x00"+token)
	return base32Text(h.Sum(nil)[:macBytes])
}

func kindWord(kind string) string {
	kind = strings.ToLower(kind)
	for i := 0; i < len(kind); i++ {
		if kind[i] < 'a' || kind[i] > 'z' {
			return "mail"
		}
	}
	if kind == "" || len(kind) > 16 {
		return "mail"
	}
	return kind
}

// nonceWord keeps a nonce of a-z and 0-9 as it is and hashes any other, so that
// two different nonces never become the same word.
func nonceWord(nonce string) string {
	if nonce == "" {
		return randomText(8)
	}
	plain := len(nonce) <= 30
	for i := 0; i < len(nonce); i++ {
		if (nonce[i] < 'a' || nonce[i] > 'z') && (nonce[i] < '0' || nonce[i] > '9') {
			plain = false
		}
	}
	if plain {
		return nonce
	}
	sum := sha256.Sum256([]byte(nonce))
	return base32Text(sum[:20])
}

func idDomain(domain string) string {
	ascii, err := asciiDomain(domain)
	if err != nil {
		return "localhost"
	}
	return ascii
}
