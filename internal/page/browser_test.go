package page

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// shop is a server with the form, whose answers to the script are set by the test.
type shop struct {
	*httptest.Server
	mu     sync.Mutex
	answer func(w http.ResponseWriter, body url.Values)
	posts  []url.Values // bodies, with the header Idempotency-Key as "key"
	plain  []url.Values // what came without script
}

func newShop(t *testing.T, change func(*FormView)) *shop {
	r, s := newRenderer(t), &shop{}
	mux := http.NewServeMux()
	mux.Handle("/support/assets/", r.Assets())
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, q *http.Request) {
		v := formView("en")
		v.Action = "/plain"
		change(&v)
		if err := r.Form(w, v); err != nil {
			t.Error(err)
		}
	})
	read := func(q *http.Request) url.Values {
		if err := q.ParseMultipartForm(1 << 20); err != nil {
			t.Error(err)
			return nil
		}
		for name, files := range q.MultipartForm.File {
			for _, file := range files {
				q.Form.Add(name, file.Filename)
			}
		}
		q.Form.Set("key", q.Header.Get("Idempotency-Key"))
		return q.Form
	}
	mux.HandleFunc("POST /plain", func(w http.ResponseWriter, q *http.Request) {
		body := read(q)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.plain = append(s.plain, body)
		if err := r.Success(w, SuccessView{Locale: "en", Base: "/support", Receipt: "PLAIN"}); err != nil {
			t.Error(err)
		}
	})
	mux.HandleFunc("POST /api/collections/feedback/records", func(w http.ResponseWriter, q *http.Request) {
		body := read(q)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.posts = append(s.posts, body)
		s.answer(w, body)
	})
	mux.HandleFunc("GET /api/desk/forms/contact", func(w http.ResponseWriter, q *http.Request) {
		fmt.Fprint(w, `{"form_token":"fresh","pow":{"salt":"fresh salt","bits":9,"signature":"fresh signature"}}`)
	})
	s.Server = httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

func (s *shop) answers(status int, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = func(w http.ResponseWriter, _ url.Values) {
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

func (s *shop) last() (url.Values, int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.posts) == 0 {
		return nil, 0
	}
	return s.posts[len(s.posts)-1], len(s.posts)
}

type browser struct {
	*testing.T
	ctx context.Context
}

// newBrowser starts a headless Chromium; without one on this machine the test is skipped.
func newBrowser(t *testing.T) browser {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "headless-shell"} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		ctx, cancel := chromedp.NewContext(t.Context(), chromedp.WithAllocatorOptions(chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU))
		t.Cleanup(cancel)
		if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
			t.Fatal(err)
		}
		return browser{t, ctx}
	}
	if os.Getenv("POCKETDESK_BROWSER") == "required" {
		t.Fatal("no Chromium was found, and POCKETDESK_BROWSER=required asks for it")
	}
	t.Skip("no Chromium was found")
	return browser{}
}

func (b browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

// open waits until the script has taken the form over.
func (b browser) open(url string) {
	b.Helper()
	b.do(chromedp.Navigate(url))
	b.until(`document.getElementById("count").textContent`)
}

// until asks again and again: the page may be between two documents, or run no script of its own.
func (b browser) until(condition string) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 10*time.Second)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		if ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!("+condition+")")); ok && err == nil {
			return
		}
		select {
		case <-ctx.Done():
			b.Fatalf("never true: %s\n%s", condition, b.get(`document.activeElement.id + " | " + document.body.innerText`))
		case <-tick.C:
		}
	}
}

func (b browser) get(expression string) string {
	b.Helper()
	await := chromedp.EvaluateOption(chromedp.EvalAwaitPromise)
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("(async()=>String("+expression+"))()", await))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return text
}

func (b browser) fill() {
	b.do(chromedp.SendKeys("#name", "Ann"), chromedp.SendKeys("#email", "ann@example.com"),
		chromedp.SendKeys("#message", "One\nTwo"), chromedp.Click("#consent"))
}

func (b browser) submit() { b.do(chromedp.Click("[type=submit]")) }
