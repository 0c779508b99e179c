package geo_test

import (
	"bytes"
	"errors"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oschwald/maxminddb-golang/v2"

	"github.com/pocketdesk/pocketdesk/internal/geo"
	"github.com/pocketdesk/pocketdesk/internal/geo/geotest"
)

type clock struct{ ns atomic.Int64 }

func (c *clock) now() time.Time        { return time.Unix(0, c.ns.Load()) }
func (c *clock) after(d time.Duration) { c.ns.Add(int64(d)) }

func prefixes(pairs ...string) map[netip.Prefix]string {
	m := map[netip.Prefix]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[netip.MustParsePrefix(pairs[i])] = pairs[i+1]
	}
	return m
}

var world = prefixes("203.0.113.0/24", "TW", "203.0.113.128/25", "JP", "198.51.100.7/32", "cn",
	"192.0.2.0/24", "ZZ", "192.0.2.16/28", "Taiwan", "2001:db8::/32", "US", "2001:db8:1::/48", "KR")

func put(t *testing.T, path string, write func(string, map[netip.Prefix]string) error, m map[netip.Prefix]string) {
	t.Helper()
	next := path + ".next"
	if err := write(next, m); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, path); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, m map[netip.Prefix]string) (*geo.DB, string, *clock) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "geo.mmdb")
	put(t, path, geotest.Write, m)
	clk := &clock{}
	clk.after(time.Hour)
	db, err := geo.New(geo.Config{Path: path, Now: clk.now})
	if err != nil {
		t.Fatal(err)
	}
	return db, path, clk
}

func TestCountry(t *testing.T) {
	for shape, write := range map[string]func(string, map[netip.Prefix]string) error{
		"nested": geotest.Write, "flat": geotest.WriteFlat,
	} {
		path := filepath.Join(t.TempDir(), "geo.mmdb")
		put(t, path, write, world)
		db, err := geo.Open(path)
		if err != nil {
			t.Fatalf("%s: %v", shape, err)
		}
		for addr, want := range map[string]string{
			"203.0.113.0":           "TW",
			"203.0.113.127":         "TW",
			"203.0.113.128":         "JP",
			"203.0.113.255":         "JP",
			"::ffff:203.0.113.7":    "TW",
			"198.51.100.7":          "CN",
			"198.51.100.6":          "",
			"198.51.100.8":          "",
			"192.0.2.1":             "", // ZZ
			"192.0.2.17":            "", // not a code
			"127.0.0.1":             "",
			"10.0.0.1":              "",
			"0.0.0.0":               "",
			"255.255.255.255":       "",
			"2001:db8::1":           "US",
			"2001:db8:1::1":         "KR",
			"2001:db8:2::1%eth0":    "US",
			"2001:db7:ffff::":       "",
			"::1":                   "",
			"ffff:ffff:ffff:ffff::": "",
		} {
			if got := db.Country(netip.MustParseAddr(addr)); got != want {
				t.Errorf("%s: %s is in %q, want %q", shape, addr, got, want)
			}
		}
		if got := db.Country(netip.Addr{}); got != "" {
			t.Errorf("%s: no address is in %q", shape, got)
		}
		if got := db.Built(); got.Year() != 2026 {
			t.Errorf("%s: built %v", shape, got)
		}
	}
}

func TestIPv4File(t *testing.T) {
	db, _, _ := open(t, prefixes("203.0.113.0/24", "TW"))
	if got := db.Country(netip.MustParseAddr("203.0.113.9")); got != "TW" {
		t.Errorf("got %q", got)
	}
	if got := db.Country(netip.MustParseAddr("2001:db8::1")); got != "" {
		t.Errorf("an IPv6 address is in %q", got)
	}
}

func TestEverywhere(t *testing.T) {
	db, _, _ := open(t, prefixes("0.0.0.0/0", "TW"))
	for _, addr := range []string{"0.0.0.0", "127.255.255.255", "128.0.0.0", "255.255.255.255"} {
		if got := db.Country(netip.MustParseAddr(addr)); got != "TW" {
			t.Errorf("%s is in %q", addr, got)
		}
	}
}

func TestNil(t *testing.T) {
	var db *geo.DB
	if got := db.Country(netip.MustParseAddr("203.0.113.7")); got != "" || db.Close() != nil || db.Err() != nil || !db.Built().IsZero() {
		t.Errorf("a nil DB answers %q", got)
	}
}

// spoil writes what each broken file holds, by name.
func spoil(t *testing.T) map[string][]byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "good.mmdb")
	if err := geotest.Write(path, world); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	asn := filepath.Join(t.TempDir(), "asn.mmdb")
	if err := geotest.WriteASN(asn, prefixes("203.0.113.0/24", "Example Net")); err != nil {
		t.Fatal(err)
	}
	owners, err := os.ReadFile(asn)
	if err != nil {
		t.Fatal(err)
	}
	bare := filepath.Join(t.TempDir(), "bare.mmdb")
	if err := geotest.Write(bare, nil); err != nil {
		t.Fatal(err)
	}
	nothing, err := os.ReadFile(bare)
	if err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{
		"empty":         {},
		"words":         []byte("404 page not found"),
		"half":          good[:len(good)/2],
		"tail alone":    good[bytes.Index(good, []byte("\xab\xcd\xef")):],
		"no metadata":   good[:bytes.Index(good, []byte("\xab\xcd\xef"))],
		"no countries":  owners,
		"nothing in it": nothing,
		"no end":        endless(t, good),
	}
}

