package liquid

import (
	"testing"
	"time"
)

func TestDateStyles(t *testing.T) {
	at := time.Date(2026, 11, 4, 8, 5, 9, 0, time.UTC)
	tests := []struct{ locale, dateTime, full, format string }{
		{"zh-TW", "2026年11月4日 08:05", "2026年11月4日（星期三）", "週三 11月 上午"},
		{"zh-CN", "2026年11月4日 08:05", "2026年11月4日（星期三）", "周三 11月 上午"},
		{"ja", "2026年11月4日 08:05", "2026年11月4日（水）", "水 11月 午前"},
		{"en", "4 November 2026, 08:05", "Wednesday, 4 November 2026", "Wed Nov AM"},
	}
	for _, tt := range tests {
		s := style{tt.locale, time.UTC}
		format, err := s.format(at, "%a %b %p")
		if s.dateTime(at) != tt.dateTime || s.full(at) != tt.full || format != tt.format || err != nil {
			t.Errorf("%s: %q, %q, %q, %v", tt.locale, s.dateTime(at), s.full(at), format, err)
		}
	}
	got, err := style{"ja", time.UTC}.format(at, "%Y-%m-%d %y %-m/%-d %e %H:%M:%S %-H %I %-I %A %B %%")
	if want := "2026-11-04 26 11/4  4 08:05:09 8 08 8 水曜日 11月 %"; got != want || err != nil {
		t.Errorf("format = %q, %v; want %q", got, err, want)
	}
}

func TestZoneAndLocaleOfAText(t *testing.T) {
	var v Vars
	v.Case.AnswerBy = time.Date(2026, 11, 24, 15, 30, 0, 0, time.UTC)
	v.Contact.Locale = "ja-JP"
	for _, tt := range []struct {
		locale string
		zone   *time.Location
		want   string
	}{
		{"", nil, "2026年11月24日 15:30"},
		{"", time.FixedZone("", 9*3600), "2026年11月25日 00:30"},
		{"en-GB", time.FixedZone("", -5*3600), "24 November 2026, 10:30"},
	} {
		v.Locale, v.Shop.Location = tt.locale, tt.zone
		if got, err := New().Render("{{ case.answer_by }}", v); got != tt.want || err != nil {
			t.Errorf("%q: %q, %v; want %q", tt.locale, got, err, tt.want)
		}
	}
}

func TestSalutation(t *testing.T) {
	tests := []struct{ locale, name, want string }{
		{"zh-TW", "王小明", "王小明 您好"},
		{"zh-Hant-HK", "陳大文", "陳大文 您好"},
		{"zh", "", "您好"},
		{"zh-TW", "王小姐您好", "王小姐您好"},
		{"zh-CN", "王小明", "王小明，您好"},
		{"zh_Hans", "", "您好"},
		{"ja", "山田太郎", "山田太郎 様"},
		{"ja-JP", "", "お客様"},
		{"ja", "山田様", "山田様"},
		{"ja", "山田さま", "山田さま"},
		{"ja", "山田さん", "山田さん"},
		{"ja", "株式会社山田 御中", "株式会社山田 御中"},
		{"en", "Anna Berg", "Hello Anna Berg"},
		{"en", "Anna Maria  van den Berg", "Hello Anna Maria  van den Berg"},
		{"en", " \u00a0 ", "Hello"},
		{"en", "—", "Hello"},
		{"de", "", "Hello"},
		{"", "มานะ", "Hello มานะ"},
	}
	for _, tt := range tests {
		v := Vars{Locale: tt.locale}
		v.Contact.Name = tt.name
		if got, err := New().Render("{{ contact.salutation }}", v); got != tt.want || err != nil {
			t.Errorf("%s %q: %q, %v; want %q", tt.locale, tt.name, got, err, tt.want)
		}
	}
}
