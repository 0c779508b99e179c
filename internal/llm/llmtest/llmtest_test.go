package llmtest_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/llm/llmtest"
)

var _ llmtest.T = testing.TB(nil)

// process is what a command that is no test hands in.
type process struct{ cleanups []func() }

func (p *process) Helper()                      {}
func (p *process) Cleanup(f func())             { p.cleanups = append(p.cleanups, f) }
func (p *process) Fatalf(s string, args ...any) { panic(fmt.Sprintf(s, args...)) }

func post(t *testing.T, url, body string) (int, string) {
	t.Helper()
	resp, err := http.Post(url+"/chat/completions", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(b)
}

func TestServerOutsideOfTests(t *testing.T) {
	p := &process{}
	srv := llmtest.NewServer(p)
	status, body := post(t, srv.URL, `{"model":"m","messages":[{"role":"user","content":"hello"}]}`)
	var got struct {
		Choices []struct{ Message struct{ Content string } }
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil || status != 200 || len(got.Choices) != 1 {
		t.Fatalf("status %d, body %s, %v", status, body, err)
	}
	if got.Choices[0].Message.Content != llmtest.DefaultAnswer {
		t.Errorf("content %s", got.Choices[0].Message.Content)
	}
	if r := srv.Last(); r.User() != "hello" || r.System() != "" || r.Chat.Model != "m" {
		t.Errorf("recorded %+v", r.Chat)
	}
	for _, f := range p.cleanups {
		f()
	}
	if _, err := http.Get(srv.URL); err == nil {
		t.Error("the server is still there after its cleanup")
	}
}

func TestScript(t *testing.T) {
	srv := llmtest.NewServer(t)
	srv.Script(llmtest.Error500, llmtest.RateLimit, llmtest.Good)
	for _, want := range []int{500, 429, 200, 200} {
		if got, body := post(t, srv.URL, `{}`); got != want {
			t.Errorf("status %d, want %d: %s", got, want, body)
		}
	}
	if got, _ := post(t, srv.URL, `{`); got != http.StatusBadRequest {
		t.Errorf("broken JSON: status %d", got)
	}
	if n := len(srv.Requests()); n != 4 {
		t.Errorf("%d requests recorded, want 4", n)
	}
}
