package llmtest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// Request is one recorded request.
type Request struct {
	Header http.Header
	Body   []byte // as it came
	Chat   Chat
}

// Chat is the part of a request body that tests look at.
type Chat struct {
	Model    string `json:"model"`
	Messages []struct {
		Role    string `json:"role"`
		Content string `json:"content"`
	} `json:"messages"`
	ResponseFormat struct {
		Type       string `json:"type"`
		JSONSchema struct {
			Name   string          `json:"name"`
			Strict bool            `json:"strict"`
			Schema json.RawMessage `json:"schema"`
		} `json:"json_schema"`
	} `json:"response_format"`
	Tools []json.RawMessage `json:"tools"`
}

// System gives the content of all system messages.
func (r Request) System() string { return r.contents("system") }

// User gives the content of all user messages.
func (r Request) User() string { return r.contents("user") }

func (r Request) contents(role string) string {
	var parts []string
	for _, m := range r.Chat.Messages {
		if m.Role == role {
			parts = append(parts, m.Content)
		}
	}
	return strings.Join(parts, "\n")
}

func (p plan) write(w http.ResponseWriter, r *http.Request, req Request) {
	switch p.mode {
	case Good:
		complete(w, req, message{Content: p.answer})
	case Fenced:
		complete(w, req, message{Content: "```json\n" + p.answer + "\n```"})
	case NoSchema:
		if req.Chat.ResponseFormat.Type == "json_schema" {
			fail(w, http.StatusBadRequest, "invalid_request", "response_format: unknown variant `json_schema`")
			return
		}
		complete(w, req, message{Content: p.answer})
	case BadJSON:
		complete(w, req, message{Content: "Certainly! I think that this is about a delivery."})
	case WrongEnum:
		complete(w, req, message{Content: wrongEnum(p.answer)})
	case Refusal:
		complete(w, req, message{Refusal: "I cannot help with that."})
	case Filtered:
		complete(w, req, message{finish: "content_filter"})
	case RateLimit:
		if p.retryAfter != "" {
			w.Header().Set("Retry-After", p.retryAfter)
		}
		fail(w, http.StatusTooManyRequests, "rate_limit_exceeded", "Too many requests.")
	case Error500:
		http.Error(w, "upstream fell over", http.StatusInternalServerError)
	case Hang:
		select {
		case <-p.release:
			complete(w, req, message{Content: p.answer})
		case <-r.Context().Done():
		}
	case Cut:
		cut(w, req, p.answer)
	case Huge:
		complete(w, req, message{Content: p.answer + strings.Repeat(" ", 2<<20)})
	}
}

type message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
	Refusal string `json:"refusal,omitempty"`
	finish  string
}

func completion(req Request, m message) []byte {
	m.Role = "assistant"
	if m.finish == "" {
		m.finish = "stop"
	}
	// Strings and numbers only: this cannot fail.
	b, _ := json.Marshal(map[string]any{
		"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": req.Chat.Model + "-served",
		"choices": []any{map[string]any{"index": 0, "message": m, "finish_reason": m.finish}},
		"usage":   map[string]int{"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
	})
	return b
}

func complete(w http.ResponseWriter, req Request, m message) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(completion(req, m)) // the client may have gone
}

// cut announces the whole body, sends half of it and closes the connection.
func cut(w http.ResponseWriter, req Request, answer string) {
	body := completion(req, message{Content: answer})
	conn, buf, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer conn.Close()
	_, _ = buf.WriteString("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ")
	_, _ = buf.WriteString(strconv.Itoa(len(body)) + "\r\n\r\n")
	_, _ = buf.Write(body[:len(body)/2])
	_ = buf.Flush()
}

// fail speaks as OpenAI does: error.message, error.type, error.code.
func fail(w http.ResponseWriter, status int, code, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{
		"error": map[string]any{"message": text, "type": "invalid_request_error", "code": code, "param": nil},
	})
}

// wrongEnum sets a priority that no schema allows.
func wrongEnum(answer string) string {
	var fields map[string]any
	if json.Unmarshal([]byte(answer), &fields) != nil {
		return `{"priority":"whenever"}`
	}
	fields["priority"] = "whenever"
	b, _ := json.Marshal(fields) // came from JSON: cannot fail
	return string(b)
}
