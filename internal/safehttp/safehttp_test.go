package safehttp

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

func TestPublic(t *testing.T) {
	cases := map[string]bool{
		"8.8.8.8": true, "203.66.1.1": true, "2404:6800:4004::1": true, "64:ff9b::808:808": true, "2002:808:808::1": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.64.0.1": false, "0.0.0.0": false, "0.1.2.3": false, "255.255.255.255": false, "240.0.0.1": false, "224.0.0.1": false,
		"198.18.0.1": false, "192.0.2.1": false, "192.0.0.170": false, "::1": false, "::": false, "fe80::1": false, "fc00::1": false,
		"fd12:3456::1": false, "ff02::1": false, "fec0::1": false, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false,
		"::127.0.0.1": false, "64:ff9b::7f00:1": false, "64:ff9b::a9fe:a9fe": false, "2002:7f00:1::": false, "2001:db8::1": false,
		"2001::1": false, "100::1": false, "64:ff9b:1::1": false,
	}
	for s, want := range cases {
		if got := Public(netip.MustParseAddr(s)); got != want {
			t.Errorf("Public(%s) = %v", s, got)
		}
	}
	if Public(netip.Addr{}) || Public(netip.MustParseAddr("2404:6800::1%eth0")) {
		t.Error("an address that is none, or of one interface, counts as public")
	}
}

func TestCheck(t *testing.T) {
	for _, good := range []string{"https://api.example.com/send", "http://gateway.example:8080/x?a=b", "https://8.8.8.8/"} {
		if err := Check(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", "ftp://example.com", "file:///etc/passwd", "https://", "https://user:pw@example.com", "gopher://x", "//example.com",
		"http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest", "http://[::ffff:10.0.0.1]/", "http://a b/", "\x00",
	} {
		if err := Check(bad); !errors.Is(err, ErrForbidden) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// server answers on this machine, which is forbidden unless allowed.
func server(t *testing.T, h http.HandlerFunc) *httptest.Server {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func allowLoopback(a netip.AddrPort) bool { return a.Addr().IsLoopback() }

func TestRefusesThisMachine(t *testing.T) {
	asked := false
	s := server(t, func(http.ResponseWriter, *http.Request) { asked = true })
	named := strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
	for _, url := range []string{s.URL, named, strings.Replace(s.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1)} {
		if _, err := New(Config{}).Get(url); !errors.Is(err, ErrForbidden) {
			t.Errorf("%s: %v", url, err)
		}
	}
	if asked {
		t.Error("the server was asked")
	}
}

func TestAllowed(t *testing.T) {
	s := server(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "here") })
	resp, err := New(Config{Allow: allowLoopback}).Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if b, _ := io.ReadAll(resp.Body); string(b) != "here" {
		t.Errorf("answer %q", b)
	}
}

func TestFollowsNoRedirect(t *testing.T) {
	followed := false
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			followed = true
			return
		}
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	resp, err := New(Config{Allow: allowLoopback}).Post(s.URL+"/", "text/plain", strings.NewReader("secret"))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if followed || resp.StatusCode != http.StatusTemporaryRedirect {
		t.Errorf("followed %v, status %d", followed, resp.StatusCode)
	}
}

func TestNoProxy(t *testing.T) {
	asked := false
	proxy := server(t, func(http.ResponseWriter, *http.Request) { asked = true })
	t.Setenv("HTTP_PROXY", proxy.URL)
	t.Setenv("http_proxy", proxy.URL)
	if resp, err := New(Config{Timeout: time.Second, Allow: allowLoopback}).Get("http://nowhere.invalid/"); err == nil {
		resp.Body.Close()
	}
	if asked {
		t.Error("a proxy was asked")
	}
}

func TestHangs(t *testing.T) {
	release := make(chan struct{})
	s := server(t, func(http.ResponseWriter, *http.Request) { <-release })
	defer close(release)
	var timeout interface{ Timeout() bool }
	_, err := New(Config{Timeout: 50 * time.Millisecond, Allow: allowLoopback}).Get(s.URL)
	if !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("a server that hangs: %v", err)
	}
}

func TestCertificateIsChecked(t *testing.T) {
	s := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(s.Close)
	if _, err := New(Config{Allow: allowLoopback}).Get(s.URL); err == nil {
		t.Error("an unknown authority is trusted")
	}
	pool := x509.NewCertPool()
	pool.AddCert(s.Certificate())
	resp, err := New(Config{Allow: allowLoopback, TLS: &tls.Config{RootCAs: pool}}).Get(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}
