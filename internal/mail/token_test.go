package mail_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/mail"
)

var signer = mail.Signer{Key: []byte("0123456789abcdef0123456789abcdef")}

const someToken = "abcdefghijklmnopqrstuvwx27"

func TestNewToken(t *testing.T) {
	form := regexp.MustCompile(`^[a-z2-7]{26}$`)
	seen := map[string]bool{}
	for range 1000 {
		token := mail.NewToken()
		if !form.MatchString(token) || seen[token] {
			t.Fatalf("token %q", token)
		}
		seen[token] = true
	}
}

func TestMessageID(t *testing.T) {
	ref := mail.Ref{Token: someToken, Kind: "ack", Nonce: "k3j9x0a1b2c3d4e", Domain: "Shop.例え.jp"}
	id := signer.MessageID(ref)
	if !strings.HasPrefix(id, "<desk-ack-k3j9x0a1b2c3d4e."+someToken+".") || !strings.HasSuffix(id, "@shop.xn--r8jz45g.jp>") {
		t.Errorf("id %s", id)
	}
	if again := signer.MessageID(ref); again != id {
		t.Errorf("the same ref gave %s and %s", id, again)
	}
	if id != strings.ToLower(id) {
		t.Errorf("%s isn't lower case", id)
	}
	m := sample()
	m.MessageID = id
	if _, err := mail.Build(m); err != nil {
		t.Error(err)
	}
	bare := mail.Ref{Token: someToken}
	if a, b := signer.MessageID(bare), signer.MessageID(bare); a == b || !strings.HasSuffix(a, "@localhost>") {
		t.Errorf("without a nonce: %s, %s", a, b)
	}
	for _, change := range []mail.Ref{{Kind: "reply"}, {Nonce: "other"}, {Nonce: "K3J9X0A1B2C3D4E"}, {Nonce: "k3j9x0a1b2c3d4e."}, {Token: mail.NewToken()}} {
		other := ref
		if change.Kind != "" {
			other.Kind = change.Kind
		}
		if change.Nonce != "" {
			other.Nonce = change.Nonce
		}
		if change.Token != "" {
			other.Token = change.Token
		}
		got := signer.MessageID(other)
		if token, ok := signer.ParseMessageID(got); got == id || !ok || token != other.Token {
			t.Errorf("%+v gave %s, %q %v", other, got, token, ok)
		}
	}
}

func TestMessageIDRefuses(t *testing.T) {
	for _, token := range []string{"", "short", someToken + "a", "abcdefghijklmnopqrstuvwx01", strings.Repeat(".", 26)} {
		if id := signer.MessageID(mail.Ref{Token: token}); id != "" {
			t.Errorf("token %q gave %s", token, id)
		}
	}
	weak := mail.Signer{Key: []byte("short")}
	if id := weak.MessageID(mail.Ref{Token: someToken}); id != "" {
		t.Errorf("a short key gave %s", id)
	}
}

func TestParseMessageID(t *testing.T) {
	id := signer.MessageID(mail.Ref{Token: someToken, Kind: "reply", Nonce: "row1", Domain: "example.com"})
	bare := strings.Trim(id, "<>")
	for _, ok := range []string{id, bare, strings.ToUpper(id), " " + id + "\r\n", "<" + bare, strings.Replace(id, ".", ".\r\n ", 1), strings.Replace(id, "example.com", "moved.example", 1)} {
		if token, found := signer.ParseMessageID(ok); !found || token != someToken {
			t.Errorf("%q: %q, %v", ok, token, found)
		}
	}
	for i := range bare {
		if bare[i] == '@' {
			break
		}
		changed := []byte(bare)
		if changed[i]++; bare[i] == 'z' {
			changed[i] = 'a'
		}
		if token, found := signer.ParseMessageID(string(changed)); found {
			t.Errorf("%s passed with %q", changed, token)
		}
	}
	left, _, _ := strings.Cut(bare, "@")
	for _, bad := range []string{"", "<>", "@", "x@y", left, left + "@", strings.Replace(bare, ".", ">.", 1), bare + "." + bare, strings.Repeat("a", 5000), "desk-..@x", left[:len(left)-1] + "@example.com"} {
		if token, found := signer.ParseMessageID(bad); found {
			t.Errorf("%q passed with %q", bad, token)
		}
	}
	for _, other := range []mail.Signer{{}, {Key: []byte("another key of enough length....")}} {
		if _, found := other.ParseMessageID(id); found {
			t.Errorf("the key %q knows it too", other.Key)
		}
	}
}

