package hooks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// formPath is the page's form, which takes posts without JavaScript.
const formPath = "/support/f/contact"

func disabledForm(s *shop) string {
	return s.Add(desk.Forms, map[string]any{"slug": "closed", "texts": map[string]any{"en": map[string]any{"title": "x"}}}).Id
}

// texts are values of one field with what must become of them: the code of the
// refusal, or "" where they are taken as they are.
func texts() []struct{ name, field, value, code string } {
	long := strings.Repeat("長", 20_000)
	return []struct{ name, field, value, code string }{
		{"nothing", "message", "", "required"},
		{"only space", "message", " \n\t　", "required"},
		{"longest", "message", long, ""},
		{"too long", "message", long + "い", "too_long"},
		{"a megabyte of name", "name", strings.Repeat("王", 1<<20/3), "too_long"},
		{"a megabyte of address", "email", strings.Repeat("a", 1<<20) + "@example.com", "too_long"},
		{"a megabyte of category", "category", strings.Repeat("a", 1<<20), "category_unknown"},
		{"NUL", "message", "a\x00b", "characters"},
		{"NUL in the name", "name", "\x00", "characters"},
		{"escape", "name", "\x1b[31mred", "characters"},
		{"line break in the name", "name", "Ann\r\nBcc: all@example.com", "characters"},
		{"line break in the subject", "subject", "Hi\nBcc: all@example.com", "characters"},
		{"line break in the address", "email", "ann@example.com\r\nBcc: all@example.com", "characters"},
		{"C1 control", "order_no", "a\u0085b", "characters"},
		{"lines", "message", "one\n\ttwo\r\nthree", ""},
		{"right to left", "message", "\u202eتسليم الطلب\u202c", ""},
		{"right to left name", "name", "مريم \u200fعلي", ""},
		{"emoji", "message", "👩‍👩‍👧‍👦 ❤️ 🇹🇼", ""},
		{"emoji name", "name", "🦊", ""},
		{"astral", "name", "𠮷野家 \U0010FFFD", ""},
		{"markup", "message", `<script>alert(1)</script>{{ contact.email }}"'&`, ""},
		{"no address", "email", "ann at example", "email_invalid"},
		{"two addresses", "email", "ann@example.com, bob@example.com", "email_invalid"},
		{"name with address", "email", "Ann <ann@example.com>", "email_invalid"},
		{"unknown category", "category", "no_such_thing", "category_unknown"},
	}
}

// What a program sends is taken as meant or refused by field, and never half stored.
func TestTextsOverREST(t *testing.T) {
	s := newShop(t, withoutSMTP())
	for _, tt := range texts() {
		before := s.counts()
		status, answer := s.Post(submitPath, map[string]any{"email": "ann@example.com", "message": "hello", tt.field: tt.value})
		if tt.code == "" {
			if status != http.StatusOK || answer[tt.field] != tt.value {
				t.Errorf("%s: %d %.200v", tt.name, status, answer)
			}
			continue
		}
		s.refused(t, tt.name, status, answer, tt.field, tt.code)
		if after := s.counts(); !maps.Equal(before, after) {
			t.Errorf("%s: refused, and yet stored: %v, before %v", tt.name, after, before)
		}
	}
}

func (s *shop) refused(t *testing.T, name string, status int, answer map[string]any, field, code string) {
	t.Helper()
	data, _ := answer["data"].(map[string]any)
	fault, _ := data[field].(map[string]any)
	if status != http.StatusBadRequest || fault["code"] != code || fault["message"] == "" {
		t.Errorf("%s: want %s of %s, got %d %.300v", name, code, field, status, answer)
	}
}

