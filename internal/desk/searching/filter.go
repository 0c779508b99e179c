package searching

import (
	"slices"
	"strings"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/searchtext"
)

// understand reads the filters of a question. What names nothing is told, and
// narrows nothing.
func (h *hunt) understand(filters []searchtext.Filter) error {
	for _, f := range filters {
		word, condition, err := h.filter(f)
		if err != nil {
			return err
		}
		if condition == "" {
			h.read.Unknown = append(h.read.Unknown, f.Typed)
			continue
		}
		if f.Not {
			condition = "NOT (" + condition + ")"
		}
		h.and(condition)
		h.read.Filters = append(h.read.Filters, ReadFilter{Name: f.Name, Value: word, Typed: f.Typed, Not: f.Not})
	}
	return nil
}

// filter is the condition on cases c for a filter, and the word for its value;
// "" where there is no such thing.
func (h *hunt) filter(f searchtext.Filter) (word, condition string, err error) {
	value := h.x.folder.Fold(f.Value)
	switch f.Name {
	case "from", "to":
		return h.person(f)
	case "category":
		return h.category(value)
	case "team":
		return h.named(desk.Teams, "c.team", value)
	case "assignee":
		return h.assignee(value)
	case "status":
		return h.oneOf("c.status", value, statusWords())
	case "priority":
		return h.oneOf("c.priority", value, priorityWords())
	case "channel":
		return h.channel(value, f.Not)
	case "locale":
		if l := desk.KnownLocale(f.Value); l != "" {
			return l, "c.locale = " + h.param(l), nil
		}
	case "tag":
		return h.tag(f)
	case "before", "after":
		return h.date(f)
	case "is":
		return h.state(value)
	case "has":
		return h.has(value, f.Not)
	}
	return "", "", nil
}

// oneOf is a choice, by its key or the words that people have for it.
func (h *hunt) oneOf(column, value string, words map[string][]string) (word, condition string, err error) {
	for key, names := range words {
		if value == key || slices.ContainsFunc(names, func(n string) bool { return h.x.folder.Fold(n) == value }) {
			return key, column + " = " + h.param(key), nil
		}
	}
	return "", "", nil
}

func statusWords() map[string][]string {
	return map[string][]string{
		desk.Unread:   {"新", "新案件", "新規", "未読", "未讀"},
		desk.Open:     {"處理中", "进行中", "開啟", "対応中", "オープン"},
		desk.Pending:  {"等待顧客", "等待客户", "返信待ち", "お客様待ち"},
		desk.OnHold:   {"hold", "on hold", "onhold", "暫緩", "搁置", "保留"},
		desk.Resolved: {"已解決", "已解决", "解決", "解決済み", "done", "solved"},
		desk.Closed:   {"已關閉", "已关闭", "關閉", "クローズ", "終了"},
	}
}

func priorityWords() map[string][]string {
	return map[string][]string{
		"urgent": {"緊急", "紧急", "急"}, "high": {"高"}, "normal": {"一般", "普通", "中", "medium"}, "low": {"低"},
	}
}

func channelWords() map[string][]string {
	return map[string][]string{
		desk.ChannelForm: {"表單", "表单", "フォーム"}, desk.ChannelEmail: {"mail", "e-mail", "信箱", "郵件", "邮件", "メール"},
		desk.ChannelPhone: {"call", "電話", "电话"}, desk.ChannelSMS: {"簡訊", "短信", "ショートメッセージ"}, desk.ChannelPage: {"追蹤頁", "ページ"},
		desk.ChannelAPI: nil, "chat": nil, "line": nil, "widget": nil, "import": nil,
	}
}

// channel is true of a case with a message of that channel.
func (h *hunt) channel(value string, not bool) (word, condition string, err error) {
	for key, names := range channelWords() {
		if value != key && !slices.ContainsFunc(names, func(n string) bool { return h.x.folder.Fold(n) == value }) {
			continue
		}
		condition = "EXISTS (SELECT 1 FROM " + table(h.x.app, desk.Messages) + ` m WHERE m."case" = c.id AND m.channel = ` + h.param(key) + ")"
		if !not {
			h.drivers = append(h.drivers, driver{quoted(markChannel + key), condition})
		}
		return key, condition, nil
	}
	return "", "", nil
}

