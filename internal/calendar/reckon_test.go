package calendar

import (
	"math/rand/v2"
	"testing"
	"time"
)

// Every answer is the one that counting minutes gives.
func TestAgainstMinuteByMinute(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	for round := range 90 {
		p := places[round%len(places)]
		config, first := anyConfig(t, r, p.zone, p.from)
		c, err := New(config)
		if err != nil {
			t.Fatal(err)
		}
		const days = 120
		m := newModel(config, first, days)
		for range 150 {
			i := r.IntN(days * 24 * 60)
			if r.IntN(2) == 0 {
				i = r.IntN(20 * 24 * 60) // about the change of the clock
			}
			checkAt(t, c, m, i, r)
			if t.Failed() {
				t.Fatalf("%s %+v", p.zone, config)
			}
		}
	}
}

func checkAt(t *testing.T, c *Calendar, m *model, i int, r *rand.Rand) {
	at := m.at(i)
	is := func(name string, got time.Time, want int) {
		t.Helper()
		if want >= 0 && !got.Equal(m.at(want)) {
			t.Errorf("%s at %v = %v, want %v", name, at, got, m.at(want))
		}
	}
	if got := c.Open(at); got != m.minutes[i] {
		t.Errorf("open at %v: %v", at, got)
	}
	is("next", c.Next(at), m.next(i))
	n := 1 + r.IntN(60*40)
	minutes := Amount{n, Minutes}
	is("add "+minutes.String(), c.After(at, minutes), m.add(i, n))
	is("before "+minutes.String(), c.Before(at, minutes), m.subtract(i, n))
	if hours := n/60 + 1; true {
		is("add hours", c.After(at, Amount{hours, Hours}), m.add(i, 60*hours))
		is("before hours", c.Before(at, Amount{hours, Hours}), m.subtract(i, 60*hours))
	}
	j := r.IntN(len(m.minutes))
	if got, want := c.Between(at, m.at(j)), m.between(i, j); got != time.Duration(want)*time.Minute {
		t.Errorf("between %v and %v: %v, want %d minutes", at, m.at(j), got, want)
	}
	days := Amount{1 + r.IntN(12), Days}
	is("add "+days.String(), c.After(at, days), m.days(i, days.N))
	checkBefore(t, c, at, days)
}

// Before is the last moment of which After is not later.
func checkBefore(t *testing.T, c *Calendar, at time.Time, a Amount) {
	t.Helper()
	from := c.Before(at, a)
	if got := c.After(from, a); got.After(at) {
		t.Errorf("%v before %v is %v, of which it is %v", a, at, from, got)
	}
	if got := c.After(from.Add(1), a); !got.After(at) {
		t.Errorf("%v before %v is %v, but a later one gives %v", a, at, from, got)
	}
}

func TestPartsOfAMinute(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 2))
	for round := range 60 {
		p := places[round%len(places)]
		config, first := anyConfig(t, r, p.zone, p.from)
		c, err := New(config)
		if err != nil {
			t.Fatal(err)
		}
		some := func() time.Time { return first.Add(time.Duration(r.Int64N(int64(90 * 24 * time.Hour)))) }
		for range 100 {
			a, b, d := some(), some(), time.Duration(r.Int64N(int64(40*time.Hour)))+1
			if a.After(b) {
				a, b = b, a
			}
			mid := a.Add(b.Sub(a) / 3)
			if c.Between(a, b) != c.Between(a, mid)+c.Between(mid, b) {
				t.Fatalf("%s: between %v, %v and %v does not add up", p.zone, a, mid, b)
			}
			end := c.Add(a, d)
			if got := c.Between(a, end); got != d {
				t.Fatalf("%s: %v after %v is %v, between which lie %v", p.zone, d, a, end, got)
			}
			if start := c.subtract(b, d); c.Between(start, b) != d || c.Between(start.Add(1), b) != d-1 {
				t.Fatalf("%s: %v before %v is %v", p.zone, d, b, start)
			}
			checkBefore(t, c, b, Amount{1 + r.IntN(9), Days})
			if t.Failed() {
				t.Fatalf("%s %+v", p.zone, config)
			}
		}
	}
}

// Several may reckon at once, far from each other.
func TestManyAtOnce(t *testing.T) {
	c := standard(t, "Europe/Berlin")
	done := make(chan time.Duration)
	for range 8 {
		go func() {
			var sum time.Duration
			for y := 1950; y < 2150; y++ {
				from := time.Date(y, 5, 1, 0, 0, 0, 0, time.UTC)
				sum += c.Between(from, c.After(from, Amount{300, Days}))
			}
			done <- sum
		}()
	}
	want := <-done
	for range 7 {
		if got := <-done; got != want {
			t.Errorf("%v and %v", got, want)
		}
	}
}

func standard(t testing.TB, zone string) *Calendar {
	t.Helper()
	place, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	lunch := []Span{{9 * 60, 12 * 60}, {13 * 60, 18 * 60}}
	c, err := New(Config{Location: place, Week: [7][]Span{1: lunch, lunch, lunch, lunch, lunch},
		Days: map[Date][]Span{{2026, 1, 1}: nil, {2026, 12, 25}: nil, {2026, 12, 26}: nil, {2027, 1, 1}: nil}})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func BenchmarkAfter(b *testing.B) {
	for _, a := range []Amount{{2, Days}, {4, Hours}, {40, Hours}} {
		b.Run(a.String(), func(b *testing.B) { reckon(b, func(c *Calendar, at time.Time) { c.After(at, a) }) })
	}
}

func BenchmarkBefore(b *testing.B) {
	for _, a := range []Amount{{2, Days}, {4, Hours}} {
		b.Run(a.String(), func(b *testing.B) { reckon(b, func(c *Calendar, at time.Time) { c.Before(at, a) }) })
	}
}

func BenchmarkBetween(b *testing.B) {
	reckon(b, func(c *Calendar, at time.Time) { c.Between(at, at.Add(400*time.Hour)) })
}

func reckon(b *testing.B, f func(*Calendar, time.Time)) {
	c := standard(b, "Europe/Berlin")
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var at [1024]time.Time
	for i := range at {
		at[i] = from.Add(time.Duration(i) * 511 * time.Minute)
	}
	i := 0
	for b.Loop() {
		f(c, at[i&1023])
		i++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "per_s")
}
