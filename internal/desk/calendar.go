package desk

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
)

// CalendarOf is the calendar of an id; "", or one that is gone, is the shop's. It
// is kept until calendars or settings change ([ForgetCalendars]).
func CalendarOf(app core.App, id string) (*calendar.Calendar, error) {
	s, err := LoadSettings(app)
	if err != nil {
		return nil, err
	}
	if id == "" {
		return s.Calendar, nil
	}
	return Cached(app, Calendars, id, func(app core.App) (*calendar.Calendar, error) {
		plan, err := readPlan(app, id)
		if err != nil || plan == nil {
			return s.Calendar, err
		}
		return makeCalendar(*plan, s.Location), nil
	})
}

// ForgetCalendars drops what was kept of calendars, the shop's among them.
func ForgetCalendars(app core.App) {
	Forget(app, SettingsID) // holds the shop's
	Forget(app, Calendars)
}

// PlanOf is what a calendar's record says, as read from its fields. The error is a
// [*calendar.PlanError].
func PlanOf(r *core.Record) (calendar.Plan, error) {
	return calendar.ReadPlan(r.GetString("timezone"), r.GetString("country"), []byte(r.GetString("week")), []byte(r.GetString("days")))
}

// HolidayCountries are those whose public holidays the shop's calendars keep.
func HolidayCountries(app core.App, s *Settings) ([]string, error) {
	records, err := app.FindAllRecords(Calendars)
	if err != nil {
		return nil, fmt.Errorf("calendars: %w", err)
	}
	plans := []calendar.Plan{calendar.StandardPlan()}
	for _, r := range records {
		if plan, err := PlanOf(r); err == nil {
			plans = append(plans, plan)
		}
	}
	var out []string
	for _, plan := range plans {
		if country := plan.Holidays(s.Location); country != "" && !slices.Contains(out, country) {
			out = append(out, country)
		}
	}
	return out, nil
}

// readCalendar reads the shop's calendar; the standard one if it has none.
func readCalendar(app core.App, id string, shop *time.Location) (*calendar.Calendar, error) {
	plan, err := readPlan(app, id)
	if err != nil {
		return nil, err
	}
	if plan == nil {
		standard := calendar.StandardPlan()
		plan = &standard
	}
	return makeCalendar(*plan, shop), nil
}

// readPlan is the plan of a calendar; nil if there is none.
func readPlan(app core.App, id string) (*calendar.Plan, error) {
	if id == "" {
		return nil, nil
	}
	r, err := app.FindRecordById(Calendars, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	plan, err := PlanOf(r)
	if err != nil {
		return nil, nil // written past the checks; the line must not stop because of that
	}
	return &plan, nil
}

// makeCalendar makes a plan's calendar; the standard one where it can't be made.
func makeCalendar(plan calendar.Plan, shop *time.Location) *calendar.Calendar {
	if c, err := plan.Calendar(shop); err == nil {
		return c
	}
	c, err := calendar.StandardPlan().Calendar(shop)
	if err != nil {
		panic("the standard calendar is none: " + err.Error())
	}
	return c
}
