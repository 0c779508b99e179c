package texting

import (
	"encoding/base64"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/liquid"
	"github.com/pocketdesk/pocketdesk/internal/sms"
)

// vocabulary is the Liquid of a request.
func vocabulary() *liquid.Plain {
	return liquid.NewPlain("to", "to_national", "text", "id", "report_url", "secret", "user", "password")
}

const formType = "application/x-www-form-urlencoded"

// contentType is the type of the body, without parameters.
func contentType(s desk.SMS) string {
	for name, value := range s.Headers {
		if strings.EqualFold(name, "Content-Type") {
			kind, _, err := mime.ParseMediaType(value)
			if err != nil {
				return value
			}
			return kind
		}
	}
	return formType
}

func isJSON(kind string) bool { return kind == "application/json" || strings.HasSuffix(kind, "+json") }

// request fills the gateway's request with values.
func request(engine *liquid.Plain, s desk.SMS, values map[string]string) (sms.Request, error) {
	r := sms.Request{Method: s.Method, Header: map[string]string{}}
	if r.Method == "" {
		r.Method = http.MethodPost
	}
	var err error
	if r.URL, err = engine.Render(s.URL, values); err != nil {
		return r, fmt.Errorf("url: %w", err)
	}
	r.URL = strings.TrimSpace(r.URL)
	if r.Method == http.MethodPost {
		r.Header["Content-Type"] = formType
		if r.Body, err = engine.Render(s.Body, values); err != nil {
			return r, fmt.Errorf("body: %w", err)
		}
		r.Body = strings.TrimSpace(r.Body) // an editor's line end would count as part of the last value
	}
	for name, value := range s.Headers {
		if r.Header[http.CanonicalHeaderKey(name)], err = engine.Render(value, values); err != nil {
			return r, fmt.Errorf("headers.%s: %w", name, err)
		}
	}
	return r, nil
}

// redact takes what opens the gateway out of a text, in the shapes that a
// request gives it, also where the text was cut within it.
func redact(s string, values map[string]string) string {
	for _, name := range []string{"secret", "password"} {
		secret := values[name]
		if secret == "" {
			continue
		}
		for _, shape := range []string{
			secret, url.QueryEscape(secret), strings.ReplaceAll(url.QueryEscape(secret), "+", "%20"), strings.Trim(strconv.Quote(secret), `"`),
			base64.StdEncoding.EncodeToString([]byte(secret)), url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(secret))),
		} {
			s = strings.ReplaceAll(s, shape, "•••")
			for n := min(len(shape)-1, len(s)); n >= 3; n-- {
				if strings.HasSuffix(s, shape[:n]) {
					s = s[:len(s)-n] + "•••"
					break
				}
			}
		}
	}
	return strings.ToValidUTF8(s, "")
}
