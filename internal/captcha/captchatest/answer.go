package captchatest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// serve answers one request as the provider would.
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, 64<<10)
	if err := r.ParseForm(); err != nil || r.Method != http.MethodPost {
		s.refuse(w, "bad-request")
		return
	}
	c, release := s.take(r.PostForm)
	select {
	case s.arrived <- struct{}{}:
	default: // nobody counts that far
	}
	switch {
	case r.PostForm.Get("secret") == "":
		s.refuse(w, "missing-input-secret")
	case r.PostForm.Get("secret") != s.Secret:
		s.refuse(w, "invalid-input-secret")
	case r.PostForm.Get("response") == "":
		s.refuse(w, "missing-input-response")
	case c == Hang:
		select {
		case <-release:
			s.accept(w, Valid)
		case <-r.Context().Done():
		}
	default:
		s.meet(w, r, c)
	}
}

// take notes the request and says what is to become of its token, now and then the next time.
func (s *Server) take(form url.Values) (Case, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, form)
	token := form.Get("response")
	c, ok := s.issued[token]
	switch {
	case !ok:
		c = Invalid
	case c == Valid && form.Get("secret") == s.Secret:
		s.issued[token] = Duplicate
	}
	return c, s.release
}

func (s *Server) meet(w http.ResponseWriter, r *http.Request, c Case) {
	switch c {
	case Invalid:
		s.refuse(w, "invalid-input-response")
	case Duplicate:
		s.refuse(w, s.spent("already-seen-response"))
	case Expired:
		s.refuse(w, s.spent("expired-input-response"))
	case Fault:
		s.refuse(w, "internal-error")
	case Error500:
		http.Error(w, "the upstream is not there", http.StatusInternalServerError)
	case Limited:
		http.Error(w, "too many", http.StatusTooManyRequests)
	case Garbage:
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<!doctype html><title>Welcome</title>")
	case Empty:
		io.WriteString(w, "{}")
	case Huge:
		io.WriteString(w, `{"success": true, "hostname": "`+s.cfg.Host+`", "pad": "`)
		io.WriteString(w, strings.Repeat("x", 1<<20)+`"}`)
	case Redirect:
		http.Redirect(w, r, "/siteverify?again", http.StatusTemporaryRedirect)
	case Cut:
		w.Header().Set("Content-Length", "1000")
		io.WriteString(w, `{"success": true,`)
		panic(http.ErrAbortHandler)
	default:
		s.accept(w, c)
	}
}

// spent: hCaptcha tells a used token from an old one, the others do not.
func (s *Server) spent(code string) string {
	if s.cfg.Provider == "hcaptcha" {
		return code
	}
	return "timeout-or-duplicate"
}

func (s *Server) refuse(w http.ResponseWriter, code string) {
	send(w, map[string]any{"success": false, "error-codes": []string{code}})
}

func (s *Server) accept(w http.ResponseWriter, c Case) {
	a := map[string]any{
		"success": true, "hostname": s.cfg.Host, "challenge_ts": time.Now().UTC().Format(time.RFC3339),
	}
	if c == WrongHost {
		a["hostname"] = "elsewhere.example"
	}
	action, score := s.cfg.Action, 0.9
	if c == WrongAct {
		action = "elsewhere"
	}
	if c == LowScore {
		score = 0.1
	}
	switch s.cfg.Provider {
	case "recaptcha_v3":
		a["score"], a["action"] = score, action
	case "turnstile":
		a["action"], a["cdata"], a["error-codes"] = action, "", []string{}
	case "hcaptcha":
		a["credit"] = false
	}
	send(w, a)
}

func send(w http.ResponseWriter, answer map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer) // the other side may be gone
}
