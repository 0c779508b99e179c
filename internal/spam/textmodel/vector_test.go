package textmodel

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestVector(t *testing.T) {
	v := Features("Buy cheap 手機 now!")
	if !slices.IsSorted(v) || len(v) < 20 {
		t.Fatalf("%d features, sorted %v", len(v), slices.IsSorted(v))
	}
	got, err := DecodeVector(v.Encode())
	if err != nil || !slices.Equal(got, v) {
		t.Errorf("came back as %v, %v", got, err)
	}
	if s := Features("").Encode(); s != scheme()+":" {
		t.Errorf("nothing is %q", s)
	}
	if d := Base().ScoreVector(v) - Base().Score("Buy cheap 手機 now!"); math.Abs(d) > 1e-3 {
		t.Error("stored features score differently")
	}
}

func TestDecodeVectorRefuses(t *testing.T) {
	if _, err := DecodeVector("00000000:AQE"); !errors.Is(err, ErrScheme) {
		t.Errorf("another scheme: %v", err)
	}
	for _, s := range []string{"", "x", scheme() + ":%", scheme() + ":gA", scheme() + ":AQA", scheme() + "://///w8", scheme() + ":" + strings.Repeat("AQEB", 100_000)} {
		if v, err := DecodeVector(s); err == nil {
			t.Errorf("%.20q gives %d features", s, len(v))
		}
	}
}

func FuzzDecodeVector(f *testing.F) {
	f.Add(Features("loan 貸款").Encode())
	f.Fuzz(func(t *testing.T, s string) {
		v, err := DecodeVector(s)
		if err != nil {
			return
		}
		for _, i := range v {
			if i >= tableSize {
				t.Fatalf("place %d", i)
			}
		}
		Base().ScoreVector(v)
	})
}
