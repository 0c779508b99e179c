package intake_test

import (
	"errors"
	"maps"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/pow"
)

// visit is what a browser sends along: a fresh token that was open for a minute,
// and a solved puzzle.
func visit(t *testing.T, app *desktest.App) *intake.Request {
	t.Helper()
	form, err := desk.FindForm(app, "")
	if err != nil {
		t.Fatal(err)
	}
	token := app.Door.Tokens.Issue(form.ID)
	app.Door.Pow.Bits = 4
	solution, err := pow.Solve(t.Context(), app.Door.Pow.Issue())
	if err != nil {
		t.Fatal(err)
	}
	app.Clock.Advance(time.Minute)
	return &intake.Request{
		IP: netip.MustParseAddr("203.0.113.7"), UserAgent: "Mozilla/5.0", AcceptLanguage: "en", FormToken: token,
		Pow: map[string]any{"salt": solution.Salt, "signature": solution.Signature, "n": float64(solution.N)},
	}
}

func signals(app *desktest.App, r *intake.Receipt) map[string]bool {
	var list []struct{ Name string }
	v := app.One(desk.Verdicts, desktest.Values{"feedback": r.Feedback.Id})
	_ = v.UnmarshalJSONField("signals", &list)
	names := map[string]bool{}
	for _, s := range list {
		names[s.Name] = true
	}
	return names
}

func TestReceive(t *testing.T) {
	app := desktest.New(t)
	r, err := app.Door.Receive(app, intake.Submission{Feedback: app.Feedback(desktest.Values{
		"attachments": []any{app.File("a.txt", "one"), app.File("b.txt", "two")}, "consent": true,
	}), Request: visit(t, app)})
	if err != nil {
		t.Fatal(err)
	}
	if r.Outcome != desk.Accepted || r.Case == nil || len(app.Opened()) != 1 || app.Opened()[0] != r.Case.Id || r.Feedback.Receipt() == "" {
		t.Errorf("got %+v, opened %v", r, app.Opened())
	}
	if !r.AnswerBy.After(app.Clock.Now()) {
		t.Errorf("answer by %v", r.AnswerBy)
	}
	v := app.One(desk.Verdicts, desktest.Values{"feedback": r.Feedback.Id})
	if v.GetString("ip") != "203.0.113.7" || v.GetString("user_agent") != "Mozilla/5.0" {
		t.Errorf("verdict %v", v)
	}
	if f := app.Find(desk.Feedbacks, r.Feedback.Id); len(f.GetStringSlice("attachments")) != 2 || f.GetString("consent_version") == "" || app.StoredFiles() != 2 {
		t.Errorf("%d files stored, feedback %v", app.StoredFiles(), f)
	}
	if s := signals(app, r); !s["pow_valid"] || s["token_missing"] || s["token_invalid"] || s["fill_time"] {
		t.Errorf("signals %v", s)
	}
}

