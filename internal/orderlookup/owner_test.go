package orderlookup

import (
	"reflect"
	"testing"
)

func TestCompare(t *testing.T) {
	mail := func(v string, proven bool) Known { return Known{Kind: Email, Value: v, Proven: proven} }
	tel := Known{Kind: Phone, Value: "+886912345678", Also: []string{"0912345678"}}
	none := []string{}
	cases := []struct {
		name   string
		owner  string
		person []Known
		want   Match
	}{
		{"proven", `"email":"Ann@X.org"`, []Known{mail("ann@x.org", true)}, Match{Same, []string{Email}, none}},
		{"claimed", `"email":"ann@x.org"`, []Known{mail("ann@x.org", false)}, Match{Claimed, []string{Email}, none}},
		{"one of two", `"email":"ann@x.org"`, []Known{mail("b@x.org", true), mail("ann@x.org", false)}, Match{Claimed, []string{Email}, none}},
		{"another", `"email":"ann@x.org"`, []Known{mail("b@x.org", true)}, Match{Other, none, []string{Email}}},
		{"nothing said", `"status":"x"`, []Known{mail("b@x.org", true)}, Match{Unknown, none, none}},
		{"nothing known", `"email":"ann@x.org"`, nil, Match{Unknown, none, none}},
		{"of another kind", `"phone":"0912 345 678"`, []Known{mail("b@x.org", true)}, Match{Unknown, none, none}},
		{"a phone in the national spelling", `"phone":"0912-345-678"`, []Known{tel}, Match{Claimed, []string{Phone}, none}},
		{"a phone in E.164", `"phone":"+886 912 345 678"`, []Known{tel}, Match{Claimed, []string{Phone}, none}},
		{"no digits at all", `"phone":"unknown"`, []Known{tel}, Match{Unknown, none, none}},
		{"the hash of a mail", `"email_sha256":"` + digest("ann@x.org") + `"`, []Known{mail("ann@x.org", true)}, Match{Same, []string{Email}, none}},
		{"the hash of another", `"email_sha256":"` + digest("b@x.org") + `"`, []Known{mail("ann@x.org", true)}, Match{Other, none, []string{Email}}},
		{"the hash of a phone", `"phone_sha256":"` + digest("+886912345678") + `"`, []Known{tel}, Match{Claimed, []string{Phone}, none}},
		{"one same, one not", `"email":"b@x.org","phone":"0912345678"`, []Known{mail("ann@x.org", true), tel}, Match{Claimed, []string{Phone}, []string{Email}}},
	}
	for _, c := range cases {
		a, err := Read([]byte(`{"orders":[{"number":"1",` + c.owner + `}]}`))
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Orders[0].Owner.Compare(c.person); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// An order without an owner of its own is that of the member told with it.
func TestOrdersOfMember(t *testing.T) {
	a, err := Read([]byte(`{"member":{"number":"M7"},"orders":[{"number":"1"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if m := a.Orders[0].Owner.Compare([]Known{{Kind: Number, Value: "M7", Proven: true}}); m.State != Same {
		t.Errorf("%+v", m)
	}
	if m := a.Member.Owner.Compare([]Known{{Kind: Number, Value: "M8", Proven: true}}); m.State != Other {
		t.Errorf("%+v", m)
	}
}
