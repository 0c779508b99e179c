package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	netmail "net/mail"
	"net/url"
	"runtime"
	"time"
)

// emptyOutbox returns when nothing waits to be sent any more.
func (d *crashDesk) emptyOutbox() {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	filter := "status='queued'||status='sending'||status='held'||(status='unknown'&&next_attempt!='')"
	for {
		var page struct{ TotalItems int }
		d.call(http.MethodGet, "/api/collections/outbox/records?perPage=1&filter="+url.QueryEscape(filter), nil, &page)
		if page.TotalItems == 0 {
			return
		}
		if ctx.Err() != nil {
			d.t.Fatalf("%d mails still wait", page.TotalItems)
		}
		runtime.Gosched()
	}
}

// records reads a whole collection.
func (d *crashDesk) records(collection string) []map[string]any {
	var all []map[string]any
	for page := 1; ; page++ {
		var got struct{ Items []map[string]any }
		d.call(http.MethodGet, fmt.Sprintf("/api/collections/%s/records?perPage=500&sort=id&page=%d", collection, page), nil, &got)
		all = append(all, got.Items...)
		if len(got.Items) < 500 {
			return all
		}
	}
}

// compare holds what is stored and sent against what visitors were told.
func (d *crashDesk) compare() {
	d.t.Helper()
	stored, feedback := map[string][]string{}, map[string]string{}
	for _, f := range d.records("feedback") {
		order := fmt.Sprint(f["order_no"])
		stored[order] = append(stored[order], fmt.Sprint(f["receipt"]))
		feedback[fmt.Sprint(f["id"])] = order
	}
	cases := map[string]int{}
	for _, c := range d.records("cases") {
		cases[feedback[fmt.Sprint(c["feedback"])]]++
	}
	unknown := map[string]bool{} // given up after the second doubt, left to staff
	deliveries := map[string]int{}
	for _, o := range d.records("outbox") {
		to := fmt.Sprint(o["recipient"])
		deliveries[to]++
		unknown[to] = o["status"] == "unknown"
	}
	ids, copies := d.sent()
	twice := 0
	for _, v := range d.all {
		if got := stored[v.order()]; len(got) != 1 || got[0] != v.receipt {
			d.t.Errorf("submission %d was answered with %q, stored are %q", v.n, v.receipt, got)
		}
		if cases[v.order()] != 1 || deliveries[v.address()] != 1 {
			d.t.Errorf("submission %d has %d cases and %d deliveries, want one each", v.n, cases[v.order()], deliveries[v.address()])
		}
		if n := len(ids[v.address()]); n > 1 || n == 0 && !unknown[v.address()] {
			d.t.Errorf("acknowledgement of submission %d has %d Message-IDs", v.n, n)
		}
		if copies[v.address()] > 2 {
			d.t.Errorf("acknowledgement of submission %d arrived %d times", v.n, copies[v.address()])
		}
		if copies[v.address()] == 2 {
			twice++
		}
	}
	if len(stored) != len(d.all) {
		d.t.Errorf("%d messages are stored, %d were sent", len(stored), len(d.all))
	}
	if d.hung > 0 && twice == 0 {
		d.t.Error("no mail arrived twice, though the server took some without an answer: the test tests nothing")
	}
	d.t.Logf("%d submissions, %d acknowledgements, of which %d twice", len(d.all), len(copies), twice)
}

// sent gathers what the mail server took, by recipient.
func (d *crashDesk) sent() (ids map[string]map[string]bool, copies map[string]int) {
	ids, copies = map[string]map[string]bool{}, map[string]int{}
	for _, m := range d.smtp.Mails() {
		parsed, err := netmail.ReadMessage(bytes.NewReader(m.Raw))
		if err != nil {
			d.t.Fatal(err)
		}
		to := m.To[0]
		if ids[to] == nil {
			ids[to] = map[string]bool{}
		}
		ids[to][parsed.Header.Get("Message-ID")] = true
		copies[to]++
	}
	return ids, copies
}
