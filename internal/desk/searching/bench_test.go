package searching_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/searching"
)

// BenchmarkSearch fills a desk with messages, makes the index and asks it, over
// and over, what people ask. It reports figures and demands none.
//
//	SEARCH_MESSAGES=1000000 SEARCH_CORPUS=corpus.jsonl go test ./internal/desk/searching -run '^$' -bench Search -benchtime 200x -timeout 1h
//
// SEARCH_DIR names a folder that is filled once and used again. SEARCH_CORPUS names a file of JSON lines {name, email, lang, subject,
// messages: [{from, text}]}; without it, sentences are made up.
func BenchmarkSearch(b *testing.B) {
	dir := os.Getenv("SEARCH_DIR")
	if dir == "" {
		dir = b.TempDir()
	}
	app := desktest.NewIn(b, dir)
	n, _ := strconv.Atoi(os.Getenv("SEARCH_MESSAGES"))
	if n == 0 {
		n = 20_000
	}
	if s, err := app.Search.Look(); err != nil {
		b.Fatal(err)
	} else if s.Total == 0 {
		f := &filler{app: app, want: n, teams: []string{"", "team0000000gold", "team000000blue0"}}
		f.fill(b)
		begin := time.Now()
		if _, err := app.Search.Rebuild(b.Context(), nil); err != nil {
			b.Fatal(err)
		}
		built := time.Since(begin)
		size, err := app.Search.Bytes()
		if err != nil {
			b.Fatal(err)
		}
		fmt.Printf("%d messages in %d cases, %.1f MB of text; index built in %s, %.1f MB, %.3f of the text\n",
			f.messages, f.cases, float64(f.text)/1e6, built.Round(time.Millisecond), float64(size)/1e6, float64(size)/float64(f.text))
	}
	index := searching.New(app, searching.Config{Commit: app.Commit, Patience: time.Minute})
	all, one := app.Agent(desk.RoleSupervisor, ""), app.Agent(desk.RoleAgent, "team0000000gold")
	for _, q := range []struct {
		name  string
		agent *desk.Agent
		texts []string
	}{
		{"rare-zh", all, []string{"吊灯", "吊燈"}},
		{"rare-en", all, []string{"chandelier"}},
		{"common-zh", all, []string{"早餐", "空调", "费用", "酒店"}},
		{"common-en", all, []string{"the", "refund", "towel", "shower"}},
		{"kana", all, []string{"プリンター", "ﾌﾟﾘﾝﾀｰ", "壊れ"}},
		{"no-hit", all, []string{"zeppelin", "飞艇", "ゼッペリン"}},
		{"rare+common", all, []string{"吊灯 早餐", "chandelier the", "吊灯 房间"}},
		{"common+common", all, []string{"早餐 空调", "towel pillow", "refund shower noise"}},
		{"common-apart", all, []string{"towel 早餐", "refund 电梯"}},
		{"phrase", all, []string{"空调整晚都在响", "\"shower had no hot water\"", "早餐态度差电梯"}},
		{"one-character", all, []string{"灯", "吊", "的", "早", "響"}},
		{"from+word", all, []string{"from:王伟 早餐", "from:\"Ann Adams\" towel", "from:guest77@example.com towel", "from:陈 吊灯", "from:ann refund"}},
		{"filters+word", all, []string{"is:open 早餐", "status:on_hold towel", "before:2026-03-01 空调", "priority:urgent refund", "category:return 早餐"}},
		{"exclude", all, []string{"早餐 -电梯", "shower -refund"}},
		{"address", all, []string{"guest4242@example.com", "4242", "#4242"}},
		{"prefix", all, []string{"chandel", "zepp", "refu"}},
		{"one-team", one, []string{"吊灯", "早餐", "towel", "飞艇", "from:王伟 早餐", "refund shower"}},
	} {
		b.Run(q.name, func(b *testing.B) {
			var took []time.Duration
			used := processorTime()
			worst, slowest, items := time.Duration(0), "", 0
			for i := 0; b.Loop(); i++ {
				text := q.texts[i%len(q.texts)]
				begin := time.Now()
				a, err := index.Find(b.Context(), searching.Question{Agent: q.agent, Text: text})
				if err != nil {
					b.Fatal(err)
				}
				d := time.Since(begin)
				if a.TimedOut {
					text += " (timed out)"
				}
				items += len(a.Items)
				if took = append(took, d); d > worst {
					worst, slowest = d, text
				}
			}
			used = processorTime() - used
			slices.Sort(took)
			ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
			b.ReportMetric(ms(took[len(took)/2]), "p50-ms")
			b.ReportMetric(ms(took[len(took)*95/100]), "p95-ms")
			b.ReportMetric(ms(used/time.Duration(len(took))), "cpu-ms") // what others take of the machine left out
			b.ReportMetric(float64(items)/float64(len(took)), "items")
			b.Logf("slowest %.1f ms: %s", ms(worst), slowest)
		})
	}
}

// filler writes records by SQL alone, which takes a fraction of the time.
type filler struct {
	app             *desktest.App
	want            int
	teams           []string
	messages, cases int
	text            int
	lines           func() (line, bool)
}

