package geotest

import (
	"net/netip"
	"path/filepath"
	"testing"

	"github.com/oschwald/maxminddb-golang/v2"
)

// TestFilesAreSound lets the library's own verifier read the whole file.
func TestFilesAreSound(t *testing.T) {
	for name, values := range map[string]map[netip.Prefix]string{
		"IPv4": {netip.MustParsePrefix("203.0.113.0/24"): "TW", netip.MustParsePrefix("203.0.113.4/30"): "JP"},
		"both": {netip.MustParsePrefix("203.0.113.0/24"): "TW", netip.MustParsePrefix("2001:db8::/32"): "JP"},
	} {
		path := filepath.Join(t.TempDir(), "x.mmdb")
		for _, write := range []func(string, map[netip.Prefix]string) error{Write, WriteFlat, WriteASN} {
			if err := write(path, values); err != nil {
				t.Fatal(err)
			}
			r, err := maxminddb.Open(path)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if err := r.Verify(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestNoNetwork(t *testing.T) {
	for _, p := range []netip.Prefix{
		{}, netip.MustParsePrefix("203.0.113.7/24"), netip.MustParsePrefix("::ffff:0.0.0.0/96"),
	} {
		if err := Write(filepath.Join(t.TempDir(), "x.mmdb"), map[netip.Prefix]string{p: "TW"}); err == nil {
			t.Errorf("%v was written", p)
		}
	}
}
