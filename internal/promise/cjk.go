package promise

import (
	"regexp"
	"strings"
	"time"
)

var cjkUnits = map[string]string{
	"工作天": "working", "工作日": "working", "營業日": "working", "营业日": "working", "営業日": "working",
	"天": "day", "日": "day", "日間": "day", "小時": "hour", "小时": "hour", "時間": "hour", "时间": "hour", "鐘頭": "hour", "钟头": "hour",
	"分鐘": "minute", "分钟": "minute", "分": "minute",
	"週間": "week", "週": "week", "周": "week", "星期": "week", "禮拜": "week", "礼拜": "week",
	"か月": "month", "ヶ月": "month", "カ月": "month", "ケ月": "month", "月": "month",
}

// What stands before a length of time that begins at another moment than now, or
// has gone by.
var (
	cjkElsewhere = regexp.MustCompile(`(?:過去|过去|最近|近|之?[後后]的?|から|より|起|超過|超过|每|過ぎ|自)\s*(?:大?約|大?约|的)?\s*$`)
	cjkLater     = regexp.MustCompile(`^\s*(?:[後后]|以上|前)`)
	cjkRangeLeft = regexp.MustCompile(`(?:至|到|-|から|~)\s*(?:每?(?:週|周|星期|禮拜))?$`)
	cjkRangeOn   = regexp.MustCompile(`^\s*(?:至|到|-|から|・|、)\s*(?:(?:下|這|这|本)?(?:週|周|星期|禮拜|礼拜)?[一二三四五六日末]|[月火水木金土日]曜)`)
)

func cjkRules() []rule {
	return []rule{
		{pattern(`(?:(?:`, cjkNum, `)\s*(?:個|个)?\s*(?:工作天|工作日|營業日|営業日|天|日)?\s*(?:-|至|到|から|或|、)\s*)?(?P<n>`, cjkNum, `)\s*(?:個|个)?\s*(?P<unit>工作天|工作日|營業日|营业日|営業日|天|日間|日|小時|小时|時間|时间|鐘頭|钟头|分鐘|分钟|分|週間|週|周|星期|禮拜|礼拜)\s*(?P<by>`, within, `)?`), false, cjkLength},
		{pattern(`(?P<n>`, cjkNum, `)\s*(?:個|个)?(?P<unit>か月|ヶ月|カ月|ケ月|月)\s*(?P<by>`, within, `)`), true, cjkMonths},
		{pattern(`半(?:個|个)?(?:小時|小时|鐘頭)\s*(?P<by>`, within, `)`), true, func(_ match, w when) (time.Time, verdict) { return in(w, 30, "minute") }},
		{pattern(`(?P<day>今天|今日|本日|今晚|今晩|明天|明日|明晚|明晩|明後日|後天|后天|あさって|あした|翌営業日|下一?(?:個|个)工作[天日])\s*の?\s*`, cjkHour, `\s*(?:下班|打烊|收工|關門|关门|終業|閉店)?(?:時間|时间)?\s*の?\s*(?P<by>(?P<before>`, before, `)|`, within, `|`, during, `)?`), false, cjkDay},
		{pattern(`(?P<week>下下|下|這|这|本)?(?:個|个)?(?:週|周|星期|禮拜|礼拜)(?P<day>[一二三四五六日天])\s*`, cjkHour, `\s*(?P<by>(?P<before>`, before, `)|`, within, `)?`), false, cjkWeekday},
		{pattern(`(?P<week>再来週|来週|今週)?\s*の?\s*(?P<day>[月火水木金土日])曜日?\s*の?\s*`, cjkHour, `\s*(?P<by>(?P<before>`, before, `)|`, during, `)?`), false, cjkWeekday},
		{pattern(`(?P<span>本週|本周|這週|这周|今週|下週|下周|来週|本月|這個月|这个月|今月|下個月|下个月|来月)\s*(?P<edge>底|末)?\s*(?P<by>`, within, `|`, during, `|`, before, `)`), true, cjkSpan},
		{pattern(`(?P<span>月)(?P<edge>底|末)\s*(?P<by>`, before, `)`), true, cjkSpan},
		{pattern(`(?:(?P<year>\d{4})\s*年\s*)?(?P<month>\d{1,2}|[一二三四五六七八九十]{1,2})\s*月\s*(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:日|號|号)?\s*`, aside, cjkHour, `\s*(?P<by>(?P<before>`, before, `)|`, during, `)?`), false, cjkDate},
		{pattern(`(?:(?P<year>\d{4})\s*[/.-]\s*)?(?P<month>\d{1,2})\s*[/]\s*(?P<day>\d{1,2})\s*`, aside, cjkHour, `\s*(?P<by>(?P<before>`, before, `)|`, during, `)`), true, cjkDate},
		{pattern(`(?P<year>\d{4})[/.-](?P<month>\d{1,2})[/.-](?P<day>\d{1,2})\s*`, aside, cjkHour, `\s*(?P<by>(?P<before>`, before, `)|`, during, `)`), true, cjkDate},
		{pattern(`(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})\s*(?:日|號|号)\s*`, aside, cjkHour, `\s*(?P<by>(?P<before>`, before, `)|`, during, `)`), true, cjkDate},
	}
}

