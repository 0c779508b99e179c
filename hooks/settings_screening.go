package hooks

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	validation "github.com/pocketbase/ozzo-validation/v4"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/captcha"
	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// checkScreening checks the choices of screening. What the server's environment
// must hold is asked for when it is switched on, so that a server without it can
// still save everything else.
func (p *plugin) checkScreening(r *core.Record, errs validation.Errors) {
	var now, before desk.Screening
	if r.UnmarshalJSONField("screening", &now) != nil {
		return // told as a wrong shape
	}
	_ = r.Original().UnmarshalJSONField("screening", &before)
	if key := unknownKey(r, "screening", desk.Screening{}); key != "" {
		errs["screening"] = keyFault(key)
		return
	}
	fault := func(code, sentence string, values ...any) {
		errs["screening"] = validation.NewError(code, fmt.Sprintf(sentence, values...))
	}
	if now.Pitch != "" && !slices.Contains(desk.Pitches(), now.Pitch) {
		fault("pitch_unknown", "A pitch is treated as normal, low or quarantine.")
	}
	known := spam.Names()
	for _, name := range now.SignalsOff {
		if !slices.Contains(known, name) {
			fault("signal_unknown", "There is no signal %q that can be switched off.", desk.Clip(name, 60))
		}
	}
	for _, code := range now.HomeCountries {
		if !spam.ValidCountry(code) {
			fault("country_unknown", "%q is no country code; use the two letters of ISO 3166, such as TW.", desk.Clip(code, 60))
		}
	}
	if now.MembersOnly && !before.MembersOnly && p.config.MemberSecret == "" {
		fault("secret_missing", "Members can't be told from others: start the server with POCKETDESK_MEMBER_SECRET first.")
	}
}

// checkCaptcha checks the choice of a captcha's provider.
func (p *plugin) checkCaptcha(r *core.Record, errs validation.Errors) {
	var now, before desk.Captcha
	if r.UnmarshalJSONField("captcha", &now) != nil {
		return
	}
	_ = r.Original().UnmarshalJSONField("captcha", &before)
	if key := unknownKey(r, "captcha", desk.Captcha{}); key != "" {
		errs["captcha"] = keyFault(key)
		return
	}
	var given struct {
		MinScore *float64 `json:"min_score"`
	}
	_ = r.UnmarshalJSONField("captcha", &given)
	fault := func(code, sentence string) { errs["captcha"] = validation.NewError(code, sentence) }
	switch {
	case given.MinScore != nil && !(*given.MinScore > 0 && *given.MinScore <= 1): // 0 would let everybody pass
		fault("out_of_range", "The least score (min_score) is a number above 0, up to 1; choose another captcha instead of 0.")
	case now.Provider == "" || now.Provider == desk.CaptchaPow:
	case !slices.Contains(captcha.Providers(), now.Provider):
		fault("provider_unknown", "The provider is pow, recaptcha_v2, recaptcha_v3, hcaptcha or turnstile.")
	case now.SiteKey == "":
		fault("site_key_missing", "Give the site key that the provider shows beside the secret.")
	case !hostNames(now):
		fault("hosts_invalid", "Hosts are names such as shop.example.com, without https:// and path.")
	case p.config.Captcha.Secret == "" && now.Provider != before.Provider:
		fault("secret_missing", "The provider's secret is missing: start the server with POCKETDESK_CAPTCHA_SECRET first.")
	}
}

// unknownKey is the first key of a settings field that its type does not have:
// mistyped, it would change nothing without a word. One that was stored before
// keeps nobody from saving the rest.
func unknownKey(r *core.Record, field string, kind any) string {
	raw, err := json.Marshal(kind)
	if err != nil {
		return ""
	}
	var known, given, before map[string]json.RawMessage
	if json.Unmarshal(raw, &known) != nil || r.UnmarshalJSONField(field, &given) != nil {
		return "" // told as a wrong shape
	}
	_ = r.Original().UnmarshalJSONField(field, &before)
	for _, key := range slices.Sorted(maps.Keys(given)) {
		_, named := known[key]
		if _, stood := before[key]; !named && !stood {
			return key
		}
	}
	return ""
}

func keyFault(key string) error {
	return validation.NewError("key_unknown", fmt.Sprintf("There is no setting %q here.", desk.Clip(key, 60)))
}

// hostNames tells whether a verifier would take the hosts, which need no secret to look at.
func hostNames(c desk.Captcha) bool {
	_, err := captcha.New(captcha.Config{Provider: c.Provider, Secret: "any", Hosts: c.Hosts})
	return err == nil
}

// warnResting tells at the start which choices rest, since what they need of the
// environment is missing: they were made when it was there.
func (p *plugin) warnResting() {
	s, err := desk.LoadSettings(p.app)
	if err != nil {
		return // told by whoever needs them
	}
	if p.door.CaptchaState(p.app, s) == intake.CaptchaNoSecret {
		p.warn(errors.New("captchas are off: POCKETDESK_CAPTCHA_SECRET is missing; the proof of work is asked for instead"))
	}
	if s.Screening.MembersOnly && !p.door.KnowsMembers() {
		p.warn(errors.New("everybody may write, not members only: POCKETDESK_MEMBER_SECRET is missing"))
	}
}
