package screening_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/screening"
)

// rows is how many messages of 90 days the benchmark's shop has:
// POCKETDESK_BENCH_ROWS, else 20,000.
func rows() int {
	if n, err := strconv.Atoi(os.Getenv("POCKETDESK_BENCH_ROWS")); err == nil && n > 0 {
		return n
	}
	return 20_000
}

// crowd fills the 90 days before the clock's time straight by SQL. Of a hundred
// messages 90 were accepted, 4 wait, 1 was released, 1 confirmed and 4 blocked;
// every second case has an answer.
func crowd(b *testing.B, app *desktest.App, n int) {
	b.Helper()
	first := app.Clock.Now().Add(-89 * aDay)
	id := func(letter string) string {
		return "'" + letter + "' || printf('%014x', n * 9007199254 % 1125899906842597)"
	}
	const (
		count  = "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {:rows}) "
		at     = "strftime('%Y-%m-%d %H:%M:%f', {:first} + n * (89.0 * 86400 / {:rows}), 'unixepoch') || 'Z'"
		signal = `'[{"name":"token_missing","weight":1.5,"sentence":"The message was sent without fetching the form first."},{"name":"pow_missing","weight":0.5,"sentence":"No proof of work came along.","data":{"n":' || n || '}},{"name":"text","weight":' || (n % 7) || ',"sentence":"The words are often seen in junk."}]'`
	)
	into := func(collection, columns string) string {
		return count + "INSERT INTO {{" + desk.Name(app, collection) + "}} (" + columns + ", created, updated) SELECT "
	}
	for _, s := range []string{
		into(desk.Feedbacks, "id, name, email, subject, message, receipt") + id("f") + ", '王小明', 'visitor' || n || '@mail.example', '訂單 A-' || n, '您好，訂單還沒有收到出貨通知，想請問大概什麼時候可以寄出？', printf('%08d', n), " + at + ", " + at + " FROM c",
		into(desk.Verdicts, "id, feedback, outcome, score, signals, decided_at, decided_by") + id("v") + ", " + id("f") +
			", CASE WHEN n % 100 < 91 THEN 'accepted' WHEN n % 100 < 95 THEN 'quarantined' ELSE 'blocked' END" +
			", CASE WHEN n % 100 < 90 THEN n % 600 / 100.0 - 1 WHEN n % 100 < 96 THEN 5 + n % 1500 / 100.0 ELSE 20 + n % 500 / 100.0 END, " + signal +
			", CASE WHEN n % 100 IN (90, 95) THEN " + at + " ELSE '' END, CASE WHEN n % 100 IN (90, 95) THEN 'a00000000000001' ELSE '' END, " + at + ", " + at + " FROM c",
		into(desk.Events, `id, feedback, kind`) + id("e") + ", " + id("f") + ", CASE WHEN n % 100 < 96 THEN 'quarantined' ELSE 'blocked' END, " + at + ", " + at + " FROM c WHERE n % 100 >= 90",
		into(desk.Cases, "id, number, feedback, first_responded_at, track_token, mail_token") + id("c") + ", n, " + id("f") + ", CASE n % 2 WHEN 0 THEN " + at + " ELSE '' END, '', '', " + at + ", " + at + " FROM c WHERE n % 100 < 91",
	} {
		if _, err := app.NonconcurrentDB().NewQuery(s).Bind(dbx.Params{"rows": n, "first": first.Unix()}).Execute(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkScreening measures what the reports cost:
//
//	POCKETDESK_BENCH_ROWS=1000000 go test ./internal/desk/screening -run '^$' -bench Screening -benchtime 3x -timeout 30m
func BenchmarkScreening(b *testing.B) {
	app := desktest.New(b)
	n := rows()
	crowd(b, app, n)
	begin := time.Now()
	if err := screening.Settle(app); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d messages of 90 days; the first count of all took %s", n, time.Since(begin).Round(time.Millisecond))
	r, err := screening.Week(app, 90)
	if err != nil {
		b.Fatal(err)
	}
	sum := 0
	for _, d := range r.Days {
		sum += d.Accepted + d.Held + d.Blocked
	}
	if sum != n {
		b.Fatalf("%d of %d messages were counted", sum, n)
	}
	for name, run := range map[string]func() error{
		"week of 7, nothing changed":  func() error { _, err := screening.Week(app, 7); return err },
		"week of 90, nothing changed": func() error { _, err := screening.Week(app, 90); return err },
		"replay of 90, nothing changed": func() error {
			_, err := screening.Try(app, screening.Question{Thresholds: desk.Thresholds{Quarantine: 3, Block: 15}, Days: 90})
			return err
		},
		"week of 7, a message came": func() error {
			n++
			save(app, sent{at: app.Clock.Now(), first: desk.Accepted, now: desk.Accepted}, "", n)
			if err := screening.Refresh(app); err != nil {
				return err
			}
			_, err := screening.Week(app, 7)
			return err
		},
		"settle": func() error { return screening.Settle(app) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				app.Clock.Advance(time.Minute)
				if err := run(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
