package desk_test

import (
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

func TestAnswerBy(t *testing.T) {
	app := desktest.New(t)
	for _, c := range []struct {
		name, zone, from string
		hours            int
		want             string
	}{
		{"within the week", "Asia/Taipei", "2026-11-16 10:30", 48, "2026-11-18 10:30"},
		{"over a weekend", "Asia/Taipei", "2026-11-20 10:00", 48, "2026-11-24 10:00"},
		{"from a Sunday", "Asia/Taipei", "2026-11-22 15:00", 48, "2026-11-25 09:00"},
		{"at night", "Asia/Taipei", "2026-11-17 03:00", 24, "2026-11-18 09:00"},
		{"in the evening before a weekend", "Asia/Taipei", "2026-11-20 19:00", 24, "2026-11-24 09:00"},
		{"a few hours", "Asia/Taipei", "2026-11-16 10:00", 4, "2026-11-16 14:00"},
		{"open hours alone count", "Asia/Taipei", "2026-11-16 16:00", 4, "2026-11-17 11:00"},
		{"a day and a half", "Asia/Taipei", "2026-11-16 16:00", 36, "2026-11-19 10:00"},
		{"until closing", "Asia/Taipei", "2026-11-16 16:00", 2, "2026-11-16 18:00"},
		{"over Lunar New Year", "Asia/Taipei", "2026-02-13 12:00", 48, "2026-02-24 12:00"},
		{"over golden week", "Asia/Tokyo", "2026-05-01 12:00", 48, "2026-05-08 12:00"},
		{"over a holiday of Japan", "Asia/Tokyo", "2026-11-20 12:00", 24, "2026-11-24 12:00"},
		{"over the year's end", "Asia/Taipei", "2027-12-30 12:00", 24, "2028-01-03 12:00"},
		{"over the day when clocks go back", "Europe/Berlin", "2026-10-23 12:00", 24, "2026-10-26 12:00"},
		{"over the day when clocks go on", "America/New_York", "2026-03-06 12:00", 24, "2026-03-09 12:00"},
		{"over a leap day", "Europe/Berlin", "2028-02-28 12:00", 48, "2028-03-01 12:00"},
	} {
		app.Choose(desktest.Values{"timezone": c.zone, "answer_hours": c.hours})
		s, err := desk.LoadSettings(app)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.AnswerBy(at(t, s.Location, c.from)); !got.Equal(at(t, s.Location, c.want)) {
			t.Errorf("%s: AnswerBy(%s, %d h) = %s, want %s", c.name, c.from, c.hours, got, c.want)
		}
	}
}

func at(t *testing.T, place *time.Location, s string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", s, place)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The more important a case, the sooner it is due, and never in the night.
func TestFirstDue(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"timezone": "Asia/Taipei", "answer_hours": 48})
	s, err := desk.LoadSettings(app)
	if err != nil {
		t.Fatal(err)
	}
	from := at(t, s.Location, "2026-11-20 17:00") // a Friday
	for priority, want := range map[string]string{
		"urgent": "2026-11-23 09:30", "high": "2026-11-23 14:00", "normal": "2026-11-24 17:00", "low": "2026-11-26 17:00",
	} {
		if got := s.FirstDue(from, priority); !got.Equal(at(t, s.Location, want)) {
			t.Errorf("%s: %v, want %s", priority, got, want)
		}
	}
}

func TestCalendarOf(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"timezone": "Asia/Taipei"})
	opens := func(id, day string) string {
		t.Helper()
		c, err := desk.CalendarOf(app, id)
		if err != nil {
			t.Fatal(err)
		}
		d, err := calendar.ParseDate(day)
		if err != nil {
			t.Fatal(err)
		}
		if from, _, ok := c.Hours(d); ok {
			return from.Format("15:04 MST")
		}
		return ""
	}
	is := func(what, got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	is("without a record", opens("", "2026-11-23"), "09:00 CST")
	is("on a holiday", opens("", "2026-12-25"), "")
	is("one that is gone", opens("calendargone000", "2026-11-23"), "09:00 CST")

	week := map[string]any{"mon": [][]string{{"11:00", "15:00"}}}
	r := app.Make(desk.Calendars, desktest.Values{"name": "Store", "week": week})
	is("of its own", opens(r.Id, "2026-11-23"), "11:00 CST")
	is("closed", opens(r.Id, "2026-11-24"), "")
	is("the shop's is another", opens("", "2026-11-24"), "09:00 CST")
	app.Choose(desktest.Values{"calendar": r.Id})
	is("the shop's now", opens("", "2026-11-24"), "")

	app.Put(r, desktest.Values{"week": map[string]any{"tue": [][]string{{"12:00", "15:00"}}}})
	is("changed", opens(r.Id, "2026-11-24"), "12:00 CST")
	is("changed, the shop's", opens("", "2026-11-24"), "12:00 CST")
	app.Choose(desktest.Values{"timezone": "Asia/Tokyo"})
	is("in another zone", opens(r.Id, "2026-11-24"), "12:00 JST")
	is("in another zone, the shop's", opens("", "2026-11-24"), "12:00 JST")
	app.Put(r, desktest.Values{"timezone": "Europe/Berlin", "days": []any{map[string]any{"date": "2026-11-25", "spans": [][]string{{"08:00", "09:00"}}}}})
	is("a zone of its own", opens(r.Id, "2026-11-25"), "08:00 CET")
	if err := app.Delete(r); err != nil {
		t.Fatal(err)
	}
	desk.ForgetCalendars(app)
	is("deleted", opens("", "2026-11-24"), "09:00 JST")
}

// A record that was written past the checks does not stop the line.
func TestBrokenCalendar(t *testing.T) {
	app := desktest.New(t)
	r := app.Make(desk.Calendars, desktest.Values{"name": "Broken"})
	for _, week := range []string{`{"mon": "nine to five"}`, `{"mon": []}`, `[1]`} {
		if _, err := app.DB().NewQuery("UPDATE {{calendars}} SET [[week]] = {:week}").Bind(map[string]any{"week": week}).Execute(); err != nil {
			t.Fatal(err)
		}
		desk.ForgetCalendars(app)
		c, err := desk.CalendarOf(app, r.Id)
		if err != nil || c == nil || c.Between(app.Clock.Now(), app.Clock.Now().AddDate(0, 0, 14)) == 0 {
			t.Errorf("%s: %v", week, err)
		}
	}
}
