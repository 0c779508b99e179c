package webhooks_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// A burst is read in parts and sent in parts: what is in memory at a time doesn't
// grow with it.
func TestBurst(t *testing.T) {
	const events, most = 10_000, 48 << 20
	app := desktest.New(t)
	s, r := station(t, app), newReceiver(t, app)
	hook(t, s, app, r, desktest.Values{"events": []string{"case.follow_up_due"}})
	c := app.Case(nil)
	for range events / 500 {
		if err := app.Commit.Do(func(tx core.App) error {
			list := make([]desk.Event, 500)
			for i := range list {
				list[i] = desk.Event{Case: c.Id, Kind: "follow_up_due"}
			}
			return desk.Record(tx, list...)
		}); err != nil {
			t.Fatal(err)
		}
	}
	held := heap()
	if n, err := s.Read(t.Context()); err != nil || n != events {
		t.Fatal(n, err)
	}
	if grown := heap() - held; grown > most {
		t.Errorf("reading keeps %d MB", grown>>20)
	}
	const sent = 300 // the rest takes as long each
	if _, err := app.DB().NewQuery("DELETE FROM webhook_deliveries WHERE rowid > {:sent}").Bind(map[string]any{"sent": sent}).Execute(); err != nil {
		t.Fatal(err)
	}
	run(t, s)
	if n := len(r.letters()); n != sent {
		t.Errorf("%d of %d arrived", n, sent)
	}
}

// heap is what is in use, in bytes.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// The queries of every tick use an index.
func TestPlans(t *testing.T) {
	app := desktest.New(t)
	d := desk.Name(app, desk.WebhookDeliveries)
	for query, index := range map[string]string{
		"SELECT next_attempt FROM " + d + " WHERE webhook = 'x' AND status = 'queued' ORDER BY next_attempt, id LIMIT 1":                                "idx_pd_webhook_deliveries_next",
		"SELECT * FROM " + d + " WHERE webhook = 'x' AND status = 'queued' AND next_attempt <= '2026' ORDER BY next_attempt, id LIMIT 20":               "idx_pd_webhook_deliveries_next",
		"SELECT id FROM " + d + " d WHERE webhook = 'x' AND (created, id) < ('2026', 'x') ORDER BY created DESC, id DESC LIMIT 31":                      "idx_pd_webhook_deliveries_list",
		"SELECT id FROM " + d + " WHERE webhook = 'x' AND status = 'failed' AND created >= '2026' AND created < '2027' ORDER BY created, id LIMIT 1000": "idx_pd_webhook_deliveries_state",
		"SELECT id FROM " + d + " WHERE created < '2026' ORDER BY created, id LIMIT 500":                                                                "idx_pd_webhook_deliveries_created",
		"SELECT COUNT(*) FROM " + d + " WHERE webhook = 'x' AND msg = 'y'":                                                                              "idx_pd_webhook_deliveries_msg",
		"SELECT COUNT(*) FROM (SELECT 1 FROM " + d + " WHERE webhook = 'x' AND status = 'failed' LIMIT 1000)":                                           "idx_pd_webhook_deliveries_state",
	} {
		var plan []struct {
			Detail string `db:"detail"`
		}
		if err := app.DB().NewQuery("EXPLAIN QUERY PLAN " + query).All(&plan); err != nil {
			t.Fatal(err)
		}
		if text := fmt.Sprint(plan); !strings.Contains(text, index) || strings.Contains(text, "TEMP B-TREE") {
			t.Errorf("%s\n%s", query, text)
		}
	}
}