func TestCheck(t *testing.T) {
	app := desktest.New(t)
	app.Make(desk.Forms, desktest.Values{"slug": "off", "texts": map[string]any{"en": map[string]any{"title": "Off"}}})
	app.Make(desk.Forms, desktest.Values{"slug": "press", "texts": map[string]any{"en": map[string]any{"title": "Press"}}, "categories": []string{"media"}, "enabled": true})
	app.Make(desk.Categories, desktest.Values{"id": "gone", "labels": map[string]string{"en": "Gone"}})
	long := func(n int) string { return strings.Repeat("長", n) }
	big := app.File("big.txt", strings.Repeat("x", 10<<20+1))
	for name, c := range map[string]struct {
		v    desktest.Values
		want intake.FieldErrors
	}{
		"fine":                   {nil, nil},
		"fine, phone only":       {desktest.Values{"email": "", "phone": "0912-345-678", "locale": "zh-TW"}, nil},
		"mail and odd number":    {desktest.Values{"phone": "ask me"}, nil},
		"longest message":        {desktest.Values{"message": long(20_000)}, nil},
		"emoji, Arabic, lines":   {desktest.Values{"message": "👩‍👩‍👧 مرحبا\r\n\tok"}, nil},
		"by slug":                {desktest.Values{"form": "press", "category": "media"}, nil},
		"no message":             {desktest.Values{"message": " \n　"}, intake.FieldErrors{"message": "required"}},
		"no address":             {desktest.Values{"email": " "}, intake.FieldErrors{"email": "contact_required"}},
		"no mail address":        {desktest.Values{"email": "anna"}, intake.FieldErrors{"email": "email_invalid"}},
		"two mail addresses":     {desktest.Values{"email": "a@example.com, b@example.com"}, intake.FieldErrors{"email": "email_invalid"}},
		"no phone number":        {desktest.Values{"email": "", "phone": "12"}, intake.FieldErrors{"phone": "phone_invalid"}},
		"too long message":       {desktest.Values{"message": long(20_001)}, intake.FieldErrors{"message": "too_long"}},
		"too long subject":       {desktest.Values{"subject": long(301)}, intake.FieldErrors{"subject": "too_long"}},
		"too long name":          {desktest.Values{"name": long(201)}, intake.FieldErrors{"name": "too_long"}},
		"zero byte":              {desktest.Values{"message": "a\x00b"}, intake.FieldErrors{"message": "characters"}},
		"line end in a name":     {desktest.Values{"name": "Anna\r\nBcc: b@example.com"}, intake.FieldErrors{"name": "characters"}},
		"broken UTF-8":           {desktest.Values{"message": "a\xffb"}, intake.FieldErrors{"message": "characters"}},
		"unknown category":       {desktest.Values{"category": "nope"}, intake.FieldErrors{"category": "category_unknown"}},
		"disabled category":      {desktest.Values{"category": "gone"}, intake.FieldErrors{"category": "category_unknown"}},
		"category of other form": {desktest.Values{"form": "press", "category": "product"}, intake.FieldErrors{"category": "category_unknown"}},
		"unknown form":           {desktest.Values{"form": "nope"}, intake.FieldErrors{"form": "form_unknown"}},
		"disabled form":          {desktest.Values{"form": "off"}, intake.FieldErrors{"form": "form_disabled"}},
		"several at once":        {desktest.Values{"email": "", "message": "", "category": "nope"}, intake.FieldErrors{"email": "contact_required", "message": "required", "category": "category_unknown"}},
		"too large file":         {desktest.Values{"attachments": []any{big}}, intake.FieldErrors{"attachments": "file_size"}},
		"four files":             {desktest.Values{"attachments": []any{app.File("1.txt", "1"), app.File("2.txt", "2"), app.File("3.txt", "3"), app.File("4.txt", "4")}}, intake.FieldErrors{"attachments": "file_count"}},
		"HTML named as picture":  {desktest.Values{"attachments": []any{app.File("cat.png", "<!doctype html><script>alert(1)</script>")}}, intake.FieldErrors{"attachments": "file_type"}},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(app.All(desk.Feedbacks, nil))
			_, err := app.Door.Receive(app, intake.Submission{Feedback: app.Feedback(c.v)})
			var got intake.FieldErrors
			if err != nil && !errors.As(err, &got) {
				t.Fatal(err)
			}
			if !maps.Equal(got, c.want) {
				t.Errorf("errors %v, want %v", got, c.want)
			}
			if stored := len(app.All(desk.Feedbacks, nil)) - before; (stored == 1) != (c.want == nil) {
				t.Errorf("%d submissions stored", stored)
			}
		})
	}
	if n := app.StoredFiles(); n != 0 {
		t.Errorf("%d files of refused submissions stayed", n)
	}
}

func TestLocale(t *testing.T) {
	app := desktest.New(t)
	for _, c := range [][3]string{
		{"ja", "en", "ja"}, {"zh-Hant-TW", "", "zh-TW"}, {"zh_CN", "", "zh-CN"}, {"", "ja,en;q=0.5", "ja"},
		{"", "zh-HK;q=0.9", "zh-TW"}, {"fr", "en-GB", "en"}, {"", "fr", "zh-TW"}, {"../../etc", "", "zh-TW"},
	} {
		r, err := app.Door.Receive(app, intake.Submission{
			Feedback: app.Feedback(desktest.Values{"locale": c[0], "email": desk.NewReceipt() + "@example.com"}),
			Request:  &intake.Request{AcceptLanguage: c[1], Authenticated: true},
		})
		if err != nil || r.Feedback.Locale() != c[2] {
			t.Errorf("%q, %q: %q, %v", c[0], c[1], r.Feedback.Locale(), err)
		}
	}
}

