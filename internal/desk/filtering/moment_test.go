package filtering_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
)

// Moments follow the desk's clock, and days are the shop's: late in the evening
// in London it is tomorrow in Taipei.
func TestMoments(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"timezone": "Asia/Taipei"})
	desk.Forget(app, desk.SettingsID)
	zone, err := time.LoadLocation("Asia/Taipei")
	if err != nil {
		t.Fatal(err)
	}
	app.Clock.Set(time.Date(2028, 2, 29, 1, 30, 0, 0, zone)) // still the 28th in UTC
	c := app.Case(nil)
	at := func(text string) {
		t.Helper()
		when, err := time.ParseInLocation("2006-01-02 15:04:05.000", text, zone)
		if err != nil {
			t.Fatal(err)
		}
		app.Put(app.Find(desk.Cases, c.Id), desktest.Values{"due_at": desk.Date(when)})
	}
	for filter, when := range map[string]string{
		`due_at = @now`:                        "2028-02-29 01:30:00.000",
		`due_at = @yesterday`:                  "2028-02-28 01:30:00.000",
		`due_at = @tomorrow`:                   "2028-03-01 01:30:00.000",
		`due_at = @todayStart`:                 "2028-02-29 00:00:00.000",
		`due_at = @todayEnd`:                   "2028-02-29 23:59:59.999",
		`(due_at = @monthStart)`:               "2028-02-01 00:00:00.000",
		`@monthEnd = due_at`:                   "2028-02-29 23:59:59.999",
		`due_at = @yearStart && @hour = 1`:     "2028-01-01 00:00:00.000",
		`due_at=@yearEnd&&@day=29&&@month=2`:   "2028-12-31 23:59:59.999",
		`subject != "\"@now" && due_at = @now`: "2028-02-29 01:30:00.000",
	} {
		at(when)
		f, err := about().Compile(app, filter)
		if err != nil {
			t.Errorf("%s: %v", filter, err)
			continue
		}
		q := app.DB().Select("c.id").From("{{cases}} c").Where(f.Where)
		f.Join(q)
		var ids []string
		if err := q.Column(&ids); err != nil || len(ids) != 1 {
			t.Errorf("%s does not find %s: %v", filter, when, err)
		}
	}
}

// A slip in a name is told with the name that was meant.
func TestNearNames(t *testing.T) {
	app := desktest.New(t)
	for filter, want := range map[string]string{
		`priorty = "high"`:  `did you mean "priority"?`,
		`member_since = ""`: `did you mean "contact.member_since"?`,
		`Status = "open"`:   `did you mean "status"?`,
		`zzzzzzz = 1`:       `in a filter of cases.`,
		`@nowhere = due_at`: `in a filter of cases.`,
		`priority =`:        `texts in quotes`,
	} {
		if _, err := about().Compile(app, filter); err == nil || !strings.HasSuffix(err.Error(), want) && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", filter, err)
		}
	}
}
