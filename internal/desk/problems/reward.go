package problems

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Bounds of a reward.
const (
	maxCode  = 100 // characters
	maxCodes = 2_000
)

// reward is what those who reported get: one code for all, or one for each.
type reward struct {
	Code  string            `json:"code,omitempty"`
	Codes []string          `json:"codes,omitempty"`
	Given map[string]string `json:"given,omitempty"` // by contact, or by case where there is none
	Spent []string          `json:"spent,omitempty"` // given to somebody who has another one since
}

func rewardOf(p *core.Record) reward {
	var r reward
	_ = p.UnmarshalJSONField("reward", &r)
	return r
}

// CheckReward tells whether a reward can be given: {} for none, {code} or {codes}.
func CheckReward(raw []byte) error {
	if s := strings.TrimSpace(string(raw)); s == "" || s == "null" {
		return nil
	}
	var r reward
	if json.Unmarshal(raw, &r) != nil {
		return fault("reward", "shape", `A reward is {"code": "…"} for all, or {"codes": ["…"]}, one for each.`)
	}
	if r.Code != "" && len(r.Codes) > 0 {
		return fault("reward", "shape", "Give one code for all, or a list with one for each, not both.")
	}
	if len(r.Codes) > maxCodes {
		return fault("reward", "out_of_range", fmt.Sprintf("Give %d codes at most.", maxCodes))
	}
	seen := map[string]bool{}
	for _, code := range append([]string{r.Code}, r.Codes...) {
		if len([]rune(code)) > maxCode || code != desk.OneLine(code) {
			return fault("reward", "too_long", fmt.Sprintf("A code is one line of %d characters at most.", maxCode))
		}
		if code != "" && seen[code] {
			return fault("reward", "twice", "The code "+code+" is there twice.")
		}
		seen[code] = true
	}
	return nil
}

// next is the code for somebody; ok is false where none is left for him.
func (r *reward) next(key string) (code string, ok bool) {
	if given, had := r.Given[key]; had {
		return given, true
	}
	if len(r.Codes) == 0 {
		return r.Code, true
	}
	taken := r.taken()
	i := slices.IndexFunc(r.Codes, func(code string) bool { return !taken[code] })
	if i < 0 {
		return "", false
	}
	if r.Given == nil {
		r.Given = map[string]string{}
	}
	r.Given[key] = r.Codes[i]
	return r.Codes[i], true
}

// renew is another code for somebody who has one, or the one of all once more; ok
// is false where none is left for him, who keeps the one he has.
func (r *reward) renew(key string) (code string, ok bool) {
	before := r.standing(key)
	if !before.has || len(r.Codes) == 0 {
		return r.next(key)
	}
	delete(r.Given, key)
	r.Spent = append(r.Spent, before.code)
	if code, ok = r.next(key); !ok {
		r.back(key, before)
	}
	return code, ok
}

// standing is what somebody has, to be put back where he gets no letter after all.
type standing struct {
	code  string
	has   bool
	spent int
}

func (r *reward) standing(key string) standing {
	code, has := r.Given[key]
	return standing{code, has, len(r.Spent)}
}

func (r *reward) back(key string, s standing) {
	if s.has {
		r.Given[key] = s.code
	} else {
		delete(r.Given, key)
	}
	r.Spent = r.Spent[:s.spent]
}

// keyOf is under what it is kept which code a case's visitor got.
func keyOf(c *desk.Case) string {
	if c.Contact() == "" {
		return c.Id
	}
	return c.Contact()
}

// taken are the codes that somebody has.
func (r *reward) taken() map[string]bool {
	out := make(map[string]bool, len(r.Given)+len(r.Spent))
	for _, code := range r.Spent {
		out[code] = true
	}
	for _, code := range r.Given {
		out[code] = true
	}
	return out
}

// left counts the codes that nobody has; -1 where there is one for all, or none.
func (r *reward) left() int {
	if len(r.Codes) == 0 {
		return -1
	}
	taken := r.taken()
	return len(slices.DeleteFunc(slices.Clone(r.Codes), func(code string) bool { return taken[code] }))
}

// KeepGiven gives a reward that somebody writes down anew the memory of the one
// before it, of who got which code: it is the system's, and without it a code
// would be given twice.
func KeepGiven(before, now *core.Record) {
	if CheckReward([]byte(now.GetString("reward"))) != nil {
		return // refused
	}
	old, r := rewardOf(before), rewardOf(now)
	if len(old.Given)+len(old.Spent)+len(r.Given)+len(r.Spent) > 0 {
		r.Given, r.Spent = old.Given, old.Spent
		now.Set("reward", r)
	}
}
