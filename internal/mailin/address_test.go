package mailin

import (
	"reflect"
	"strings"
	"testing"
)

func TestAddresses(t *testing.T) {
	type list = []Address
	for _, c := range []struct {
		raw  string
		want list
	}{
		{"a@Example.COM", list{{"", "a@example.com"}}},
		{"Joe <joe@example.com>", list{{"Joe", "joe@example.com"}}},
		{`"Doe, John" <j@example.com>, m@example.com`, list{{"Doe, John", "j@example.com"}, {"", "m@example.com"}}},
		{`Doe, John <j@example.com>`, list{{"Doe, John", "j@example.com"}}},
		{`a@example.com; b@example.com`, list{{"", "a@example.com"}, {"", "b@example.com"}}},
		{`j@example.com (John Doe)`, list{{"John Doe", "j@example.com"}}},
		{`"He said \"hi\"" <h@example.com>`, list{{`He said "hi"`, "h@example.com"}}},
		{`foo@example.com <bar@example.com>`, list{{"foo@example.com", "bar@example.com"}}},
		{`"foo@example.com" <bar@example.com>`, list{{"foo@example.com", "bar@example.com"}}},
		{`A Group: Ed <ed@example.com>,joe@example.org; (end)`, list{{"Ed", "ed@example.com"}, {"", "joe@example.org"}}},
		{`undisclosed-recipients:;`, nil},
		{`undisclosed-recipients: ;, a@example.com`, list{{"", "a@example.com"}}},
		{`Undisclosed recipients:`, nil},
		{`<a@example.com`, list{{"", "a@example.com"}}},
		{`"Broken <a@example.com>`, list{{"Broken", "a@example.com"}}},
		{`Name <>`, list{{"Name", ""}}},
		{`<@route.example:a@example.com>`, list{{"", "a@example.com"}}},
		{`Pete(A \) chap) <pete(his account)@silly.test(his host)>`, list{{"Pete", "pete@silly.test"}}},
		{`jdoe@test   . example`, list{{"", "jdoe@test.example"}}},
		{`mailto:a@example.com`, list{{"", "a@example.com"}}},
		{`Ann [mailto:ann@example.com]`, list{{"Ann", "ann@example.com"}}},
		{`Foo: Bar <foo@example.com>`, list{{"Foo: Bar", "foo@example.com"}}},
		{`"john doe"@example.com`, list{{"", `"john doe"@example.com`}}},
		{`, ,a@example.com,,`, list{{"", "a@example.com"}}},
		{`Just a name`, list{{"Just a name", ""}}},
		{`Name <local>`, list{{"Name", "local"}}},
		{"=?utf-8?B?6Zmz5reR6Iqs?= <c@example.com>", list{{"陳淑芬", "c@example.com"}}},
		{`"=?utf-8?B?6Zmz5reR6Iqs?=" <c@example.com>`, list{{"陳淑芬", "c@example.com"}}},
		{"=?utf-8?Q?Doe,_John?= <c@example.com>", list{{"Doe, John", "c@example.com"}}},
		{"=?utf-8?Q?Doe, John?= <c@example.com>", list{{"Doe, John", "c@example.com"}}},
		{"=?utf-8?Q?Joe_=3Cjoe=40example.com=3E?=", list{{"Joe", "joe@example.com"}}},
		{"=?utf-8?Q?joe=40example.com?=", list{{"", "joe@example.com"}}},
		{"陳淑芬 <c@example.com>", list{{"陳淑芬", "c@example.com"}}},
		{in(t, big5, "許功蓋") + " <c@example.com>", list{{"許功蓋", "c@example.com"}}}, // trail bytes \ and |
		{in(t, gb, "张伟") + " <z@example.com>", list{{"张伟", "z@example.com"}}},
		{`"` + in(t, sjis, "能登 表") + `" <n@example.com>`, list{{"能登 表", "n@example.com"}}},
		{in(t, jis, "山田太郎") + " <y@example.com>", list{{"山田太郎", "y@example.com"}}},
		{b64("iso-2022-jp", in(t, jis, "髙橋")) + " <t@example.com>", list{{"髙橋", "t@example.com"}}},
		{"da..me.@docomo.ne.jp", list{{"", "da..me.@docomo.ne.jp"}}}, // not RFC 5322, but handed out
		{`"da..me."@docomo.ne.jp`, list{{"", `"da..me."@docomo.ne.jp`}}},
		{"王小明＜not@example.com＞ <w@example.com>", list{{"王小明＜not@example.com＞", "w@example.com"}}},
		{"a@exam\x00ple.com", list{{"", "a@example.com"}}},
		{"<a@example.com> <b@example.com>", list{{"", "a@example.com"}}},
	} {
		m := parse(t, "From: x@example.com\nTo: "+c.raw+"\n\nbody")
		if !reflect.DeepEqual(m.To, c.want) {
			t.Errorf("%q:\n got %q\nwant %q", c.raw, m.To, c.want)
		}
	}
}

func TestManyAddresses(t *testing.T) {
	m := parse(t, "To: "+strings.Repeat("a@example.com, ", 3000)+"\nTo: b@example.com\n\nbody")
	if len(m.To) != maxAddresses {
		t.Errorf("%d addresses", len(m.To))
	}
}

func TestEnvelope(t *testing.T) {
	m := parse(t, strings.Join([]string{
		"Return-Path: <bounce@Example.com>",
		"Delivered-To: desk+c-abc@example.com",
		"X-Original-To: desk+c-abc@example.com",
		"Envelope-To: info@example.com",
		"From: a@example.com", "Sender: s@example.com", "Reply-To: r@example.com", "", "body"}, "\n"))
	if m.ReturnPath != "bounce@example.com" || m.NullPath {
		t.Errorf("return path %q, null %v", m.ReturnPath, m.NullPath)
	}
	if want := []string{"desk+c-abc@example.com", "info@example.com"}; !reflect.DeepEqual(m.Delivered, want) {
		t.Errorf("delivered %q", m.Delivered)
	}
	if m.Sender[0].Addr != "s@example.com" || m.ReplyTo[0].Addr != "r@example.com" {
		t.Errorf("sender %q, reply-to %q", m.Sender, m.ReplyTo)
	}
	if m := parse(t, "Return-Path: <>\nFrom: a@example.com\n\nbody"); !m.NullPath || m.ReturnPath != "" {
		t.Errorf("null path: %v %q", m.NullPath, m.ReturnPath)
	}
}
