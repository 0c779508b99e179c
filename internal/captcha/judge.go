package captcha

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/idna"
)

const maxWords = 240 // bytes of what the provider said

// answer is the providers' common ground. What is absent stays nil or empty.
type answer struct {
	Success *bool    `json:"success"`
	Codes   []string `json:"error-codes"`
	Host    string   `json:"hostname"`
	Score   *float64 `json:"score"`
	Action  string   `json:"action"`
}

// Error codes by whom they blame. All others, unknown ones too, blame the token: among them
// bad-request, sitekey-secret-mismatch and not-using-dummy-passcode, which a visitor can bring about
// with a token made for other keys, and which therefore must not count as Down.
var (
	ours      = []string{"invalid-input-secret", "missing-input-secret", "invalid-remoteip", "missing-remoteip", "invalid-keys"}
	theirs    = []string{"internal-error"}
	spent     = []string{"timeout-or-duplicate", "already-seen-response", "invalid-or-already-seen-response", "expired-input-response"}
	noneGiven = []string{"missing-input-response"}
)

// judge reads an answer strictly: what cannot be understood is Down, not Invalid.
func (v *Verifier) judge(body []byte, status int) Result {
	var a answer
	if err := json.Unmarshal(body, &a); err != nil || a.Success == nil {
		return Result{State: Down, Detail: "the answer is not what a captcha's provider says"}
	}
	if !*a.Success {
		return Result{State: blame(a.Codes), Detail: v.words(a.Codes)}
	}
	if status != http.StatusOK {
		return Result{State: Down, Detail: "success with an error status"}
	}
	if len(v.hosts) > 0 && !v.hosts[hostOf(a.Host)] {
		return Result{State: WrongHost, Detail: v.words([]string{a.Host})}
	}
	if v.provider.actions && v.cfg.Action != "" && a.Action != v.cfg.Action {
		return Result{State: Invalid, Detail: strings.TrimSpace("other action " + v.words([]string{a.Action}))}
	}
	if !v.provider.scored {
		return Result{State: Valid}
	}
	switch {
	case a.Score == nil:
		return Result{State: Down, Detail: "no score: the keys are not for reCAPTCHA v3"}
	case *a.Score < 0 || *a.Score > 1:
		return Result{State: Down, Detail: "the score is not within 0 and 1"}
	case *a.Score < v.cfg.MinScore:
		return Result{State: LowScore, Score: *a.Score}
	}
	return Result{State: Valid, Score: *a.Score}
}

func blame(codes []string) State {
	has := func(list []string) bool {
		return slices.ContainsFunc(codes, func(c string) bool { return slices.Contains(list, c) })
	}
	switch {
	case has(ours), has(theirs):
		return Down
	case has(spent):
		return Duplicate
	case has(noneGiven):
		return Missing
	}
	return Invalid
}

// hostOf is the host as Hosts are kept: ASCII, small letters, without port and final dot.
func hostOf(s string) string {
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.HasSuffix(s, "]") {
		s = s[:i]
	}
	s = strings.TrimSuffix(s, ".")
	if name, err := idna.Lookup.ToASCII(s); err == nil {
		s = name
	}
	return strings.ToLower(s)
}

// words joins what the provider said, without the secret and anything that does not belong in a
// line of log.
func (v *Verifier) words(list []string) string {
	s := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, strings.Join(list[:min(len(list), 8)], ", "))
	s = strings.ReplaceAll(s, v.cfg.Secret, "(secret)")
	return s[:min(len(s), maxWords)]
}
