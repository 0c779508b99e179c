package doctor

import (
	"context"
	"encoding/binary"
	"errors"
	"maps"
	"net"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// zone is a resolver over a few records.
type zone struct {
	txt  map[string][]string
	mx   map[string][]*net.MX
	down bool
}

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	if z.down {
		return nil, &net.DNSError{Err: "server misbehaving", Name: name, IsTemporary: true}
	}
	if r, ok := z.txt[name]; ok {
		return r, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (z zone) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	if z.down {
		return nil, errors.New("down")
	}
	if r, ok := z.mx[name]; ok {
		return r, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func TestSPF(t *testing.T) {
	loop := zone{txt: map[string][]string{}}
	for i := range 12 {
		loop.txt[strings.Repeat("a", i+1)+".example"] = []string{"v=spf1 include:" + strings.Repeat("a", i+2) + ".example ~all"}
	}
	for _, c := range []struct {
		name, record, host, id string
	}{
		{"good", "v=spf1 mx ~all", "", "spf_ok"},
		{"provider named", "v=spf1 include:_spf.google.com ~all", "smtp.gmail.com", "spf_ok"},
		{"provider named further down", "v=spf1 include:all.example -all", "smtp.gmail.com", "spf_ok"},
		{"provider not named", "v=spf1 mx -all", "smtp.office365.com", "spf_provider"},
		{"open", "v=spf1 +all", "", "spf_open"},
		{"open without a sign", "v=spf1 mx all", "", "spf_open"},
		{"an included all says nothing", "v=spf1 include:open.example -all", "", "spf_ok"},
		{"too many", "v=spf1 include:a.example ~all", "", "spf_lookups"},
		{"upper case", "V=SPF1 MX -ALL", "", "spf_ok"},
		{"another text", "v=spf10 mx", "", "spf_missing"},
	} {
		z := zone{txt: map[string][]string{
			"shop.example": {"unrelated", c.record}, "_spf.google.com": {"v=spf1 ip4:192.0.2.0/24 ~all"},
			"all.example": {"v=spf1 include:_spf.google.com ~all"}, "open.example": {"v=spf1 +all"},
		}}
		maps.Copy(z.txt, loop.txt)
		if f := SPF(context.Background(), z, "shop.example", c.host); f.ID != c.id {
			t.Errorf("%s: %s", c.name, f.ID)
		}
	}
	two := zone{txt: map[string][]string{"shop.example": {"v=spf1 mx ~all", "v=spf1 a ~all"}}}
	if f := SPF(context.Background(), two, "shop.example", ""); f.ID != "spf_several" || f.State != Fail {
		t.Errorf("two records: %+v", f)
	}
	circle := zone{txt: map[string][]string{"shop.example": {"v=spf1 include:b.example ~all"}, "b.example": {"v=spf1 include:shop.example ~all"}}}
	if f := SPF(context.Background(), circle, "shop.example", ""); f.ID != "spf_ok" {
		t.Errorf("a circle: %+v", f)
	}
}

func TestDKIM(t *testing.T) {
	z := zone{txt: map[string][]string{
		"good._domainkey.shop.example":    {"v=DKIM1; k=rsa; p=AAAA BBBB"},
		"other._domainkey.shop.example":   {"v=DKIM1; p=CCCC"},
		"revoked._domainkey.shop.example": {"v=DKIM1; p="},
		"text._domainkey.shop.example":    {"hello"},
	}}
	for selector, id := range map[string]string{
		"good": "dkim_ok", "other": "dkim_other", "revoked": "dkim_revoked", "text": "dkim_missing", "none": "dkim_missing",
	} {
		if f := DKIM(context.Background(), z, selector+"._domainkey.shop.example", "v=DKIM1; k=rsa; p=AAAABBBB"); f.ID != id {
			t.Errorf("%q: %s", selector, f.ID)
		}
	}
}

func TestDMARC(t *testing.T) {
	z := zone{txt: map[string][]string{
		"_dmarc.a.example": {"v=DMARC1; p=none"}, "_dmarc.b.example": {"v=DMARC1; p=reject; sp=none"},
		"_dmarc.c.example": {"v=DMARC1; rua=mailto:x@c.example"}, "_dmarc.d.example": {"v=DMARC1; p=none", "v=DMARC1; p=reject"},
		"_dmarc.e.example": {"v=DMARC1;p=Quarantine"},
	}}
	for domain, id := range map[string]string{
		"a.example": "dmarc_watch", "b.example": "dmarc_ok", "mail.b.example": "dmarc_watch", "c.example": "dmarc_broken",
		"d.example": "dmarc_several", "e.example": "dmarc_ok", "f.example": "dmarc_missing", "mail.e.example": "dmarc_ok",
	} {
		if f := DMARC(context.Background(), z, domain); f.ID != id {
			t.Errorf("%s: %s", domain, f.ID)
		}
	}
}

func TestMX(t *testing.T) {
	z := zone{mx: map[string][]*net.MX{"a.example": {{Host: "mx.a.example.", Pref: 10}}, "b.example": {{Host: ".", Pref: 0}}}}
	for domain, id := range map[string]string{"a.example": "mx_ok", "b.example": "mx_null", "c.example": "mx_missing"} {
		if f := MX(context.Background(), z, domain); f.ID != id {
			t.Errorf("%s: %s", domain, f.ID)
		}
	}
}

func TestDNSDown(t *testing.T) {
	ctx, z := context.Background(), zone{down: true}
	for _, f := range []Finding{SPF(ctx, z, "a.example", ""), DKIM(ctx, z, "s._domainkey.a.example", "p=x"), DMARC(ctx, z, "a.example"), MX(ctx, z, "a.example")} {
		if f.State != Off || f.ID != "dns_failed" {
			t.Errorf("%+v", f)
		}
	}
}

// timeServer answers SNTP with a clock that is off by a while, after a forged answer.
func timeServer(t *testing.T, off time.Duration) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	go func() {
		b := make([]byte, 48)
		for {
			n, to, err := conn.ReadFrom(b)
			if err != nil || n != 48 {
				return
			}
			answer := make([]byte, 48)
			answer[0], answer[1] = 4<<3|4, 1
			_, _ = conn.WriteTo(answer, to) // of another question
			copy(answer[24:], b[40:])
			now := ntpTime(time.Now().Add(off))
			binary.BigEndian.PutUint64(answer[32:], now)
			binary.BigEndian.PutUint64(answer[40:], now)
			_, _ = conn.WriteTo(answer, to)
		}
	}()
	return conn.LocalAddr().String()
}

func TestClock(t *testing.T) {
	for off, state := range map[time.Duration]string{0: OK, -time.Minute: Warn, time.Hour: Fail} {
		if f := Clock(context.Background(), timeServer(t, off), time.Now); f.State != state {
			t.Errorf("off by %s: %+v", off, f)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if f := Clock(ctx, "127.0.0.1:1", time.Now); f.ID != "clock_unknown" || f.State != Off {
		t.Errorf("no server: %+v", f)
	}
}

func TestTimes(t *testing.T) {
	for _, at := range []time.Time{time.Date(2026, 11, 22, 8, 0, 0, 500_000_000, time.UTC), time.Date(2036, 2, 8, 0, 0, 0, 0, time.UTC)} {
		b := make([]byte, 8)
		binary.BigEndian.PutUint64(b, ntpTime(at))
		if got := unixTime(b); got.Sub(at).Abs() > time.Microsecond {
			t.Errorf("%s became %s", at, got)
		}
	}
}

var hole = regexp.MustCompile(`\{(\w+)\}`)

func TestWords(t *testing.T) {
	for id, en := range wordsEn() {
		for _, locale := range Locales() {
			w, ok := wordsOf(locale)[id]
			if !ok || w.text == "" || (en.cure == "") != (w.cure == "") {
				t.Errorf("%s has no words in %s", id, locale)
			}
			holes := func(w words) []string {
				all := hole.FindAllString(w.text+w.cure, -1)
				slices.Sort(all)
				return slices.Compact(all)
			}
			if !slices.Equal(holes(w), holes(en)) {
				t.Errorf("%s in %s names %v, in English %v", id, locale, holes(w), holes(en))
			}
		}
	}
	for _, locale := range Locales() {
		if len(wordsOf(locale)) != len(wordsEn()) {
			t.Errorf("%s has words for findings that English lacks", locale)
		}
	}
	text, cure := Words(New("spf", Warn, "spf_missing", "domain", "shop.example", "record", "v=spf1 mx ~all"), "fr")
	if !strings.Contains(text, "shop.example") || !strings.Contains(cure, "v=spf1 mx") || hole.MatchString(text+cure) {
		t.Errorf("%q %q", text, cure)
	}
}
