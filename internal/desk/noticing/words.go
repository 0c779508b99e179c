package noticing

import (
	"fmt"
	"strings"
	"time"
)

// words are those of the daily mail in one language.
type words struct {
	promised, late, today, followUps string
	open, nothing                    string
	count                            func(title string, n int) string
	more                             func(n int) string
	unassigned                       func(n int, more bool) string
	subject                          func(late, today, unassigned int) string
	day                              func(now time.Time) string
	moment                           func(at, now time.Time) string
	why                              func(shop string) string
}

func wordsOf(locale string) words {
	switch locale {
	case "zh-TW":
		return chinese()
	case "ja":
		return japanese()
	}
	return english()
}

// clock is a time: alone on the same day, else with its date.
func clock(at, now time.Time, date string) string {
	if at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return at.Format("15:04")
	}
	return date + " " + at.Format("15:04")
}

func english() words {
	return words{
		promised: "Promised", late: "Late", today: "Due today", followUps: "Follow-ups", open: "Open the Desk:", nothing: "(no subject)",
		count: func(title string, n int) string { return fmt.Sprintf("%s (%d)", title, n) },
		more:  func(n int) string { return fmt.Sprintf("- and %d more", n) },
		unassigned: func(n int, more bool) string {
			if n == 1 {
				return "1 case belongs to nobody yet."
			}
			return fmt.Sprintf("%s cases belong to nobody yet.", number(n, more))
		},
		subject: func(late, today, unassigned int) string {
			return "Your day: " + join(", ", part(late, "%d late"), part(today, "%d due today"), part(unassigned, "%d unassigned"))
		},
		day:    func(now time.Time) string { return now.Format("Monday, 2 January 2006") },
		moment: func(at, now time.Time) string { return clock(at, now, at.Format("2 Jan")) },
		why: func(shop string) string {
			return join(" ", "You chose to get this mail once a day from "+shop+".", "To stop it, open the Desk and change it under your name, “Notices”.")
		},
	}
}

func chinese() words {
	return words{
		promised: "已答應顧客", late: "已逾期", today: "今天到期", followUps: "追蹤提醒", open: "開啟案件台：", nothing: "（無主旨）",
		count: func(title string, n int) string { return fmt.Sprintf("%s（%d 件）", title, n) },
		more:  func(n int) string { return fmt.Sprintf("- 還有 %d 件", n) },
		unassigned: func(n int, more bool) string {
			return fmt.Sprintf("另有 %s 件案件還沒有人負責。", number(n, more))
		},
		subject: func(late, today, unassigned int) string {
			return "今日待辦：" + join("、", part(late, "逾期 %d 件"), part(today, "今天到期 %d 件"), part(unassigned, "未指派 %d 件"))
		},
		day: func(now time.Time) string {
			return now.Format("2006 年 1 月 2 日") + "（" + weekday(now, "日一二三四五六") + "）"
		},
		moment: func(at, now time.Time) string { return clock(at, now, at.Format("1/2")) },
		why: func(shop string) string {
			return "您選擇每天收到一封「" + shop + "」的待辦信。若不想再收，請到案件台，點您的名字，在「通知」裡關閉。"
		},
	}
}

func japanese() words {
	return words{
		promised: "お客様と約束した期日", late: "期限超過", today: "本日期限", followUps: "リマインダー", open: "デスクを開く：", nothing: "（件名なし）",
		count: func(title string, n int) string { return fmt.Sprintf("%s（%d 件）", title, n) },
		more:  func(n int) string { return fmt.Sprintf("- ほか %d 件", n) },
		unassigned: func(n int, more bool) string {
			return fmt.Sprintf("担当者が決まっていない案件が %s 件あります。", number(n, more))
		},
		subject: func(late, today, unassigned int) string {
			return "本日の対応：" + join("、", part(late, "期限超過 %d 件"), part(today, "本日期限 %d 件"), part(unassigned, "未割り当て %d 件"))
		},
		day: func(now time.Time) string {
			return now.Format("2006年1月2日") + "（" + weekday(now, "日月火水木金土") + "）"
		},
		moment: func(at, now time.Time) string { return clock(at, now, at.Format("1/2")) },
		why: func(shop string) string {
			return "このメールは、" + shop + "の対応予定を1日1回お届けする設定により送信しています。停止するには、デスクでご自分の名前を開き、「通知」で変更してください。"
		},
	}
}

func weekday(t time.Time, names string) string { return string([]rune(names)[t.Weekday()]) }

func number(n int, more bool) string {
	if more {
		return fmt.Sprintf("%d+", n)
	}
	return fmt.Sprint(n)
}

func part(n int, form string) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(form, n)
}

func join(with string, parts ...string) string {
	kept := parts[:0]
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, with)
}
