package hooks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/dbx"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/privacy"
)

// traces are the places in the database and in storage where a text stands, in
// any table, PocketBase's own included, whatever the column.
func (s *shop) traces(text string) []string {
	s.t.Helper()
	var tables []string
	// what virtual tables hold stands in tables of their own
	const all = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL TABLE%'"
	if err := s.App.DB().NewQuery(all).Column(&tables); err != nil {
		s.t.Fatal(err)
	}
	var found []string
	for _, table := range tables {
		rows, err := s.App.DB().NewQuery("SELECT * FROM {{" + table + "}}").Rows()
		if err != nil {
			s.t.Fatal(err)
		}
		for rows.Next() {
			row := dbx.NullStringMap{}
			if err := rows.ScanMap(row); err != nil {
				s.t.Fatal(err)
			}
			for column, v := range row {
				if strings.Contains(strings.ToLower(v.String), strings.ToLower(text)) {
					found = append(found, table+"."+column+" of "+row["id"].String)
				}
			}
		}
		rows.Close()
	}
	for _, path := range s.stored() {
		b, err := os.ReadFile(path)
		if err != nil {
			s.t.Fatal(err)
		}
		if strings.Contains(path, text) || bytes.Contains(b, []byte(text)) {
			found = append(found, path)
		}
	}
	return found
}

// runJob runs a regular job as PocketBase's cron does.
func (s *shop) runJob(id string) {
	s.t.Helper()
	for _, j := range s.App.Cron().Jobs() {
		if j.Id() == id {
			j.Run()
			return
		}
	}
	s.t.Fatalf("there is no job %s", id)
}

// send posts a message with what else belongs to a real one and returns its id.
func (s *shop) sendWithFile(fields map[string]any, headers ...string) string {
	s.t.Helper()
	token, solved := s.Form()
	raw, _ := json.Marshal(solved)
	body := map[string]any{"name": "Ann", "message": "Where is my parcel?", "form_token": token, "pow": string(raw)}
	maps.Copy(body, fields)
	a := s.Multipart(submitPath, body, []upload{{Name: "photo.png", Body: append(png(), []byte(fmt.Sprint(fields["message"]))...)}}, headers...)
	if a.Status != http.StatusOK {
		s.t.Fatalf("submit: %d %s", a.Status, a.Body)
	}
	return a.JSON()["id"].(string)
}

// Addresses and browsers go after 30 days, what waits in quarantine goes with its files.
func TestRetention(t *testing.T) {
	s := newShop(t, withoutSMTP(), withProxy())
	from := []string{"X-Real-IP", "203.0.113.9", "User-Agent", "Netscape-canary/4.0"}
	kept := s.sendWithFile(map[string]any{"email": "ann@example.com", "message": "kept-canary where is it?"}, from...)
	s.sendWithFile(map[string]any{"email": "bot@example.net", "message": "junk-canary", "website": "x"}, from...)
	s.Add(desk.BlockRules, map[string]any{"kind": "email", "value": "rude@example.net", "action": "block"})
	s.sendWithFile(map[string]any{"email": "rude@example.net", "message": "rude-canary"}, from...)
	for _, v := range s.Rows(desk.Verdicts) {
		if v.GetString("ip") != "203.0.113.9" || v.GetString("user_agent") != "Netscape-canary/4.0" {
			t.Errorf("network data: %v %v", v.Get("ip"), v.Get("user_agent"))
		}
	}
	if n := len(s.stored()); n != 2 {
		t.Errorf("%d files, want those of the accepted and of the held message", n)
	}
	s.Clock.Advance(29 * 24 * time.Hour)
	s.runJob("pocketdesk.retention")
	for _, text := range []string{"203.0.113.9", "netscape-canary", "junk-canary", "rude-canary", "kept-canary"} {
		if len(s.traces(text)) == 0 {
			t.Errorf("%s went before its time", text)
		}
	}
	s.Clock.Advance(2 * 24 * time.Hour)
	s.runJob("pocketdesk.retention")
	for _, text := range []string{"203.0.113.9", "netscape-canary", "junk-canary", "rude-canary@", "bot@example.net"} {
		if at := s.traces(text); len(at) > 0 {
			t.Errorf("after 31 days %s stands in %v", text, at)
		}
	}
	if _, err := desk.FindFeedback(s.App, kept); err != nil || len(s.stored()) != 1 || len(s.traces("kept-canary")) == 0 {
		t.Errorf("the accepted message went too: %v, %d files", err, len(s.stored()))
	}
}

