package inbound

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

const (
	// maxPeek is how much of a mail's header is looked at before it is stored.
	maxPeek = 256 << 10
	// maxID is the longest Message-ID that is kept as it is.
	maxID = 300
)

// peeked is what can be told of a mail at a glance, before it is parsed.
type peeked struct {
	id      string // Message-ID with <>, or a digest where it has none
	from    string // address as a key; "" where it can't be read
	subject string // as written: it may still be encoded
}

// peek scans the header for what makes a mail known again. It can't fail: a
// mail that is no mail gets the digest of its bytes.
func peek(raw []byte) peeked {
	p := peeked{}
	for name, value := range headerFields(raw) {
		switch name {
		case "message-id":
			if p.id == "" {
				p.id = messageID(value)
			}
		case "from":
			if a, err := mail.ParseAddress(value); err == nil && p.from == "" {
				p.from, _ = mail.NormalizeAddress(a.Addr)
			}
		case "subject":
			if p.subject == "" {
				p.subject = desk.Clip(desk.OneLine(plain(value)), 300)
			}
		}
	}
	if p.id == "" {
		sum := sha256.Sum256(raw)
		p.id = "<" + hex.EncodeToString(sum[:16]) + "@missing>"
	}
	return p
}

// messageID is the id in the header's value, "" where there is none. A very long
// one becomes a digest.
func messageID(value string) string {
	if open := strings.IndexByte(value, '<'); open >= 0 {
		value = value[open+1:]
		value, _, _ = strings.Cut(value, ">")
	}
	value = strings.Join(strings.Fields(strings.ToValidUTF8(value, "")), "")
	switch {
	case value == "":
		return ""
	case len(value) > maxID-2:
		sum := sha256.Sum256([]byte(value))
		return "<" + hex.EncodeToString(sum[:16]) + "@long>"
	}
	return "<" + value + ">"
}

// plain is a header's value without what a record can't hold.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
}

// headerFields walks the header's fields, unfolded, names in lower case.
func headerFields(raw []byte) func(yield func(name, value string) bool) {
	return func(yield func(name, value string) bool) {
		raw = raw[:min(len(raw), maxPeek)]
		var name string
		var value []byte
		first := true
		for len(raw) > 0 {
			line, rest, _ := bytes.Cut(raw, []byte("\n"))
			line = bytes.TrimRight(line, "\r")
			raw = rest
			switch {
			case first && (bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From "))): // mbox
			case len(line) == 0:
				raw = nil
			case line[0] == ' ' || line[0] == '\t':
				if len(value) < 8<<10 {
					value = append(append(value, ' '), bytes.TrimSpace(line)...)
				}
			default:
				if name != "" && !yield(name, string(value)) {
					return
				}
				n, v, ok := bytes.Cut(line, []byte(":"))
				name, value = "", nil
				if ok {
					name, value = strings.ToLower(string(bytes.TrimSpace(n))), bytes.Clone(bytes.TrimSpace(v))
				}
			}
			first = false
		}
		if name != "" {
			yield(name, string(value))
		}
	}
}
