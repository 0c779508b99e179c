// Package geo tells the country of an address from a file in MaxMind DB format that the shop puts
// into place and renews; PocketDesk ships none and asks no service.
//
//	db, err := geo.Open("pb_data/geo.mmdb")
//	…
//	db.Country(netip.MustParseAddr("203.0.113.7")) // "TW", or "" if not known
//
// Files in two shapes are understood: MaxMind's own (GeoLite2 Country and City:
// {country: {iso_code}}) and the flat one of ip-location-db ({country_code}).
package geo

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/oschwald/maxminddb-golang/v2"
)

const (
	every   = time.Minute // between two looks at the file
	maxFile = 256 << 20   // bytes; a country file has about 10 MB, a city file 60 to 130
	probes  = 100_000     // networks tried for a country before a file is refused
)

// ErrNoCountries: the file is in MaxMind DB format, but holds something else (networks, say).
var ErrNoCountries = errors.New("geo: the file names no countries")

// Config says which file to read.
type Config struct {
	// Path is the file's.
	Path string
	// Now is the clock by which the file is looked at again. Default time.Now.
	Now func() time.Time
}

// DB answers from one file, and from its successor within a minute after that was put into place.
// It is safe for concurrent use. A nil *DB knows no country.
//
// The file is held in memory, not mapped: a file that is overwritten in place would end a process
// that has it mapped.
type DB struct {
	path   string
	now    func() time.Time
	reader atomic.Pointer[maxminddb.Reader]
	looked atomic.Int64 // unix nanoseconds of the last look at the file

	mu   sync.Mutex  // held while looking
	seen fs.FileInfo // the file as it was when read last, also when it was of no use
	bad  error       // why that one was of no use
	err  error       // why the file that is there now is not the one in use
}

// Open is New with the path alone.
func Open(path string) (*DB, error) { return New(Config{Path: path}) }

// New reads the file. The error says why it is of no use: missing (fs.ErrNotExist), larger than
// 256 MB, not in the format, ErrNoCountries.
func New(c Config) (*DB, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	d := &DB{path: c.Path, now: c.Now}
	d.looked.Store(d.now().UnixNano())
	r, seen, err := read(c.Path)
	if err != nil {
		return nil, err
	}
	d.seen = seen
	d.reader.Store(r)
	return d, nil
}

// Country returns the ISO 3166-1 alpha-2 code in capitals of the country in which the address is
// used, or "" for addresses of which the file knows nothing, private ones among them.
func (d *DB) Country(addr netip.Addr) string {
	if d == nil {
		return ""
	}
	addr = addr.Unmap().WithZone("")
	if !addr.IsValid() {
		return ""
	}
	d.look()
	r := d.reader.Load()
	if r == nil {
		return ""
	}
	return code(r.Lookup(addr))
}

// Err tells why the file that lies there now is not in use and the earlier one still is; nil if
// all is well.
func (d *DB) Err() error {
	if d == nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.err
}

// Built is when the file in use was made, by its own word; zero without a file. An old file knows
// many addresses wrongly.
func (d *DB) Built() time.Time {
	if d == nil {
		return time.Time{}
	}
	r := d.reader.Load()
	if r == nil {
		return time.Time{}
	}
	return r.Metadata.BuildTime().UTC()
}

// Close lets go of the file; from then on no country is known. The error is always nil.
func (d *DB) Close() error {
	if d == nil {
		return nil
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen = nil
	d.reader.Store(nil)
	return nil
}

// look reads the file anew if it is due and changed. Whoever comes while another looks goes on with
// what there is.
func (d *DB) look() {
	now := d.now().UnixNano()
	// A clock that was set back must not keep the next look away for long.
	if since := time.Duration(now - d.looked.Load()); 0 <= since && since < every {
		return
	}
	if !d.mu.TryLock() {
		return
	}
	defer d.mu.Unlock()
	d.looked.Store(now)
	if d.seen == nil { // closed
		return
	}
	info, err := os.Stat(d.path)
	if err != nil {
		d.err = fmt.Errorf("geo: %w", err)
		return
	}
	if same(info, d.seen) {
		d.err = d.bad
		return
	}
	r, seen, err := read(d.path)
	if d.err = err; err == nil {
		d.reader.Store(r)
	}
	if seen != nil {
		d.seen, d.bad = seen, err
	}
}

func same(a, b fs.FileInfo) bool {
	return os.SameFile(a, b) && a.Size() == b.Size() && a.ModTime().Equal(b.ModTime())
}

// read also returns the state of the file from before it was read, so that what is written
// meanwhile shows as a change; nil if it could not be had.
func read(path string) (*maxminddb.Reader, fs.FileInfo, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, fmt.Errorf("geo: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, nil, fmt.Errorf("geo: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, info, fmt.Errorf("geo: %s is not a file", path)
	}
	if info.Size() > maxFile {
		return nil, info, fmt.Errorf("geo: %s is larger than %d MB", path, maxFile>>20)
	}
	data := make([]byte, info.Size())
	if _, err := io.ReadFull(f, data); err != nil {
		return nil, info, fmt.Errorf("geo: %w", err)
	}
	r, err := maxminddb.OpenBytes(data)
	if err != nil {
		return nil, info, fmt.Errorf("geo: %s: %w", path, err)
	}
	return r, info, probe(r)
}

// probe makes sure that the file names at least one country near its beginning.
func probe(r *maxminddb.Reader) error {
	tried := 0
	// Nothing is skipped, so that all is counted: a broken tree whose branches meet again has no
	// end for whoever walks it.
	for result := range r.Networks(maxminddb.IncludeNetworksWithoutData(), maxminddb.IncludeAliasedNetworks()) {
		if code(result) != "" {
			return nil
		}
		if err := result.Err(); err != nil {
			return fmt.Errorf("geo: %w", err)
		}
		if tried++; tried >= probes {
			break
		}
	}
	return ErrNoCountries
}

// code takes the country out of a record of either shape. A record of another shape, or a broken
// one, names none.
func code(r maxminddb.Result) string {
	if !r.Found() {
		return ""
	}
	var s string
	if err := r.DecodePath(&s, "country", "iso_code"); err == nil && s != "" {
		return alpha2(s)
	}
	s = ""
	if err := r.DecodePath(&s, "country_code"); err == nil {
		return alpha2(s)
	}
	return ""
}

// alpha2 returns two letters in capitals, or "". ZZ is how some files write "unknown".
func alpha2(s string) string {
	if len(s) != 2 {
		return ""
	}
	b := []byte(s)
	for i, c := range b {
		if 'a' <= c && c <= 'z' {
			b[i] = c - 'a' + 'A'
		} else if c < 'A' || c > 'Z' {
			return ""
		}
	}
	if s = string(b); s == "ZZ" {
		return ""
	}
	return s
}
