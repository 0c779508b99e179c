package orderlookup

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
)

// Owner is whose something is, as the shop knows it. Hashes are hex SHA-256 of
// the mail address in lower case, or of the number in E.164.
type Owner struct {
	Email, Phone         string
	EmailHash, PhoneHash string
	Member               string
}

func (o Owner) none() bool { return o == Owner{} }

func ownerOf(m map[string]any) Owner {
	word := func(name string) string {
		s, _ := m[name].(string)
		if len(s) > maxContact {
			return ""
		}
		return strings.ToLower(strings.TrimSpace(s))
	}
	return Owner{Email: word("email"), Phone: digits(word("phone")), EmailHash: word("email_sha256"), PhoneHash: word("phone_sha256")}
}

// Kinds of a [Known].
const (
	Email  = "email"
	Phone  = "phone"
	Number = "member"
)

// Known is an address of the person who wrote. Value is in lower case, or in
// E.164; Also are other spellings of it, such as the national one of a phone
// number. Proven: it is known to be that person's, not only claimed.
type Known struct {
	Kind   string
	Value  string
	Also   []string
	Proven bool
}

// How an owner compares to a person.
const (
	Same    = "verified" // an address that is proven to be the person's stands on it
	Claimed = "claimed"  // one that the person only claims stands on it: anybody can type it
	Other   = "other"    // other addresses stand on it
	Unknown = "unknown"  // there is nothing to compare
)

// Match is how an owner compares to a person.
type Match struct {
	State   string   `json:"state"`
	By      []string `json:"by"`      // kinds that are the same: email, phone, member
	Differs []string `json:"differs"` // kinds that are not
}

// Compare tells whether something is a person's.
func (o Owner) Compare(person []Known) Match {
	m := Match{State: Unknown, By: []string{}, Differs: []string{}}
	for _, kind := range []string{Email, Phone, Number} {
		compared, same, proven := false, false, false
		for _, k := range person {
			if k.Kind != kind || !o.says(kind) {
				continue
			}
			compared = true
			if o.is(k) {
				same, proven = true, proven || k.Proven
			}
		}
		switch {
		case same:
			m.By = append(m.By, kind)
			if proven {
				m.State = Same
			} else if m.State != Same {
				m.State = Claimed
			}
		case compared:
			m.Differs = append(m.Differs, kind)
		}
	}
	if m.State == Unknown && len(m.Differs) > 0 {
		m.State = Other
	}
	return m
}

// says tells whether the shop named an address of a kind.
func (o Owner) says(kind string) bool {
	switch kind {
	case Email:
		return o.Email != "" || o.EmailHash != ""
	case Phone:
		return o.Phone != "" || o.PhoneHash != ""
	}
	return o.Member != ""
}

// is tells whether the address that the shop named is this one.
func (o Owner) is(k Known) bool {
	all := append([]string{k.Value}, k.Also...)
	switch k.Kind {
	case Email:
		return slices.Contains(all, o.Email) || slices.ContainsFunc(all, func(s string) bool { return digest(s) == o.EmailHash })
	case Phone:
		return o.Phone != "" && slices.ContainsFunc(all, func(s string) bool { return digits(s) == o.Phone }) ||
			slices.ContainsFunc(all, func(s string) bool { return digest(s) == o.PhoneHash })
	}
	return slices.Contains(all, o.Member)
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// digits leaves the digits of a phone number, in whatever way it is written.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
