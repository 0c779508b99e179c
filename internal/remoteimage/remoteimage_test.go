package remoteimage

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

func TestSources(t *testing.T) {
	got := Sources(`<p>Hi<img src="cid:a.png"><img data-remote-src="https://x.example/a?b=1&amp;c=2" alt="A"/>` +
		`<a data-remote-src="http://y.example/">z</a><!-- <img data-remote-src="https://no.example/"> -->&lt;img data-remote-src="https://no.example/"&gt;`)
	if want := []string{"https://x.example/a?b=1&c=2", "http://y.example/"}; !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if n := len(Sources(strings.Repeat(`<img data-remote-src="https://x.example/">`, 1000))); n != maxSources {
		t.Errorf("%d sources", n)
	}
	if got := Sources(""); got != nil {
		t.Errorf("of nothing: %q", got)
	}
}

const gif = "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"

func TestFetch(t *testing.T) {
	seen := http.Header{}
	mux := http.NewServeMux()
	mux.HandleFunc("/a.gif", func(w http.ResponseWriter, r *http.Request) {
		seen = r.Header.Clone()
		fmt.Fprint(w, gif)
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/a.gif", http.StatusFound) })
	mux.HandleFunc("/round", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) })
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png") // a lie
		fmt.Fprint(w, "<html><script>alert(1)</script>")
	})
	mux.HandleFunc("/vector", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<svg xmlns="http://www.w3.org/2000/svg"/>`)
	})
	mux.HandleFunc("/large", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, gif+strings.Repeat("x", MaxBytes)) })
	s := httptest.NewServer(mux)
	defer s.Close()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

	for _, path := range []string{"/a.gif", "/moved"} {
		kind, data, err := Fetch(t.Context(), client, s.URL+path)
		if err != nil || kind != "image/gif" || string(data) != gif {
			t.Errorf("%s: %s, %d bytes, %v", path, kind, len(data), err)
		}
	}
	if seen.Get("Referer") != "" || seen.Get("Cookie") != "" || seen.Get("User-Agent") != "Mozilla/5.0" {
		t.Errorf("the other side was told %v", seen)
	}
	for _, bad := range []string{s.URL + "/round", s.URL + "/page", s.URL + "/vector", s.URL + "/large", s.URL + "/none", "::", "ftp://x.example/"} {
		if kind, data, err := Fetch(t.Context(), client, bad); !errors.Is(err, ErrNoPicture) || kind != "" || data != nil {
			t.Errorf("%s: %q, %d bytes, %v", bad, kind, len(data), err)
		}
	}
}
