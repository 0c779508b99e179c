package searching_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/searching"
)

// shop is a desk with cases to be found.
type shop struct {
	*desktest.App
	agent, boss, golden                      *desk.Agent
	gold                                     string
	teapot, cup, osaka, rebate, plain, mixed *desk.Case
	hidden                                   *desk.Case
}

func openShop(t *testing.T) *shop {
	app := desktest.New(t)
	app.Choose(desktest.Values{"limits": map[string]any{"email_hour": -1}})
	s := &shop{App: app}
	app.Search.Start() // nothing is there yet: it is ready at once
	t.Cleanup(app.Search.Stop)
	ready(t, app)
	s.gold = app.Make(desk.Teams, desktest.Values{"name": "Gold"}).Id
	s.agent, s.boss, s.golden = app.Agent(desk.RoleAgent, ""), app.Agent(desk.RoleSupervisor, ""), app.Agent(desk.RoleAgent, s.gold)
	add := func(v desktest.Values) *desk.Case {
		app.Clock.Advance(time.Hour)
		return app.Case(v)
	}
	s.teapot = add(desktest.Values{"email": "anna@example.com", "phone": "0912-345-678", "locale": "zh-TW", "name": "王小明", "subject": "茶壺破了", "message": "收到時壺蓋已經碎裂，請協助退貨。", "order_no": "TW-2026a1"})
	s.cup = add(desktest.Values{"email": "hanako@example.jp", "phone": "090-1234-5678", "locale": "ja", "name": "山田　花子", "subject": "返品について", "message": "ｶｯﾌﾟが割れていました。プリンターも壊れた。"})
	s.osaka = add(desktest.Values{"email": "", "phone": "04-2922-1234", "locale": "ja", "name": "鈴木一郎", "subject": "", "message": "ティーポットの蓋について"})
	s.rebate = add(desktest.Values{"email": "ben@example.com", "name": "Ben O'Neil", "subject": "100% cotton?", "message": "Is the snake_case towel in stock? C:\\temp", "order_no": "A-10023"})
	s.plain = add(desktest.Values{"email": "carl@example.com", "name": "Carl", "subject": "100 cotton bags", "message": "Are the snakeXcase towels in stock? I want a refund."})
	// mail of one person, phone of another: a contact without addresses
	s.mixed = add(desktest.Values{"email": "anna@example.com", "phone": "+819012345678", "locale": "en", "name": "Mixed", "subject": "mixed", "message": "mixed"})
	app.Reply(s.rebate, s.agent, desktest.Values{"body": "We have it in ultramarine."})
	s.hidden = add(desktest.Values{"email": "gold@example.com", "name": "Goldie", "subject": "secret bullion", "message": "bullion 退貨", "order_no": "G-777"})
	app.Put(s.hidden.Record, desktest.Values{"team": s.gold})
	return s
}

func (s *shop) numbers(cases ...*desk.Case) []int {
	out := []int{}
	for _, c := range cases {
		out = append(out, c.Number())
	}
	return sorted(out)
}

