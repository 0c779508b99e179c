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
		return hit("authenticated", -2, "The sender is signed in or uses a key.", nil)
	}
}

func checkHoneypot() Check {
	return func(m Message) []Signal {
		if !m.Network || strings.TrimSpace(m.Honeypot) == "" {
			return nil
		}
		return hit("honeypot", 8, "A field that people do not see was filled in.", nil)
	}
}

func checkToken() Check {
	return func(m Message) []Signal {
		if !m.guest() {
			return nil
		}
		switch m.Token {
		case TokenMissing:
			return hit("token_missing", 1.5, "The message was sent without fetching the form first.", nil)
		case TokenExpired:
			return hit("token_expired", 1, "The form was open for longer than its token is good.", nil)
		case TokenReplayed:
			return hit("token_replayed", 1.5, "The same copy of the form was sent before.", nil)
		case TokenInvalid:
			return hit("token_invalid", 3, "The form token was not issued here or was changed.", nil)
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
		return hit("fill_time", 2.5, fmt.Sprintf("The form was filled in within %.1f seconds.", seconds),
			map[string]any{"seconds": seconds})
	}
}

func checkPow() Check {
	return func(m Message) []Signal {
		if !m.guest() {
			return nil
		}
		switch m.Pow {
		case PowMissing:
			return hit("pow_missing", 0.5, "No proof of work came with it, as from a browser without JavaScript.", nil)
		case PowInvalid:
			return hit("pow_invalid", 2, "The proof of work is wrong.", nil)
		case PowValid:
			return hit("pow_valid", -1, "The browser did the proof of work.", nil)
		}
		return nil
	}
}

func checkUserAgent() Check {
	return func(m Message) []Signal {
		if !m.guest() || strings.TrimSpace(m.UserAgent) != "" {
			return nil
		}
		return hit("user_agent_missing", 1, "The sending program did not say its name (User-Agent).", nil)
	}
}

// checkRates grades how much came lately by how far it is above what is
// normal. A shared address (an office, a phone network) stays below the
// threshold up to five times the limit; a busy day on the whole site never
// holds anything by itself.
func checkRates() Check {
	return func(m Message) []Signal {
		if !m.Network {
			return nil
		}
		var out []Signal
		if !m.Authenticated {
			out = append(out, rate("rate_ip", "from this network address", m.IPCount, [3]float64{2, 4, 6})...)
			out = append(out, rate("rate_overall", "on the whole site", m.OverCount, [3]float64{0.5, 1, 2})...)
		}
		return append(out, rate("rate_email", "with this mail address", m.EmailCount, [3]float64{1.5, 3, 5})...)
	}
}

// rate gives the first weight above the limit, the second above twice and the
// third above five times as much.
func rate(name, where string, r Rate, weights [3]float64) []Signal {
	if r.Limit <= 0 || r.Count <= r.Limit {
		return nil
	}
	w := weights[0]
	if r.Count/5 >= r.Limit && r.Count > 5*r.Limit {
		w = weights[2]
	} else if r.Count/2 >= r.Limit && r.Count > 2*r.Limit {
		w = weights[1]
	}
	return hit(name, w, fmt.Sprintf("%d messages %s lately, where up to %d are normal.", r.Count, where, r.Limit),
		map[string]any{"count": r.Count, "limit": r.Limit})
}
