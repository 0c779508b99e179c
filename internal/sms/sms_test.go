package sms

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestMeasure(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       Length
	}{
		{"nothing", "", Length{Left: 160}},
		{"ascii", "Hello", Length{Units: 5, Parts: 1, Left: 155}},
		{"160", strings.Repeat("a", 160), Length{Units: 160, Parts: 1}},
		{"161", strings.Repeat("a", 161), Length{Units: 161, Parts: 2, Left: 145}},
		{"307", strings.Repeat("a", 307), Length{Units: 307, Parts: 3, Left: 152}},
		{"extension", "10 €", Length{Units: 5, Parts: 1, Left: 155}},
		{"extension across the end", strings.Repeat("a", 152) + "€" + strings.Repeat("b", 20), Length{Units: 174, Parts: 2, Left: 131}},
		{"chinese", "您好", Length{Unicode: true, Units: 2, Parts: 1, Left: 68}},
		{"70", strings.Repeat("好", 70), Length{Unicode: true, Units: 70, Parts: 1}},
		{"71", strings.Repeat("好", 71), Length{Unicode: true, Units: 71, Parts: 2, Left: 63}},
		{"emoji is two", "👍", Length{Unicode: true, Units: 2, Parts: 1, Left: 68}},
		{"emoji across the end", strings.Repeat("好", 66) + "👍" + "好好好", Length{Unicode: true, Units: 71, Parts: 2, Left: 62}},
		{"one such character makes all of it", strings.Repeat("a", 100) + "。", Length{Unicode: true, Units: 101, Parts: 2, Left: 33}},
		{"accents of the alphabet", "èéùìòÇ", Length{Units: 6, Parts: 1, Left: 154}},
		{"a backtick is none of them", "`", Length{Unicode: true, Units: 1, Parts: 1, Left: 69}},
	} {
		if got := Measure(c.text); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func FuzzMeasure(f *testing.F) {
	f.Add("您好 €")
	f.Fuzz(func(t *testing.T, text string) {
		l := Measure(text)
		if (text == "") != (l.Parts == 0) || l.Left < 0 || l.Units < 0 {
			t.Errorf("%q: %+v", text, l)
		}
	})
}

func gateway(t *testing.T, h http.HandlerFunc) string {
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s.URL
}

func TestSend(t *testing.T) {
	var got string
	url := gateway(t, func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got = r.Method + " " + r.Header.Get("Authorization") + " " + string(b)
		io.WriteString(w, "[1]\r\nmsgid=#0042\r\nstatuscode=1\r\n")
	})
	id, err := Send(context.Background(), http.DefaultClient, Request{
		URL: url, Header: map[string]string{"Authorization": "Bearer k"}, Body: "dstaddr=0912&smbody=%E6%82%A8",
	}, Test{Success: `statuscode=[0124]\b`, ID: `msgid=#?(\w+)`})
	if err != nil || id != "0042" || got != "POST Bearer k dstaddr=0912&smbody=%E6%82%A8" {
		t.Errorf("id %q, err %v, request %q", id, err, got)
	}
}

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name      string
		status    int
		body      string
		temporary bool
		unknown   bool
	}{
		{"the test says no", 200, "statuscode=v\nno credit", false, false},
		{"unauthorized", 401, "who?", false, false},
		{"busy", 429, "", true, false},
		{"down", 503, "", true, false},
		{"broken", 500, "oops", false, true},
		{"redirect", 302, "", false, false},
	} {
		url := gateway(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			io.WriteString(w, c.body)
		})
		_, err := Send(context.Background(), http.DefaultClient, Request{URL: url}, Test{Success: "statuscode=1"})
		var fault *Error
		if !errors.As(err, &fault) || fault.Temporary != c.temporary || fault.Unknown != c.unknown {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestBrokenCalls(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := "http://" + l.Addr().String()
	l.Close()
	cut := gateway(t, func(w http.ResponseWriter, _ *http.Request) {
		c, _, _ := w.(http.Hijacker).Hijack()
		c.Close()
	})
	for url, unknown := range map[string]bool{closed: false, cut: true} {
		_, err := Send(context.Background(), http.DefaultClient, Request{URL: url + "/?password=hunter2"}, Test{})
		var fault *Error
		if !errors.As(err, &fault) || fault.Unknown != unknown || fault.Temporary == unknown {
			t.Errorf("%s: %v", url, err)
		}
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("the error repeats a secret: %v", err)
		}
	}
}

func TestBadRequests(t *testing.T) {
	for name, r := range map[string]Request{
		"method":      {Method: "DELETE", URL: "http://127.0.0.1"},
		"url":         {URL: "http://\x00pass"},
		"line break":  {URL: "http://127.0.0.1", Header: map[string]string{"A": "b\r\nC: d"}},
		"huge":        {URL: "http://127.0.0.1", Body: strings.Repeat("x", maxRequest+1)},
		"name breaks": {URL: "http://127.0.0.1", Header: map[string]string{"A\nB": "c"}},
	} {
		var fault *Error
		if _, err := Send(context.Background(), http.DefaultClient, r, Test{}); !errors.As(err, &fault) || fault.Temporary || fault.Unknown {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, test := range []Test{{Success: "("}, {ID: "no group"}, {ID: strings.Repeat("a", maxPattern+1)}} {
		if test.Check() == nil {
			t.Errorf("%.20v passes", test)
		}
	}
}

func TestReport(t *testing.T) {
	r := Report{ID: "MessageSid", Status: "MessageStatus", Delivered: "delivered", Failed: "failed|undelivered"}
	read := func(target, kind, body string) (string, string) {
		req := httptest.NewRequest(http.MethodPost, target, strings.NewReader(body))
		req.Header.Set("Content-Type", kind)
		id, state, _, err := r.Read(req)
		if err != nil && !errors.Is(err, ErrReport) {
			t.Errorf("%s: %v", body, err)
		}
		return id, state
	}
	for _, c := range []struct{ target, kind, body, id, state string }{
		{"/", "application/x-www-form-urlencoded", "MessageSid=SM1&MessageStatus=delivered", "SM1", Delivered},
		{"/", "application/json", `{"MessageSid":"SM2","MessageStatus":"Undelivered"}`, "SM2", Undone},
		{"/?MessageSid=SM3&MessageStatus=sent", "", "", "SM3", Underway},
		{"/", "application/json", `{"MessageSid":{},"MessageStatus":"sent"}`, "", ""},
		{"/", "application/json", `[`, "", ""},
		{"/", "application/x-www-form-urlencoded", "MessageSid=" + strings.Repeat("x", maxAnswer) + "&MessageStatus=sent", "", ""},
		{"/?MessageSid=SM4&MessageStatus=not+delivered", "", "", "SM4", Underway},
	} {
		if id, state := read(c.target, c.kind, c.body); id != c.id || state != c.state {
			t.Errorf("%.60s %s: %q %q", c.body, c.target, id, state)
		}
	}
	if (Report{Delivered: "("}).Check() == nil || r.Check() != nil {
		t.Error("patterns are not checked")
	}
}
