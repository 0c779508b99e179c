package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/webhook"
)

// TestKillWebhooks ends the real binary with kill -9 again and again while cases
// are opened and webhooks told of them. Whatever case was opened, each webhook is
// told of it, and always under the same id.
func TestKillWebhooks(t *testing.T) {
	rounds, perRound := 8, 30
	if testing.Short() {
		rounds, perRound = 3, 12
	}
	t.Setenv("POCKETDESK_WEBHOOK_PRIVATE", "1")
	d := newCrashDesk(t, rand.New(rand.NewPCG(20261122, 5)))
	d.start()
	d.useMailServer() // and signs in
	good, flaky := newCrashReceiver(t), newCrashReceiver(t)
	flaky.everySecondFails = true
	for name, r := range map[string]*crashReceiver{"good": good, "flaky": flaky} {
		var hook, made map[string]any
		d.call(http.MethodPost, "/api/collections/webhooks/records",
			map[string]any{"name": name, "url": r.URL, "enabled": true, "events": []string{"case.opened"}}, &hook)
		d.call(http.MethodPost, fmt.Sprintf("/api/desk/webhooks/%s/secret", hook["id"]), map[string]any{"now": true}, &made)
		r.mu.Lock()
		r.secret = fmt.Sprint(made["secret"])
		r.mu.Unlock()
	}
	for round := range rounds {
		for n := range 1 + d.rand.IntN(perRound) {
			d.call(http.MethodPost, "/api/collections/feedback/records",
				map[string]any{"name": "王小明", "email": fmt.Sprintf("v%d.%d@post%d.example", round, n, n), "message": fmt.Sprintf("請問訂單 %d-%d 什麼時候出貨？", round, n), "locale": "zh-TW"}, nil)
		}
		d.kill()
		d.start()
	}
	d.empty("webhook_deliveries", "status='queued'")
	cases := d.records("cases")
	for name, r := range map[string]*crashReceiver{"good": good, "flaky": flaky} {
		r.mu.Lock()
		for _, c := range cases {
			if n := len(r.ids[fmt.Sprint(c["id"])]); n != 1 {
				t.Errorf("%s was told of case %v under %d ids", name, c["number"], n)
			}
		}
		if len(r.ids) != len(cases) || r.unsigned > 0 {
			t.Errorf("%s was told of %d cases of %d; %d messages bore no signature of ours", name, len(r.ids), len(cases), r.unsigned)
		}
		t.Logf("%s: %d cases, %d messages", name, len(r.ids), r.taken)
		r.mu.Unlock()
	}
}

// crashReceiver counts by case under which ids it was told.
type crashReceiver struct {
	*httptest.Server
	everySecondFails bool

	mu       sync.Mutex
	secret   string
	tries    map[string]int
	ids      map[string]map[string]bool
	taken    int
	unsigned int
}

func newCrashReceiver(t *testing.T) *crashReceiver {
	r := &crashReceiver{ids: map[string]map[string]bool{}, tries: map[string]int{}}
	r.Server = httptest.NewServer(r)
	t.Cleanup(r.Close)
	return r
}

func (r *crashReceiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body)
	var told struct {
		Data struct {
			Case struct {
				ID string `json:"id"`
			} `json:"case"`
		} `json:"data"`
	}
	err := json.Unmarshal(body, &told)
	id := req.Header.Get(webhook.HeaderID)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil || webhook.Verify(req.Header, body, time.Now(), r.secret) != nil {
		r.unsigned++
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	r.tries[id]++
	if r.everySecondFails && r.tries[id] == 1 && len(r.tries)%2 == 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	of := r.ids[told.Data.Case.ID]
	if of == nil {
		of = map[string]bool{}
		r.ids[told.Data.Case.ID] = of
	}
	of[id] = true
	r.taken++
}
