package desk

import (
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
)

// CalendarOf is the calendar of an id; "", or one that is gone, is the shop's.
func CalendarOf(app core.App, id string) (*calendar.Calendar, error) {
	s, err := LoadSettings(app)
	if err != nil {
		return nil, err
	}
	return calendar.New(calendar.Config{Location: s.Location, Week: calendar.Weekdays(9*60, 18*60)})
}
