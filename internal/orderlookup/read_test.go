package orderlookup

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

const example = `{
	"member": {"number": 77, "name": "王小明", "since": 1577836800, "level": "Gold", "orders": "3", "url": "https://shop.example/admin/77", "email": "Ming@Example.org"},
	"orders": [
		{"number": "TW1001", "status": "shipped", "placed_at": "2026-11-01T10:00:00+08:00", "total": 1290.50, "currency": "TWD",
		 "url": "https://shop.example/admin/o/1001", "tracking": "SF123", "items": [{"name": "茶壺", "quantity": 2, "price": "645.25"}]},
		{"number": "TW1002", "email": "other@example.org"}
	],
	"fields": [{"label": "Points", "value": 120}, {"label": "", "value": "x"}, {"label": "Nothing"}],
	"warehouse": "Taipei", "vip": true, "extra": {"a": [1, 2]}, "none": null, "empty": {}
}`

func TestRead(t *testing.T) {
	a, err := Read([]byte(example))
	if err != nil {
		t.Fatal(err)
	}
	owner := Owner{Email: "ming@example.org", Member: "77"}
	want := Answer{
		Member: &Member{Number: "77", Name: "王小明", Since: "2020-01-01T00:00:00Z", Level: "Gold", Orders: "3", URL: "https://shop.example/admin/77", Owner: owner},
		Orders: []Order{
			{
				Number: "TW1001", Status: "shipped", PlacedAt: "2026-11-01T02:00:00Z", Total: "1290.50", Currency: "TWD",
				URL: "https://shop.example/admin/o/1001", Tracking: "SF123", Items: []Item{{"茶壺", "2", "645.25"}}, Owner: owner,
			},
			{Number: "TW1002", Items: []Item{}, Owner: Owner{Email: "other@example.org"}},
		},
		Fields: []Field{{"Points", "120"}, {"", "x"}, {"extra", `{"a":[1,2]}`}, {"vip", "true"}, {"warehouse", "Taipei"}},
	}
	if !reflect.DeepEqual(a, want) {
		t.Errorf("got  %+v\nwant %+v", a, want)
	}
	out, err := json.Marshal(a)
	if err != nil || strings.Contains(strings.ToLower(string(out)), "ming@example.org") || strings.Contains(string(out), "other@example.org") {
		t.Errorf("an owner's address is told on: %s %v", out, err)
	}
}

func TestReadOddShapes(t *testing.T) {
	for _, body := range []string{"{}", "[]", " [ ]\n", "\xef\xbb\xbf{}", `{"orders":[]}`, `{"member":[]}`, `{"member":null,"orders":null,"fields":null}`, `{"orders":{},"fields":"x","member":"y"}`, `{"orders":[1,"a",null]}`} {
		a, err := Read([]byte(body))
		if err != nil || !a.Empty() || a.Orders == nil || a.Fields == nil {
			t.Errorf("%q: %+v %v", body, a, err)
		}
	}
	for _, body := range []string{"", "null", "1", `"x"`, "[1]", "{", `{"a":1}x`, "<html>", `{"a":1} {"b":2}`, "\x00", strings.Repeat("[", 20_000)} {
		if _, err := Read([]byte(body)); !errors.Is(err, ErrShape) {
			t.Errorf("%.20q: %v", body, err)
		}
	}
}

func TestReadBounds(t *testing.T) {
	items := strings.TrimSuffix(strings.Repeat(`{"name":"`+strings.Repeat("茶", 400)+`"},`, 60), ",")
	orders := strings.TrimSuffix(strings.Repeat(`{"number":"1","items":[`+items+`]},`, 25), ",")
	fields := strings.TrimSuffix(strings.Repeat(`{"label":"a","value":"b"},`, 60), ",")
	a, err := Read([]byte(`{"orders":[` + orders + `],"fields":[` + fields + `],"more":"x"}`))
	if err != nil || !a.More || len(a.Orders) != maxOrders || len(a.Orders[0].Items) != maxItems || len(a.Fields) != maxFields {
		t.Fatalf("%d orders, %d fields, more %v, %v", len(a.Orders), len(a.Fields), a.More, err)
	}
	if name := a.Orders[0].Items[0].Name; utf8.RuneCountInString(name) != maxText || !strings.HasSuffix(name, "…") {
		t.Errorf("%d characters", utf8.RuneCountInString(name))
	}
}

func TestReadIsText(t *testing.T) {
	a, err := Read([]byte(`{"member":{"name":"a\u202eb\u0000c\nd","number":"1","url":"javascript:alert(1)"},
		"orders":[{"number":"2","url":"//x.example"},{"number":"3","url":"https://u:p@x.example/"},{"number":"4","url":"data:text/html,x"},{"number":"5","url":"http://x.example/a?b=c"}]}`))
	if err != nil || a.Member.Name != "ab c d" || a.Member.URL != "" {
		t.Errorf("%+v %v", a.Member, err)
	}
	for _, o := range a.Orders {
		if want := map[string]string{"5": "http://x.example/a?b=c"}[o.Number]; o.URL != want {
			t.Errorf("order %s: %q", o.Number, o.URL)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{example, "{}", "[]", `{"orders":[{"items":[{}]}]}`, `{"a":{"b":{"c":1e999}}}`, "\xef\xbb\xbf[]"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		a, err := Read(body)
		if err != nil {
			return
		}
		if len(a.Orders) > maxOrders || len(a.Fields) > maxFields {
			t.Fatalf("%d orders, %d fields", len(a.Orders), len(a.Fields))
		}
		texts := []string{}
		if a.Member != nil {
			texts = append(texts, a.Member.Name, a.Member.Number, a.Member.Level, a.Member.Since, a.Member.Orders)
		}
		for _, o := range a.Orders {
			texts = append(texts, o.Number, o.Status, o.PlacedAt, o.Total, o.Currency, o.Tracking)
			if o.URL != "" && !strings.HasPrefix(o.URL, "http") {
				t.Fatalf("url %q", o.URL)
			}
			if len(o.Items) > maxItems {
				t.Fatalf("%d items", len(o.Items))
			}
		}
		for _, x := range a.Fields {
			texts = append(texts, x.Label, x.Value)
		}
		for _, s := range texts {
			if utf8.RuneCountInString(s) > maxText || !utf8.ValidString(s) || s != clean(s) {
				t.Fatalf("text %q", s)
			}
		}
	})
}
