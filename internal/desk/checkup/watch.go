package checkup

import (
	"context"
	"strconv"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/doctor"
)

// watch looks whether somebody hears of what is late, and of what nobody takes.
func (c *Checkup) watch(_ context.Context, s *desk.Settings) []doctor.Finding {
	policies, err := desk.Policies(c.App)
	if err != nil {
		return one("watch", doctor.Fail, "watch_failed", "reason", err.Error())
	}
	chiefs, err := desk.Chiefs(c.App, "")
	if err != nil {
		return one("watch", doctor.Fail, "watch_failed", "reason", err.Error())
	}
	var out []doctor.Finding
	if len(chiefs) == 0 {
		out = append(out, doctor.New("watch", doctor.Warn, "watch_nobody"))
	}
	if len(policies) == 0 {
		out = append(out, doctor.New("watch", doctor.Warn, "watch_late"))
	}
	after := s.Assignment.AlarmAfter
	if after == "" || after == desk.NoAlarm {
		n, err := c.App.CountRecords(desk.Teams, dbx.NewExp("[[alarm_after]] NOT IN ('', 'never')"))
		if err == nil && n == 0 {
			out = append(out, doctor.New("watch", doctor.Warn, "watch_unassigned"))
		}
		after = ""
	}
	if len(out) > 0 {
		return out
	}
	percent := strconv.Itoa(policies[0].WarnAt)
	if after == "" { // each team has a time of its own
		return one("watch", doctor.OK, "watch_teams", "percent", percent)
	}
	return one("watch", doctor.OK, "watch_ok", "percent", percent, "after", after)
}