// tag is true of a case with a tag that folds to the same. The index knows them;
// of a tag that more cases bear than are ever shown, the newest count.
func (h *hunt) tag(f searchtext.Filter) (word, condition string, err error) {
	token := h.x.tagToken(f.Value)
	if len(token) == len(markTag) {
		return "", "", nil
	}
	condition = "c.number IN (SELECT d.number FROM (SELECT rowid AS id FROM " + desk.SearchTable + " WHERE " + desk.SearchTable + " MATCH " +
		h.param(quoted(token)) + " ORDER BY rowid DESC LIMIT 20000) s JOIN " + desk.SearchDocs + " d ON d.id = s.id)"
	if !f.Not {
		h.drivers = append(h.drivers, driver{quoted(token), condition})
	}
	return f.Value, condition, nil
}

func (h *hunt) has(value string, not bool) (word, condition string, err error) {
	switch value {
	case "file", "files", "attachment", "attachments", "附件", "档案", "文件", "添付", h.x.folder.Fold("添付ファイル"), h.x.folder.Fold("檔案"), h.x.folder.Fold("ファイル"):
		files := `attachments NOT IN ('', '[]')`
		condition = "EXISTS (SELECT 1 FROM " + table(h.x.app, desk.Messages) + ` m WHERE m."case" = c.id AND m.` + files + ") OR EXISTS (SELECT 1 FROM " +
			table(h.x.app, desk.Feedbacks) + " f WHERE f.id = c.feedback AND f." + files + ")"
		if !not {
			h.drivers = append(h.drivers, driver{quoted(markFile), condition})
		}
		return "file", condition, nil
	}
	return "", "", nil
}

func (h *hunt) state(value string) (word, condition string, err error) {
	me := h.q.Agent.Id
	const open = "c.status = 'new' OR c.status = 'open'"
	fold := h.x.folder.Fold
	switch value {
	case "late", "overdue", fold("逾期"), fold("期限切れ"):
		return "late", "(" + open + ") AND c.due_at != '' AND c.due_at < " + h.param(desk.Date(desk.Now(h.x.app)).String()), nil
	case "open", fold("未解決"), fold("處理中"), fold("対応中"):
		return "open", open, nil
	case "waiting", fold("等待中"), fold("待ち"):
		return "waiting", "c.status = 'pending' OR c.status = 'on_hold'", nil
	case "done", "closed", "resolved", fold("已解決"), fold("解決済み"):
		return "done", "c.status = 'resolved' OR c.status = 'closed'", nil
	case "unassigned", fold("未指派"), fold("未割り当て"), fold("担当なし"):
		return "unassigned", "c.assignee = ''", nil
	case "mine", fold("我的"), fold("自分"):
		return "mine", "c.assignee = " + h.param(me), nil
	case "unread", fold("未讀"), fold("未読"):
		if h.x.config.Unread != nil {
			return "unread", h.x.config.Unread(h.x.app, h.q.Agent).Build(h.x.raw(), h.params), nil
		}
	}
	return "", "", nil
}

func (h *hunt) assignee(value string) (word, condition string, err error) {
	fold := h.x.folder.Fold
	switch value {
	case "me", "mine", fold("我"), fold("自分"):
		return "me", "c.assignee = " + h.param(h.q.Agent.Id), nil
	case "none", "nobody", fold("無"), fold("なし"):
		return "none", "c.assignee = ''", nil
	}
	return h.named(desk.Agents, "c.assignee", value)
}

