// Package llmtest is a stand-in for a server with OpenAI's chat completions: it speaks the protocol
// over a real socket and behaves, or misbehaves, as told.
//
//	srv := llmtest.NewServer(t)
//	srv.Answer(`{"language":"ja", …}`)
//	srv.Script(llmtest.Error500, llmtest.Good) // first this, from then on that
//	client := llm.New(llm.Config{BaseURL: srv.URL, APIKey: "k", Model: "m"})
//	…
//	fmt.Println(srv.Last().User())
package llmtest

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"time"
)

// Mode is how the server meets a request.
type Mode int

// The modes. All but NoSchema, Fenced and Good make a call fail.
const (
	Good      Mode = iota // the set answer
	Fenced                // the set answer within a Markdown code fence
	NoSchema              // 400 for response_format json_schema, else Good
	BadJSON               // words where JSON was asked for
	WrongEnum             // the set answer with a priority that does not exist
	Refusal               // message.refusal instead of content
	Filtered              // finish_reason content_filter
	RateLimit             // 429 with the Retry-After of SetRetryAfter
	Error500              // 500, in plain text
	Hang                  // no answer until Release, or until either side goes away
	Cut                   // the connection ends in the middle of the body
	Huge                  // 200 with a body of 2 MB
)

// T is what the server needs of a test; testing.TB has it.
type T interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Server is one running stand-in. It is safe for concurrent use.
type Server struct {
	// URL is the base URL for a client, "/v1" included.
	URL string

	http    *httptest.Server
	arrived chan struct{}

	mu         sync.Mutex
	script     []Mode
	answer     string
	retryAfter string
	requests   []Request
	release    chan struct{}
}

// NewServer starts a server on a port that the kernel chooses; it ends with the test.
func NewServer(t T) *Server {
	t.Helper()
	s := &Server{
		answer:     DefaultAnswer,
		retryAfter: "30",
		script:     []Mode{Good},
		arrived:    make(chan struct{}, 1024),
		release:    make(chan struct{}),
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/chat/completions", s.serve)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("llmtest: %v", err)
	}
	s.http = &httptest.Server{Listener: ln, Config: &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}}
	s.http.Start()
	s.URL = s.http.URL + "/v1"
	t.Cleanup(s.Close)
	return s
}

// DefaultAnswer is what a server answers until told otherwise. It names no category.
const DefaultAnswer = `{"language":"en","priority":"normal","sentiment":"neutral","spam":0.1,` +
	`"summary":"The visitor asks a question.","reason":"An ordinary request."}`

// Close frees hanging requests and ends the server.
func (s *Server) Close() {
	s.Release()
	s.http.CloseClientConnections()
	s.http.Close()
}

// Answer sets the content of the assistant's message, as a rule a JSON object.
func (s *Server) Answer(content string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = content
}

// Script sets the modes of the next requests, one each; the last one stays.
func (s *Server) Script(modes ...Mode) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = append([]Mode{}, modes...)
}

// SetRetryAfter sets the header sent with RateLimit; "" sends none. Default "30".
func (s *Server) SetRetryAfter(v string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.retryAfter = v
}

// Arrived receives once for each request, when it has been read and before it is answered.
func (s *Server) Arrived() <-chan struct{} { return s.arrived }

// Release lets all requests that hang now be answered as in Good.
func (s *Server) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.release)
	s.release = make(chan struct{})
}

// Requests gives all requests so far, oldest first.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request{}, s.requests...)
}

// Last gives the newest request, or an empty one.
func (s *Server) Last() Request {
	all := s.Requests()
	if len(all) == 0 {
		return Request{}
	}
	return all[len(all)-1]
}

// plan is how one request is to be met.
type plan struct {
	mode       Mode
	answer     string
	retryAfter string
	release    <-chan struct{}
}

func (s *Server) plan(r Request) plan {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r)
	p := plan{Good, s.answer, s.retryAfter, s.release}
	if len(s.script) > 0 {
		p.mode = s.script[0]
	}
	if len(s.script) > 1 {
		s.script = s.script[1:]
	}
	return p
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	req := Request{Header: r.Header.Clone(), Body: body}
	if err != nil || json.Unmarshal(body, &req.Chat) != nil {
		fail(w, http.StatusBadRequest, "invalid_json", "The body is not JSON.")
		return
	}
	p := s.plan(req)
	select {
	case s.arrived <- struct{}{}:
	default: // nobody counts that far
	}
	p.write(w, r, req)
}
