package hooks_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/security"
	"github.com/pocketbase/pocketbase/tools/types"

	pocketdesk "github.com/pocketdesk/pocketdesk/hooks"
	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// The three benchmarks run with as many clients, the same SQLite settings and
// a message of the same size; what they tell is the relation between them.
//
//	go test ./hooks -run '^$' -bench Submission -benchtime 3s -count 5

// BenchmarkSubmissionLine is the whole line over the REST route.
func BenchmarkSubmissionLine(b *testing.B) {
	app := benchApp(b)
	post(b, benchHandler(b, app), "/api/collections/feedback/records")
}

// BenchmarkSubmissionOneRecord is plain creation of one record with the fields
// of feedback over the REST route, in a collection without hooks.
func BenchmarkSubmissionOneRecord(b *testing.B) {
	app := benchApp(b)
	feedback, err := app.FindCollectionByNameOrId(desk.Feedbacks)
	if err != nil {
		b.Fatal(err)
	}
	c := core.NewBaseCollection("plain")
	for _, f := range feedback.Fields {
		if f.GetName() != "id" {
			f.SetId("")
			c.Fields.Add(f)
		}
	}
	c.CreateRule = types.Pointer("")
	if err := app.Save(c); err != nil {
		b.Fatal(err)
	}
	post(b, benchHandler(b, app), "/api/collections/plain/records")
}

// BenchmarkSubmissionSameRecords saves the records of an accepted submission,
// each validated by PocketBase, in one transaction for each request, and does
// nothing else: no screening, no look-ups, no texts, no shared commits.
func BenchmarkSubmissionSameRecords(b *testing.B) {
	app := benchApp(b)
	app.OnRecordCreate(desk.Feedbacks).Unbind("pocketdesk.intake.saved")
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Router.POST("/plain-set", func(e *core.RequestEvent) error {
			in := map[string]any{}
			if err := e.BindBody(&in); err != nil {
				return err
			}
			var saved *core.Record
			err := e.App.RunInTransaction(func(tx core.App) (err error) {
				saved, err = saveSame(tx, in)
				return err
			})
			if err != nil {
				return err
			}
			return e.JSON(http.StatusOK, saved)
		})
		return e.Next()
	})
	post(b, benchHandler(b, app), "/plain-set")
}

// benchApp is an app as the ready binary makes it, in a folder of its own.
func benchApp(b *testing.B) core.App {
	b.Helper()
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: b.TempDir(), DBConnect: func(path string) (*dbx.DB, error) {
		if !strings.HasSuffix(path, "data.db") {
			return core.DefaultDBConnect(path)
		}
		return dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)"+
			"&_pragma=synchronous(FULL)&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
	}})
	pocketdesk.MustRegister(app, nil, pocketdesk.Config{PublicPath: "/", PublicDir: b.TempDir()})
	if err := app.Bootstrap(); err != nil {
		b.Fatal(err)
	}
	if err := app.RunAllMigrations(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = app.OnTerminate().Trigger(&core.TerminateEvent{App: app}, func(e *core.TerminateEvent) error { return e.App.ResetBootstrapState() })
	})
	return app
}

