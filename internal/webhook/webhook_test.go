package webhook

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// The vector that the specification's own libraries are tested with.
const (
	vectorSecret    = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	vectorID        = "msg_p5jXN8AQM9LWM0D4loKWxJek"
	vectorBody      = `{"test": 2432232314}`
	vectorSignature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
)

var vectorTime = time.Unix(1614265330, 0)

func TestVector(t *testing.T) {
	m := Message{ID: vectorID, At: vectorTime, Body: []byte(vectorBody), Secrets: []string{vectorSecret}}
	if got, err := m.Sign(); err != nil || got != vectorSignature {
		t.Errorf("%s, %v", got, err)
	}
	bare := Message{ID: vectorID, At: vectorTime, Body: []byte(vectorBody), Secrets: []string{strings.TrimPrefix(vectorSecret, "whsec_")}}
	if got, err := bare.Sign(); err != nil || got != vectorSignature {
		t.Errorf("without a prefix: %s, %v", got, err)
	}
}

// headers of a signed message, with these changed.
func headers(signature string, change map[string]string) http.Header {
	h := http.Header{}
	h.Set("Webhook-Id", vectorID)
	h.Set("Webhook-Timestamp", "1614265330")
	h.Set("Webhook-Signature", signature)
	for name, value := range change {
		h.Set(name, value)
	}
	return h
}

func TestVerify(t *testing.T) {
	other := NewSecret()
	rotating, err := Message{ID: vectorID, At: vectorTime, Body: []byte(vectorBody), Secrets: []string{other, vectorSecret}}.Sign()
	if err != nil {
		t.Fatal(err)
	}
	good := headers(vectorSignature, nil)
	for name, c := range map[string]struct {
		header  http.Header
		body    string
		now     time.Time
		secrets []string
		want    error
	}{
		"good":              {good, vectorBody, vectorTime, []string{vectorSecret}, nil},
		"clock behind":      {good, vectorBody, vectorTime.Add(-Tolerance), []string{vectorSecret}, nil},
		"old":               {good, vectorBody, vectorTime.Add(Tolerance + time.Second), []string{vectorSecret}, ErrOld},
		"from the future":   {good, vectorBody, vectorTime.Add(-Tolerance - time.Second), []string{vectorSecret}, ErrOld},
		"other body":        {good, vectorBody + " ", vectorTime, []string{vectorSecret}, ErrSignature},
		"other id":          {headers(vectorSignature, map[string]string{"webhook-id": "msg_x"}), vectorBody, vectorTime, []string{vectorSecret}, ErrSignature},
		"other time":        {headers(vectorSignature, map[string]string{"webhook-timestamp": "1614265331"}), vectorBody, vectorTime, []string{vectorSecret}, ErrSignature},
		"other secret":      {good, vectorBody, vectorTime, []string{other}, ErrSignature},
		"old and new":       {headers(rotating, nil), vectorBody, vectorTime, []string{vectorSecret}, nil},
		"new of both":       {headers(rotating, nil), vectorBody, vectorTime, []string{other}, nil},
		"receiver has both": {good, vectorBody, vectorTime, []string{other, vectorSecret}, nil},
		"other scheme":      {headers("v1a,"+strings.TrimPrefix(vectorSignature, "v1,")+" v2,x", nil), vectorBody, vectorTime, []string{vectorSecret}, ErrSignature},
		"unsigned":          {headers("", nil), vectorBody, vectorTime, []string{vectorSecret}, ErrHeaders},
		"time is no number": {headers(vectorSignature, map[string]string{"webhook-timestamp": "+1614265330"}), vectorBody, vectorTime, []string{vectorSecret}, ErrHeaders},
		"too many":          {headers(strings.Repeat("v1,eA== ", 100)+vectorSignature, nil), vectorBody, vectorTime, []string{vectorSecret}, ErrHeaders},
		"no secret":         {good, vectorBody, vectorTime, nil, ErrSignature},
		"short secret":      {good, vectorBody, vectorTime, []string{"whsec_c2hvcnQ="}, ErrSecret},
	} {
		if err := Verify(c.header, []byte(c.body), c.now, c.secrets...); !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestSecrets(t *testing.T) {
	a, b := NewSecret(), NewSecret()
	key, err := Key(a)
	if err != nil || len(key) != 32 || a == b || !strings.HasPrefix(a, "whsec_") {
		t.Errorf("%d bytes, %v", len(key), err)
	}
	for n, want := range map[int]error{23: ErrSecret, 24: nil, 64: nil, 65: ErrSecret} {
		if _, err := Key("whsec_" + base64.StdEncoding.EncodeToString(make([]byte, n))); !errors.Is(err, want) {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	for _, m := range []Message{
		{ID: "a.b", Secrets: []string{a}}, {ID: "", Secrets: []string{a}}, {ID: "a\nb", Secrets: []string{a}}, {ID: "x"}, {ID: "x", Secrets: []string{"?"}},
	} {
		if s, err := m.Sign(); err == nil {
			t.Errorf("%q is signed: %s", m.ID, s)
		}
	}
	if s := (Message{ID: "x", Secrets: []string{a}}).String(); strings.Contains(s, a) {
		t.Error(s)
	}
}

func TestDelay(t *testing.T) {
	var total time.Duration
	n := 1
	for ; ; n++ {
		d, again := Delay(n, 0)
		if !again {
			break
		}
		if more, _ := Delay(n, 1); more != d+d/10 {
			t.Errorf("try %d: %v with jitter, %v without", n, more, d)
		}
		total += d
	}
	if n != Tries || total != 75*time.Hour+35*time.Minute+5*time.Second {
		t.Errorf("%d tries over %v", n, total)
	}
	if _, again := Delay(0, 0); again {
		t.Error("a wait before the first")
	}
}

func message() Message {
	return Message{ID: "msg_1", At: time.Now(), Body: []byte(`{"type":"x"}`), Secrets: []string{vectorSecret}}
}

func TestPost(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if err := Verify(r.Header, body, time.Now(), vectorSecret); err != nil || r.Method != http.MethodPost || r.Header.Get("Extra") != "1" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte("fine\n\x00\x1b[31m thanks \xff" + strings.Repeat("謝", 2000)))
	}))
	defer s.Close()
	a, err := Post(t.Context(), s.Client(), s.URL, message(), http.Header{"Extra": {"1"}})
	if err != nil || !a.Taken() || a.Gone() || a.Wait != 2*time.Minute {
		t.Fatalf("%+v %v", a, err)
	}
	if !strings.HasPrefix(a.Said, "fine [31m thanks ") || len([]rune(a.Said)) > maxSaid || strings.ContainsAny(a.Said, "\n\x00\x1b") {
		t.Errorf("%q", a.Said)
	}
}

