// Package sms hands short messages to an HTTP gateway, reads its delivery
// reports and counts how long a text is. It knows no gateway by name: what one
// wants is said in a Request, what it answers in a Test.
//
//	id, err := sms.Send(ctx, client, sms.Request{
//		Method: "POST", URL: "https://gateway.example/send",
//		Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"},
//		Body:   "to=%2B886912345678&text=...",
//	}, sms.Test{Success: `^status=0`, ID: `msgid=(\w+)`})
//	var fault *sms.Error
//	if errors.As(err, &fault) && fault.Temporary { … }
package sms

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what is sent and read.
const (
	maxRequest = 64 << 10
	maxAnswer  = 64 << 10
	maxQuoted  = 300 // characters of an answer that an error repeats
	maxPattern = 500
)

// Request is one call of the gateway, every value as it goes over the wire.
type Request struct {
	Method string // GET or POST; POST when empty
	URL    string
	Header map[string]string
	Body   string
}

// Test says what an answer means. Patterns are regular expressions (RE2) over
// the body; a status outside 200 to 299 is a failure whatever the body says.
type Test struct {
	Success string // must match; "" takes every 2xx for a success
	ID      string // its first group is the gateway's id of the message; "" for none
}

// Error says why the gateway did not take a message.
type Error struct {
	Temporary bool // another try may help, and can't send it twice
	Unknown   bool // the gateway may have taken it
	Reason    string
}

// Error implements error.
func (e *Error) Error() string { return "sms: " + e.Reason }

// Check tells whether the patterns can be used.
func (t Test) Check() error {
	for name, pattern := range map[string]string{"success": t.Success, "id": t.ID} {
		if len(pattern) > maxPattern {
			return fmt.Errorf("%s: longer than %d characters", name, maxPattern)
		}
		if _, err := regexp.Compile(pattern); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if t.ID != "" && regexp.MustCompile(t.ID).NumSubexp() < 1 {
		return errors.New("id: put the id's part in brackets")
	}
	return nil
}

// Send makes one call and gives the gateway's id of the message, "" where it
// tells none. Every error but one of the Test is an *Error. A call that was cut
// after it was written is unknown: most gateways can't tell a second one apart.
func Send(ctx context.Context, client *http.Client, r Request, t Test) (id string, err error) {
	if err := t.Check(); err != nil {
		return "", fmt.Errorf("sms: test %w", err)
	}
	req, err := r.build(ctx)
	if err != nil {
		return "", err
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", transportError(err)
	}
	defer resp.Body.Close()
	body, readErr := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	answer := string(body)
	switch {
	case resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable:
		return "", &Error{Temporary: true, Reason: fmt.Sprintf("the gateway is busy (%s)", resp.Status)}
	case resp.StatusCode >= 500:
		return "", &Error{Unknown: true, Reason: fmt.Sprintf("the gateway failed (%s): %s", resp.Status, quote(answer))}
	case resp.StatusCode < 200 || resp.StatusCode > 299:
		return "", &Error{Reason: fmt.Sprintf("the gateway refused (%s): %s", resp.Status, quote(answer))}
	case readErr != nil:
		return "", &Error{Unknown: true, Reason: "the gateway's answer broke off"}
	case t.Success != "" && !regexp.MustCompile(t.Success).MatchString(answer):
		return "", &Error{Reason: "the gateway refused: " + quote(answer)}
	}
	if t.ID != "" {
		if found := regexp.MustCompile(t.ID).FindStringSubmatch(answer); found != nil {
			id = strings.TrimSpace(found[1])
		}
	}
	return clip(id, 200), nil
}

func (r Request) build(ctx context.Context) (*http.Request, error) {
	if r.Method == "" {
		r.Method = http.MethodPost
	}
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		return nil, &Error{Reason: "the method must be GET or POST"}
	}
	if len(r.Body)+len(r.URL) > maxRequest {
		return nil, &Error{Reason: "the request is too large"}
	}
	var body io.Reader
	if r.Method == http.MethodPost {
		body = strings.NewReader(r.Body)
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, r.URL, body)
	if err != nil {
		return nil, &Error{Reason: "the URL can't be used"} // the cause may repeat the secrets in it
	}
	for name, value := range r.Header {
		if strings.ContainsFunc(name+value, unicode.IsControl) {
			return nil, &Error{Reason: "a header holds a line break"}
		}
		req.Header.Set(name, value)
	}
	return req, nil
}

// transportError tells the tries that certainly did not arrive from those that may have.
func transportError(err error) error {
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &dns):
		return &Error{Temporary: true, Reason: "the gateway's name was not found"}
	case errors.As(err, &op) && op.Op == "dial":
		if inner := errors.Unwrap(op); inner != nil {
			return &Error{Temporary: true, Reason: "no connection to the gateway: " + clip(inner.Error(), maxQuoted)}
		}
		return &Error{Temporary: true, Reason: "no connection to the gateway"}
	}
	return &Error{Unknown: true, Reason: "the call broke off"}
}

// quote is a text from outside in one line.
func quote(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	return clip(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " "), maxQuoted)
}

func clip(s string, characters int) string {
	if utf8.RuneCountInString(s) <= characters {
		return s
	}
	return string([]rune(s)[:characters])
}