// endless makes both branches of each node meet in the next, the last being empty: a tree of few
// bytes with more ways than can be walked.
func endless(t *testing.T, good []byte) []byte {
	t.Helper()
	r, err := maxminddb.OpenBytes(good)
	if err != nil {
		t.Fatal(err)
	}
	data := bytes.Clone(good)
	for i := range 2 * r.Metadata.NodeCount {
		next := min(i/2+1, r.Metadata.NodeCount)
		if next == 100 {
			next = r.Metadata.NodeCount
		}
		copy(data[3*i:], []byte{byte(next >> 16), byte(next >> 8), byte(next)})
	}
	return data
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	if _, err := geo.Open(filepath.Join(dir, "none.mmdb")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
	if _, err := geo.Open(dir); err == nil {
		t.Error("a folder was opened")
	}
	huge := filepath.Join(dir, "huge.mmdb")
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, 256<<20+1); err != nil {
		t.Fatal(err)
	}
	if _, err := geo.Open(huge); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("huge: %v", err)
	}
	for name, data := range spoil(t) {
		path := filepath.Join(dir, "x.mmdb")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := geo.Open(path)
		if db != nil || err == nil {
			t.Errorf("%s: opened", name)
		}
		if strings.HasPrefix(name, "no") && name != "no metadata" && !errors.Is(err, geo.ErrNoCountries) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReload(t *testing.T) {
	addr := netip.MustParseAddr("203.0.113.7")
	db, path, clk := open(t, world)
	put(t, path, geotest.WriteFlat, prefixes("203.0.113.0/24", "HK"))
	clk.after(time.Minute - 1)
	if got := db.Country(addr); got != "TW" {
		t.Errorf("within the minute: %q", got)
	}
	clk.after(1)
	if got := db.Country(addr); got != "HK" || db.Err() != nil {
		t.Errorf("after a minute: %q, %v", got, db.Err())
	}
	clk.after(-24 * time.Hour)
	put(t, path, geotest.Write, prefixes("203.0.113.0/24", "MO"))
	if got := db.Country(addr); got != "MO" {
		t.Errorf("with the clock set back: %q", got)
	}
}

func TestOverwrittenInPlace(t *testing.T) {
	addr := netip.MustParseAddr("203.0.113.7")
	db, path, clk := open(t, prefixes("203.0.113.0/24", "TW"))
	// The same length, so that only the time tells.
	if err := geotest.Write(path, prefixes("203.0.113.0/24", "JP")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, time.Time{}, time.Unix(2_000_000_000, 0)); err != nil {
		t.Fatal(err)
	}
	clk.after(time.Minute)
	if got := db.Country(addr); got != "JP" {
		t.Errorf("got %q", got)
	}
}

func TestBrokenReplacement(t *testing.T) {
	addr := netip.MustParseAddr("203.0.113.7")
	for name, data := range spoil(t) {
		db, path, clk := open(t, world)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		for range 2 { // also when looked at again
			clk.after(time.Minute)
			if got := db.Country(addr); got != "TW" || db.Err() == nil {
				t.Errorf("%s: %q, %v", name, got, db.Err())
			}
		}
		put(t, path, geotest.Write, prefixes("203.0.113.0/24", "JP"))
		clk.after(time.Minute)
		if got := db.Country(addr); got != "JP" || db.Err() != nil {
			t.Errorf("%s, then a good one: %q, %v", name, got, db.Err())
		}
	}
}

func TestFileGoesAndComesBack(t *testing.T) {
	addr := netip.MustParseAddr("203.0.113.7")
	db, path, clk := open(t, world)
	if err := os.Rename(path, path+".away"); err != nil {
		t.Fatal(err)
	}
	clk.after(time.Minute)
	if got := db.Country(addr); got != "TW" || !errors.Is(db.Err(), fs.ErrNotExist) {
		t.Errorf("gone: %q, %v", got, db.Err())
	}
	if err := os.Rename(path+".away", path); err != nil {
		t.Fatal(err)
	}
	clk.after(time.Minute)
	if got := db.Country(addr); got != "TW" || db.Err() != nil {
		t.Errorf("back: %q, %v", got, db.Err())
	}
}

func TestClose(t *testing.T) {
	db, path, clk := open(t, world)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	put(t, path, geotest.Write, prefixes("203.0.113.0/24", "JP"))
	clk.after(time.Hour)
	if got := db.Country(netip.MustParseAddr("203.0.113.7")); got != "" {
		t.Errorf("a closed DB answers %q", got)
	}
}

func TestManyAtOnce(t *testing.T) {
	addr := netip.MustParseAddr("203.0.113.7")
	db, path, clk := open(t, world)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 500 {
				if got := db.Country(addr); got != "TW" && got != "JP" {
					t.Errorf("got %q", got)
					return
				}
			}
		})
	}
	for i := range 20 {
		put(t, path, geotest.Write, prefixes("203.0.113.0/24", []string{"TW", "JP"}[i%2]))
		clk.after(time.Minute)
	}
	wg.Wait()
}

// FuzzFile: whatever lies there, it is refused or answers two capitals or nothing.
func FuzzFile(f *testing.F) {
	path := filepath.Join(f.TempDir(), "seed.mmdb")
	if err := geotest.Write(path, world); err != nil {
		f.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good, byte(203))
	f.Add(bytes.ReplaceAll(good, []byte("iso_code"), []byte("iso\xffcode")), byte(1))
	f.Fuzz(func(t *testing.T, data []byte, first byte) {
		path := filepath.Join(t.TempDir(), "geo.mmdb")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		db, err := geo.Open(path)
		if err != nil {
			return
		}
		for _, addr := range []netip.Addr{
			netip.AddrFrom4([4]byte{first, 0, 113, 7}), netip.AddrFrom16([16]byte{first, 1, 0x0d, 0xb8}),
		} {
			if got := db.Country(addr); got != "" && (len(got) != 2 || strings.ToUpper(got) != got) {
				t.Errorf("%v is in %q", addr, got)
			}
		}
	})
}
