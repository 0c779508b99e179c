package calendar

import (
	"errors"
	"strings"
	"testing"
	"time"
)

var icalNow = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)

func event(lines ...string) string {
	return "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
}

func TestReadICal(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want string // date name, … | line why
	}{
		"one day":           {event("SUMMARY:成人の日", "DTSTART;VALUE=DATE:20270111", "DTEND;VALUE=DATE:20270112"), "2027-01-11 成人の日 |"},
		"no end":            {event("DTSTART;VALUE=DATE:20270111"), "2027-01-11  |"},
		"dates alone":       {event("DTSTART:20270111", "SUMMARY:x"), "2027-01-11 x |"},
		"several days":      {event("DTSTART;VALUE=DATE:20261230", "DTEND;VALUE=DATE:20270102", "SUMMARY:年末年始"), "2026-12-30 年末年始, 2026-12-31 年末年始, 2027-01-01 年末年始 |"},
		"duration":          {event("DTSTART;VALUE=DATE:20270111", "DURATION:P2D"), "2027-01-11 , 2027-01-12  |"},
		"folded, escaped":   {event("SUMMARY;LANGUAGE=en;X=\"a:b\":New\\, Ye", " ar\\nDay", "DTSTART;VALUE=DATE:20270101"), "2027-01-01 New, Year Day |"},
		"line feeds alone":  {strings.ReplaceAll(event("DTSTART;VALUE=DATE:20270111"), "\r", ""), "2027-01-11  |"},
		"alarm inside":      {event("DTSTART;VALUE=DATE:20270111", "SUMMARY:a", "BEGIN:VALARM", "SUMMARY:b", "DTSTART:20270101", "END:VALARM"), "2027-01-11 a |"},
		"yearly":            {event("DTSTART;VALUE=DATE:20201225", "RRULE:FREQ=YEARLY", "SUMMARY:x"), "2025-12-25 x, 2026-12-25 x, 2027-12-25 x, 2028-12-25 x, 2029-12-25 x, 2030-12-25 x, 2031-12-25 x |"},
		"yearly, until":     {event("DTSTART;VALUE=DATE:20201225", "RRULE:FREQ=YEARLY;UNTIL=20261225;BYMONTH=12;BYMONTHDAY=25"), "2025-12-25 , 2026-12-25  |"},
		"yearly, counted":   {event("DTSTART;VALUE=DATE:20251225", "RRULE:FREQ=YEARLY;COUNT=2"), "2025-12-25 , 2026-12-25  |"},
		"but for one":       {event("DTSTART;VALUE=DATE:20251225", "RRULE:FREQ=YEARLY;COUNT=3", "EXDATE;VALUE=DATE:20261225"), "2025-12-25 , 2027-12-25  |"},
		"leap days":         {event("DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY"), "2028-02-29  |"},
		"over the new year": {event("DTSTART;VALUE=DATE:20231231", "DTEND;VALUE=DATE:20240102", "RRULE:FREQ=YEARLY;UNTIL=20251231"), "2025-01-01 , 2025-12-31 , 2026-01-01  |"},
		"with a time":       {event("DTSTART:20270111T090000Z"), "| 2 time"},
		"every month":       {event("DTSTART;VALUE=DATE:20270111", "RRULE:FREQ=MONTHLY"), "| 2 rule"},
		"second Monday":     {event("DTSTART;VALUE=DATE:20270111", "RRULE:FREQ=YEARLY;BYDAY=2MO;BYMONTH=1"), "| 2 rule"},
		"no rule":           {event("DTSTART;VALUE=DATE:20270111", "RRULE:COUNT=3"), "| 2 rule"},
		"other dates":       {event("DTSTART;VALUE=DATE:20270111", "RDATE;VALUE=DATE:20270301"), "| 2 rule"},
		"no date":           {event("DTSTART;VALUE=DATE:20270230"), "| 2 date"},
		"nothing":           {event("SUMMARY:x"), "| 2 date"},
		"ends before":       {event("DTSTART;VALUE=DATE:20270111", "DTEND;VALUE=DATE:20270101"), "| 2 date"},
		"ends nowhere":      {event("DTSTART;VALUE=DATE:20270111", "DTEND:20270112T000000"), "| 2 date"},
		"a time's length":   {event("DTSTART;VALUE=DATE:20270111", "DURATION:PT2H"), "| 2 date"},
		"too long":          {event("DTSTART;VALUE=DATE:20270111", "DTEND;VALUE=DATE:20290111"), "| 2 long"},
		"endless":           {event("DTSTART;VALUE=DATE:20270111", "DURATION:P99999999999999999999D"), "| 2 date"},
		"long ago":          {event("DTSTART;VALUE=DATE:20100111"), "| 2 years"},
		"cancelled":         {event("DTSTART;VALUE=DATE:20270111", "STATUS:CANCELLED"), "| 2 cancelled"},
		"make-up, TW":       {event("DTSTART;VALUE=DATE:20270206", "SUMMARY:補行上班日") + event("DTSTART;VALUE=DATE:20270213", "SUMMARY:春節調休上班"), "| 2 workday 8 workday"},
		"make-up, JP":       {event("DTSTART;VALUE=DATE:20270206", "SUMMARY:振替営業日"), "| 2 workday"},
		"make-up, en":       {event("DTSTART;VALUE=DATE:20270206", "SUMMARY:Make-up working day"), "| 2 workday"},
		"made up for":       {event("DTSTART;VALUE=DATE:20270206", "SUMMARY:補假") + event("DTSTART;VALUE=DATE:20270207", "SUMMARY:Non-working day") + event("DTSTART;VALUE=DATE:20270208", "SUMMARY:振替休日"), "2027-02-06 補假, 2027-02-07 Non-working day, 2027-02-08 振替休日 |"},
		"twice":             {event("DTSTART;VALUE=DATE:20270111", "SUMMARY:a") + event("DTSTART;VALUE=DATE:20270111", "SUMMARY:b"), "2027-01-11 a / b |"},
		"unfinished":        {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20270111\n", "|"},
		"empty":             {"\ufeffBEGIN:VCALENDAR", "|"},
	} {
		days, skipped, err := ReadICal(c.text, icalNow)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var list []string
		for _, d := range days {
			list = append(list, d.Date+" "+d.Name)
		}
		got := strings.Join(list, ", ") + " |"
		for _, s := range skipped {
			got += " " + string(rune('0'+s.Line)) + " " + s.Why
		}
		if got = strings.TrimPrefix(got, " "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestNoICal(t *testing.T) {
	for _, text := range []string{"", "DATE,NAME\n2026-01-01,x", "<html>", "\x00\xff"} {
		if _, _, err := ReadICal(text, icalNow); !errors.Is(err, ErrNoICal) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, _, err := ReadICal(strings.Repeat("x", MaxICal+1), icalNow); !errors.Is(err, ErrICalTooLarge) {
		t.Errorf("a large file: %v", err)
	}
}

// A file that is all years of everything ends soon, within its bounds.
func TestICalBounds(t *testing.T) {
	one := "BEGIN:VEVENT\nDTSTART;VALUE=DATE:20250101\nDURATION:P366D\nRRULE:FREQ=YEARLY\nEND:VEVENT\n"
	text := "BEGIN:VCALENDAR\n" + strings.Repeat(one, (MaxICal-20)/len(one))
	days, skipped, err := ReadICal(text, icalNow)
	if err != nil || len(days) > MaxPlanDays || len(skipped) > maxSkipped || len(days) == 0 {
		t.Errorf("%d days, %d skipped, %v", len(days), len(skipped), err)
	}
	deep := "BEGIN:VCALENDAR\n" + strings.Repeat("BEGIN:VEVENT\n", MaxICal/14)
	if _, _, err := ReadICal(deep, icalNow); err != nil {
		t.Error(err)
	}
}

func FuzzReadICal(f *testing.F) {
	f.Add(event("DTSTART;VALUE=DATE:20270111", "RRULE:FREQ=YEARLY;UNTIL=20300101", "SUMMARY:x"))
	f.Add("BEGIN:VCALENDAR\nBEGIN:VEVENT\n :\n\t;\"\nDURATION:P1W\nEND:VEVENT")
	f.Fuzz(func(t *testing.T, text string) {
		days, _, err := ReadICal(text, icalNow)
		if err != nil {
			return
		}
		plan := Plan{Country: None}
		for _, d := range days {
			plan.Days = append(plan.Days, PlanDay{Date: d.Date, Name: d.Name})
		}
		if _, err := plan.Calendar(time.UTC); err != nil {
			t.Errorf("what was read makes no calendar: %v", err)
		}
	})
}