// line is one case of the corpus.
type line struct {
	Name, Email, Lang, Subject string
	Messages                   []struct{ From, Text string }
}

func (f *filler) fill(b *testing.B) {
	for _, id := range f.teams[1:] {
		f.app.Make(desk.Teams, desktest.Values{"id": id, "name": id})
	}
	f.lines = madeUp()
	if name := os.Getenv("SEARCH_CORPUS"); name != "" {
		file, err := os.Open(name)
		if err != nil {
			b.Fatal(err)
		}
		defer file.Close()
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		f.lines = func() (l line, ok bool) {
			return l, lines.Scan() && json.Unmarshal(lines.Bytes(), &l) == nil
		}
	}
	contacts := map[string]string{}
	for f.messages < f.want {
		more := true
		err := f.app.Commit.Do(func(tx core.App) error {
			for range 1_000 {
				l, ok := f.lines()
				if more = ok; !ok || f.messages >= f.want {
					return nil
				}
				if err := f.one(tx, l, contacts); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		if !more {
			break
		}
	}
	if _, err := f.app.NonconcurrentDB().NewQuery("ANALYZE").Execute(); err != nil {
		b.Fatal(err)
	}
}

func id(kind string, n int) string { return fmt.Sprintf("%s%0*d", kind, 15-len(kind), n) }

func (f *filler) one(tx core.App, l line, contacts map[string]string) error {
	f.cases++
	at := f.app.Clock.Now().Add(-time.Duration(f.want-f.messages) * time.Minute)
	created := desk.Date(at).String()
	contact := contacts[l.Email]
	if contact == "" {
		contact = id("p", len(contacts))
		contacts[l.Email] = contact
		if _, err := desk.Exec(tx, "INSERT INTO contacts (id, name, created, updated) VALUES (?, ?, ?, ?)", contact, l.Name, created, created); err != nil {
			return err
		}
		if _, err := desk.Exec(tx, "INSERT INTO identities (id, contact, kind, value, state, created, updated) VALUES (?, ?, 'email', ?, 'claimed', ?, ?)",
			id("i", len(contacts)), contact, l.Email, created, created); err != nil {
			return err
		}
	}
	status := []string{"closed", "resolved", "resolved", "closed", "on_hold", "pending"}[f.cases%6]
	if f.want-f.messages < 60_000 && f.cases%3 == 0 {
		status = "open"
	}
	caseID := id("c", f.cases)
	if _, err := desk.Exec(tx, "INSERT INTO cases (id, number, contact, subject, category, priority, status, team, created, updated, last_in_at, tags) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]')",
		caseID, f.cases, contact, l.Subject, []string{"product", "order", "return", "complaint"}[f.cases%4], []string{"normal", "low", "high", "urgent"}[min(3, f.cases%20)], status,
		f.teams[f.cases%len(f.teams)], created, created, created); err != nil {
		return err
	}
	f.text += len(l.Subject)
	for i, m := range l.Messages {
		f.messages++
		direction, text := desk.In, m.Text
		if m.From == "agent" {
			direction = desk.Out
		}
		if f.messages%40_000 == 7 {
			text += "プリンターが壊れました。"
		}
		if f.messages%50 == 9 {
			text += "商品が届きません。返品をお願いします。"
		}
		f.text += len(text)
		subject := ""
		if i == 0 {
			subject = l.Subject
		}
		if _, err := desk.Exec(tx, `INSERT INTO messages (id, "case", direction, channel, contact, subject, body, attachments, created, updated) VALUES (?, ?, ?, 'email', ?, ?, ?, '[]', ?, ?)`,
			id("m", f.messages), caseID, direction, contact, subject, text, desk.Date(at.Add(time.Duration(i)*time.Hour)).String(), created); err != nil {
			return err
		}
	}
	return nil
}

// madeUp makes cases of a small shop's words, the same ones each time.
func madeUp() func() (line, bool) {
	r := rand.New(rand.NewPCG(7, 11))
	zh := strings.Fields("毛巾 枕头 早餐 电梯 大堂 空调 房间 费用 酒店 退款 前台 行李")
	en := strings.Fields("towel pillow breakfast elevator lobby shower room refund the invoice deposit noise")
	n := 0
	return func() (line, bool) {
		n++
		l := line{Name: fmt.Sprintf("Ann Adams %d", n%500), Email: fmt.Sprintf("guest%d@example.com", n%5_000)}
		words, glue := en, " "
		if n%2 == 0 {
			l.Name, words, glue = "王伟"+string(zh[n%12]), zh, ""
		}
		for range 1 + r.IntN(4) {
			var s []string
			for range 8 + r.IntN(20) {
				s = append(s, words[r.IntN(len(words))])
			}
			if n%997 == 0 {
				s = append(s, "chandelier", "吊灯")
			}
			l.Messages = append(l.Messages, struct{ From, Text string }{"guest", strings.Join(s, glue)})
		}
		l.Subject = desk.Clip(l.Messages[0].Text, 60)
		return l, true
	}
}
