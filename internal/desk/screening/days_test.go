package screening

import (
	"slices"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// A day begins with its first moment, also where there is no midnight, or two.
func TestBounds(t *testing.T) {
	for _, c := range []struct {
		zone, day, from, to string
	}{
		{"UTC", "2026-11-16", "2026-11-16T00:00:00Z", "2026-11-17T00:00:00Z"},
		{"Asia/Taipei", "2026-11-16", "2026-11-15T16:00:00Z", "2026-11-16T16:00:00Z"},
		{"Asia/Kolkata", "2026-03-01", "2026-02-28T18:30:00Z", "2026-03-01T18:30:00Z"},
		{"America/New_York", "2026-03-08", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"},    // 23 hours
		{"America/New_York", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"},    // 25 hours
		{"Africa/Cairo", "2024-04-26", "2024-04-25T22:00:00Z", "2024-04-26T21:00:00Z"},        // begins at 01:00
		{"America/Havana", "2024-11-03", "2024-11-03T04:00:00Z", "2024-11-04T05:00:00Z"},      // midnight twice
		{"America/Sao_Paulo", "2018-02-17", "2018-02-17T02:00:00Z", "2018-02-18T03:00:00Z"},   // 23:00 twice
		{"Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z"}, // half an hour
		{"Pacific/Kiritimati", "2026-12-31", "2026-12-30T10:00:00Z", "2026-12-31T10:00:00Z"},  // UTC+14
		{"Pacific/Pago_Pago", "2026-12-31", "2026-12-31T11:00:00Z", "2027-01-01T11:00:00Z"},   // UTC-11
		{"Europe/Berlin", "2024-02-29", "2024-02-28T23:00:00Z", "2024-02-29T23:00:00Z"},       // leap day
	} {
		loc, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		from, to := bounds(c.day, loc)
		if f, e := from.UTC().Format(time.RFC3339), to.UTC().Format(time.RFC3339); f != c.from || e != c.to {
			t.Errorf("%s in %s: %s to %s, want %s to %s", c.day, c.zone, f, e, c.from, c.to)
		}
		for at, want := range map[time.Time]bool{from.Add(-time.Millisecond): false, from: true, to.Add(-time.Millisecond): true, to: false} {
			if got := desk.DayOf(at, loc) == c.day; got != want {
				t.Errorf("%s in %s: %s belongs to it: %v", c.day, c.zone, at.UTC(), got)
			}
		}
	}
}

func TestLastDays(t *testing.T) {
	loc, err := time.LoadLocation("Asia/Taipei")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 2, 28, 16, 0, 0, 0, time.UTC) // midnight in Taipei
	if got := lastDays(at, loc, 3); !slices.Equal(got, []string{"2026-02-27", "2026-02-28", "2026-03-01"}) {
		t.Errorf("%v", got)
	}
	if got := lastDays(at.Add(-time.Millisecond), loc, 1); !slices.Equal(got, []string{"2026-02-28"}) {
		t.Errorf("%v", got)
	}
}

func TestHalves(t *testing.T) {
	for _, c := range []struct {
		quarantine, block float64
		want              desk.Thresholds
	}{
		{5, 20, desk.Thresholds{Quarantine: 5, Block: 20}},
		{4.8, 5.3, desk.Thresholds{Quarantine: 5, Block: 5.5}},
		{4.74, 5.24, desk.Thresholds{Quarantine: 4.5, Block: 5}},
		{40, 1000, desk.Thresholds{Quarantine: 40, Block: 40.5}}, // 40.5 is reached by nothing
	} {
		if got := halvesOf(desk.Thresholds{Quarantine: c.quarantine, Block: c.block}).points(); got != c.want {
			t.Errorf("%g and %g: %+v, want %+v", c.quarantine, c.block, got, c.want)
		}
	}
}
