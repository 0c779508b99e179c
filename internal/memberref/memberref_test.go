package memberref

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"
)

var (
	secret = []byte("shared with the shop")
	now    = time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)
	later  = now.Add(time.Hour)
)

func TestSignAndCheck(t *testing.T) {
	for _, id := range []string{"1", "m-1024", "A_z:9@shop", strings.Repeat("x", 100)} {
		ref := Sign(secret, id, later)
		if got, err := Check(secret, ref, now); got != id || err != nil {
			t.Errorf("%q: got %q, %v", ref, got, err)
		}
	}
}

// TestKnownReference holds the format: computed with another tool,
// printf 'm-1.1800000000' | openssl dgst -sha256 -hmac key
func TestKnownReference(t *testing.T) {
	const ref = "m-1.1800000000.80607c96e529fca610ef6bc1b9d865779a8745232d2c55a5e80012b5119092fd"
	at := time.Unix(1_799_999_999, 0)
	if got := Sign([]byte("key"), "m-1", time.Unix(1_800_000_000, 0)); got != ref {
		t.Errorf("signed %q", got)
	}
	if id, err := Check([]byte("key"), ref[15:], at); err == nil {
		t.Errorf("a mac alone is taken for %q", id)
	}
	if id, err := Check([]byte("key"), ref[:15]+strings.ToUpper(ref[15:]), at); id != "m-1" || err != nil {
		t.Errorf("capital hex digits: %q, %v", id, err)
	}
}

func TestBase64URL(t *testing.T) {
	head := "m-1." + strconv.FormatInt(later.Unix(), 10)
	h := hmac.New(sha256.New, secret)
	h.Write([]byte(head))
	mac := h.Sum(nil)
	ref := head + "." + base64.RawURLEncoding.EncodeToString(mac)
	if id, err := Check(secret, ref, now); id != "m-1" || err != nil {
		t.Errorf("got %q, %v", id, err)
	}
	// The last character carries two spare bits; they must be zero.
	last := strings.IndexByte(alphabet, ref[len(ref)-1])
	if _, err := Check(secret, ref[:len(ref)-1]+string(alphabet[last+1]), now); !errors.Is(err, ErrInvalid) {
		t.Errorf("spare bits: %v", err)
	}
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

func TestRefused(t *testing.T) {
	ref := Sign(secret, "m-1", later)
	mac := ref[strings.LastIndexByte(ref, '.')+1:]
	expiry := strconv.FormatInt(later.Unix(), 10)
	forged := func(head string) string {
		h := hmac.New(sha256.New, secret)
		h.Write([]byte(head))
		return head + "." + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
	}
	for name, tt := range map[string]struct {
		secret []byte
		ref    string
		want   error
	}{
		"none":               {secret, "", ErrMissing},
		"none, no secret":    {nil, "", ErrMissing},
		"no secret":          {nil, ref, ErrInvalid},
		"other secret":       {[]byte("other"), ref, ErrInvalid},
		"other id":           {secret, "m-2" + ref[3:], ErrInvalid},
		"later expiry":       {secret, "m-1." + strconv.FormatInt(later.Unix()+1, 10) + "." + mac, ErrInvalid},
		"no mac":             {secret, "m-1." + expiry, ErrInvalid},
		"empty mac":          {secret, "m-1." + expiry + ".", ErrInvalid},
		"half a mac":         {secret, ref[:len(ref)-32], ErrInvalid},
		"not hex":            {secret, ref[:len(ref)-1] + "g", ErrInvalid},
		"more behind":        {secret, ref + ".x", ErrInvalid},
		"space before":       {secret, " " + ref, ErrInvalid},
		"newline behind":     {secret, ref + "\n", ErrInvalid},
		"very long":          {secret, strings.Repeat("x", 1<<20), ErrInvalid},
		"empty id":           {secret, forged("." + expiry), ErrInvalid},
		"id with a dot":      {secret, forged("a.b." + expiry), ErrInvalid},
		"id of other script": {secret, forged("會員." + expiry), ErrInvalid},
		"id too long":        {secret, forged(strings.Repeat("x", 101) + "." + expiry), ErrInvalid},
		"leading zero":       {secret, forged("m-1.0" + expiry), ErrInvalid},
		"sign":               {secret, forged("m-1.+" + expiry), ErrInvalid},
		"negative":           {secret, forged("m-1.-5"), ErrInvalid},
		"underscores":        {secret, forged("m-1.1_000"), ErrInvalid},
		"twelve digits":      {secret, forged("m-1.999999999999"), ErrInvalid},
		"expired":            {secret, Sign(secret, "m-1", now.Add(-time.Second)), ErrExpired},
		"expires now":        {secret, Sign(secret, "m-1", now), ErrExpired},
		"expired and forged": {secret, Sign([]byte("other"), "m-1", now.Add(-time.Hour)), ErrInvalid},
	} {
		if id, err := Check(tt.secret, tt.ref, now); id != "" || !errors.Is(err, tt.want) {
			t.Errorf("%s: got %q, %v, want %v", name, id, err, tt.want)
		}
	}
}

func TestNothingToSign(t *testing.T) {
	for name, ref := range map[string]string{
		"no secret":     Sign(nil, "m-1", later),
		"empty id":      Sign(secret, "", later),
		"dot":           Sign(secret, "a.b", later),
		"too long":      Sign(secret, strings.Repeat("x", 101), later),
		"before 1970":   Sign(secret, "m-1", time.Unix(-1, 0)),
		"zero time":     Sign(secret, "m-1", time.Time{}),
		"too far ahead": Sign(secret, "m-1", time.Unix(100_000_000_000, 0)),
	} {
		if ref != "" {
			t.Errorf("%s: %q", name, ref)
		}
	}
	if id, err := Check(secret, Sign(secret, "m-1", time.Unix(99_999_999_999, 0)), now); id != "m-1" || err != nil {
		t.Errorf("the farthest expiry: %q, %v", id, err)
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(Sign(secret, "m-1", later))
	f.Add(Sign(secret, "m-1", now))
	f.Add("a.1.")
	f.Add("..")
	f.Fuzz(func(t *testing.T, ref string) {
		id, err := Check(secret, ref, now)
		switch {
		case err == nil:
			// What was taken is what we would have signed, but for the spelling of the mac.
			head := ref[:strings.LastIndexByte(ref, '.')]
			seconds, _ := strconv.ParseInt(head[len(id)+1:], 10, 64)
			if own := Sign(secret, id, time.Unix(seconds, 0)); !strings.HasPrefix(own, head+".") {
				t.Errorf("%q was taken, ours is %q", ref, own)
			}
		case id != "":
			t.Errorf("%q: id %q with %v", ref, id, err)
		case !errors.Is(err, ErrMissing) && !errors.Is(err, ErrInvalid) && !errors.Is(err, ErrExpired):
			t.Errorf("%q: %v", ref, err)
		}
	})
}
