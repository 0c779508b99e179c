package problems_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/casework"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/problems"
	"github.com/pocketdesk/pocketdesk/internal/liquid"
	"github.com/pocketdesk/pocketdesk/internal/mail/mailtest"
)

// shop is an app with the station as the plugin builds it.
type shop struct {
	*desktest.App
	t       testing.TB
	station *problems.Station
	boss    *desk.Agent
	// broken, when set, is asked before each letter is saved; rendered is told of each.
	broken   func() error
	rendered func()
}

func newShop(t testing.TB) *shop {
	t.Helper()
	s := &shop{App: desktest.New(t), t: t}
	s.UseSMTP(mailtest.NewServer(t, mailtest.Script{}))
	s.Choose(desktest.Values{"ack_enabled": false})
	s.boss = s.Agent(desk.RoleSupervisor, "")
	s.station = s.newStation()
	return s
}

// newStation is the station as the plugin builds it.
func (s *shop) newStation() *problems.Station {
	return problems.New(s, problems.Config{
		Commit: s.Commit, Address: casework.ReplyAddress, Kick: func() {},
		Render: func(app core.App, d problems.Draft) (problems.Letter, error) {
			if s.rendered != nil {
				s.rendered()
			}
			p, err := s.Work.Preview(app, casework.Draft{Case: d.Case, Agent: d.Agent, Template: d.Template, Subject: d.Subject, Body: d.Body, Problem: liquid.Problem{Reward: d.Reward}})
			return problems.Letter{Subject: p.Subject, Body: p.Body, Locale: p.Locale, Empty: p.Empty}, err
		},
		Write: func(app core.App, e problems.Entry) (func(core.App) error, error) {
			w, err := s.Work.Write(app, casework.Entry{Case: e.Case, Agent: e.Agent, Message: e.Message, Status: e.Status, Leave: true})
			if err != nil {
				return nil, err
			}
			return func(tx core.App) error {
				if err := w.Save(tx); err != nil || s.broken == nil {
					return err
				}
				return s.broken()
			}, nil
		},
	})
}

// reported is a case of a fault at the checkout.
func (s *shop) reported(name, email, locale, text string) *desk.Case {
	s.t.Helper()
	s.Clock.Advance(time.Minute)
	return s.Case(desktest.Values{"name": name, "email": email, "locale": locale, "subject": "", "message": text})
}

func (s *shop) problem(v desktest.Values) string {
	s.t.Helper()
	v["title"], v["state"] = "Card payment stops", problems.Open
	return s.Make(desk.Problems, v).Id
}

func (s *shop) link(problem string, cases ...*desk.Case) {
	s.t.Helper()
	var ids []string
	for _, c := range cases {
		ids = append(ids, c.Id)
	}
	if err := s.station.Link(problem, ids, s.boss); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) tell() {
	s.t.Helper()
	if err := s.station.Tell(context.Background()); err != nil {
		s.t.Fatal(err)
	}
}

// letters are the mails to those who reported it, by the case.
func (s *shop) letters() map[string]string {
	s.t.Helper()
	out := map[string]string{}
	for _, r := range s.All(desk.Messages, desktest.Values{"direction": desk.Out}) {
		if before, twice := out[r.GetString("case")]; twice {
			s.t.Errorf("a case got two letters:\n%s\n%s", before, r.GetString("body"))
		}
		out[r.GetString("case")] = r.GetString("body")
	}
	return out
}

