package hooks

import (
	"net/url"

	"github.com/pocketdesk/pocketdesk/internal/captcha"
	"github.com/pocketdesk/pocketdesk/internal/page"
)

// captchaView is what the form page needs of the provider that the settings
// name; the zero value where guests need not solve a captcha.
func (p *plugin) captchaView(v visit) page.Captcha {
	c := v.settings.Captcha
	if c.SiteKey == "" || !p.door.AsksCaptcha(p.app, v.settings) {
		return page.Captcha{}
	}
	policy := captcha.PolicyOf(c.Provider)
	q := url.Values{}
	switch c.Provider {
	case captcha.RecaptchaV3:
		q.Set("render", c.SiteKey)
		q.Set("hl", v.locale)
	case captcha.RecaptchaV2, captcha.HCaptcha:
		q.Set("hl", v.locale)
	}
	script := policy.ScriptURL
	if len(q) > 0 {
		script += "?" + q.Encode()
	}
	return page.Captcha{
		ScriptURL: script, Field: captcha.TokenField(c.Provider), SiteKey: c.SiteKey, Score: c.Provider == captcha.RecaptchaV3,
		Script: policy.Script, Frame: policy.Frame, Style: policy.Style, Connect: policy.Connect,
	}
}
