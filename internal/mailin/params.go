package mailin

import (
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pocketdesk/pocketdesk/internal/mailin/charset"
)

const maxParams = 100 // of one header field

// parseParams reads a value with parameters (RFC 2045 §5.1, RFC 2183): the value
// itself in lower case, and its parameters, decoded, by their names in lower
// case. It understands RFC 2231 and the forms that came before and beside it.
func parseParams(raw, hint string) (value string, params map[string]string) {
	s := toUTF8(raw, hint)
	value, rest := cutParam(s)
	value = strings.ToLower(strings.Trim(strings.TrimSpace(value), `"'`))
	if i := strings.IndexAny(value, " \t("); i > 0 {
		value = value[:i]
	}
	params = map[string]string{}
	pieces := map[string][]piece{}
	for n := 0; rest != "" && n < maxParams; n++ {
		var one string
		one, rest = cutParam(rest)
		key, v, ok := strings.Cut(one, "=")
		if !ok {
			continue
		}
		key = strings.ToLower(strings.TrimSpace(key))
		v = unquote(strings.TrimSpace(v))
		if base, p, ok := extended(key, v); ok {
			pieces[base] = append(pieces[base], p)
			continue
		}
		if _, twice := params[key]; !twice {
			params[key] = v
		}
	}
	for name, list := range pieces {
		if v := joinPieces(list, hint); v != "" {
			params[name] = v
		}
	}
	return value, params
}

// cutParam cuts at the first semicolon outside quotes. A quote without an end
// stops at the next semicolon too.
func cutParam(s string) (one, rest string) {
	open := true // a quote that begins here may have its end
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == ';':
			return s[:i], s[i+1:]
		case s[i] == '"' && open:
			n := quoteEnd(s[i:])
			i, open = i+n, n > 0
		}
	}
	return s, ""
}

// quoteEnd gives the place of the quote that closes the one s begins with, 0 if
// there is none. A quote that is followed by more of the name, as in
// `"say "hi".txt"`, does not close.
func quoteEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			if i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\') {
				i++
			}
		case '"':
			if rest := s[i+1:]; rest == "" || strings.IndexByte(" \t;(", rest[0]) >= 0 {
				return i
			}
		}
	}
	return 0
}

// unquote removes quotes and their escapes; a backslash before another letter is
// part of a Windows path and stays.
func unquote(v string) string {
	if !strings.HasPrefix(v, `"`) {
		return strings.TrimRight(v, " \t")
	}
	end := quoteEnd(v)
	if end == 0 {
		return strings.Trim(v, `"`)
	}
	v = v[1:end]
	if !strings.Contains(v, `\`) {
		return v
	}
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(v)
}

// piece is one part of a value that RFC 2231 splits.
type piece struct {
	at      int
	percent bool // has its charset or is percent-encoded
	value   string
}

// extended reads a key as name*, name*0 or name*0*.
func extended(key, value string) (base string, p piece, ok bool) {
	base, tail, ok := strings.Cut(key, "*")
	if !ok || base == "" {
		return "", piece{}, false
	}
	p = piece{value: value, percent: tail == "" || strings.HasSuffix(tail, "*")}
	if number := strings.TrimSuffix(tail, "*"); number != "" {
		n, err := strconv.Atoi(number)
		if err != nil || n < 0 {
			return "", piece{}, false
		}
		p.at = n
	}
	return base, p, true
}

// joinPieces puts the pieces in order and decodes them as one: a character may
// be split between two.
func joinPieces(list []piece, hint string) string {
	sort.SliceStable(list, func(i, j int) bool { return list[i].at < list[j].at })
	var (
		label string
		raw   []byte
	)
	percent := false
	for i, p := range list {
		v := p.value
		if i == 0 && p.percent {
			if c, rest, ok := cutCharset(v); ok {
				label, v = c, rest
			}
		}
		if p.percent {
			percent = true
			raw = append(raw, unpercent(v)...)
		} else {
			raw = append(raw, v...)
		}
	}
	if !percent || strings.Contains(string(raw), "=?") {
		return string(raw)
	}
	if label == "" {
		label = hint
	}
	text, _ := charset.Decode(raw, label)
	return printable(text)
}

// cutCharset cuts charset'language' off a value (RFC 2231 §4).
func cutCharset(v string) (label, rest string, ok bool) {
	i := strings.IndexByte(v, '\'')
	if i < 0 || i > 40 {
		return "", "", false
	}
	j := strings.IndexByte(v[i+1:], '\'')
	if j < 0 || j > 20 {
		return "", "", false
	}
	return v[:i], v[i+1+j+1:], true
}

// unpercent undoes percent-encoding and leaves what is none.
func unpercent(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			out = append(out, unhex(s[i+1])<<4|unhex(s[i+2]))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}

// looseText decodes a parameter that should have been in RFC 2231's form: as an
// encoded word, as charset”percent, or as percent alone.
func looseText(v, hint string) string {
	if strings.Contains(v, "=?") {
		return strings.TrimSpace(decodeWords(v, hint))
	}
	if !strings.Contains(v, "%") {
		return printable(v)
	}
	rest, label := v, ""
	if c, after, ok := cutCharset(v); ok && c != "" {
		label, rest = c, after
	}
	raw := unpercent(rest)
	text, _ := charset.Decode(raw, label)
	if label == "" && (!utf8.Valid(raw) || len(raw) == len(rest) || !highByte(raw)) {
		return printable(v)
	}
	return printable(text)
}

func highByte(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return true
		}
	}
	return false
}
