package orderlookup

import (
	"context"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
)

// send asks the shop's system once and gives the answer with its size in bytes.
func (c *Client) send(ctx context.Context, query string) (Answer, int, *Error) {
	ctx, cancel := context.WithTimeout(ctx, c.c.Timeout)
	defer cancel()
	req, err := c.request(ctx, query)
	if err != nil {
		return Answer{}, 0, &Error{Kind: Refused}
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return Answer{}, 0, c.fault(err)
	}
	defer resp.Body.Close()
	isJSON := saysJSON(resp.Header)
	if resp.StatusCode != http.StatusOK && (resp.StatusCode != http.StatusNotFound || !isJSON) {
		return Answer{}, 0, &Error{Kind: Status, Status: resp.StatusCode}
	}
	if !isJSON {
		return Answer{}, 0, &Error{Kind: NotJSON}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, MaxBytes+1))
	if err != nil {
		return Answer{}, 0, c.fault(err)
	}
	if len(body) > MaxBytes {
		return Answer{}, 0, &Error{Kind: TooLarge}
	}
	if resp.StatusCode == http.StatusNotFound { // "there is no such order", whatever words go with it
		return nothing(), 0, nil
	}
	answer, err := Read(body)
	if err != nil {
		return Answer{}, 0, &Error{Kind: NotJSON}
	}
	return answer, len(body), nil
}

// fault names what went wrong, without the address that Go's errors repeat.
func (c *Client) fault(err error) *Error {
	var network net.Error
	switch {
	case c.c.Forbidden != nil && errors.Is(err, c.c.Forbidden):
		return &Error{Kind: Blocked}
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return &Error{Kind: Timeout}
	}
	return &Error{Kind: Refused}
}

// saysJSON tells whether an answer is said to be JSON (RFC 8259, and +json of RFC 6839).
func saysJSON(h http.Header) bool {
	kind, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && (kind == "application/json" || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json"))
}