func benchHandler(b *testing.B, app core.App) http.Handler {
	b.Helper()
	router, err := apis.NewRouter(app)
	if err != nil {
		b.Fatal(err)
	}
	var handler http.Handler
	err = app.OnServe().Trigger(&core.ServeEvent{App: app, Router: router}, func(e *core.ServeEvent) (err error) {
		handler, err = e.Router.BuildMux()
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return handler
}

// message is what the benchmarks send: about the size of a visitor's question.
const message = `{"name":"王小明","email":"visitor%[1]d@mail.example","subject":"訂單 A-%[1]d 尚未出貨","message":"您好，我在上週五下單的商品到現在` +
	`還沒有收到出貨通知，想請問大概什麼時候可以寄出？訂單編號是 A-%[1]d，付款方式是信用卡，收件地址在台中市西屯區。因為是要送給家人的生日禮物，` +
	`希望能在下週三以前收到，如果來不及的話也請先告訴我，我再想其他辦法。謝謝您的幫忙，辛苦了！","order_no":"A-%[1]d","locale":"zh-TW",` +
	`"page_url":"https://shop.example/orders/%[1]d","consent":true}`

// clients is how many requests are under way at once.
const clients = 16

func post(b *testing.B, h http.Handler, path string) {
	b.Helper()
	var n atomic.Int64
	one := func() error {
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(fmt.Sprintf(message, n.Add(1))))
		r.Header.Set("Content-Type", "application/json")
		r.RemoteAddr = "127.0.0.1:5555"
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != http.StatusOK {
			return fmt.Errorf("%d %s", w.Code, w.Body.String())
		}
		return nil
	}
	if err := one(); err != nil {
		b.Fatal(err)
	}
	var left atomic.Int64
	left.Store(int64(b.N))
	fails := make(chan error, clients)
	b.ReportAllocs()
	b.ResetTimer()
	begin := time.Now()
	for range clients {
		go func() {
			for left.Add(-1) >= 0 {
				if err := one(); err != nil {
					fails <- err
					return
				}
			}
			fails <- nil
		}()
	}
	for range clients {
		if err := <-fails; err != nil {
			b.Error(err)
		}
	}
	b.ReportMetric(float64(b.N)/time.Since(begin).Seconds(), "submissions/s")
}

// saveSame saves what the line stores for an accepted submission.
func saveSame(tx core.App, in map[string]any) (*core.Record, error) {
	var number int
	if err := tx.DB().Select("COALESCE(MAX([[number]]), 0)").From(desk.Name(tx, desk.Cases)).Row(&number); err != nil {
		return nil, err
	}
	id := map[string]string{}
	for _, c := range desk.Collections() {
		id[c] = core.GenerateDefaultRandomId()
	}
	ack, now, due := core.GenerateDefaultRandomId(), types.NowDateTime(), types.NowDateTime().Add(48*time.Hour)
	type fields = map[string]any
	rows := []struct {
		collection, id string
		fields         fields
	}{
		{desk.Feedbacks, id[desk.Feedbacks], fields{"source": "api", "receipt": desk.NewReceipt()}},
		{desk.Verdicts, id[desk.Verdicts], fields{"feedback": id[desk.Feedbacks], "outcome": "accepted", "score": 1, "ip": "127.0.0.1",
			"signals": []fields{{"name": "token_missing", "weight": 1, "sentence": "It came without a form token."}}}},
		{desk.Contacts, id[desk.Contacts], fields{"name": in["name"], "locale": "zh-TW", "first_seen": now, "last_seen": now}},
		{desk.Identities, id[desk.Identities], fields{"contact": id[desk.Contacts], "kind": "email", "value": in["email"], "state": "claimed"}},
		{desk.Cases, id[desk.Cases], fields{"number": number + 1, "version": 1, "contact": id[desk.Contacts], "feedback": id[desk.Feedbacks],
			"subject": in["subject"], "priority": "normal", "status": "new", "locale": "zh-TW", "first_response_due": due, "resolution_due": due,
			"due_at": due, "waiting_since": now, "last_in_at": now, "track_token": security.RandomString(26), "mail_token": security.RandomString(26)}},
		{desk.Messages, "", fields{"case": id[desk.Cases], "direction": "in", "channel": "api", "contact": id[desk.Contacts],
			"subject": in["subject"], "body": in["message"], "delivery": "none"}},
		{desk.Messages, ack, fields{"case": id[desk.Cases], "direction": "out", "channel": "system", "contact": id[desk.Contacts],
			"subject": in["subject"], "body": fmt.Sprint(in["message"], in["message"]), "template": "ack", "delivery": "held"}},
		{desk.Outbox, "", fields{"kind": "email", "message": ack, "recipient": in["email"], "dedupe_key": "ack:" + ack, "status": "held",
			"payload": fields{"kind": "ack", "token": security.RandomString(26), "nonce": security.RandomString(12)}}},
		{desk.Events, "", fields{"case": id[desk.Cases], "kind": "opened", "after": fields{"source": "api", "number": number + 1, "answer_by": now}}},
		{desk.Events, "", fields{"case": id[desk.Cases], "kind": "acknowledged", "after": fields{"message": ack, "template": "ack"}}},
	}
	var first *core.Record
	for _, row := range rows {
		r, err := desk.New(tx, row.collection)
		if err != nil {
			return nil, err
		}
		if first == nil {
			first = r
			r.Load(in)
		}
		r.Load(row.fields)
		r.Id = row.id
		if r.Id == "" {
			r.Id = core.GenerateDefaultRandomId()
		}
		if err := tx.Save(r); err != nil {
			return nil, fmt.Errorf("%s: %w", row.collection, err)
		}
	}
	return first, nil
}