// named is a condition by the name of a record of a small collection.
func (h *hunt) named(collection, column, value string) (word, condition string, err error) {
	if collection == desk.Teams && (value == "none" || value == h.x.folder.Fold("無") || value == "なし") {
		return "none", column + " = ''", nil
	}
	var rows []struct {
		ID   string `db:"id"`
		Name string `db:"name"`
	}
	if err := h.db().Select("id", "name").From(desk.Name(h.x.app, collection)).OrderBy("name").Limit(1_000).WithContext(h.ctx).All(&rows); err != nil {
		return "", "", err
	}
	var ids, names []string
	for pass := range 2 { // the whole name first, then a part of it
		for _, r := range rows {
			name := h.x.folder.Fold(r.Name)
			if pass == 0 && (name == value || r.ID == value) || pass == 1 && value != "" && strings.Contains(name, value) {
				ids, names = append(ids, r.ID), append(names, r.Name)
			}
		}
		if len(ids) > 0 {
			return strings.Join(names, ", "), column + " IN (" + h.list(ids) + ")", nil
		}
	}
	return "", "", nil
}

// category is one by its key or its label in any language.
func (h *hunt) category(value string) (word, condition string, err error) {
	if value == "none" || value == h.x.folder.Fold("無") || value == "なし" {
		return "none", "c.category = ''", nil
	}
	rows, err := h.x.app.FindAllRecords(desk.Categories)
	if err != nil {
		return "", "", err
	}
	var ids []string
	for pass := range 2 {
		for _, r := range rows {
			labels := desk.Text{}
			_ = r.UnmarshalJSONField("labels", &labels)
			hit := r.Id == value
			for _, l := range labels {
				folded := h.x.folder.Fold(l)
				hit = hit || folded == value || pass == 1 && value != "" && strings.Contains(folded, value)
			}
			if hit {
				ids = append(ids, r.Id)
			}
		}
		if len(ids) > 0 {
			return strings.Join(ids, ", "), "c.category IN (" + h.list(ids) + ")", nil
		}
	}
	return "", "", nil
}

func (h *hunt) list(values []string) string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = h.param(v)
	}
	return strings.Join(names, ", ")
}

// date bounds when the case was opened (before), or when it last heard
// something (after), by days in the shop's time.
func (h *hunt) date(f searchtext.Filter) (word, condition string, err error) {
	s, err := desk.LoadSettings(h.x.app)
	if err != nil {
		return "", "", err
	}
	day, ok := dayOf(h.x.folder.Fold(f.Value), desk.Now(h.x.app).In(s.Location))
	if !ok {
		return "", "", nil
	}
	at := h.param(desk.Date(day).String())
	word = day.Format(time.DateOnly)
	if f.Name == "before" {
		return word, "c.created < " + at, nil
	}
	return word, "c.created >= " + at + " OR c.last_in_at >= " + at, nil
}

// dayOf reads 2026-11-22, 2026/11/22, 20261122, 11-22, 2026-11, 2026, 2026年11月22日,
// 3d, 2w, today and yesterday.
func dayOf(value string, now time.Time) (time.Time, bool) {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	switch value {
	case "today", "今天", "今日":
		return today, true
	case "yesterday", "昨天", "昨日":
		return today.AddDate(0, 0, -1), true
	}
	if n := len(value); n >= 2 && n <= 4 && strings.IndexFunc(value[:n-1], func(r rune) bool { return r < '0' || r > '9' }) < 0 {
		count := 0
		for _, r := range value[:n-1] {
			count = count*10 + int(r-'0')
		}
		switch value[n-1] {
		case 'd':
			return today.AddDate(0, 0, -count), true
		case 'w':
			return today.AddDate(0, 0, -7*count), true
		}
	}
	plain := strings.Trim(strings.NewReplacer("/", "-", ".", "-", "年", "-", "月", "-", "日", "").Replace(value), "-")
	for _, layout := range []string{"2006-1-2", "20060102", "2006-1", "2006"} {
		if t, err := time.ParseInLocation(layout, plain, now.Location()); err == nil {
			return t, true
		}
	}
	if t, err := time.ParseInLocation("1-2", plain, now.Location()); err == nil {
		t = t.AddDate(now.Year(), 0, 0)
		if t.After(now) {
			t = t.AddDate(-1, 0, 0)
		}
		return t, true
	}
	return time.Time{}, false
}