// Three people report one fault, one of them twice. When it is mended each gets
// one letter in the own language with a code of the own; the case is resolved.
func TestAllWhoReportedAreToldOnce(t *testing.T) {
	s := newShop(t)
	ming := s.reported("王小明", "ming@example.com", "zh-TW", "結帳刷卡失敗，一直停在處理中")
	again := s.reported("王小明", "ming@example.com", "zh-TW", "還是不能刷卡，結帳一直失敗")
	hana := s.reported("佐藤花", "hana@example.jp", "ja", "決済画面が処理中のまま進みません")
	tom := s.reported("Tom", "tom@example.org", "en", "card payment stops at processing")
	problem := s.problem(desktest.Values{"reward": map[string]any{"codes": []string{"AAA", "BBB", "CCC", "DDD"}}})
	s.link(problem, ming, again, hana, tom)

	preview, err := s.station.Preview(problems.Fixing{Problem: problem, Agent: s.boss})
	if err != nil || preview.People != 3 || len(preview.Letters) != 3 || preview.Codes != 4 || len(preview.Skipped) != 1 || preview.Skipped[0].Why != "same" {
		t.Fatalf("%+v %v", preview, err)
	}
	if n := len(s.letters()); n > 0 {
		t.Fatalf("a preview sent %d letters", n)
	}
	if err := s.station.Fix(problems.Fixing{Problem: problem, Agent: s.boss, Resolve: true}); err != nil {
		t.Fatal(err)
	}
	s.tell()
	s.tell()
	got, codes := s.letters(), map[string]bool{}
	if len(got) != 3 || got[ming.Id] != "" {
		t.Fatalf("letters %v", got)
	}
	for id, words := range map[string]string{again.Id: "已經修復", hana.Id: "不具合が解消", tom.Id: "is fixed"} {
		if !strings.Contains(got[id], words) {
			t.Errorf("%s", got[id])
		}
		for _, code := range []string{"AAA", "BBB", "CCC", "DDD"} {
			if strings.Contains(got[id], code) {
				codes[code] = true
			}
		}
		c := desk.AsCase(s.Find(desk.Cases, id))
		if c.Status() != desk.Resolved || c.GetString("problem_told") != problem || c.Assignee() != "" {
			t.Errorf("case %d is %s, told %q", c.Number(), c.Status(), c.GetString("problem_told"))
		}
	}
	if len(codes) != 3 {
		t.Errorf("codes %v", codes)
	}
	p := s.Find(desk.Problems, problem)
	if p.GetDateTime("told_at").IsZero() || p.GetString("state") != problems.Fixed {
		t.Errorf("state %s, told at %s", p.GetString("state"), p.GetString("told_at"))
	}
	s.listed(problem)
	late := s.reported("Eva", "eva@example.org", "en", "the card payment stops at processing for me too")
	s.link(problem, late)
	if err := s.station.Fix(problems.Fixing{Problem: problem, Agent: s.boss}); err != nil {
		t.Fatal(err)
	}
	s.tell()
	if got = s.letters(); len(got) != 4 || got[late.Id] == "" {
		t.Errorf("later reporters: %d letters", len(got))
	}
}

// listed checks what is shown of a problem of four cases and three people.
func (s *shop) listed(problem string) {
	t := s.t
	t.Helper()
	d, err := problems.One(s, problem, s.boss)
	if err != nil || d.Cases != 4 || d.People != 3 || d.Sent != 3 || len(d.Seen) != 4 || len(d.Skipped) != 1 {
		t.Errorf("%+v %v", d, err)
	}
	page, err := problems.List(s, problems.Fixed, "")
	if err != nil || len(page.Items) != 1 || page.Items[0].Cases != 4 || page.Items[0].Sent != 3 {
		t.Errorf("%+v %v", page, err)
	}
}

// A round that breaks off goes on where it was: nobody is left out or told twice.
func TestRoundGoesOn(t *testing.T) {
	s := newShop(t)
	var cases []*desk.Case
	for i := range 17 {
		cases = append(cases, s.reported("Guest", fmt.Sprintf("g%d@example.org", i), "en", "the page stays blank"))
	}
	problem := s.problem(desktest.Values{})
	s.link(problem, cases...)
	if err := s.station.Fix(problems.Fixing{Problem: problem, Agent: s.boss}); err != nil {
		t.Fatal(err)
	}
	saved := 0
	s.broken = func() error {
		if saved++; saved == 14 {
			return fmt.Errorf("the disk is full")
		}
		return nil
	}
	if err := s.station.Tell(context.Background()); err == nil {
		t.Fatal("the fault was not told")
	}
	if n := len(s.letters()); n != 10 {
		t.Errorf("%d letters before the fault", n)
	}
	s.broken = nil
	s.tell()
	if n := len(s.letters()); n != 17 {
		t.Errorf("%d letters in the end", n)
	}
}

