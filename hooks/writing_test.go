package hooks

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

const messagesPath = "/api/collections/messages/records"

// writer is one agent on one case.
type writer struct {
	*trackShop
	token string
	agent string
}

func newWriter(t *testing.T, options ...shopOption) *writer {
	t.Helper()
	w := &writer{trackShop: newTrackShop(t, nil, options...)}
	token, agent := w.Agent(desk.RoleAgent, "")
	w.token, w.agent = token, agent.Id
	return w
}

// write posts an answer; fields replace or add to it.
func (w *writer) write(fields map[string]any, headers ...string) (int, map[string]any) {
	w.t.Helper()
	body := map[string]any{"case": w.id, "direction": "out", "channel": "email", "body": "It is on its way."}
	for k, v := range fields {
		body[k] = v
	}
	return w.Post(messagesPath, body, append(headers, "Authorization", w.token)...)
}

// visitor writes on the page.
func (w *writer) visitor(text string) {
	w.t.Helper()
	f := w.fields("reply")
	f["message"] = text
	if a := w.Multipart(w.path, f, nil); a.Status >= 400 {
		w.t.Fatalf("the visitor: %d %s", a.Status, a.Body)
	}
}

func (w *writer) answers() int {
	n := 0
	for _, m := range w.Rows(desk.Messages) {
		if m.GetString("author") == w.agent {
			n++
		}
	}
	return n
}

// Words of the visitor that the agent has not seen stop his answer, and are shown.
func TestAnswerOverUnseenWords(t *testing.T) {
	w := newWriter(t)
	first := w.Rows(desk.Messages)[0].Id
	w.visitor("Stop, the address is wrong!")
	status, answer := w.write(map[string]any{"seen": first, "status": "resolved"})
	data, _ := answer["data"].(map[string]any)
	by, _ := data["answered"].(map[string]any)
	if status != http.StatusConflict || by["body"] != "Stop, the address is wrong!" || by["direction"] != "in" || by["id"] == "" || answer["message"] != "The visitor wrote meanwhile." {
		t.Fatalf("%d %v", status, answer)
	}
	if c := w.now(); w.answers() != 0 || c.Status() == desk.Resolved || c.GetString("waiting_since") == "" || c.GetString("due_at") == "" {
		t.Errorf("%d answers, %s, waiting since %q", w.answers(), c.Status(), c.GetString("waiting_since"))
	}
	if status, answer := w.write(map[string]any{"seen": by["id"], "status": "pending"}); status != http.StatusOK {
		t.Errorf("who has seen it: %d %v", status, answer)
	}
	w.visitor("And another thing.")
	if status, _ := w.write(map[string]any{"seen": by["id"], "anyway": true, "status": "resolved"}); status != http.StatusOK || w.now().Status() != desk.Resolved {
		t.Errorf("who insists: %d, %s", status, w.now().Status())
	}
}

// Without word of what was seen, an answer leaves what is unread waiting.
func TestAnswerLeavesUnreadWaiting(t *testing.T) {
	w := newWriter(t)
	read := func() {
		if a := w.Do(http.MethodPost, "/api/desk/cases/"+w.id+"/read", nil, "Authorization", w.token); a.Status != http.StatusNoContent {
			t.Fatalf("read: %d", a.Status)
		}
	}
	unread := func() bool {
		_, list := w.Get("/api/desk/cases?queue=all", "Authorization", w.token)
		items, _ := list["items"].([]any)
		return len(items) == 1 && items[0].(map[string]any)["unread"] == true
	}
	w.Clock.Advance(time.Second)
	read()
	w.Clock.Advance(time.Minute)
	w.visitor("Wait!")
	w.Clock.Advance(time.Minute)
	if status, answer := w.write(map[string]any{"status": "resolved"}); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	if c := w.now(); c.Done() || c.GetString("waiting_since") == "" || !unread() {
		t.Errorf("%s, waiting since %q, unread %v", c.Status(), c.GetString("waiting_since"), unread())
	}
	bulk := func() {
		body := map[string]any{"ids": []string{w.id}, "actions": []map[string]any{{"do": "answer", "value": map[string]any{"body": "Sorry for the wait.", "status": "resolved"}}}}
		if status, answer := w.Post("/api/desk/cases/bulk", body, "Authorization", w.token); status != http.StatusOK {
			t.Fatalf("bulk: %d %v", status, answer)
		}
	}
	if bulk(); w.now().Done() || w.now().GetString("waiting_since") == "" {
		t.Error("answered with many others, it is done")
	}
	read()
	if bulk(); !w.now().Done() {
		t.Error("read and answered with many others, it is not done")
	}
}

