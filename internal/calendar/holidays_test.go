package calendar

import (
	"slices"
	"testing"
	"time"
)

func TestHolidaysOfTaiwan(t *testing.T) {
	// days without work of whole years, as the office that makes the list counts them
	for year, want := range map[int]int{2026: 120, 2027: 121} {
		if got := daysOff("TW", year); got != want {
			t.Errorf("%d: %d days off, want %d", year, got, want)
		}
	}
	c := planned(t, Plan{Timezone: "Asia/Taipei"})
	for _, day := range []string{"2026-01-01", "2026-02-20", "2026-02-27", "2026-10-26", "2027-02-10", "2027-12-31"} {
		if len(c.Spans(date(t, day))) > 0 {
			t.Errorf("open on %s", day)
		}
	}
	for _, day := range []string{"2026-02-13", "2026-02-23", "2027-02-03", "2027-02-11", "2027-12-30"} {
		if len(c.Spans(date(t, day))) == 0 {
			t.Errorf("closed on %s", day)
		}
	}
}

// A Saturday that makes up for a Monday has Monday's hours.
func TestMakeUpSaturday(t *testing.T) {
	mondays := [][2]string{{"10:00", "12:00"}, {"13:30", "19:00"}}
	plan := StandardPlan()
	plan.Timezone, plan.Week["mon"] = "Asia/Taipei", mondays
	c := planned(t, plan)
	if got := c.Spans(date(t, "2025-02-08")); !slices.Equal(got, []Span{{600, 720}, {810, 1140}}) {
		t.Errorf("make-up Saturday: %v", got)
	}
	if c.Spans(date(t, "2025-01-27")) != nil {
		t.Error("open on the day that was made up for")
	}
	// Friday 7 February, 17:00 and one working day is Saturday 17:00
	from := time.Date(2025, 2, 7, 17, 0, 0, 0, c.Location())
	if got := c.After(from, Amount{1, Days}); !got.Equal(from.AddDate(0, 0, 1)) {
		t.Errorf("a day after %v is %v", from, got)
	}
	plan.Week["sat"] = [][2]string{{"09:00", "10:00"}} // whoever works on Saturdays keeps those hours
	if got := planned(t, plan).Spans(date(t, "2025-02-08")); !slices.Equal(got, []Span{{540, 600}}) {
		t.Errorf("make-up Saturday of a shop that is open on Saturdays: %v", got)
	}
	plan.Days = []PlanDay{{Date: "2025-02-08", Name: "not we"}}
	if got := planned(t, plan).Spans(date(t, "2025-02-08")); got != nil {
		t.Errorf("a single day goes first: %v", got)
	}
}

// The list of Japan agrees with its law: a holiday on a Sunday moves to the next
// day that is none, and a day between two holidays is one.
func TestHolidaysOfJapan(t *testing.T) {
	named := map[Date]bool{}
	given := map[Date]string{}
	for _, h := range Holidays("JP") {
		given[h.Date] = h.Name
		if h.Name != "振替休日" && h.Name != "国民の休日" {
			named[h.Date] = true
		}
	}
	want := map[Date]bool{}
	for d := range named {
		want[d] = true
		if d.Weekday() == time.Sunday {
			for d = d.Plus(1); named[d]; d = d.Plus(1) {
			}
			want[d] = true
		}
	}
	for d := range named {
		if mid := d.Plus(1); named[d.Plus(2)] && !named[mid] {
			want[mid] = true
		}
	}
	for d := range want {
		if given[d] == "" {
			t.Errorf("%s is missing", d)
		}
	}
	for d := range given {
		if !want[d] {
			t.Errorf("%s %s does not follow from the law", d, given[d])
		}
	}
	for year, monday := range map[string]time.Month{"成人の日": 1, "スポーツの日": 10} {
		for d, name := range given {
			if name == year && (d.Month != monday || d.Weekday() != time.Monday || (d.Day+6)/7 != 2) {
				t.Errorf("%s %s is no second Monday", d, name)
			}
		}
	}
}

func TestGoldenWeek(t *testing.T) {
	c := planned(t, Plan{Timezone: "Asia/Tokyo"})
	at := func(day, hour int) time.Time { return time.Date(2026, 5, day, hour, 0, 0, 0, c.Location()) }
	// Friday 1 May; then Saturday to Wednesday off
	if got := c.After(at(1, 11), Amount{2, Days}); !got.Equal(at(8, 11)) {
		t.Errorf("two working days after Friday are %v", got)
	}
	if got := c.Add(at(1, 17), 2*time.Hour); !got.Equal(at(7, 10)) {
		t.Errorf("two hours after 17:00 are %v", got)
	}
	if got := c.Before(at(7, 10), Amount{2, Hours}); !got.Equal(at(1, 17)) {
		t.Errorf("two hours before are %v", got)
	}
}

func TestCountries(t *testing.T) {
	for zone, want := range map[string]string{"Asia/Taipei": "TW", "Asia/Tokyo": "JP", "Europe/Berlin": "", "UTC": "", "": ""} {
		if got := CountryOf(zone); got != want {
			t.Errorf("%s: %q", zone, got)
		}
	}
	for _, country := range Countries() {
		if first, last := KnownYears(country); first > 2026 || last < 2027 {
			t.Errorf("%s is known from %d to %d", country, first, last)
		}
		list := Holidays(country)
		if !slices.IsSortedFunc(list, func(a, b Holiday) int { return a.Date.number() - b.Date.number() }) {
			t.Errorf("%s is not in order", country)
		}
		for i, h := range list {
			if i > 0 && h.Date == list[i-1].Date || h.Name == "" || h.English == "" {
				t.Errorf("%s: %+v", country, h)
			}
		}
	}
	if Holidays("../TW") != nil || Holidays("XX") != nil {
		t.Error("holidays of nowhere")
	}
}

func daysOff(country string, year int) (n int) {
	off := map[Date]bool{}
	for _, h := range Holidays(country) {
		off[h.Date] = !h.Works()
	}
	for d := (Date{year, 1, 1}); d.Year == year; d = d.Plus(1) {
		if off[d] || d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
			n++
		}
	}
	return n
}

func planned(t testing.TB, p Plan) *Calendar {
	t.Helper()
	c, err := p.Calendar(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func date(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