// An error never tells the address: a key may stand in it.
func TestPostErrors(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	url := s.URL
	s.Close()
	hangs := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then the server sees that the client went
		<-r.Context().Done()
	}))
	defer hangs.Close()
	for _, to := range []string{url + "/secret-path?key=secret-path", "http://secret-path.invalid/secret-path", "::secret-path", hangs.URL + "/secret-path"} {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		_, err := Post(ctx, http.DefaultClient, to, message(), nil)
		cancel()
		if err == nil || strings.Contains(err.Error(), "/secret-path") || strings.Contains(err.Error(), vectorSecret) {
			t.Errorf("%s: %v", to, err)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 16, 9, 0, 0, 0, time.UTC)
	for s, want := range map[string]time.Duration{
		"": 0, "0": 0, "-5": 0, "30": 30 * time.Second, "999999999": maxWait, "soon": 0,
		"Mon, 16 Nov 2026 09:01:00 GMT": time.Minute, "Mon, 16 Nov 2025 09:01:00 GMT": 0, "Mon, 16 Nov 2099 09:01:00 GMT": maxWait,
	} {
		if got := retryAfter(s, now); got != want {
			t.Errorf("%q: %v, want %v", s, got, want)
		}
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(vectorID, "1614265330", vectorSignature, vectorBody, vectorSecret)
	f.Add("", "x", "v1,", "", "whsec_")
	f.Fuzz(func(t *testing.T, id, at, signature, body, secret string) {
		h := http.Header{"Webhook-Id": {id}, "Webhook-Timestamp": {at}, "Webhook-Signature": {signature}}
		if Verify(h, []byte(body), vectorTime, secret) == nil && body != vectorBody {
			key, err := Key(secret)
			if err != nil || !strings.Contains(signature, base64.StdEncoding.EncodeToString(mac(key, id, at, []byte(body)))) {
				t.Error("a signature fits that is none")
			}
		}
	})
}
