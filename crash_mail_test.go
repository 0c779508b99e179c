package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestKillMail ends the real binary with kill -9 again and again while mail comes
// in. What was answered with success is there, what was not is brought again,
// as mail servers do; at the end each mail made one case, or stands on its case
// once and in its place.
func TestKillMail(t *testing.T) {
	rounds, perRound := 10, 60
	if testing.Short() {
		rounds, perRound = 3, 20
	}
	t.Setenv("POCKETDESK_INBOUND_SECRET", crashPassword)
	d := newCrashDesk(t, rand.New(rand.NewPCG(20261116, 3)))
	d.start()
	d.useMailServer()
	post := d.correspondents()
	for range rounds {
		d.mailRound(post, 1+d.rand.IntN(perRound))
		d.start()
		if t.Failed() {
			return
		}
	}
	for _, p := range post {
		for !p.taken {
			d.bring(p)
		}
	}
	d.empty("inbound_mails", "status='received'")
	d.emptyOutbox()
	d.compareMail(post)
}

// correspondent sends mails, one after the other: every third is a new matter, the
// others answer on his case.
type correspondent struct {
	n      int
	caseID string
	token  string
	sent   int  // mails begun
	taken  bool // the last of them
}

func (c *correspondent) raw() string {
	to, subject := "desk+c-"+c.token+"@desk.example", "Re: 訂單"
	if c.sent%3 == 0 {
		to, subject = "desk@desk.example", fmt.Sprintf("Matter %d of %d", c.sent, c.n)
	}
	return fmt.Sprintf("Return-Path: <%[1]s>\r\nFrom: %[1]s\r\nTo: %[2]s\r\nSubject: %[3]s\r\nMessage-ID: <%[4]d.%[5]d@mail.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nWord %[4]d of number %[5]d.\r\n",
		c.address(), to, subject, c.sent, c.n)
}

func (c *correspondent) address() string { return fmt.Sprintf("mailer%d@post%d.example", c.n, c.n) }

// correspondents have a case each.
func (d *crashDesk) correspondents() []*correspondent {
	d.t.Helper()
	var out []*correspondent
	for n := range crashVisitors {
		c := &correspondent{n: n, taken: true}
		d.call(http.MethodPost, "/api/collections/feedback/records",
			map[string]any{"name": "王小明", "email": c.address(), "subject": "訂單", "message": fmt.Sprintf("請問訂單 %d 什麼時候出貨？", n), "locale": "zh-TW"}, nil)
		out = append(out, c)
	}
	contacts := map[string]string{}
	for _, i := range d.records("identities") {
		contacts[fmt.Sprint(i["value"])] = fmt.Sprint(i["contact"])
	}
	for _, r := range d.records("cases") {
		for _, c := range out {
			if r["contact"] == contacts[c.address()] {
				c.caseID, c.token = fmt.Sprint(r["id"]), fmt.Sprint(r["mail_token"])
			}
		}
	}
	return out
}

// bring hands the present mail in and tells whether it was answered.
func (d *crashDesk) bring(c *correspondent) bool {
	r, err := http.NewRequest(http.MethodPost, d.url+"/api/desk/inbound/email", strings.NewReader(c.raw()))
	if err != nil {
		d.t.Error(err)
		return false
	}
	r.Header.Set("Authorization", "Bearer "+crashPassword)
	resp, err := d.client.Do(r)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return false
	}
	if resp.StatusCode != http.StatusAccepted && resp.StatusCode != http.StatusOK {
		d.t.Errorf("mail %d of %d: %s %s", c.sent, c.n, resp.Status, answer)
		return false
	}
	c.taken = true
	return true
}

// mailRound lets mail come until so many were taken, and kills the binary.
func (d *crashDesk) mailRound(post []*correspondent, n int) {
	taken := make(chan struct{})
	over := make(chan struct{})
	var all sync.WaitGroup
	for _, c := range post {
		all.Go(func() {
			for {
				if c.taken {
					c.sent, c.taken = c.sent+1, false
				}
				if !d.bring(c) {
					return
				}
				select {
				case taken <- struct{}{}:
				case <-over:
				}
			}
		})
	}
	late := time.After(time.Minute)
	for range n {
		select {
		case <-taken:
		case <-late:
			d.t.Error("no answers for too long")
		}
	}
	close(over)
	d.kill()
	all.Wait()
}

// empty returns when no record of a collection is left that meets a filter.
func (d *crashDesk) empty(collection, filter string) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	for {
		var page struct{ TotalItems int }
		d.call(http.MethodGet, "/api/collections/"+collection+"/records?perPage=1&filter="+url.QueryEscape(filter), nil, &page)
		if page.TotalItems == 0 {
			return
		}
		if ctx.Err() != nil {
			d.t.Fatalf("%d of %s are left with %s", page.TotalItems, collection, filter)
		}
		runtime.Gosched()
	}
}

// compareMail holds what is stored against what was sent.
func (d *crashDesk) compareMail(post []*correspondent) {
	d.t.Helper()
	mails, feedback, words := map[string]int{}, map[string]int{}, map[string][]string{}
	for _, m := range d.records("inbound_mails") {
		mails[fmt.Sprint(m["message_id"])]++
		if m["status"] != "done" || m["raw"] == "" {
			d.t.Errorf("mail %v is %v, %v: %v", m["message_id"], m["status"], m["outcome"], m["error"])
		}
	}
	for _, f := range d.records("feedback") {
		feedback[fmt.Sprint(f["subject"])]++
	}
	written := map[string]string{} // when a word was put on its case
	for _, m := range d.records("messages") {
		if m["direction"] == "in" && m["channel"] == "email" {
			id, word := fmt.Sprint(m["case"]), fmt.Sprint(m["body"])
			words[id] = append(words[id], word)
			written[word] = fmt.Sprint(m["created"])
		}
	}
	for _, said := range words {
		slices.SortFunc(said, func(a, b string) int {
			var i, j int
			_, _ = fmt.Sscanf(a, "Word %d", &i) // the number is all that differs
			_, _ = fmt.Sscanf(b, "Word %d", &j)
			return i - j
		})
		if !slices.IsSortedFunc(said, func(a, b string) int { return strings.Compare(written[a], written[b]) }) {
			d.t.Errorf("in another order than they came: %q", said)
		}
	}
	total := 0
	for _, c := range post {
		var want []string
		for i := 1; i <= c.sent; i++ {
			total++
			if n := mails[fmt.Sprintf("<%d.%d@mail.example>", i, c.n)]; n != 1 {
				d.t.Errorf("mail %d of %d is there %d times", i, c.n, n)
			}
			if i%3 != 0 {
				want = append(want, fmt.Sprintf("Word %d of number %d.", i, c.n))
			} else if n := feedback[fmt.Sprintf("Matter %d of %d", i, c.n)]; n != 1 {
				d.t.Errorf("matter %d of %d made %d submissions", i, c.n, n)
			}
		}
		if got := words[c.caseID]; !slices.Equal(got, want) {
			d.t.Errorf("on the case of %d stand %q, want %q", c.n, got, want)
		}
	}
	if len(mails) != total {
		d.t.Errorf("%d mails are stored, %d were sent", len(mails), total)
	}
	d.t.Logf("%d mails", total)
}
