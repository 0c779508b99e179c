package mailin

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"
)

// FuzzParse holds that no mail makes Parse fail inside, and that what it gives
// is always clean text.
func FuzzParse(f *testing.F) {
	for _, seed := range corpus(f) {
		f.Add(seed[:min(len(seed), 2000)])
	}
	f.Add(nested(30))
	f.Add([]byte("From: \"=?big5?B?\x1b$B;\" <a@(b)c>,:;\nContent-Type: multipart/mixed; boundary*0*=%41''\n\n--\n----"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := parseWithin(context.Background(), raw, time.Minute)
		if err != nil && !errors.Is(err, ErrEmpty) && !errors.Is(err, ErrTooDeep) && !errors.Is(err, ErrTooMany) {
			t.Fatal(err)
		}
		checkText(t, "fuzz", m)
		m.Auth("mx.example.com")
		if err := Inspect(&bytes.Buffer{}, "x", m, err); err != nil {
			t.Error(err)
		}
	})
}