// person leaves all that a person leaves: cases with answers, notes, files and
// mails, a second case under the same address with another phone, held and
// blocked messages.
func person(s *shop) {
	s.t.Helper()
	staff, _ := s.Agent("agent", "")
	id := s.sendWithFile(map[string]any{"name": "陳美麗", "email": "Mei@Example.com", "phone": "0912-345-678", "message": "words-canary one", "subject": "subject-canary"})
	c := s.CaseOf(id)
	for _, m := range []map[string]any{
		{"case": c.Id, "direction": "out", "channel": "email", "body": "Dear 陳美麗, words-canary answer"},
		{"case": c.Id, "direction": "note", "body": "陳美麗 words-canary note"},
	} {
		if status, answer := s.Post("/api/collections/messages/records", m, "Authorization", staff); status != http.StatusOK {
			s.t.Fatalf("message: %d %v", status, answer)
		}
	}
	if status, answer := s.Patch("/api/collections/cases/records/"+c.Id, map[string]any{
		"summary": "陳美麗 words-canary", "subject": "subject-canary 2", "tags": []string{"words-canary"},
		"follow_up_at": "2026-04-01 00:00:00.000Z", "follow_up_note": "ask 陳美麗",
	}, "Authorization", staff); status != http.StatusOK {
		s.t.Fatalf("case: %d %v", status, answer)
	}
	s.sendWithFile(map[string]any{"name": "陳美麗", "email": "mei@example.com", "phone": "+886 987 654 321", "message": "words-canary two"})
	s.sendWithFile(map[string]any{"name": "陳美麗", "phone": "+886912345678", "message": "words-canary three, by phone"})
	s.sendWithFile(map[string]any{"name": "陳美麗", "email": " MEI@EXAMPLE.COM", "phone": "0912345678", "message": "words-canary held", "website": "x"})
	s.Add(desk.BlockRules, map[string]any{"kind": "keyword", "value": "forbidden words", "action": "block"})
	s.sendWithFile(map[string]any{"name": "陳美麗", "email": "mei@example.com", "phone": "+886-912-345-678", "message": "words-canary forbidden words"})
	s.sendWithFile(map[string]any{"name": "Bob", "email": "bob@example.com", "message": "others-words"})
	s.Drain()
}

// Erasing a person by mail or by phone leaves no word, address, name or file of
// theirs, and of each case an anonymous line; nobody else's is touched.
func TestErase(t *testing.T) {
	for _, address := range []string{"mei@example.com", "MEI@example.com ", "0912-345-678", "+886912345678"} {
		t.Run(address, func(t *testing.T) {
			s := newShop(t)
			person(s)
			before := s.Cases()
			if len(before) < 4 || len(s.SMTP.Mails()) < 3 || len(s.traces("陳美麗")) < 8 {
				t.Fatalf("the person left too little: %d cases, %d mails", len(before), len(s.SMTP.Mails()))
			}
			report, err := privacy.Erase(s.App, address)
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range []string{"陳美麗", "mei@example.com", "0912-345-678", "+886912345678", "987654321", "words-canary", "subject-canary"} {
				if at := s.traces(text); len(at) > 0 {
					t.Errorf("%s still stands in %v", text, at)
				}
			}
			if report.Cases == 0 || report.Contacts == 0 || report.Submissions == 0 || report.Messages == 0 {
				t.Errorf("report: %+v", report)
			}
			for _, was := range before {
				c, err := desk.FindCase(s.App, was.Id)
				if err != nil {
					t.Fatalf("case %d is gone: %v", was.Number(), err)
				}
				if c.Number() != was.Number() || c.GetString("created") != was.GetString("created") {
					t.Errorf("case %d is no longer itself", was.Number())
				}
				if c.Contact() == "" && (!c.Done() || c.TrackToken() != "" || c.Subject() != "") {
					t.Errorf("case %d: %v", c.Number(), c.PublicExport())
				}
			}
			for _, text := range []string{"bob@example.com", "others-words", "Bob"} {
				if len(s.traces(text)) == 0 {
					t.Errorf("somebody else's %s is gone", text)
				}
			}
			if _, err := privacy.Erase(s.App, address); err == nil {
				t.Error("erased twice without an error")
			}
		})
	}
}

