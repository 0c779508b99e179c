package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// TestKill ends the real binary with kill -9 again and again while visitors
// write and mails are on their way. Whoever was told that a message arrived
// must find it stored; whoever was not sends it again with the same
// Idempotency-Key and must not be stored twice. An acknowledgement has one
// Message-ID, and arrives twice only when the server took it and could not say so.
func TestKill(t *testing.T) {
	rounds, perRound := 20, 40
	if testing.Short() {
		rounds, perRound = 4, 15
	}
	const seed = 20240229
	d := newCrashDesk(t, rand.New(rand.NewPCG(seed, 1)))
	for round := range rounds {
		d.start()
		if round == 0 {
			d.useMailServer()
		}
		d.round(round, perRound)
		if t.Failed() {
			return
		}
	}
	d.smtp.Always(mailtest.Fault{})
	d.start()
	d.sendAgain()
	d.emptyOutbox()
	d.compare()
}

// crashDesk is the binary, its data folder, the mail server and what the
// visitors know.
type crashDesk struct {
	t       *testing.T
	rand    *rand.Rand
	binary  string
	folder  string
	smtp    *mailtest.Server
	process *exec.Cmd
	output  *io.PipeWriter // of the process
	url     string
	token   string // of the superuser
	hung    int    // mails that the server took without an answer
	client  *http.Client

	mu       sync.Mutex
	all      []*visit
	answered chan struct{} // one for every answer, until the round ends
}

// visit is one visitor's message.
type visit struct {
	n       int
	receipt string // "" until it was answered
}

const (
	crashAdmin    = "admin@desk.example"
	crashPassword = "correct horse battery"
	crashVisitors = 6
)

func newCrashDesk(t *testing.T, r *rand.Rand) *crashDesk {
	t.Helper()
	dir := t.TempDir()
	binary := filepath.Join(dir, "pocketdesk")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	d := &crashDesk{t: t, rand: r, binary: binary, folder: t.TempDir(), smtp: mailtest.NewServer(t, mailtest.Script{}),
		client: &http.Client{Timeout: 20 * time.Second}}
	upsert := exec.Command(binary, "superuser", "upsert", crashAdmin, crashPassword)
	upsert.Dir = d.folder
	if out, err := upsert.CombinedOutput(); err != nil {
		t.Fatalf("superuser upsert: %v\n%s", err, out)
	}
	t.Cleanup(d.kill)
	return d
}

// start runs the binary until it says that it serves.
func (d *crashDesk) start() {
	d.t.Helper()
	d.kill()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		d.t.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	d.url = "http://" + addr
	d.client.CloseIdleConnections()
	process := exec.Command(d.binary, "serve", "--http="+addr)
	process.Dir = d.folder
	read, write := io.Pipe()
	process.Stdout, process.Stderr = write, write
	if err := process.Start(); err != nil {
		d.t.Fatal(err)
	}
	d.process, d.output = process, write
	said := &bytes.Buffer{}
	lines := bufio.NewScanner(read)
	for lines.Scan() {
		fmt.Fprintln(said, lines.Text())
		if strings.Contains(lines.Text(), "Server started") {
			go func() { _, _ = io.Copy(io.Discard, read) }()
			return
		}
	}
	d.t.Fatalf("the binary did not start:\n%s", said)
}

// kill is kill -9.
func (d *crashDesk) kill() {
	if d.process == nil {
		return
	}
	_ = d.process.Process.Kill()
	_ = d.process.Wait()
	d.output.Close()
	d.process = nil
}

// useMailServer signs in and enters the mail server in PocketBase's settings.
func (d *crashDesk) useMailServer() {
	d.t.Helper()
	var auth struct{ Token string }
	d.call(http.MethodPost, "/api/collections/_superusers/auth-with-password",
		map[string]any{"identity": crashAdmin, "password": crashPassword}, &auth)
	d.token = auth.Token
	d.call(http.MethodPatch, "/api/settings", map[string]any{
		"smtp": map[string]any{"enabled": true, "host": d.smtp.Host, "port": d.smtp.Port},
		"meta": map[string]any{"appName": "Shop", "appURL": "https://shop.example", "senderName": "Shop", "senderAddress": "desk@shop.example"},
	}, nil)
}

