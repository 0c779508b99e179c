package inbound

import (
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// Every line of the table, and what is stronger where two could hold.
func TestRoute(t *testing.T) {
	valid := Facts{Token: Valid}
	known := Facts{Token: Valid, Known: true}
	with := func(f Facts, change func(*Facts)) Facts { change(&f); return f }
	for name, c := range map[string]struct {
		facts   Facts
		verb    Verb
		outcome string
		why     string
	}{
		"a stranger's first mail":   {Facts{}, Submit, desk.MailCase, "new"},
		"the visitor's answer":      {known, Join, desk.MailJoined, "answer"},
		"the same once more":        {with(known, func(f *Facts) { f.Seen = true }), File, desk.MailIgnored, "duplicate"},
		"an answer from outside":    {with(known, func(f *Facts) { f.Helper = true }), Inform, desk.MailJoined, "outside"},
		"the same, forged":          {with(known, func(f *Facts) { f.Helper, f.Forged = true, true }), Hold, desk.MailQuarantined, "forged_sender"},
		"an absence outside":        {with(known, func(f *Facts) { f.Helper, f.Auto = true, true }), File, desk.MailAuto, "auto"},
		"a server, outside":         {with(known, func(f *Facts) { f.Helper, f.Auto, f.Machine = true, true, true }), File, desk.MailAuto, "auto"},
		"somebody else's answer":    {valid, Hold, desk.MailQuarantined, "someone_else"},
		"a forged answer":           {with(known, func(f *Facts) { f.Forged = true }), Hold, desk.MailQuarantined, "forged_sender"},
		"somebody else, forged":     {with(valid, func(f *Facts) { f.Forged = true }), Hold, desk.MailQuarantined, "someone_else"},
		"a forged first mail":       {Facts{Forged: true}, Submit, desk.MailCase, "new"},
		"an unwanted visitor":       {with(known, func(f *Facts) { f.Barred = true }), Hold, desk.MailQuarantined, "barred"},
		"an erased case":            {Facts{Token: Stale}, Submit, desk.MailCase, "new"},
		"a made-up token":           {Facts{Token: Bogus}, Hold, desk.MailQuarantined, "bogus_claim"},
		"a guessed number":          {Facts{Number: true}, Hold, desk.MailQuarantined, "bogus_claim"},
		"out of office on the case": {with(known, func(f *Facts) { f.Auto = true }), Note, desk.MailJoined, "auto"},
		"a server's note":           {with(valid, func(f *Facts) { f.Auto, f.Machine = true, true }), Note, desk.MailJoined, "auto"},
		"a list with a token":       {with(valid, func(f *Facts) { f.Auto = true }), File, desk.MailAuto, "auto"},
		"a newsletter":              {Facts{Auto: true}, File, desk.MailAuto, "auto"},
		"automatic with a bad mark": {Facts{Auto: true, Token: Bogus}, File, desk.MailAuto, "auto"},
		"our own mail":              {Facts{Own: true}, File, desk.MailAuto, "own"},
		"our own mail on a case":    {with(valid, func(f *Facts) { f.Own = true }), Note, desk.MailJoined, "own"},
		"a bounce of ours":          {Facts{Bounced: true, Ours: true, Auto: true, Machine: true}, Bounce, desk.MailBounce, "bounce"},
		"a bounce with a token":     {with(known, func(f *Facts) { f.Bounced, f.Ours, f.Auto = true, true, true }), Bounce, desk.MailBounce, "bounce"},
		"a bounce of nothing":       {Facts{Bounced: true, Auto: true}, File, desk.MailBounce, "bounce_of_nothing"},
		"a delay of ours":           {Facts{Delayed: true, Ours: true, Auto: true}, Delay, desk.MailBounce, "delay"},
		"a delay of nothing":        {Facts{Delayed: true, Auto: true}, File, desk.MailBounce, "delay_of_nothing"},
		"a receipt of ours":         {with(known, func(f *Facts) { f.Read, f.Ours, f.Auto = true, true, true }), Receipt, desk.MailReceipt, "receipt"},
		"a receipt of nothing":      {Facts{Read: true, Auto: true}, File, desk.MailReceipt, "receipt_of_nothing"},
		"a bounce that came before": {Facts{Bounced: true, Ours: true, Seen: true}, File, desk.MailIgnored, "duplicate"},
	} {
		if d := Route(c.facts); d != (Decision{c.verb, c.outcome, c.why}) {
			t.Errorf("%s: %+v, want %s, %s, %s", name, d, c.verb, c.outcome, c.why)
		}
	}
}

// No line stands below one that holds for all that it would.
func TestEveryRuleIsReached(t *testing.T) {
	reached := map[Decision]bool{}
	tokens := []Token{NoToken, Valid, Stale, Bogus}
	for bits := range 1 << 12 {
		b := func(n int) bool { return bits&(1<<n) != 0 }
		for _, token := range tokens {
			reached[Route(Facts{Seen: b(0), Bounced: b(1), Delayed: b(2), Read: b(3), Ours: b(4), Own: b(5), Auto: b(6),
				Machine: b(7), Known: b(8), Forged: b(9), Barred: b(10), Helper: b(11), Token: token})] = true
			reached[Route(Facts{Number: b(0), Token: token})] = true
		}
	}
	for _, r := range table {
		if !reached[r.then] {
			t.Errorf("nothing reaches %+v", r.then)
		}
	}
}
