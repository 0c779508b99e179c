package mail

import "net/http"

// InlineType is the media type of a file that may stand inside a mail, by its
// first bytes, up to 512 of them: PNG, JPEG, GIF and WebP. ok is false for
// anything else, whatever its name says: SVG can hold a program.
func InlineType(head []byte) (kind string, ok bool) {
	kind = http.DetectContentType(head)
	switch kind {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return kind, true
	}
	return "", false
}
