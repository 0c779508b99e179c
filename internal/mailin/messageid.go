package mailin

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

const maxIDs = 200 // of References

// messageIDs finds the ids in a value of Message-ID, In-Reply-To or References
// (RFC 5322 §3.6.4), with their brackets, each once. Where nothing stands in
// brackets, every word with an "@" counts.
func messageIDs(values []string) []string {
	var out []string
	seen := map[string]bool{}
	add := func(id string) {
		id = strings.Join(strings.Fields(id), "")
		if id == "" || len(id) > 900 || seen[id] || len(out) >= maxIDs {
			return
		}
		seen[id] = true
		out = append(out, "<"+id+">")
	}
	for _, v := range values {
		for v != "" {
			i := strings.IndexByte(v, '<')
			if i < 0 {
				bareIDs(v, add)
				break
			}
			bareIDs(v[:i], add)
			v = strings.TrimLeft(v[i:], "<")
			j := strings.IndexAny(v, "><")
			if j < 0 {
				add(v)
				break
			}
			add(v[:j])
			v = strings.TrimLeft(v[j:], ">")
		}
	}
	return out
}

// bareIDs takes words that are ids but for their brackets.
func bareIDs(s string, add func(string)) {
	for _, w := range strings.Fields(s) {
		w = strings.Trim(w, `,;"'`)
		if at := strings.IndexByte(w, '@'); at > 0 && at < len(w)-1 {
			add(w)
		}
	}
}

// ownID reads the Message-ID. A mail without one gets a hash of its bytes, so
// that the same mail fetched twice is the same.
func ownID(values []string, raw []byte) (id string, missing bool) {
	if ids := messageIDs(values); len(ids) > 0 {
		return ids[0], false
	}
	for _, v := range values {
		if v = strings.Trim(strings.Join(strings.Fields(v), ""), "<>"); v != "" && len(v) < 900 {
			return "<" + v + ">", false
		}
	}
	sum := sha256.Sum256(raw)
	return "<" + hex.EncodeToString(sum[:16]) + "@missing>", true
}
