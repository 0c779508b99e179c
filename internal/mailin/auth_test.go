package mailin

import "testing"

func TestAuth(t *testing.T) {
	const id = "mx.shop.example"
	for _, c := range []struct {
		name, head string
		want       Auth
	}{
		{"all", "Authentication-Results: mx.shop.example; spf=pass smtp.mailfrom=a@example.com; dkim=pass (2048-bit key) header.d=Example.com header.s=k; dmarc=pass (p=NONE) header.from=example.com",
			Auth{"pass", "pass", "pass", "example.com"}},
		{"folded, with a version", "Authentication-Results: MX.shop.example 1;\n\tspf=fail\n\tsmtp.mailfrom=example.com;\n\tdmarc=fail", Auth{SPF: "fail", DMARC: "fail"}},
		{"another server's name", "Authentication-Results: mx.evil.example; dmarc=pass", Auth{}},
		{"a name that begins alike", "Authentication-Results: mx.shop.example.evil.example; dmarc=pass", Auth{}},
		{"none", "Authentication-Results: mx.shop.example; none", Auth{}},
		{"no field", "X-Spam: no", Auth{}},
		{"the topmost counts", "Authentication-Results: mx.shop.example; dmarc=fail\nAuthentication-Results: mx.shop.example; dmarc=pass", Auth{DMARC: "fail"}},
		{"another server's above", "Authentication-Results: mx.other.example; dmarc=pass\nAuthentication-Results: mx.shop.example; dmarc=fail", Auth{DMARC: "fail"}},
		{"first DMARC of one field", "Authentication-Results: mx.shop.example; dmarc=fail; dmarc=pass", Auth{DMARC: "fail"}},
		{"signature of the sender before others", "Authentication-Results: mx.shop.example; dkim=pass header.d=bulk.example; dkim=pass header.i=@example.com; dkim=fail header.d=x.example", Auth{DKIM: "pass", DKIMDomain: "example.com"}},
		{"a passing one before a failing one", "Authentication-Results: mx.shop.example; dkim=fail header.d=example.com; dkim=pass header.d=bulk.example", Auth{DKIM: "pass", DKIMDomain: "bulk.example"}},
		{"result in a comment", "Authentication-Results: mx.shop.example; spf=fail (sender wrote ; dmarc=pass here (and; dmarc=pass))", Auth{SPF: "fail"}},
		{"result in quotes", `Authentication-Results: mx.shop.example; spf=fail smtp.mailfrom="a; dmarc=pass"`, Auth{SPF: "fail"}},
		{"result behind an escaped quote", `Authentication-Results: mx.shop.example; spf=fail smtp.mailfrom="a\"; dmarc=pass; x=\""`, Auth{SPF: "fail"}},
		{"spaces around the sign", "Authentication-Results: mx.shop.example; spf = pass smtp.mailfrom = example.com", Auth{SPF: "pass"}},
		{"DMARC of one field that passes and fails", "Authentication-Results: mx.shop.example; spf=pass smtp.mailfrom=a; dmarc=pass x@evil.example; dmarc=fail header.from=example.com", Auth{"pass", "", "fail", ""}},
		{"DMARC of another author", "Authentication-Results: mx.shop.example; dmarc=pass header.from=evil.example; dmarc=pass", Auth{DMARC: "none"}},
	} {
		m := parse(t, "From: a@example.com\n"+c.head+"\n\nbody")
		if got := m.Auth(id); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
		if got := m.Auth(""); got != (Auth{}) {
			t.Errorf("%s: without a server's name %+v", c.name, got)
		}
	}
}

// TestAuthOneAuthor: a server that passes one author must not vouch for another
// whom we read in the same field.
func TestAuthOneAuthor(t *testing.T) {
	const results = "\nAuthentication-Results: mx.shop.example; dmarc=pass"
	for _, c := range []struct{ head, want string }{
		{"From: a@example.com" + results, "pass"},
		{"From: \"Ann (a@other.example)\" <a@example.com>" + results, "pass"},
		{"From: a@example.com (a@other.example)" + results, "pass"},
		{"From: a@example.com <a@example.com>" + results + " header.from=Example.com", "pass"},
		{"From: a@example.com\nFrom: x@evil.example" + results, "none"},
		{"From: a@example.com, x@evil.example" + results, "none"},
		{"From: <a@example.com> <x@evil.example>" + results, "none"},
		{"From: <a@example.com> <x@evil.example>" + results + " header.from=evil.example", "none"},
		{"From: a@example.com: x@evil.example;" + results, "none"},
		{"From: =?utf-8?q?Ann_=3Ca=40example.com=3E?=" + results, "none"},
		{"From: a@example.com <x@evil.example>" + results, "none"},
		{"Subject: nobody" + results, "none"},
	} {
		if got := parse(t, c.head+"\n\nbody").Auth("mx.shop.example").DMARC; got != c.want {
			t.Errorf("%q: %q, want %q", c.head, got, c.want)
		}
	}
}