// The page says it in the visitor's language and keeps what was typed.
func TestTextsOnThePage(t *testing.T) {
	s := newShop(t, withoutSMTP())
	for _, tt := range texts() {
		if len(tt.value) > 100_000 {
			continue // as above; the page would only be long
		}
		before := s.counts()
		fields := map[string]any{"name": "陳 美麗", "email": "mei@example.com", "message": "鞋子的尺寸不合", "locale": "ja", "consent": "true"}
		fields[tt.field] = tt.value
		a := s.Multipart(formPath, fields, nil)
		page := string(a.Body)
		if tt.code == "" {
			if a.Status != http.StatusOK || !strings.Contains(page, "受付番号") {
				t.Errorf("%s: %d %.300s", tt.name, a.Status, page)
			}
			continue
		}
		if a.Status != http.StatusUnprocessableEntity || a.Header.Get("Content-Language") != "ja" || !strings.Contains(page, `aria-invalid="true"`) && tt.field != "subject" {
			t.Errorf("%s: %d %s", tt.name, a.Status, a.Header)
		}
		for field, typed := range fields {
			if field != tt.field && field != "locale" && field != "consent" && !strings.Contains(page, html.EscapeString(typed.(string))) {
				t.Errorf("%s: %s is lost from the page", tt.name, field)
			}
		}
		if !strings.Contains(page, " checked") {
			t.Errorf("%s: the consent is lost from the page", tt.name)
		}
		if after := s.counts(); !maps.Equal(before, after) {
			t.Errorf("%s: refused, and yet stored: %v, before %v", tt.name, after, before)
		}
	}
	for lang, want := range map[string]string{"zh-TW": "請寫下想告訴我們的事。", "zh-CN": "zh-CN", "en": "en"} {
		a := s.Multipart(formPath, map[string]any{"name": "Ann", "email": "ann@example.com", "locale": lang, "consent": "true"}, nil)
		if a.Status != http.StatusUnprocessableEntity || a.Header.Get("Content-Language") != lang || !strings.Contains(string(a.Body), want) {
			t.Errorf("%s: %d %s", lang, a.Status, a.Header.Get("Content-Language"))
		}
	}
	a := s.Multipart(formPath, map[string]any{"email": "ann@example.com", "message": "hello", "locale": "en"}, nil)
	if a.Status != http.StatusUnprocessableEntity || len(s.Rows(desk.Feedbacks)) == 0 {
		t.Errorf("no consent: %d", a.Status)
	}
}

// JSON of wrong types is refused by field; what nobody knows is ignored.
func TestWrongTypes(t *testing.T) {
	s := newShop(t, withoutSMTP())
	for _, field := range []string{"name", "email", "phone", "subject", "message", "order_no", "category", "form", "locale", "page_url", "member_ref", "consent"} {
		for _, v := range []string{`{"a":1}`, `["x"]`, `[[]]`, `{}`} {
			before := s.counts()
			a := s.Do(http.MethodPost, submitPath, strings.NewReader(fmt.Sprintf(`{"email":"ann@example.com","message":"hello",%q:%s}`, field, v)), "Content-Type", "application/json")
			s.refused(t, field+" "+v, a.Status, a.JSON(), field, "type")
			if !maps.Equal(before, s.counts()) {
				t.Errorf("%s %s: stored", field, v)
			}
		}
	}
	for name, tt := range map[string]struct{ body, field, want string }{
		"a whole number":    {`"order_no":20260302`, "order_no", "20260302"},
		"a phone as number": {`"phone":886912345678`, "phone", "886912345678"},
		"null":              {`"name":null`, "name", ""},
		"unknown fields":    {`"role":"admin","is_admin":true,"status":"resolved","constructor":{"prototype":1},"":"x"`, "message", "hello"},
		"a lone surrogate":  {`"name":"a\ud800b"`, "name", "a\ufffdb"}, // as every browser sends it
		"a pair":            {`"name":"\ud83d\ude00"`, "name", "😀"},
		"twice":             {`"name":"a","name":"b"`, "name", "b"},
	} {
		a := s.Do(http.MethodPost, submitPath, strings.NewReader(`{"email":"ann@example.com","message":"hello",`+tt.body+`}`), "Content-Type", "application/json")
		if got, _ := a.JSON()[tt.field].(string); a.Status != http.StatusOK || got != tt.want {
			t.Errorf("%s: %d, %s is %q, want %q", name, a.Status, tt.field, got, tt.want)
		}
	}
	for _, body := range []string{`"order_no":12345678901234567890`, `"order_no":0.1e400`, `"order_no":true`, `"message":true`, `"message":false`} {
		a := s.Do(http.MethodPost, submitPath, strings.NewReader(`{"email":"ann@example.com","message":"hello",`+body+`}`), "Content-Type", "application/json")
		if a.Status != http.StatusBadRequest {
			t.Errorf("%s can't be what was meant: %d %s", body, a.Status, a.Body)
		}
	}
}

