package hooks

import (
	"bytes"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"

	"github.com/pocketdesk/pocketdesk/internal/desk"
)

// The tracking page opens with its token alone, and nothing leads there from
// what staff are sent.
func TestTrackingPage(t *testing.T) {
	w := newWorld(t)
	w.UseSMTP()
	c, err := desk.FindCase(w.App, w.caseID)
	if err != nil {
		t.Fatal(err)
	}
	if status, answer := w.Post("/api/collections/messages/records", map[string]any{"case": c.Id, "direction": "out", "channel": "email", "body": "on its way"}, w.auth("agent")...); status != http.StatusOK {
		t.Fatalf("answer: %d %v", status, answer)
	}
	w.Drain()
	w.shop.Add(desk.Messages, map[string]any{"case": c.Id, "direction": "in", "channel": "email", "body": "his wife asks", "from_addr": "wife@family.example"})
	base := "/support/t/"
	a := w.Do(http.MethodGet, base+c.TrackToken(), nil)
	text := string(a.Body)
	if a.Status != http.StatusOK || !strings.Contains(text, "Where is my parcel") || strings.Count(text, `<li class="other">`) != 1 || strings.Contains(text, "wife@family") || strings.Contains(text, "note "+canary) || strings.Contains(text, desk.TrackingLink) {
		t.Errorf("%d %s", a.Status, text)
	}
	secret := func(a reply) {
		t.Helper()
		if a.Header.Get("Referrer-Policy") != "no-referrer" || !strings.Contains(a.Header.Get("X-Robots-Tag"), "noindex") || a.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("headers of a secret address: %v", a.Header)
		}
	}
	secret(a)
	link := regexp.MustCompile(`href="(/support/t/[^"]*/files/[^"]*)"`).FindStringSubmatch(text)
	if link == nil {
		t.Fatal("the visitor's file is not on the page")
	}
	file := html.UnescapeString(link[1])
	for _, query := range []string{"", "?download=0", "?download=false&thumb=100x100", "?token=x"} {
		f := w.Do(http.MethodGet, file+query, nil)
		if f.Status != http.StatusOK || !bytes.Equal(f.Body, png()) || !strings.HasPrefix(f.Header.Get("Content-Disposition"), "attachment") || f.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("file%s: %d %v", query, f.Status, f.Header)
		}
		secret(f)
	}
	// other tokens, other files
	s := w.shop
	second := s.sendWithFile(map[string]any{"email": "bob@example.com", "message": "others-words"})
	other := s.CaseOf(second)
	for _, path := range []string{
		base + strings.Repeat("x", len(c.TrackToken())), base + "x", base + c.TrackToken()[:20], base + c.TrackToken() + "x", base + "%25", base + "' OR 1=1 --aaaaaaaaaaaa", base + strings.ToUpper(c.TrackToken()),
		strings.Replace(file, c.TrackToken(), other.TrackToken(), 1), strings.Replace(file, ".png", ".png.attrs", 1), file[:strings.LastIndex(file, "/")] + "/..%2f..%2f..%2fdata.db",
		base + c.TrackToken() + "/files/" + w.message.Id + "/x.png", base + c.GetString("mail_token"), base + w.caseID + "aaaaa",
	} {
		a := w.Do(http.MethodGet, strings.ReplaceAll(path, " ", "%20"), nil)
		if a.Status != http.StatusNotFound || strings.Contains(string(a.Body), canary) {
			t.Errorf("%s: %d", path, a.Status)
		}
	}
	w.noSecrets(t, c)
}

// noSecrets reads all that staff can read and looks for the case's tokens.
func (w *world) noSecrets(t *testing.T, c *desk.Case) {
	t.Helper()
	var paths []string
	for _, id := range desk.Collections() {
		paths = append(paths, "/api/collections/"+desk.Name(w.App, id)+"/records?perPage=500&expand=case,message,message.case,contact.cases_via_contact")
	}
	for _, p := range []string{"cases", "cases/" + c.Id, "search?q=" + canary, "queues", "quarantine", "outbox", "health", "variables"} {
		paths = append(paths, "/api/desk/"+p)
	}
	for _, role := range []string{"agent", "supervisor", "admin", "integration"} {
		for _, path := range paths {
			a := w.Do(http.MethodGet, path, nil, w.auth(role)...)
			if strings.Contains(string(a.Body), c.TrackToken()) {
				t.Errorf("%s gets the tracking token from %s", role, path)
			}
		}
		a := w.Do(http.MethodPost, "/api/desk/cases/"+c.Id+"/preview", strings.NewReader(`{"body":"{{ tracking_url }} {{ case.reference }}"}`), append(w.auth(role), "Content-Type", "application/json")...)
		if strings.Contains(string(a.Body), c.TrackToken()) {
			t.Errorf("%s gets the tracking token from a preview: %s", role, a.Body)
		}
	}
	mails := ""
	for _, m := range w.SMTP.Mails() {
		envelope, err := enmime.ReadEnvelope(bytes.NewReader(m.Raw))
		if err != nil {
			t.Fatal(err)
		}
		mails += envelope.Text
	}
	if !strings.Contains(mails, c.TrackToken()) {
		t.Error("the mails bear no tracking link either, so this test says nothing")
	}
}