func TestFind(t *testing.T) {
	s := openShop(t)
	receipt := s.Find(desk.Feedbacks, s.cup.Feedback()).GetString("receipt")
	number := func(c *desk.Case) string { return strconv.Itoa(c.Number()) }
	c := func(cases ...*desk.Case) []*desk.Case { return cases }
	for words, want := range map[string][]*desk.Case{
		number(s.cup):                        c(s.cup),
		"#" + number(s.cup):                  c(s.cup),
		"＃" + number(s.cup):                  c(s.cup),
		receipt:                              c(s.cup),
		strings.ToLower(receipt):             c(s.cup),
		strings.Replace(receipt, "-", "", 1): c(s.cup),
		"TW-2026a1":                          c(s.teapot),
		"tw2026A1":                           c(s.teapot),
		"2026a1":                             c(s.teapot),
		"A10023":                             c(s.rebate),
		"10023":                              c(s.rebate),
		"Anna@Example.COM":                   c(s.teapot, s.mixed),
		"0912345678":                         c(s.teapot),
		"０９１２－３４５－６７８":                       c(s.teapot),
		"+886 912 345 678":                   c(s.teapot),
		"345678":                             c(s.teapot, s.cup),
		"0912345":                            c(s.teapot),
		"090-1234-5678":                      c(s.cup, s.mixed),
		"04-2922-1234":                       c(s.osaka),
		"茶壺":                                 c(s.teapot),
		"茶壶":                                 c(s.teapot),
		"退貨":                                 c(s.teapot),
		"退货":                                 c(s.teapot),
		"小明":                                 c(s.teapot),
		"王小明 壺蓋":                             c(s.teapot),
		"茶壺 壺蓋":                              c(s.teapot),
		"花子":                                 c(s.cup),
		"山田花子":                               c(s.cup),
		"割れ":                                 c(s.cup),
		"カップ":                                c(s.cup),
		"かっぷ":                                c(s.cup),
		"ﾌﾟﾘﾝﾀｰ":                             c(s.cup),
		"プリンターが":                             c(),
		"蓋":                                  c(s.teapot, s.osaka),
		"壺蓋 退貨":                              c(s.teapot),
		"壺退":                                 c(),
		"cotton":                             c(s.rebate, s.plain),
		"COTTON towel":                       c(s.rebate, s.plain),
		"\"cotton bags\"":                    c(s.plain),
		"“bags cotton”":                      c(),
		"cotton -bags":                       c(s.rebate),
		"cotton -ultramarine":                c(s.plain),
		"ultramarine cotton":                 c(s.rebate),
		"refun":                              c(s.plain),
		"snake_case":                         c(s.rebate),
		`C:\temp`:                            c(s.rebate),
		"O'Neil":                             c(s.rebate),
		"ultramarine":                        c(s.rebate),
		"%":                                  c(),
		"nobody@example.com":                 c(),
		"example.com":                        c(s.teapot, s.rebate, s.plain),
		"99":                                 c(),
		"zzz":                                c(),
		"bullion":                            c(),
		"goldie":                             c(),
		"G-777":                              c(),
		number(s.hidden):                     c(),
		"gold@example.com":                   c(),
		"' OR '1'='1":                        c(),
		`" OR *`:                             c(),
		"{:v} {{cases}} [[status]]":          c(),
		"NEAR(a b) AND words:x":              c(),
		"   ":                                c(),
		"from:anna@example.com":              c(s.teapot, s.mixed),
		"from:小明 退貨":                         c(s.teapot),
		"寄件人：小明":                             c(s.teapot),
		"from:ben cotton":                    c(s.rebate),
		"from:0912345678":                    c(s.teapot),
		"-from:ben cotton":                   c(s.plain),
		"cotton to:ben":                      c(s.rebate),
		"to:carl":                            c(),
		"locale:ja":                          c(s.cup, s.osaka),
		"蓋 locale:ja":                        c(s.osaka),
		"is:open 蓋":                          c(s.teapot, s.osaka),
		"is:done 蓋":                          c(),
		"is:waiting":                         c(),
		"assignee:none cotton":               c(s.plain),
		"assignee:me":                        c(s.rebate),
		"channel:email ultramarine":          c(s.rebate),
		"has:file":                           c(),
		"before:2020-01-01":                  c(),
		"after:2020-01-01 蓋":                 c(s.teapot, s.osaka),
		"status:新 蓋":                         c(s.teapot, s.osaka),
		"priority:urgent":                    c(),
		"team:gold":                          c(),
	} {
		if got, wanted := sorted(search(t, s.App, s.agent, words)), s.numbers(want...); !slices.Equal(got, wanted) {
			t.Errorf("%q finds %v, want %v", words, got, wanted)
		}
	}
	for _, words := range []string{"bullion", "goldie", "G777", "gold@example.com", number(s.hidden), "team:Gold", "退貨 team:gold"} {
		for _, agent := range []*desk.Agent{s.golden, s.boss} {
			if got := search(t, s.App, agent, words); !slices.Equal(got, s.numbers(s.hidden)) {
				t.Errorf("%q by %s finds %v", words, agent.Role(), got)
			}
		}
	}
	whole(t, s.App)
}

func TestFindNarrowed(t *testing.T) {
	s := openShop(t)
	done := dbx.NewExp("[[c.status]] = {:status}", dbx.Params{"status": "closed"})
	if a := ask(t, s.App, searching.Question{Agent: s.agent, Text: "茶壺", Where: done}); len(a.Items) != 0 {
		t.Errorf("outside of the queue: %v", a.Items)
	}
	s.Put(s.teapot.Record, desktest.Values{"status": "closed"})
	if a := ask(t, s.App, searching.Question{Agent: s.agent, Text: "茶壺", Where: done}); len(a.Items) != 1 {
		t.Errorf("inside of the queue: %v", a.Items)
	}
}

func TestUnderstood(t *testing.T) {
	s := openShop(t)
	a := ask(t, s.App, searching.Question{Agent: s.agent, Text: "cotton -bags category:nothing is:purple from:ben -is:done before:someday"})
	u := a.Understood
	if !slices.Equal(u.Words, []string{"cotton"}) || !slices.Equal(u.Not, []string{"bags"}) ||
		!slices.Equal(u.Unknown, []string{"category:nothing", "is:purple", "before:someday"}) || len(u.Filters) != 2 || !u.Filters[1].Not || u.Building != nil {
		t.Errorf("understood %+v", u)
	}
	if got := numbersOf(t, s.App, a); !slices.Equal(got, s.numbers(s.rebate)) {
		t.Errorf("found %v", got)
	}
}

