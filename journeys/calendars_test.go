package journeys

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// The owner gives the shop hours with a lunch break, takes closures from a file,
// sees by when it would answer, and goes by these hours from then on.
func TestOpeningHours(t *testing.T) {
	byway(t)
	s := openShop(t)
	next := time.Now().Year() + 1
	file := filepath.Join(t.TempDir(), "days.ics")
	day := time.Date(next, 2, 13, 0, 0, 0, 0, time.UTC)
	text := "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:" + day.Format("20060102") + "\r\nDTEND;VALUE=DATE:" + day.AddDate(0, 0, 2).Format("20060102") + "\r\nSUMMARY:員工旅遊\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx := browser(t, "zh-TW", 1440, 1000)
	signIn(t, ctx, s)
	do(t, ctx,
		chromedp.WaitVisible(`a[href="#/desk"]`),
		until(`(location.hash = "#/settings/desk/calendars", true)`),
		chromedp.WaitVisible(".pd-cal-by strong"),
		chromedp.Click(".pd-settings-intro .pd-btn-primary"),
		chromedp.WaitVisible(".pd-cal-day"),
		chromedp.SendKeys(".pd-record.is-open .pd-form-grid > .pd-field:first-child input[maxlength=\"100\"]", "門市"),
		chromedp.Click(".pd-cal-day:first-child .ri-restaurant-line"),
		until(`document.querySelectorAll(".pd-cal-day:first-child .pd-cal-time").length == 4`),
		chromedp.Click(".pd-cal-week > button"),
		until(`document.querySelectorAll(".pd-cal-time").length == 20`),
		chromedp.SetUploadFiles(".pd-cal-import input[type=file]", []string{file}),
		chromedp.WaitVisible(".pd-cal-import .pd-cal-adder"),
		chromedp.Click(".pd-cal-import .pd-cal-adder .ri-check-line"),
		until(`document.querySelectorAll(".pd-cal-days > .pd-cal-runs > li").length == 1`),
		until(`document.querySelectorAll(".pd-cal-weeks .pd-cal-cell.is-open").length > 20`),
	)
	shot(t, ctx, "calendars")
	do(t, ctx, // a day that is typed but not added: what is missing is said, then it goes along
		chromedp.Click(".pd-cal-buttons > button"),
		chromedp.SendKeys(`.pd-cal-adder input[maxlength="100"]`, "盤點"),
		chromedp.Click(".pd-record.is-open .pd-form-foot .pd-btn-primary"),
		chromedp.WaitVisible(".pd-cal-adder .pd-field-error"),
		until(`(() => {
			const el = document.querySelector(".pd-cal-adder input[type=date]");
			el.value = "`+day.AddDate(0, 1, 0).Format(time.DateOnly)+`";
			el.dispatchEvent(new Event("input", { bubbles: true }));
			return true;
		})()`),
		chromedp.Click(".pd-record.is-open .pd-form-foot .pd-btn-primary"),
		until(`document.querySelectorAll(".pd-cal-shop option").length == 2`),
		chromedp.WaitVisible(".pd-record-line .pd-chip"), // the first one is the shop's
		until(`document.querySelector(".pd-cal-shop select").selectedIndex == 1`),
	)
	raw, err := json.Marshal(s.call(http.MethodGet, "/api/collections/calendars/records", nil))
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Items []struct {
			Name string
			Week map[string][][2]string
			Days []struct{ Date, Name string }
		}
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	if len(list.Items) != 1 {
		t.Fatalf("%d calendars", len(list.Items))
	}
	c := list.Items[0]
	if c.Name != "門市" || len(c.Week["fri"]) != 2 || c.Week["fri"][0][1] != "12:00" || len(c.Week["sat"]) != 0 {
		t.Errorf("%+v", c)
	}
	if len(c.Days) != 3 || c.Days[2].Name != "盤點" || c.Days[1].Date != day.AddDate(0, 0, 1).Format(time.DateOnly) || c.Days[0].Name != "員工旅遊" {
		t.Errorf("%+v", c.Days)
	}
}
