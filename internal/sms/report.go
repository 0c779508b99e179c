package sms

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"strings"
)

// States of a message that a gateway reports.
const (
	Delivered = "delivered"
	Undone    = "failed"
	Underway  = "underway"
)

// ErrReport says that a report can't be read.
var ErrReport = errors.New("sms: this is no delivery report")

// Report says how to read a delivery report: in which fields (of the query, the
// form or the JSON body) id and status stand, and what the status means.
// Patterns must match the whole status, in any case of letters.
type Report struct {
	ID        string // name of the field
	Status    string // name of the field
	Delivered string // pattern, such as delivered|0
	Failed    string // pattern, such as failed|undelivered
}

// Check tells whether the patterns can be used.
func (r Report) Check() error {
	for name, pattern := range map[string]string{"delivered": r.Delivered, "failed": r.Failed} {
		if len(pattern) > maxPattern {
			return fmt.Errorf("%s: longer than %d characters", name, maxPattern)
		}
		if _, err := regexp.Compile(whole(pattern)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func whole(pattern string) string { return `(?i)^(?:` + pattern + `)$` }

// Read reads a report that a gateway sends, at most 64 KB of it. state is one of
// Delivered, Undone and Underway; status is the gateway's own word.
func (r Report) Read(req *http.Request) (id, state, status string, err error) {
	fields, err := fieldsOf(req)
	if err != nil {
		return "", "", "", err
	}
	id, status = clip(fields[r.ID], 200), clip(fields[r.Status], 200)
	if id == "" || status == "" {
		return "", "", "", fmt.Errorf("%w: the fields %q and %q are not both in it", ErrReport, r.ID, r.Status)
	}
	state = Underway
	switch {
	case matches(r.Delivered, status):
		state = Delivered
	case matches(r.Failed, status):
		state = Undone
	}
	return id, state, status, nil
}

func matches(pattern, status string) bool {
	if pattern == "" || len(pattern) > maxPattern {
		return false
	}
	re, err := regexp.Compile(whole(pattern))
	return err == nil && re.MatchString(status)
}

// fieldsOf are the fields of query and body, those of the body first.
func fieldsOf(req *http.Request) (map[string]string, error) {
	fields := map[string]string{}
	for name, values := range req.URL.Query() {
		fields[name] = strings.TrimSpace(values[0])
	}
	if req.Body == nil {
		return fields, nil
	}
	req.Body = http.MaxBytesReader(nil, req.Body, maxAnswer)
	kind, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if kind != "application/json" {
		if err := req.ParseForm(); err != nil {
			return nil, fmt.Errorf("%w: the form can't be read", ErrReport)
		}
		for name, values := range req.PostForm {
			fields[name] = strings.TrimSpace(values[0])
		}
		return fields, nil
	}
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, fmt.Errorf("%w: the body is too long or broke off", ErrReport)
	}
	var object map[string]any
	if err := json.Unmarshal(body, &object); err != nil {
		return nil, fmt.Errorf("%w: the JSON can't be read", ErrReport)
	}
	for name, value := range object {
		switch value.(type) {
		case string, float64, bool:
			fields[name] = strings.TrimSpace(fmt.Sprint(value))
		}
	}
	return fields, nil
}
