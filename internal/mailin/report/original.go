package report

import (
	"strings"
)

// Original finds what a report says of the mail it is about: the Message-IDs
// (with angle brackets) and the addresses that the mail was sent from on the
// envelope (Return-Path, envelope-from, Errors-To; without brackets), nearest
// first, each once. It looks into the embedded original, its headers, and the
// copy that text reports carry below their words. It decides nothing: whether
// such an ID or address is ours is for the caller to check.
func Original(s Source) (messageIDs, returnPaths []string) {
	var ids, paths []string
	for _, text := range originals(s) {
		for name, value := range headerLines(text) {
			switch name {
			case "message-id", "x-original-message-id", "original-message-id", "x-microsoft-original-message-id":
				ids = append(ids, angled(value)...)
			case "return-path", "errors-to", "x-return-path", "x-envelope-from", "x-postfix-sender", "original-mail-from", "x-sender", "envelope-from":
				if a := addressIn(value); a != "" {
					paths = append(paths, a)
				}
			case "received":
				for _, mark := range []string{"envelope-from", "(envelope-sender"} {
					if _, rest, ok := strings.Cut(value, mark); ok {
						if a := addressIn(cut(rest, 400)); a != "" {
							paths = append(paths, a)
						}
					}
				}
			}
			if len(ids) > 2*maxIDs || len(paths) > 2*maxIDs {
				break
			}
		}
	}
	if n, ok := readNotification(s); ok {
		for _, h := range n.Mail.Headers {
			if strings.EqualFold(h.Name, "Message-ID") {
				ids = append(ids, angled(h.Value)...)
			}
		}
		if a := addressIn(cut(n.Mail.Source, 400)); a != "" {
			paths = append(paths, a)
		}
	}
	ids, paths = uniq(ids), uniq(paths)
	return ids[:min(len(ids), maxIDs)], paths[:min(len(paths), maxIDs)]
}

// originalTo gives the To addresses of the embedded original.
func originalTo(s Source) []string {
	for _, text := range originals(s) {
		for name, value := range headerLines(text) {
			if name == "to" {
				if list := address.FindAllString(cut(value, 8<<10), maxRecipients); len(list) > 0 {
					return list
				}
			}
		}
	}
	return nil
}

// originals gives the texts that may hold headers of the original: embedded
// mails, headers and status fields first, then the report's text.
func originals(s Source) []string {
	var first, last []string
	room := maxText
	for _, p := range s.Parts {
		body := cut(string(p.Body[:min(len(p.Body), room)]), room)
		room -= len(body)
		switch kind := p.kind(); {
		case kind == "text/rfc822-headers", strings.HasPrefix(kind, "message/"):
			first = append(first, body)
		case kind == "text/plain", strings.HasPrefix(kind, "multipart/"):
			last = append(last, body)
		}
	}
	return append(first, last...)
}

// headerLines walks the lines of a text that look like headers, folded ones
// joined, names in lower case.
func headerLines(text string) func(yield func(name, value string) bool) {
	return func(yield func(name, value string) bool) {
		name, indent := "", 0 // a copy may stand indented as a whole
		var value strings.Builder
		flush := func() bool { return name == "" || yield(name, strings.TrimSpace(value.String())) }
		for line := range strings.Lines(text) {
			line = strings.TrimRight(line, "\r\n")
			bare := strings.TrimLeft(line, " \t")
			if name != "" && bare != "" && len(line)-len(bare) > indent {
				if value.Len() < 8<<10 {
					value.WriteString(" " + strings.TrimSpace(cut(line, 2000)))
				}
				continue
			}
			if !flush() {
				return
			}
			name = ""
			value.Reset()
			if i := strings.IndexByte(bare, ':'); i > 0 && i < 60 && !strings.ContainsAny(bare[:i], " \t") {
				name, indent = strings.ToLower(bare[:i]), len(line)-len(bare)
				value.WriteString(cut(bare[i+1:], 2000))
			}
		}
		flush()
	}
}

// angled gives the <ids> in a header's value, at most ten.
func angled(v string) []string {
	var out []string
	for len(out) < 10 {
		_, rest, ok := strings.Cut(v, "<")
		if !ok {
			return out
		}
		id, after, ok := strings.Cut(rest, ">")
		if !ok {
			return out
		}
		if id = strings.TrimSpace(id); id != "" && len(id) < 1000 && !strings.ContainsAny(id, " \t<") {
			out = append(out, "<"+id+">")
		}
		v = after
	}
	return out
}
