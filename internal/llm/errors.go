package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	openai "github.com/sashabaranov/go-openai"
)

// What can go wrong. Test with errors.Is; Kind gives the word for the event record.
var (
	// ErrOff: neither a base URL nor a key is configured.
	ErrOff = errors.New("llm: off")
	// ErrBudget: the day's requests are used up; nothing was sent.
	ErrBudget = errors.New("llm: daily budget used up")
	// ErrBusy: no slot became free before the timeout or the end of the context; nothing was sent.
	ErrBusy = errors.New("llm: busy")
	// ErrOpen: the breaker is open after repeated failures; nothing was sent.
	ErrOpen = errors.New("llm: breaker open")
	// ErrInvalid: the answer is not what was asked for, or there was nothing to ask about.
	ErrInvalid = errors.New("llm: invalid")
	// ErrRefused: the model or a content filter declined to answer.
	ErrRefused = errors.New("llm: refused")
	// ErrRateLimited: status 429, or still within the pause that an earlier 429 asked for.
	ErrRateLimited = errors.New("llm: rate limited")
	// ErrServer: a status from 500 on.
	ErrServer = errors.New("llm: server error")
	// ErrRejected: another 4xx, or a model that cannot chat. Key, model or base URL need a look.
	ErrRejected = errors.New("llm: rejected")
	// ErrTimeout: no complete answer within the time.
	ErrTimeout = errors.New("llm: timeout")
	// ErrConnection: no connection, a cut one, or a redirect that is not followed.
	ErrConnection = errors.New("llm: connection failed")
)

// Kind gives a short, stable word for an error of Classify: ok (nil), off, budget, busy, open,
// invalid, refused, rate_limited, server, rejected, timeout, connection, canceled or other.
func Kind(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, ErrOff):
		return "off"
	case errors.Is(err, ErrBudget):
		return "budget"
	case errors.Is(err, ErrBusy):
		return "busy"
	case errors.Is(err, ErrOpen):
		return "open"
	case errors.Is(err, ErrInvalid):
		return "invalid"
	case errors.Is(err, ErrRefused):
		return "refused"
	case errors.Is(err, ErrRateLimited):
		return "rate_limited"
	case errors.Is(err, ErrServer):
		return "server"
	case errors.Is(err, ErrRejected):
		return "rejected"
	case errors.Is(err, ErrTimeout):
		return "timeout"
	case errors.Is(err, ErrConnection):
		return "connection"
	case errors.Is(err, context.Canceled):
		return "canceled"
	}
	return "other"
}

// statusError is an answer with a status from 400 on.
type statusError struct {
	kind       error // one of the sentinels
	status     int
	code       string // the server's own word for it, e.g. insufficient_quota
	pause      time.Duration
	schemaless bool // json_schema is what the server stumbled over
}

func (e *statusError) Error() string {
	if e.code == "" {
		return fmt.Sprintf("%v: status %d", e.kind, e.status)
	}
	return fmt.Sprintf("%v: status %d (%s)", e.kind, e.status, e.code)
}

func (e *statusError) Unwrap() error { return e.kind }

func isSchemaUnknown(err error) bool {
	var se *statusError
	return errors.As(err, &se) && se.schemaless
}

// isAnswered tells that the server did answer, though not with what we hoped for.
func isAnswered(err error) bool { return errors.Is(err, ErrInvalid) || errors.Is(err, ErrRefused) }

// explain turns an error of the library into one of ours. The server's message is left behind: it
// may quote the key or the visitor.
func (c *Client) explain(err error, h http.Header) error {
	var api *openai.APIError
	var raw *openai.RequestError
	var syntax *json.SyntaxError
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &api):
		e := statusOf(api.HTTPStatusCode, fmt.Sprint(api.Code), api.Message)
		e.pause = retryAfter(h, c.cfg.Now())
		e.code = c.safeCode(api.Code, api.Type)
		return e
	case errors.As(err, &raw):
		e := statusOf(raw.HTTPStatusCode, "", string(raw.Body))
		e.pause = retryAfter(h, c.cfg.Now())
		return e
	case Kind(err) != "other":
		return err // from our own transport
	case errors.As(err, &syntax), errors.As(err, &wrongType), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: the body is not a chat completion", ErrInvalid)
	}
	return fmt.Errorf("%w: the request cannot be made with this model or address", ErrRejected)
}

func statusOf(status int, code, message string) *statusError {
	e := &statusError{status: status}
	switch {
	case status == http.StatusTooManyRequests:
		e.kind = ErrRateLimited
	case status == http.StatusRequestTimeout:
		e.kind = ErrTimeout
	case status >= 500:
		e.kind = ErrServer
	case status < 400:
		e.kind = ErrConnection // a redirect without a target
	case code == "content_filter" || code == "content_policy_violation" || code == "invalid_prompt":
		e.kind = ErrRefused
	default:
		e.kind = ErrRejected
		e.schemaless = (status == http.StatusBadRequest || status == http.StatusUnprocessableEntity) && namesSchema(message)
	}
	return e
}

// namesSchema reports whether a complaint is about the response format. Servers word it freely;
// all of them name the field or the feature.
func namesSchema(message string) bool {
	m := strings.NewReplacer("_", " ", "-", " ").Replace(strings.ToLower(message))
	for _, w := range []string{"response format", "json schema", "structured output"} {
		if strings.Contains(m, w) {
			return true
		}
	}
	return false
}

var codeShape = regexp.MustCompile(`^[a-z][a-z0-9_]{1,39}$`)

// safeCode keeps an error code only if it looks like one and does not hold the key.
func (c *Client) safeCode(code any, typ string) string {
	for _, s := range []string{fmt.Sprint(code), typ} {
		leaks := c.cfg.APIKey != "" && strings.Contains(s, strings.ToLower(c.cfg.APIKey))
		if codeShape.MatchString(s) && !leaks {
			return s
		}
	}
	return ""
}

// retryAfter reads the pause that a server asks for (RFC 9110, 10.2.3: seconds or a date), at most
// a day; 0 if there is none.
func retryAfter(h http.Header, now time.Time) time.Duration {
	const most = 24 * time.Hour
	v := strings.TrimSpace(h.Get("Retry-After"))
	if at, err := http.ParseTime(v); err == nil {
		return min(max(at.Sub(now), 0), most)
	}
	n, err := strconv.ParseUint(v, 10, 32)
	if err != nil {
		return 0
	}
	return min(time.Duration(n)*time.Second, most)
}
