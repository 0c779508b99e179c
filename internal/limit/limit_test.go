package limit

import (
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"
)

var start = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// clock is a time that a test sets.
type clock struct{ t time.Time }

func (c *clock) now() time.Time        { return c.t }
func (c *clock) after(d time.Duration) { c.t = c.t.Add(d) }
func (c *clock) counter(max int) *Counter {
	return New(Config{Window: time.Hour, Max: max, Now: c.now})
}

func TestWindowSlides(t *testing.T) {
	clk := &clock{start}
	c := clk.counter(10)
	steps := []struct {
		after time.Duration
		add   bool
		want  int
	}{
		{0, true, 1},
		{0, true, 2},
		{30 * time.Minute, true, 3},
		{29 * time.Minute, false, 3}, // 59 minutes old
		{time.Minute, false, 3},      // exactly an hour old: still in
		{3 * time.Minute, false, 1},  // the first two have left
		{0, true, 2},
		{30 * time.Minute, false, 1},
		{time.Hour, false, 0},
		{1000 * time.Hour, true, 1},
		{-2000 * time.Hour, true, 2}, // the clock was set back: nothing is lost, nothing revived
		{30 * time.Minute, true, 3},
		{50 * time.Minute, false, 1}, // and time goes on from there
		{2000*time.Hour + 2*time.Hour, false, 0},
	}
	for i, s := range steps {
		clk.after(s.after)
		got := 0
		if s.add {
			got = c.Add("k")
		} else {
			got = c.Count("k")
		}
		if got != s.want {
			t.Errorf("step %d: count = %d, want %d", i, got, s.want)
		}
	}
}

// The counter must agree with a plain list of times to within one step.
func TestAgainstList(t *testing.T) {
	clk := &clock{start}
	c := clk.counter(10)
	var times []time.Time
	within := func(d time.Duration) (n int) {
		for _, at := range times {
			if clk.t.Sub(at) <= d {
				n++
			}
		}
		return n
	}
	for i := range 3000 {
		clk.after(time.Duration(i*i%217) * time.Second)
		times = append(times, clk.t)
		got := c.Add("k")
		if low, high := within(time.Hour), within(time.Hour+time.Hour/32); got < low || got > high {
			t.Fatalf("add %d: count = %d, want %d to %d", i, got, low, high)
		}
	}
}

func TestKeysAreApart(t *testing.T) {
	c := (&clock{start}).counter(10)
	long := strings.Repeat("x", 5000)
	c.Add("a")
	c.Add(long + "1")
	c.Add(long + "1")
	for key, want := range map[string]int{"a": 1, "b": 0, long + "1": 2, long + "2": 0, "": 0} {
		if got := c.Count(key); got != want {
			t.Errorf("Count(%.10q) = %d, want %d", key, got, want)
		}
	}
	if c.Add("") != 0 || c.Len() != 2 {
		t.Error("the empty key was counted")
	}
}

func TestMemoryIsBounded(t *testing.T) {
	clk := &clock{start}
	c := clk.counter(100)
	for i := range 10_000 {
		c.Add(fmt.Sprint("key", i))
		c.Add("busy")
	}
	if c.Len() != 100 || c.recent.Len() != 100 {
		t.Fatalf("%d keys, %d listed, want 100", c.Len(), c.recent.Len())
	}
	if c.Count("busy") != 10_000 || c.Count("key9999") != 1 || c.Count("key0") != 0 {
		t.Error("not the key added to longest ago was forgotten")
	}
	clk.after(2 * time.Hour)
	for range 60 {
		c.Add("busy")
	}
	if c.Len() != 1 || c.Count("busy") != 60 {
		t.Errorf("%d keys after the window, busy %d; want 1 and 60", c.Len(), c.Count("busy"))
	}
}

func TestManyAtOnce(t *testing.T) {
	c := New(Config{})
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 1000 {
				c.Add("all")
				c.Add(fmt.Sprint(i % 50))
				c.Count("all")
			}
		})
	}
	wg.Wait()
	if got := c.Count("all"); got != 8000 {
		t.Errorf("count = %d, want 8000", got)
	}
}

func TestIPKey(t *testing.T) {
	tests := []struct{ addr, want string }{
		{"192.0.2.7", "192.0.2.7"},
		{"::ffff:192.0.2.7", "192.0.2.7"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		{"2001:db8:1:2::1", "2001:db8:1:2::/64"},
		{"2001:db8:1:3::1", "2001:db8:1:3::/64"},
		{"fe80::1%eth0", "fe80::/64"},
		{"::1", "::/64"},
	}
	for _, tt := range tests {
		if got := IPKey(netip.MustParseAddr(tt.addr)); got != tt.want {
			t.Errorf("IPKey(%s) = %q, want %q", tt.addr, got, tt.want)
		}
	}
	if got := IPKey(netip.Addr{}); got != "" {
		t.Errorf("no address has the key %q", got)
	}
}

func BenchmarkAddOneKey(b *testing.B) {
	c := New(Config{})
	for b.Loop() {
		c.Add("192.0.2.7")
	}
}

func BenchmarkAddManyKeys(b *testing.B) {
	c := New(Config{})
	keys := make([]string, 50_000)
	for i := range keys {
		keys[i] = fmt.Sprint("2001:db8:", i, "::/64")
	}
	i := 0
	for b.Loop() {
		c.Add(keys[i%len(keys)])
		i++
	}
}

func BenchmarkAddParallel(b *testing.B) {
	c := New(Config{})
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			c.Add("all")
		}
	})
}