// call asks the API as superuser.
func (d *crashDesk) call(method, path string, body, into any) {
	d.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	r, err := http.NewRequest(method, d.url+path, bytes.NewReader(raw))
	if err != nil {
		d.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", d.token)
	resp, err := d.client.Do(r)
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode/100 != 2 {
		d.t.Fatalf("%s %s: %s %v %s", method, path, resp.Status, err, answer)
	}
	if into != nil {
		if err := json.Unmarshal(answer, into); err != nil {
			d.t.Fatal(err)
		}
	}
}

// round lets visitors write until the moment of the kill.
func (d *crashDesk) round(n, perRound int) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	begun := d.smtp.Begun()
	switch n % 4 {
	case 1: // the connection breaks after the mail was taken
		d.smtp.Next(1+d.rand.IntN(3), mailtest.Fault{Drop: mailtest.DropStored})
	case 2: // the mail is taken, and the kill comes before its answer
		d.smtp.Next(1, mailtest.Fault{Hang: mailtest.HangStored})
	}
	d.answered = make(chan struct{})
	over := make(chan struct{})
	var visitors sync.WaitGroup
	for i := range crashVisitors {
		visitors.Add(1)
		go func() {
			defer visitors.Done()
			d.visit(i, over)
		}()
	}
	for range 1 + d.rand.IntN(perRound) {
		select {
		case <-d.answered:
		case <-ctx.Done():
			d.t.Error("no answers for too long")
		}
	}
	switch n % 4 {
	case 2:
		d.hung++
		if err := d.smtp.WaitHung(ctx, d.hung); err != nil {
			d.t.Error(err)
		}
	case 1, 3: // somewhere among the mails
		if err := d.smtp.WaitBegun(ctx, begun+1+d.rand.IntN(5)); err != nil {
			d.t.Error(err)
		}
	}
	close(over) // visitors stop waiting to be counted; those on their way meet the kill
	d.kill()
	visitors.Wait()
}

// visit sends messages one after another until the server is gone, first those
// that this visitor had no answer to.
func (d *crashDesk) visit(visitor int, over chan struct{}) {
	for _, v := range d.unanswered(visitor) {
		if !d.send(v) {
			return
		}
	}
	for {
		if !d.send(d.next(visitor)) {
			return
		}
		select {
		case d.answered <- struct{}{}:
		case <-over:
		}
	}
}

func (d *crashDesk) next(visitor int) *visit {
	d.mu.Lock()
	defer d.mu.Unlock()
	v := &visit{n: len(d.all)*crashVisitors + visitor}
	d.all = append(d.all, v)
	return v
}

func (d *crashDesk) unanswered(visitor int) []*visit {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []*visit
	for _, v := range d.all {
		if v.receipt == "" && v.n%crashVisitors == visitor {
			out = append(out, v)
		}
	}
	return out
}

// send submits a message and tells whether it was answered. An answer other
// than success is a fault, a broken connection is not.
func (d *crashDesk) send(v *visit) bool {
	body := fmt.Sprintf(`{"name":"王小明","email":"%s","subject":"訂單 %d","message":"請問訂單 %d 什麼時候出貨？","order_no":"%s","locale":"zh-TW"}`,
		v.address(), v.n, v.n, v.order())
	r, err := http.NewRequest(http.MethodPost, d.url+"/api/collections/feedback/records", strings.NewReader(body))
	if err != nil {
		d.t.Error(err)
		return false
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", v.order())
	resp, err := d.client.Do(r)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return false
	}
	var saved struct{ Receipt string }
	if err := json.Unmarshal(raw, &saved); err != nil || resp.StatusCode != http.StatusOK || saved.Receipt == "" {
		d.t.Errorf("submission %d: %s %s", v.n, resp.Status, raw)
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	v.receipt = saved.Receipt
	return true
}

func (v *visit) order() string { return fmt.Sprintf("S-%d", v.n) }

// address is a new one for each message, at many domains: mail to one domain is capped.
func (v *visit) address() string { return fmt.Sprintf("visitor%d@mail%d.example", v.n, v.n%50) }

func (d *crashDesk) sendAgain() {
	for visitor := range crashVisitors {
		for _, v := range d.unanswered(visitor) {
			if !d.send(v) {
				d.t.Errorf("submission %d could not be sent again", v.n)
			}
		}
	}
}
