package mailin

import (
	"net/mail"
	"strings"
	"time"
)

// dateForms are forms of a Date field beside those of RFC 5322, as broken
// programs write them.
var dateForms = [...]string{
	time.RFC3339, "2006-01-02T15:04:05-0700", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05",
	"Mon, 2 Jan 2006 15:04:05", "Mon, 2 Jan 06 15:04:05 -0700", "2 Jan 2006 15:04:05", "Mon, 2 Jan 2006 15:04 -0700",
	"Mon Jan 2 15:04:05 2006", "Mon Jan 2 15:04:05 MST 2006", "Mon Jan 2 15:04:05 -0700 2006", "Mon, Jan 2 2006 15:04:05 -0700",
	"Mon, 2 Jan 2006 15.04.05 -0700", "Monday, January 2, 2006 3:04 PM", "Monday, 2 January 2006 15:04:05 -0700",
	"Mon, 2 January 2006 15:04:05 -0700", "1/2/2006 3:04:05 PM", "2006/01/02 15:04:05", "Mon, 2-Jan-2006 15:04:05 -0700",
}

// parseDate reads a Date field (RFC 5322 §3.3), the zero time where it cannot.
func parseDate(value string) time.Time {
	s := strings.Join(strings.Fields(dropComments(value)), " ")
	if s == "" || len(s) > 100 {
		return time.Time{}
	}
	tries := []string{s}
	for _, zone := range []string{"GMT", "UTC", "UT"} { // "GMT+0800"
		if before, after, ok := strings.Cut(s, zone); ok && after != "" && (after[0] == '+' || after[0] == '-') {
			tries = append(tries, before+strings.ReplaceAll(after, ":", ""))
		}
	}
	if i := strings.LastIndexAny(s, "+-"); i > 0 && len(s)-i == 6 && s[i+3] == ':' {
		tries = append(tries, s[:i+3]+s[i+4:])
	}
	if i := strings.LastIndexByte(s, ' '); i > 0 { // a zone in words after the number
		tries = append(tries, s[:i])
	}
	for _, try := range tries {
		if t, err := mail.ParseDate(try); err == nil && sensible(t) {
			return t
		}
		for _, form := range dateForms {
			if t, err := time.Parse(form, try); err == nil && sensible(t) {
				return t
			}
		}
	}
	return time.Time{}
}

// sensible says whether a time can be written as RFC 3339.
func sensible(t time.Time) bool { return t.Year() > 1900 && t.Year() < 9999 }
