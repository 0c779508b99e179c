package spam

// checkCaptcha reads what the captcha provider said. Of no check it asks more
// than the form's other traps: a provider is unreachable from some countries,
// and can be down.
func checkCaptcha() Check {
	return func(m Message) []Signal {
		if !m.guest() {
			return nil
		}
		switch m.Captcha {
		case CaptchaValid:
			return hit("captcha_valid", 0, "The captcha was solved.", nil)
		case CaptchaMissing:
			return hit("captcha_missing", 0, "The captcha was not solved.", nil)
		case CaptchaInvalid:
			return hit("captcha_invalid", 0, "The captcha's answer is not genuine.", nil)
		case CaptchaDuplicate:
			return hit("captcha_duplicate", 0, "The captcha's answer is too old or was used before.", nil)
		case CaptchaWrongHost:
			return hit("captcha_wrong_host", 0, "The captcha was solved on another site.", nil)
		case CaptchaLowScore:
			return hit("captcha_low_score", 0, "The captcha provider doubts that a person sent it.", nil)
		case CaptchaDown:
			return hit("captcha_down", 0, "The captcha provider could not be asked.", nil)
		}
		return nil
	}
}