// The same key writes one message, whoever comes first.
func TestKeyOfAMessage(t *testing.T) {
	w := newWriter(t)
	_, first := w.write(map[string]any{"key": "draft-1", "undo_seconds": 10})
	status, again := w.write(map[string]any{"key": "draft-1", "undo_seconds": 10})
	if status != http.StatusOK || again["id"] == nil || again["id"] != first["id"] || w.answers() != 1 || len(w.Rows(desk.Outbox)) != 2 {
		t.Errorf("%d %v, first %v; %d answers, %d mails with the receipt", status, again["id"], first["id"], w.answers(), len(w.Rows(desk.Outbox)))
	}
	if again["idem_key"] != nil || again["idem_hash"] != nil {
		t.Error("the key is handed out")
	}
	status, other := w.write(map[string]any{"key": "draft-1", "body": "Changed since."})
	data, _ := other["data"].(map[string]any)
	sent, _ := data["answered"].(map[string]any)
	if status != http.StatusUnprocessableEntity || sent["id"] != first["id"] || sent["body"] != "It is on its way." || w.answers() != 1 {
		t.Errorf("another text: %d %v", status, other)
	}
	if status, _ := w.write(nil, "Idempotency-Key", "draft-1"); status != http.StatusOK || w.answers() != 1 {
		t.Errorf("as a header: %d", status)
	}
	mate, _ := w.Agent(desk.RoleAgent, "")
	if status, m := w.Post(messagesPath, map[string]any{"case": w.id, "direction": "note", "body": "mine", "key": "draft-1"}, "Authorization", mate); status != http.StatusOK || m["id"] == first["id"] {
		t.Errorf("a colleague's key: %d %v", status, m)
	}
	// what was taken back may be sent again
	if status, answer := w.Post("/api/desk/messages/"+fmt.Sprint(first["id"])+"/undo", nil, "Authorization", w.token); status != http.StatusOK {
		t.Fatalf("undo: %d %v", status, answer)
	}
	if status, m := w.write(map[string]any{"key": "draft-1"}); status != http.StatusOK || m["id"] == first["id"] || w.answers() != 1 {
		t.Errorf("after it was taken back: %d %v", status, m)
	}
	w.Clock.Advance(25 * time.Hour)
	w.runJob("pocketdesk.idempotency")
	for _, m := range w.Rows(desk.Messages) {
		if m.GetString("idem_key") != "" || m.GetString("idem_hash") != "" {
			t.Errorf("%s keeps its key", m.Id)
		}
	}
}

// Many tries of one key at the same moment, with a file each, write one message.
func TestKeyRace(t *testing.T) {
	w := newWriter(t)
	var wait sync.WaitGroup
	ids := make(chan string, 8)
	for range cap(ids) {
		wait.Go(func() {
			body, kind := form(map[string]any{"case": w.id, "direction": "out", "channel": "email", "body": "Once.", "key": "k"}, upload{Name: "label.txt", Body: []byte("a label")})
			a, err := w.try(http.MethodPost, messagesPath, strings.NewReader(string(body)), "Content-Type", kind, "Authorization", w.token)
			if err != nil || a.Status != http.StatusOK {
				t.Errorf("%v %d %s", err, a.Status, a.Body)
			}
			ids <- fmt.Sprint(a.JSON()["id"])
		})
	}
	wait.Wait()
	first := <-ids
	for range cap(ids) - 1 {
		if id := <-ids; id != first {
			t.Errorf("%s beside %s", id, first)
		}
	}
	if n := len(w.stored()); w.answers() != 1 || n != 1 {
		t.Errorf("%d answers, %d files", w.answers(), n)
	}
}

