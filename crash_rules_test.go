package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// TestKillRules ends the real binary with kill -9 again and again while visitors
// write and rules, one of which follows from the other, work on their cases. At
// the end each did on each case what it says, once.
func TestKillRules(t *testing.T) {
	rounds, perRound := 12, 25
	if testing.Short() {
		rounds, perRound = 3, 10
	}
	d := newCrashDesk(t, rand.New(rand.NewPCG(20261116, 5)))
	d.start()
	d.useMailServer()
	d.writeRules()
	for range rounds {
		d.rulesRound(1 + d.rand.IntN(perRound))
		d.start()
		if t.Failed() {
			return
		}
	}
	d.smtp.Always(mailtest.Fault{})
	d.sendAgain()
	d.empty("cases", `tags = null || tags !~ '"second"'`)
	d.compareRules()
}

func (d *crashDesk) writeRules() {
	d.t.Helper()
	d.call(http.MethodPost, "/api/collections/templates/records", map[string]any{
		"key": "thanks", "locale": "zh-TW", "kind": "reply", "subject": "收到了", "body": "謝謝您。", "enabled": true}, nil)
	for i, rule := range []map[string]any{
		{"filter": `text ~ "訂單"`, "actions": []map[string]any{
			{"do": "add_tags", "value": []string{"first"}}, {"do": "note", "value": map[string]string{"body": "first"}}}},
		{"filter": `tags ~ '"first"'`, "actions": []map[string]any{
			{"do": "answer", "value": map[string]string{"template": "thanks"}}, {"do": "note", "value": map[string]string{"body": "second"}}, {"do": "add_tags", "value": []string{"second"}}}},
	} {
		rule["name"], rule["event"], rule["enabled"], rule["position"] = fmt.Sprint("Rule ", i), "case_opened", true, 1000+i
		d.call(http.MethodPost, "/api/collections/rules/records", rule, nil)
	}
}

// rulesRound lets visitors write until so many were answered, and kills the binary
// somewhere among what the rules make of it.
func (d *crashDesk) rulesRound(n int) {
	d.answered = make(chan struct{})
	over := make(chan struct{})
	var visitors sync.WaitGroup
	for i := range crashVisitors {
		visitors.Go(func() { d.visit(i, over) })
	}
	late := time.After(time.Minute)
	for range n {
		select {
		case <-d.answered:
		case <-late:
			d.t.Error("no answers for too long")
		}
	}
	close(over)
	d.kill()
	visitors.Wait()
}

func (d *crashDesk) compareRules() {
	d.t.Helper()
	said, runs, events := map[string][]string{}, map[string]int{}, map[string]int{}
	for _, m := range d.records("messages") {
		id := fmt.Sprint(m["case"])
		switch {
		case m["direction"] == "note":
			said[id] = append(said[id], fmt.Sprint(m["body"]))
		case m["template"] == "thanks":
			said[id] = append(said[id], "thanks")
		}
	}
	for _, r := range d.records("rule_runs") {
		runs[fmt.Sprint(r["case"])]++
	}
	for _, ev := range d.records("case_events") {
		if ev["kind"] == "rule" {
			events[fmt.Sprint(ev["case"])]++
		}
	}
	cases := d.records("cases")
	for _, c := range cases {
		id := fmt.Sprint(c["id"])
		if got := said[id]; len(got) != 3 || !slices.Contains(got, "first") || !slices.Contains(got, "second") || !slices.Contains(got, "thanks") {
			d.t.Errorf("case %v: %q", c["number"], got)
		}
		if runs[id] != 2 || events[id] != 2 || fmt.Sprint(c["tags"]) != "[first second]" {
			d.t.Errorf("case %v: %d runs, %d lines, tags %v", c["number"], runs[id], events[id], c["tags"])
		}
	}
	d.t.Logf("%d cases", len(cases))
}
