package filtering

import (
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	pbsearch "github.com/pocketbase/pocketbase/tools/search"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// ours stands before the moments that we find out ourselves: by the desk's clock,
// and days as the shop has them. PocketBase's own know the machine's clock and UTC.
const ours = "@shop."

// moments are what words such as @now stand for at a time in the shop's zone.
func moments(t time.Time) map[string]any {
	return map[string]any{
		"now": t, "yesterday": t.AddDate(0, 0, -1), "tomorrow": t.AddDate(0, 0, 1),
		"todayStart": day(t, 0, 0), "todayEnd": last(day(t, 0, 1)),
		"monthStart": day(t, 0, 1-t.Day()), "monthEnd": last(day(t, 1, 1-t.Day())),
		"yearStart": day(t, 1-int(t.Month()), 1-t.Day()), "yearEnd": last(day(t, 13-int(t.Month()), 1-t.Day())),
		"second": t.Second(), "minute": t.Minute(), "hour": t.Hour(), "day": t.Day(), "month": int(t.Month()),
		"weekday": int(t.Weekday()), "year": t.Year(),
	}
}

// day is the beginning of a day, some months and days away.
func day(t time.Time, months, days int) time.Time {
	return time.Date(t.Year(), t.Month()+time.Month(months), t.Day()+days, 0, 0, 0, 0, t.Location())
}

// last is the last moment before a time.
func last(t time.Time) time.Time { return t.Add(-time.Millisecond) }

// named has a filter name our own moments. The text stays the same from one time
// to the next, so that PocketBase reads it once.
func named(filter string) string {
	if !strings.Contains(filter, "@") {
		return filter
	}
	known := moments(time.Time{})
	var out strings.Builder
	var q quotes
	for i := range len(filter) {
		c := filter[i]
		out.WriteByte(c)
		if !q.inside(c) && c == '@' && known[word(filter[i+1:])] != nil {
			out.WriteString(ours[1:])
		}
	}
	return out.String()
}

// word is the name that a text begins with.
func word(s string) string {
	end := strings.IndexFunc(s, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' && c != '.' && c != ':'
	})
	if end < 0 {
		return s
	}
	return s[:end]
}

// moment resolves one of our names.
func moment(app core.App, name string) (*pbsearch.ResolverResult, error) {
	s, err := desk.LoadSettings(app)
	if err != nil {
		return nil, err
	}
	value := moments(desk.Now(app).In(s.Location))[name]
	if t, ok := value.(time.Time); ok {
		value = desk.Date(t).String()
	}
	param := "moment_" + name
	return &pbsearch.ResolverResult{Identifier: "{:" + param + "}", Params: dbx.Params{param: value}}, nil
}
