package desk

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"slices"
)

// Bell is how a person wants to be told of things, as kept in agents.notify.
// The zero value is told by the bell in the Desk alone.
type Bell struct {
	Sound   *bool  `json:"sound,omitempty"` // nil: as [HearingUsually] says
	Desktop bool   `json:"desktop"`         // notifications of the browser while the Desk is open
	Private bool   `json:"private"`         // these say that something happened, and not what
	Daily   bool   `json:"daily"`           // a mail a day of what is due
	DailyAt string `json:"daily_at"`
	Weekend bool   `json:"weekend"` // on days on which the shop is closed, too

	Mail  map[string]string `json:"mail,omitempty"`  // by kind of notice: now, later or off; others as [MailByDefault] says
	Quiet *Quiet            `json:"quiet,omitempty"` // when no mail comes; nil: as the shop's settings say

	NewCases string `json:"new_cases,omitempty"` // whose: off, team or all; "": as [HearingUsually] says
	Answered string `json:"answered,omitempty"`  // of which cases: off, mine, team or all; "": as [HearingUsually] says
}

// DefaultDailyAt is when the daily mail leaves where nobody chose a time.
const DefaultDailyAt = "08:30"

var dayTime = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)

// ErrBell says that a choice has another shape than [Bell].
var ErrBell = errors.New("choose {sound, desktop, private, daily, weekend}, each true or false, daily_at as HH:MM, mail {kind: now, later or off}, quiet {from, until} as HH:MM, new_cases (off, team, all) and answered (off, mine, team, all)")

// ParseBell reads a person's choice; nothing and {} are the default. The error
// is [ErrBell].
func ParseBell(raw []byte) (Bell, error) {
	n := Bell{DailyAt: DefaultDailyAt}
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) || bytes.Equal(raw, []byte(`""`)) {
		return n, nil
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&n); err != nil {
		return n, ErrBell
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return n, ErrBell
	}
	if n.DailyAt == "" {
		n.DailyAt = DefaultDailyAt
	}
	if !dayTime.MatchString(n.DailyAt) || n.Quiet.Check() != nil {
		return n, ErrBell
	}
	if !slices.Contains([]string{"", HearOff, HearTeam, HearAll}, n.NewCases) || !slices.Contains([]string{"", HearOff, HearMine, HearTeam, HearAll}, n.Answered) {
		return n, ErrBell
	}
	for kind, when := range n.Mail {
		if MailByDefault(kind) == "" || (when != MailNow && when != MailLater && when != MailOff) {
			return n, ErrBell
		}
	}
	return n, nil
}

// Bell is the person's choice; what can't be read counts as none.
func (a *Agent) Bell() Bell {
	n, err := ParseBell([]byte(a.GetString("notify")))
	if err != nil {
		return Bell{DailyAt: DefaultDailyAt}
	}
	return n
}
