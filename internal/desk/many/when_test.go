package many_test

import (
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk/many"
)

func TestWhen(t *testing.T) {
	taipei, err := time.LoadLocation("Asia/Taipei")
	if err != nil {
		t.Fatal(err)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	friday := time.Date(2026, 11, 20, 15, 30, 0, 0, taipei)
	for _, test := range []struct {
		text string
		now  time.Time
		want string
	}{
		{"tonight", friday, "2026-11-20 18:00"},
		{"tonight", friday.Add(3 * time.Hour), "2026-11-21 09:00"},
		{"tomorrow", friday, "2026-11-21 09:00"},
		{"monday", friday, "2026-11-23 09:00"},
		{"monday", friday.AddDate(0, 0, 3), "2026-11-30 09:00"},
		{"week", friday, "2026-11-27 09:00"},
		{"3_hours", friday, "2026-11-20 18:30"},
		{"2_days", friday, "2026-11-22 09:00"},
		{"1_working_days", friday, "2026-11-23 09:00"},
		{"3_working_days", friday, "2026-11-25 09:00"},
		{"3_working_days", friday.AddDate(0, 0, 1), "2026-11-25 09:00"},
		{"1_working_days", time.Date(2026, 12, 24, 20, 0, 0, 0, taipei), "2026-12-28 09:00"}, // Constitution Day and a weekend
		{"2026-11-20T16:00:00+08:00", friday, "2026-11-20 16:00"},
		{"2026-11-20 08:00:00.000Z", friday, "2026-11-20 16:00"},
		{"tomorrow", time.Date(2026, 10, 24, 12, 0, 0, 0, berlin), "2026-10-25 09:00"}, // the clocks go back
		{"2026-11-20T15:00:00+08:00", friday, ""}, {"2036-11-20T15:00:00+08:00", friday, ""},
		{"", friday, ""}, {"later", friday, ""}, {"0_days", friday, ""}, {"-1_days", friday, ""}, {"101_days", friday, ""}, {"3_weeks", friday, ""}, {"_days", friday, ""},
	} {
		at, err := many.When(test.text, test.now, hoursAt(t, test.now.Location()))
		got := ""
		if err == nil {
			got = at.In(test.now.Location()).Format("2006-01-02 15:04")
		}
		if got != test.want {
			t.Errorf("%q at %s: %q (%v), want %q", test.text, test.now, got, err, test.want)
		}
	}
}

func hoursAt(t testing.TB, place *time.Location) *calendar.Calendar {
	t.Helper()
	c, err := calendar.StandardPlan().Calendar(place)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func FuzzWhen(f *testing.F) {
	for _, text := range []string{"monday", "3_working_days", "2026-11-20T16:00:00+08:00", "9e9_hours"} {
		f.Add(text)
	}
	now, hours := time.Date(2026, 11, 20, 15, 30, 0, 0, time.UTC), hoursAt(f, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		if at, err := many.When(text, now, hours); err == nil && !at.After(now) {
			t.Errorf("%q lies behind: %s", text, at)
		}
	})
}
