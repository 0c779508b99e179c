package hooks

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/mail"
)

// The whole line, told once: read it to learn the product.
func TestFromMessageToAnsweredCase(t *testing.T) {
	s := newShop(t)
	owner := s.Superuser()
	s.Settings(map[string]any{"shop_name": map[string]string{"zh-TW": "山嵐選物"}, "service_phone": "02-2712-3456"})

	// A visitor writes in Traditional Chinese and sends. The answer holds his receipt.
	sent := s.Submit(map[string]any{
		"name": "王小明", "email": "Ming@Example.com", "phone": "0912-345-678", "category": "return",
		"order_no": "YM2611-0042", "message": "茶杯杯口有缺角，想請問怎麼換貨？",
	})
	receipt, _ := sent["receipt"].(string)
	if len(receipt) != 9 || sent["answer_by"] == "" {
		t.Fatalf("the answer to a submission: %v", sent)
	}

	// A case stands open: found by category, its person by mail and phone.
	cases := s.Cases()
	if len(cases) != 1 {
		t.Fatalf("%d cases", len(cases))
	}
	c := cases[0]
	if c.Number() != 1 || c.Category() != "return" || c.Status() != desk.Unread || c.Reasons()["category"].By != "visitor" {
		t.Errorf("the case: number %d, category %s (%v), status %s", c.Number(), c.Category(), c.Reasons(), c.Status())
	}
	var addresses []string
	for _, r := range s.Rows(desk.Identities) {
		addresses = append(addresses, r.GetString("value")+" "+r.GetString("state"))
	}
	if want := []string{"ming@example.com claimed", "+886912345678 claimed"}; !slices.Equal(addresses, want) {
		t.Errorf("identities %v, want %v", addresses, want)
	}

	// His acknowledgement is in the mail server's hands: automatic, without his words.
	s.Drain()
	ack := s.mail(0)
	if ack.envelope != "" || header(ack.View, "Auto-Submitted") != "auto-replied" {
		t.Errorf("the acknowledgement's sender %q, Auto-Submitted %q", ack.envelope, header(ack.View, "Auto-Submitted"))
	}
	if !strings.Contains(ack.Text, receipt) || !strings.Contains(ack.Text, "王小明") || strings.Contains(ack.Text, "缺角") {
		t.Errorf("the acknowledgement says:\n%s", ack.Text)
	}

	// Behind its link he reads what he sent.
	link := ack.Text[strings.Index(ack.Text, "https://shop.example/support/t/"):]
	link = strings.TrimPrefix(strings.Fields(link)[0], "https://shop.example")
	if page := s.page(link); !strings.Contains(page, "缺角") || !strings.Contains(page, receipt) {
		t.Errorf("the tracking page:\n%s", page)
	}

	// The owner finds the case in the Desk and answers with a template.
	_, list := s.Get("/api/desk/cases?queue=unassigned", "Authorization", owner)
	row := list["items"].([]any)[0].(map[string]any)
	if row["snippet"] != "茶杯杯口有缺角，想請問怎麼換貨？" || row["id"] != c.Id {
		t.Errorf("the list shows %v", row)
	}
	s.Clock.Advance(time.Hour)
	status, answer := s.Post("/api/collections/messages/records", map[string]any{
		"case": c.Id, "direction": "out", "channel": "email", "template": "return", "status": "pending",
	}, "Authorization", owner)
	if status != http.StatusOK || answer["delivery"] != desk.DeliveryQueued {
		t.Fatalf("the answer: %d %v", status, answer)
	}

	// It leaves by mail, threaded to the acknowledgement.
	s.Drain()
	reply := s.mail(1)
	if id := header(ack.View, "Message-ID"); header(reply.View, "In-Reply-To") != id || !strings.Contains(header(reply.View, "References"), id) {
		t.Errorf("In-Reply-To %s, References %s; the acknowledgement is %s", header(reply.View, "In-Reply-To"), header(reply.View, "References"), id)
	}
	if header(reply.View, "Auto-Submitted") != "" || !strings.Contains(header(reply.View, "Reply-To"), "service+c-") {
		t.Errorf("an answer by a person bears %v", reply.Headers)
	}

	// Every step is a line on the case's timeline, and the case waits for the visitor.
	var steps []string
	_, view := s.Get("/api/desk/cases/"+c.Id, "Authorization", owner)
	for _, e := range view["events"].([]any) {
		steps = append(steps, e.(map[string]any)["kind"].(string))
	}
	if want := []string{"opened", "acknowledged", "sent", "replied", "assignee", "status", "sent"}; !slices.Equal(steps, want) {
		t.Errorf("the timeline is %v, want %v", steps, want)
	}
	c = s.Cases()[0]
	if c.Status() != desk.Pending || c.GetDateTime("first_responded_at").IsZero() || !c.GetDateTime("waiting_since").IsZero() || c.Assignee() == "" {
		t.Errorf("after the answer: status %s, responded %s, waiting %s, assignee %q",
			c.Status(), c.GetString("first_responded_at"), c.GetString("waiting_since"), c.Assignee())
	}
}

