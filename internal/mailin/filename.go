package mailin

import (
	"strings"
	"unicode/utf8"
)

const maxName = 200 // bytes of a file name that are kept

// fileName makes a safe name of what a mail gives: its last path element, one
// line, no control characters, cut in front of its extension when too long.
func fileName(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r < ' ' || r == 0x7f:
			return -1
		case r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r == '\u200e' || r == '\u200f': // turn the text around: exe shown as txt
			return -1
		}
		return r
	}, s)
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	s = strings.TrimSpace(s)
	if strings.Trim(s, ". ") == "" {
		return ""
	}
	if len(s) <= maxName {
		return s
	}
	ext := ""
	if i := strings.LastIndexByte(s, '.'); i > 0 && len(s)-i <= 20 {
		ext = s[i:]
	}
	cut := maxName - len(ext)
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + ext
}

// extensions are those of types that often come without a name.
var extensions = map[string]string{
	"image/png": ".png", "image/jpeg": ".jpg", "image/jpg": ".jpg", "image/pjpeg": ".jpg", "image/gif": ".gif", "image/webp": ".webp", "image/bmp": ".bmp", "image/tiff": ".tiff", "image/svg+xml": ".svg", "image/heic": ".heic",
	"text/plain": ".txt", "text/html": ".html", "text/csv": ".csv", "text/calendar": ".ics", "text/vcard": ".vcf", "text/x-vcard": ".vcf", "text/xml": ".xml", "text/rtf": ".rtf",
	"application/pdf": ".pdf", "application/zip": ".zip", "application/msword": ".doc", "application/rtf": ".rtf", "application/xml": ".xml", "application/json": ".json",
	"application/ms-tnef": ".dat", "application/vnd.ms-tnef": ".dat", "application/pkcs7-mime": ".p7m", "application/x-pkcs7-mime": ".p7m", "application/pkcs7-signature": ".p7s", "application/x-pkcs7-signature": ".p7s", "application/pgp-signature": ".asc", "application/pgp-encrypted": ".asc",
	"message/rfc822": ".eml", "message/global": ".eml", "message/partial": ".eml", "message/news": ".eml", "message/delivery-status": ".txt", "message/disposition-notification": ".txt", "message/feedback-report": ".txt", "text/rfc822-headers": ".txt",
	"audio/amr": ".amr", "audio/mpeg": ".mp3", "audio/wav": ".wav", "video/mp4": ".mp4", "video/3gpp": ".3gp", "application/postscript": ".ps",
}

// typeByName gives the type of a file whose mail does not say one.
func typeByName(name string) string {
	i := strings.LastIndexByte(name, '.')
	if i < 0 {
		return "application/octet-stream"
	}
	switch strings.ToLower(name[i:]) {
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".png":
		return "image/png"
	case ".gif":
		return "image/gif"
	case ".webp":
		return "image/webp"
	case ".heic":
		return "image/heic"
	case ".pdf":
		return "application/pdf"
	case ".txt":
		return "text/plain"
	case ".zip":
		return "application/zip"
	}
	return "application/octet-stream"
}
