package llm

import (
	"errors"
	"net/http"
	"testing"
	"time"
)

func TestGateWaitsForSlotOnlySoLong(t *testing.T) {
	g := newGate(Config{Concurrent: 1, Timeout: time.Millisecond}.withDefaults())
	held, err := g.enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.enter(t.Context()); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v", err)
	}
	g.leave(held, nil)
	if _, err := g.enter(t.Context()); err != nil {
		t.Errorf("the slot was not given back: %v", err)
	}
}

// TestBreakerForgetsOldCalls: calls that began before it opened neither close it nor keep it open.
func TestBreakerForgetsOldCalls(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	var b breaker
	for range breakerFailures {
		b.end(ticket{trial: b.start()}, failed, now)
	}
	until := b.until
	b.end(ticket{}, answered, now)
	b.end(ticket{}, failed, now.Add(time.Second))
	if b.until != until || b.closed(now) == nil {
		t.Errorf("an old call changed it: %+v", b)
	}
	now = now.Add(breakerRest)
	if err := b.closed(now); err != nil {
		t.Fatal(err)
	}
	trial := ticket{trial: b.start()}
	if !trial.trial || b.closed(now) == nil {
		t.Errorf("no single trial: %+v", b)
	}
	b.end(trial, answered, now)
	if err := b.closed(now); err != nil || b.failed != 0 {
		t.Errorf("not closed by the trial: %+v", b)
	}
}

func TestStatusOf(t *testing.T) {
	for _, tt := range []struct {
		status        int
		code, message string
		want          error
		schemaless    bool
	}{
		{400, "", "'response_format.type' : value is not one of ['text']", ErrRejected, true},
		{400, "", "This model does not support JSON-Schema", ErrRejected, true},
		{422, "", "Structured outputs are not available", ErrRejected, true},
		{400, "context_length_exceeded", "too long", ErrRejected, false},
		{401, "", "json_schema", ErrRejected, false},
		{400, "content_filter", "response_format", ErrRefused, false},
		{400, "invalid_prompt", "", ErrRefused, false},
		{404, "model_not_found", "", ErrRejected, false},
		{408, "", "", ErrTimeout, false},
		{429, "insufficient_quota", "", ErrRateLimited, false},
		{500, "", "json_schema", ErrServer, false},
		{529, "", "", ErrServer, false},
		{304, "", "", ErrConnection, false},
	} {
		e := statusOf(tt.status, tt.code, tt.message)
		if !errors.Is(e, tt.want) || e.schemaless != tt.schemaless {
			t.Errorf("%d %s %q: %v, schemaless %t", tt.status, tt.code, tt.message, e, e.schemaless)
		}
	}
	if d := retryAfter(http.Header{}, time.Now()); d != 0 {
		t.Errorf("no header: %v", d)
	}
}
