package texting_test

import (
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/texting"
)

// good is a gateway that takes a form.
func good() desk.SMS {
	return desk.SMS{
		Enabled: true, URL: "https://gateway.example/send",
		Body: "user={{ user | url_encode }}&pw={{ password | url_encode }}&to={{ to | url_encode }}&text={{ text | url_encode }}",
	}
}

func TestCheckPasses(t *testing.T) {
	json := map[string]string{"content-type": "application/json; charset=utf-8"}
	for name, change := range map[string]func(*desk.SMS){
		"as it is":      func(*desk.SMS) {},
		"off and empty": func(s *desk.SMS) { *s = desk.SMS{} },
		"in the url": func(s *desk.SMS) {
			s.Method, s.Body, s.URL = "GET", "", "https://gateway.example/send?to={{ to_national | url_encode }}&m={{ text | url_encode }}{% if report_url %}&r={{ report_url | url_encode }}{% endif %}"
		},
		"user in the path": func(s *desk.SMS) { s.URL = "https://gateway.example/{{ user | url_encode }}/send" },
		"json": func(s *desk.SMS) {
			s.Headers, s.Body = json, `{"to":[{{ to | json }}],"m":{"t":{{ text | json }},"n":1}}`
		},
		"secret in a header": func(s *desk.SMS) {
			s.Headers = map[string]string{"Authorization": "Basic {{ secret | base64 }}", "X-Key": "{{ secret }}"}
		},
		"another type": func(s *desk.SMS) {
			s.Headers, s.Body = map[string]string{"Content-Type": "text/plain"}, "{{ to | url_encode }}\n{{ text | base64 }}"
		},
		"filters before it": func(s *desk.SMS) {
			s.Body = `to={{ to | remove: "+" | url_encode }}&t={{ text | default: "-" | url_encode }}`
		},
		"report": func(s *desk.SMS) { s.Report = desk.SMSReport{ID: "id", Status: "s", Delivered: "0"} },
		"a port": func(s *desk.SMS) { s.URL = "http://gateway.example:9600/send" },
	} {
		s := good()
		change(&s)
		if err := texting.Check(s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	json := map[string]string{"Content-Type": "application/json"}
	for name, c := range map[string]struct {
		begins string
		change func(*desk.SMS)
	}{
		"method":             {"method:", func(s *desk.SMS) { s.Method = "DELETE" }},
		"format":             {"number_format:", func(s *desk.SMS) { s.NumberFormat = "local" }},
		"parts":              {"max_parts:", func(s *desk.SMS) { s.MaxParts = 11 }},
		"fewer than none":    {"max_parts:", func(s *desk.SMS) { s.MaxParts = -1 }},
		"success":            {"success:", func(s *desk.SMS) { s.Success = "(" }},
		"id without group":   {"id:", func(s *desk.SMS) { s.ID = "id" }},
		"half a report":      {"report:", func(s *desk.SMS) { s.Report.ID = "id" }},
		"report's pattern":   {"report:", func(s *desk.SMS) { s.Report = desk.SMSReport{ID: "id", Status: "s", Failed: "["} }},
		"no url":             {"url:", func(s *desk.SMS) { s.URL = "" }},
		"a slip":             {"body: line 1: unknown variable", func(s *desk.SMS) { s.Body += "&x={{ tex | url_encode }}" }},
		"text in the open":   {"body:", func(s *desk.SMS) { s.Body = "to={{ to | url_encode }}&text={{ text }}" }},
		"number in the open": {"body:", func(s *desk.SMS) { s.Body = "to={{ to }}&text={{ text | url_encode }}" }},
		"hidden in a name":   {"body:", func(s *desk.SMS) { s.Body = "{% assign t = text %}to={{ to | url_encode }}&text={{ t }}" }},
		"escaped too early": {"body:", func(s *desk.SMS) {
			s.Body = `to={{ to | url_encode }}&text={{ text | url_encode | replace: "%26", "&" }}`
		}},
		"form in json":      {"body:", func(s *desk.SMS) { s.Headers, s.Body = json, `{"to":{{ to | json }},"text":"{{ text | url_encode }}"}` }},
		"json in a form":    {"body:", func(s *desk.SMS) { s.Body = "to={{ to | url_encode }}&text={{ text | json }}" }},
		"quotes twice":      {"body:", func(s *desk.SMS) { s.Headers, s.Body = json, `{"to":{{ to | json }},"text":"{{ text | json }}"}` }},
		"no json at all":    {"body:", func(s *desk.SMS) { s.Headers, s.Body = json, `to: {{ to | json }}, text: {{ text | json }}` }},
		"text nowhere":      {"body: {{ text }}", func(s *desk.SMS) { s.Body = "to={{ to | url_encode }}" }},
		"number nowhere":    {"body: {{ to }}", func(s *desk.SMS) { s.Body = "text={{ text | url_encode }}" }},
		"body of a GET":     {"body:", func(s *desk.SMS) { s.Method = "GET" }},
		"json in the url":   {"url:", func(s *desk.SMS) { s.URL += "?t={{ text | json }}" }},
		"name of the field": {"body:", func(s *desk.SMS) { s.Body += "&{{ text | url_encode }}=1" }},
		"open host":         {"url:", func(s *desk.SMS) { s.URL = "https://{{ secret | url_encode }}/" }},
		"half open host":    {"url:", func(s *desk.SMS) { s.URL = "https://gateway.example{{ secret | url_encode }}/" }},
		"open port":         {"url:", func(s *desk.SMS) { s.URL = "https://gateway.example:{{ id | url_encode }}/" }},
		"another scheme":    {"url:", func(s *desk.SMS) { s.URL = "ftp://gateway.example/" }},
		"user in the url":   {"url:", func(s *desk.SMS) { s.URL = "https://a:b@gateway.example/" }},
		"this machine":      {"url:", func(s *desk.SMS) { s.URL = "http://127.0.0.1/" }},
		"its network":       {"url:", func(s *desk.SMS) { s.URL = "http://[fd00::1]/" }},
		"long url":          {"url:", func(s *desk.SMS) { s.URL += "?" + strings.Repeat("x", 2_000) }},
		"long body":         {"body:", func(s *desk.SMS) { s.Body += "&x=" + strings.Repeat("x", 10_000) }},
		"header's name":     {"headers.A B:", func(s *desk.SMS) { s.Headers = map[string]string{"A B": "x"} }},
		"header's line":     {"headers.A:", func(s *desk.SMS) { s.Headers = map[string]string{"A": "x\r\nB: y"} }},
		"host by header":    {"headers.host:", func(s *desk.SMS) { s.Headers = map[string]string{"host": "x"} }},
		"text in a header":  {"headers.A:", func(s *desk.SMS) { s.Headers = map[string]string{"A": "{{ text }}"} }},
		"open type":         {"headers.Content-Type:", func(s *desk.SMS) { s.Headers = map[string]string{"Content-Type": "{{ id }}"} }},
	} {
		s := good()
		c.change(&s)
		if err := texting.Check(s); err == nil || !strings.HasPrefix(err.Error(), c.begins) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Whatever is typed as settings, the check ends.
func FuzzCheck(f *testing.F) {
	s := good()
	f.Add(s.URL, s.Body, "application/json")
	f.Fuzz(func(_ *testing.T, url, body, kind string) {
		_ = texting.Check(desk.SMS{URL: url, Body: body, Headers: map[string]string{"Content-Type": kind}})
	})
}
