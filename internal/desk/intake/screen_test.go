package intake_test

import (
	"fmt"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"github.com/pocketdesk/pocketdesk/internal/desk"
	"github.com/pocketdesk/pocketdesk/internal/desk/desktest"
	"github.com/pocketdesk/pocketdesk/internal/desk/intake"
	"github.com/pocketdesk/pocketdesk/internal/geo"
	"github.com/pocketdesk/pocketdesk/internal/geo/geotest"
	"github.com/pocketdesk/pocketdesk/internal/spam"
)

// openDoor puts another door into the app, with what the environment would hold.
func openDoor(app *desktest.App, c intake.Config) {
	c.Commit, c.Hits = app.Commit, app.Hits
	c.Prepare = func(app2 core.App, f *desk.Feedback) (intake.Opening, error) { return app.Work.Prepare(app2, f) }
	app.Door = intake.New(app, c)
}

// receive sends a submission with a request; change may alter the request.
func receive(t *testing.T, app *desktest.App, v desktest.Values, change func(*intake.Request)) *intake.Receipt {
	t.Helper()
	r := visit(t, app)
	if change != nil {
		change(r)
	}
	receipt, err := app.Door.Receive(app, intake.Submission{Feedback: app.Feedback(v), Request: r})
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

const letter = "Your kettle was shown on television last night and we would all like to know whether the green one can still be had."

func address(i int) desktest.Values {
	return desktest.Values{"email": fmt.Sprintf("guest%d@example.com", i), "message": letter}
}

// The same text from many people is noticed, also after a restart; what staff
// said of one of them counts for all.
func TestNearTexts(t *testing.T) {
	app := desktest.New(t)
	for i := range 3 {
		if s := signals(app, receive(t, app, address(i), nil)); s["near_duplicate"] && i < 2 {
			t.Errorf("sender %d: %v", i, s)
		}
	}
	if s := signals(app, receive(t, app, address(0), nil)); !s["near_duplicate"] {
		t.Errorf("a fourth time: %v", s)
	}
	v := app.All(desk.Verdicts, nil)[0]
	if v.GetString("simhash") == "" || len(v.GetString("sender")) != 64 {
		t.Errorf("the verdict holds %q, %q", v.GetString("simhash"), v.GetString("sender"))
	}
	junk := receive(t, app, address(5), func(r *intake.Request) { r.Honeypot, r.FormToken, r.Pow = "x", "", nil })
	if junk.Outcome != desk.Quarantined {
		t.Fatalf("a bot's: %s", junk.Outcome)
	}
	if err := app.Door.Confirm(app, junk.Feedback.Id, app.Agent("agent", "")); err != nil {
		t.Fatal(err)
	}

	openDoor(app, intake.Config{})
	if s := signals(app, receive(t, app, address(6), nil)); s["near_duplicate"] {
		t.Errorf("a new door knows of the past without reading: %v", s)
	}
	if err := app.Door.LoadRecent(t.Context(), app); err != nil {
		t.Fatal(err)
	}
	hash, _ := spam.SimHash(spam.TextOf("Where is my parcel?", letter))
	if near := app.Door.Recent.Find(hash, 1); near.Others != 5 || near.Junk != 1 || near.Good != 0 {
		t.Errorf("after reading: %+v", near)
	}
	app.Clock.Advance(31 * 24 * time.Hour)
	openDoor(app, intake.Config{})
	if err := app.Door.LoadRecent(t.Context(), app); err != nil {
		t.Fatal(err)
	}
	if near := app.Door.Recent.Find(hash, 1); near.Others != 0 {
		t.Errorf("a month later: %+v", near)
	}
}

// weight is what a signal of a message weighs; 0 for one that is not there.
func weight(app *desktest.App, r *intake.Receipt, name string) float64 {
	var list []spam.Signal
	_ = app.One(desk.Verdicts, desktest.Values{"feedback": r.Feedback.Id}).UnmarshalJSONField("signals", &list)
	for _, s := range list {
		if s.Name == name {
			return s.Weight
		}
	}
	return 0
}

// Rates of a shop with low limits are measured all the same.
func TestLowLimits(t *testing.T) {
	app := desktest.New(t)
	app.Choose(desktest.Values{"limits": map[string]any{"ip_hour": 3, "email_hour": 1}})
	openDoor(app, intake.Config{})
	receive(t, app, desktest.Values{"email": "a@example.com"}, nil)
	if s := signals(app, receive(t, app, desktest.Values{"email": "b@example.com"}, nil)); !s["rate_ip"] || !s["rate_network"] {
		t.Errorf("a second message: %v", s)
	}
}

// Somebody who types a customer's address again and again does not get the
// customer held; whoever does it from one place is held himself.
func TestTypedAddressOfAnother(t *testing.T) {
	app := desktest.New(t)
	from := func(ip string, i int) *intake.Receipt {
		app.Clock.Advance(-time.Minute) // as visit moves it
		v := desktest.Values{"email": "victim@example.com", "message": fmt.Sprintf("%s %x", letter[i:], []byte(letter[i:i+20]))}
		return receive(t, app, v, func(r *intake.Request) { r.IP = netip.MustParseAddr(ip) })
	}
	var last *intake.Receipt
	for i := range 55 {
		last = from("203.0.113.7", i)
	}
	if got := weight(app, last, "rate_email"); got != 5 {
		t.Errorf("rate_email of the flood: %v", got)
	}
	r := from("198.51.100.7", 60)
	if sum := weight(app, r, "rate_email") + weight(app, r, "sender_texts"); sum != 3 || r.Outcome != desk.Accepted {
		t.Errorf("the customer: %s, both rates weigh %v", r.Outcome, sum)
	}
}

// A rule on who wrote says nothing of the text.
func TestBlockedByRuleIsNoJunkText(t *testing.T) {
	app := desktest.New(t)
	app.Make(desk.BlockRules, desktest.Values{"kind": "email", "value": "guest1@example.com", "action": "block"})
	receive(t, app, address(1), nil)
	hash, _ := spam.SimHash(spam.TextOf("Where is my parcel?", letter))
	if near := app.Door.Recent.Find(hash, 1); near.Others != 1 || near.Junk != 0 {
		t.Errorf("at once: %+v", near)
	}
	openDoor(app, intake.Config{})
	if err := app.Door.LoadRecent(t.Context(), app); err != nil {
		t.Fatal(err)
	}
	if near := app.Door.Recent.Find(hash, 1); near.Others != 1 || near.Junk != 0 {
		t.Errorf("after a restart: %+v", near)
	}
}

func TestRates(t *testing.T) {
	app := desktest.New(t)
	for name, c := range map[string]struct {
		ip   func(i int) string
		want bool
	}{
		"one network":        {func(i int) string { return fmt.Sprintf("203.0.113.%d", i) }, true},
		"many networks":      {func(i int) string { return fmt.Sprintf("198.51.%d.7", i) }, false},
		"one network of v6":  {func(i int) string { return fmt.Sprintf("2001:db8:1:1%02x::1", i) }, true},
		"many networks, v6":  {func(i int) string { return fmt.Sprintf("2001:db8:%x::1", i+16) }, false},
		"behind a bad proxy": {func(int) string { return "10.0.0.1" }, false},
	} {
		openDoor(app, intake.Config{})
		var last *intake.Receipt
		for i := range 31 {
			last = receive(t, app, desktest.Values{"email": fmt.Sprintf("n%d@example.com", i)}, func(r *intake.Request) { r.IP = netip.MustParseAddr(c.ip(i)) })
			app.Clock.Advance(-time.Minute) // as visit moved it
		}
		if got := signals(app, last)["rate_network"]; got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestManyTextsOfOneSender(t *testing.T) {
	app := desktest.New(t)
	send := func(i int) map[string]bool {
		app.Clock.Advance(time.Hour)
		// digits are all the same to the comparison, words are not
		return signals(app, receive(t, app, desktest.Values{"message": fmt.Sprintf("%x%x%x %[1]q of another kind altogether %[2]x", []byte(letter[i:i+9]), []byte(letter[2*i:2*i+30]), []byte(letter[3*i:3*i+9]))}, nil))
	}
	for i := range 10 {
		if s := send(i); s["sender_texts"] {
			t.Errorf("text %d: %v", i+1, s)
		}
	}
	if s := send(9); s["sender_texts"] {
		t.Errorf("a text that came before: %v", s)
	}
	if s := send(10); !s["sender_texts"] {
		t.Errorf("the eleventh text: %v", s)
	}
}

func TestCountries(t *testing.T) {
	app := desktest.New(t)
	file := filepath.Join(t.TempDir(), "geo.mmdb")
	if err := geotest.Write(file, map[netip.Prefix]string{
		netip.MustParsePrefix("203.0.113.0/24"): "TW", netip.MustParsePrefix("198.51.100.0/24"): "DE",
	}); err != nil {
		t.Fatal(err)
	}
	db, err := geo.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	openDoor(app, intake.Config{Geo: db})
	app.Make(desk.BlockRules, desktest.Values{"kind": "country", "value": "DE", "action": "quarantine"})
	for ip, want := range map[string][2]string{
		"203.0.113.7": {"TW", desk.Accepted}, "198.51.100.7": {"DE", desk.Quarantined}, "192.0.2.7": {"", desk.Accepted},
	} {
		r := receive(t, app, nil, func(r *intake.Request) { r.IP = netip.MustParseAddr(ip) })
		v := app.One(desk.Verdicts, desktest.Values{"feedback": r.Feedback.Id})
		if got := [2]string{v.GetString("country"), r.Outcome}; got != want {
			t.Errorf("%s: %v, want %v (%s)", ip, got, want, v.GetString("signals"))
		}
	}
}

func TestPitches(t *testing.T) {
	app := desktest.New(t)
	pitch := desktest.Values{
		"subject": "Partnership proposal",
		"message": "Dear team, I came across your brand and would love to collaborate with your shop on a joint promotion this winter. May I send a short proposal?",
	}
	choose := func(s string) { app.Choose(desktest.Values{"screening": map[string]any{"pitch": s}}) }
	opened := func(v desktest.Values) *desk.Case {
		r := receive(t, app, v, nil)
		if r.Case == nil {
			t.Fatalf("%s: %s", r.Outcome, app.One(desk.Verdicts, desktest.Values{"feedback": r.Feedback.Id}).GetString("signals"))
		}
		if !app.One(desk.Verdicts, desktest.Values{"feedback": r.Feedback.Id}).GetBool("pitch") {
			t.Fatal("no pitch")
		}
		return desk.AsCase(app.Find(desk.Cases, r.Case.Id))
	}
	low := opened(pitch)
	if low.Priority() != "low" || low.Reasons()["priority"] != (desk.Reason{By: "rule", Why: "pitch"}) {
		t.Errorf("by default: %s, %v", low.Priority(), low.Reasons())
	}
	choose("normal")
	normal := opened(pitch)
	if normal.Priority() == "low" || !normal.GetDateTime("first_response_due").Before(low.GetDateTime("first_response_due").Add(48*time.Hour)) {
		t.Errorf("normal: %s", normal.Priority())
	}
	choose("quarantine")
	if r := receive(t, app, pitch, nil); r.Outcome != desk.Quarantined {
		t.Errorf("quarantine: %s", r.Outcome)
	}
	choose("low")
	app.Make(desk.Keywords, desktest.Values{"words": []string{"proposal"}, "effect": "priority", "value": "high", "enabled": true})
	if c := opened(pitch); c.Priority() != "high" {
		t.Errorf("with a keyword: %s", c.Priority())
	}
}

func TestSignalsOff(t *testing.T) {
	app := desktest.New(t)
	poor := func(r *intake.Request) { r.FormToken, r.UserAgent = "", "" }
	if s := signals(app, receive(t, app, nil, poor)); !s["token_missing"] || !s["user_agent_missing"] {
		t.Fatalf("signals %v", s)
	}
	app.Choose(desktest.Values{"screening": map[string]any{"signals_off": []string{"token_missing"}}})
	if s := signals(app, receive(t, app, nil, poor)); s["token_missing"] || !s["user_agent_missing"] {
		t.Errorf("switched off: %v", s)
	}
}

func TestPasted(t *testing.T) {
	app := desktest.New(t)
	for input, want := range map[string]bool{
		"": false, "0,1": true, "0,0": true, "120,0": false, "x": false, "-1,0": false, "0": false, "0,99999999999999999999": false,
	} {
		s := signals(app, receive(t, app, desktest.Values{"message": letter}, func(r *intake.Request) { r.Input = input }))
		if s["pasted"] != want {
			t.Errorf("input %q: %v", input, s)
		}
	}
}

// A page of the shop's own on another site is no stranger, once the form names the site.
func TestSitesOfTheForm(t *testing.T) {
	app := desktest.New(t)
	app.Make(desk.Forms, desktest.Values{"slug": "shop", "texts": map[string]any{}, "enabled": true, "allowed_origins": []string{"https://www.teapots.example"}})
	for origin, want := range map[string]bool{"https://www.teapots.example": false, "https://elsewhere.example": true} {
		form, err := desk.FindForm(app, "shop")
		if err != nil {
			t.Fatal(err)
		}
		s := signals(app, receive(t, app, desktest.Values{"form": "shop", "source": "form"}, func(r *intake.Request) {
			r.Accept, r.Origin, r.SecFetchSite, r.FormToken = "*/*", origin, "cross-site", app.Door.Tokens.Issue(form.ID)
		}))
		if s["headers"] != want {
			t.Errorf("from %s: %v", origin, s)
		}
	}
}
