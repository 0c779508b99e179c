package promise

import (
	"regexp"
	"strings"
	"time"
)

const (
	engDays   = `(?P<day>mon|tues|wednes|thurs|fri|satur|sun)day`
	engMonths = `(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?`
	engNth    = `(?P<n>\d{1,2})(?:st|nd|rd|th)?`
	engOn     = `(?:` + engBy + `|on\s+)`
)

var (
	engElsewhere = regexp.MustCompile(`^\s*(?:of\b|after\b|from\b|ago\b|later\b|following\b|since\b|before\b|upon\b|once\b)`)
	engFromNow   = regexp.MustCompile(`^\s*(?:from (?:now|today)|of (?:today|this (?:mail|message)))\b`)
	engRangeOn   = regexp.MustCompile(`^\s*(?:-|to|through|till|until|and)\s*(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?`)
	engOpen      = regexp.MustCompile(`(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\s*(?:-|to|through|till|and)\s*|over\s+|more than\s+)$`)
)

func englishRules() []rule {
	return []rule{
		{pattern(`(?:(?:with)?in\s+(?:the\s+next\s+|about\s+|around\s+|at most\s+|max(?:imum|\.)?\s+)*)(?:(?:`, engNum, `)\s*(?:-|/|to|or)\s*)?(?P<n>`, engNum, `)[\s-]+(?P<kind>business|working|work|week|calendar)?[\s-]*(?P<unit>minute|min|hour|hr|day|week|month)s?`), true, engLength},
		{pattern(`(?:(?:`, engNum, `)\s*(?:-|to|or)\s*)?(?P<n>`, engNum, `)[\s-]+(?P<kind>business|working|work)[\s-]+(?P<unit>day|hour)s?`), true, engLength},
		{pattern(`(?:`, engBy, `|on\s+)?(?:the\s+)?(?P<week>next|this|coming)\s+`, engDays, engHour), false, engWeekday},
		{pattern(`(?:`, engBy, `|on\s+)`, engDays, engHour), false, engWeekday},
		{pattern(`(?:`, engBy, `)?(?:(?P<hour>\d{1,2})(?::(?P<min>\d{2}))?\s*(?P<half>am|pm|a\.m\.|p\.m\.)\s+(?:on\s+)?|(?P<part>noon|end of (?:the )?(?:business )?day|close of business|eod|cob)\s+(?:on\s+)?)?(?P<week>)`, engDays), false, engWeekdayAt},
		{pattern(`(?:`, engBy, `)?(?:(?P<hour3>\d{1,2})(?::(?P<min3>\d{2}))?\s*(?P<half3>am|pm|a\.m\.|p\.m\.)\s+|(?P<part3>noon|(?:the )?end of (?:the )?(?:business )?day|(?:the )?end of|close of business|eod|cob)\s+)?(?P<day>the day after tomorrow|tomorrow|today|tonight|this morning|this afternoon|this evening)`, engHour), false, engDay},
		{pattern(engBy, `(?:the\s+)?(?:end|close)\s+of\s+(?:the\s+|this\s+|our\s+)?(?P<next>next\s+)?(?:business\s+|working\s+)?(?P<span>day|business|week|month)`), true, engSpan},
		{pattern(engBy, `(?:eod|cob|close)`), true, func(_ match, w when) (time.Time, verdict) { return w.end(0), dated }},
		{pattern(`(?:`, engBy, `)?(?:(?P<next>next|later this|this)\s+)(?P<span>week)`), false, engSpan},
		{pattern(engBy, `(?P<hour>\d{1,2})(?::(?P<min>\d{2}))?\s*(?P<half>am|pm|a\.m\.|p\.m\.)`), true, engTime},
		{pattern(engBy, `(?P<hour>\d{1,2}):(?P<min>\d{2})`), true, engTime},
		{pattern(engOn, `(?:the\s+)?`, engNth, `(?:\s+of)?\s+`, engMonths, `(?:,?\s+(?P<year>20\d{2}))?`, engHour), false, engDate},
		{pattern(engOn, engMonths, `\s+(?:the\s+)?`, engNth, `(?:,?\s+(?P<year>20\d{2}))?`, engHour), false, engDate},
		{pattern(engOn, `(?:the\s+)?(?P<n>\d{1,2})(?:st|nd|rd|th)`, engHour), false, engDate},
		{pattern(engOn, `(?P<year>20\d{2})[-/](?P<month>\d{1,2})[-/](?P<n>\d{1,2})`, engHour), false, engDate},
		{pattern(engOn, `(?P<month>\d{1,2})/(?P<n>\d{1,2})(?:/(?P<year>20\d{2}))?`, engHour), false, engSlash},
	}
}

func engLength(m match, w when) (time.Time, verdict) {
	if engElsewhere.MatchString(m.after()) && !engFromNow.MatchString(m.after()) || engOpen.MatchString(m.before()) {
		return time.Time{}, taken
	}
	unit := m.get("unit")
	switch {
	case unit == "min":
		unit = "minute"
	case unit == "hr":
		unit = "hour"
	case unit == "day" && m.has("kind") && m.get("kind") != "calendar":
		unit = "working"
	}
	return in(w, m.num("n"), unit)
}

func engWeekday(m match, w when) (time.Time, verdict) {
	if engRangeOn.MatchString(m.after()) || engOpen.MatchString(m.before()) {
		return time.Time{}, taken
	}
	day := map[string]int{"mon": 0, "tues": 1, "wednes": 2, "thurs": 3, "fri": 4, "satur": 5, "sun": 6}[m.get("day")]
	weeks := -1
	switch m.get("week") {
	case "next":
		weeks = 1
	case "this":
		weeks = 0
	}
	return on(m, w, w.weekDays(day, weeks), true)
}

// engWeekdayAt is a day of the week behind its time: "by 5 pm on Friday".
func engWeekdayAt(m match, w when) (time.Time, verdict) {
	if !m.has("hour") && !m.has("part") {
		return time.Time{}, none
	}
	return engWeekday(m, w)
}

func engDay(m match, w when) (time.Time, verdict) {
	days := 0
	switch m.get("day") {
	case "tomorrow":
		days = 1
	case "the day after tomorrow":
		days = 2
	case "tonight", "this evening":
		if !m.has("hour") && !m.has("part") {
			return w.at(0, 21, 0), dated
		}
	case "this morning":
		return w.at(0, 12, 0), dated
	}
	return on(m, w, days, true)
}

func engSpan(m match, w when) (time.Time, verdict) {
	n := 0
	if strings.HasPrefix(m.get("next"), "next") {
		n = 1
	}
	switch m.get("span") {
	case "week":
		return w.end(w.weekDays(4, n)), dated
	case "month":
		return w.end(w.monthEnd(n)), dated
	}
	if n == 1 {
		return w.end(w.workdays(1)), dated
	}
	return w.end(0), dated
}

func engTime(m match, w when) (time.Time, verdict) { return on(m, w, 0, true) }

func engDate(m match, w when) (time.Time, verdict) {
	month := 0
	if name := m.get("month"); name != "" {
		if month = m.num("month"); month < 0 {
			month = strings.Index("janfebmaraprmayjunjulaugsepoctnovdec", name[:3])/3 + 1
		}
		if month < 1 || month > 12 {
			return time.Time{}, taken
		}
	}
	days, ok := w.date(m.num("year"), month, m.num("n"))
	return on(m, w, days, ok)
}

// engSlash reads 11/25 and 25/11; where both could be the month, the locale says which.
func engSlash(m match, w when) (time.Time, verdict) {
	a, b := m.num("month"), m.num("n")
	if a > 12 || b <= 12 && w.dayFirst {
		a, b = b, a
	}
	if a < 1 || a > 12 {
		return time.Time{}, taken
	}
	days, ok := w.date(m.num("year"), a, b)
	return on(m, w, days, ok)
}
