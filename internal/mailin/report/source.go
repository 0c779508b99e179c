package report

import (
	"mime"
	"strings"
)

// headers gives the values of a header, none without a lookup.
func (s Source) headers(name string) []string {
	if s.Header == nil {
		return nil
	}
	return s.Header(name)
}

// header gives the topmost value of a header.
func (s Source) header(name string) string {
	for _, v := range s.headers(name) {
		return strings.TrimSpace(v)
	}
	return ""
}

// has tells whether one of the parts is of the type.
func (s Source) has(types ...string) bool {
	for _, p := range s.Parts {
		for _, t := range types {
			if p.kind() == t {
				return true
			}
		}
	}
	return false
}

// kind is the part's media type, lower case and without parameters that a
// broken header left in it.
func (p Part) kind() string {
	t := strings.ToLower(strings.TrimSpace(p.Type))
	if i := strings.IndexAny(t, "; \t"); i >= 0 {
		t = t[:i]
	}
	if t == "" || t == "text" {
		return "text/plain"
	}
	return t
}

// reportType is the report-type of a multipart/report (RFC 6522), lower case;
// "?" for a report that does not say, "" for every other mail.
func (s Source) reportType() string {
	v := s.header("Content-Type")
	t, params, err := mime.ParseMediaType(v)
	if t == "" && err != nil {
		t = strings.ToLower(strings.TrimSpace(strings.SplitN(v, ";", 2)[0]))
	}
	if t != "multipart/report" {
		return ""
	}
	if kind := strings.ToLower(params["report-type"]); kind != "" {
		return kind
	}
	return "?"
}

// isReport tells a delivery report that says so itself: multipart/report, and
// either its type or one of its parts is a delivery status.
func (s Source) isReport() bool {
	switch s.reportType() {
	case "delivery-status", "global-delivery-status":
		return true
	case "?":
		return s.has(statusTypes...) || s.fromMachine()
	}
	return false
}

// receipt tells a read receipt (RFC 8098).
func (s Source) receipt() bool {
	return s.reportType() == "disposition-notification" ||
		s.reportType() != "" && s.has("message/disposition-notification", "message/global-disposition-notification")
}

// bare takes the address out of a From header, lower case: "A <b@c>", "b@c (A)".
func bare(from string) string {
	if len(from) > 1000 {
		from = from[:1000]
	}
	if i := strings.LastIndexByte(from, '<'); i >= 0 {
		if j := strings.IndexByte(from[i:], '>'); j > 1 {
			return strings.ToLower(strings.TrimSpace(from[i+1 : i+j]))
		}
	}
	if a := addressIn(from); a != "" {
		return strings.ToLower(a)
	}
	word, _, _ := strings.Cut(strings.TrimSpace(from), " ")
	return strings.ToLower(word)
}

// nullPath tells the empty envelope sender of RFC 5321, section 4.5.5, and the
// MAILER-DAEMON that old servers wrote in its place.
func (s Source) nullPath() bool {
	for i, v := range s.headers("Return-Path") {
		v = strings.ToLower(strings.TrimSpace(v))
		if i == 0 && (v == "<>" || v == "<null>" || strings.HasPrefix(v, "<> ")) {
			return true
		}
		if i == 0 && strings.HasPrefix(strings.Trim(v, "<>"), "mailer-daemon") {
			return true
		}
	}
	return false
}