// Bodies that can't be read at all.
func TestBrokenBodies(t *testing.T) {
	s := newShop(t, withoutSMTP())
	whole, boundary := form(map[string]any{"email": "ann@example.com", "message": "hello", "consent": "true", "name": "Ann"}, upload{Name: "a.png", Body: png()})
	const asJSON = "application/json"
	before := s.counts()
	for name, tt := range map[string]struct{ contentType, body string }{
		"broken JSON":       {asJSON, `{"email":"ann@example.com","message":`},
		"two values":        {asJSON, `{"email":"ann@example.com"}{"message":"hello"}`},
		"a list":            {asJSON, `["email"]`},
		"a text":            {asJSON, `"email"`},
		"null":              {asJSON, `null`},
		"nothing":           {asJSON, ``},
		"deep":              {asJSON, `{"message":` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + `}`},
		"deep objects":      {asJSON, strings.Repeat(`{"a":`, 30_000) + "1" + strings.Repeat("}", 30_000)},
		"bytes":             {asJSON, "{\"message\":\"\xff\xfe\x00\"}"},
		"no type":           {"", `{"email":"ann@example.com","message":"hello"}`},
		"other type":        {"text/plain", `{"email":"ann@example.com","message":"hello"}`},
		"XML":               {"application/xml", `<feedback/>`},
		"no boundary":       {"multipart/form-data", string(whole)},
		"other boundary":    {"multipart/form-data; boundary=zzz", string(whole)},
		"cut in the file":   {boundary, string(whole[:len(whole)-60])},
		"cut in a field":    {boundary, string(whole[:len(whole)/3])},
		"cut at the end":    {boundary, string(whole[:len(whole)-8])},
		"broken escapes":    {"application/x-www-form-urlencoded", "email=ann%40example.com&message=%zz%"},
		"semicolons":        {"application/x-www-form-urlencoded", "email=ann@example.com;message=hello"},
		"thousands of keys": {"application/x-www-form-urlencoded", strings.Repeat("a=b&", 50_000)},
	} {
		for _, path := range []string{submitPath, formPath} {
			a := s.Do(http.MethodPost, path, strings.NewReader(tt.body), "Content-Type", tt.contentType)
			if a.Status < 400 || a.Status >= 500 {
				t.Errorf("%s to %s: %d %.200s", name, path, a.Status, a.Body)
			}
			if path == formPath && !strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
				t.Errorf("%s: the page answers a visitor with %s", name, a.Body)
			}
		}
	}
	if after := s.counts(); !maps.Equal(before, after) {
		t.Errorf("broken bodies are stored: %v, before %v", after, before)
	}
}

// A connection that ends in the middle leaves nothing.
func TestBrokenConnection(t *testing.T) {
	s := newShop(t, withoutSMTP())
	before := s.counts()
	whole, contentType := form(map[string]any{"email": "ann@example.com", "message": "hello"}, upload{Name: "a.png", Body: png()})
	for _, path := range []string{submitPath, formPath} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", path, contentType, len(whole), whole[:len(whole)-20])
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		answer, _ := io.ReadAll(conn) // until the server is done with it
		conn.Close()
		if bytes.Contains(answer, []byte(" 200 ")) || bytes.Contains(answer, []byte(" 500 ")) {
			t.Errorf("%s: %.200s", path, answer)
		}
	}
	if after := s.counts(); !maps.Equal(before, after) {
		t.Errorf("half a message is stored: %v, before %v", after, before)
	}
}

