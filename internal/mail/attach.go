package mail

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"net/textproto"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
	"golang.org/x/text/unicode/norm"
)

const maxFileName = 100 // runes; longer names are cut before the extension

// fileSet writes the attachments of one mail, keeps count of their bytes and
// remembers the first fault.
type fileSet struct {
	left int64
	err  error
}

func (s *fileSet) add(list []Attachment) []*gomail.File {
	files := make([]*gomail.File, 0, len(list))
	for i, a := range list {
		name := fileName(a.Name)
		header := textproto.MIMEHeader{
			"Content-Type":        {contentType(a.Type, name)},
			"Content-Disposition": {disposition("attachment", name)},
		}
		if a.CID != "" {
			header.Set("Content-Disposition", disposition("inline", name))
			header.Set("Content-Id", "<"+a.CID+">")
		}
		files = append(files, &gomail.File{
			Name: name, Header: header,
			Writer: func(w io.Writer) (int64, error) {
				n, err := s.copy(w, a)
				if err != nil && s.err == nil {
					s.err = fmt.Errorf("mail: attachment %d: %w", i, err)
				}
				return n, err
			},
		})
	}
	return files
}

func (s *fileSet) copy(w io.Writer, a Attachment) (n int64, err error) {
	r, err := a.Open()
	if err != nil {
		return 0, fmt.Errorf("open: %w", err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	n, err = io.Copy(w, io.LimitReader(r, s.left+1))
	if n > s.left {
		return n, ErrTooLarge
	}
	s.left -= n
	return n, err
}

// contentType is the header value for a file. The name stands here as encoded
// words too, against the letter of RFC 2047, since older readers look nowhere
// else; disposition has the proper form.
func contentType(given, name string) string {
	kind, params, err := mime.ParseMediaType(given)
	// A message or a multipart must not be sent as base64 (RFC 2045, section 6.4).
	if err != nil || !strings.Contains(kind, "/") ||
		strings.HasPrefix(kind, "multipart/") || strings.HasPrefix(kind, "message/") {
		kind, params = "application/octet-stream", nil
	}
	delete(params, "name")
	value := mime.FormatMediaType(kind, params)
	if value == "" || len(value) > 200 {
		value = "application/octet-stream"
	}
	if !isASCII(name) {
		name = strings.Join(encodedWords(name, wordBytes, wordBytes), "\r\n ")
	}
	return value + ";\r\n name=\"" + name + "\""
}

// disposition names the file by RFC 2231: percent-encoded UTF-8, in numbered
// pieces when it is long.
func disposition(kind, name string) string {
	if isASCII(name) {
		return kind + ";\r\n filename=\"" + name + "\""
	}
	const width = 54
	var pieces []string
	piece := ""
	for _, r := range name {
		encoded := percent(r)
		if len(piece)+len(encoded) > width {
			pieces = append(pieces, piece)
			piece = ""
		}
		piece += encoded
	}
	pieces = append(pieces, piece)
	if len(pieces) == 1 {
		return kind + ";\r\n filename*=utf-8''" + pieces[0]
	}
	out := kind
	for i, p := range pieces {
		if i == 0 {
			p = "utf-8''" + p
		}
		out += fmt.Sprintf(";\r\n filename*%d*=%s", i, p)
	}
	return out
}

// percent encodes all but the plainest characters (attribute-char of RFC 2231).
func percent(r rune) string {
	if r < utf8.RuneSelf && (r == '-' || r == '_' || r == '.' || unicode.IsLetter(r) || unicode.IsDigit(r)) {
		return string(r)
	}
	out := ""
	for _, b := range []byte(string(r)) {
		out += fmt.Sprintf("%%%02X", b)
	}
	return out
}

// fileName is a name that is safe in a header and as a file on any system:
// the last part of a path, no control or bidirectional characters, not too long.
func fileName(name string) string {
	name = norm.NFC.String(strings.ToValidUTF8(name, "_"))
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return -1
		case strings.ContainsRune(`/\:*?"<>|`, r):
			return '_'
		}
		return r
	}, name)
	name = strings.Trim(name, " .")
	if name == "" || name == "_" {
		return "file"
	}
	runes := []rune(name)
	if len(runes) <= maxFileName {
		return name
	}
	ext := []rune(path.Ext(name))
	if len(ext) > 16 {
		ext = nil
	}
	return string(runes[:maxFileName-len(ext)]) + string(ext)
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
