// Package geotest writes small files in MaxMind DB format for tests.
//
//	err := geotest.Write(path, map[netip.Prefix]string{
//		netip.MustParsePrefix("203.0.113.0/24"): "TW",
//		netip.MustParsePrefix("2001:db8::/32"):  "JP",
//	})
//
// The format is that of https://maxmind.github.io/MaxMind-DB/, version 2.0, with records of 24 bits.
package geotest

import (
	"fmt"
	"net/netip"
	"os"
	"slices"
)

// Write writes a file of MaxMind's shape, {country: {iso_code}}. Of networks that overlap, the
// longer prefix wins. With IPv4 networks alone it is an IPv4 file, else one for both.
func Write(path string, countries map[netip.Prefix]string) error {
	return write(path, countries, func(code string) []byte {
		return mapOf("country", mapOf("iso_code", text(code)))
	})
}

// WriteFlat is Write for the shape of ip-location-db, {country_code}.
func WriteFlat(path string, countries map[netip.Prefix]string) error {
	return write(path, countries, func(code string) []byte { return mapOf("country_code", text(code)) })
}

// WriteASN writes a file that names networks' owners instead of countries.
func WriteASN(path string, owners map[netip.Prefix]string) error {
	return write(path, owners, func(owner string) []byte {
		return mapOf("autonomous_system_organization", text(owner))
	})
}

func write(path string, values map[netip.Prefix]string, record func(string) []byte) error {
	data, err := encode(values, record)
	if err != nil {
		return fmt.Errorf("geotest: %w", err)
	}
	return os.WriteFile(path, data, 0o600)
}

func encode(values map[netip.Prefix]string, record func(string) []byte) ([]byte, error) {
	t := tree{bits: 32}
	var prefixes []netip.Prefix
	for p := range values {
		if !p.IsValid() || p.Addr().Is4In6() || p != p.Masked() {
			return nil, fmt.Errorf("%v is no network", p)
		}
		if p.Addr().Is6() {
			t.bits = 128
		}
		prefixes = append(prefixes, p)
	}
	slices.SortFunc(prefixes, netip.Prefix.Compare)
	// Short prefixes first, so that the longer ones are cut out of them.
	slices.SortStableFunc(prefixes, func(a, b netip.Prefix) int { return t.depth(a) - t.depth(b) })

	var data []byte
	offsets := map[string]int{} // of records in the data section, each written once
	for _, p := range prefixes {
		value := values[p]
		if _, ok := offsets[value]; !ok {
			offsets[value] = len(data)
			data = append(data, record(value)...)
		}
		t.insert(p, offsets[value])
	}
	nodes := t.nodes()
	out := t.encode(nodes)
	out = append(out, make([]byte, 16)...) // parts the tree from the data
	out = append(out, data...)
	out = append(out, "\xab\xcd\xefMaxMind.com"...)
	return append(out, metadata(len(nodes), t.bits)...), nil
}

func metadata(nodes, bits int) []byte {
	version := uint64(4)
	if bits == 128 {
		version = 6
	}
	return mapOf(
		"binary_format_major_version", number(uint16Type, 2, 2),
		"binary_format_minor_version", number(uint16Type, 0, 2),
		"build_epoch", number(uint64Type, 1_767_225_600, 8), // 2026-01-01
		"database_type", text("PocketDesk-Test"),
		"description", mapOf("en", text("a small file for tests")),
		"ip_version", number(uint16Type, version, 2),
		"languages", array(text("en")),
		"node_count", number(uint32Type, uint64(nodes), 4),
		"record_size", number(uint16Type, 24, 2),
	)
}
