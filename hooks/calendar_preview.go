package hooks

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/calendar"
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// previewDays are the next eight weeks.
const previewDays = 8 * 7

// openDays is how many open days the Desk knows ahead, for its menus.
const openDays = 15

// previewCalendar shows what a calendar would mean that is not saved yet: the next
// eight weeks, a year's public holidays, and by when we'd answer.
func (p *plugin) previewCalendar(e *core.RequestEvent, _ *desk.Agent) error {
	var body struct {
		calendar.Plan
		From string `json:"from"`
		Year int    `json:"year"`
	}
	if err := e.BindBody(&body); err != nil {
		return refuse("week", "calendar_shape", `Write the week as {"mon": [["09:00", "12:00"]]} and days as [{"date": "2026-12-31", "name": "", "spans": []}].`)
	}
	s, err := desk.LoadSettings(p.app)
	if err != nil {
		return err
	}
	hours, err := body.Plan.Calendar(s.Location)
	if errs := planErrors(err); len(errs) > 0 {
		return answer(errs)
	}
	from := desk.Now(p.app)
	if body.From != "" {
		if from, err = time.Parse(time.RFC3339, body.From); err != nil || from.Year() < 1970 || from.Year() > 2200 {
			return refuse("from", "date", "Give a moment like 2026-12-31T09:00:00Z.")
		}
	}
	from = from.In(hours.Location())
	if body.Year == 0 {
		body.Year = from.Year()
	}
	if body.Year < 1970 || body.Year > 2200 {
		return refuse("year", "out_of_range", "Give a year from 1970 to 2200.")
	}
	country := body.Plan.Holidays(hours.Location())
	names := dayNames(body.Plan, country)
	days := make([]map[string]any, previewDays)
	for i := range days {
		days[i] = previewDay(hours, calendar.DateOf(from).Plus(i), names)
	}
	return e.JSON(http.StatusOK, map[string]any{
		"timezone": hours.Location().String(), "open": days, "examples": examples(hours, from, s.AnswerHours),
		"holidays": yearOf(country, body.Year), "from": from.UTC().Format(time.RFC3339), "now_open": hours.Open(from),
	})
}

// dayName is what a day is called, and whether that is a public holiday.
type dayName struct {
	name, english, why string
}

func dayNames(plan calendar.Plan, country string) map[calendar.Date]dayName {
	names := map[calendar.Date]dayName{}
	for _, h := range calendar.Holidays(country) {
		why := "holiday"
		if h.Works() {
			why = "makeup"
		}
		names[h.Date] = dayName{h.Name, h.English, why}
	}
	for _, d := range plan.Days {
		if date, err := calendar.ParseDate(d.Date); err == nil {
			names[date] = dayName{d.Name, d.Name, "single"}
		}
	}
	return names
}

func previewDay(hours *calendar.Calendar, d calendar.Date, names map[calendar.Date]dayName) map[string]any {
	spans := [][2]string{}
	for _, s := range hours.Spans(d) {
		spans = append(spans, s.Texts())
	}
	n := names[d]
	return map[string]any{"date": d.String(), "spans": spans, "name": n.name, "english": n.english, "why": n.why}
}

// examples say by when we'd answer somebody who writes at a moment.
func examples(hours *calendar.Calendar, from time.Time, answerHours int) []map[string]string {
	out := []map[string]string{{"amount": "answer", "by": answerBy(hours, from, answerHours).UTC().Format(time.RFC3339)}}
	for _, a := range []calendar.Amount{{N: 30, Unit: calendar.Minutes}, {N: 4, Unit: calendar.Hours}, {N: 1, Unit: calendar.Days}, {N: 2, Unit: calendar.Days}, {N: 5, Unit: calendar.Days}} {
		out = append(out, map[string]string{"amount": a.String(), "by": hours.After(from, a).UTC().Format(time.RFC3339)})
	}
	return out
}

func answerBy(hours *calendar.Calendar, from time.Time, answerHours int) time.Time {
	s := desk.Settings{Calendar: hours, AnswerHours: answerHours}
	return s.AnswerBy(from)
}

// yearOf lists a country's public holidays in a year, and of which years they are known.
func yearOf(country string, year int) map[string]any {
	list := []map[string]any{}
	for _, h := range calendar.Holidays(country) {
		if h.Date.Year != year {
			continue
		}
		one := map[string]any{"date": h.Date.String(), "name": h.Name, "english": h.English, "works": h.Works()}
		if h.Works() {
			one["for"] = h.For.String()
		}
		list = append(list, one)
	}
	first, last := calendar.KnownYears(country)
	return map[string]any{"country": country, "year": year, "first": first, "last": last, "list": list}
}

// openAhead lists the next days on which the shop is open, today among them, for
// the Desk's menus: a working day is none of the week alone.
func openAhead(hours *calendar.Calendar, now time.Time) []map[string]string {
	today := calendar.DateOf(now.In(hours.Location()))
	out := make([]map[string]string, 0, openDays)
	for i := 0; i < 400 && len(out) < openDays; i++ {
		d := today.Plus(i)
		if opens, closes, ok := hours.Hours(d); ok {
			out = append(out, map[string]string{"day": d.String(), "opens": opens.UTC().Format(time.RFC3339), "closes": closes.UTC().Format(time.RFC3339)})
		}
	}
	return out
}

// worksOn tells of a day, at noon in the shop's zone, whether the shop is open then.
func worksOn(hours *calendar.Calendar) func(time.Time) bool {
	return func(day time.Time) bool { return len(hours.Spans(calendar.DateOf(day))) > 0 }
}

// closesOn tells when a day's work ends, in minutes since midnight: at 18:00 where
// the shop is closed.
func closesOn(hours *calendar.Calendar) func(time.Time) int {
	return func(day time.Time) int {
		if spans := hours.Spans(calendar.DateOf(day)); len(spans) > 0 {
			return spans[len(spans)-1].To
		}
		return 18 * 60
	}
}
