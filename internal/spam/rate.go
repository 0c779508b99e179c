package spam

import "fmt"

// checkRates grades how much came lately by how far it is above what is
// normal. A shared address (an office, a phone network) stays below the
// threshold up to five times the limit; a busy day on the whole site or in a
// country never holds anything by itself.
func checkRates() Check {
	return func(m Message) []Signal {
		if !m.Network && m.Mail == nil {
			return nil
		}
		var out []Signal
		if !m.Authenticated {
			out = append(out, rate("rate_ip", "from this network address", m.IPCount)...)
			out = append(out, rate("rate_network", "from this network", m.NetCount)...)
			out = append(out, rate("rate_country", "from this country", m.CountryCount)...)
			out = append(out, rate("rate_overall", "on the whole site", m.OverCount)...)
		}
		out = append(out, rate("rate_email", "with this mail address", m.EmailCount)...)
		return append(out, rate("sender_texts", "with different texts from this sender", m.SenderTexts)...)
	}
}

// rate notices what is above its limit.
func rate(name, where string, r Rate) []Signal {
	g := rateGrade(r)
	if g < 0 {
		return nil
	}
	return hit(name, g, fmt.Sprintf("%d messages %s lately, where up to %d are normal.", r.Count, where, r.Limit),
		map[string]any{"count": r.Count, "limit": r.Limit})
}

// rateGrade is the first above the limit, the second above twice and the third
// above five times as much; -1 up to the limit, and where nothing is measured.
func rateGrade(r Rate) int {
	switch {
	case r.Limit <= 0 || r.Count <= r.Limit:
		return -1
	case r.Count/5 >= r.Limit && r.Count > 5*r.Limit:
		return 2
	case r.Count/2 >= r.Limit && r.Count > 2*r.Limit:
		return 1
	}
	return 0
}
