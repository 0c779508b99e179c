package inbox_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/inbox"
)

func TestSearch(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"limits": map[string]any{"email_hour": -1}})
	gold := app.Make(desk.Teams, desktest.Values{"name": "Gold"}).Id
	agent := app.Agent(desk.RoleAgent, "")
	add := func(v desktest.Values) *desk.Case { return app.Case(v) }

	teapot := add(desktest.Values{"email": "anna@example.com", "phone": "0912-345-678", "locale": "zh-TW", "name": "王小明", "subject": "茶壺破了", "message": "收到時壺蓋已經碎裂，請協助退貨。", "order_no": "TW-2026a1"})
	cup := add(desktest.Values{"email": "hanako@example.jp", "phone": "090-1234-5678", "locale": "ja", "name": "山田花子", "subject": "返品について", "message": "カップが割れていました。"})
	osaka := add(desktest.Values{"email": "", "phone": "04-2922-1234", "locale": "ja", "name": "鈴木一郎", "subject": "", "message": "ティーポットの蓋について"})
	rebate := add(desktest.Values{"email": "ben@example.com", "name": "Ben O'Neil", "subject": "100% cotton?", "message": "Is the snake_case towel in stock? C:\\temp"})
	plain := add(desktest.Values{"email": "carl@example.com", "name": "Carl", "subject": "100 cotton bags", "message": "Is the snakeXcase towel in stock?"})
	// mail of one person, phone of another: a contact without addresses
	mixed := add(desktest.Values{"email": "anna@example.com", "phone": "+819012345678", "locale": "en", "name": "Mixed", "subject": "mixed", "message": "mixed"})
	app.Reply(rebate, agent, desktest.Values{"body": "We have it in ultramarine."})
	hidden := add(desktest.Values{"email": "gold@example.com", "name": "Goldie", "subject": "secret bullion", "message": "bullion"})
	app.Put(hidden.Record, desktest.Values{"team": gold})
	receipt := app.Find(desk.Feedbacks, cup.Feedback()).GetString("receipt")
	number := func(c *desk.Case) string { return string(rune('0' + c.Number())) }

	for words, want := range map[string][]*desk.Case{
		number(cup):                 {cup},
		"#" + number(cup):           {cup},
		receipt:                     {cup},
		strings.ToLower(receipt):    {cup},
		"TW-2026a1":                 {teapot},
		" TW-2026a1 ":               {teapot},
		"Anna@Example.COM":          {teapot, mixed},
		"0912345678":                {teapot},
		"０９１２－３４５－６７８":              {teapot},
		"+886 912 345 678":          {teapot},
		"090-1234-5678":             {cup, mixed},
		"04-2922-1234":              {osaka},
		"茶壺":                        {teapot},
		"退貨":                        {teapot},
		"小明":                        {teapot},
		"花子":                        {cup},
		"割れ":                        {cup},
		"蓋":                         {teapot, osaka},
		"壺蓋 退貨":                     {teapot},
		"cotton":                    {rebate, plain},
		"COTTON towel":              {rebate, plain},
		"100%":                      {rebate},
		"snake_case":                {rebate},
		`C:\temp`:                   {rebate},
		"O'Neil":                    {rebate},
		"ultramarine":               {rebate},
		"cotton bags":               {plain},
		"%":                         {rebate},
		"_":                         {rebate},
		"nobody@example.com":        {},
		"99":                        {},
		"zzz":                       {},
		"bullion":                   {},
		number(hidden):              {},
		"gold@example.com":          {},
		"' OR '1'='1":               {},
		"{:v} {{cases}} [[status]]": {},
		"   ":                       {mixed, plain, rebate, osaka, cup, teapot},
	} {
		got := numbers(t, app, agent, inbox.Query{Search: words, Limit: 1})
		wanted := []int{}
		for _, c := range want {
			wanted = append(wanted, c.Number())
		}
		slices.Sort(got)
		slices.Sort(wanted)
		if !slices.Equal(got, wanted) {
			t.Errorf("%q finds %v, want %v", words, got, wanted)
		}
	}
	if got := numbers(t, app, app.Agent(desk.RoleAgent, gold), inbox.Query{Search: "bullion"}); !slices.Equal(got, []int{hidden.Number()}) {
		t.Errorf("the team itself finds %v", got)
	}
	if got := numbers(t, app, agent, inbox.Query{Queue: "done", Search: "茶壺"}); len(got) != 0 {
		t.Errorf("outside of the queue: %v", got)
	}
}
