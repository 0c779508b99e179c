package captcha

import (
	"strings"
	"testing"
)

func verifier(t testing.TB, provider string) *Verifier {
	t.Helper()
	v, err := New(Config{Provider: provider, Secret: "s3cr3t", Hosts: []string{"商店.example"}, Action: "feedback"})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestJudge(t *testing.T) {
	const good = `"success":true,"hostname":"xn--czrs0t.example","action":"feedback"`
	refused := func(codes string) string { return `{"success":false,"error-codes":[` + codes + `]}` }
	for name, tt := range map[string]struct {
		body   string
		status int
		want   State
		detail string // part of it
	}{
		"good":                {`{` + good + `,"score":0.5}`, 200, Valid, ""},
		"host as written":     {`{"success":true,"hostname":"商店.example:8443","action":"feedback","score":1}`, 200, Valid, ""},
		"no host":             {`{"success":true,"action":"feedback","score":1}`, 200, WrongHost, ""},
		"host null":           {`{"success":true,"hostname":null,"action":"feedback","score":1}`, 200, WrongHost, ""},
		"no action":           {`{"success":true,"hostname":"商店.example","score":1}`, 200, Invalid, "other action"},
		"just below":          {`{` + good + `,"score":0.49}`, 200, LowScore, ""},
		"score zero":          {`{` + good + `,"score":0}`, 200, LowScore, ""},
		"no score":            {`{` + good + `}`, 200, Down, "no score"},
		"score above":         {`{` + good + `,"score":1.5}`, 200, Down, "within 0 and 1"},
		"score as text":       {`{` + good + `,"score":"1"}`, 200, Down, "not what"},
		"success as text":     {`{"success":"true"}`, 200, Down, "not what"},
		"success as number":   {`{"success":1}`, 200, Down, "not what"},
		"success missing":     {`{"hostname":"x"}`, 200, Down, "not what"},
		"null":                {`null`, 200, Down, "not what"},
		"list":                {`[]`, 200, Down, "not what"},
		"two answers":         {`{` + good + `,"score":1}{}`, 200, Down, "not what"},
		"nothing":             {``, 200, Down, "not what"},
		"good, status 400":    {`{` + good + `,"score":1}`, 400, Down, "error status"},
		"refused, status 400": {refused(`"invalid-input-response"`), 400, Invalid, "invalid-input-response"},
		"secret, status 400":  {refused(`"invalid-input-secret"`), 400, Down, "invalid-input-secret"},
		"no codes":            {`{"success":false}`, 200, Invalid, ""},
		"several codes":       {refused(`"missing-input-response","invalid-input-secret"`), 200, Down, "missing-input-response, invalid-input-secret"},
		"missing":             {refused(`"missing-input-response"`), 200, Missing, ""},
		"seen or invalid":     {refused(`"invalid-or-already-seen-response"`), 200, Duplicate, ""},
		"seen":                {refused(`"already-seen-response"`), 200, Duplicate, ""},
		"too old":             {refused(`"expired-input-response"`), 200, Duplicate, ""},
		"old or seen":         {refused(`"timeout-or-duplicate"`), 200, Duplicate, ""},
		"our address":         {refused(`"invalid-remoteip"`), 200, Down, "remoteip"},
		"their fault":         {refused(`"internal-error"`), 200, Down, "internal-error"},
		"token of other keys": {refused(`"sitekey-secret-mismatch"`), 200, Invalid, "mismatch"},
		"test token":          {refused(`"not-using-dummy-passcode"`), 200, Invalid, "dummy"},
		"bad request":         {refused(`"bad-request"`), 200, Invalid, "bad-request"},
		"unknown code":        {refused(`"browser-error"`), 200, Invalid, "browser-error"},
		"secret in a code":    {refused(`"invalid-input-secret s3cr3t"`), 200, Invalid, "(secret)"},
		"lines in a code":     {refused(`"a\nlevel=error \u202eb"`), 200, Invalid, "alevel=error b"},
		"codes as text":       {`{"success":false,"error-codes":"x"}`, 200, Down, "not what"},
	} {
		r := verifier(t, RecaptchaV3).judge([]byte(tt.body), tt.status)
		if r.State != tt.want || !strings.Contains(r.Detail, tt.detail) {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestLongDetail(t *testing.T) {
	code := strings.Repeat("x", 1000)
	r := verifier(t, HCaptcha).judge([]byte(`{"success":false,"error-codes":["`+code+`"]}`), 200)
	if r.State != Invalid || len(r.Detail) > 300 {
		t.Errorf("%d bytes", len(r.Detail))
	}
}

func FuzzJudge(f *testing.F) {
	f.Add([]byte(`{"success":true,"hostname":"商店.example","score":0.7,"action":"feedback"}`), 200)
	f.Add([]byte(`{"success":false,"error-codes":["timeout-or-duplicate"]}`), 400)
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		for _, p := range Providers() {
			r := verifier(t, p).judge(body, status)
			if r.State == "" || r.Score < 0 || r.Score > 1 || len(r.Detail) > 300 ||
				strings.Contains(r.Detail, "s3cr3t") || r.State == Valid && status != 200 {
				t.Errorf("%s: %q: %+v", p, body, r)
			}
			for _, c := range []byte(r.Detail) {
				if c < ' ' || c > '~' {
					t.Errorf("%s: detail %q", p, r.Detail)
				}
			}
		}
	})
}
