package liquid

import (
	"fmt"
	"strings"
	"time"

	lvalues "github.com/osteele/liquid/values"
)

// text is a string that counts as false when it is empty, also within "and" and "or".
type text struct{ lvalues.Value }

func newText(s string) text { return text{lvalues.ValueOf(s)} }

// Test is what the library asks of the sides of "and" and "or".
func (t text) Test() bool { return t.Interface() != "" }

// moment is a time that knows how its reader writes it. The zero time is empty.
type moment struct {
	lvalues.Value // refuses what is not defined here
	at            time.Time
	style         style
	dateOnly      bool
}

func newMoment(at time.Time, s style, dateOnly bool) moment {
	if !at.IsZero() {
		at = at.In(s.zone)
	}
	return moment{lvalues.ValueOf(nil), at, s, dateOnly}
}

// Interface keeps the moment whole on its way through assignments and filters.
func (m moment) Interface() any { return m }

// Test is false for no time.
func (m moment) Test() bool { return !m.at.IsZero() }

// Equal compares instants; no time equals blank.
func (m moment) Equal(other lvalues.Value) bool {
	switch o := other.Interface().(type) {
	case moment:
		return m.at.Equal(o.at)
	case string:
		return o == m.String()
	default:
		return false
	}
}

// Less tells whether m is earlier than another moment.
func (m moment) Less(other lvalues.Value) bool {
	o, ok := other.Interface().(moment)
	return ok && m.at.Before(o.at)
}

// String is the date and time, or the date alone, as the reader's locale writes it; "" for no time.
func (m moment) String() string {
	switch {
	case m.at.IsZero():
		return ""
	case m.dateOnly:
		return m.style.date(m.at)
	default:
		return m.style.dateTime(m.at)
	}
}

// bind wraps a result so that it can be a variable.
func bind(v any) any {
	if s, ok := v.(string); ok {
		return newText(s)
	}
	return v
}

// toString is a value as it would be printed, at most maxText bytes.
func toString(v any) (string, error) {
	s := ""
	switch v := v.(type) {
	case nil:
	case string:
		s = v
	case []any:
		return joined(v, "")
	default:
		s = fmt.Sprint(v)
	}
	if len(s) > maxText {
		return "", ErrTooMuchWork
	}
	return s, nil
}

// joined prints the items of a list with sep between them, at most maxText bytes.
func joined(items []any, sep string) (string, error) {
	var b strings.Builder
	for i, item := range items {
		if i > 0 {
			b.WriteString(sep)
		}
		s, err := toString(item)
		if err != nil {
			return "", err
		}
		b.WriteString(s)
		if b.Len() > maxText {
			return "", ErrTooMuchWork
		}
	}
	return b.String(), nil
}