// Who gets no letter, and why.
func TestSkipped(t *testing.T) {
	s := newShop(t)
	phone := s.Case(desktest.Values{"name": "Ann", "email": "", "phone": "+886912345678", "source": desk.SourcePhone, "message": "the page stays blank"})
	blocked := s.reported("Bob", "bob@example.org", "en", "the page stays blank!")
	s.Put(s.Find(desk.Contacts, blocked.Contact()), desktest.Values{"blocked": true})
	one, two := s.reported("Cy", "cy@example.org", "en", "blank page"), s.reported("Di", "di@example.org", "en", "a blank page")
	problem := s.problem(desktest.Values{"reward": map[string]any{"codes": []string{"ONLY"}}})
	s.link(problem, phone, blocked, one, two)
	preview, err := s.station.Preview(problems.Fixing{Problem: problem, Agent: s.boss, Subject: "Mended", Body: "All is well{% if problem.reward %}: {{ problem.reward }}{% endif %}."})
	if err != nil {
		t.Fatal(err)
	}
	why := map[string]string{}
	for _, skipped := range preview.Skipped {
		why[skipped.Case] = skipped.Why
	}
	if preview.People != 1 || why[phone.Id] != "no_address" || why[blocked.Id] != "blocked" || why[one.Id] != "no_code" || why[two.Id] != "" {
		t.Errorf("%d people, %v", preview.People, why)
	}
}

// What can't be done is refused before anybody gets a letter.
func TestRefused(t *testing.T) {
	s := newShop(t)
	a, b := s.Make(desk.Teams, desktest.Values{"name": "A"}), s.Make(desk.Teams, desktest.Values{"name": "B"})
	mine, theirs := s.reported("Ann", "ann@example.org", "en", "blank page"), s.reported("Bob", "bob@example.org", "en", "blank page too")
	s.Put(s.Find(desk.Cases, mine.Id), desktest.Values{"team": a.Id})
	s.Put(s.Find(desk.Cases, theirs.Id), desktest.Values{"team": b.Id})
	agent, problem := s.Agent(desk.RoleAgent, a.Id), s.problem(desktest.Values{})
	if err := s.station.Link(problem, []string{theirs.Id}, agent); err == nil {
		t.Error("a case of another team was linked")
	}
	if err := s.station.Fix(problems.Fixing{Problem: problem, Agent: s.boss}); err == nil {
		t.Error("a problem that nobody reported was told of")
	}
	s.link(problem, mine, theirs)
	for name, f := range map[string]problems.Fixing{
		"other teams": {Agent: agent}, "unknown variable": {Agent: s.boss, Subject: "x", Body: "{{ nobody }}"},
		"no subject": {Agent: s.boss, Body: "x"}, "too long": {Agent: s.boss, Subject: "x", Body: strings.Repeat("x", 20_001)},
	} {
		f.Problem = problem
		if err := s.station.Fix(f); err == nil {
			t.Error(name)
		}
	}
	if err := s.station.Fix(problems.Fixing{Problem: "gone", Agent: s.boss}); err != problems.ErrNone {
		t.Errorf("%v", err)
	}
	for raw, good := range map[string]bool{
		``: true, `null`: true, `{}`: true, `{"code":"A"}`: true, `{"codes":["A","B"]}`: true, `{"code":"A","codes":["B"]}`: false,
		`{"codes":["A","A"]}`: false, `[]`: false, `{"code":"a\nb"}`: false, `{"code":"` + strings.Repeat("x", 101) + `"}`: false,
	} {
		if err := problems.CheckReward([]byte(raw)); (err == nil) != good {
			t.Errorf("%s: %v", raw, err)
		}
	}
	if n := len(s.letters()); n > 0 {
		t.Errorf("%d letters", n)
	}
}

