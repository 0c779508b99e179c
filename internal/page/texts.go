package page

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"
)

// ErrorKeys are the error keys that a form's Errors may name, each with a text in every locale. Another key is
// shown as "invalid".
func ErrorKeys() []string {
	return []string{"required", "email_invalid", "phone_invalid", "contact_required", "too_long", "file_type",
		"file_size", "file_count", "consent_required", "category_unknown", "members_only", "rate_limited", "network", "offline",
		"server", "invalid", "day_limit", "page_stale"}
}

func loadTexts(fsys fs.FS) (map[string]map[string]string, error) {
	texts := map[string]map[string]string{}
	for _, locale := range Locales() {
		name := "locales/" + locale + ".json"
		raw, err := readFile(fsys, name)
		if err != nil {
			return nil, err
		}
		var table map[string]string
		if err := json.Unmarshal(raw, &table); err != nil {
			return nil, fmt.Errorf("parse %s: %w", name, err)
		}
		texts[locale] = table
	}
	return texts, nil
}

// text falls back to English, so that an override on disk from an older version still makes a page.
func (r *Renderer) text(locale, key string) (string, bool) {
	for _, l := range []string{locale, "en"} {
		if text := r.texts[l][key]; text != "" {
			return text, true
		}
	}
	return "", false
}

// fill replaces each {placeholder} by the value that follows it in args; a missing text is its key.
func (r *Renderer) fill(locale, key string, args []any) string {
	text, ok := r.text(locale, key)
	if !ok {
		return key
	}
	var pairs []string
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, fmt.Sprintf("{%v}", args[i]), plain(args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// plain writes whole numbers with thousands apart (5,000), as all four locales do.
func plain(value any) string {
	n, ok := value.(int)
	if !ok {
		return fmt.Sprint(value)
	}
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// Stamp is a time for machines, RFC 3339 in UTC.
func (p *data) Stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Date is a time in words, in the page's time zone, with the zone's offset: the visitor may be elsewhere.
func (p *data) Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(p.zone())
	clock := t.Format("15:04 ") + offset(t)
	day := t.Format("2006年1月2日")
	switch p.Locale {
	case "zh-TW":
		return t.Format("2006 年 1 月 2 日") + "（" + weekday(t, "日一二三四五六") + "）" + clock
	case "zh-CN":
		return day + "（周" + weekday(t, "日一二三四五六") + "）" + clock
	case "ja":
		return day + "（" + weekday(t, "日月火水木金土") + "）" + clock
	}
	return t.Format("Mon 2 January 2006, ") + clock
}

// offset is a zone as people write it: GMT+8, GMT-3:30, UTC.
func offset(t time.Time) string {
	_, seconds := t.Zone()
	if seconds == 0 {
		return "UTC"
	}
	minutes := max(seconds, -seconds) / 60
	text := fmt.Sprintf("GMT%s%d", t.Format("-07")[:1], minutes/60)
	if minutes%60 != 0 {
		text += fmt.Sprintf(":%02d", minutes%60)
	}
	return text
}

func weekday(t time.Time, names string) string { return string([]rune(names)[t.Weekday()]) }

// Size is a number of bytes in words.
func (p *data) Size(n int64) string {
	switch {
	case n < 1<<10:
		return strconv.FormatInt(max(n, 0), 10) + " B"
	case n < 1<<20:
		return strconv.FormatInt(n>>10, 10) + " KB"
	}
	return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + " MB"
}