// Forms that there are not, or not any more.
func TestFormsThatTakeNothing(t *testing.T) {
	s := newShop(t, withoutSMTP())
	id := disabledForm(s)
	before := s.counts()
	for form, code := range map[string]string{"closed": "form_disabled", id: "form_disabled", "nothing": "form_unknown", "../contact": "form_unknown", "a\x00": "form_unknown"} {
		status, answer := s.Post(submitPath, map[string]any{"email": "ann@example.com", "message": "hello", "form": form})
		s.refused(t, form, status, answer, "form", code)
	}
	for path, want := range map[string]int{"/support/f/closed": 403, "/support/f/nothing": 404, "/support/f/%00": 404, "/support/f/%ff%fe": 404} {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			a := s.Do(method, path, nil, "Accept-Language", "zh-TW")
			if a.Status != want || a.Header.Get("Content-Language") != "zh-TW" {
				t.Errorf("%s %s: %d %.200s", method, path, a.Status, a.Body)
			}
		}
	}
	for path, want := range map[string]int{"/api/desk/forms/closed": 403, "/api/desk/forms/nothing": 404, "/api/desk/forms/%00?lang=%00": 404} {
		if a := s.Do(http.MethodGet, path, nil); a.Status != want {
			t.Errorf("%s: %d %s", path, a.Status, a.Body)
		}
	}
	if after := s.counts(); !maps.Equal(before, after) {
		t.Errorf("closed forms take messages: %v, before %v", after, before)
	}
}

// A token that is old, used, forged or missing costs a visitor nothing.
func TestTokensLoseNothing(t *testing.T) {
	s := newShop(t, withoutSMTP())
	token, solved := s.Form()
	raw, _ := json.Marshal(solved)
	send := func(name, path, token string, pow any) {
		t.Helper()
		before := len(s.Cases())
		fields := map[string]any{"name": "林怡君", "email": name + "@example.com", "message": "請問可以改地址嗎？我的訂單還沒出貨。", "locale": "zh-TW", "consent": "true", "form_token": token, "pow": pow}
		a := s.Multipart(path, fields, nil, "Accept-Language", "zh-TW")
		if a.Status != http.StatusOK {
			t.Errorf("%s: %d %.300s", name, a.Status, a.Body)
		}
		if after := len(s.Cases()); after != before+1 {
			rows := s.Rows(desk.Verdicts)
			t.Errorf("%s: no case: %v", name, rows[len(rows)-1].Get("signals"))
		}
	}
	send("first", submitPath, token, string(raw))
	send("replayed", submitPath, token, string(raw))
	send("replayed.page", formPath, token, "")
	send("missing", formPath, "", "")
	send("forged", formPath, strings.Repeat("A", 70), "")
	old, _ := s.Form()
	s.Clock.Advance(25 * time.Hour)
	send("expired", submitPath, old, "")
	send("expired.page", formPath, old, "")
}

// A honeypot is one whatever its type.
func TestHoneypotOfEveryType(t *testing.T) {
	s := newShop(t, withoutSMTP())
	for i, v := range []any{"http://x.example", "1", "true", true, 1, []string{"x"}, map[string]any{"a": 1}} {
		status, answer := s.Post(submitPath, map[string]any{"email": fmt.Sprintf("a%d@example.com", i), "message": "hello there", "website": v})
		if status != http.StatusOK || s.Verdict(answer["id"].(string)).Outcome() != desk.Quarantined {
			t.Errorf("website = %v in JSON: %d, no quarantine", v, status)
		}
	}
	for i, v := range []string{"http://x.example", "1", "true", "null", "{}"} {
		for _, path := range []string{submitPath, formPath} {
			before := len(s.Cases())
			a := s.Multipart(path, map[string]any{"name": "A", "email": fmt.Sprintf("b%d@example.com", i), "message": "hello there", "website": v, "consent": "true"}, nil)
			if a.Status != http.StatusOK || len(s.Cases()) != before {
				t.Errorf("website = %s to %s: %d, no quarantine", v, path, a.Status)
			}
		}
	}
}