// What several people report is offered as one problem, and a new report of it
// is recognised.
func TestSuggestions(t *testing.T) {
	s := newShop(t)
	x := s.reported("A", "a@example.org", "zh-TW", "結帳時刷卡一直失敗，畫面停在處理中")
	y := s.reported("B", "b@example.org", "zh-TW", "我用信用卡結帳失敗了三次，一直停在處理中的畫面")
	s.reported("C", "c@example.org", "zh-TW", "請問這款茶壺還有現貨嗎？")
	s.reported("D", "d@example.org", "en", "Do you ship to Singapore?")
	groups, err := s.station.Suggest(s.boss, 2)
	if err != nil || len(groups) != 1 || groups[0].Count != 2 {
		raw, _ := json.Marshal(groups)
		t.Fatalf("%s %v", raw, err)
	}
	problem := s.problem(desktest.Values{})
	s.link(problem, x, y)
	if groups, err := s.station.Suggest(s.boss, 2); err != nil || len(groups) > 0 {
		t.Errorf("%v %v", groups, err)
	}
	z := s.reported("E", "e@example.org", "zh-TW", "刷卡結帳失敗，請問是系統有問題嗎？畫面一直處理中")
	near, err := s.station.NearTo(z, s.boss)
	if err != nil || len(near.Problems) != 1 || near.Problems[0].ID != problem || near.Problems[0].Cases != 2 {
		t.Errorf("%+v %v", near, err)
	}
	if kinds := s.Kinds(x.Id); kinds[len(kinds)-1] != problems.EventLinked {
		t.Errorf("%v", kinds)
	}
}

// What is asked often and answered by hand is listed, with the answers.
func TestQuestions(t *testing.T) {
	s := newShop(t)
	for i, text := range []string{"Do you ship to Singapore and how long does it take?", "How long does it take to ship to Singapore?", "do you ship to singapore, how long does shipping take"} {
		s.Reply(s.reported("Guest", fmt.Sprintf("s%d@example.org", i), "en", text), s.boss, desktest.Values{"body": "Yes, in about five days."})
	}
	s.Reply(s.reported("Guest", "other@example.org", "en", "Is the blue cup back?"), s.boss, desktest.Values{"body": "In May."})
	list, err := s.station.Questions(s.boss, 7)
	if err != nil || len(list) != 1 || list[0].Count != 3 || len(list[0].Answers) != 3 || list[0].Answers[0].Body != "Yes, in about five days." {
		t.Errorf("%+v %v", list, err)
	}
	if _, err := s.station.Questions(s.boss, 0); err == nil {
		t.Error("0 days were taken")
	}
}

// A template whose users always add the same line is listed with that line.
func TestEditedTemplates(t *testing.T) {
	s := newShop(t)
	s.Make(desk.Templates, desktest.Values{"key": "hours", "locale": "en", "kind": "reply", "subject": "Hours", "body": "{{ contact.salutation }},\n\nWe are open from 9 to 18.\nSee you soon.", "enabled": true})
	for i := range 5 {
		c := s.reported(fmt.Sprintf("Guest %d", i), fmt.Sprintf("h%d@example.org", i), "en", fmt.Sprintf("When are you open on day %d?", i))
		p, err := s.Work.Preview(s, casework.Draft{Case: c, Agent: s.boss, Template: "hours"})
		if err != nil {
			t.Fatal(err)
		}
		s.Reply(c, s.boss, desktest.Values{"template": "hours", "body": strings.Replace(p.Body, "See you soon.", "On Mondays we are closed.\nAnd once: "+fmt.Sprint(i), 1)})
	}
	list, err := s.station.EditedTemplates(s.boss, 30)
	if err != nil || len(list) != 1 || list[0].Used != 5 {
		t.Fatalf("%+v %v", list, err)
	}
	if e := list[0]; len(e.Added) != 1 || e.Added[0] != (problems.Change{Line: "On Mondays we are closed.", Count: 5}) || len(e.Dropped) != 1 || e.Dropped[0].Line != "See you soon." {
		t.Errorf("%+v", e)
	}
}
