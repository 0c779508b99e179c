package calendar

import (
	"embed"
	"strings"
	"time"
)

// The lists name their source at their head.
//
//go:embed holidays/*.txt
var lists embed.FS

// Countries are those whose public holidays are known, by ISO 3166 code.
func Countries() []string { return []string{"TW", "JP"} }

// CountryOf is the country of a time zone, one of [Countries] or "".
func CountryOf(zone string) string {
	switch zone {
	case "Asia/Taipei", "ROC":
		return "TW"
	case "Asia/Tokyo", "Japan":
		return "JP"
	}
	return ""
}

// Holiday is a day on which a country does not work; or one on which it does for
// another day's sake.
type Holiday struct {
	Date    Date
	Name    string // in the country's language
	English string
	For     Date // the day that is made up for by work; zero on a holiday
}

// Works tells whether the day makes up for another.
func (h Holiday) Works() bool { return h.For != Date{} }

// Holidays are the public holidays of a country, in order of their dates; none of
// a country that is not known.
func Holidays(country string) []Holiday {
	text, err := lists.ReadFile("holidays/" + country + ".txt")
	if err != nil {
		return nil
	}
	var list []Holiday
	for line := range strings.Lines(string(text)) {
		if h, ok := readHoliday(strings.TrimSpace(line)); ok {
			list = append(list, h)
		}
	}
	return list
}

func readHoliday(line string) (h Holiday, ok bool) {
	day, rest, _ := strings.Cut(line, " ")
	kind, rest, _ := strings.Cut(rest, " ")
	var err error
	if h.Date, err = ParseDate(day); err != nil {
		return h, false
	}
	if kind == "for" {
		day, rest, _ = strings.Cut(rest, " ")
		if h.For, err = ParseDate(day); err != nil {
			return h, false
		}
	}
	h.Name, h.English, ok = strings.Cut(rest, " / ")
	return h, ok
}

// KnownYears are the first and the last year whose holidays are known; 0 of a
// country that is not known.
func KnownYears(country string) (first, last int) {
	if list := Holidays(country); len(list) > 0 {
		return list[0].Date.Year, list[len(list)-1].Date.Year
	}
	return 0, 0
}

// Ending tells whether, from October on, next year's holidays of a country aren't
// known: whatever reckons over New Year takes them for working days.
func Ending(country string, now time.Time) bool {
	if _, last := KnownYears(country); last > 0 {
		return now.AddDate(0, 3, 0).Year() > last
	}
	return false
}

// observe closes on a country's holidays, and opens like on the day that is made
// up for. Days that are named already stay as they are.
func (c *Config) observe(country string) {
	for _, h := range Holidays(country) {
		if _, ok := c.Days[h.Date]; ok {
			continue
		}
		if !h.Works() {
			c.Days[h.Date] = nil
		} else if spans := c.Week[h.For.Weekday()]; len(spans) > 0 && len(c.Week[h.Date.Weekday()]) == 0 {
			c.Days[h.Date] = spans
		}
	}
}

// weekday names as plans have them, by time.Weekday.
func weekdays() [7]string { return [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }
