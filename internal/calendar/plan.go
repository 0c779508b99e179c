package calendar

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Bounds of a [Plan].
const (
	MaxPlanDays = 2000
	maxName     = 100 // characters of a day's name
)

// Values of a plan's country beside [Countries].
const (
	Auto = "auto" // the country of the time zone; "" is the same
	None = "none"
)

// Plan is a calendar as people write it down.
type Plan struct {
	Timezone string                 `json:"timezone"` // IANA name; "": the shop's
	Country  string                 `json:"country"`  // whose public holidays count
	Week     map[string][][2]string `json:"week"`     // "mon" to "sun": [["09:00", "12:00"], …]; empty: that of [StandardPlan]
	Days     []PlanDay              `json:"days"`     // they go before public holidays
}

// PlanDay is one day that differs from the week.
type PlanDay struct {
	Date  string      `json:"date"` // 2026-12-31
	Name  string      `json:"name"`
	Spans [][2]string `json:"spans"` // none: closed
}

// PlanError says which part of a plan is wrong. Its sentence says how to mend it.
type PlanError struct {
	Field string // "timezone", "country", "week" or "days"
	Code  string // "timezone_unknown", "country_unknown", "day_unknown", "date", "twice", "name", "many", "time", "order", "overlap", "never_open"
	Day   string // "mon", or "2026-12-31"; "" for the whole
	Why   string
}

func (e *PlanError) Error() string {
	if e.Day == "" {
		return e.Why
	}
	return e.Day + ": " + e.Why
}

// StandardPlan is that of a shop which gave none: Monday to Friday, 09:00 to 18:00,
// without the public holidays of the time zone's country.
func StandardPlan() Plan {
	hours := [][2]string{{"09:00", "18:00"}}
	return Plan{Country: Auto, Week: map[string][][2]string{"mon": hours, "tue": hours, "wed": hours, "thu": hours, "fri": hours}}
}

// ReadPlan reads the JSON of a plan's week and days. The error is a [*PlanError].
func ReadPlan(timezone, country string, week, days []byte) (Plan, error) {
	p := Plan{Timezone: timezone, Country: country}
	if given(week) && json.Unmarshal(week, &p.Week) != nil {
		return p, &PlanError{Field: "week", Code: "shape", Why: `write {"mon": [["09:00", "12:00"], ["13:00", "18:00"]]}, with the days mon, tue, wed, thu, fri, sat and sun`}
	}
	if given(days) && json.Unmarshal(days, &p.Days) != nil {
		return p, &PlanError{Field: "days", Code: "shape", Why: `write [{"date": "2026-12-31", "name": "Stocktaking", "spans": []}]`}
	}
	return p, nil
}

func given(raw []byte) bool {
	raw = bytes.TrimSpace(raw)
	return len(raw) > 0 && string(raw) != "null"
}

// Zone is where the plan's clock hangs. The error is a [*PlanError].
func (p Plan) Zone(shop *time.Location) (*time.Location, error) {
	if p.Timezone == "" {
		return shop, nil
	}
	place, err := time.LoadLocation(p.Timezone)
	if err != nil || p.Timezone == "Local" || len(p.Timezone) > 60 {
		return nil, &PlanError{Field: "timezone", Code: "timezone_unknown", Why: "use an IANA name such as Asia/Taipei"}
	}
	return place, nil
}

// Holidays is the country whose public holidays count: one of [Countries], or "".
func (p Plan) Holidays(place *time.Location) string {
	switch p.Country {
	case "", Auto:
		return CountryOf(place.String())
	case None:
		return ""
	}
	return p.Country
}

// Calendar makes the calendar of a plan. shop is the time zone of one that names
// none. The error is a [*PlanError].
func (p Plan) Calendar(shop *time.Location) (*Calendar, error) {
	place, err := p.Zone(shop)
	if err != nil {
		return nil, err
	}
	c := Config{Location: place, Days: make(map[Date][]Span, len(p.Days))}
	country := p.Holidays(place)
	if country != "" && Holidays(country) == nil {
		return nil, &PlanError{Field: "country", Code: "country_unknown", Why: "use auto, none, " + strings.Join(Countries(), " or ")}
	}
	if c.Week, err = p.week(); err != nil {
		return nil, err
	}
	if err := p.days(c.Days); err != nil {
		return nil, err
	}
	c.observe(country)
	made, err := New(c)
	if errors.Is(err, ErrNeverOpen) {
		return nil, &PlanError{Field: "week", Code: "never_open", Why: err.Error()}
	}
	return made, err
}

func (p Plan) week() (week [7][]Span, err error) {
	known, given := 0, p.Week
	if len(given) == 0 {
		given = StandardPlan().Week
	}
	for day, name := range weekdays() {
		spans, ok := given[name]
		if ok {
			known++
		}
		if week[day], err = readSpans(spans, "week", name); err != nil {
			return week, err
		}
	}
	if known < len(given) {
		return week, &PlanError{Field: "week", Code: "day_unknown", Why: "name the days mon, tue, wed, thu, fri, sat and sun"}
	}
	return week, nil
}

func (p Plan) days(into map[Date][]Span) error {
	if len(p.Days) > MaxPlanDays {
		return &PlanError{Field: "days", Code: "many", Why: fmt.Sprintf("a calendar has at most %d single days: remove those that are over", MaxPlanDays)}
	}
	for _, d := range p.Days {
		date, err := ParseDate(d.Date)
		if err != nil {
			return &PlanError{Field: "days", Code: "date", Why: err.Error()}
		}
		if _, twice := into[date]; twice {
			return &PlanError{"days", "twice", d.Date, "this day stands here twice: keep one"}
		}
		if utf8.RuneCountInString(d.Name) > maxName || strings.ContainsFunc(d.Name, func(r rune) bool { return r < ' ' }) {
			return &PlanError{"days", "name", d.Date, fmt.Sprintf("a name has at most %d characters, on one line", maxName)}
		}
		if into[date], err = readSpans(d.Spans, "days", d.Date); err != nil {
			return err
		}
	}
	return nil
}

// readSpans reads the openings of one day.
func readSpans(texts [][2]string, field, day string) ([]Span, error) {
	var spans []Span
	for _, t := range texts {
		from, ok := readClock(t[0])
		to, ok2 := readClock(t[1])
		if !ok || !ok2 {
			return nil, &PlanError{field, "time", day, "write times like 09:00, up to 24:00"}
		}
		spans = append(spans, Span{from, to})
	}
	tidy, err := Tidy(spans)
	var wrong *SpanError
	if errors.As(err, &wrong) {
		return nil, &PlanError{field, wrong.Why, day, wrong.Error()}
	}
	return tidy, err
}

// readClock reads "09:00", up to "24:00", in minutes since midnight.
func readClock(s string) (int, bool) {
	if len(s) != 5 || s[2] != ':' {
		return 0, false
	}
	for _, i := range []int{0, 1, 3, 4} {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
	}
	h, m := int(s[0]-'0')*10+int(s[1]-'0'), int(s[3]-'0')*10+int(s[4]-'0')
	return h*60 + m, m < 60 && h*60+m <= wholeDay
}
