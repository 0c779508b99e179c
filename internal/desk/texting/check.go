package texting

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/liquid"
	"github.com/pocketdesk/pocketdesk/internal/safehttp"
	"github.com/pocketdesk/pocketdesk/internal/sms"
)

// Bounds of the settings.
const (
	maxURL     = 2_000
	maxBody    = 10_000
	maxHeaders = 20
	maxParts   = 10
	maxAnswer  = 500
)

// Check tells what is wrong with a gateway's settings, for the person who writes
// them; the sentence begins with the part that it is about. What passes can't be
// broken by any text: every value that is printed is escaped for its place.
func Check(s desk.SMS) error {
	switch {
	case s.Method != "" && s.Method != http.MethodGet && s.Method != http.MethodPost:
		return errors.New("method: use GET or POST")
	case s.NumberFormat != "" && s.NumberFormat != desk.NumberE164 && s.NumberFormat != desk.NumberNational:
		return errors.New("number_format: use e164 or national")
	case s.MaxParts < 0 || s.MaxParts > maxParts:
		return fmt.Errorf("max_parts: use 1 to %d, or 0 for 3", maxParts)
	}
	if err := (sms.Test{Success: s.Success, ID: s.ID}).Check(); err != nil {
		return err
	}
	if err := checkReport(s.Report); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	if s.URL == "" {
		if s.Enabled {
			return errors.New("url: give the gateway's address")
		}
		return nil
	}
	engine := vocabulary()
	for _, check := range []func(*liquid.Plain, desk.SMS) error{checkURL, checkHeaders, checkBody, checkTrials} {
		if err := check(engine, s); err != nil {
			return err
		}
	}
	return nil
}

func checkReport(r desk.SMSReport) error {
	if r.ID == "" && r.Status == "" {
		return nil
	}
	if r.ID == "" || r.Status == "" || r.Delivered == "" && r.Failed == "" {
		return errors.New("name the fields of id and status, and say which statuses mean delivered and failed")
	}
	if len(r.Answer) > maxAnswer {
		return fmt.Errorf("answer: longer than %d characters", maxAnswer)
	}
	if err := answers().Check(r.Answer); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return reading(r).Check()
}

func checkURL(engine *liquid.Plain, s desk.SMS) error {
	if len(s.URL) > maxURL {
		return fmt.Errorf("url: longer than %d characters", maxURL)
	}
	if err := escaped(engine, s.URL, liquid.Escape{Filters: []string{"url_encode"}}); err != nil {
		return fmt.Errorf("url: %w", err)
	}
	if s.Host() == "" {
		return errors.New("url: write scheme and host out, such as https://gateway.example/")
	}
	return nil
}

// checkHeaders lets a header hold the secret as it is: a line break in it is refused when it is sent.
func checkHeaders(engine *liquid.Plain, s desk.SMS) error {
	if len(s.Headers) > maxHeaders {
		return fmt.Errorf("headers: more than %d", maxHeaders)
	}
	rule := liquid.Escape{Filters: escapes(), Exempt: []string{"id", "report_url", "secret", "user", "password"}}
	for _, name := range slices.Sorted(maps.Keys(s.Headers)) {
		value := s.Headers[name]
		switch {
		case !headerName(name):
			return fmt.Errorf("headers.%.40s: this is no header that can be set", name)
		case len(value) > maxURL || strings.ContainsFunc(value, unicode.IsControl):
			return fmt.Errorf("headers.%s: one line of %d characters at most", name, maxURL)
		case strings.EqualFold(name, "Content-Type") && strings.Contains(value, "{"):
			return fmt.Errorf("headers.%s: write the type out", name)
		}
		if err := escaped(engine, value, rule); err != nil {
			return fmt.Errorf("headers.%s: %w", name, err)
		}
	}
	return nil
}

// headerName takes the characters of a token (RFC 9110, section 5.6.2), and none
// of the headers that say where the request ends.
func headerName(name string) bool {
	switch strings.ToLower(name) {
	case "", "host", "content-length", "transfer-encoding", "connection", "trailer", "te", "upgrade":
		return false
	}
	return !strings.ContainsFunc(name, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("!#$%&'*+-.^_`|~", r))
	})
}

