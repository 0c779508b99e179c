package mailin

import (
	"context"
	"errors"
	"strings"
)

// Limits of what Parse reads. A mail over one of them is not refused where
// something of it can be kept.
const (
	MaxSize  = 25 << 20 // bytes of a mail
	MaxParts = 500      // parts, those inside forwarded mails not counted
	MaxDepth = 40       // multiparts inside each other
)

// What Parse returns when a limit is hit.
var (
	ErrTooLarge = errors.New("mail is larger than 25 MB")
	ErrTooDeep  = errors.New("mail nests more than 40 multiparts")
	ErrTooMany  = errors.New("mail has more than 500 parts")
	ErrTimeout  = errors.New("mail took too long to read")
	ErrEmpty    = errors.New("mail is empty")
)

// part is one node of the tree of MIME parts (RFC 2045, 2046).
type part struct {
	header   Header
	kind     string // media type, lower case; its default where missing
	params   map[string]string
	disp     string // disposition, lower case, "" where missing
	dparams  map[string]string
	encoding string
	body     []byte // as it came
	children []*part
	decoded  []byte // the body without its transfer encoding, for leaves
	typed    bool   // the mail itself says the type
	broken   bool   // a multipart whose boundary is not there
}

// walker builds the tree within the limits.
type walker struct {
	ctx   context.Context
	hint  string
	count int
	err   error
	notes []string
}

func (w *walker) note(s string) {
	for _, have := range w.notes {
		if have == s {
			return
		}
	}
	w.notes = append(w.notes, s)
}

// read parses one part with all below it. usual is the type of a part that names
// none.
func (w *walker) read(raw []byte, usual string, depth int) *part {
	fields, body := splitHead(raw)
	return w.build(fields, body, usual, depth)
}

func (w *walker) build(fields []field, body []byte, usual string, depth int) *part {
	w.count++
	p := &part{header: Header{fields: fields, hint: w.hint}, body: body}
	p.kind, p.params = parseParams(rawField(fields, "Content-Type"), w.hint)
	p.disp, p.dparams = parseParams(rawField(fields, "Content-Disposition"), w.hint)
	p.encoding, _ = parseParams(rawField(fields, "Content-Transfer-Encoding"), "")
	p.kind, p.typed = fullType(p.kind, usual)
	if err := w.ctx.Err(); err != nil {
		w.err = ErrTimeout
		return p
	}
	if strings.HasPrefix(p.kind, "multipart/") {
		w.split(p, depth)
		return p
	}
	var ok bool
	if p.decoded, ok = undo(p.body, p.encoding); !ok {
		w.note("a part is not in the encoding it names, and was taken as it is")
	}
	return p
}

// split reads the parts of a multipart.
func (w *walker) split(p *part, depth int) {
	if depth >= MaxDepth {
		w.err = ErrTooDeep
		p.kind, p.decoded = "application/octet-stream", p.body
		return
	}
	usual := "text/plain"
	if p.kind == "multipart/digest" {
		usual = "message/rfc822"
	}
	pieces, preamble, closed := splitParts(p.body, p.params["boundary"])
	if len(pieces) == 0 {
		if out, ok := undo(p.body, p.encoding); ok && p.encoding != "" {
			pieces, preamble, closed = splitParts(out, p.params["boundary"])
		}
	}
	if len(pieces) == 0 {
		w.note("a multipart has no parts, and was read as text")
		p.kind, p.broken, p.decoded = "text/plain", true, preamble
		return
	}
	if !closed {
		w.note("a multipart has no end")
	}
	for _, raw := range pieces {
		if w.count >= MaxParts {
			w.err = ErrTooMany
			return
		}
		if w.err != nil && !errors.Is(w.err, ErrTooDeep) {
			return
		}
		p.children = append(p.children, w.read(raw, usual, depth+1))
	}
}

// rawField gives the first value of a field as it came.
func rawField(fields []field, name string) string {
	for _, f := range fields {
		if strings.EqualFold(f.name, name) && f.raw != "" {
			return f.raw
		}
	}
	return ""
}

// fullType completes a media type that is missing, has one half or is garbage
// (RFC 2045 §5.2). typed is false for a default.
func fullType(kind, usual string) (string, bool) {
	major, minor, ok := strings.Cut(kind, "/")
	switch {
	case kind == "":
		return usual, false
	case !ok && kind == "text":
		return "text/plain", true
	case !ok && kind == "multipart":
		return "multipart/mixed", true
	case !ok && kind == "html":
		return "text/html", true
	case !ok && kind == "plain":
		return "text/plain", true
	case !ok || major == "" || minor == "" || strings.ContainsFunc(kind, noToken):
		return "application/octet-stream", true
	}
	return kind, true
}

// noToken tells characters that no media type has (RFC 2045 §5.1).
func noToken(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune("()<>@,;:\\\"[]?=*", r)
}

// charset is the declared charset of a text part.
func (p *part) charset() string { return p.params["charset"] }

// multipart says whether p has parts of its own.
func (p *part) multipart() bool { return strings.HasPrefix(p.kind, "multipart/") }

// contentID is the Content-ID without its brackets (RFC 2392).
func (p *part) contentID() string {
	return strings.Trim(strings.TrimSpace(decodeWords(rawField(p.header.fields, "Content-ID"), "")), "<> ")
}

// name is the part's file name from wherever it stands, "" where it has none.
func (p *part) name() string {
	for _, v := range []string{p.dparams["filename"], p.params["name"], p.dparams["name"], p.params["filename"]} {
		if name := fileName(looseText(v, p.header.hint)); name != "" {
			return name
		}
	}
	return ""
}