func TestTokens(t *testing.T) {
	app := desktest.New(t)
	send := func(r *intake.Request) map[string]bool {
		t.Helper()
		receipt, err := app.Door.Receive(app, intake.Submission{Feedback: app.Feedback(desktest.Values{"email": desk.NewReceipt() + "@example.com"}), Request: r})
		if err != nil {
			t.Fatal(err)
		}
		if receipt.Case == nil {
			t.Errorf("a visitor's message was held: %v", signals(app, receipt))
		}
		return signals(app, receipt)
	}
	first := visit(t, app)
	send(first)
	if s := send(first); !s["token_replayed"] {
		t.Errorf("replayed: %v", s)
	}
	old := visit(t, app)
	app.Clock.Advance(25 * time.Hour)
	if s := send(old); !s["token_expired"] || s["pow_invalid"] {
		t.Errorf("expired: %v", s)
	}
	forged := visit(t, app)
	forged.FormToken = forged.FormToken[:len(forged.FormToken)-4] + "AAAA"
	if s := send(forged); !s["token_invalid"] {
		t.Errorf("forged: %v", s)
	}
	quick := visit(t, app)
	app.Clock.Advance(-59 * time.Second)
	if s := send(quick); !s["fill_time"] {
		t.Errorf("filled in within a second: %v", s)
	}
	without := visit(t, app)
	without.FormToken, without.Pow = "", nil
	if s := send(without); !s["token_missing"] || !s["pow_missing"] {
		t.Errorf("without a token: %v", s)
	}
	// a slip in a field costs the visitor no token
	slip := visit(t, app)
	if _, err := app.Door.Receive(app, intake.Submission{Feedback: app.Feedback(desktest.Values{"message": ""}), Request: slip}); err == nil {
		t.Error("no message, no error")
	}
	if s := send(slip); s["token_replayed"] {
		t.Errorf("after a slip: %v", s)
	}
}

func TestRateWall(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"limits": map[string]any{"ip_hour": 4}})
	send := func(ip string, staff bool) error {
		r := visit(t, app)
		app.Clock.Advance(-time.Minute)
		r.IP, r.Authenticated = netip.MustParseAddr(ip), staff
		_, err := app.Door.Receive(app, intake.Submission{Feedback: app.Feedback(desktest.Values{"email": desk.NewReceipt() + "@example.com"}), Request: r})
		return err
	}
	for i := range 6 {
		if err := send("203.0.113.9", false); errors.Is(err, intake.ErrTooMany) != (i >= 4) {
			t.Errorf("message %d: %v", i+1, err)
		}
	}
	if err := send("::ffff:203.0.113.9", false); !errors.Is(err, intake.ErrTooMany) {
		t.Errorf("the same address written otherwise: %v", err)
	}
	for _, c := range []struct {
		ip    string
		staff bool
	}{{"203.0.113.10", false}, {"203.0.113.9", true}} {
		if err := send(c.ip, c.staff); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
	for range 10 { // a proxy that PocketBase was not told of
		if err := send("127.0.0.1", false); err != nil {
			t.Errorf("from this machine: %v", err)
		}
	}
	app.Clock.Advance(2 * time.Hour)
	if err := send("203.0.113.9", false); err != nil {
		t.Errorf("two hours later: %v", err)
	}
	app.Choose(desktest.Values{"limits": map[string]any{"ip_hour": -1}})
	for range 10 {
		if err := send("203.0.113.11", false); err != nil {
			t.Errorf("without a limit: %v", err)
		}
	}
}