// aside is the day of the week beside a date.
const aside = `(?:\([^()]{1,9}\)\s*)?の?\s*`

func cjkLength(m match, w when) (time.Time, verdict) {
	unit := cjkUnits[m.get("unit")]
	if !m.has("by") && unit != "working" {
		return time.Time{}, none
	}
	if cjkElsewhere.MatchString(m.before()) || !m.has("by") && cjkLater.MatchString(m.after()) {
		return time.Time{}, taken
	}
	return in(w, m.num("n"), unit)
}

func cjkMonths(m match, w when) (time.Time, verdict) {
	if m.get("unit") == "月" && !strings.ContainsAny(m.text[m.at[0]:m.at[1]], "個个") {
		return time.Time{}, none // the name of a month
	}
	if cjkElsewhere.MatchString(m.before()) {
		return time.Time{}, taken
	}
	return in(w, m.num("n"), "month")
}

func cjkDay(m match, w when) (time.Time, verdict) {
	days := 0
	switch d := m.get("day"); {
	case d == "今晚" || d == "今晩" || d == "明晚" || d == "明晩":
		if strings.HasPrefix(d, "明") {
			days = 1
		}
		if m.num("hour") < 0 {
			return w.at(days, 21, 0), dated
		}
		if h := m.num("hour"); h < 12 {
			return w.at(days, h+12, max(m.num("min"), 0)), dated
		}
	case strings.HasSuffix(d, "営業日") || strings.Contains(d, "工作"):
		days = w.workdays(1)
	case d == "明天" || d == "明日" || d == "あした":
		days = 1
	case d == "後天" || d == "后天" || d == "明後日" || d == "あさって":
		days = 2
	}
	return on(m, w, days, true)
}

func cjkWeekday(m match, w when) (time.Time, verdict) {
	day := strings.Index("一二三四五六日", m.get("day")) / 3
	if i := strings.Index("月火水木金土日", m.get("day")); i >= 0 {
		day = i / 3
	}
	if m.get("day") == "天" {
		day = 6
	}
	if cjkRangeOn.MatchString(m.after()) || cjkRangeLeft.MatchString(m.before()) {
		return time.Time{}, taken
	}
	weeks := -1
	switch m.get("week") {
	case "下", "来週":
		weeks = 1
	case "下下", "再来週":
		weeks = 2
	case "這", "这", "本", "今週":
		weeks = 0
	}
	return on(m, w, w.weekDays(day, weeks), true)
}

func cjkSpan(m match, w when) (time.Time, verdict) {
	span, by := m.get("span"), m.get("by")
	next := strings.HasPrefix(span, "下") || strings.HasPrefix(span, "来")
	weeks := 0
	if next {
		weeks = 1
	}
	if strings.Contains(span, "月") {
		if !m.has("edge") && strings.Contains(before, by) {
			return time.Time{}, taken // before that month
		}
		return w.end(w.monthEnd(weeks)), dated
	}
	if !m.has("edge") && next && strings.Contains("之前以前前", by) { // before it begins
		return w.end(w.weekDays(4, 0)), dated
	}
	return w.end(w.weekDays(4, weeks)), dated
}

func cjkDate(m match, w when) (time.Time, verdict) {
	month := 0
	if m.has("month") {
		month = m.num("month")
		if month < 1 || month > 12 {
			return time.Time{}, taken
		}
	}
	days, ok := w.date(m.num("year"), month, m.num("day"))
	return on(m, w, days, ok)
}