// Somebody unknown is an error, and nothing changes.
func TestEraseNobody(t *testing.T) {
	s := newShop(t, withoutSMTP())
	s.Submit(nil)
	before := s.counts()
	for _, address := range []string{"nobody@example.com", "+886900000000", "", "%", "'; DROP TABLE cases; --", "ming@example.co", "ing@example.com", "*"} {
		if report, err := privacy.Erase(s.App, address); err == nil {
			t.Errorf("%q: %+v", address, report)
		}
	}
	after := s.counts()
	for _, counts := range []map[string]int{before, after} {
		delete(counts, "screening_days") // they are counted in the background
	}
	if !maps.Equal(before, after) {
		t.Errorf("%v, before %v", after, before)
	}
}

// A spammer can't tell from the answer what became of his message.
func TestSameAnswerForAll(t *testing.T) {
	s := newShop(t, withoutSMTP())
	s.Add(desk.BlockRules, map[string]any{"kind": "keyword", "value": "forbidden words", "action": "block"})
	kinds := []struct {
		outcome string
		extra   map[string]any
	}{
		{desk.Accepted, map[string]any{"message": "Where is my order?"}},
		{desk.Quarantined, map[string]any{"message": "Where is my order?", "website": "x"}},
		{desk.Blocked, map[string]any{"message": "forbidden words"}},
	}
	random := regexp.MustCompile(`[34679A-Y]{4}-[34679A-Y]{4}`)
	hidden := regexp.MustCompile(`(name="(form_token|idempotency_key)" value|data-(salt|signature))="[^"]*"`)
	var first reply
	var firstPage string
	for i, k := range kinds {
		fields := map[string]any{"name": "Ann", "email": "ann@example.com", "consent": "true", "locale": "en"}
		maps.Copy(fields, k.extra)
		a := s.Multipart(submitPath, fields, []upload{{Name: "photo.png", Body: png()}})
		m := a.JSON()
		id, _ := m["id"].(string)
		if got := s.Verdict(id).Outcome(); got != k.outcome {
			t.Fatalf("%v is %s", k, got)
		}
		page := s.Multipart(formPath, fields, nil)
		text := hidden.ReplaceAllString(random.ReplaceAllString(string(page.Body), ""), "")
		if i == 0 {
			first, firstPage = a, text
		}
		if a.Status != first.Status || !slices.Equal(slices.Sorted(maps.Keys(m)), slices.Sorted(maps.Keys(first.JSON()))) ||
			!slices.Equal(slices.Sorted(maps.Keys(a.Header)), slices.Sorted(maps.Keys(first.Header))) {
			t.Errorf("%s: %d %s", k.outcome, a.Status, a.Body)
		}
		for name, v := range first.JSON() {
			if fmt.Sprintf("%T %d", v, len(fmt.Sprint(v))) != fmt.Sprintf("%T %d", m[name], len(fmt.Sprint(m[name]))) && name != "message" {
				t.Errorf("%s differs in %s: %v, accepted has %v", k.outcome, name, m[name], v)
			}
		}
		if page.Status != http.StatusOK || text != firstPage {
			t.Errorf("the page differs for %s: %d", k.outcome, page.Status)
		}
	}
}