func TestIdempotency(t *testing.T) {
	app := desktest.New(t)
	send := func(key, caller string, v desktest.Values) (*intake.Receipt, error) {
		return app.Door.Receive(app, intake.Submission{Feedback: app.Feedback(v), Key: key, Request: &intake.Request{Authenticated: true, Caller: caller}})
	}
	file := func(s string) desktest.Values { return desktest.Values{"attachments": []any{app.File("a.txt", s)}} }
	first, err := send("k1", "", file("one"))
	if err != nil {
		t.Fatal(err)
	}
	again, err := send("k1", "", file("one"))
	if err != nil || !again.Again || again.Feedback.Id != first.Feedback.Id || again.Feedback.Receipt() != first.Feedback.Receipt() || !again.AnswerBy.Equal(first.AnswerBy) {
		t.Errorf("got %+v, %v", again, err)
	}
	for name, v := range map[string]desktest.Values{"another message": {"message": "other"}, "another file": file("two"), "no file": nil} {
		if _, err := send("k1", "", v); !errors.Is(err, intake.ErrKeyMismatch) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, c := range [][2]string{{"k1", "somebody"}, {"k2", ""}, {"", ""}, {"", ""}} {
		if r, err := send(c[0], c[1], file("one")); err != nil || r.Again {
			t.Errorf("%v: %+v, %v", c, r, err)
		}
	}
	if n := len(app.All(desk.Cases, nil)); n != 5 || app.StoredFiles() != 5 {
		t.Errorf("%d cases, %d files", n, app.StoredFiles())
	}
	app.Clock.Advance(25 * time.Hour)
	if r, err := send("k1", "", desktest.Values{"message": "other"}); err != nil || r.Again {
		t.Errorf("a day later: %+v, %v", r, err)
	}
	app.Clock.Advance(25 * time.Hour)
	if err := intake.ForgetKeys(app); err != nil {
		t.Fatal(err)
	}
	for _, r := range app.All(desk.Feedbacks, nil) {
		if r.GetString("idem_key") != "" {
			t.Error("a key is kept for longer than a day")
		}
	}
}

// The same key comes several times at the same moment, with files.
func TestIdempotencyAtOnce(t *testing.T) {
	for name, message := range map[string]string{"accepted": "hello there", "blocked": "blocked-word", "held": "held-word"} {
		t.Run(name, func(t *testing.T) {
			app := desktest.New(t)
			app.Make(desk.BlockRules, desktest.Values{"kind": "keyword", "value": "blocked-word", "action": "block"})
			app.Make(desk.BlockRules, desktest.Values{"kind": "keyword", "value": "held-word", "action": "quarantine"})
			const n = 8
			var wg sync.WaitGroup
			receipts := make([]*intake.Receipt, n)
			for i := range n {
				wg.Add(1)
				go func() {
					defer wg.Done()
					var err error
					receipts[i], err = app.Door.Receive(app, intake.Submission{Key: "k", Feedback: app.Feedback(desktest.Values{
						"message": message, "attachments": []any{app.File("a.txt", "one")},
					})})
					if err != nil {
						t.Errorf("try %d: %v", i, err)
					}
				}()
			}
			wg.Wait()
			if t.Failed() {
				return
			}
			for _, r := range receipts {
				if r.Feedback.Receipt() != receipts[0].Feedback.Receipt() {
					t.Error("two receipts for one key")
				}
			}
			files := 1
			if name == "blocked" {
				files = 0
			}
			if n := len(app.All(desk.Feedbacks, nil)); n != 1 || app.StoredFiles() != files {
				t.Errorf("%d submissions, %d files", n, app.StoredFiles())
			}
		})
	}
}

// Tries of one message at the same moment count as one message, not as a flood.
func TestTriesAtOnceCountOnce(t *testing.T) {
	app := desktest.New(t)
	request := &intake.Request{IP: netip.MustParseAddr("203.0.113.9"), UserAgent: "Mozilla/5.0", AcceptLanguage: "en"}
	var wg sync.WaitGroup
	for range 12 {
		wg.Go(func() {
			if _, err := app.Door.Receive(app, intake.Submission{Key: "k", Request: request, Feedback: app.Feedback(nil)}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	r, err := app.Door.Receive(app, intake.Submission{Key: "another", Request: request, Feedback: app.Feedback(desktest.Values{"message": "Something else: do you sell tea as well?"})})
	if err != nil {
		t.Fatal(err)
	}
	v, err := desk.FindVerdictOf(app, r.Feedback.Id)
	if err != nil || strings.Contains(v.GetString("signals"), "rate_email") {
		t.Errorf("signals %s, %v", v.GetString("signals"), err)
	}
}
