package llm_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/llm"
	"github.com/pocketdesk/pocketdesk/internal/llm/llmtest"
)

func classify(t *testing.T, c *llm.Client, want error) {
	t.Helper()
	if _, err := c.Classify(t.Context(), shop); !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
}

func requests(t *testing.T, srv *llmtest.Server, want int) {
	t.Helper()
	if got := len(srv.Requests()); got != want {
		t.Fatalf("%d requests, want %d", got, want)
	}
}

func TestConcurrent(t *testing.T) {
	srv, c := setup(t, func(cfg *llm.Config) { cfg.Concurrent = 2 })
	srv.Script(llmtest.Hang)
	done := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := c.Classify(t.Context(), shop)
			done <- err
		}()
		<-srv.Arrived()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := c.Classify(ctx, shop); !errors.Is(err, llm.ErrBusy) || llm.Kind(err) != "busy" {
		t.Errorf("got %v", err)
	}
	requests(t, srv, 2)
	srv.Release()
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	srv.Script(llmtest.Good)
	classify(t, c, nil)
}

func TestBusyWhenContextEnds(t *testing.T) {
	srv, c := setup(t, func(cfg *llm.Config) { cfg.Concurrent = 1 })
	srv.Script(llmtest.Hang, llmtest.Good)
	first := make(chan error, 1)
	go func() {
		_, err := c.Classify(t.Context(), shop)
		first <- err
	}()
	<-srv.Arrived()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.Classify(ended, shop); !errors.Is(err, llm.ErrBusy) {
		t.Errorf("with an ended context: %v", err)
	}
	srv.Release()
	if err := <-first; err != nil {
		t.Error(err)
	}
	classify(t, c, nil) // the slot was given back
}

func TestBudget(t *testing.T) {
	clk := newClock() // 12:00 UTC is 20:00 in Taipei
	srv, c := setup(t, func(cfg *llm.Config) {
		cfg.DailyBudget, cfg.Now = 2, clk.Now
		cfg.Location = time.FixedZone("Taipei", 8*3600)
	})
	classify(t, c, nil)
	srv.Script(llmtest.BadJSON)
	classify(t, c, llm.ErrInvalid) // an answer of no use was paid for all the same
	classify(t, c, llm.ErrBudget)
	requests(t, srv, 2)
	clk.Add(4*time.Hour - time.Second)
	classify(t, c, llm.ErrBudget)
	clk.Add(time.Second) // midnight in Taipei
	srv.Script(llmtest.Good)
	classify(t, c, nil)
	if s := c.Status(); s.Used != 1 || s.Budget != 2 || !s.On || s.Model != "small" {
		t.Errorf("status %+v", s)
	}
}

func TestBudgetEndsHalfWay(t *testing.T) {
	srv, c := setup(t, func(cfg *llm.Config) { cfg.DailyBudget = 1 })
	srv.Script(llmtest.NoSchema)
	classify(t, c, llm.ErrBudget)
	requests(t, srv, 1)
}

func TestNoBudget(t *testing.T) {
	_, c := setup(t, func(cfg *llm.Config) { cfg.DailyBudget = -1 })
	classify(t, c, nil)
}

func TestBreaker(t *testing.T) {
	clk := newClock()
	srv, c := setup(t, func(cfg *llm.Config) { cfg.Now = clk.Now })
	srv.Script(llmtest.Error500)
	for range 5 {
		classify(t, c, llm.ErrServer)
	}
	classify(t, c, llm.ErrOpen)
	requests(t, srv, 5)
	if s := c.Status(); s.Failed != 5 || !s.Until.Equal(clk.Now().Add(time.Minute)) {
		t.Errorf("status %+v", s)
	}
	clk.Add(59 * time.Second)
	classify(t, c, llm.ErrOpen)
	clk.Add(time.Second)
	classify(t, c, llm.ErrServer) // the trial
	classify(t, c, llm.ErrOpen)   // for another minute
	requests(t, srv, 6)
	clk.Add(time.Minute)
	srv.Script(llmtest.Good)
	classify(t, c, nil)
	srv.Script(llmtest.Error500)
	for range 5 { // it counts from zero again
		classify(t, c, llm.ErrServer)
	}
	classify(t, c, llm.ErrOpen)
}

func TestBreakerOneTrial(t *testing.T) {
	clk := newClock()
	srv, c := setup(t, func(cfg *llm.Config) { cfg.Now = clk.Now })
	srv.Script(llmtest.Error500)
	for range 5 {
		classify(t, c, llm.ErrServer)
		<-srv.Arrived()
	}
	clk.Add(time.Minute)
	srv.Script(llmtest.Hang)
	ctx, cancel := context.WithCancel(t.Context())
	trial := make(chan error, 1)
	go func() {
		_, err := c.Classify(ctx, shop)
		trial <- err
	}()
	<-srv.Arrived()
	classify(t, c, llm.ErrOpen) // a slot is free, yet only one may try
	cancel()
	if err := <-trial; llm.Kind(err) != "canceled" {
		t.Fatalf("got %v", err)
	}
	srv.Script(llmtest.Good)
	classify(t, c, nil) // a trial given up makes room for the next
}

func TestBreakerCountsOnlyTrouble(t *testing.T) {
	srv, c := setup(t, nil)
	srv.Script(llmtest.Refusal, llmtest.BadJSON)
	classify(t, c, llm.ErrRefused)
	for range 6 {
		classify(t, c, llm.ErrInvalid)
	}
	srv.Script(llmtest.Error500, llmtest.Cut, llmtest.Error500, llmtest.Cut, llmtest.Good, llmtest.Error500)
	for _, want := range []error{llm.ErrServer, llm.ErrConnection, llm.ErrServer, llm.ErrConnection, nil, llm.ErrServer} {
		classify(t, c, want) // never five in a row
	}
	srv.Script(llmtest.Good)
	classify(t, c, nil)
}

func TestRateLimit(t *testing.T) {
	for name, tt := range map[string]struct {
		header string
		pause  time.Duration
	}{
		"seconds": {"90", 90 * time.Second},
		"date":    {"Fri, 20 Nov 2026 12:02:00 GMT", 2 * time.Minute},
		"longest": {"4000000000", 24 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			clk := newClock()
			srv, c := setup(t, func(cfg *llm.Config) { cfg.Now = clk.Now })
			srv.SetRetryAfter(tt.header)
			srv.Script(llmtest.RateLimit, llmtest.Good)
			classify(t, c, llm.ErrRateLimited)
			clk.Add(tt.pause - time.Second)
			classify(t, c, llm.ErrRateLimited)
			requests(t, srv, 1)
			clk.Add(time.Second)
			classify(t, c, nil)
		})
	}
	for _, none := range []string{"", "soon", "-5", "Fri, 20 Nov 2020 12:02:00 GMT"} {
		clk := newClock()
		srv, c := setup(t, func(cfg *llm.Config) { cfg.Now = clk.Now })
		srv.SetRetryAfter(none)
		srv.Script(llmtest.RateLimit, llmtest.Good)
		classify(t, c, llm.ErrRateLimited)
		classify(t, c, nil)
	}
}