// A bot gets the same answer; its message waits with its reasons and no mail
// leaves. Released, it is a case like any other.
func TestHeldMessageIsReleased(t *testing.T) {
	s := newShop(t)
	owner := s.Superuser()
	human := s.Submit(map[string]any{"email": "human@example.com"})
	bot := s.Submit(map[string]any{"email": "bot@example.com", "website": "https://seo.example"})
	for name := range human {
		if _, ok := bot[name]; !ok {
			t.Errorf("the answer to a bot lacks %s", name)
		}
	}
	s.Drain()
	if n := len(s.SMTP.Mails()); n != 1 {
		t.Fatalf("%d mails left, want the one to the human", n)
	}

	_, held := s.Get("/api/desk/quarantine", "Authorization", owner)
	items := held["items"].([]any)
	if len(items) != 1 {
		t.Fatalf("quarantine holds %v", items)
	}
	reasons := []string{}
	for _, sig := range items[0].(map[string]any)["signals"].([]any) {
		reasons = append(reasons, sig.(map[string]any)["name"].(string))
	}
	if !slices.Contains(reasons, "honeypot") {
		t.Errorf("the reasons are %v", reasons)
	}

	id := bot["id"].(string)
	if status, answer := s.Post("/api/desk/feedback/"+id+"/release", nil, "Authorization", owner); status != http.StatusOK {
		t.Fatalf("release: %d %v", status, answer)
	}
	s.Drain()
	if to := s.SMTP.Mails()[1].To[0]; to != "bot@example.com" {
		t.Errorf("the held acknowledgement went to %s", to)
	}
	if s.CaseOf(id) == nil || s.Verdict(id).Outcome() != desk.Accepted || !s.Verdict(id).Decided() {
		t.Error("the released message has no case")
	}
	if status, _ := s.Post("/api/desk/feedback/"+id+"/release", nil, "Authorization", owner); status != http.StatusConflict {
		t.Errorf("released twice: %d", status)
	}
}

// Without a mail server nothing is lost: mail is held, and leaves once one is set up.
func TestMailIsHeldUntilSet(t *testing.T) {
	s := newShop(t, withoutSMTP())
	owner := s.Superuser()
	s.Submit(nil)
	_, counts := s.Get("/api/desk/queues", "Authorization", owner)
	if n := counts["outbox"].(map[string]any)["count"]; n != float64(1) {
		t.Errorf("the Desk counts %v held mails", n)
	}
	s.UseSMTP() // saving the settings releases what was held
	s.Drain()
	if n := len(s.SMTP.Mails()); n != 1 {
		t.Errorf("%d mails after the server was set up", n)
	}
}

// A host that saves feedback by its own code gets the same line, without the
// signals of a request.
func TestHostSavesFeedback(t *testing.T) {
	s := newShop(t)
	f, err := desk.NewFeedback(s.App)
	if err != nil {
		t.Fatal(err)
	}
	f.Set("name", "佐藤花子")
	f.Set("email", "hanako@example.com")
	f.Set("locale", "ja")
	f.Set("message", "急須の在庫はありますか。")
	if err := s.App.Save(f.Record); err != nil {
		t.Fatal(err)
	}
	c := s.CaseOf(f.Id)
	if c == nil || f.Source() != desk.SourceHost || f.Receipt() == "" {
		t.Fatalf("case %v, source %q, receipt %q", c, f.Source(), f.Receipt())
	}
	if ip := s.Verdict(f.Id).GetString("ip"); ip != "" {
		t.Errorf("a save without a request has the address %s", ip)
	}
	blank, err := desk.NewFeedback(s.App)
	if err != nil {
		t.Fatal(err)
	}
	blank.Set("message", "   ")
	if err := s.App.Save(blank.Record); err == nil {
		t.Error("a blank message was saved")
	}
	if n := len(s.Rows(desk.Feedbacks)); n != 1 {
		t.Errorf("%d submissions", n)
	}
}

// letter is a mail that the server took.
type letter struct {
	mail.View
	envelope string
}

func (s *shop) mail(n int) letter {
	s.t.Helper()
	all := s.SMTP.Mails()
	if len(all) <= n {
		s.t.Fatalf("%d mails were taken, want %d or more", len(all), n+1)
	}
	view, err := mail.ParseCaught(all[n].Raw)
	if err != nil {
		s.t.Fatal(err)
	}
	return letter{view, all[n].From}
}

func header(v mail.View, name string) string {
	for _, h := range v.Headers {
		if strings.EqualFold(h.Name, name) {
			return h.Value
		}
	}
	return ""
}

// page is a visitor's page, as text.
func (s *shop) page(path string) string {
	s.t.Helper()
	r := s.Do(http.MethodGet, path, nil)
	return string(r.Body)
}
