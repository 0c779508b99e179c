package calendar

import (
	"testing"
	"time"
)

func TestAnswerBy(t *testing.T) {
	taipei, err := time.LoadLocation("Asia/Taipei")
	if err != nil {
		t.Fatal(err)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(place *time.Location, s string) time.Time {
		v, err := time.ParseInLocation("2006-01-02 15:04", s, place)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		name  string
		place *time.Location
		from  string
		hours int
		want  string
	}{
		{"within the week", taipei, "2026-11-16 10:30", 48, "2026-11-18 10:30"},
		{"over a weekend", taipei, "2026-11-20 10:00", 48, "2026-11-24 10:00"},
		{"from a Sunday", taipei, "2026-11-22 15:00", 48, "2026-11-25 09:00"},
		{"at night", taipei, "2026-11-17 03:00", 24, "2026-11-18 09:00"},
		{"in the evening before a weekend", taipei, "2026-11-20 19:00", 24, "2026-11-24 09:00"},
		{"at closing time", taipei, "2026-11-16 18:00", 24, "2026-11-17 18:00"},
		{"a few hours", taipei, "2026-11-16 10:00", 4, "2026-11-16 14:00"},
		{"a few hours into the night", taipei, "2026-11-16 16:00", 4, "2026-11-17 09:00"},
		{"at once", taipei, "2026-11-21 09:00", 0, "2026-11-23 09:00"},
		{"over the day when clocks go back", berlin, "2026-10-23 12:00", 24, "2026-10-26 12:00"},
	} {
		got := AnswerBy(at(c.place, c.from), time.Duration(c.hours)*time.Hour, c.place)
		if !got.Equal(at(c.place, c.want)) {
			t.Errorf("%s: AnswerBy(%s, %d h) = %s, want %s", c.name, c.from, c.hours, got, c.want)
		}
	}
}
