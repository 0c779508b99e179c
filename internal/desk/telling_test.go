package desk_test

import (
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

func TestQuietAfter(t *testing.T) {
	zone := func(name string) *time.Location {
		z, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return z
	}
	taipei, berlin := zone("Asia/Taipei"), zone("Europe/Berlin")
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for name, c := range map[string]struct {
		from, until string
		zone        *time.Location
		t, want     string
	}{
		"never":                           {"", "", taipei, "2026-11-16T03:00:30+08:00", "2026-11-16T03:00:30+08:00"},
		"before midnight":                 {"22:00", "08:00", taipei, "2026-12-31T22:00:00+08:00", "2027-01-01T08:00:00+08:00"},
		"after midnight":                  {"22:00", "08:00", taipei, "2026-11-16T07:59:59+08:00", "2026-11-16T08:00:00+08:00"},
		"at its end":                      {"22:00", "08:00", taipei, "2026-11-16T08:00:00+08:00", "2026-11-16T08:00:00+08:00"},
		"just before it":                  {"22:00", "08:00", taipei, "2026-11-16T21:59:59+08:00", "2026-11-16T21:59:59+08:00"},
		"at noon":                         {"12:00", "13:00", taipei, "2026-11-16T12:30:00+08:00", "2026-11-16T13:00:00+08:00"},
		"leap day":                        {"22:00", "08:00", taipei, "2028-02-28T23:00:00+08:00", "2028-02-29T08:00:00+08:00"},
		"clock put forward":               {"22:00", "08:00", berlin, "2026-03-28T23:00:00+01:00", "2026-03-29T08:00:00+02:00"},
		"clock put back":                  {"22:00", "08:00", berlin, "2026-10-24T23:00:00+02:00", "2026-10-25T08:00:00+01:00"},
		"ends in the hour that is left":   {"22:00", "02:30", berlin, "2026-03-28T23:00:00+01:00", "2026-03-29T03:00:00+02:00"},
		"ends in the hour that is twice":  {"22:00", "02:30", berlin, "2026-10-25T01:00:00+02:00", "2026-10-25T02:30:00+02:00"},
		"second time of that hour, quiet": {"22:00", "02:30", berlin, "2026-10-25T02:10:00+01:00", "2026-10-25T02:30:00+01:00"},
		"no hours":                        {"25:00", "02:30", berlin, "2026-10-25T02:10:00+01:00", "2026-10-25T02:10:00+01:00"},
	} {
		q := &desk.Quiet{From: c.from, Until: c.until}
		if got := q.After(at(c.t), c.zone); !got.Equal(at(c.want)) {
			t.Errorf("%s: %v, want %s", name, got.In(c.zone), c.want)
		}
	}
	var none *desk.Quiet
	if now := time.Now(); !none.After(now, taipei).Equal(now) || none.Check() != nil {
		t.Error("no hours are not quiet")
	}
}

func TestTellingIsChecked(t *testing.T) {
	for _, c := range []struct {
		desk.Telling
		ok bool
	}{
		{desk.Telling{}, true}, {desk.Telling{QuietFrom: "22:00", QuietUntil: "08:00", DigestMinutes: 5}, true},
		{desk.Telling{QuietFrom: "22:00"}, false}, {desk.Telling{QuietFrom: "22:00", QuietUntil: "22:00"}, false},
		{desk.Telling{QuietFrom: "2200", QuietUntil: "08:00"}, false}, {desk.Telling{DigestMinutes: 4}, false}, {desk.Telling{DigestMinutes: -1}, false}, {desk.Telling{DigestMinutes: 1441}, false},
	} {
		if err := c.Check(); (err == nil) != c.ok {
			t.Errorf("%+v: %v", c.Telling, err)
		}
	}
}
