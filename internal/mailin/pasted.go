package mailin

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// maxPasted bounds the pictures that are taken out of one mail's HTML.
const maxPasted = 30

// pastedMark is how the address of a picture written into the markup begins
// (RFC 2397).
var pastedMark = []byte("data:image/")

// cutPasted takes the pictures that people paste into a mail, and their programs
// write into the markup, out of a page: they become files, and the page names
// them by a cid: address. Left in, a screenshot would use up the room for words,
// and be lost when the page is cleaned.
func (m *Mail) cutPasted(page []byte) []byte {
	var out []byte
	from := 0
	for pos := 0; len(m.pasted) < maxPasted; {
		i := bytes.Index(page[pos:], pastedMark)
		if i < 0 {
			break
		}
		at := pos + i
		pos = at + len(pastedMark)
		kind, begin, ok := pictureAt(page[at:min(len(page), at+100)])
		if !ok || !isSource(page[from:at]) {
			continue
		}
		size := bytes.IndexAny(page[at+begin:], `"'<>`)
		if size < 0 {
			break // nor does any further one end
		}
		pos = at + begin + size
		data, ok := base64Loose(unpercent(string(page[at+begin : pos])))
		if !ok || len(data) == 0 {
			continue
		}
		out = append(append(out, page[from:at]...), "cid:"+m.keepPasted(kind, data)...)
		from = pos
	}
	if from == 0 {
		return page
	}
	return append(out, page[from:]...)
}

// pictureAt reads the head of a data: address, if it is that of a picture that may
// be shown, and gives where its code begins.
func pictureAt(s []byte) (kind string, begin int, ok bool) {
	head, _, ok := bytes.Cut(bytes.ToLower(s), []byte(","))
	if !ok || !bytes.HasSuffix(head, []byte(";base64")) {
		return "", 0, false
	}
	kind, _, _ = strings.Cut(string(head[len("data:"):]), ";")
	switch kind {
	case "image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp":
		return kind, len(head) + 1, true
	}
	return "", 0, false
}

// isSource tells whether before ends as the src of a picture does.
func isSource(before []byte) bool {
	before = bytes.TrimRight(before[max(0, len(before)-20):], " \t\r\n\"'")
	before, ok := bytes.CutSuffix(before, []byte("="))
	return ok && bytes.HasSuffix(bytes.ToLower(bytes.TrimRight(before, " ")), []byte("src"))
}

// keepPasted makes a picture a file, the same picture once, and gives its
// Content-ID.
func (m *Mail) keepPasted(kind string, data []byte) string {
	sum := sha256.Sum256(data)
	id := "pasted-" + hex.EncodeToString(sum[:8]) + "@mail"
	if !slices.ContainsFunc(m.pasted, func(a Attachment) bool { return a.ContentID == id }) {
		name := fmt.Sprintf("image-%d%s", len(m.pasted)+1, extensions[kind])
		m.pasted = append(m.pasted, Attachment{Name: name, Type: kind, ContentID: id, Inline: true, Data: data})
	}
	return id
}

// dropQuoted forgets the pasted pictures of quoted mails: they came before, and
// the raw mail has them.
func (m *Mail) dropQuoted() {
	shown := shownIDs(m.ReplyHTML)
	m.Attachments = slices.DeleteFunc(slices.Clone(m.Attachments), func(a Attachment) bool {
		return strings.HasPrefix(a.ContentID, "pasted-") && !shown[a.ContentID] &&
			slices.ContainsFunc(m.pasted, func(p Attachment) bool { return p.ContentID == a.ContentID })
	})
}

// shownIDs are the Content-IDs that a page names by cid: addresses (RFC 2392).
func shownIDs(page string) map[string]bool {
	ids := map[string]bool{}
	for {
		_, after, ok := strings.Cut(page, "cid:")
		if !ok {
			return ids
		}
		end := strings.IndexAny(after[:min(len(after), 300)], "\"'<>() \t\n")
		if end < 0 {
			end = min(len(after), 300)
		}
		if id := after[:end]; id != "" {
			ids[id] = true
			if plain, err := url.PathUnescape(id); err == nil {
				ids[plain] = true
			}
		}
		page = after[end:]
	}
}
