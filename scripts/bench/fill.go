package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/core"
	"github.com/spf13/cobra"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// People of the filled desk, for signing in.
const (
	admin    = "admin@bench.example"
	agent    = "agent@bench.example"
	password = "bench-password"
)

func fillCommand(app *pocketbase.PocketBase) *cobra.Command {
	var cases int
	c := &cobra.Command{
		Use: "fill", Short: "Fills a migrated folder with cases, straight by SQL", Args: cobra.NoArgs, SilenceUsage: true,
		RunE: func(*cobra.Command, []string) error { return fill(app, cases) },
	}
	c.Flags().IntVar(&cases, "cases", 1_000_000, "how many cases")
	return c
}

// fill makes a desk of many years: 2 % of the cases are open, 0.5 % wait for
// the visitor, the rest is resolved; beside them 3,000 messages wait in
// quarantine and 20,000 were blocked.
func fill(app core.App, cases int) error {
	if _, err := app.FindCollectionByNameOrId(desk.Cases); err != nil {
		return errors.New("start the pocketdesk binary on this folder first: it makes the collections")
	}
	teams, err := people(app)
	if err != nil {
		return err
	}
	db := app.NonconcurrentDB()
	if _, err := db.NewQuery("PRAGMA synchronous = OFF").Execute(); err != nil {
		return err
	}
	err = app.RunInTransaction(func(tx core.App) error {
		for _, s := range statements(tx, teams) {
			q := tx.DB().NewQuery(s).Bind(dbx.Params{"cases": cases, "contacts": cases * 6 / 10, "held": 3_000, "blocked": 20_000})
			if _, err := q.Execute(); err != nil {
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, s := range []string{"PRAGMA optimize", "PRAGMA wal_checkpoint(TRUNCATE)"} {
		if _, err := db.NewQuery(s).Execute(); err != nil {
			return err
		}
	}
	return nil
}

// people makes three teams, a superuser and an agent of the first team.
func people(app core.App) ([]string, error) {
	var teams []string
	for _, name := range []string{"Orders", "Products", "Accounts"} {
		r, err := desk.New(app, desk.Teams)
		if err != nil {
			return nil, err
		}
		r.Set("name", name)
		if err := app.Save(r); err != nil {
			return nil, err
		}
		teams = append(teams, r.Id)
	}
	superusers, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return nil, err
	}
	root := core.NewRecord(superusers)
	root.SetEmail(admin)
	root.SetPassword(password)
	one, err := desk.New(app, desk.Agents)
	if err != nil {
		return nil, err
	}
	one.Id = "a00000000000003" // some cases are assigned to it
	one.SetEmail(agent)
	one.SetPassword(password)
	one.Set("name", "林怡君")
	one.Set("role", desk.RoleAgent)
	one.Set("team", teams[0])
	return teams, errors.Join(app.Save(root), app.Save(one))
}

// id is an expression that scatters the ids of a table over its index, as random ones are.
func id(letter, n string) string {
	return "'" + letter + "' || printf('%014x', (" + n + ") * 9007199254 % 1125899906842597)"
}

// statements fill the tables; n counts the cases from 1.
func statements(app core.App, teams []string) []string {
	const (
		day  = "strftime('%Y-%m-%d %H:%M:%S.000Z', 1700000000 + n * 90, 'unixepoch')"
		next = "strftime('%Y-%m-%d %H:%M:%S.000Z', 1700000000 + n * 90 + 172800, 'unixepoch')"
		text = "'您好，訂單 A-' || n || ' 還沒有收到出貨通知，想請問大概什麼時候可以寄出？收件地址在台中市西屯區，謝謝您的幫忙。'"
	)
	status := "CASE WHEN n % 200 = 7 THEN 'pending' WHEN n % 100 = 3 THEN 'new' WHEN n % 100 = 5 THEN 'open' ELSE 'resolved' END"
	team := "CASE n % 5 WHEN 0 THEN '" + teams[0] + "' WHEN 1 THEN '" + teams[1] + "' WHEN 2 THEN '" + teams[2] + "' ELSE '' END"
	person := "(n * 7 % {:contacts} + 1)"
	count := func(to string) string {
		return "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < " + to + ") "
	}
	into := func(collection, columns string) string {
		return "INSERT INTO {{" + desk.Name(app, collection) + "}} (" + columns + ") "
	}
	all := "{:cases} + {:held} + {:blocked}"
	return []string{
		count("{:contacts}") + into(desk.Contacts, "id, name, locale, first_seen, last_seen, created, updated") +
			"SELECT " + id("p", "n") + ", '王小明' || n, 'zh-TW', " + strings.Repeat(day+", ", 3) + day + " FROM c",
		count("{:contacts}") + into(desk.Identities, "id, contact, kind, value, state, created, updated") +
			"SELECT " + id("i", "n") + ", " + id("p", "n") + ", 'email', 'visitor' || n || '@mail' || (n % 300) || '.example', 'claimed', " + day + ", " + day + " FROM c",
		count(all) + into(desk.Feedbacks, "id, name, email, phone, subject, message, order_no, locale, source, receipt, created, updated") +
			"SELECT " + id("f", "n") + ", '王小明', 'visitor' || " + person + " || '@mail' || (" + person + " % 300) || '.example', CASE n % 4 WHEN 0 THEN '09' || printf('%08d', n) ELSE '' END, " +
			"'訂單 A-' || n, " + text + ", 'A-' || n, 'zh-TW', 'form', printf('%08d', n), " + day + ", " + day + " FROM c",
		count(all) + into(desk.Verdicts, "id, feedback, outcome, score, signals, ip, created, updated") +
			"SELECT " + id("v", "n") + ", " + id("f", "n") + ", CASE WHEN n <= {:cases} THEN 'accepted' WHEN n <= {:cases} + {:held} THEN 'quarantined' ELSE 'blocked' END, " +
			"1.5, '[{\"name\":\"token_missing\",\"weight\":1.5,\"sentence\":\"The message was sent without fetching the form first.\"}]', '', " + day + ", " + day + " FROM c",
		count("{:cases}") + into(desk.Cases, "id, number, version, contact, feedback, subject, category, priority, status, assignee, team, tags, locale, reasons, first_response_due, "+
			"resolution_due, due_at, waiting_since, last_in_at, first_responded_at, resolved_at, follow_up_at, track_token, mail_token, created, updated") +
			"SELECT " + id("c", "n") + ", n, 3, " + id("p", person) + ", " + id("f", "n") + ", '訂單 A-' || n || ' 尚未出貨', CASE n % 3 WHEN 0 THEN 'order' ELSE 'product' END, " +
			"CASE n % 20 WHEN 3 THEN 'high' ELSE 'normal' END, " + status + ", CASE n % 2 WHEN 0 THEN '' ELSE printf('a%014d', n % 12) END, " + team + ", '[]', 'zh-TW', '{}', " +
			next + ", " + next + ", CASE " + status + " WHEN 'resolved' THEN '' ELSE " + next + " END, " + day + ", " + day + ", " +
			"CASE " + status + " WHEN 'new' THEN '' ELSE " + next + " END, CASE " + status + " WHEN 'resolved' THEN " + next + " ELSE '' END, CASE n % 500 WHEN 7 THEN " + next + " ELSE '' END, " +
			"printf('t%025x', n * 9007199254), printf('m%025x', n * 9007199254), " + day + ", " + next + " FROM c",
		count("{:cases}") + into(desk.Messages, `id, "case", direction, channel, contact, subject, body, delivery, created, updated`) +
			"SELECT " + id("m", "n") + ", " + id("c", "n") + ", 'in', 'form', " + id("p", person) + ", '訂單 A-' || n, " + text + ", 'none', " + day + ", " + day + " FROM c",
		count("{:cases} / 3") + into(desk.Messages, `id, "case", direction, channel, contact, subject, body, delivery, message_id, created, updated`) +
			"SELECT " + id("n", "n") + ", " + id("c", "n * 3") + ", 'out', 'email', " + id("p", "(n * 21 % {:contacts} + 1)") + ", 'Re: 訂單 A-' || n, " + text + ", 'sent', " +
			"printf('<%020x@shop.example>', n), " + next + ", " + next + " FROM c",
		count("{:cases}") + into(desk.Events, `id, "case", kind, "after", created, updated`) +
			"SELECT " + id("e", "n") + ", " + id("c", "n") + ", 'opened', '{\"number\":' || n || ',\"priority\":\"normal\",\"source\":\"form\"}', " + day + ", " + day + " FROM c",
		count("{:cases} / 3") + into(desk.Outbox, "id, kind, message, recipient, payload, dedupe_key, status, attempts, created, updated") +
			"SELECT " + id("o", "n") + ", 'email', " + id("n", "n") + ", 'visitor' || n || '@mail.example', '{}', 'reply:' || n, CASE n % 2000 WHEN 5 THEN 'failed' ELSE 'sent' END, 1, " +
			next + ", " + next + " FROM c",
	}
}