// Numbers and words of a multipart form stay as they were typed.
func TestFormTextStaysText(t *testing.T) {
	s := newShop(t, withoutSMTP())
	for _, v := range []string{"00123", "1e3", "1.10", "12345678901234567890", "true", "null", "0x10", "+886", "{\"a\":1}", "[1]", "\"x\"", " padded "} {
		for _, post := range []func() reply{
			func() reply {
				return s.Multipart(submitPath, map[string]any{"email": "ann@example.com", "message": "hello", "order_no": v}, nil)
			},
			func() reply {
				return s.Do(http.MethodPost, submitPath, strings.NewReader(url.Values{"email": {"ann@example.com"}, "message": {"hello"}, "order_no": {v}}.Encode()),
					"Content-Type", "application/x-www-form-urlencoded")
			},
			func() reply {
				return s.Multipart(formPath, map[string]any{"name": "Ann", "email": "ann@example.com", "message": "hello", "consent": "true", "order_no": v}, nil)
			},
		} {
			a := post()
			rows := s.Rows(desk.Feedbacks)
			if a.Status != http.StatusOK || rows[len(rows)-1].GetString("order_no") != v {
				t.Errorf("order number %q: %d, stored %q", v, a.Status, rows[len(rows)-1].GetString("order_no"))
			}
		}
	}
}

// Headers and addresses of hostile programs cause no fault.
func TestHostileHeaders(t *testing.T) {
	s := newShop(t, withoutSMTP())
	body := map[string]any{"email": "ann@example.com", "message": "hello"}
	for _, h := range [][]string{
		{"User-Agent", "\xff\xfe" + strings.Repeat("x", 5000)}, {"Accept-Language", strings.Repeat("zh-TW,", 5000)}, {"Accept-Language", "\xff;q=nan"},
		{"Idempotency-Key", strings.Repeat("k", 100_000)}, {"Idempotency-Key", "\xff"}, {"Authorization", "Bearer x.y.z"}, {"Origin", "null"}, {"Origin", "http://[::1"},
		{"Referer", "javascript:alert(1)"}, {"X-Forwarded-For", "not an address"},
	} {
		if status, answer := s.Post(submitPath, body, h...); status != http.StatusOK {
			t.Errorf("%.40q: %d %v", h, status, answer)
		}
		if a := s.Multipart(formPath, map[string]any{"name": "A", "email": "ann@example.com", "message": "hi", "consent": "true"}, nil, h...); a.Status != http.StatusOK {
			t.Errorf("%.40q on the page: %d", h, a.Status)
		}
	}
	for _, path := range []string{"/support/?lang=%00", "/support/?lang=" + strings.Repeat("x", 10_000), "/support/t/%00%ff", "/support/t/" + strings.Repeat("x", 5000), "/support/t/a/files/b/..%2f..%2fdata.db", "/support/assets/..%2f..%2fgo.mod", "/support/assets/%00"} {
		if a := s.Do(http.MethodGet, path, nil); a.Status >= 500 || bytes.Contains(a.Body, []byte("SQLite format")) || bytes.Contains(a.Body, []byte("module ")) {
			t.Errorf("%.60s: %d", path, a.Status)
		}
	}
	// what a stored message bears is shown to staff without a fault
	token, _ := s.Agent("admin", "")
	for _, path := range []string{"/api/desk/cases", "/api/desk/quarantine", "/api/collections/verdicts/records"} {
		if status, answer := s.Get(path, "Authorization", token); status != http.StatusOK {
			t.Errorf("%s: %d %v", path, status, answer)
		}
	}
}