// TestMessageIDLooksHonest holds our ids against the forms by which common
// filters know junk mailers: bare letters, digits, hex, dollars and dots.
func TestMessageIDLooksHonest(t *testing.T) {
	forms := []*regexp.Regexp{
		regexp.MustCompile(`^<\d+\.`), regexp.MustCompile(`^<[0-9a-f]{8,}[-.$@]`), regexp.MustCompile(`^<[a-z\d][a-z\d$-]{10,29}[a-z\d]@`),
		regexp.MustCompile(`^<[a-z]{5,}@`), regexp.MustCompile(`^<\d+@`), regexp.MustCompile(`\$`), regexp.MustCompile(`^<[A-Z]+@`),
	}
	for range 200 {
		id := signer.MessageID(mail.Ref{Token: mail.NewToken(), Kind: "ack", Domain: "example.com"})
		for _, form := range forms {
			if form.MatchString(id) {
				t.Fatalf("%s looks like %s", id, form)
			}
		}
	}
}

func FuzzParseMessageID(f *testing.F) {
	f.Add(signer.MessageID(mail.Ref{Token: someToken, Nonce: "row1", Domain: "example.com"}))
	f.Add("<a.b.c@d>")
	f.Fuzz(func(t *testing.T, id string) {
		token, ok := signer.ParseMessageID(id)
		if !ok {
			if token != "" {
				t.Errorf("%q: not ours, and yet %q", id, token)
			}
			return
		}
		if !strings.Contains(strings.ToLower(strings.Join(strings.Fields(id), "")), token) {
			t.Errorf("%q gave %q, which isn't in it", id, token)
		}
	})
}

func TestPlusAddress(t *testing.T) {
	addr := mail.PlusAddress("Desk@Example.com", strings.ToUpper(someToken))
	if addr != "Desk+c-"+someToken+"@example.com" {
		t.Fatalf("address %s", addr)
	}
	for _, ok := range []string{addr, strings.ToUpper(addr), strings.ToLower(addr), " <" + addr + "> "} {
		if token, found := mail.ParsePlusAddress("desk@example.COM", ok); !found || token != someToken {
			t.Errorf("%q: %q, %v", ok, token, found)
		}
	}
	for _, bad := range []string{"", "desk@example.com", "desk+c-@example.com", "desk+c-short@example.com", "other+c-" + someToken + "@example.com",
		"desk+c-" + someToken + "@example.org", "desk+x-" + someToken + "@example.com", "xdesk+c-" + someToken + "@example.com",
		"desk+c-" + someToken + "a@example.com", "desk+c-abcdefghijklmnopqrstuvwx01@example.com", addr + ", " + addr} {
		if token, found := mail.ParsePlusAddress("desk@example.com", bad); found {
			t.Errorf("%q passed with %q", bad, token)
		}
	}
	for base, token := range map[string]string{"no address": someToken, "desk@example.com": "short", strings.Repeat("d", 36) + "@example.com": someToken} {
		if got := mail.PlusAddress(base, token); got != base {
			t.Errorf("%q with %q gave %q", base, token, got)
		}
	}
	for _, base := range []string{"desk+shop@example.com", "客服@例え.jp", strings.Repeat("d", 35) + "@example.com"} {
		if token, ok := mail.ParsePlusAddress(base, mail.PlusAddress(base, someToken)); !ok || token != someToken {
			t.Errorf("%q does not come back: %q", base, token)
		}
	}
}

func FuzzParsePlusAddress(f *testing.F) {
	f.Add("desk@example.com", "desk+c-"+someToken+"@example.com")
	f.Add("İ@example.com", "i+c-"+someToken+"@example.com")
	f.Fuzz(func(t *testing.T, base, addr string) {
		token, ok := mail.ParsePlusAddress(base, addr)
		if !ok {
			return
		}
		back, ok := mail.ParsePlusAddress(base, mail.PlusAddress(base, token))
		if len(mail.PlusAddress(base, token)) > len(base) && (!ok || back != token) {
			t.Errorf("%q, %q gave %q and back %q %v", base, addr, token, back, ok)
		}
	})
}

func TestRetry(t *testing.T) {
	want := []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, time.Hour}
	for i, d := range want {
		if got, ok := mail.Retry(i + 1); got != d || !ok {
			t.Errorf("attempt %d: %v, %v", i+1, got, ok)
		}
	}
	var total time.Duration
	attempt := 1
	for ; ; attempt++ {
		d, ok := mail.Retry(attempt)
		if !ok {
			break
		}
		total += d
	}
	if total > 48*time.Hour || total <= 47*time.Hour {
		t.Errorf("gives up after %v", total)
	}
	if _, ok := mail.Retry(attempt + 1000000); ok {
		t.Error("begins again")
	}
	if d, ok := mail.Retry(0); d != time.Minute || !ok {
		t.Errorf("attempt 0: %v, %v", d, ok)
	}
}
