package calendar

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// icalEvent is what counts of a VEVENT.
type icalEvent struct {
	line                     int
	name                     string
	start, end, rule, length icalProperty
	except                   []icalProperty
	cancelled                bool
}

type icalProperty struct{ params, value string }

func (p icalProperty) dated() bool {
	return len(p.value) == 8 && !strings.Contains(p.params, "VALUE=DATE-TIME")
}

func (e *icalEvent) set(name string, p icalProperty) {
	switch name {
	case "DTSTART":
		e.start = p
	case "DTEND":
		e.end = p
	case "DURATION":
		e.length = p
	case "RRULE", "RDATE":
		e.rule = icalProperty{name, p.value}
	case "EXDATE":
		e.except = append(e.except, p)
	case "SUMMARY":
		e.name = icalText(p.value)
	case "STATUS":
		e.cancelled = strings.EqualFold(p.value, "CANCELLED")
	}
}

// works tells by its name of a day on which people work instead of another one.
func (e *icalEvent) works() bool {
	name := strings.ToLower(strings.ReplaceAll(e.name, "-", " "))
	has := func(word string) bool { return strings.Contains(name, word) }
	return slices.ContainsFunc([]string{
		"補行上班", "补行上班", "補班", "补班", "調整上班", "调整上班", "調休上班", "调休上班", "振替出勤", "振替営業", "臨時営業", "営業日",
		"make up work", "makeup work", "make up day", "makeup day", "working day", "workday",
	}, has) && !slices.ContainsFunc([]string{"非営業", "休業", "店休", "non work", "not a work", "no work"}, has)
}

// property takes a content line apart. A colon within quotes belongs to a parameter.
func property(line string) (name string, p icalProperty) {
	quoted := false
	for i := range len(line) {
		switch c := line[i]; {
		case c == '"':
			quoted = !quoted
		case c == ':' && !quoted:
			name, p.params, _ = strings.Cut(strings.ToUpper(line[:i]), ";")
			p.value = strings.TrimSpace(line[i+1:])
			return name, p
		}
	}
	return "", p
}

// icalText is a text without its escapes, on one line, cut to a name's length.
func icalText(s string) string {
	s = strings.NewReplacer(`\\`, `\`, `\n`, " ", `\N`, " ", `\,`, ",", `\;`, ";").Replace(s)
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if utf8.RuneCountInString(s) > maxName {
		s = string([]rune(s)[:maxName])
	}
	return s
}

// days is how many days an event lasts.
func (e *icalEvent) days(start Date) (int, bool) {
	if e.end.value != "" {
		end, ok := icalDate(e.end)
		return max(1, end.number()-start.number()), ok && !end.Before(start)
	}
	s, ok := strings.CutPrefix(e.length.value, "P")
	if e.length.value == "" {
		return 1, true
	}
	unit := 1
	if weeks, found := strings.CutSuffix(s, "W"); found {
		s, unit = weeks, 7
	} else if s, found = strings.CutSuffix(s, "D"); !found {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n * unit, ok && err == nil && n > 0 && n <= 10*maxEvent
}

// years are those in which an event begins, of those that are asked for.
func (r *icalReader) years(e *icalEvent, start Date) (list []int, ok bool) {
	if e.rule.value == "" {
		return []int{start.Year}, true
	}
	if e.rule.params != "RRULE" {
		return nil, false
	}
	count, until := 0, Date{r.last, time.December, 31}
	for part := range strings.SplitSeq(strings.ToUpper(e.rule.value), ";") {
		key, value, _ := strings.Cut(part, "=")
		n, _ := strconv.Atoi(value)
		switch {
		case key == "FREQ" && value == "YEARLY", key == "INTERVAL" && n == 1, key == "WKST", part == "":
		case key == "BYMONTH" && n == int(start.Month), key == "BYMONTHDAY" && n == start.Day:
		case key == "COUNT" && n > 0:
			count = n
		case key == "UNTIL" && len(value) >= 8:
			last, ok := icalDate(icalProperty{"", value[:8]})
			if !ok {
				return nil, false
			}
			if last.Before(until) {
				until = last
			}
		default:
			return nil, false
		}
	}
	if !strings.Contains(strings.ToUpper(e.rule.value), "FREQ=YEARLY") {
		return nil, false
	}
	for year := max(start.Year, r.first-1); year <= until.Year; year++ {
		if (count == 0 || year < start.Year+count) && !until.Before(Date{year, start.Month, start.Day}) {
			list = append(list, year)
		}
	}
	return list, true
}

func (e *icalEvent) excepts(d Date) bool {
	for _, p := range e.except {
		for v := range strings.SplitSeq(p.value, ",") {
			if len(v) >= 8 {
				if x, ok := icalDate(icalProperty{"", v[:8]}); ok && x == d {
					return true
				}
			}
		}
	}
	return false
}

// icalDate reads "20261231".
func icalDate(p icalProperty) (Date, bool) {
	if !p.dated() {
		return Date{}, false
	}
	d, err := ParseDate(p.value[:4] + "-" + p.value[4:6] + "-" + p.value[6:])
	return d, err == nil
}
