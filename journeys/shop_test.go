// Package journeys walks the product as people do: the built binary in an empty
// folder, a real mail server, and Chromium before it.
//
// Every day the main roads are walked, where there is a Chromium. With
// POCKETDESK_BROWSER=required all roads are, and a missing Chromium is a failure.
// POCKETDESK_SHOTS names a folder for pictures of the screens.
package journeys

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

const (
	superuser = "owner@example.com"
	password  = "correct horse battery"
)

var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "journeys")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "pocketdesk")
	code := 1
	if out, err := exec.Command("go", "build", "-o", binary, "..").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
	} else {
		code = m.Run()
	}
	os.RemoveAll(dir)
	os.Exit(code)
}

// shop is a running PocketDesk with a mail server and a superuser.
type shop struct {
	t     *testing.T
	url   string
	smtp  *mailtest.Server
	token string
}

func openShop(t *testing.T) *shop {
	t.Helper()
	dir := t.TempDir()
	run := func(args ...string) *exec.Cmd {
		cmd := exec.Command(binary, append(args, "--dev=false")...)
		cmd.Dir = dir
		return cmd
	}
	s := &shop{t: t, smtp: mailtest.NewServer(t, mailtest.Script{})}
	addr := freeAddress(t)
	s.url = "http://" + addr
	serve := run("serve", "--http", addr)
	var log bytes.Buffer
	serve.Stderr = &log
	stdout, err := serve.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := serve.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = serve.Process.Signal(os.Interrupt)
		_ = serve.Wait()
		if t.Failed() {
			t.Logf("server: %s", log.String())
		}
	})
	lines := bufio.NewReader(stdout)
	for { // the server says when it listens
		line, err := lines.ReadString('\n')
		if strings.Contains(line, "Server started") {
			break
		}
		if err != nil {
			t.Fatalf("the server did not start: %v\n%s", err, log.String())
		}
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	if out, err := run("superuser", "upsert", superuser, password).CombinedOutput(); err != nil {
		t.Fatalf("superuser: %v\n%s", err, out)
	}
	auth := s.call(http.MethodPost, "/api/collections/_superusers/auth-with-password", map[string]any{"identity": superuser, "password": password})
	s.token, _ = auth["token"].(string)
	s.call(http.MethodPatch, "/api/settings", map[string]any{
		"meta": map[string]any{"appName": "山嵐選物", "appURL": s.url, "senderName": "山嵐選物", "senderAddress": "desk@example.com"},
		"smtp": map[string]any{"enabled": true, "host": s.smtp.Host, "port": s.smtp.Port, "localName": "desk.example.com"},
	})
	s.call(http.MethodPatch, "/api/collections/desk_settings/records/desk_settings00", map[string]any{
		"shop_name": map[string]string{"zh-TW": "山嵐選物", "ja": "ヤマアラシ商店", "en": "Yamaarashi Goods"}, "reply_from": "desk@example.com",
	})
	return s
}

func freeAddress(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// call is one REST request as the superuser; anything but success fails the test.
func (s *shop) call(method, path string, body any) map[string]any {
	s.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	req, err := http.NewRequest(method, s.url+path, bytes.NewReader(raw))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if s.token != "" {
		req.Header.Set("Authorization", s.token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode >= 300 {
		s.t.Fatalf("%s %s: %d %s %v", method, path, res.StatusCode, answer, err)
	}
	var m map[string]any
	if len(answer) > 0 {
		if err := json.Unmarshal(answer, &m); err != nil {
			s.t.Fatalf("%s %s: %s", method, path, answer)
		}
	}
	return m
}

// mailsTo waits until n mails for somebody were taken. PocketBase writes to
// superusers too, when they sign in.
func (s *shop) mailsTo(addr string, n int) []mailtest.Mail {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for total := 0; ; total++ {
		all, err := s.smtp.Wait(ctx, total)
		if err != nil {
			s.t.Fatalf("waiting for mail %d to %s: %v", n, addr, err)
		}
		var to []mailtest.Mail
		for _, m := range all {
			if slices.Contains(m.To, addr) {
				to = append(to, m)
			}
		}
		if len(to) >= n {
			return to
		}
	}
}

// byway skips what is walked only where all journeys are asked for.
func byway(t *testing.T) {
	t.Helper()
	if os.Getenv("POCKETDESK_BROWSER") != "required" {
		t.Skip("POCKETDESK_BROWSER=required walks this one too")
	}
}

// How long a condition, a step and a browser may take on a busy machine before it
// is taken to hang.
const (
	hangsPoll    = time.Minute
	hangsStep    = 90 * time.Second
	hangsBrowser = 10 * time.Minute
)

// browser opens an empty Chromium in one language.
func browser(t *testing.T, language string, width, height int) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	if path == "" {
		if os.Getenv("POCKETDESK_BROWSER") == "required" {
			t.Fatal("no Chromium was found, and POCKETDESK_BROWSER=required asks for it")
		}
		t.Skip("no Chromium was found")
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WindowSize(width, height),
		chromedp.Flag("accept-lang", language), chromedp.Flag("lang", language),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
	}
	ctx, cancel := chromedp.NewContext(context.Background(), chromedp.WithAllocatorOptions(options...))
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel = context.WithTimeout(ctx, hangsBrowser)
	t.Cleanup(cancel)
	return ctx
}

func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	for i, step := range steps {
		if err := within(ctx, step); err != nil {
			shot(t, ctx, "failed-"+t.Name())
			t.Fatalf("step %d: %v", i+1, err)
		}
	}
}

func within(ctx context.Context, step chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(ctx, hangsStep)
	defer cancel()
	return chromedp.Do(ctx, step)
}

// get reads something off the page.
func get(t *testing.T, ctx context.Context, from chromedp.Action[string]) string {
	t.Helper()
	v, err := chromedp.Run(ctx, from)
	if err != nil {
		shot(t, ctx, "failed-"+t.Name())
		t.Fatal(err)
	}
	return v
}

// until waits for a condition on the page.
func until(condition string) chromedp.Action[chromedp.Void] {
	return chromedp.Poll[chromedp.Void](condition, chromedp.WithPollingTimeout(hangsPoll))
}

// press is a key as a keyboard sends it: the letter that comes with it is left out
// where the page takes the key for itself.
func press(key string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, target *chromedp.Target) (chromedp.Void, error) {
		for _, p := range []input.DispatchKeyEventParams{{Type: input.DispatchKeyEventTypeKeyDown, Key: key, Text: key}, {Type: input.DispatchKeyEventTypeKeyUp, Key: key}} {
			if _, err := cdp.Call(ctx, target, input.DispatchKeyEvent, p); err != nil {
				return chromedp.Void{}, err
			}
		}
		return chromedp.Void{}, nil
	}
}

// shot keeps a picture of the screen where somebody asked for it.
func shot(t *testing.T, ctx context.Context, name string) {
	dir := os.Getenv("POCKETDESK_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Logf("picture %s: %v", name, err)
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o644); err != nil {
		t.Log(err)
	}
}
