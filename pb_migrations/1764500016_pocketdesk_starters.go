package pb_migrations

import (
	"encoding/json"
	"reflect"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/pb_migrations/seed"
)

func init() {
	add(func(app core.App) error {
		triage, err := seed.Triage()
		if err != nil {
			return err
		}
		rows, err := app.FindAllRecords(desk.Rules, dbx.NewExp("[[starter]] != ''"))
		if err != nil {
			return err
		}
		for _, r := range rows {
			at := slices.IndexFunc(triage.Rules, func(row seed.RuleRow) bool { return row.Key == r.GetString("starter") })
			if at < 0 {
				continue
			}
			fields := renamed(r, triage.Rules[at])
			if r.GetString("starter") == "closing" && closesUnasked(r) {
				fields["since"], fields["delay"], fields["looked_until"] = "nudged", "4d", ""
				if r.GetBool("enabled") { // what came of age before stays
					fields["active_from"] = desk.Date(desk.Now(app)).String()
				}
			}
			if len(fields) == 0 {
				continue
			}
			if _, err := app.DB().Update(named(app, desk.Rules), fields, dbx.HashExp{"id": r.Id}).Execute(); err != nil {
				return err
			}
		}
		desk.Forget(app, desk.Rules)
		return nil
	})
}

// starterTexts are names and notes that shops started with before, by rule and
// locale: one that nobody changed becomes what it is now.
func starterTexts() map[string]map[string][]string {
	return map[string]map[string][]string{
		"legal":        {"zh-CN": {"律师函、消费投诉：立刻通知小組負責人"}},
		"safety":       {"zh-CN": {"有人受伤或商品有危险：立刻通知小組負責人"}},
		"press":        {"zh-CN": {"媒体来信：通知小組負責人"}},
		"bulk":         {"zh-CN": {"批量采购：通知小組負責人"}},
		"data_request": {"zh-CN": {"个人信息请求：通知小組負責人"}},
		"unheard":      {"zh-CN": {"写了三次还没人回复：通知小組負責人"}},
		"angry":        {"zh-CN": {"很生气的客户：调高优先级并通知小組負責人"}},
		"closing": {
			"zh-TW": {"七個工作天沒有回音：寄信後結案", "用範本「closing」；顧客再來信，案件會重新開啟。"},
			"zh-CN": {"七个工作日没有回音：发信后结案", "用模板“closing”；客户再来信，案件会重新打开。"},
			"ja":    {"7営業日お返事なし：お知らせして終了", "テンプレート「closing」を使います。お客様から返信があれば再び開きます。"},
			"en":    {"No word for 7 working days: close politely", "With the template “closing”; the case opens again when the visitor writes."},
		},
	}
}

// renamed are the name and the note of a starter rule as they are now, where
// nobody has written his own.
func renamed(r *core.Record, now seed.RuleRow) dbx.Params {
	fields := dbx.Params{}
	if now.Key == "closing" && !closesUnasked(r) { // it is the shop's own by now
		return fields
	}
	for locale, was := range starterTexts()[now.Key] {
		if slices.Contains(was, r.GetString("name")) {
			fields["name"] = now.Names[locale]
		}
		if slices.Contains(was, r.GetString("note")) {
			fields["note"] = now.Notes[locale]
		}
	}
	return fields
}

// closesUnasked tells whether the rule that closes cases is as shops started with
// it, but for whether it is on.
func closesUnasked(r *core.Record) bool {
	var actions, start any
	const asShipped = `[{"do": "answer", "value": {"template": "closing"}}, {"do": "status", "value": "closed"}]`
	if json.Unmarshal([]byte(r.GetString("actions")), &actions) != nil || json.Unmarshal([]byte(asShipped), &start) != nil {
		return false
	}
	var states []string
	if r.UnmarshalJSONField("states", &states) != nil {
		return false
	}
	return r.GetString("event") == "time_passed" && r.GetString("filter") == "" && r.GetString("since") == "" &&
		slices.Contains([]string{"7d", "4d"}, r.GetString("delay")) && slices.Equal(states, []string{"pending"}) && reflect.DeepEqual(actions, start)
}