func TestSnippets(t *testing.T) {
	s := openShop(t)
	a := ask(t, s.App, searching.Question{Agent: s.agent, Text: "かっぷ"})
	if len(a.Items) != 1 || len(a.Items[0].Hits) != 1 {
		t.Fatalf("found %+v", a.Items)
	}
	if h := a.Items[0].Hits[0]; h.Kind != "in" || h.Message == "" || shown(h) != "[ｶｯﾌﾟ]が割れていました。プリンターも壊れた。" {
		t.Errorf("hit %+v", h)
	}
	a = ask(t, s.App, searching.Question{Agent: s.agent, Text: "ben ultramarine"})
	var all []string
	for _, h := range a.Items[0].Hits {
		all = append(all, h.Kind+" "+shown(h))
	}
	if !slices.Contains(all, "out We have it in [ultramarine].") || !slices.Contains(all, "name [Ben] O'Neil") {
		t.Errorf("hits %q", all)
	}
	for words, kind := range map[string]string{"0912345678": "phone", "anna@example.com": "email", "A10023": "order"} {
		a := ask(t, s.App, searching.Question{Agent: s.agent, Text: words})
		if len(a.Items) == 0 || !slices.ContainsFunc(a.Items[0].Hits, func(h searching.Hit) bool { return h.Kind == kind }) {
			t.Errorf("%s: %+v", words, a.Items)
		}
	}
}

// Pages hold each case once, in one order, also when new ones come meanwhile.
func TestPages(t *testing.T) {
	s := openShop(t)
	for i := range 30 {
		s.Clock.Advance(time.Hour)
		s.Case(desktest.Values{"email": "many" + strconv.Itoa(i) + "@example.com", "message": "one more kettle"})
	}
	first := search(t, s.App, s.agent, "kettle")
	if len(first) != 30 || !slices.IsSortedFunc(first, func(a, b int) int { return b - a }) {
		t.Fatalf("newest first: %v", first)
	}
	var got []int
	cursor := ""
	for range 10 {
		a := ask(t, s.App, searching.Question{Agent: s.agent, Text: "kettle", Limit: 7, Cursor: cursor})
		got = append(got, numbersOf(t, s.App, a)...)
		s.Case(desktest.Values{"email": "late" + strconv.Itoa(len(got)) + "@example.com", "message": "a late kettle"})
		if cursor = a.Next; cursor == "" {
			break
		}
	}
	if !slices.Equal(got, first) {
		t.Errorf("pages give %v, want %v", got, first)
	}
	if _, err := s.Search.Find(t.Context(), searching.Question{Agent: s.agent, Text: "x", Cursor: "!"}); err != searching.ErrCursor {
		t.Errorf("a made-up cursor: %v", err)
	}
}

// Words that many messages have are found together in one message, and apart in
// different ones of the same case.
func TestCommonWords(t *testing.T) {
	s := openShop(t)
	contact := s.mixed.Contact()
	err := s.Commit.Do(func(tx core.App) error {
		for i := range 2_200 {
			body := "一般的毛巾"
			if i%2 == 1 {
				body = "普通の枕頭"
			}
			m, err := desk.NewMessage(tx, s.mixed.Id)
			if err != nil {
				return err
			}
			for name, v := range map[string]any{"direction": "in", "channel": "email", "contact": contact, "body": body} {
				m.Set(name, v)
			}
			if err := desk.Save(tx, m.Record); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	both := s.Case(desktest.Values{"email": "both@example.com", "message": "毛巾和枕頭都破了"})
	expect(t, s.App, s.agent, "毛巾 枕頭", both, s.mixed)
	expect(t, s.App, s.agent, "毛巾", both, s.mixed)
	expect(t, s.App, s.agent, "巾", both, s.mixed)
	expect(t, s.App, s.agent, "from:mixed 毛巾 枕头", s.mixed)
	expect(t, s.App, s.agent, "毛巾 枕頭 -普通", both)
	if a := ask(t, s.App, searching.Question{Agent: s.agent, Text: "毛巾 枕頭"}); !a.More {
		t.Error("older cases were not looked at, and nothing says so")
	}
}

// A search whose time is over says so instead of failing.
func TestPatience(t *testing.T) {
	s := openShop(t)
	x := searching.New(s.App, searching.Config{Commit: s.Commit, Patience: 1})
	a, err := x.Find(t.Context(), searching.Question{Agent: s.agent, Text: "cotton"})
	if err != nil || !a.TimedOut || !a.More {
		t.Errorf("%+v, %v", a, err)
	}
}