// A text that still has marks of a template is refused unless one insists.
func TestLeftOverMarks(t *testing.T) {
	w := newWriter(t)
	for _, fields := range []map[string]any{{"body": "Hi {{ contact.name }}"}, {"body": "{% if x %}a"}, {"subject": "About {{ nope }}"}} {
		status, answer := w.write(fields)
		field := "body"
		if fields["subject"] != nil {
			field = "subject"
		}
		data, _ := answer["data"].(map[string]any)
		why, _ := data[field].(map[string]any)
		if status != http.StatusBadRequest || why["code"] != "validation_liquid" {
			t.Errorf("%v: %d %v", fields, status, answer)
		}
	}
	if status, _ := w.write(map[string]any{"direction": "note", "body": "the template says {{ contact.name }}"}); status != http.StatusOK {
		t.Errorf("a note: %d", status)
	}
	for _, yes := range []any{true, "liquid"} {
		if status, m := w.write(map[string]any{"body": "Write {{ name }} there.", "anyway": yes}); status != http.StatusOK || m["body"] != "Write {{ name }} there." {
			t.Errorf("anyway %v: %d %v", yes, status, m)
		}
	}
	// to insist on the marks is not to have seen what came meanwhile
	first := w.Rows(desk.Messages)[0].Id
	w.visitor("Stop!")
	if status, _ := w.write(map[string]any{"body": "Write {{ name }} there.", "anyway": "liquid", "seen": first}); status != http.StatusConflict {
		t.Errorf("with marks over unseen words: %d", status)
	}
}

// What is previewed as a mail is what the mail and the conversation show.
func TestLooksOfAnAnswer(t *testing.T) {
	w := newWriter(t)
	const text = "**Soon** and _surely_\n# 1 thing\n# two\n---\n- a\n- b"
	const want = "<p><strong>Soon</strong> and <em>surely</em><br>\n# 1 thing<br>\n# two<br>\n---</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"
	status, look := w.Post("/api/desk/cases/"+w.id+"/preview", map[string]any{"as": "mail", "body": text + " {{ x }}"}, "Authorization", w.token)
	if status != http.StatusOK || look["html"] != strings.Replace(want, "b</li>", "b {{ x }}</li>", 1) || look["subject"] == "" {
		t.Errorf("%d %q", status, look["html"])
	}
	if status, _ := w.Post("/api/desk/cases/"+w.id+"/preview", map[string]any{"as": "mail", "body": strings.Repeat("長", 50_001)}, "Authorization", w.token); status != http.StatusBadRequest {
		t.Errorf("too long: %d", status)
	}
	if status, answer := w.write(map[string]any{"body": text}); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	w.Drain()
	if status, answer := w.write(map[string]any{"body": "nothing special"}); status != http.StatusOK {
		t.Fatalf("%d %v", status, answer)
	}
	_, view := w.Get("/api/desk/cases/"+w.id, "Authorization", w.token)
	shown := map[any]any{}
	for _, m := range view["messages"].([]any) {
		shown[m.(map[string]any)["body"]] = m.(map[string]any)["formatted"]
	}
	if shown[text] != want || shown["nothing special"] != nil {
		t.Errorf("in the conversation: %q, %v", shown[text], shown["nothing special"])
	}
	if html := strings.ReplaceAll(w.mail(1).HTML, "\r\n", "\n"); !strings.Contains(html, want) {
		t.Errorf("in the mail: %q", html)
	}
}
