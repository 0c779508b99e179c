package liquid

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/osteele/liquid/render"
)

// filter is one function of the table: its value, as it is, and its arguments, as many as Check allows.
type filter struct {
	min, max int // arguments
	literal  tokenKind
	run      func(in any, args []any) (any, error)
}

// filterTable holds the filters of a letter. Texts are counted in characters, never in bytes, so that no character
// is cut; date has the formats of style.format; default replaces what is empty, false or not set.
func filterTable() map[string]filter {
	return map[string]filter{
		"append":     {1, 1, tokenEnd, func(in any, a []any) (any, error) { return joined([]any{in, a[0]}, "") }},
		"capitalize": onText(capitalize),
		"date":       {1, 1, tokenString, formatDate},
		"default":    {1, 1, tokenEnd, orDefault},
		"downcase":   onText(strings.ToLower),
		"first":      {0, 0, tokenEnd, func(in any, _ []any) (any, error) { return item(in, false), nil }},
		"join":       {0, 1, tokenEnd, joinFilter},
		"last":       {0, 0, tokenEnd, func(in any, _ []any) (any, error) { return item(in, true), nil }},
		"prepend":    {1, 1, tokenEnd, func(in any, a []any) (any, error) { return joined([]any{a[0], in}, "") }},
		"remove":     {1, 1, tokenEnd, func(in any, a []any) (any, error) { return replace(in, a[0], "") }},
		"replace":    {2, 2, tokenEnd, func(in any, a []any) (any, error) { return replace(in, a[0], a[1]) }},
		"size":       {0, 0, tokenEnd, size},
		"split":      {1, 1, tokenEnd, split},
		"strip":      onText(strings.TrimSpace),
		"truncate":   {1, 2, tokenInt, truncate},
		"upcase":     onText(strings.ToUpper),
		"url_encode": onText(url.QueryEscape),
	}
}

// plainTable holds also those that only texts for programs have. Its url_encode writes a space in the way that is
// right everywhere (RFC 3986, section 2.1); the plus sign means one in forms alone.
func plainTable() map[string]filter {
	table := filterTable()
	table["base64"] = onText(func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) })
	table["json"] = onText(quoteJSON)
	table["url_encode"] = onText(func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") })
	return table
}

func (v vocabulary) checkFilters(calls []call) error {
	for _, c := range calls {
		if err := v.checkFilter(c.name, c.args); err != nil {
			return err
		}
	}
	return nil
}

// checkFilter tells whether the filter exists and takes these arguments; args holds the commas too.
func (v vocabulary) checkFilter(name string, args []token) error {
	f, ok := v.filters[name]
	if !ok {
		names := make([]string, 0, len(v.filters))
		for n := range v.filters {
			names = append(names, n)
		}
		slices.Sort(names)
		if len(name) > 40 {
			name = name[:40]
		}
		return fmt.Errorf("unknown filter %q (there are: %s)", name, strings.Join(names, ", "))
	}
	n := (len(args) + 1) / 2
	if n < f.min || n > f.max {
		return fmt.Errorf("the filter %s takes %s, not %d", name, counted(f.min, f.max), n)
	}
	switch {
	case f.literal == tokenString && args[0].kind != tokenString:
		return fmt.Errorf("the filter %s needs a text in quotes", name)
	case f.literal == tokenInt && (args[0].kind != tokenInt || strings.HasPrefix(args[0].text, "-")):
		return fmt.Errorf("the filter %s needs a whole number", name)
	case name == "date":
		_, err := style{locale: "en"}.format(time.Unix(0, 0), args[0].text)
		return err
	}
	return nil
}

func counted(least, most int) string {
	switch {
	case most == 0:
		return "no argument"
	case least != most:
		return fmt.Sprintf("%d to %d arguments", least, most)
	case most == 1:
		return "1 argument"
	}
	return fmt.Sprintf("%d arguments", most)
}

