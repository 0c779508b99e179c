package spam

import (
	"fmt"
	"strings"
	"time"
)

const fastFill = 3 * time.Second

// guest reports whether the message came over the network from somebody who
// did not sign in: only then do the form's own traps say anything.
func (m Message) guest() bool { return m.Network && !m.Authenticated }

// checkAuthenticated trusts a known sender a little; not so much that it would
// outweigh a filled honeypot.
func checkAuthenticated() Check {
	return func(m Message) []Signal {
		if !m.Network || !m.Authenticated {
			return nil
		}
		return hit("authenticated", 0, "The sender is signed in or uses a key.", nil)
	}
}

func checkHoneypot() Check {
	return func(m Message) []Signal {
		if !m.Network || strings.TrimSpace(m.Honeypot) == "" {
			return nil
		}
		return hit("honeypot", 0, "A field that people do not see was filled in.", nil)
	}
}

func checkToken() Check {
	return func(m Message) []Signal {
		if !m.guest() {
			return nil
		}
		switch m.Token {
		case TokenMissing:
			return hit("token_missing", 0, "The message was sent without fetching the form first.", nil)
		case TokenExpired:
			return hit("token_expired", 0, "The form was open for longer than its token is good.", nil)
		case TokenReplayed:
			return hit("token_replayed", 0, "The same copy of the form was sent before.", nil)
		case TokenInvalid:
			return hit("token_invalid", 0, "The form token was not issued here or was changed.", nil)
		}
		return nil
	}
}

func checkFillTime() Check {
	return func(m Message) []Signal {
		if !m.guest() || m.FillTime <= 0 || m.FillTime >= fastFill {
			return nil
		}
		seconds := float64(m.FillTime.Milliseconds()) / 1000
		return hit("fill_time", 0, fmt.Sprintf("The form was filled in within %.1f seconds.", seconds),
			map[string]any{"seconds": seconds})
	}
}

// checkPow reads what became of the proof of work. Programs compute it as browsers
// do, so it is no trust for one that was asked for a captcha instead.
func checkPow() Check {
	return func(m Message) []Signal {
		if !m.guest() {
			return nil
		}
		switch m.Pow {
		case PowMissing:
			return hit("pow_missing", 0, "No proof of work came with it, as from a browser without JavaScript.", nil)
		case PowInvalid:
			return hit("pow_invalid", 0, "The proof of work is wrong.", nil)
		case PowValid:
			if m.Captcha != "" && m.Captcha != CaptchaDown {
				return nil
			}
			return hit("pow_valid", 0, "The browser did the proof of work.", nil)
		}
		return nil
	}
}

func checkUserAgent() Check {
	return func(m Message) []Signal {
		if !m.guest() || strings.TrimSpace(m.UserAgent) != "" {
			return nil
		}
		return hit("user_agent_missing", 0, "The sending program did not say its name (User-Agent).", nil)
	}
}
