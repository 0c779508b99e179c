package orderlookup

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// ErrShape says that an answer is no JSON object.
var ErrShape = errors.New("the answer is no JSON object")

// Read reads an answer:
//
//	{"member": {"number", "name", "since", "level", "orders", "url", owner},
//	 "orders": [{"number", "status", "placed_at", "total", "currency", "url", "tracking",
//	             "items": [{"name", "quantity", "price"}], owner}],
//	 "fields": [{"label", "value"}]}
//
// where owner stands for any of email, phone, email_sha256 and phone_sha256, which
// say whose it is and are not shown. Everything may be missing. Numbers and booleans
// are taken as text, times as RFC 3339, as a date, or in seconds since 1970. Keys of the
// outermost object beside these are shown as fields. An empty list is taken for
// an empty object, as PHP writes it.
func Read(body []byte) (Answer, error) {
	d := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))))
	d.UseNumber()
	var root any
	if err := d.Decode(&root); err != nil {
		return Answer{}, ErrShape
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return Answer{}, ErrShape
	}
	if list, ok := root.([]any); ok && len(list) == 0 {
		return nothing(), nil
	}
	o, ok := root.(map[string]any)
	if !ok {
		return Answer{}, ErrShape
	}
	a := nothing()
	a.readMember(o["member"])
	for _, v := range a.first(o["orders"], maxOrders) {
		if m, ok := v.(map[string]any); ok {
			a.readOrder(m)
		}
	}
	a.readFields(o)
	return a, nil
}

// first is the beginning of a list, or nothing.
func (a *Answer) first(v any, most int) []any {
	list, _ := v.([]any)
	if len(list) > most {
		a.More = true
		list = list[:most]
	}
	return list
}

func (a *Answer) readMember(v any) {
	m, _ := v.(map[string]any)
	if len(m) == 0 {
		return
	}
	a.Member = &Member{
		Number: a.text(m["number"]), Name: a.text(m["name"]), Since: a.moment(m["since"]), Level: a.text(m["level"]),
		Orders: a.text(m["orders"]), URL: link(m["url"]), Owner: ownerOf(m),
	}
	a.Member.Owner.Member = a.Member.Number
}

func (a *Answer) readOrder(m map[string]any) {
	o := Order{
		Number: a.text(m["number"]), Status: a.text(m["status"]), PlacedAt: a.moment(m["placed_at"]), Total: a.text(m["total"]),
		Currency: a.text(m["currency"]), URL: link(m["url"]), Tracking: a.text(m["tracking"]), Items: []Item{}, Owner: ownerOf(m),
	}
	if o.Owner.none() && a.Member != nil { // the order of the member that is told with it
		o.Owner = a.Member.Owner
	}
	for _, v := range a.first(m["items"], maxItems) {
		if i, ok := v.(map[string]any); ok {
			o.Items = append(o.Items, Item{Name: a.text(i["name"]), Quantity: a.text(i["quantity"]), Price: a.text(i["price"])})
		}
	}
	a.Orders = append(a.Orders, o)
}

func (a *Answer) readFields(o map[string]any) {
	for _, v := range a.first(o["fields"], maxFields) {
		if m, ok := v.(map[string]any); ok {
			a.addField(a.text(m["label"]), a.text(m["value"]))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(o)) {
		if key != "member" && key != "orders" && key != "fields" {
			a.addField(a.text(key), a.text(o[key]))
		}
	}
}

func (a *Answer) addField(label, value string) {
	switch {
	case value == "":
	case len(a.Fields) == maxFields:
		a.More = true
	default:
		a.Fields = append(a.Fields, Field{label, value})
	}
}

// text is any value as one line.
func (a *Answer) text(v any) string {
	var s string
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		s = v
	case json.Number:
		s = v.String()
	case bool:
		s = map[bool]string{true: "true", false: "false"}[v]
	default:
		b, err := json.Marshal(v)
		if err != nil || string(b) == "{}" || string(b) == "[]" {
			return ""
		}
		s = string(b)
	}
	s = clean(s)
	if utf8.RuneCountInString(s) > maxText {
		a.More = true
		s = string([]rune(s)[:maxText-1]) + "…"
	}
	return s
}

// clean makes one line of a text: control characters become spaces, and marks that turn
// the direction of what follows (Unicode UAX #9) go.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0xFEFF:
			return -1
		case unicode.IsControl(r), r == 0x2028, r == 0x2029:
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.TrimSpace(s)
}

// moment is a time as RFC 3339 where it can be read as one, else its text.
func (a *Answer) moment(v any) string {
	if n, ok := v.(json.Number); ok {
		if sec, err := n.Int64(); err == nil && sec > 0 && sec < 1e11 {
			return time.Unix(sec, 0).UTC().Format(time.RFC3339)
		}
	}
	s := a.text(v)
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC().Format(time.RFC3339)
	}
	return s
}

// link is a web address that may be opened, or "".
func link(v any) string {
	s, _ := v.(string)
	s = strings.TrimSpace(s)
	if len(s) > maxURL || s != clean(s) {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.User != nil || (u.Scheme != "https" && u.Scheme != "http") {
		return ""
	}
	return u.String()
}
