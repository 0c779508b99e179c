package demo

import (
	"net/netip"
	"testing"
	"time"

	content "github.com/pocketdesk/pocketdesk/internal/demo"
)

func rows(t *testing.T) []content.Submission {
	t.Helper()
	list, err := content.Submissions()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// TestMoments looks at the order of what happens, whatever the present is.
func TestMoments(t *testing.T) {
	list := rows(t)
	for hour := 0; hour < 7*24; hour += 5 {
		now := time.Date(2026, 11, 16, hour, 13, 0, 0, time.UTC)
		next := map[int]int{} // what a row waits for
		for i := range list {
			next[i] = opens
		}
		last := time.Time{}
		for _, m := range moments(list, now) {
			if m.at.Before(last) || !m.at.Before(now) {
				t.Fatalf("present %s: %s happens at %s after %s", now, list[m.row].ID, m.at, last)
			}
			last = m.at
			want := next[m.row]
			if want == takes && m.do != takes {
				want = 0 // not every case is taken
			}
			if m.do != want {
				t.Fatalf("present %s: %s does %d, want %d", now, list[m.row].ID, m.do, want)
			}
			next[m.row] = m.do + 1
		}
		for i, s := range list {
			if n := next[i]; n < 0 && n != takes || n < len(s.Thread) && len(s.Thread) > 0 {
				t.Errorf("present %s: %s got as far as %d of %d steps", now, s.ID, n, len(s.Thread))
			}
		}
	}
}

func TestVisitors(t *testing.T) {
	reserved := []netip.Prefix{
		netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.51.100.0/24"),
		netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("2001:db8::/32"),
	}
	different := map[netip.Addr]bool{}
	for _, s := range rows(t) {
		a := address(s)
		inside := false
		for _, p := range reserved {
			inside = inside || p.Contains(a)
		}
		if !inside {
			t.Errorf("%s comes from %s", s.ID, a)
		}
		different[a] = true
		if fast := filling(s) < 3*time.Second; fast != s.Bot.Fast {
			t.Errorf("%s fills the form in %s", s.ID, filling(s))
		}
	}
	if len(different) < 150 {
		t.Errorf("all come from %d addresses", len(different))
	}
}

func TestClockNeverGoesBack(t *testing.T) {
	start := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	c := &clock{at: start}
	first := c.Now()
	c.move(start.Add(-time.Hour))
	second := c.Now()
	if !first.After(start) || !second.After(first) {
		t.Errorf("%s, then %s, then %s", start, first, second)
	}
	c.move(start.Add(time.Hour))
	if got := c.Now(); got.Before(start.Add(time.Hour)) || got.After(start.Add(time.Hour+time.Second)) {
		t.Errorf("moved to %s", got)
	}
}
