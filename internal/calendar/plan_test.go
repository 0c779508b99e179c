package calendar

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestPlanFaults(t *testing.T) {
	week := func(spans ...[2]string) Plan { return Plan{Week: map[string][][2]string{"mon": spans}} }
	many := make([]PlanDay, MaxPlanDays+1)
	for i := range many {
		many[i].Date = Date{2026, 1, 1}.Plus(i).String()
	}
	for name, c := range map[string]struct {
		plan Plan
		want string // field code day
	}{
		"never open":    {Plan{Week: map[string][][2]string{"mon": {}}}, "week never_open "},
		"overlap":       {week([2]string{"09:00", "12:00"}, [2]string{"11:59", "18:00"}), "week overlap mon"},
		"inside out":    {week([2]string{"12:00", "09:00"}), "week order mon"},
		"empty":         {week([2]string{"09:00", "09:00"}), "week order mon"},
		"no time":       {week([2]string{"9:00", "12:00"}), "week time mon"},
		"beyond 24":     {week([2]string{"09:00", "24:01"}), "week time mon"},
		"61 minutes":    {week([2]string{"09:61", "12:00"}), "week time mon"},
		"too many":      {week(manySpans(MaxSpans + 1)...), "week many mon"},
		"unknown day":   {Plan{Week: map[string][][2]string{"monday": {{"09:00", "12:00"}}}}, "week day_unknown "},
		"zone":          {Plan{Timezone: "Mars/Olympus"}, "timezone timezone_unknown "},
		"zone of host":  {Plan{Timezone: "Local"}, "timezone timezone_unknown "},
		"zone as path":  {Plan{Timezone: "../../etc/passwd"}, "timezone timezone_unknown "},
		"country":       {Plan{Country: "DE"}, "country country_unknown "},
		"no date":       {Plan{Days: []PlanDay{{Date: "2026-02-29"}}}, "days date "},
		"far date":      {Plan{Days: []PlanDay{{Date: "9999-01-01"}}}, "days date "},
		"twice":         {Plan{Days: []PlanDay{{Date: "2026-12-31"}, {Date: "2026-12-31"}}}, "days twice 2026-12-31"},
		"long name":     {Plan{Days: []PlanDay{{Date: "2026-12-31", Name: strings.Repeat("年", 101)}}}, "days name 2026-12-31"},
		"two lines":     {Plan{Days: []PlanDay{{Date: "2026-12-31", Name: "a\nb"}}}, "days name 2026-12-31"},
		"day's overlap": {Plan{Days: []PlanDay{{Date: "2026-12-31", Spans: [][2]string{{"09:00", "12:00"}, {"10:00", "11:00"}}}}}, "days overlap 2026-12-31"},
		"many days":     {Plan{Days: many}, "days many "},
	} {
		_, err := c.plan.Calendar(time.UTC)
		var wrong *PlanError
		if !errors.As(err, &wrong) {
			t.Errorf("%s: %v", name, err)
		} else if got := wrong.Field + " " + wrong.Code + " " + wrong.Day; got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func manySpans(n int) (spans [][2]string) {
	for i := range n {
		spans = append(spans, [2]string{fmt.Sprintf("%02d:00", i), fmt.Sprintf("%02d:30", i)})
	}
	return spans
}

func TestPlan(t *testing.T) {
	plan, err := ReadPlan("Asia/Tokyo", "none", []byte(`{"sat": [["13:00", "24:00"], ["09:00", "12:00"], ["12:00", "12:30"]]}`),
		[]byte(`[{"date": "2026-11-23", "name": "Sale", "spans": [["00:00", "24:00"]]}, {"date": "2026-11-28"}]`))
	if err != nil {
		t.Fatal(err)
	}
	c := planned(t, plan)
	for day, want := range map[string]string{
		"2026-11-21": "[09:00-12:30 13:00-24:00]", "2026-11-22": "[]", "2026-11-23": "[00:00-24:00]", "2026-11-28": "[]", "2026-12-05": "[09:00-12:30 13:00-24:00]",
	} {
		if got := fmt.Sprint(c.Spans(date(t, day))); got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
	for _, bad := range [][2]string{{`{"mon": "09:00"}`, ""}, {`[]`, ""}, {"", `{}`}, {"", `[{"date": 1}]`}} {
		if _, err := ReadPlan("", "", []byte(bad[0]), []byte(bad[1])); err == nil {
			t.Errorf("%v is read", bad)
		}
	}
	if _, err := ReadPlan("", "", []byte("null"), []byte("null")); err != nil {
		t.Error(err)
	}
}

// A week with one open day, and none for months: everything still ends.
func TestRarelyOpen(t *testing.T) {
	days := []PlanDay{}
	for d := (Date{2026, 1, 1}); len(days) < MaxPlanDays; d = d.Plus(1) {
		days = append(days, PlanDay{Date: d.String()})
	}
	c := planned(t, Plan{Week: map[string][][2]string{"sun": {{"23:59", "24:00"}}}, Days: days})
	from := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	if got, want := c.Next(from).Format("2006-01-02 15:04"), "2031-06-29 23:59"; got != want {
		t.Errorf("next is %s, want %s", got, want)
	}
	for _, a := range []Amount{{9999, Days}, {9999, Hours}} {
		if got := c.After(from, a); got.Year() != 2126 {
			t.Errorf("%v after: %v", a, got)
		}
		if got := c.Before(from, a); got.Year() != 1926 {
			t.Errorf("%v before: %v", a, got)
		}
	}
	if got := c.Between(from, from.AddDate(5000, 0, 0)); got <= 0 {
		t.Errorf("between: %v", got)
	}
}