func checkBody(engine *liquid.Plain, s desk.SMS) error {
	switch kind := contentType(s); {
	case len(s.Body) > maxBody:
		return fmt.Errorf("body: longer than %d characters", maxBody)
	case s.Method == http.MethodGet && s.Body != "":
		return errors.New("body: a GET has none; put all into the url")
	default:
		filters := escapes()
		if kind == formType {
			filters = []string{"url_encode"}
		} else if isJSON(kind) {
			filters = []string{"json"}
		}
		if err := escaped(engine, s.Body, liquid.Escape{Filters: filters}); err != nil {
			return fmt.Errorf("body: %w", err)
		}
	}
	return nil
}

func escapes() []string { return []string{"url_encode", "json", "base64"} }

func escaped(engine *liquid.Plain, src string, rule liquid.Escape) error {
	bare, err := engine.Bare(src, rule)
	if err != nil {
		return err
	}
	if len(bare) > 0 {
		return fmt.Errorf("{{ %s }} needs a filter at its end so that no text can break out: %s", bare[0], strings.Join(rule.Filters, " or "))
	}
	return nil
}

// holds tells whether another value of a variable makes another request.
func holds(engine *liquid.Plain, s desk.SMS, values map[string]string, names []string) bool {
	other := maps.Clone(values)
	for _, name := range names {
		other[name] += "9"
	}
	a, errA := request(engine, s, values)
	b, errB := request(engine, s, other)
	return errA == nil && errB == nil && fmt.Sprint(a) != fmt.Sprint(b)
}

// checkTrials makes the request with tame and with nasty values: both must be
// what they should be, have the same shape, and hold number and text.
func checkTrials(engine *liquid.Plain, s desk.SMS) error {
	tame := map[string]string{
		"to": "886912345678", "to_national": "886912345678", "text": "trialtext", "id": "i", "report_url": "https://desk.example/r",
		"secret": "u:p", "user": "u", "password": "p",
	}
	nasty := maps.Clone(tame)
	nasty["text"] = "a&b=c#d/../?e\"f\\g\n{h}%00+,;' </x>"
	nasty["secret"], nasty["user"], nasty["password"] = `u&"=:p/?#"\&`, `u&"=`, `p/?#"\&`
	var shapes [2]string
	for i, values := range []map[string]string{tame, nasty} {
		r, err := request(engine, s, values)
		if err != nil {
			return err
		}
		if err := safehttp.Check(r.URL); err != nil {
			return fmt.Errorf("url: %w", err)
		}
		if shapes[i], err = shapeOf(r, contentType(s)); err != nil {
			return err
		}
	}
	for _, names := range [][]string{{"text"}, {"to", "to_national"}} {
		if !holds(engine, s, tame, names) {
			return fmt.Errorf("body: {{ %s }} is nowhere in url and body", names[0])
		}
	}
	if shapes[0] != shapes[1] {
		return errors.New("body: a text with quotes, & or / would break out of its place; don't put quotes around the filter json")
	}
	return nil
}

// shapeOf is all of a request but its values.
func shapeOf(r sms.Request, kind string) (string, error) {
	u, err := url.Parse(r.URL)
	if err != nil {
		return "", errors.New("url: this is no web address")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "", errors.New("url: what follows the question mark can't be read")
	}
	shape := fmt.Sprint(u.Host, strings.Count(u.EscapedPath(), "/"), u.Fragment != "", counts(query))
	switch {
	case r.Body == "":
	case kind == formType:
		form, err := url.ParseQuery(r.Body)
		if err != nil {
			return "", errors.New("body: this is no form such as a=1&b=2")
		}
		shape += counts(form)
	case isJSON(kind):
		var v any
		if err := json.Unmarshal([]byte(r.Body), &v); err != nil {
			return "", fmt.Errorf("body: this makes no JSON (%v); the filter json gives the quotes itself", err)
		}
		shape += jsonShape(v)
	}
	return shape, nil
}

func counts(values url.Values) string {
	out := ""
	for _, name := range slices.Sorted(maps.Keys(values)) {
		out += fmt.Sprintf("%q:%d ", name, len(values[name]))
	}
	return out
}

func jsonShape(v any) string {
	switch v := v.(type) {
	case map[string]any:
		out := "{"
		for _, name := range slices.Sorted(maps.Keys(v)) {
			out += fmt.Sprintf("%q:%s,", name, jsonShape(v[name]))
		}
		return out + "}"
	case []any:
		out := "["
		for _, one := range v {
			out += jsonShape(one) + ","
		}
		return out + "]"
	}
	return fmt.Sprintf("%T", v)
}
