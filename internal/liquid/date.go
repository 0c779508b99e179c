package liquid

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"
)

// style is how dates are written: for whom and in which zone.
type style struct {
	locale string // one of the four
	zone   *time.Location
}

func newStyle(v Vars) style {
	s := style{localeOf(cmp.Or(v.Locale, v.Contact.Locale)), v.Shop.Location}
	if s.zone == nil {
		s.zone = time.UTC
	}
	return s
}

func (s style) date(t time.Time) string {
	if s.locale == "en" {
		return t.Format("2 January 2006")
	}
	return t.Format("2006年1月2日")
}

func (s style) dateTime(t time.Time) string {
	if s.locale == "en" {
		return s.date(t) + ", " + t.Format("15:04")
	}
	return s.date(t) + " " + t.Format("15:04")
}

// full is the date with its day of the week, for promises that people plan by.
func (s style) full(t time.Time) string {
	if s.locale == "en" {
		return s.weekday(t, false) + ", " + s.date(t)
	}
	return s.date(t) + "（" + s.weekday(t, s.locale == "ja") + "）"
}

func (s style) weekday(t time.Time, short bool) string {
	day := int(t.Weekday())
	switch s.locale {
	case "ja":
		name := string([]rune("日月火水木金土")[day])
		if short {
			return name
		}
		return name + "曜日"
	case "zh-TW", "zh-CN":
		name := string([]rune("日一二三四五六")[day])
		switch {
		case !short:
			return "星期" + name
		case s.locale == "zh-TW":
			return "週" + name
		}
		return "周" + name
	}
	if short {
		return t.Format("Mon")
	}
	return t.Format("Monday")
}

func (s style) half(t time.Time) string {
	after := t.Hour() >= 12
	switch s.locale {
	case "ja":
		return pick(after, "午後", "午前")
	case "zh-TW", "zh-CN":
		return pick(after, "下午", "上午")
	}
	return t.Format("PM")
}

func (s style) month(t time.Time, short bool) string {
	if s.locale != "en" {
		return t.Format("1月")
	}
	return t.Format(pick(short, "Jan", "January"))
}

func pick(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// format writes t by the filter's argument: date, time or full, or directives as in strftime (POSIX):
// %Y %y %m %d %e %H %I %M %S %B %b %A %a %p %%, with %-m, %-d, %-H and %-I for numbers without a zero.
// Names of months, days and half days are in the reader's language.
func (s style) format(t time.Time, layout string) (string, error) {
	switch layout {
	case "date":
		return s.date(t), nil
	case "time":
		return t.Format("15:04"), nil
	case "full":
		return s.full(t), nil
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(layout, "%")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		n := 1
		if strings.HasPrefix(after, "-") {
			n = 2
		}
		if len(after) < n {
			return "", errors.New("a date format ends in %")
		}
		part, err := s.directive(t, after[:n])
		if err != nil {
			return "", err
		}
		b.WriteString(part)
		layout = after[n:]
	}
}

func (s style) directive(t time.Time, d string) (string, error) {
	switch d {
	case "%":
		return "%", nil
	case "e":
		return t.Format("_2"), nil
	case "A":
		return s.weekday(t, false), nil
	case "a":
		return s.weekday(t, true), nil
	case "B":
		return s.month(t, false), nil
	case "b":
		return s.month(t, true), nil
	case "p":
		return s.half(t), nil
	case "-H":
		return fmt.Sprint(t.Hour()), nil
	}
	numbers := map[string]string{"Y": "2006", "y": "06", "m": "01", "-m": "1", "d": "02", "-d": "2",
		"H": "15", "I": "03", "-I": "3", "M": "04", "S": "05"}
	layout, ok := numbers[d]
	if !ok {
		return "", fmt.Errorf("%q is no directive of a date format", "%"+d)
	}
	return t.Format(layout), nil
}