// addFilters gives a table to the library. Whatever goes in and comes out counts against b.
func addFilters(cfg *render.Config, b *budget, table map[string]filter) {
	for name, f := range table {
		cfg.AddFilter(name, func(in any, args ...any) (any, error) {
			if err := b.spend(weight(in) + 1); err != nil {
				return nil, err
			}
			if len(args) < f.min || len(args) > f.max {
				return nil, errors.New("wrong number of arguments")
			}
			out, err := f.run(in, args)
			if err != nil {
				return nil, err
			}
			return bind(out), b.spend(weight(out))
		})
	}
}

// weight is about how many bytes a value holds.
func weight(v any) int {
	switch v := v.(type) {
	case string:
		return len(v)
	case []any:
		n := 0
		for _, item := range v {
			n += weight(item) + 16
		}
		return n
	default:
		return 8
	}
}

// onText makes a filter of a function that makes a text at most six times as long.
func onText(change func(string) string) filter {
	return filter{0, 0, tokenEnd, func(in any, _ []any) (any, error) {
		s, err := toString(in)
		if err != nil {
			return nil, err
		}
		return toString(change(s))
	}}
}

// quoteJSON is a text as a string of JSON (RFC 8259, section 7), its quotes included.
func quoteJSON(s string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return `""` // a text can always be written
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func capitalize(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:n]) + s[n:]
}

func formatDate(in any, args []any) (any, error) {
	m, ok := in.(moment)
	if !ok {
		return in, nil // as in Liquid, what is no date stays as it is
	}
	if m.at.IsZero() {
		return "", nil
	}
	layout, err := toString(args[0])
	if err != nil {
		return nil, err
	}
	out, err := m.style.format(m.at, layout)
	if err != nil {
		return nil, err
	}
	return toString(out)
}

func orDefault(in any, args []any) (any, error) {
	if truthy(in) {
		return in, nil
	}
	return args[0], nil
}

// item is the first or last of a list; a text is a list of one.
func item(in any, last bool) any {
	items, ok := in.([]any)
	switch {
	case !ok:
		return in
	case len(items) == 0:
		return ""
	case last:
		return items[len(items)-1]
	}
	return items[0]
}

func joinFilter(in any, args []any) (any, error) {
	sep := " "
	if len(args) > 0 {
		s, err := toString(args[0])
		if err != nil {
			return nil, err
		}
		sep = s
	}
	items, ok := in.([]any)
	if !ok {
		return toString(in)
	}
	return joined(items, sep)
}

func replace(in, old, with any) (any, error) {
	var s [3]string
	for i, v := range []any{in, old, with} {
		var err error
		if s[i], err = toString(v); err != nil {
			return nil, err
		}
	}
	if s[1] == "" {
		return s[0], nil
	}
	if n := strings.Count(s[0], s[1]); len(s[0])+n*(len(s[2])-len(s[1])) > maxText {
		return nil, ErrTooMuchWork
	}
	return strings.ReplaceAll(s[0], s[1], s[2]), nil
}

func size(in any, _ []any) (any, error) {
	if items, ok := in.([]any); ok {
		return len(items), nil
	}
	s, err := toString(in)
	return utf8.RuneCountInString(s), err
}

// split cuts a text into a list; nothing comes of an empty text. An empty separator gives the characters.
func split(in any, args []any) (any, error) {
	s, err := toString(in)
	if err != nil {
		return nil, err
	}
	sep, err := toString(args[0])
	if err != nil {
		return nil, err
	}
	items := []any{}
	if s == "" {
		return items, nil
	}
	for part := range strings.SplitSeq(s, sep) {
		items = append(items, part)
	}
	return items, nil
}

// truncate cuts a text to a number of characters, of which the end mark, … if not given, is part.
func truncate(in any, args []any) (any, error) {
	s, err := toString(in)
	if err != nil {
		return nil, err
	}
	end := "…"
	if len(args) > 1 {
		if end, err = toString(args[1]); err != nil {
			return nil, err
		}
	}
	n, err := strconv.Atoi(fmt.Sprint(args[0]))
	if err != nil {
		return nil, err
	}
	runes, mark := []rune(s), []rune(end)
	if len(runes) <= n {
		return s, nil
	}
	keep := max(0, n-len(mark))
	return string(runes[:keep]) + string(mark[:min(n, len(mark))]), nil
}
